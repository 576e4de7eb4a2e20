"""The feed against what RFC 4287 requires, read again with a parser."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from notice_samples import NOW, event, events, stale_list, subscription

from tumen.model.watching import Channel, Event, Severity
from tumen.watch.notices.atom import MOST_ENTRIES, feed, feed_path
from tumen.watch.notices.passing import passes

ATOM = {"a": "http://www.w3.org/2005/Atom"}
_ID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read(document: bytes) -> Any:
    """The root of a feed that has all that the RFC requires."""
    root = etree.fromstring(document)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for place in (root, *root.iterfind("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(place.findall(f"a:{name}", ATOM)) == 1, name
        assert _ID.fullmatch(place.findtext("a:id", None, ATOM))
        instant = datetime.fromisoformat(place.findtext("a:updated", None, ATOM))
        assert instant.tzinfo is not None
    assert root.findtext("a:author/a:name", None, ATOM) == "tumen"
    ids = [one.text for one in root.iterfind(".//a:id", ATOM)]
    assert len(ids) == len(set(ids))
    return root


def titles(root: Any) -> list[str]:
    """The titles of the entries."""
    return [one.text for one in root.iterfind("a:entry/a:title", ATOM)]


def test_a_feed() -> None:
    """Newest first; ids are stable and do not give the token away."""
    terms = subscription(Channel.ATOM)
    later = stale_list(occurred_at=NOW + timedelta(hours=1))
    document = feed(terms, [event(), later], "https://tumen.bank.example/", NOW + timedelta(days=1))
    root = read(document)
    assert titles(root) == [
        "critical: us_ofac_sdn has not been renewed for 49 hours",
        "high: A party is newly hit: C-1",
    ]
    link = root.find("a:link[@rel='self']", ATOM)
    assert link.get("href") == "https://tumen.bank.example" + feed_path(terms)
    assert root.findtext("a:updated", None, ATOM) == later.occurred_at.isoformat()
    content = root.findall("a:entry/a:content", ATOM)[1]
    assert content.get("type") == "html"
    assert "party C-1" in content.text
    assert "Kim" not in document.decode()
    terms_of_one = {one.get("term") for one in root.findall("a:entry/a:category", ATOM)}
    assert {"new hit", "high", "list stale", "critical"} == terms_of_one
    assert document.decode().count("feed-token") == 1
    assert feed(
        terms, [later, event()], "https://tumen.bank.example/", NOW + timedelta(days=1)
    ) == (document)


def test_a_feed_for_a_file_has_no_link_and_names_nobody_elses_token() -> None:
    """Where no service runs, nobody can be sent to it."""
    document = feed(subscription(Channel.ATOM), [event()], "", NOW)
    read(document)
    assert b"feed-token" not in document
    assert b"<link" not in document


def test_an_empty_feed_is_valid() -> None:
    """A reader subscribes before anything has happened."""
    root = read(feed(subscription(Channel.ATOM), [], "", NOW))
    assert titles(root) == []


def test_details_where_the_subscription_says_so() -> None:
    """Names stand in title and content."""
    document = feed(subscription(Channel.ATOM, has_details=True), [event()], "", NOW)
    assert titles(read(document)) == ["high: Kim Chol Nam (1) is newly hit"]


def test_the_filter_and_the_present_hold() -> None:
    """What does not pass, or lies ahead, is not told."""
    terms = subscription(Channel.ATOM, least=Severity.CRITICAL)
    ahead = stale_list(event_id="ahead", occurred_at=NOW + timedelta(hours=1))
    assert len(titles(read(feed(terms, [event(), stale_list(), ahead], "", NOW)))) == 1


def test_a_long_history_is_cut() -> None:
    """The newest entries are shown."""
    long = [
        event(number, occurred_at=NOW - timedelta(minutes=number))
        for number in range(MOST_ENTRIES + 50)
    ]
    root = read(feed(subscription(Channel.ATOM), long, "", NOW))
    assert len(titles(root)) == MOST_ENTRIES
    assert root.findtext("a:updated", None, ATOM) == NOW.isoformat()


@given(events(), st.text(), st.text(), st.text(min_size=1))
@settings(deadline=None)
def test_whatever_is_told_the_feed_is_well_formed(
    found: list[Event], title: str, text: str, party_id: str
) -> None:
    """Characters that XML forbids, elements and entities are no way out."""
    told = event(99, title=title + "<x>&", text=text + "]]>", party_id=party_id)
    root = read(feed(subscription(Channel.ATOM, has_details=True), [*found, told], "", NOW))
    assert len(titles(root)) == sum(passes(one, subscription()) for one in [*found, told])
