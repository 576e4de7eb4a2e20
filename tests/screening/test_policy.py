"""A policy makes sense, lists are there and fresh, or nothing is screened."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tumen.errors import ListsMissingError, RequestError
from tumen.screening.policy import Policy, load_policy
from tumen.screening.versions import (
    UsedVersion,
    check_ages,
    read_versions,
    starter_notes,
    used_versions,
    versions_without_facts,
)

TODAY = date(2026, 3, 31)
FRESH = UsedVersion("test_un", "test_un@aaaa", date(2026, 3, 30), date(2026, 3, 31), 9)
OLD = UsedVersion("test_us", "test_us@bbbb", date(2026, 1, 30), date(2026, 3, 31), 9)
UNDATED = UsedVersion("test_uk", "test_uk@cccc")


def test_the_cut_off_is_the_threshold_unless_stated() -> None:
    """Nothing below the threshold is shown by default."""
    assert Policy(threshold=0.8).floor == 0.8
    assert Policy(threshold=0.8, cutoff=0.5).floor == 0.5
    assert str(Policy("pay", "3", threshold=0.8)) == "pay 3: threshold 0.8, cut-off 0.8"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"threshold": 0}, "A threshold lies above 0"),
        ({"threshold": 70}, "up to 1, not 70"),
        ({"threshold": 0.7, "cutoff": 0.8}, "cut-off 0.8"),
        ({"cutoff": -0.1}, "cut-off -0.1"),
        ({"max_list_age_days": -1}, "cannot be -1 days old"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(values: dict[str, Any], problem: str) -> None:
    """A threshold of 70 would let everybody pass."""
    with pytest.raises(RequestError, match=problem):
        Policy(**values)


def write(tmp_path: Path, text: str) -> Path:
    """A policy file."""
    path = tmp_path / "policy.yml"
    path.write_text(text, "utf-8")
    return path


def test_a_policy_file_is_read(tmp_path: Path) -> None:
    """All its fields arrive."""
    text = """
        name: payments
        version: "2"
        lists: [test_un, test_us]
        threshold: 0.75
        cutoff: 0.6
        max_list_age_days: 7
    """
    found = load_policy(write(tmp_path, text))
    assert found == Policy("payments", "2", ("test_un", "test_us"), 0.75, 0.6, 7)
    assert found.to_dict()["lists"] == ["test_un", "test_us"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name: a\nversion: '1'\ntreshold: 0.9", "treshold: Extra inputs"),
        ("name: a\nversion: '1'\nthreshold: high", "threshold: Input should be a valid number"),
        ("name: a", "version: Field required"),
        ("name: a\nversion: '1'\nthreshold: 7", "up to 1, not 7"),
        ("[]", "the file: Input should be"),
        ("a: [", "the policy cannot be read"),
    ],
)
def test_a_faulty_policy_file_is_refused_by_field(tmp_path: Path, text: str, problem: str) -> None:
    """A misspelt threshold must not leave the default in force."""
    path = write(tmp_path, text)
    with pytest.raises(RequestError, match=problem) as caught:
        load_policy(path)
    assert str(path) in str(caught.value)


def test_a_missing_policy_file_is_refused(tmp_path: Path) -> None:
    """The built-in policy does not step in."""
    with pytest.raises(RequestError, match="cannot be read"):
        load_policy(tmp_path / "none.yml")


def test_versions_are_read_from_a_snapshots_description() -> None:
    """Dates arrive as dates; what is not stated stays unknown."""
    described = {
        "list_id": "test_un",
        "version_id": "test_un@aaaa",
        "published_on": "2026-03-30",
        "retrieved_at": "2026-03-31T10:00:00+00:00",
        "entries": 9,
        "is_starter": True,
    }
    full, bare = read_versions([described, {"list_id": "x", "published_on": None}])
    assert full == UsedVersion(
        "test_un", "test_un@aaaa", date(2026, 3, 30), date(2026, 3, 31), 9, True
    )
    assert bare == UsedVersion("x", "x@undated")


def test_age_counts_from_the_publishers_date() -> None:
    """A list of 2019 loaded today is an old list."""
    assert OLD.age_days(TODAY) == 60
    assert UsedVersion("x", "x@1", None, date(2026, 3, 1)).age_days(TODAY) == 30
    assert UNDATED.age_days(TODAY) is None


def test_no_list_at_all_fails_closed() -> None:
    """Screening against nothing would clear everybody."""
    with pytest.raises(ListsMissingError, match="no list to screen against"):
        used_versions([], Policy())


def test_a_list_of_the_policy_must_be_loaded() -> None:
    """A policy that names five lists is not met by four."""
    with pytest.raises(ListsMissingError, match=r"not loaded: test_eu\. Loaded are test_un"):
        used_versions([FRESH], Policy(lists=("test_un", "test_eu")))
    assert used_versions([FRESH, OLD], Policy(lists=("test_un",))) == (FRESH,)
    assert used_versions([FRESH, OLD], Policy()) == (FRESH, OLD)


@pytest.mark.parametrize(
    ("version", "problem"),
    [(OLD, "test_us@bbbb is 60 days old"), (UNDATED, "test_uk@cccc is of unknown age")],
)
def test_a_list_older_than_allowed_fails_closed(version: UsedVersion, problem: str) -> None:
    """Unknown age counts as too old; the override is put into words for the results."""
    policy = Policy("pay", max_list_age_days=30)
    with pytest.raises(ListsMissingError, match=problem):
        check_ages([FRESH, version], policy, TODAY)
    (note,) = check_ages([FRESH, version], policy, TODAY, accept_stale=True)
    assert note == f"{problem}, policy 'pay' allows 30 days; accepted by the user"


def test_fresh_lists_pass_without_a_word() -> None:
    """The limit itself is still allowed; no limit allows all."""
    assert check_ages([OLD], Policy(max_list_age_days=60), TODAY) == ()
    assert check_ages([OLD, UNDATED], Policy(), TODAY) == ()


def test_starter_lists_are_named_where_others_are_in_use_too() -> None:
    """So that a person knows which hits stand on the sample."""
    starter = UsedVersion("test_us", "test_us@bbbb", is_starter=True)
    assert starter_notes([FRESH]) == ()
    assert "(test_us)" in starter_notes([FRESH, starter])[0]
    assert (
        "come with tumen, a sample out of date: not for a decision" in starter_notes([starter])[0]
    )


def test_entities_of_no_version_are_of_unknown_age() -> None:
    """Named by their list, with a count."""
    (found,) = versions_without_facts({"test_un": 3})
    assert (found.list_id, found.version_id) == ("test_un", "test_un (states no version)")
    assert (found.entries, found.age_days(TODAY)) == (3, None)
