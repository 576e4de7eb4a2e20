"""OFAC's legacy CSV sets: read whole, told apart, refused where they are not whole."""

from __future__ import annotations

import csv
import gzip
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tumen.errors import SourceError
from tumen.lists.formats import ofac_csv
from tumen.lists.formats.ofac_common import is_wallet
from tumen.lists.reader import ParsedList, SourceFile
from tumen.lists.us_ofac_cons import parse as cons
from tumen.lists.us_ofac_sdn import parse as sdn
from tumen.model.listing import NameKind, NameQuality

SHARED = (Path(__file__).resolve().parents[2] / "../shared/data").resolve()

# Invented parties in OFAC's format, byte for byte as it is published.
SDN = (
    b'36,"INVENTED AIRLINES",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    b'101,"KIM, Man","individual","DPRK3] [CYBER2","Deputy Director; General",-0- ,-0- ,-0- ,-0- '
    b",-0- ,-0- ,\"DOB 24 Feb 1968; a.k.a. 'THE FOX'; Linked To: INVENTED AIRLINES.\"\r\n"
    b'102,"INVENTED STAR","vessel","DPRK4",-0- ,"HMZF","General Cargo","8,100","5,800",'
    b'"Democratic People\'s Republic of Korea","INVENTED SHIPPING",'
    b'"Vessel Registration Identification IMO 9000001."\r\n'
    b'103,"P4-INV","aircraft","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    b'"Aircraft Model B737; Aircraft Operator INVENTED AIRLINES."\r\n\x1a'
)
ALT = (
    b'36,12,"aka","INV-AIR",-0- \r\n101,13,"fka","KIM, Old Man",-0- \r\n'
    b'101,14,"nka","KIM, New Man",-0- \r\n\x1a'
)
ADD = (
    b'36,25,"1 Sky Street","Havana","Cuba",-0- \r\n101,26,-0- ,"Pyongyang","Korea, North",-0- \r\n'
    b'102,27,-0- ,-0- ,"undetermined",-0- \r\n\x1a'
)
CONS = (
    b'9639,"INVENTED, Deputy","individual","NS-PLC",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    b'"DOB 1962; HAMAS - Nowhere."\r\n\x1a'
)


def _files(**contents: bytes) -> list[SourceFile]:
    return [SourceFile(f"{name}.csv", data) for name, data in contents.items()]


def _by_uid(parsed: ParsedList, uid: str) -> object:
    return next(one for one in parsed.entries if one.entity.entity_id.endswith(f":{uid}"))


def test_set_is_read_whole() -> None:
    """Names, aliases and addresses of one party meet in one entry."""
    parsed = sdn.parse(_files(sdn=SDN, alt=ALT, add=ADD))
    assert [one.entity.entity_id for one in parsed.entries] == [
        "us_ofac_sdn:36", "us_ofac_sdn:101", "us_ofac_sdn:102", "us_ofac_sdn:103",
    ]  # fmt: skip
    airline, person, vessel, aircraft = parsed.entries
    assert airline.entity.get("alias") == ("INV-AIR",)
    assert airline.entity.get("address") == ("1 Sky Street, Havana, Cuba",)
    assert person.entity.get("name") == ("Man KIM",)
    assert person.entity.get("birthDate") == ("1968-02-24",)
    assert person.entity.get("position") == ("Deputy Director", "General")
    assert person.entity.get("country") == ("kp",)
    assert [one.programme for one in person.designations] == ["DPRK3", "CYBER2"]
    assert person.links[0].target_id == "us_ofac_sdn:36"
    assert (person.file, person.locator) == ("sdn.csv", "line 2")
    assert vessel.entity.get("imoNumber") == ("9000001",)
    assert vessel.entity.get("flag") == ("kp",)
    assert vessel.entity.get("callSign") == ("HMZF",)
    assert vessel.entity.get("tonnage") == ("8100",)
    assert vessel.links[0].target_name == "INVENTED SHIPPING"
    assert aircraft.entity.get("model") == ("B737",)
    assert aircraft.links[0].role == "Aircraft Operator"
    assert (parsed.published_on, parsed.format) == (None, "csv")
    assert not parsed.unknown
    assert parsed.warnings == ()


