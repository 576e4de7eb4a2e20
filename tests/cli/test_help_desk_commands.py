"""`tumen desk` and `tumen briefings`: set, written, published, withdrawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_accounts import entries, home, run, shown

__all__ = ["home"]

WRITTEN = """---
title: Coal transfers off Chongjin
summary: Three vessels met at sea.
topics: [shipping, north-korea]
diligence: Ask for the logs.
entries: ["un_sc_sanctions:1"]
---
# What happened

Three vessels met.
"""


def test_settings_change_what_is_named_and_leave_the_rest(home: Path) -> None:
    """Each change is on record, and what makes no sense changes nothing."""
    assert shown("desk", "settings")["is_help_public"] is False
    set_ = ("--crisis-telephone", "+44 20 7946 0000", "--public-help", "--time-zone", "Asia/Seoul")
    assert shown("desk", "settings", *set_)["crisis_telephone"] == "+44 20 7946 0000"
    found = shown("desk", "settings", "--topic", "ships=Ships", "--holiday", "2026-12-25")
    assert found["is_help_public"] is True
    assert [one["key"] for one in found["topics"]] == ["ships"]
    assert found["holidays"] == ["2026-12-25"]
    assert run("desk", "settings", "--time-zone", "Mars").exit_code == 2
    told = run("desk", "settings").stdout
    assert "Time zone: Asia/Seoul" in told
    assert "Strangers may ask for help: yes" in told
    acts = [action for _, action, _ in entries(home)]
    assert acts == ["desk settings set"] * 2


def test_a_briefing_is_written_from_a_file(tmp_path: Path) -> None:
    """As a draft, revised, published and withdrawn by its id."""
    file = tmp_path / "coal.md"
    file.write_text(WRITTEN, "utf-8")
    made = shown("briefings", "write", str(file))
    assert (made["state"], made["topics"]) == ("draft", ["shipping", "north-korea"])
    again = shown("briefings", "write", str(file), "--revise", made["briefing_id"], "--publish")
    assert (again["state"], again["version"], again["letters"]) == ("published", 3, 0)
    (listed,) = shown("briefings", "list")["briefings"]
    assert listed["state"] == "published"
    assert made["briefing_id"] in run("briefings", "list").stdout
    gone = run("briefings", "withdraw", made["briefing_id"], "--reason", "Another ship")
    assert "withdrawn" in gone.stdout
    assert run("briefings", "publish", made["briefing_id"]).exit_code == 0


@pytest.mark.parametrize(
    "text",
    [
        "no head",
        "---\ntitle: [\n---\nx",
        "---\ntitle: a\nodd: b\n---\nx",
        "---\n- a\n---\nx",
        "---\ntitle: a\nsummary: b\ntopics: [no-such-topic]\n---\nx",
        "---\ntitle: a\nsummary: b\ntopics: [shipping]\n---\n",
    ],
)
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    """With what is wrong of it, and nothing kept."""
    file = tmp_path / "odd.md"
    file.write_text(text, "utf-8")
    done = run("briefings", "write", str(file))
    assert done.exit_code == 2, done.output
    assert shown("briefings", "list")["briefings"] == []
    assert run("briefings", "publish", "none").exit_code == 2
