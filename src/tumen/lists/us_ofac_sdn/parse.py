"""The reader of this list; its formats are read in `lists/formats`."""

from __future__ import annotations

from collections.abc import Sequence

from tumen.lists.formats import ofac_formats
from tumen.lists.reader import ParsedList, SourceFile

LIST_ID = "us_ofac_sdn"


def recognise(file: SourceFile) -> str | None:
    """The format's name where `file` is this list, told from OFAC's other one by content."""
    return ofac_formats.recognise(file, LIST_ID)


def parse(files: Sequence[SourceFile]) -> ParsedList:
    """All entries in the files of one version. Raises SourceError where they are not whole."""
    return ofac_formats.parse(files, LIST_ID)
