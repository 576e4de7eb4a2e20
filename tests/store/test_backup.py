"""Backup and restore: one file, either database, verified before anything is replaced."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import URL, text
from stored_things import NOW, a_book, a_deed, a_delivery, a_hit, a_party, a_run, an_event, later
from test_store import a_version, an_entry

from databases import DIALECTS, postgres_url
from tumen.errors import RequestError, SourceError, TumenError
from tumen.model.briefing import Briefing, BriefingState, BriefingText
from tumen.model.desk import DeskSettings
from tumen.model.screening import Screening
from tumen.store import Store, restore
from tumen.store.columns import metadata
from tumen.store.engine import create, writing
from tumen.store.migrations import LATEST, make_tables


def fill(url: str) -> None:
    """A store with something in many tables."""
    with Store.open(url) as store:
        store.add_version(a_version(3), [an_entry(number) for number in range(3)])
        with store.writing() as work:
            work.books.add_version(a_book(2), [a_party(1), a_party(2, "김 'x' \\ \"y\"\n\t")])
            work.basis.add("h", bytes(range(256)), NOW)
            work.basis.set_current("h", NOW)
            work.screenings.add(a_run())
            work.screenings.add_outcomes("S1", [Screening("P1", "Kim")])
            work.hits.replace([], [a_hit(), a_hit(2)], NOW)
            work.hits.replace([a_hit()], [a_hit(note="changed")], later(1))
            work.outbox.add_events([an_event()], [a_delivery()])
            work.desk.put(DeskSettings(name="Night desk"), "dora", NOW)
            text_of = BriefingText("Coal", "Look", "They met", topics=("shipping",))
            work.briefings.add(
                Briefing("b-1", 1, "coal", BriefingState.DRAFT, text_of, NOW, "anna")
            )
            for number in range(1, 5):
                work.audit.append(a_deed(number))


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    found = {}
    with Store.open(url) as store, store.reading() as work:
        assert work.audit.verify() == []
        for name, table in metadata.tables.items():
            rows = work._connection.execute(table.select().order_by(*table.primary_key.columns))
            found[name] = [tuple(row) for row in rows]
    return found


@pytest.fixture
def backed_up(store_url: str, tmp_path: Path) -> Path:
    """A backup of a filled store of each kind."""
    fill(store_url)
    return backup(store_url, tmp_path / "backup.tumen")


def backup(url: str, path: Path) -> Path:
    """Back a store up."""
    with Store.open(url) as store:
        store.back_up(path, later(100))
    return path


@pytest.fixture(params=DIALECTS)
def other_url(request: pytest.FixtureRequest, tmp_path: Path, postgres: URL) -> Iterator[str]:
    """A second store that is not there yet, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/other/tumen.db"
    else:
        with postgres_url(postgres) as url:
            yield url


def test_every_row_comes_back_in_either_database(
    store_url: str, other_url: str, backed_up: Path
) -> None:
    """From SQLite to PostgreSQL and the other way round, and into itself."""
    done = restore(other_url, backed_up, later(200))
    assert done.kept_aside == ""
    assert contents(other_url) == contents(store_url)
    assert done.manifest.rows == sum(map(len, contents(store_url).values()))
    assert (done.manifest.audit_sequence, done.manifest.made_at) == (4, later(100))


def test_a_restored_store_goes_on(other_url: str, backed_up: Path) -> None:
    """Numbers continue, the chain continues, and the guards are in place again."""
    restore(other_url, backed_up, later(200))
    with Store.open(other_url) as store:
        store.add_version(a_version(1, "b"), [an_entry(9)])
        with store.writing() as work:
            work.audit.append(a_deed(5))
            work.hits.replace([a_hit(2)], [], later(300))
            assert work.audit.verify() == []
        with pytest.raises(TumenError, match="append-only"), store.writing() as work:
            work._connection.execute(text("DELETE FROM audit_record"))


def test_a_backup_is_the_same_from_either_database(
    store_url: str, other_url: str, backed_up: Path, tmp_path: Path
) -> None:
    """The file does not depend on where it came from."""
    restore(other_url, backed_up, later(200))
    again = backup(other_url, tmp_path / "again.tumen")
    with zipfile.ZipFile(backed_up) as one, zipfile.ZipFile(again) as other:
        assert {name: one.read(name) for name in one.namelist()} == {
            name: other.read(name) for name in other.namelist()
        }


