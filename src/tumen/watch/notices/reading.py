"""Events as a feed wants them: the newest that pass a filter."""

from __future__ import annotations

from tumen.model.watching import Event, Subscription
from tumen.store.work import Work
from tumen.watch.notices.atom import MOST_ENTRIES
from tumen.watch.notices.passing import passes

_PAGE = 1_000
# A filter that lets almost nothing through must not read years for each look at a feed.
_MOST_PAGES = 20


def events_for(work: Work, subscription: Subscription) -> list[Event]:
    """The newest events that pass, as many as a feed shows, newest first.

    Looked for among the last 20,000 events of the kinds that it asks for.
    """
    found, before = list[Event](), None
    for _ in range(_MOST_PAGES):
        page = work.outbox.events(kinds=subscription.kinds or None, before=before, limit=_PAGE)
        found += [event for event in page if passes(event, subscription)]
        if len(page) < _PAGE or len(found) >= MOST_ENTRIES:
            break
        before = page[-1].event_id
    return found[:MOST_ENTRIES]
