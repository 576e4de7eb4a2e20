"""The queue as plain data, on both databases: filters, counts, pages, and its speed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from many_cases import ANNA, LISTS, OPENED, fill
from starlette.datastructures import QueryParams

from tumen.errors import RequestError
from tumen.model.casework import CaseState, Priority
from tumen.service.pages.queue_data import QueuePage, queue_page
from tumen.service.pages.queue_query import AWAITS, DUE, HERE, QueueQuery
from tumen.service.pages.turning import SIZE
from tumen.store import Store

NOW = OPENED + timedelta(minutes=90)
# What a page may take of the server, from the store to plain data; measured: 10 to 40 ms.
MOST_SECONDS = 0.3


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with two hundred cases."""
    with Store.open(store_url) as opened:
        fill(opened, 200)
        yield opened


def _asked(store: Store, address: str, number: int = 1) -> QueuePage:
    query = QueueQuery.read(QueryParams(address.partition("?")[2]))
    with store.reading() as work:
        return queue_page(work, query, number, ANNA, NOW)


def test_every_count_leads_to_as_many_rows(store: Store) -> None:
    """A number that is a link shows just that many cases, and pressed again it lets all back."""
    whole = _asked(store, HERE)
    for chip in (*whole.states, *whole.priorities, *whole.awaits):
        there = _asked(store, chip.address)
        assert there.total == chip.count, chip
        if not chip.is_on:
            back = [one for one in (*there.states, *there.priorities, *there.awaits) if one.is_on]
            addresses = [one.address for one in back if one.words == chip.words]
            assert [_asked(store, one).total for one in addresses] == [whole.total]


def test_pages_show_each_case_once_in_order(store: Store) -> None:
    """Four pages of fifty: nothing twice, nothing left out; first the urgent, then the likely."""
    pages = [_asked(store, HERE, number) for number in (1, 2, 3, 4)]
    rows = [row.summary for page in pages for row in page.rows]
    assert len({one.case_id for one in rows}) == len(rows) == pages[0].total == 200
    order = [(one.priority.value, -one.score, one.case_id) for one in rows]
    assert order == sorted(order)
    beyond = _asked(store, HERE, 999)
    assert beyond.rows == pages[-1].rows
    assert all(len(page.rows) == SIZE for page in pages)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("assignee=mine", 67),
        ("assignee=user:anna", 67),
        ("assignee=nobody", 133),
        ("tag=shipping", 20),
        ("tag=ship", 0),
        (f"list={LISTS[1]}", 67),
        ("text=КАЙ quillson 0001", 10),
        ("text=partners/p-17", 11),
        ("text=%25", 0),
        ("due=overdue", 90),
        ("due=today", 200),
        ("score=1", 0),
        (f"entity={LISTS[0]}:3", 1),
        ("title=Кай Quillson 00007", 1),
        ("priority=P2&priority=P3", 100),
        ("state=closed", 0),
        ("state=all", 200),
        ("book=partners&awaits=analyst", 200),
        ("awaits=approver", 0),
    ],
)
def test_filters(store: Store, asked: str, count: int) -> None:
    """Each filter lets through what it says; letters of any script are folded."""
    assert _asked(store, f"{HERE}?{asked}").total == count


def test_orders(store: Store) -> None:
    """By deadline, and by the last change."""
    due = [row.summary.due_at for row in _asked(store, f"{HERE}?order=due").rows]
    assert due == sorted(due, key=lambda one: one or NOW)
    changed = [row.summary.changed_at for row in _asked(store, f"{HERE}?order=changed").rows]
    assert changed == sorted(changed, reverse=True)


def test_a_row_says_how_many_look_alike(store: Store) -> None:
    """Cases with hits on the same listed entities are counted; closed ones are not."""
    fill_more = _asked(store, f"{HERE}?entity={LISTS[0]}:3").rows
    assert [row.alike for row in fill_more] == [1]
    with store.writing() as work:
        summary = work.cases.summary("case-0000000000000003")
        assert summary is not None
        found = work.cases.alike([summary.entities], tuple(CaseState))
        assert found == {summary.entities: 1}


@pytest.mark.parametrize(
    "asked", ["state=paradise", "priority=P9", "awaits=me", "due=never", "order=x", "score=2",
              "score=nan", "score=x"]
)  # fmt: skip
def test_a_word_that_means_nothing_is_refused(asked: str) -> None:
    """A slip in the address must not show more than was asked for."""
    with pytest.raises(RequestError):
        QueueQuery.read(QueryParams(asked))


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.strip)


@given(
    st.lists(st.sampled_from([one.value for one in CaseState]), unique=True, max_size=3),
    st.lists(st.sampled_from([one.value for one in Priority]), unique=True, max_size=2),
    st.sampled_from(["", *AWAITS]),
    st.sampled_from(["", *DUE]),
    st.lists(_TEXT, min_size=4, max_size=4),
)
def test_all_of_it_stands_in_the_address(
    states: list[str], priorities: list[str], awaits: str, due: str, texts: list[str]
) -> None:
    """What an address says is read back the same, whatever letters it holds."""
    query = QueueQuery(
        state=tuple(states), priority=tuple(priorities), awaits=awaits, due=due,
        text=texts[0], tag=texts[1], entity=texts[2], title=texts[3],
    )  # fmt: skip
    assert QueueQuery.read(QueryParams(query.address().partition("?")[2])) == query


@given(st.lists(st.sampled_from([one.value for one in CaseState]), max_size=6))
def test_turning_twice_changes_nothing(pressed: list[str]) -> None:
    """A state pressed twice is as it was."""
    query = QueueQuery()
    for one in [*pressed, *pressed]:
        query = QueueQuery.read(QueryParams(query.turned("state", one).partition("?")[2]))
    assert query == QueueQuery()


def test_ten_thousand_cases_page_and_filter_at_once(store_url: str) -> None:
    """Every filter, the last page and every order stay within what a reader feels as at once."""
    with Store.open(store_url) as store:
        fill(store, 10_000)
        slow = {}
        for asked, number in [
            ("", 1), ("", 200), ("order=due", 1), ("order=changed", 1), ("state=all", 200),
            ("assignee=mine", 1), ("text=quillson 0999", 1), (f"list={LISTS[1]}", 3),
            ("tag=shipping", 1), (f"entity={LISTS[0]}:3", 1), ("score=0.9", 1),
            ("due=overdue&priority=P2", 1),
        ]:  # fmt: skip
            took = min(_took(store, asked, number) for _ in range(3))
            if took > MOST_SECONDS:
                slow[asked, number] = took
    assert not slow


def _took(store: Store, asked: str, number: int) -> float:
    began = time.perf_counter()
    assert _asked(store, f"{HERE}?{asked}", number).total
    return time.perf_counter() - began
