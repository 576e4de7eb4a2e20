"""A builder of OFAC entries for tests."""

from __future__ import annotations

from collections import Counter

from tumen.lists.formats.ofac_common import OfacEntryBuilder


def make_builder(ofac_type: str = "individual", uid: str = "7") -> OfacEntryBuilder:
    """A builder as a reader makes it, with its own count of unknown values."""
    return OfacEntryBuilder(
        "us_ofac_sdn", uid, ofac_type, file="sdn.csv", locator="line 1", unknown=Counter()
    )