def test_others_write_while_a_backup_is_made(store_url: str, tmp_path: Path) -> None:
    """The backup is the state of one instant; nobody waits for it."""
    fill(store_url)
    done = threading.Event()

    def write() -> None:
        with Store.open(store_url) as store:
            number = 10
            while not done.is_set():
                with store.writing() as work:
                    work.audit.append(a_deed(number))
                    work.outbox.add_events([an_event(number)], [a_delivery(number)])
                number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        files = [backup(store_url, tmp_path / f"{number}.tumen") for number in range(3)]
    finally:
        done.set()
        thread.join()
    for file in files:
        target = f"sqlite:///{tmp_path}/{file.stem}.db"
        restore(target, file, later(200))
        found = contents(target)
        assert len(found["event"]) == len(found["delivery"]) == len(found["audit_record"]) - 3


def test_a_store_that_is_there_is_not_replaced_unasked(
    store_url: str, other_url: str, backed_up: Path
) -> None:
    """A slip in the URL must not cost the other store."""
    with Store.open(other_url) as store, store.writing() as work:
        work.audit.append(a_deed(7))
    before = contents(other_url)
    with pytest.raises(RequestError, match="--force"):
        restore(other_url, backed_up, later(200))
    assert contents(other_url) == before


def test_an_empty_store_is_replaced_without_asking(other_url: str, backed_up: Path) -> None:
    """Opening a store makes its tables; there is nothing to lose in them."""
    Store.open(other_url).close()
    assert restore(other_url, backed_up, later(200)).kept_aside == ""
    assert len(contents(other_url)["audit_record"]) == 4


def test_the_old_store_is_kept_aside(other_url: str, backed_up: Path, postgres: URL) -> None:
    """Whoever restores in a hurry can go back."""
    with Store.open(other_url) as store, store.writing() as work:
        work.audit.append(a_deed(7))
    before = contents(other_url)
    done = restore(other_url, backed_up, later(200), is_forced=True)
    assert len(contents(other_url)["audit_record"]) == 4
    if done.kept_aside.startswith("schema "):
        schema = done.kept_aside.removeprefix("schema ")
        aside = postgres.set(query={**postgres.query, "options": f"-csearch_path={schema}"})
        aside_url = aside.render_as_string(hide_password=False)
    else:
        aside_url = f"sqlite:///{done.kept_aside}"
    assert contents(aside_url) == before
    with pytest.raises(RequestError):
        restore(other_url, backed_up, later(200), is_forced=True)
    assert restore(other_url, backed_up, later(201), is_forced=True).kept_aside


def test_nothing_is_left_beside_the_store(tmp_path: Path) -> None:
    """Neither the new file under another name nor parts of the backup."""
    url = f"sqlite:///{tmp_path}/tumen.db"
    fill(url)
    file = backup(url, tmp_path / "b.tumen")
    restore(url, file, NOW, is_forced=True)
    assert {path.name for path in tmp_path.iterdir()} == {
        "tumen.db",
        "b.tumen",
        "tumen.db.before-restore-20260301T123015Z",
    }


def test_a_store_in_use_is_not_replaced(tmp_path: Path) -> None:
    """Whoever has the file open would go on writing into the old one."""
    url = f"sqlite:///{tmp_path}/tumen.db"
    fill(url)
    file = backup(url, tmp_path / "b.tumen")
    with Store.open(url) as busy:
        with pytest.raises(RequestError, match=r"is in use: stop"):
            restore(url, file, NOW, is_forced=True)
        assert busy.current_versions()
    assert len(contents(url)["audit_record"]) == 4


def test_a_damaged_store_can_be_replaced(tmp_path: Path) -> None:
    """That is what backups are for; the ruin is kept aside for whoever wants to look."""
    url, path = f"sqlite:///{tmp_path}/tumen.db", tmp_path / "tumen.db"
    fill(url)
    file = backup(url, tmp_path / "b.tumen")
    path.write_bytes(b"ruined" + path.read_bytes()[6:])
    with pytest.raises(RequestError, match="--force"):
        restore(url, file, NOW)
    done = restore(url, file, NOW, is_forced=True)
    assert Path(done.kept_aside).read_bytes().startswith(b"ruined")
    assert len(contents(url)["audit_record"]) == 4