def test_aliases_have_kind_and_quality() -> None:
    """The alias file holds strong names, the remarks the weak ones; f.k.a. is a former name."""
    person = sdn.parse(_files(sdn=SDN, alt=ALT, add=ADD)).entries[1]
    assert [(one.text, one.kind, one.quality) for one in person.names] == [
        ("Man KIM", NameKind.PRIMARY, NameQuality.UNSTATED),
        ("Old Man KIM", NameKind.FORMER, NameQuality.STRONG),
        ("New Man KIM", NameKind.ALIAS, NameQuality.STRONG),
        ("THE FOX", NameKind.ALIAS, NameQuality.WEAK),
    ]


def test_lists_are_told_apart_by_content() -> None:
    """A consolidated file under the SDN's name is still the consolidated list."""
    file = SourceFile("sdn.csv", CONS)
    assert (sdn.recognise(file), cons.recognise(file)) == (None, "csv")
    file = SourceFile("download", SDN)
    assert (sdn.recognise(file), cons.recognise(file)) == ("csv", None)


@pytest.mark.parametrize(
    ("name", "data", "list_id"),
    [
        ("alt.csv", ALT, "us_ofac_sdn"),
        ("add.csv", ADD, "us_ofac_sdn"),
        ("cons_alt.csv", b'9639,9150,"aka","INVENTED, D.",-0- \r\n\x1a', "us_ofac_cons"),
        ("x.csv", b'9639,9150,"aka","INVENTED, D.",-0- \r\n\x1a', "us_ofac_cons"),
        ("cons_comments.csv", b"17014,\"half; Tax ID No. 1; a.k.a. 'X'.\"\r\n\x1a", "us_ofac_cons"),
        ("sdn_comments.csv", b'12300,"Z S.A.S.; Linked To: INVENTED S.A."\r\n\x1a', "us_ofac_sdn"),
    ],
)
def test_files_of_a_set_are_recognised(name: str, data: bytes, list_id: str) -> None:
    """Files without programmes are told by their lowest uid, then by name."""
    assert ofac_csv.recognise(SourceFile(name, data)) == list_id


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a,b\n1,2\n",
        b"1,2\n3,4\n",
        b"36,12,alias,NAME,-0-\n",
        b"id,name,type,programs,title,a,b,c,d,e,f\n",
        b"\x00\x01\x02",
        b'{"results": []}',
    ],
)
def test_other_tables_are_not_claimed(data: bytes) -> None:
    """Two columns of numbers are nobody's remarks."""
    assert ofac_csv.recognise(SourceFile("some.csv", data)) is None


def test_headers_and_padding_of_resaved_files() -> None:
    """A spreadsheet adds a header and pads the end mark with empty cells."""
    header = b"ent_num,alt_num,alt_type,alt_name,alt_remarks\r\n"
    alt = SourceFile("alt.csv", header + b"36,12,aka,INV-AIR,-0- \r\n\x1a,,,,\r\n")
    parsed = sdn.parse([*_files(sdn=SDN, add=ADD), alt])
    assert parsed.entries[0].entity.get("alias") == ("INV-AIR",)


def test_orphans_are_refused_with_their_uids() -> None:
    """Aliases of parties that are not there show a set of two days, or half of one."""
    alt = ALT.replace(b"101,13", b"999,13")
    with pytest.raises(SourceError, match=r"alt\.csv: 1 uids have no row in sdn\.csv: 999"):
        sdn.parse(_files(sdn=SDN, alt=alt, add=ADD))


def test_primary_file_alone_is_a_warning() -> None:
    """It can be screened, but the user must know that aliases are missing."""
    parsed = sdn.parse(_files(sdn=SDN))
    assert len(parsed.entries) == 4
    assert [one for one in parsed.warnings if "without its alias file" in one]
    assert [one for one in parsed.warnings if "without its address file" in one]


