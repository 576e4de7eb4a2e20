"""A small page about an entity, shown in a frame of the client beside the row to decide."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from tumen.model.entity import get_schema, schemata
from tumen.model.vocabulary import schema_words, value_label

# What is longer is cut: the frame is small, and the whole entity has an address of its own.
_MOST_VALUES = 8
_STYLE = (
    "body{font:14px/1.4 system-ui,sans-serif;margin:12px;color:#222}"
    "h1{font-size:17px;margin:0 0 2px}p{margin:0 0 10px;color:#666}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:3px 8px 3px 0;border-top:1px solid #eee}"
    "th{font-weight:600;white-space:nowrap}"
)
# Nothing is loaded from anywhere; the page may be framed by whichever client shows it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def preview_page(wire: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """The page of one entity; `titles` are those of the datasets."""
    caption = escape(wire["caption"])
    kind = schemata()[wire["schema"]].label if wire["schema"] in schemata() else wire["schema"]
    lists = ", ".join(titles.get(name, name) for name in wire["datasets"])
    rows = "".join(_row(label, values) for label, values in _shown(wire))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{caption}</title>'
        f"<style>{_STYLE}</style><h1>{caption}</h1>"
        f"<p>{escape(kind)} &middot; {escape(lists)}</p>"
        f"<table>{rows}{_row('Id', [wire['id']])}</table></html>"
    )


def _row(label: str, values: list[str]) -> str:
    shown = [escape(value) for value in values[:_MOST_VALUES]]
    if more := len(values) - len(shown):
        shown.append(f"and {more} more")
    return f"<tr><th>{escape(label)}</th><td>{'<br>'.join(shown)}</td></tr>"


def _shown(wire: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """The properties with their labels, the telling ones first, references to others left out."""
    if wire["schema"] not in schemata():
        return []
    properties = get_schema(wire["schema"]).properties
    featured = schema_words(wire["schema"]).featured
    names = [*featured, *(name for name in wire["properties"] if name not in featured)]
    return [
        (
            properties[name].label,
            [value_label(properties[name].type, value) for value in wire["properties"][name]],
        )
        for name in names
        if name in wire["properties"] and name in properties and properties[name].type != "entity"
    ]
