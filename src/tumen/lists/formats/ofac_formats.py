"""OFAC's four formats behind one door, for the SDN list and the consolidated list alike."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

from tumen.errors import SourceError
from tumen.lists.formats import ofac_advanced, ofac_csv, ofac_enhanced, ofac_legacy_xml
from tumen.lists.reader import ParsedList, SourceFile

_FORMATS: dict[str, ModuleType] = {
    "advanced_xml": ofac_advanced,
    "enhanced_xml": ofac_enhanced,
    "legacy_xml": ofac_legacy_xml,
    "csv": ofac_csv,
}


def recognise(file: SourceFile, list_id: str) -> str | None:
    """The format's name where `file` is a publication of the list `list_id`, else None."""
    for name, reader in _FORMATS.items():
        if reader.recognise(file) == list_id:
            return name
    return None


def parse(files: Sequence[SourceFile], list_id: str) -> ParsedList:
    """Read files of one format that belong together.

    Raises SourceError where they are of several formats, or of another list of OFAC's.
    """
    names = {file.name: recognise(file, list_id) for file in files}
    formats = set(names.values())
    if len(formats) != 1 or None in formats:
        shown = ", ".join(f"{name} ({found or 'not this list'})" for name, found in names.items())
        raise SourceError(
            f"These files are no version of {list_id}",
            where=shown,
            mend="Give all files of one format of one day",
        )
    (name,) = formats
    found: ParsedList = _FORMATS[str(name)].parse(files, list_id)
    return found
