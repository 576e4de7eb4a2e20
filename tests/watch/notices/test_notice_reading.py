"""The events of a feed, found among many others."""

from __future__ import annotations

from notice_samples import NOW, event, stale_list, subscription

from tumen.model.watching import Channel, EventKind, Severity
from tumen.store import Store
from tumen.watch.notices.atom import MOST_ENTRIES
from tumen.watch.notices.dispatch import dispatch
from tumen.watch.notices.reading import events_for


def test_a_narrow_filter_finds_what_lies_deep(store: Store) -> None:
    """Thousands of newer events of no interest do not hide one that passes."""
    dispatch(store, [stale_list()], NOW)
    dispatch(store, [event(number) for number in range(2_500)], NOW)
    with store.reading() as work:
        critical = events_for(work, subscription(Channel.ATOM, least=Severity.CRITICAL))
        stale = events_for(work, subscription(Channel.ATOM, kinds=(EventKind.LIST_STALE,)))
        everything = events_for(work, subscription(Channel.ATOM))
    assert [one.event_id for one in critical] == ["stale-1"] == [one.event_id for one in stale]
    assert len(everything) == MOST_ENTRIES
