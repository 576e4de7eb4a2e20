"""Entities in FollowTheMoney form, as OpenSanctions and others export them."""
