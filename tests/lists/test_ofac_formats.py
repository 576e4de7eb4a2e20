"""One door for OFAC's formats: which file is which list's, in which format."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tumen.errors import SourceError
from tumen.lists.formats import ofac_formats
from tumen.lists.formats.ofac_common import is_wallet
from tumen.lists.reader import SourceFile
from tumen.lists.registry import published_lists

SHARED = (Path(__file__).resolve().parents[2] / "../shared/data").resolve()
LISTS = ("us_ofac_sdn", "us_ofac_cons", "us_trade_csl", "us_bis_denied")


@pytest.mark.parametrize("list_id", LISTS)
def test_facts_of_the_lists(list_id: str) -> None:
    """The facts are read, and every format that they name has a reader."""
    info = published_lists().get(list_id)
    assert info.guard.min_entries < info.expected.entries[0]
    if list_id.startswith("us_ofac"):
        assert set(info.formats) == set(ofac_formats._FORMATS)


@pytest.mark.parametrize(
    ("name", "list_id", "format_name", "entries"),
    [
        ("CONS_ENHANCED_2025-01-10.xml.gz", "us_ofac_cons", "enhanced_xml", 443),
        ("SDN_ENHANCED_IRGC_subset.xml.gz", "us_ofac_sdn", "enhanced_xml", 293),
        ("cons_advanced_2020-03-17.xml.gz", "us_ofac_cons", "advanced_xml", 375),
        ("consolidated_2025-03-28.xml.gz", "us_ofac_cons", "legacy_xml", 443),
    ],
)
def test_each_format_reaches_its_reader(
    name: str, list_id: str, format_name: str, entries: int
) -> None:
    """A file is claimed by one list in one format, and all its parties become entries."""
    path = SHARED / "ofac/xml" / name
    if not path.exists():
        pytest.skip(f"shared data not here: {path}")
    file = SourceFile(name, gzip.decompress(path.read_bytes()))
    registry = published_lists()
    head = SourceFile(file.name, file.head)
    claims = {
        one: found for one in LISTS if (found := registry.reader(one).recognise(head)) is not None
    }
    assert claims == {list_id: format_name}
    parsed = registry.reader(list_id).parse([file])
    assert len([one for one in parsed.entries if not is_wallet(one)]) == entries
    assert (parsed.list_id, parsed.format) == (list_id, format_name)


def test_same_parties_in_csv_and_xml() -> None:
    """The consolidated list of 2025 says the same of a party in both legacy formats."""
    folder = SHARED / "ofac"
    paths = sorted(folder.glob("legacy_sets/2025-12-19_cons/*.gz"))
    xml = folder / "xml/consolidated_2025-03-28.xml.gz"
    if not paths or not xml.exists():
        pytest.skip(f"shared data not here: {folder}")
    reader = published_lists().reader("us_ofac_cons")
    files = [SourceFile(path.stem, gzip.decompress(path.read_bytes())) for path in paths]
    in_csv = {one.entity.entity_id: one.entity for one in reader.parse(files).entries}
    parsed = reader.parse([SourceFile("consolidated.xml", gzip.decompress(xml.read_bytes()))])
    both = [(one.entity, in_csv[one.entity.entity_id]) for one in parsed.entries
            if one.entity.entity_id in in_csv]  # fmt: skip
    assert len(both) > 430
    for prop in ("name", "birthDate", "nationality", "taxNumber", "registrationNumber", "alias"):
        same = [set(left.get(prop)) == set(right.get(prop)) for left, right in both]
        # Between March and December some entries were amended.
        assert sum(same) >= len(both) * 0.95, prop


def test_unknown_file_is_refused_by_name() -> None:
    """The message says which file, and that all must be of one format."""
    with pytest.raises(SourceError, match=r"notes\.txt \(not this list\)"):
        ofac_formats.parse([SourceFile("notes.txt", b"hello")], "us_ofac_sdn")
