"""Builds one list entry value by value, so that no reader drops or guesses one."""

from __future__ import annotations

from collections import Counter

from tumen.model.countries import read_country
from tumen.model.dates import read_date
from tumen.model.entity import Entity, get_schema
from tumen.model.listing import (
    Designation,
    Link,
    ListedName,
    ListEntry,
    NameKind,
    NameQuality,
    SourceField,
)

_NAME_PROPERTY = {
    NameKind.PRIMARY: "name",
    NameKind.ALIAS: "alias",
    NameKind.FORMER: "previousName",
}


class EntryBuilder:
    """One entry under construction. `schema` may still change until `build`.

    What cannot be read is counted in `unknown` as `field: value` and kept in `notes`.
    """

    def __init__(
        self, entity_id: str, schema: str, *, file: str, locator: str, unknown: Counter[str]
    ) -> None:
        self.entity_id, self.schema = entity_id, schema
        self.file, self.locator, self.unknown = file, locator, unknown
        self.names: list[ListedName] = []
        self.designations: list[Designation] = []
        self.links: list[Link] = []
        self.remarks: list[str] = []
        self._fields: list[SourceField] = []
        self._unread: set[tuple[str, str]] = set()

    def add(self, prop: str, value: str, field: str, *, raw: str = "") -> None:
        """One property value from a published field; empty values are skipped."""
        value = value.strip()
        if value:
            self._fields.append(SourceField(prop, value, field, raw if raw != value else ""))

    def add_country(self, prop: str, text: str, field: str) -> None:
        """A country as the publisher writes it, as its code."""
        text = text.strip()
        if not text:
            return
        code = read_country(text)
        if code is None:
            self.add_unknown(field, text)
        else:
            self.add(prop, code, field, raw=text)

    def add_date(self, prop: str, text: str, field: str, *, day_first: bool = True) -> None:
        """A date as the publisher writes it, in EDTF."""
        text = text.strip()
        if not text:
            return
        value = read_date(text, day_first=day_first)
        if value is None:
            self.add_unknown(field, text)
        else:
            self.add(prop, value, field, raw=text)

    def add_unknown(self, field: str, text: str) -> None:
        """A value that no property takes: counted once an entry, and kept as a note."""
        if (field, text) not in self._unread:
            self._unread.add((field, text))
            self.unknown[f"{field}: {text}"] += 1
        self.add("notes", f"{field}: {text}", field, raw=text)

    def add_name(self, name: ListedName, field: str, *, raw: str = "") -> None:
        """A name, also as the FollowTheMoney property of its kind and quality."""
        if not name.text or name in self.names:
            return
        self.names.append(name)
        is_weak = name.quality is NameQuality.WEAK and name.kind is not NameKind.PRIMARY
        self.add("weakAlias" if is_weak else _NAME_PROPERTY[name.kind], name.text, field, raw=raw)

    def add_remark(self, text: str) -> None:
        """The authority's free text, once."""
        if text.strip() and text.strip() not in self.remarks:
            self.remarks.append(text.strip())

    def designate(self, designation: Designation) -> None:
        """A designation, once."""
        if designation not in self.designations:
            self.designations.append(designation)

    def link(self, link: Link) -> None:
        """A relation to another party, once."""
        if link not in self.links:
            self.links.append(link)

    def build(self) -> ListEntry:
        """The finished entry, names with the primary first."""
        fields = tuple(dict.fromkeys(self._settle(field) for field in self._fields))
        properties: dict[str, dict[str, None]] = {}
        for field in fields:
            properties.setdefault(field.prop, {})[field.value] = None
        primary_first = sorted(self.names, key=lambda name: name.kind is not NameKind.PRIMARY)
        return ListEntry(
            Entity(
                self.entity_id,
                self.schema,
                {prop: tuple(values) for prop, values in properties.items()},
            ),
            tuple(primary_first),
            tuple(self.designations),
            tuple(self.links),
            "\n".join(self.remarks),
            self.file,
            self.locator,
            fields,
        )

    def _settle(self, field: SourceField) -> SourceField:
        """The field itself, or a note where the entity's schema has no such property."""
        if field.prop in get_schema(self.schema).properties:
            return field
        self.unknown[f"{field.field}: no {field.prop} in {self.schema}"] += 1
        return SourceField(
            "notes", f"{field.field}: {field.value}", field.field, field.raw or field.value
        )