def test_a_database_of_another_program_is_not_replaced_unasked(
    tmp_path: Path, backed_up: Path
) -> None:
    """It is no store, but it is not nothing."""
    path = tmp_path / "mail.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mail (subject TEXT)")
    with pytest.raises(RequestError, match="--force"):
        restore(f"sqlite:///{path}", backed_up, NOW)


def test_tables_of_others_in_the_same_schema_stay(postgres: URL, backed_up: Path) -> None:
    """A PostgreSQL schema may be shared; a restore moves only what is ours."""
    with postgres_url(postgres) as url:
        engine = create(url)
        with writing(engine) as connection:
            connection.execute(text("CREATE TABLE mail (subject TEXT)"))
        for number in (1, 2):
            restore(url, backed_up, later(number), is_forced=number > 1)
        with writing(engine) as connection:
            connection.execute(text("INSERT INTO mail VALUES ('still there')"))
        engine.dispose()


def test_a_backup_of_an_older_schema_is_brought_up_to_date(
    store_url: str, other_url: str, tmp_path: Path
) -> None:
    """A backup is good for years, whatever tables have come since."""
    fill(store_url)
    file = backup(store_url, tmp_path / "b.tumen")
    old = tmp_path / "old.tumen"
    older(file, old, schema=1, tables=("list_version", "entry_content", "list_entry"))
    with pytest.raises(SourceError, match="list_current"):
        restore(other_url, old, NOW)
    older(
        file,
        old,
        schema=1,
        tables=("list_version", "entry_content", "list_entry", "list_current"),
    )
    restore(other_url, old, NOW)
    with Store.open(other_url) as store:
        assert len(list(store.entries("toy@aaaaaaaaaaaa"))) == 3
        with store.writing() as work:
            work.audit.append(a_deed())


