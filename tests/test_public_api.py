"""What `import tumen` offers: every name there and documented, nothing loaded before its use."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib.resources import files

import pytest

import tumen
from tumen.errors import TumenError


def _run(code: str) -> str:
    """The output of a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("name", tumen.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    """`from tumen import X` works for all that is promised, and `help(X)` says something."""
    found = getattr(tumen, name)
    if inspect.isclass(found) or inspect.isfunction(found):
        assert inspect.getdoc(found)
        assert found.__name__ == name


@pytest.mark.parametrize("name", [n for n in tumen.__all__ if n != "THRESHOLD"])
def test_public_methods_are_documented(name: str) -> None:
    """A class's own public methods say what they do and what they raise."""
    found = getattr(tumen, name)
    for key, value in vars(found).items() if inspect.isclass(found) else ():
        if not key.startswith("_") and (callable(value) or isinstance(value, property)):
            assert inspect.getdoc(value), f"{name}.{key}"


def test_names_are_in_order_and_have_a_home() -> None:
    """The list of names, the homes and the type checker's imports say the same."""
    assert set(tumen.__all__) == set(tumen._HOMES)
    assert len(set(tumen.__all__)) == len(tumen.__all__)
    for name, home in tumen._HOMES.items():
        assert name in vars(sys.modules[home]) or hasattr(__import__(home, fromlist=[name]), name)


def test_star_import_gives_exactly_the_public_names() -> None:
    """Nothing private slips out, nothing promised is missing."""
    scope: dict[str, object] = {}
    exec("from tumen import *", scope)
    assert set(scope) - {"__builtins__"} == set(tumen.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As of any module, so that `hasattr` and typing errors behave."""
    assert not hasattr(tumen, "screeen")
    with pytest.raises(AttributeError, match="'screeen'"):
        tumen.screeen  # noqa: B018
    with pytest.raises(ImportError):
        exec("from tumen import screeen")


def test_every_error_has_one_root() -> None:
    """Whoever catches `TumenError` catches all that tumen raises on purpose."""
    errors = [getattr(tumen, name) for name in tumen.__all__ if name.endswith("Error")]
    assert len(errors) >= 5
    assert all(issubclass(error, TumenError) for error in errors)


def test_importing_costs_nothing() -> None:
    """Neither arithmetic nor database nor network is loaded before somebody asks for it."""
    heavy = ("numpy", "scipy", "rapidfuzz", "sqlalchemy", "lxml", "httpx", "pyarrow", "pydantic")
    code = f"import sys, tumen; print(*[m for m in {heavy} if m in sys.modules])"
    assert _run(code) == ""


def test_errors_and_entities_cost_little() -> None:
    """Catching an error or making an entity needs no arithmetic either."""
    code = "import sys; from tumen import Entity, TumenError; print('numpy' in sys.modules)"
    assert _run(code) == "False"


def test_the_documented_example_works() -> None:
    """The lines at the head of the package, with a list of one."""
    code = """
from tumen import Screener
screener = Screener.from_entities(
    [{"id": "x", "schema": "Person", "properties": {"name": ["Kim Jong Un"]}}]
)
result = screener.screen({"schema": "Person", "properties": {"name": ["Kim Jong-un"]}})
for hit in result.hits:
    print(hit.score > 0.7, hit.entity_id, hit.sentence)
"""
    assert _run(code).startswith("True x Same ")


def test_type_checkers_are_told() -> None:
    """Without the mark, users' type checkers take everything for `Any`."""
    assert files("tumen").joinpath("py.typed").is_file()


def test_the_version_is_that_of_the_package() -> None:
    """Reports name the version that made them."""
    from importlib.metadata import version

    assert tumen.__version__ == version("tumen")
