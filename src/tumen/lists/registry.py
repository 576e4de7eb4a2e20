"""Which lists there are: the facts of each `list.yml`, and its reader, imported when needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Protocol, Self, cast

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    ValidationError,
    model_validator,
)

from tumen.errors import RequestError, SourceError
from tumen.lists.reader import ParsedList, SourceFile

Percent = Annotated[float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Download(_Facts):
    """One way to a format: its address, and the files that are saved from it.

    Without `url` there is nothing to fetch, only files to load by hand. Where `url` holds
    `{file}` it stands for one address per file; else several files mean that the address gives
    an archive of them. A file may be a pattern (`*.csv`).
    """

    format: str
    url: str = ""
    files: tuple[str, ...] = ()


class Guard(_Facts):
    """How far a version may shrink against the current one before it is refused."""

    min_entries: PositiveInt
    max_removed_percent: Percent
    max_removed_entries: NonNegativeInt


class Expected(_Facts):
    """What a whole version looks like; what lies outside gives a warning.

    `fill` maps a property (`birthDate`, or `Person.birthDate` for one schema) to the least
    share of entries that have it.
    """

    entries: tuple[PositiveInt, PositiveInt]
    fill: Mapping[str, Share] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _low_before_high(self) -> Self:
        if self.entries[0] > self.entries[1]:
            raise ValueError("entries is [low, high], and low is above high")
        return self


class ListInfo(_Facts):
    """A publication by an authority: identity, addresses, formats, licence, and its guards.

    `holds_any_list` marks a form in which others pass lists on: each file says which list it
    is, and the facts here hold for all of them. `stale_after_hours` is how long the list may
    go without a good look at its publisher, whether anything had changed there or not.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    authority: str
    jurisdiction: str
    description: str
    formats: tuple[str, ...]
    urls: tuple[Download, ...]
    licence: str
    update_schedule: str
    guard: Guard
    expected: Expected
    id_field: str
    programme_names: Mapping[str, str] = Field(default_factory=dict)
    holds_any_list: bool = False
    stale_after_hours: PositiveInt = 48

    @model_validator(mode="after")
    def _formats_are_named(self) -> Self:
        if odd := {download.format for download in self.urls} - set(self.formats):
            raise ValueError(f"urls name formats that `formats` lacks: {sorted(odd)}")
        return self

    @property
    def has_address(self) -> bool:
        """Whether anything can be fetched."""
        return any(download.url for download in self.urls)

    def files_of(self, format_name: str) -> tuple[str, ...]:
        """The names of the files that make one version in this format."""
        return tuple(
            name
            for download in self.urls
            if download.format == format_name
            for name in download.files
        )


class Reader(Protocol):
    """A list's `parse` module, as `tumen.lists.reader` states its contract."""

    def recognise(self, file: SourceFile) -> str | None:
        """The format's name where the file is this list's."""

    def parse(self, files: list[SourceFile]) -> ParsedList:
        """All entries in files that belong together."""


class Registry:
    """All lists that this tumen can read, by id."""

    def __init__(self, lists: Mapping[str, ListInfo], load_reader: Callable[[str], Reader]) -> None:
        self._lists, self._load_reader = dict(sorted(lists.items())), load_reader

    def __iter__(self) -> Iterator[ListInfo]:
        return iter(self._lists.values())

    def __len__(self) -> int:
        return len(self._lists)

    def __contains__(self, list_id: object) -> bool:
        return list_id in self._lists

    def get(self, list_id: str) -> ListInfo:
        """The facts of one list. Raises RequestError with all known ids where there is none."""
        if list_id not in self._lists:
            raise RequestError(f"There is no list {list_id!r}. Known: {', '.join(self._lists)}")
        return self._lists[list_id]

    def stale_limits(self, list_ids: Iterable[str]) -> dict[str, int]:
        """How many hours each list may go unseen.

        A list that is only known by a form in which others pass it on goes by that form's.
        """
        passed_on = next((info for info in self if info.holds_any_list), None)
        found = {list_id: self._lists.get(list_id, passed_on) for list_id in list_ids}
        return {list_id: info.stale_after_hours for list_id, info in found.items() if info}

    def reader(self, list_id: str) -> Reader:
        """The reader of one list."""
        return self._load_reader(self.get(list_id).id)


@cache
def published_lists() -> Registry:
    """The lists that come with tumen: every folder here that holds a `list.yml`."""
    return Registry(read_lists(files("tumen.lists")), _import_reader)


def read_lists(root: Traversable) -> dict[str, ListInfo]:
    """The facts in `<root>/<list_id>/list.yml`, by list id.

    Raises SourceError naming file and key where one has a wrong or unknown key.
    """
    found = {}
    for folder in sorted(root.iterdir(), key=lambda entry: entry.name):
        path = folder / "list.yml"
        if folder.is_dir() and path.is_file():
            info = read_list_info(path.read_text("utf-8"), f"{folder.name}/list.yml")
            if info.id != folder.name:
                raise SourceError(
                    f"id is {info.id!r}",
                    where=f"{folder.name}/list.yml",
                    mend=f"Give it the name of its folder, {folder.name!r}",
                )
            found[info.id] = info
    return found


def read_list_info(text: str, where: str) -> ListInfo:
    """One list's facts from YAML. Raises SourceError naming the file and each wrong key."""
    try:
        data: Any = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return ListInfo.model_validate(data)
    except yaml.YAMLError as error:
        raise SourceError(f"This is no YAML: {error}", where=where) from error
    except ValidationError as error:
        faults = [
            f"key {'.'.join(str(part) for part in fault['loc']) or '(all)'}: {fault['msg']}"
            for fault in error.errors()
        ]
        raise SourceError("; ".join(faults), where=where) from error


def _import_reader(list_id: str) -> Reader:
    return cast(Reader, import_module(f"tumen.lists.{list_id}.parse"))