def older(file: Path, to: Path, *, schema: int, tables: tuple[str, ...]) -> None:
    """The backup that an older tumen would have made."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(to, "w") as target:
        manifest = json.loads(source.read("manifest.json"))
        manifest["schema"] = schema
        manifest["audit_sequence"], manifest["audit_hash"] = 0, "0" * 64
        manifest["tables"] = [one for one in manifest["tables"] if one["name"] in tables]
        for name in tables:
            target.writestr(f"{name}.jsonl", source.read(f"{name}.jsonl"))
        target.writestr("manifest.json", json.dumps(manifest))


def test_a_backup_of_a_newer_tumen_is_refused(backed_up: Path, tmp_path: Path) -> None:
    """Its tables would have to be guessed."""
    newer = tmp_path / "newer.tumen"
    older(backed_up, newer, schema=LATEST + 1, tables=tuple(metadata.tables))
    with pytest.raises(RequestError, match="newer tumen"):
        restore(f"sqlite:///{tmp_path}/other.db", newer, NOW)


@dataclass
class Spoiled:
    """A way to spoil a backup, and what the refusal says."""

    name: str
    problem: str

    def __call__(self, manifest: dict, members: dict[str, bytes]) -> None:
        """Change the manifest or the members in place."""
        table = next(t for t in manifest["tables"] if t["name"] == "audit_record")
        lines = members["audit_record.jsonl"].splitlines(keepends=True)
        if self.name == "row removed":
            members["audit_record.jsonl"] = b"".join(lines[:-1])
        elif self.name == "row changed":
            members["audit_record.jsonl"] = members["audit_record.jsonl"].replace(b"ana", b"eve")
        elif self.name == "table removed":
            del members["audit_record.jsonl"]
        elif self.name == "table left out":
            manifest["tables"].remove(table)
        elif self.name == "unknown column":
            table["columns"][1] = 'x"; DROP TABLE audit_record; --'
        elif self.name == "unknown table":
            manifest["tables"].append({**table, "name": "sqlite_master", "rows": 0})
            members["sqlite_master.jsonl"] = members["audit_record.jsonl"]
        elif self.name == "form":
            manifest["format"] = 99
        elif self.name == "no number":
            del manifest["schema"]


SPOILED = [
    Spoiled("row removed", "not as it was written"),
    Spoiled("row changed", "not as it was written"),
    Spoiled("table removed", "damaged"),
    Spoiled("table left out", "Other tables .* audit_record"),
    Spoiled("unknown column", "Other tables .* audit_record"),
    Spoiled("unknown table", "not as it was written"),
    Spoiled("form", "form 99"),
    Spoiled("no number", "damaged"),
]


def rewritten(file: Path, spoil: Spoiled) -> None:
    """Write a backup anew with something spoiled in it."""
    with zipfile.ZipFile(file) as source:
        members = {name: source.read(name) for name in source.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    spoil(manifest, members)
    with zipfile.ZipFile(file, "w") as target:
        for name, data in members.items():
            target.writestr(name, data)
        target.writestr("manifest.json", json.dumps(manifest))


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.name)
def test_a_spoiled_backup_is_refused(other_url: str, tmp_path: Path, spoil: Spoiled) -> None:
    """It names the file and what is wrong, and the store that was there stays."""
    source = f"sqlite:///{tmp_path}/source.db"
    fill(source)
    file = backup(source, tmp_path / "b.tumen")
    rewritten(file, spoil)
    fill(other_url)
    before = contents(other_url)
    with pytest.raises(SourceError, match=spoil.problem) as caught:
        restore(other_url, file, NOW, is_forced=True)
    assert "b.tumen" in str(caught.value)
    assert contents(other_url) == before


def test_a_log_that_was_spoiled_before_packing_is_found(other_url: str, tmp_path: Path) -> None:
    """Hashes of the table that agree do not help: the chain is verified too."""
    source = f"sqlite:///{tmp_path}/source.db"
    fill(source)
    with closing(sqlite3.connect(tmp_path / "source.db", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER audit_record_update")
        connection.execute("UPDATE audit_record SET actor = 'eve' WHERE sequence = 2")
    with Store.open(source) as store:
        manifest = store.back_up(tmp_path / "b.tumen", NOW)
    assert manifest.audit_problems == ("Record 2 was changed",)
    with pytest.raises(SourceError, match=r"Record 2 was changed.*--force"):
        restore(other_url, tmp_path / "b.tumen", NOW)
    restore(other_url, tmp_path / "b.tumen", NOW, is_forced=True)
    with Store.open(other_url) as store, store.reading() as work:
        assert work.audit.verify() == ["Record 2 was changed"]


def test_a_log_without_its_head_is_backed_up_all_the_same(tmp_path: Path) -> None:
    """What is left is all the more worth keeping; the error names a few of many faults."""
    url = f"sqlite:///{tmp_path}/source.db"
    fill(url)
    with closing(sqlite3.connect(tmp_path / "source.db", isolation_level=None)) as connection:
        for trigger in ("audit_head_delete", "audit_record_update"):
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE audit_record SET actor = 'eve', hash = 'x'")
        connection.execute("DELETE FROM audit_head")
    file = backup(url, tmp_path / "b.tumen")
    with pytest.raises(SourceError, match=r"Record 1 was changed; .* and 3 more"):
        restore(f"sqlite:///{tmp_path}/other.db", file, NOW)
    assert restore(f"sqlite:///{tmp_path}/other.db", file, NOW, is_forced=True)


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    """A list, a folder, nothing at all."""
    target = f"sqlite:///{tmp_path}/tumen.db"
    (tmp_path / "list.csv").write_bytes(b"36,AEROCARIBBEAN AIRLINES\r\n" * 100)
    with zipfile.ZipFile(tmp_path / "list.zip", "w") as archive:
        archive.writestr("sdn.csv", "36,AEROCARIBBEAN AIRLINES")
    for name, problem in (
        ("list.csv", "no backup"),
        ("list.zip", "no backup"),
        ("none", "no such file"),
        ("", "cannot be read"),
    ):
        with pytest.raises(SourceError, match=problem):
            restore(target, tmp_path / name, NOW)
    assert not (tmp_path / "tumen.db").exists()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a good backup."""
    folder = tmp_path_factory.mktemp("good")
    fill(f"sqlite:///{folder}/tumen.db")
    return backup(f"sqlite:///{folder}/tumen.db", folder / "b.tumen").read_bytes()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