def test_set_without_primary_file_is_refused() -> None:
    """Aliases alone name nobody."""
    with pytest.raises(SourceError, match="without the file of primary names"):
        sdn.parse(_files(alt=ALT, add=ADD))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (SDN[: len(SDN) // 2], "cut short"),
        (SDN.replace(b"102,", b"101,"), "stand twice: 101"),
        (SDN.replace(b'"DPRK4",', b""), "11 columns instead of 12"),
        (SDN + CONS, "two files were joined"),
    ],
)
def test_damaged_primary_file_is_refused(data: bytes, problem: str) -> None:
    """Half a list must never take the place of a whole one."""
    with pytest.raises(SourceError, match=problem):
        ofac_csv.parse([SourceFile("sdn.csv", data)], "us_ofac_sdn")


@settings(deadline=None, max_examples=150)
@given(st.integers(min_value=200, max_value=len(SDN) - 1))
def test_any_cut_is_refused_or_shown(size: int) -> None:
    """Wherever a download stops, it is an error, or at the end of a line a warning."""
    try:
        parsed = ofac_csv.parse([SourceFile("sdn.csv", SDN[:size])], "us_ofac_sdn")
    except SourceError:
        return
    assert any("does not end in 0x1A" in warning for warning in parsed.warnings)
    assert all(one.names for one in parsed.entries)


def test_second_file_of_a_kind_is_refused() -> None:
    """Two days in one set would be mixed."""
    files = [SourceFile("sdn_1.csv", SDN), SourceFile("sdn_2.csv", SDN)]
    with pytest.raises(SourceError, match="A second primary file"):
        sdn.parse(files)


def test_other_lists_files_are_refused() -> None:
    """A set mixed of both lists is of neither."""
    with pytest.raises(SourceError, match="no version of us_ofac_sdn"):
        sdn.parse(_files(sdn=SDN, cons_prim=CONS))


def test_remark_goes_on_in_the_comments_mid_word() -> None:
    """The two halves are joined without a blank, or the last address would be wrong."""
    long = "Gender Male; " * 80
    remark = (long + "Digital Currency Address - XBT 1InventedAddress")[:1000]
    rest = (long + "Digital Currency Address - XBT 1InventedAddress")[1000:]
    row = f'7,"INVENTED","individual","DPRK3",{"-0- ," * 7}"{remark}"\r\n\x1a'.encode()
    comments = f"7,\"{rest}; a.k.a. 'FOX'.\"\r\n8,\"stale; a.k.a. 'OLD'.\"\r\n\x1a".encode()
    whole = ofac_csv.parse(_files(sdn=row, sdn_comments=comments), "us_ofac_sdn")
    assert not whole.unknown
    assert whole.entries[1].entity.get("publicKey") == ("1InventedAddress",)
    assert [one for one in whole.warnings if "not listed: 8" in one]
    alone = ofac_csv.parse(_files(sdn=row), "us_ofac_sdn")
    assert alone.unknown["remark: cut off"] == 1
    assert not any(is_wallet(one) for one in alone.entries)
    assert [one for one in alone.warnings if "end at 1,000 characters" in one]


def test_old_files_in_the_western_code_page_are_read() -> None:
    """Before 2018 a name could hold a byte that is no UTF-8."""
    data = SDN.replace(b"INVENTED STAR", b"INVENTED STA\xd1")
    assert ofac_csv.parse(_files(sdn=data), "us_ofac_sdn").entries[2].entity.caption.endswith("Ñ")


def _shared(pattern: str) -> list[Path]:
    found = sorted(SHARED.glob(pattern))
    if not found:
        pytest.skip(f"shared data not here: {SHARED / pattern}")
    return found


def _read(path: Path) -> SourceFile:
    return SourceFile(path.name.removesuffix(".gz"), gzip.decompress(path.read_bytes()))


def _stated_records() -> dict[str, int]:
    """How many records the index of the shared data counts in each file."""
    rows = _shared("SOURCES.md")[0].read_text("utf-8").splitlines()
    found = (re.match(r"\| (ofac/\S+) \|.*?\| (\d+) records \|", row) for row in rows)
    return {one[1]: int(one[2]) for one in found if one}


