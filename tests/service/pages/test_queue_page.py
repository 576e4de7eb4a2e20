"""The queue in a browser: its links and keys, and many cases decided with one reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser

from case_desk import (
    FIRST,
    SECOND,
    acts,
    address,
    case_of,
    opened,
    recommend,
    refusal,
    said,
    seen,
    standing,
    states,
)
from many_cases import ANNA, OPENED, SENTENCE
from starlette.datastructures import QueryParams
from workbench import Browser, Workbench

from tumen.cases.policies import propose_policy
from tumen.model.casework import CaseState
from tumen.model.watching import HitState
from tumen.screening.policy import Policy
from tumen.service.pages.queue_query import QueueQuery

HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"


class _Inert(HTMLParser):
    """Reads a page as a browser does, and finds nothing in it that runs."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """No script of the page's own, no handler, no picture that is not ours."""
        told = dict(attrs)
        assert not [name for name in told if name.startswith("on")]
        assert tag != "script" or "src" in told
        assert tag != "img" or str(told["src"]).startswith("/assets/")
        assert not str(told.get("href", "")).lower().startswith("javascript:")


class _Fields(HTMLParser):
    """What the form of filters sends as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self._select = ""
        found = re.search(r'<form class="filters".*?</form>', page, re.DOTALL)
        assert found
        self.feed(found[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Fields, and the option of a list that is chosen."""
        told = {name: value or "" for name, value in attrs}
        if tag == "select":
            self._select = told["name"]
        elif tag == "input":
            self.sent.append((told["name"], told["value"]))
        elif tag == "option" and "selected" in told:
            self.sent.append((self._select, told.get("value", "")))

    def handle_data(self, data: str) -> None:
        """An option without a value is its words."""
        if self.sent and self.sent[-1] == (self._select, ""):
            self.sent[-1] = (self._select, data)


def _many(workbench: Workbench, count: int, title: str = "Quill Feathersby") -> list[str]:
    """Cases of so many parties with a hit on the same entity."""
    return [
        opened(workbench, standing(FIRST, party_id=f"p-{number}"), title=title)
        for number in range(count)
    ]


def _marks(browser: Browser, path: str) -> list[str]:
    """The cases that a page lets be ticked."""
    return re.findall(r'name="case" value="([^"]+)"', browser.get(path).text)


def _decide(browser: Browser, marks: Sequence[str], step: str, **changed: object) -> str:
    fields = {"case": list(marks), "step": step, **said(hit=[]), **changed}
    answer = browser.post("/desk/queue/decide", fields)
    assert answer.status_code == 200, refusal(answer)
    return answer.text


def test_the_queue_leads_to_the_cases(workbench: Workbench) -> None:
    """Each row is a link, an analyst may tick it, and every key is on the page and explained."""
    case_id = opened(workbench)
    page = workbench.browser("anna").get("/desk/queue").text
    assert f'href="{address(case_id)}" data-main data-key="o"' in page
    assert f'href="{address(case_id)}#decide" data-key="r"' in page
    for key in ("x", "d", "/"):
        assert f'data-key="{key}"' in page
    assert "data-rows" in page
    keys = page[page.index('id="keys"') :]
    for key in ("j", "k", "o", "Enter", "r", "a", "x", "d", "/", "[", "]"):
        assert f"<kbd>{key}</kbd>" in keys, key
    case = workbench.browser("anna").get(f"{address(case_id)}?verdict=false%20positive").text
    for key in ("r", "n", "u", "o"):
        assert f'data-key="{key}"' in case, key
        assert f"<kbd>{key}</kbd>" in case, key


def test_whose_turn_it_is(workbench: Workbench) -> None:
    """An approver is led to approve, not to their own recommendation; a viewer to nothing."""
    case_id = opened(workbench)
    anna, carl = workbench.browser("anna"), workbench.browser("carl")
    recommend(anna, case_id, seen(anna, case_id))
    link = f'href="{address(case_id)}#decide" data-key="a"'
    assert link in carl.get("/desk/queue?awaits=approver").text
    assert link not in anna.get("/desk/queue?awaits=approver").text
    assert "Another person approves" in anna.get("/desk/queue").text
    viewer = workbench.browser("vera").get("/desk/queue").text
    assert address(case_id) in viewer
    assert 'name="case"' not in viewer
    assert 'data-key="a"' not in viewer


