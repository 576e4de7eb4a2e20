"""A feed of events (Atom 1.0, RFC 4287) for one subscription. Pure.

A feed is read and not sent: it is made from the events each time, so that nothing can be lost.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version

from lxml import etree

from tumen.model.watching import Event, Subscription
from tumen.watch.notices.passing import passes
from tumen.watch.notices.texts import html_event
from tumen.watch.notices.wording import one_line, title_of

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
# A reader that looks once a day sees them all; older ones are in the store.
MOST_ENTRIES = 500
_IDS = uuid.uuid5(uuid.NAMESPACE_DNS, "feeds.tumen")
_Element = etree._Element


def feed(
    subscription: Subscription, events: Iterable[Event], base_url: str, now: datetime
) -> bytes:
    """The document: what passes the subscription's filter and happened by `now`, newest first.

    `base_url` is where feeds are served (`<base_url>/feeds/<token>`), empty for a file. Ids
    are made from the subscription and the event, so that a reader shows each entry once.
    """
    passing = [one for one in events if passes(one, subscription) and one.occurred_at <= now]
    newest = sorted(passing, key=lambda one: (one.occurred_at, one.event_id), reverse=True)
    shown = newest[:MOST_ENTRIES]
    updated_at = shown[0].occurred_at if shown else subscription.created_at
    root = etree.fromstring(f'<feed xmlns="{NAMESPACE}"/>')
    add_element(root, "id", _id(subscription.subscription_id))
    add_element(root, "title", f"tumen: {one_line(subscription.name)}")
    add_element(root, "updated", atom_instant(updated_at))
    add_element(add_element(root, "author"), "name", "tumen")
    add_element(root, "generator", "tumen", version=version("tumen"))
    if base_url:
        href = base_url.rstrip("/") + feed_path(subscription)
        add_element(root, "link", rel="self", type=MEDIA_TYPE, href=href)
    for event in shown:
        _add_entry(root, subscription, event)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def feed_path(subscription: Subscription) -> str:
    """Where under `base_url` the feed is; whoever knows it can read the feed."""
    return f"/feeds/{subscription.target}"


def _add_entry(root: _Element, subscription: Subscription, event: Event) -> None:
    has_details = subscription.has_details
    entry = add_element(root, "entry")
    add_element(entry, "id", _id(subscription.subscription_id, event.event_id))
    add_element(
        entry, "title", f"{event.severity.value}: {title_of(event, has_details=has_details)}"
    )
    add_element(entry, "updated", atom_instant(event.occurred_at))
    add_element(entry, "published", atom_instant(event.occurred_at))
    add_element(entry, "category", term=event.kind.value, scheme="urn:tumen:kind")
    add_element(entry, "category", term=event.severity.value, scheme="urn:tumen:severity")
    add_element(entry, "content", html_event(event, has_details=has_details), type="html")


def add_element(parent: _Element, name: str, text: str = "", **attributes: str) -> _Element:
    """One more element of a feed, with its text and attributes."""
    child = etree.SubElement(parent, _name(name), attributes)
    if text:
        child.text = text
    return child


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def _id(*facts: str) -> str:
    return uuid.uuid5(_IDS, "\x1f".join(facts)).urn


def atom_instant(at: datetime) -> str:
    """An instant as feeds write it."""
    return at.astimezone(UTC).isoformat()
