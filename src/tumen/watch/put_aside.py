"""Files that must not be taken over: kept where a person can look at them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from hashlib import file_digest, sha256
from pathlib import Path

# Where the list that a file belongs to is not known.
NO_LIST = "unknown"


def bytes_hash(paths: Iterable[Path]) -> str:
    """SHA-256 over files as they lie there: of the one, or of the sorted hashes of several."""
    digests = []
    for path in paths:
        with path.open("rb") as file:
            digests.append(file_digest(file, "sha256").digest())
    digests.sort()
    return digests[0].hex() if len(digests) == 1 else sha256(b"".join(digests)).hexdigest()


def put_aside(folder: Path, list_id: str, paths: Sequence[Path], content_hash: str) -> Path:
    """Copies of files in a folder of their own, which appears whole or not at all.

    The folder is named by the bytes, so that a second time changes nothing.
    """
    place = folder / (list_id or NO_LIST) / content_hash[:12]
    if place.is_dir():
        return place
    part = place.with_name(f".{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for path in paths:
        shutil.copyfile(path, part / path.name)
    os.replace(part, place)
    return place
