"""A store with a screened book, cases of its hits and people, for the commands on cases."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from tumen.cli.main import main
from tumen.model.access import Role
from tumen.service.access import accounts
from tumen.service.access.passwords import Passwords
from tumen.store import Store
from watched_book import entry, load

PASSWORD = "correct horse battery"
SENTENCE = "Born in 1955; our partner was born in 1980 and has another passport"
PEOPLE = {"anna": Role.ANALYST, "carl": Role.APPROVER, "dora": Role.ADMINISTRATOR}
BOOK = "id,name,country,birth date\n1,Ivan Petrov,ru,1980-05-06\n2,Jane Roe,us,\n"
_FILLER = [entry(f"f{i}", f"Filler{chr(97 + i % 26)} Stays{chr(97 + i // 26)}") for i in range(40)]


def run(*given: str, typed: str = "") -> Result:
    """What a command does."""
    return CliRunner().invoke(main, list(given), input=typed)


def good(*given: str, typed: str = "") -> str:
    """What a command prints that goes well."""
    done = run(*given, typed=typed)
    assert done.exit_code == 0, done.output
    return done.stdout


def decided(name: str, *given: str, password: str = PASSWORD) -> Result:
    """What a command does for somebody who says their password."""
    return run("cases", *given, "--as", name, "--password-stdin", typed=f"{password}\n")


def recommended(case_id: str, seen: int, *more: str, name: str = "anna") -> Result:
    """What recommending a release does."""
    given = ("--reason", "FP-DOB", "--outcome", "release", "--text", SENTENCE)
    evidence = ("--evidence", "Passport, copy of 2024")
    return decided(name, "recommend", case_id, *given, *evidence, "--seen", str(seen), *more)


def fill(home: Path) -> None:
    """A list, a book that is screened, and people who may sign in."""
    (home / "book.csv").write_text(BOOK, "utf-8")
    now = datetime.now(UTC)
    with Store.open(f"sqlite:///{home}/tumen.db") as store:
        listed = entry(1, "Ivan PETROV", birthDate="1955-03-02", nationality="ru")
        load(store, [*_FILLER, listed], now - timedelta(hours=1))
        add_people(store)
    good("book", "import", str(home / "book.csv"), "--book", "b")
    good("book", "screen", "b")


def add_people(store: Store) -> None:
    """Everybody of `PEOPLE`, each with the password."""
    hasher = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    kept, now = hasher.hash(PASSWORD), datetime.now(UTC)
    with store.writing() as work:
        for name, role in PEOPLE.items():
            accounts.add_user(work, accounts.NewUser(name, role, kept), accounts.By("test"), now)


def only_case() -> str:
    """The id of the one case that is there."""
    (found,) = json.loads(good("cases", "list", "--json"))["cases"]
    case_id: str = found["case_id"]
    return case_id
