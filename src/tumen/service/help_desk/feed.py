"""Briefings as a feed (Atom 1.0, RFC 4287). Pure."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from lxml import etree
from markupsafe import Markup

from tumen.model.briefing import Briefing
from tumen.model.desk import DeskSettings
from tumen.service.help_desk.addresses import briefing_path
from tumen.service.help_desk.markdown import markup
from tumen.watch.notices.atom import MEDIA_TYPE, NAMESPACE, add_element, atom_instant
from tumen.watch.notices.wording import one_line, printable

_IDS = uuid.uuid5(uuid.NAMESPACE_DNS, "briefings.tumen")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_Element = etree._Element
# Field → heading of what a briefing says beside its body.
SECTIONS = {
    "diligence": "What it means for due diligence",
    "regulation": "What it means for regulation",
    "risk": "What it means for risk",
}


def briefings_feed(briefings: Sequence[Briefing], desk: DeskSettings, topic: str = "") -> bytes:
    """The feed of what readers see, newest first. Ids never change, so each is shown once.

    Without a public address links are relative to where the feed was read from.
    """
    base = desk.public_url.rstrip("/")
    root = etree.fromstring(f'<feed xmlns="{NAMESPACE}"/>')
    add_element(root, "id", _id("feed", base, topic))
    add_element(root, "title", one_line(f"Briefings of {desk.name}"))
    updated = max((one.at for one in briefings), default=_BEGINNING)
    add_element(root, "updated", atom_instant(updated))
    add_element(add_element(root, "author"), "name", one_line(desk.name))
    add_element(root, "generator", "tumen", version=version("tumen"))
    query = f"?topic={topic}" if topic else ""
    href = f"{base}/briefings.atom{query}"
    add_element(root, "link", rel="self", type=MEDIA_TYPE, href=href)
    for one in briefings:
        _add_entry(root, one, desk, base)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _add_entry(root: _Element, briefing: Briefing, desk: DeskSettings, base: str) -> None:
    content = briefing.content
    entry = add_element(root, "entry")
    add_element(entry, "id", _id(briefing.briefing_id))
    add_element(entry, "title", one_line(content.title))
    add_element(entry, "updated", atom_instant(briefing.at))
    add_element(entry, "published", atom_instant(briefing.published_at or briefing.at))
    add_element(entry, "link", rel="alternate", href=base + briefing_path(briefing.slug))
    for key in content.topics:
        label = one_line(desk.topic_names.get(key, key))
        add_element(entry, "category", term=key, label=label)
    add_element(entry, "summary", printable(content.summary))
    add_element(entry, "content", printable(str(_html(briefing))), type="html")


def _html(briefing: Briefing) -> Markup:
    content = briefing.content
    parts = [markup(content.body)]
    for name, heading in SECTIONS.items():
        if text := getattr(content, name):
            parts += [Markup("<h2>{}</h2>").format(heading), markup(text, top=3)]
    return Markup("\n").join(parts)


def _id(*facts: str) -> str:
    return uuid.uuid5(_IDS, "\x1f".join(facts)).urn