def test_a_slip_in_the_address_is_told(workbench: Workbench) -> None:
    """No page of everything where a word was mistyped; a page beyond the end is the last one."""
    opened(workbench)
    anna = workbench.browser("anna")
    assert anna.get("/desk/queue?state=opne").status_code == 400
    assert anna.get("/desk/queue?page=0").status_code == 422
    assert 'data-key="x"' in anna.get("/desk/queue?page=999").text
    empty = anna.get("/desk/queue?text=nobody-of-that-name")
    assert "No case is like that" in empty.text


def test_names_from_outside_are_text(workbench: Workbench) -> None:
    """XSS: what parties, lists and colleagues write is shown and never run."""
    sneaky = standing(FIRST, caption=HOSTILE, sentence=HOSTILE)
    subject = {"schema": "Person", "properties": {"name": [HOSTILE], "birthDate": [HOSTILE]}}
    case_id = opened(workbench, sneaky, title=HOSTILE, subject=subject)
    anna, carl = workbench.browser("anna"), workbench.browser("carl")
    for step, fields in (
        ("notes", {"text": HOSTILE}),
        ("tags", {"tags": HOSTILE[:50]}),
    ):
        sent = anna.post(address(case_id, step), {"seen": seen(anna, case_id), **fields})
        assert sent.status_code == 303
    name = {"file": ("<img src=x onerror=alert(1)>.txt", b"words")}
    anna.post(address(case_id, "attachments"), {"seen": seen(anna, case_id)}, files=name)
    recommend(anna, case_id, seen(anna, case_id), text=HOSTILE, evidence=HOSTILE)
    pages = [
        carl.get(path)
        for path in (
            "/desk/queue", f"/desk/queue?text={HOSTILE}", f"/desk/queue?title={HOSTILE}",
            address(case_id), f"{address(case_id)}?verdict={HOSTILE}",
            f"/desk/queue/alike?case={case_id}",
        )
    ]  # fmt: skip
    late = anna.post(address(case_id, "notes"), {"seen": 1, "text": HOSTILE})
    for page in (*pages, late):
        assert "alert" in page.text
        _Inert().feed(page.text)


def test_look_alikes_are_decided_with_one_reason_each_on_record(workbench: Workbench) -> None:
    """All that share the listed entity, found from one of them; recommended, then approved."""
    case_ids = _many(workbench, 4)
    other = opened(workbench, standing(SECOND, party_id="other"), title="Another")
    anna, carl = workbench.browser("anna"), workbench.browser("carl")
    assert "4 look alike" in anna.get("/desk/queue").text
    marks = _marks(anna, f"/desk/queue/alike?case={case_ids[0]}")
    assert sorted(one.partition(".")[0] for one in marks) == sorted(case_ids)
    page = _decide(anna, marks, "recommend")
    assert "4 of 4 cases recommended, each recorded singly" in page
    for case_id in case_ids:
        assert acts(case_of(workbench, case_id), workbench)[-1] == "recommended"
    assert case_of(workbench, other).pending is None
    later = opened(workbench, standing(FIRST, party_id="later"))
    marks = _marks(anna, f"/desk/queue/alike?case={case_ids[0]}")
    assert marks[0].startswith(later), "what still waits for the reader comes first"
    marks = _marks(carl, f"/desk/queue/alike?case={case_ids[0]}")
    page = _decide(carl, [one for one in marks if not one.startswith(later)], "approve")
    assert "4 of 4 cases approved" in page
    assert page.count("is suppressed") == 4
    for number, case_id in enumerate(case_ids):
        assert case_of(workbench, case_id).state is CaseState.CLOSED
        assert states(workbench, f"p-{number}") == {FIRST: HitState.SUPPRESSED}
    with workbench.store.reading() as work:
        records = [one.entry for one in work.audit.latest(200)]
    approvals = [one for one in records if one.action == "case approved"]
    assert sorted(one.object for one in approvals) == sorted(case_ids)
    assert {one.actor for one in approvals} == {"user:carl"}