# Files that others have changed since: a header counted as a record, a row added by hand
# under the uid of another party, two lists glued together.
_CHANGED = {"alt_2024-09": 18_939, "add_loudringphone": 16_357, "edu777art/sdn": None,
            "photoangell": None}  # fmt: skip


def test_every_published_csv_has_its_records() -> None:
    """All of OFAC's CSV files of 2018 to 2026 are recognised and counted, row by row."""
    stated = _stated_records()
    for path in [*_shared("ofac/sdn_csv/*.gz")[::3], *_shared("ofac/legacy_sets/**/*.gz")]:
        file = _read(path)
        place = str(path.relative_to(SHARED))
        changed = [count for name, count in _CHANGED.items() if name in place]
        kind = ofac_csv.kind_of(file.head)
        assert kind is not None, place
        assert ofac_csv.recognise(file) == (
            "us_ofac_cons" if "cons_" in place else "us_ofac_sdn"
        ), place
        if changed != [None]:
            rows = ofac_csv._read_rows(file, kind)
            assert len(rows) == (changed[0] if changed else stated[place]), place


def test_real_set_is_read_fast_and_understood() -> None:
    """13,821 parties; at least 97 % of what their remarks state is understood."""
    files = [_read(path) for path in _shared("ofac/legacy_sets/2024-01-08/*.gz")]
    started = time.process_time()
    parsed = sdn.parse(files)
    seconds = time.process_time() - started
    parties = [one for one in parsed.entries if not is_wallet(one)]
    assert len(parties) == 13_821
    assert len({one.entity.entity_id for one in parsed.entries}) == len(parsed.entries)
    missed = sum(count for key, count in parsed.unknown.items() if key.startswith("remark: "))
    clauses = sum(one.remarks.count(";") + bool(one.remarks) for one in parties)
    assert clauses > 50_000
    assert missed / clauses < 0.03
    assert seconds < 10, "3 s on a quiet machine"


def test_glued_and_edited_files_are_refused() -> None:
    """What people have made of OFAC's files must not pass for them."""
    (glued,) = _shared("ofac/sdn_csv/sdn_photoangell_2022-11.csv.gz")
    with pytest.raises(SourceError, match="two files were joined"):
        sdn.parse([_read(glued)])
    (edited,) = _shared("ofac/legacy_sets/2021-2022_edu777art/sdn.csv.gz")
    with pytest.raises(SourceError, match="stand twice: 2677"):
        sdn.parse([_read(edited)])


def test_wallets_of_the_real_list_are_those_that_others_found() -> None:
    """Addresses read from remarks against another project's extract of the advanced XML."""
    files = [_read(path) for path in _shared("ofac/legacy_sets/2024-01-08/*.gz")]
    ours = {
        address
        for one in sdn.parse(files).entries
        if is_wallet(one)
        for address in one.entity.get("publicKey")
    }
    theirs = {
        line.strip().lower()
        for path in _shared("crypto/0xB10C_2024-09-27/*.txt")
        for line in path.read_text().splitlines()
    }
    assert len(ours) > 400
    assert len({one for one in ours if one.lower() not in theirs}) <= len(ours) * 0.05


def test_consolidated_set_is_read() -> None:
    """442 parties, each of them under a programme."""
    files = [_read(path) for path in _shared("ofac/legacy_sets/2025-12-19_cons/*.gz")]
    parsed = cons.parse(files)
    assert len(parsed.entries) == 442
    assert all(one.designations for one in parsed.entries)
    assert parsed.unknown.total() <= 2
    with gzip.open(_shared("ofac/legacy_sets/2025-12-19_cons/cons_alt.csv.gz")[0], "rt") as text:
        names = {row[3] for row in csv.reader(text) if len(row) == 5}
    raws = {one.raw or one.value for entry in parsed.entries for one in entry.fields}
    assert {name for name in names if name not in raws} == set()
