"""Reads FollowTheMoney files of the dataset `ua_war_sanctions`."""

from tumen.lists.ftm.parse import reader_for

recognise, parse = reader_for("ua_war_sanctions")
