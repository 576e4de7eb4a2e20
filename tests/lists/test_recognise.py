"""Files are known by content, put together by version, and never passed over in silence."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_list import toy_csv, toy_json, toy_registry, write

from tumen.errors import RequestError, SourceError
from tumen.lists.bundle import Bundle, Limits, PackedFile, content_hash
from tumen.lists.reader import SourceFile
from tumen.lists.recognise import Recognition, recognise


def found(*paths: Path) -> Recognition:
    """What a registry with the toy list alone sees."""
    return recognise(paths, toy_registry())


def names(recognition: Recognition) -> list[list[str]]:
    """The file names of each bundle."""
    return [[file.name for file in bundle.files] for bundle in recognition.bundles]


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["toy.json", "export.dat", "misleading.csv", "no_ending"])
def test_content_decides_not_the_name(tmp_path: Path, name: str) -> None:
    """A renamed download is still that list."""
    recognition = found(write(tmp_path / name, toy_json(3)))
    (bundle,) = recognition.bundles
    assert (bundle.list_id, bundle.format) == ("toy", "json")
    assert recognition.unrecognised == ()


def test_packed_files_are_unpacked(tmp_path: Path) -> None:
    """Plain, gzip, zip, gzip in zip, and gzip under a plain name give the same bytes."""
    data = toy_json(3)
    paths = [
        write(tmp_path / "a/toy.json", data),
        write(tmp_path / "b/toy.json.gz", gzip.compress(data)),
        write(tmp_path / "c/toy.zip", zipped({"deep/toy.json": data})),
        write(tmp_path / "d/toy.zip", zipped({"toy.json.gz": gzip.compress(data)})),
        write(tmp_path / "e/toy.json", gzip.compress(data)),
    ]
    recognition = found(*paths)
    assert names(recognition) == [["toy.json"]] * 5
    assert {content_hash(bundle.read()) for bundle in recognition.bundles} == {
        sha256(data).hexdigest()
    }


def test_a_set_in_one_folder_is_one_version(tmp_path: Path) -> None:
    """Names and aliases of one day belong together, also out of an archive."""
    write(tmp_path / "a/toy.csv", toy_csv(3))
    write(tmp_path / "a/toy_alias.csv.gz", gzip.compress(toy_csv(3, "alias")))
    members = {"toy.csv": toy_csv(4), "toy_alias.csv": toy_csv(4, "alias")}
    write(tmp_path / "b/toy.zip", zipped(members))
    assert names(found(tmp_path)) == [["toy.csv", "toy_alias.csv"]] * 2


def test_the_same_file_in_two_folders_is_two_versions(tmp_path: Path) -> None:
    """Downloads of two days are not mixed."""
    write(tmp_path / "2026-01/toy.csv", toy_csv(3))
    write(tmp_path / "2026-02/toy.csv", toy_csv(4))
    assert names(found(tmp_path)) == [["toy.csv"], ["toy.csv"]]


def test_files_of_two_days_in_one_folder_are_two_versions(tmp_path: Path) -> None:
    """The day in the name tells versions apart, and the oldest is loaded first."""
    for day in ("2026-02-01", "2026-01-01"):
        write(tmp_path / f"toy_{day}.csv", toy_csv(3))
        write(tmp_path / f"toy_alias_{day}.csv", toy_csv(3, "alias"))
    assert names(found(tmp_path)) == [
        ["toy_2026-01-01.csv", "toy_alias_2026-01-01.csv"],
        ["toy_2026-02-01.csv", "toy_alias_2026-02-01.csv"],
    ]


def test_files_without_a_day_join_the_only_day(tmp_path: Path) -> None:
    """A dated main file with an undated companion is one version; with two days it is not."""
    write(tmp_path / "toy_2026-01-01.csv", toy_csv(3))
    write(tmp_path / "toy_alias.csv", toy_csv(3, "alias"))
    assert len(found(tmp_path).bundles) == 1
    write(tmp_path / "toy_2026-02-01.csv", toy_csv(3))
    assert len(found(tmp_path).bundles) == 3


def test_formats_of_one_file_never_join(tmp_path: Path) -> None:
    """Two whole files in one folder are two versions."""
    write(tmp_path / "one.json", toy_json(3))
    write(tmp_path / "two.json", toy_json(4))
    assert names(found(tmp_path)) == [["one.json"], ["two.json"]]


def test_the_best_format_is_loaded_last(tmp_path: Path) -> None:
    """Of one day's formats, the first in list.yml stays current."""
    write(tmp_path / "a.json", toy_json(3))
    write(tmp_path / "b.csv", toy_csv(3))
    assert [bundle.format for bundle in found(tmp_path).bundles] == ["csv", "json"]


def test_what_nobody_knows_is_reported(tmp_path: Path) -> None:
    """Name and first bytes are shown, control characters made visible."""
    write(tmp_path / "customers.csv", b"\x1bname,born\nKim,1965\n")
    write(tmp_path / "empty.xml", b"")
    write(tmp_path / "toy.json", toy_json(3))
    recognition = found(tmp_path)
    assert len(recognition.bundles) == 1
    customers, empty = recognition.unrecognised
    assert customers.place == str(tmp_path / "customers.csv")
    assert "\\x1bname,born" in customers.problem
    assert "empty" in empty.problem


def test_a_stranger_in_an_archive_is_reported(tmp_path: Path) -> None:
    """Members of archives count like files; macOS's shadow copies do not."""
    members = {"toy.json": toy_json(3), "readme.txt": b"hello", "__MACOSX/._toy.json": b"x"}
    recognition = found(write(tmp_path / "toy.zip", zipped(members)))
    assert names(recognition) == [["toy.json"]]
    assert [file.place for file in recognition.unrecognised] == [
        str(tmp_path / "toy.zip/readme.txt")
    ]


