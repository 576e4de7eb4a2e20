"""Measure everything, or some of it, and write docs/benchmarks.md: `python -m bench`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.data import BENCH, DATA, ROOT, MissingError, check_installed, found

PAGE = ROOT / "docs/benchmarks.md"
_PEERS = ("followthemoney", "nomenklatura", "ssb")


def main() -> int:
    """Run the parts asked for. 0 done, 2 where data or the peer is missing."""
    try:
        found(BENCH)
        found(DATA)
        check_installed(*_PEERS)
        from bench.parts import PARTS

        given = _arguments(list(PARTS))
        return _run(given)
    except MissingError as error:
        print(error, file=sys.stderr)
        return 2


def _arguments(parts: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", default="", help=f"some of: {','.join(parts)}")
    parser.add_argument("--quick", action="store_true", help="samples only; prints, writes nothing")
    given = parser.parse_args()
    given.parts = [part for part in given.only.split(",") if part] or parts
    if unknown := set(given.parts) - set(parts):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(parts)}")
    given.is_whole = given.parts == parts and not given.quick
    return given


def _run(given: argparse.Namespace) -> int:
    from bench.parts import PARTS
    from bench.report import describe_machine, render
    from bench.run import Run

    with tempfile.TemporaryDirectory(prefix="tumen-bench-") as scratch:
        run = Run(Path(scratch), is_quick=given.quick)
        sections = []
        for part in given.parts:
            run.say(f"== {part}")
            sections.append(PARTS[part](run))
    page = render(sections, describe_machine())
    if given.is_whole:
        PAGE.write_text(page, "utf-8")
        run.say(f"written: {PAGE}")
    else:
        print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
