"""An entry of a list, whole: what it says, where that stands, whom it leads to, whom it hits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tumen.lists.registry import published_lists
from tumen.model.case import CaseSummary
from tumen.model.entity import get_schema
from tumen.model.listing import Link, ListEntry, ListVersion
from tumen.model.vocabulary import value_label
from tumen.model.watching import StandingHit
from tumen.service.pages.entries_history import History, history_of
from tumen.service.pages.entries_names import ScriptNames, by_script
from tumen.service.problems import not_found
from tumen.service.routes.v1.shapes import title_of
from tumen.store import Store
from tumen.store.work import Work
from tumen.watch.version_names import day_of

# Kind of a link → what its subject does, what is done to its object.
_LINKS = {
    "Ownership": ("owns", "is owned by"),
    "Directorship": ("directs", "is directed by"),
    "Representation": ("acts for", "is represented by"),
    "Membership": ("is a member of", "has as a member"),
    "Employment": ("works for", "employs"),
    "Family": ("is family of", "is family of"),
    "Associate": ("is an associate of", "is an associate of"),
}
_UNKNOWN = ("is linked to", "is linked to")
_MOST_LINKS = 200
_HERE, _THERE, _BOTH = "this entry", "the other", "both"


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A relation as this entry has it: `owns`, to whom, in which role, and who says so."""

    words: str
    name: str
    entity_id: str
    role: str
    said_by: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """One value with its published field, and its text where that was changed."""

    label: str
    value: str
    shown: str
    field: str
    raw: str


@dataclass(frozen=True, slots=True)
class HitRow:
    """A party of a book that this entry hits."""

    standing: StandingHit
    party: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """All that the page of an entry shows. `current_id` is the version in use that has it."""

    entry: ListEntry
    version: ListVersion
    current_id: str
    list_title: str
    history: History
    names: tuple[ScriptNames, ...]
    facts: tuple[FactRow, ...]
    links: tuple[LinkRow, ...]
    hits: tuple[HitRow, ...]
    cases: tuple[CaseSummary, ...]

    @property
    def is_in_use(self) -> bool:
        """Whether the version looked at is the one that is screened against."""
        return self.version.version_id == self.current_id


def entry_page(store: Store, entity_id: str, version_id: str) -> EntryPage:
    """An entry in the version named, else in use, else in the last that had it.

    Raises ProblemError where no version has it.
    """
    with store.reading() as work:
        current = work.lists.find_entity(entity_id)
        found = work.lists.find_entity(entity_id, version_id) if version_id else current
        if found is None and not version_id:
            found = _last(work, entity_id)
        if found is None:
            raise not_found(f"entry {entity_id!r} in {version_id or 'any version of a list'}")
        version, entry = found
        hits = tuple(_hits(work, entity_id))
        keys = [f"{one.standing.book_id}/{one.standing.party_id}" for one in hits]
        return EntryPage(
            entry,
            version,
            current[0].version_id if current else "",
            title_of(published_lists(), version.list_id) or version.list_id,
            history_of(work, entity_id, version.list_id),
            tuple(by_script(entry.names)),
            tuple(_facts(entry)),
            tuple(_joined(_links(work, entry, version.version_id)))[:_MOST_LINKS],
            hits,
            tuple(work.cases.of_subjects(keys)),
        )


def _last(work: Work, entity_id: str) -> tuple[ListVersion, ListEntry] | None:
    """The entry as it stood in the newest version that has it."""
    ids = work.lists.content_hashes(entity_id)
    versions = [work.lists.known_version(one) for one in ids]
    if not versions:
        return None
    return work.lists.find_entity(entity_id, max(versions, key=day_of).version_id)


def _facts(entry: ListEntry) -> Iterator[FactRow]:
    """Every property value with the published field it came from."""
    sources = {(one.prop, one.value): one for one in entry.fields}
    known = get_schema(entry.entity.schema).properties
    for prop, values in entry.entity.properties.items():
        spec = known.get(prop)
        for value in values:
            source = sources.get((prop, value))
            yield FactRow(
                spec.label if spec else prop,
                value,
                value_label(spec.type, value) if spec else value,
                source.field if source else "",
                source.raw if source else "",
            )


def _links(work: Work, entry: ListEntry, version_id: str) -> Iterator[LinkRow]:
    """The relations that this entry states, and those that others state of it."""
    entity_id = entry.entity.entity_id
    names = _captions(work, version_id, (link.target_id for link in entry.links))
    for link in entry.links:
        name = names.get(link.target_id) or link.target_name or link.target_id
        target = link.target_id if link.target_id in names else ""
        yield LinkRow(_words(link, is_mirrored=False), name, target, link.role, _HERE)
    for other in work.lists.mentioning(version_id, entity_id):
        for link in other.links:
            if link.target_id == entity_id:
                words = _words(link, is_mirrored=True)
                there = other.entity
                yield LinkRow(words, there.caption, there.entity_id, link.role, _THERE)


def _joined(links: Iterable[LinkRow]) -> Iterable[LinkRow]:
    """The same relations, one that both sides state only once."""
    found: dict[tuple[str, str, str], LinkRow] = {}
    for link in links:
        key = (link.words, link.entity_id or link.name, link.role)
        known = found.get(key)
        is_both = known is not None and known.said_by != link.said_by
        found[key] = replace(link, said_by=_BOTH) if is_both else link
    return found.values()


def _captions(work: Work, version_id: str, ids: Iterable[str]) -> Mapping[str, str]:
    entries = work.lists.entries_by_id(version_id, filter(None, ids))
    return {one.entity.entity_id: one.entity.caption for one in entries}


def _words(link: Link, *, is_mirrored: bool) -> str:
    return _LINKS.get(link.kind, _UNKNOWN)[link.is_inverse is not is_mirrored]


def _hits(work: Work, entity_id: str) -> Iterator[HitRow]:
    """Who of the books is hit by the entry now."""
    for book in work.books.books():
        found = work.hits.standing(book.book_id, entity_ids=[entity_id], limit=_MOST_LINKS)
        ids = [one.party_id for one in found]
        parties = work.books.parties(book.book_id, book.version, ids) if ids else ()
        names = {one.party_id: one.entity.caption for one in parties}
        for one in found:
            yield HitRow(one, names.get(one.party_id, one.party_id))