def test_the_same_name_is_a_narrower_likeness(workbench: Workbench) -> None:
    """Of those with the same entity, the ones of the very name alone."""
    _many(workbench, 2, "Quill Feathersby")
    named = opened(workbench, standing(FIRST, party_id="q-1"), title="QUILL FEATHERS")
    opened(workbench, standing(FIRST, party_id="q-2"), title="Quill Feathers")
    anna = workbench.browser("anna")
    assert len(_marks(anna, f"/desk/queue/alike?case={named}")) == 4
    assert len(_marks(anna, f"/desk/queue/alike?case={named}&by=name")) == 2


def test_each_row_has_its_own_result(workbench: Workbench) -> None:
    """What somebody did meanwhile, or what is one's own, is refused by name; the rest is done."""
    case_ids = _many(workbench, 3)
    anna, carl = workbench.browser("anna"), workbench.browser("carl")
    marks = _marks(anna, "/desk/queue")
    recommend(carl, case_ids[0], seen(carl, case_ids[0]))
    page = _decide(anna, marks, "recommend")
    assert "2 of 3 cases recommended" in page
    assert page.count("✗ refused") == 1
    assert "carl: recommended" in page
    page = _decide(carl, _marks(carl, "/desk/queue?awaits=approver"), "approve")
    assert "2 of 3 cases approved" in page
    assert "carl recommended it; another person has to look" in page


def test_what_is_typed_once_for_all_is_kept(workbench: Workbench) -> None:
    """Nothing ticked, a missing reason, all refused: the form again with the words in it."""
    _many(workbench, 2)
    anna = workbench.browser("anna")
    marks = _marks(anna, "/desk/queue")
    fields = {"case": marks, "step": "recommend", **said(hit=[], text="too short")}
    late = anna.post("/desk/queue/decide", fields)
    assert late.status_code == 409
    assert "20 letters" in refusal(late)
    assert ">too short</textarea>" in late.text
    for changed in ({"case": []}, {"reason": ""}, {"step": "destroy"}):
        answer = anna.post("/desk/queue/decide", {**fields, **changed})
        assert answer.status_code == 422
        assert "too short</textarea>" in answer.text or not changed.get("case", True)
    for wrong in ("nothing", "case-1.x", "case-1.", f"{marks[0]}9999999999"):
        answer = anna.post("/desk/queue/decide", {**fields, "case": [wrong]})
        assert answer.status_code == 400
    assert anna.get("/desk/queue/decide").status_code == 422


def test_only_one_hit_of_each_is_decided_where_one_is_asked_for(workbench: Workbench) -> None:
    """Ticked under the filter of an entity: the other hits of those cases stay to be decided."""
    case_id = opened(workbench, standing(FIRST), standing(SECOND, caption="Maritime"))
    anna = workbench.browser("anna")
    marks = _marks(anna, f"/desk/queue?entity={FIRST}")
    page = anna.get(f"/desk/queue/decide?case={marks[0]}&entity={FIRST}").text
    assert f"Only the hit on {FIRST}" in page
    _decide(anna, marks, "recommend", entity=FIRST)
    pending = case_of(workbench, case_id).pending
    assert pending is not None
    assert pending.entity_ids == (FIRST,)


def test_a_policy_is_not_approved_among_others(workbench: Workbench) -> None:
    """Whoever approves one has to see its terms, which the page of many does not show."""
    with workbench.store.writing() as work:
        proposed = replace(Policy(), name="desk", version="2", threshold=0.61)
        case_id = propose_policy(work, proposed, SENTENCE, ANNA, OPENED).case_id
    carl = workbench.browser("carl")
    fields = {"case": [f"{case_id}.{seen(carl, case_id)}"], "step": "approve"}
    answer = carl.post("/desk/queue/decide", fields)
    assert answer.status_code == 409
    assert "on the page of its case" in refusal(answer)


def test_the_form_of_filters_keeps_all_that_was_asked_for(workbench: Workbench) -> None:
    """To search within a filter loses none of it, not even a choice that is no longer there."""
    asked = QueueQuery(
        state=("new", "triage"), priority=("P2", "P3"), assignee="user:gone", awaits="analyst",
        book="gone", list="gone", tag="a b", text="Кай", due="week", score="0.5", age="older",
        entity=FIRST, title="Quill", order="due",
    )  # fmt: skip
    page = workbench.browser("anna").get(asked.address()).text
    assert QueueQuery.read(QueryParams(_Fields(page).sent)) == asked
