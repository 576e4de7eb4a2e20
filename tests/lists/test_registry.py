"""The facts of each list are read strictly, and readers only when they are needed."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError
from toy_list import FACTS, ToyReader, toy_info, toy_registry, write

from tumen.errors import RequestError, SourceError
from tumen.lists.registry import (
    ListInfo,
    Registry,
    published_lists,
    read_list_info,
    read_lists,
)

ROOT = Path(__file__).parents[2]


def facts(**changes: object) -> str:
    """A list.yml of the toy list."""
    return yaml.safe_dump({**FACTS, **changes})


def test_a_list_file_is_read_whole() -> None:
    """Every key arrives where code looks for it."""
    info = read_list_info(facts(programme_names={"TOY": "Toy programme"}), "toy/list.yml")
    assert (info.id, info.authority, info.guard.max_removed_percent) == ("toy", "Toy Authority", 10)
    assert info.expected.entries == (2, 1000)
    assert info.programme_names["TOY"] == "Toy programme"
    assert info.files_of("csv") == ("toy.csv", "toy_alias.csv")
    assert info.files_of("json") == ("toy.json",)


def test_facts_cannot_be_changed() -> None:
    """Guards are not loosened at run time."""
    with pytest.raises(ValidationError, match="frozen"):
        toy_info().guard.min_entries = 0


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"gaurd": {}}, "key gaurd"),
        ({"guard": {**FACTS["guard"], "min_entriez": 1}}, "key guard.min_entriez"),
        ({"guard": {"min_entries": 1}}, "key guard.max_removed_percent"),
        ({"guard": {**FACTS["guard"], "max_removed_percent": 101}}, "key guard.max_removed_perc"),
        ({"guard": {**FACTS["guard"], "min_entries": 0}}, "key guard.min_entries"),
        ({"expected": {"entries": [10, 2]}}, "low is above high"),
        ({"expected": {"entries": [1, 2], "fill": {"name": 95}}}, "key expected.fill.name"),
        ({"urls": [{"format": "xml", "url": "https://x.example"}]}, "xml"),
        ({"title": None}, "key title"),
        ({"id": "Toy List"}, "key id"),
    ],
)
def test_a_wrong_key_is_named(change: dict[str, object], key: str) -> None:
    """A typing error in a guard must not switch the guard off."""
    with pytest.raises(SourceError, match=key) as caught:
        read_list_info(facts(**change), "toy/list.yml")
    assert caught.value.where == "toy/list.yml"


@pytest.mark.parametrize("text", ["id: [", "", "- a\n- b\n"])
def test_what_is_no_list_file_is_refused(text: str) -> None:
    """Broken YAML, an empty file and a bare sequence are no facts."""
    with pytest.raises(SourceError, match=r"toy/list\.yml"):
        read_list_info(text, "toy/list.yml")


def test_lists_are_found_by_their_folders(tmp_path: Path) -> None:
    """A folder without list.yml is code, not a list."""
    write(tmp_path / "toy/list.yml", facts().encode())
    write(tmp_path / "formats/cells.py", b"")
    write(tmp_path / "list.yml", b"stray")
    assert list(read_lists(tmp_path)) == ["toy"]


def test_a_list_has_the_name_of_its_folder(tmp_path: Path) -> None:
    """Else its reader would not be found."""
    write(tmp_path / "other/list.yml", facts().encode())
    with pytest.raises(SourceError, match="'other'"):
        read_lists(tmp_path)


def test_a_registry_knows_its_lists() -> None:
    """An unknown list is refused with those that exist."""
    registry = toy_registry("toy_b", "toy_a")
    assert [info.id for info in registry] == ["toy_a", "toy_b"]
    assert len(registry) == 2
    assert "toy_a" in registry
    reader = registry.reader("toy_a")
    assert isinstance(reader, ToyReader)
    assert reader.list_id == "toy_a"
    with pytest.raises(RequestError, match="Known: toy_a, toy_b"):
        registry.get("toy_c")
    with pytest.raises(RequestError, match="Known: toy_a, toy_b"):
        registry.reader("toy_c")


def test_every_published_list_has_a_reader() -> None:
    """What list.yml promises can be imported, and each claims no file of nonsense."""
    from tumen.lists.reader import SourceFile

    registry = published_lists()
    assert len(registry) > 0
    for info in registry:
        reader = registry.reader(info.id)
        assert callable(reader.parse)
        for nonsense in (b"", b"\x00\x01\x02", b"name,born\nKim,1965\n", b"<html></html>"):
            assert reader.recognise(SourceFile("a.bin", nonsense)) is None, info.id


@pytest.mark.parametrize("info", published_lists(), ids=lambda info: info.id)
def test_published_facts_make_sense(info: ListInfo) -> None:
    """Guard and expectation of one list do not contradict each other; addresses are https."""
    from tumen.model.entity import get_schema, schemata

    assert info.guard.min_entries <= info.expected.entries[0]
    assert all(download.url.startswith("https://") for download in info.urls if download.url)
    for key in info.expected.fill:
        schema, _, prop = key.rpartition(".")
        known = [get_schema(schema)] if schema else list(schemata().values())
        assert any(prop in candidate.properties for candidate in known), key


def test_readers_are_imported_late() -> None:
    """Knowing the lists does not cost the import of lxml and all readers."""
    code = (
        "import sys; from tumen.lists.registry import published_lists; published_lists();"
        "print([m for m in sys.modules if m.endswith('.parse') and 'tumen' in m or m == 'lxml'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_page_of_lists_is_up_to_date() -> None:
    """docs/lists.md says what the list.yml files say: run tools/build_lists_page.py."""
    spec = spec_from_file_location("build_lists_page", ROOT / "tools/build_lists_page.py")
    assert spec is not None
    assert spec.loader is not None
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert (ROOT / "docs/lists.md").read_text("utf-8") == tool.render(published_lists())


def test_a_list_of_a_passed_on_form_goes_unseen_as_long_as_the_form_may() -> None:
    """A dataset has no facts of its own; without such a form nothing is known of it."""
    infos = {"toy": toy_info(stale_after_hours=5)}
    assert Registry(infos, ToyReader).stale_limits(["toy", "wanted"]) == {"toy": 5}
    form = toy_info(id="form", holds_any_list=True, stale_after_hours=7)
    both = Registry({**infos, "form": form}, ToyReader)
    assert both.stale_limits(["toy", "wanted"]) == {"toy": 5, "wanted": 7}
