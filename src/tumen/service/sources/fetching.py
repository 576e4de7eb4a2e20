"""Reads what a manifest names: local paths, `file://` and http addresses; whole, or not at all."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import orjson
import yaml

from tumen.errors import SourceError

_PAGE_STARTS = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long an address may be silent, how long it may take in all, and how much it may send."""

    timeout_seconds: float = 30.0
    total_seconds: float = 3600.0
    max_bytes: int = 16 << 30
    attempts: int = 3


def local_path(address: str) -> Path | None:
    """The path that an address means; None where it is one of the network."""
    parts = urlsplit(address)
    if parts.scheme.lower() in ("", "file"):
        return Path(unquote(parts.path) if parts.scheme else address)
    return None


def read_document(address: str, token: str = "", bounds: Bounds | None = None) -> Any:
    """The YAML or JSON at an address. Raises SourceError where it cannot be had or read."""
    content = _read(address, token, bounds or Bounds())
    try:
        if address.lower().endswith(".json"):
            return orjson.loads(content)
        return yaml.safe_load(content)
    except (orjson.JSONDecodeError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise SourceError(f"It cannot be read ({error})", where=address) from error


def save(address: str, place: Path, token: str = "", bounds: Bounds | None = None) -> str:
    """Save what is at an address as `place`; gives its SHA-1.

    `place` appears whole or not at all. Raises SourceError where it cannot be had whole.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(place.name + ".new")
    digest = hashlib.sha1(usedforsecurity=False)
    try:
        with fresh.open("wb") as file:
            for chunk in _chunks(address, token, bounds or Bounds()):
                digest.update(chunk)
                file.write(chunk)
        os.replace(fresh, place)
    except OSError as error:
        raise SourceError(f"It cannot be saved ({error})", where=address) from error
    finally:
        fresh.unlink(missing_ok=True)
    return digest.hexdigest()


def _read(address: str, token: str, bounds: Bounds) -> bytes:
    for attempt in range(bounds.attempts):
        try:
            return b"".join(_chunks(address, token, bounds))
        except SourceError:
            if local_path(address) is not None or attempt + 1 == bounds.attempts:
                raise
            time.sleep(0.5 * 2**attempt)
    raise SourceError("It was never tried", where=address)


def _chunks(address: str, token: str, bounds: Bounds) -> Iterator[bytes]:
    path = local_path(address)
    if path is None:
        yield from _download(address, token, bounds)
        return
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                yield chunk
    except OSError as error:
        raise SourceError(f"File not found: {path} ({error.strerror})", where=address) from error


def _download(address: str, token: str, bounds: Bounds) -> Iterator[bytes]:
    started, size = time.monotonic(), 0
    with _answer(address, token, bounds) as response:
        for chunk in response.iter_bytes():
            if not size and chunk[:100].lstrip().lower().startswith(_PAGE_STARTS):
                raise SourceError("The server sent a web page", where=address)
            size += len(chunk)
            if size > bounds.max_bytes:
                raise SourceError(f"It is larger than {bounds.max_bytes:,} bytes", where=address)
            if time.monotonic() - started > bounds.total_seconds:
                raise SourceError("The server takes too long", where=address)
            yield chunk


@contextmanager
def _answer(address: str, token: str, bounds: Bounds) -> Iterator[httpx.Response]:
    headers = {"Authorization": f"Token {token}"} if token else {}
    try:
        with (
            httpx.Client(follow_redirects=True, timeout=bounds.timeout_seconds) as client,
            client.stream("GET", address, headers=headers) as response,
        ):
            if response.status_code != 200:
                raise SourceError(f"The server answered {response.status_code}", where=address)
            yield response
    except httpx.HTTPError as error:
        problem = str(error) or type(error).__name__
        raise SourceError(f"It cannot be fetched ({problem})", where=address) from error
    except httpx.InvalidURL as error:
        raise SourceError(f"This is no address ({error})", where=address) from error
