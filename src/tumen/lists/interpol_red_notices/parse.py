"""Reads FollowTheMoney files of the dataset `interpol_red_notices`."""

from tumen.lists.ftm.parse import reader_for

recognise, parse = reader_for("interpol_red_notices")
