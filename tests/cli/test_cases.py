"""`tumen cases`: the queue, one case, work on it; decisions by people who prove who they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from case_desk_cli import PASSWORD, SENTENCE, decided, fill, good, only_case, recommended, run

from tumen.cli import eyes
from tumen.cli.cases_shown import plain
from tumen.service.access import accounts, people
from tumen.store import Store


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose book is screened; copied for each test."""
    home: Path = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TUMEN_HOME", str(home))
        for name in ("TUMEN_STORE", "TUMEN_POLICY"):
            environment.delenv(name, raising=False)
        fill(home)
    return home


@pytest.fixture(autouse=True)
def home(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory of a test's own."""
    for file in filled.glob("tumen.db*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setenv("TUMEN_HOME", str(tmp_path))
    for name in ("TUMEN_STORE", "TUMEN_POLICY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(eyes, "PAUSE_SECONDS", 0.0)
    return tmp_path


def history(case_id: str) -> list[dict[str, Any]]:
    """What happened in a case."""
    found: list[dict[str, Any]] = json.loads(good("cases", "show", case_id, "--json"))["history"]
    return found


def audited(home: Path) -> list[tuple[str, str, str]]:
    """Who did what to which object, by the audit log."""
    with Store.open(f"sqlite:///{home}/tumen.db") as store, store.reading() as work:
        return [(o.entry.actor, o.entry.action, o.entry.object) for o in work.audit.records()]


def test_a_screening_brings_cases_and_gathering_again_brings_none() -> None:
    """The hit of the book stands in a case, once."""
    case_id = only_case()
    assert "0 cases opened, 0 added to, 0 reopened" in good("cases", "gather", "b")
    assert run("cases", "gather", "none").exit_code == 2
    listed = good("cases", "list")
    assert case_id in listed
    assert "Ivan Petrov [b/1]" in listed
    assert "1 of 1 cases" in listed


def test_a_case_shows_both_sides() -> None:
    """Field by field, with what each did to the score, and the history."""
    text = good("cases", "show", only_case())
    for words in ("Ivan Petrov", "Ivan PETROV", "1980-05-06", "1955-03-02", "Effect", "≠"):
        assert words in text
    assert "alert added" in text
    assert "To be decided: alpha:1" in text
    assert "--seen 2" in text


def test_a_terminal_obeys_no_data() -> None:
    """Escapes of lists and parties are shown as nothing, not sent."""
    assert plain("a\x1b[2Jb\x9bc\u202ed\n") == "a [2Jb c d "
    made = good("cases", "open", "Bad \x1b]0;title\x07 name")
    shown = good("cases", "show", made.split()[0])
    assert "\x1b" not in shown
    assert "\x1b" not in good("cases", "list")


def test_work_short_of_deciding(home: Path) -> None:
    """Each act is kept under the account of the machine, and counts as nobody's eyes."""
    case_id = only_case()
    other = good("cases", "open", "Ada", "--book", "b", "--party", "2").split()[0]
    good("cases", "note", case_id, "Called the bank", "--by", "night shift")
    good("cases", "assign", case_id, "anna", "--seen", "3")
    good("cases", "move", case_id, "investigating")
    good("cases", "tag", case_id, "vessel", "urgent")
    good("cases", "relate", case_id, other)
    good("cases", "prioritise", case_id, "P2")
    (home / "extract.txt").write_text("An extract", "utf-8")
    attached = good("cases", "attach", case_id, str(home / "extract.txt"))
    sha256 = attached.split()[-1]
    assert "extract.txt" in good("cases", "show", case_id)
    good("cases", "save", case_id, sha256, "--out", str(home / "out.txt"))
    assert (home / "out.txt").read_text("utf-8") == "An extract"
    again = run("cases", "save", case_id, sha256, "--out", str(home / "out.txt"))
    assert again.exit_code == 2
    done = history(case_id)[2:]
    assert [one["act"] for one in done] == [
        "noted", "assigned", "moved", "tagged", "related", "prioritised", "attached",
    ]  # fmt: skip
    assert done[0]["by"]["user_id"] == "account:night shift"
    assert {one["by"]["person"] for one in done} == {""}
    assert ("account:night shift", "case noted", case_id) in audited(home)
    counted = json.loads(good("cases", "counts", "--by", "priority", "--json"))
    assert counted == {"by": "priority", "counts": {"P2": 1, "P4": 1}, "total": 2}
    mine = json.loads(good("cases", "list", "--assignee", "anna", "--json"))["cases"]
    assert [one["case_id"] for one in mine] == [case_id]


def test_two_people_decide(home: Path) -> None:
    """Recommended, approved, and the hit is muted at once."""
    case_id = only_case()
    assert recommended(case_id, 2).exit_code == 0
    done = decided("carl", "approve", case_id, "--seen", "3", "--text", "Seen the copy")
    assert done.exit_code == 0, done.output
    assert "is suppressed" in done.stdout
    assert history(case_id)[3]["by"]["person"] == "carl"
    hits = json.loads(good("hits", "b", "--json"))["hits"]
    assert [one["state"] for one in hits] == ["suppressed"]
    assert good("cases", "list").strip() == "0 of 0 cases"
    shown = good("cases", "show", case_id)
    assert "Approved by carl" in shown
    assert SENTENCE in shown
    with Store.open(f"sqlite:///{home}/tumen.db") as store, store.reading() as work:
        assert work.audit.verify() == []


def test_one_person_is_not_two_by_typing_another_name() -> None:
    """Their own password for another name, no password, a wrong one: nothing is decided."""
    case_id = only_case()
    assert recommended(case_id, 2, name="carl").exit_code == 0
    own = decided("carl", "approve", case_id, "--seen", "3")
    assert own.exit_code == 2
    assert "another person has to look" in own.output
    for name, password in (("anna", "a wrong password"), ("nobody", PASSWORD), ("carl", "")):
        refused = decided(name, "approve", case_id, "--seen", "3", password=password)
        assert refused.exit_code == 2
        assert f"This is not {name}" in refused.output
    may_not = decided("anna", "approve", case_id, "--seen", "3")
    assert "may not approve" in may_not.output
    bare = run("cases", "approve", case_id, "--seen", "3")
    assert bare.exit_code == 2
    assert "--as" in bare.output
    assert [one["act"] for one in history(case_id)][-1] == "recommended"


def test_a_wrong_password_costs_time_and_is_recorded(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next try for that name, right or wrong, is refused for some seconds; others are not."""
    monkeypatch.setattr(eyes, "PAUSE_SECONDS", 60.0)
    case_id = only_case()
    assert decided("anna", "withdraw", case_id, "--seen", "2", password="x" * 12).exit_code == 2
    early = recommended(case_id, 2)
    assert early.exit_code == 2
    assert "a moment ago" in early.output
    assert recommended(case_id, 2, name="carl").exit_code == 0
    assert ("nobody", "sign-in refused", "user:anna") in audited(home)


def test_the_password_is_asked_for_and_not_shown() -> None:
    """Where it does not come from standard input."""
    case_id = only_case()
    given = ("--reason", "FP-DOB", "--outcome", "release", "--text", SENTENCE, "--evidence", "x")
    command = ("cases", "recommend", case_id, *given, "--seen", "2", "--as", "anna")
    done = run(*command, typed=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert "Password of anna" in done.output
    assert PASSWORD not in done.output


def test_a_deputy_needs_leave(home: Path) -> None:
    """`--acting-for` gives the absent one's role, to those whom they let."""
    case_id = only_case()
    assert recommended(case_id, 2, name="carl").exit_code == 0
    given = ("approve", case_id, "--seen", "3", "--acting-for", "carl")
    assert "has not let anna" in decided("anna", *given).output
    now = datetime.now(UTC)
    with Store.open(f"sqlite:///{home}/tumen.db") as store, store.writing() as work:
        by = accounts.By("test")
        people.delegate(work, "carl", "anna", now, now + timedelta(days=1), by, now)
    assert "another person has to look" in decided("anna", *given).output
    assert decided("carl", "withdraw", case_id, "--seen", "3").exit_code == 0


def test_what_is_decided_is_done_and_closed() -> None:
    """A true match: returned once, approved, actioned, closed; by people, each in their turn."""
    case_id = only_case()
    found = ("--reason", "TP-LIST", "--outcome", "reject", "--text", SENTENCE, "--evidence", "x")

    def step(name: str, *given: str) -> None:
        done = decided(name, *given)
        assert done.exit_code == 0, done.output

    step("anna", "recommend", case_id, *found, "--seen", "2")
    step("carl", "return", case_id, "--seen", "3", "--text", "The second passport is missing")
    step("anna", "recommend", case_id, *found, "--seen", "4")
    step("carl", "approve", case_id, "--seen", "5")
    step("anna", "action", case_id, "--seen", "6", "--text", "Payment rejected")
    step("anna", "close", case_id, "--seen", "7")
    assert good("cases", "list", "--state", "closed", "--json")
    late = decided("anna", "close", case_id, "--seen", "7")
    assert late.exit_code == 2
    assert "anna: closed" in late.output


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("show", "case-none"), "no case case-none"),
        (("note", "case-none", "x"), "no case case-none"),
        (("note", "CASE", " "), "needs words"),
        (("note", "CASE", "x", "--seen", "1"), "Somebody else acted"),
        (("assign", "CASE", "nobody-here"), "no user 'nobody-here'"),
        (("assign", "CASE", "dora"), "administrator"),
        (("move", "CASE", "closed"), "closed"),
        (("relate", "CASE", "case-none"), "no case case-none"),
        (("relate", "CASE", "CASE"), "not related to itself"),
        (("open", " "), "title"),
        (("open", "x", "--book", "b"), "--party"),
        (("open", "x", "--book", "b", "--party", "1"), "is open already"),
        (("open", "x", "--book", "b", "--party", "9"), "no party '9'"),
        (("attach", "CASE", "page.html"), "not taken"),
        (("save", "CASE", "0" * 64, "--out", "x"), "has no file"),
        (("list", "--state", "odd"), "odd"),
        (("list", "--party", "1"), "--book"),
    ],
)
def test_what_makes_no_sense_is_refused(given: tuple[str, ...], words: str, home: Path) -> None:
    """With exit code 2 and the reason; nothing is kept."""
    case_id = only_case()
    (home / "page.html").write_text("<html>", "utf-8")
    named = {"CASE": case_id, "page.html": str(home / "page.html")}
    done = run("cases", *(named.get(one, one) for one in given))
    assert done.exit_code == 2, done.output
    assert words in done.output
    assert len(history(case_id)) == 2