def test_a_file_that_two_lists_claim_is_loaded_as_neither(tmp_path: Path) -> None:
    """Guessing between lists would put parties under the wrong authority."""
    path = write(tmp_path / "toy.json", toy_json(3))
    recognition = recognise([path], toy_registry("toy_a", "toy_b"))
    assert recognition.bundles == ()
    assert "toy_a (json) and toy_b (json)" in recognition.unrecognised[0].problem


def test_hidden_files_are_named_apart(tmp_path: Path) -> None:
    """Our own notes and the system's litter are no faults, but not unseen either."""
    write(tmp_path / ".DS_Store", b"x")
    write(tmp_path / "toy.json", toy_json(3))
    recognition = found(tmp_path)
    assert recognition.hidden == (str(tmp_path / ".DS_Store"),)
    assert recognition.unrecognised == ()


def test_a_path_given_twice_is_read_once(tmp_path: Path) -> None:
    """A folder and a file in it overlap."""
    path = write(tmp_path / "toy.json", toy_json(3))
    assert len(found(tmp_path, path, path).bundles) == 1


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A mistyped path must not look like an empty folder."""
    with pytest.raises(RequestError, match="nothing_here"):
        found(tmp_path / "nothing_here")


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08broken", b"PK\x03\x04broken"])
def test_a_damaged_archive_is_reported(tmp_path: Path, data: bytes) -> None:
    """Damage stops this file alone."""
    write(tmp_path / "bad.bin", data)
    write(tmp_path / "toy.json", toy_json(3))
    recognition = found(tmp_path)
    assert len(recognition.bundles) == 1
    assert "cannot be read" in recognition.unrecognised[0].problem
    assert "bad.bin" in recognition.unrecognised[0].problem


def test_a_locked_archive_is_reported(tmp_path: Path) -> None:
    """An encrypted member is no list, and no crash."""
    data = bytearray(zipped({"toy.json": toy_json(3)}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    recognition = found(write(tmp_path / "toy.zip", bytes(data)))
    assert "password" in recognition.unrecognised[0].problem


@pytest.mark.parametrize("keep", [0.5, 0.99])
def test_a_cut_gzip_file_is_refused_when_read(tmp_path: Path, keep: float) -> None:
    """Its head is fine; that it ends too early shows when it is read whole."""
    packed = gzip.compress(toy_json(20_000))
    path = write(tmp_path / "toy.json.gz", packed[: int(len(packed) * keep)])
    (bundle,) = found(path).bundles
    with pytest.raises(SourceError, match="Fetch it again"):
        bundle.read()


def test_bombs_are_refused_while_they_unpack(tmp_path: Path) -> None:
    """Neither gzip nor zip may fill the memory."""
    bomb = toy_json(1) + b" " * (30 << 20)
    paths = [
        write(tmp_path / "a.gz", gzip.compress(bomb)),
        write(tmp_path / "b.zip", zipped({"toy.json": bomb})),
        write(tmp_path / "c.zip", zipped({"toy.json.gz": gzip.compress(bomb)})),
    ]
    bundles = found(*paths).bundles
    assert len(bundles) == 3
    for bundle in bundles:
        with pytest.raises(SourceError, match="unpacks to more than"):
            bundle.read()


def test_the_size_limit_counts_for_the_whole_bundle(tmp_path: Path) -> None:
    """Many files that are each small enough are refused together."""
    for name in ("toy.csv", "toy_alias.csv"):
        write(tmp_path / name, toy_csv(100))
    limits = Limits(unpacked_bytes=len(toy_csv(100)) + 10)
    (bundle,) = recognise([tmp_path], toy_registry(), limits).bundles
    with pytest.raises(SourceError, match="unpacks to more than"):
        bundle.read()


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("sdn_2024-05-03.csv.gz", date(2024, 5, 3)),
        ("20171012-FULL.xml", date(2017, 10, 12)),
        ("un_2025_04_19.xml", date(2025, 4, 19)),
        ("sdn.csv", None),
        ("32014R0833.csv", None),
        ("sdn_2022-11.csv", None),
        ("sdn_2024-13-45.csv", None),
        ("id_120240503.csv", None),
        ("sdn_2024-0503.csv", None),
    ],
)
def test_the_day_in_a_name(name: str, day: date | None) -> None:
    """A day is read only where it is certainly one."""
    assert PackedFile(Path("/somewhere/2001-01-01") / name).named_date == day


def test_the_hash_of_one_file_is_its_sha256() -> None:
    """Anyone can check a version with `sha256sum`."""
    assert content_hash([SourceFile("a", b"list")]) == sha256(b"list").hexdigest()


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=4), st.randoms())
def test_the_hash_knows_content_alone(contents: list[bytes], random: object) -> None:
    """Names and order of files play no part; the bytes do."""
    files = [SourceFile(f"f{n}", data) for n, data in enumerate(contents)]
    shuffled = [SourceFile("other", data) for data in reversed(contents)]
    assert content_hash(files) == content_hash(shuffled)
    changed = [SourceFile("f", contents[0] + b"!"), *files[1:]]
    assert content_hash(files) != content_hash(changed)


def test_a_bundle_says_where_it_lies(tmp_path: Path) -> None:
    """Messages lead to the file."""
    one = PackedFile(tmp_path / "toy.csv.gz")
    two = PackedFile(tmp_path / "toy.zip", "a/toy_alias.csv")
    assert Bundle("toy", "csv", (one,)).place == str(tmp_path / "toy.csv.gz")
    assert Bundle("toy", "csv", (one, two)).place == f"{tmp_path} (toy.csv, toy_alias.csv)"
    assert two.folder == str(tmp_path / "toy.zip/a")