def test_damaged_bytes_never_become_another_store(
    good: bytes, tmp_path: Path, data: st.DataObject
) -> None:
    """Cut off, flipped, doubled: refused in words, or the same store none the less."""
    place = data.draw(st.integers(0, len(good) - 1))
    kind = data.draw(st.sampled_from(["cut", "flip", "drop"]))
    spoiled = {
        "cut": good[:place],
        "flip": good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :],
        "drop": good[:place] + good[place + 10 :],
    }[kind]
    file, target = tmp_path / "b.tumen", tmp_path / "restored.db"
    file.write_bytes(spoiled)
    target.unlink(missing_ok=True)
    with suppress(TumenError):
        restore(f"sqlite:///{target}", file, NOW)
    if target.exists():
        assert len(contents(f"sqlite:///{target}")["audit_record"]) == 4


def test_only_its_owner_may_read_a_backup(backed_up: Path) -> None:
    """The secrets of webhooks and the hashes of passwords are in it."""
    assert backed_up.stat().st_mode & 0o777 == 0o600


KILLED = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from tumen.store import backup

def wait(*_: object, **__: object) -> None:
    print("filled", flush=True)
    time.sleep(60)

backup._verify = wait
backup.restore(sys.argv[1], Path(sys.argv[2]), datetime.now(UTC), is_forced=True)
"""


def test_a_restore_that_is_killed_leaves_the_old_store(other_url: str, backed_up: Path) -> None:
    """Power loss at the worst moment: the old store is whole, and the next try succeeds."""
    with Store.open(other_url) as store, store.writing() as work:
        work.audit.append(a_deed(7))
    before = contents(other_url)
    command = [sys.executable, "-c", KILLED, other_url, str(backed_up)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "filled\n"
        process.kill()
        process.wait(timeout=30)
    assert contents(other_url) == before
    assert restore(other_url, backed_up, NOW, is_forced=True).kept_aside
    assert len(contents(other_url)["audit_record"]) == 4


def test_a_backup_that_cannot_be_written_leaves_the_last_one(tmp_path: Path) -> None:
    """A full or missing folder costs the new backup, never the old one."""
    url = f"sqlite:///{tmp_path}/tumen.db"
    fill(url)
    with Store.open(url) as store, pytest.raises(RequestError, match="cannot be written"):
        store.back_up(tmp_path / "nowhere/b.tumen", NOW)
    file = backup(url, tmp_path / "b.tumen")
    before = file.read_bytes()
    (tmp_path / "b.tumen.part").mkdir()
    with Store.open(url) as store, pytest.raises(RequestError, match="cannot be written"):
        store.back_up(file, NOW)
    assert file.read_bytes() == before


def test_a_full_disk_while_writing_leaves_the_last_one(tmp_path: Path) -> None:
    """/dev/full takes nothing: what a write to a full disk says, here for real."""
    url = f"sqlite:///{tmp_path}/tumen.db"
    fill(url)
    (tmp_path / "b.tumen.part").symlink_to("/dev/full")
    with Store.open(url) as store, pytest.raises(RequestError, match="No space left"):
        store.back_up(tmp_path / "b.tumen", NOW)
    assert not (tmp_path / "b.tumen").exists()
    assert Path("/dev/full").exists()


def test_an_older_store_can_be_replaced(other_url: str, backed_up: Path) -> None:
    """A store that was never upgraded is moved aside like any other."""
    engine = create(other_url)
    with writing(engine) as connection:
        make_tables(connection, 0, 1)
        connection.execute(text("INSERT INTO entry_content VALUES ('h', 'Person', 'Kim', '{}')"))
    engine.dispose()
    with pytest.raises(RequestError, match="--force"):
        restore(other_url, backed_up, NOW)
    assert restore(other_url, backed_up, NOW, is_forced=True).kept_aside
    assert len(contents(other_url)["audit_record"]) == 4
