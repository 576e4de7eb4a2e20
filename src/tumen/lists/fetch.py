"""Download a list from the addresses in its `list.yml`: whole, or not at all.

Files of one format are first all downloaded and only then put in place, so that a fault leaves
the files of the last good fetch together. Beside each file lies a hidden note (`.<name>.fetched`)
with what the server said of it, so that an unchanged file is not fetched again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import orjson

from tumen.errors import RequestError, SourceError
from tumen.lists.registry import ListInfo

Progress = Callable[[str, int, int | None], None]

_PAGE_STARTS = (b"<!doctype html", b"<html")
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_NOTED = ("etag", "last-modified")
_HEAD = 256
_LONGEST_WAIT = 60.0
# A server that is there takes the call within seconds; without a network each list waits so long.
_LONGEST_CONNECT = 15.0


class FetchStatus(StrEnum):
    """Whether there was anything new at an address."""

    FETCHED = "fetched"
    NOT_MODIFIED = "not modified"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file as it now lies on disk."""

    url: str
    path: Path
    status: FetchStatus
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Patience:
    """How often an address is tried, with waits that double, and how large a file may be.

    `timeout_seconds` is the longest silence, `total_seconds` the longest download: a server
    that sends a byte a minute is never silent.
    """

    attempts: int = 4
    wait_seconds: float = 2.0
    timeout_seconds: float = 60.0
    total_seconds: float = 1800.0
    max_bytes: int = 1 << 30


class _PassingError(SourceError):
    """A fault that may be gone at the next attempt, `after_seconds` at the earliest."""

    def __init__(self, problem: str, where: str, after_seconds: float = 0.0) -> None:
        super().__init__(problem, where=where)
        self.after_seconds = after_seconds


def fetch(
    info: ListInfo,
    into: Path,
    client: httpx.Client,
    *,
    progress: Progress = lambda _name, _done, _total: None,
    patience: Patience | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Fetched]:
    """The files of the list's first format, under `into/<list_id>/`.

    `progress` is told name, bytes so far and bytes in all (None where unknown). Raises
    SourceError naming the address where a file cannot be had whole, RequestError where the
    list has no addresses.
    """
    patience = patience or Patience()
    folder = into / info.id
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        downloads = []
        for url, name in addresses(info):
            download = _Download(url, folder / name, client, patience, progress)
            stack.callback(download.temporary.unlink, missing_ok=True)
            downloads.append((download, _try_often(download, sleep)))
        return [download.put_in_place(answer) for download, answer in downloads]


def addresses(info: ListInfo) -> list[tuple[str, str]]:
    """The addresses of the first format that has any, each with the name to save it under."""
    downloads = [download for download in info.urls if download.url]
    if not downloads:
        raise RequestError(f"{info.id} has no address to fetch from: load its files yourself")
    found = []
    for download in downloads:
        if download.format != downloads[0].format:
            continue
        if "{file}" in download.url:
            found += [(download.url.replace("{file}", name), name) for name in download.files]
        elif len(download.files) == 1 and "*" not in download.files[0]:
            found.append((download.url, download.files[0]))
        else:
            bare = urlsplit(download.url).path.rsplit("/", 1)[-1]
            found.append((download.url, bare or info.id))
    return found


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of one download; `note` is for the next time, empty where nothing is new."""

    fetched: Fetched
    note: bytes = b""


@dataclass(frozen=True, slots=True)
class _Download:
    """One address on its way to one file, by a temporary file beside it."""

    url: str
    path: Path
    client: httpx.Client
    patience: Patience
    progress: Progress

    @property
    def temporary(self) -> Path:
        return self.path.with_name(f".{self.path.name}.part")

    @property
    def note_path(self) -> Path:
        return self.path.with_name(f".{self.path.name}.fetched")

    def put_in_place(self, answer: _Answer) -> Fetched:
        if answer.fetched.status is FetchStatus.FETCHED:
            # Without its note a file is fetched anew, so a crash between these steps is safe.
            self.note_path.unlink(missing_ok=True)
            self.temporary.replace(self.path)
            self.note_path.write_bytes(answer.note)
        return answer.fetched

    def attempt(self) -> _Answer:
        old = _read_note(self)
        headers = {}
        if etag := old.get("etag"):
            headers["If-None-Match"] = etag
        if changed := old.get("last-modified"):
            headers["If-Modified-Since"] = changed
        with self._request(headers) as response:
            if response.status_code == httpx.codes.NOT_MODIFIED and headers:
                size = self.path.stat().st_size
                status = FetchStatus.NOT_MODIFIED
                return _Answer(Fetched(self.url, self.path, status, old["sha256"], size))
            _refuse_status(response, self.url)
            digest, size = self._save(response)
        note = {"url": self.url, "sha256": digest}
        note |= {name: response.headers[name] for name in _NOTED if name in response.headers}
        fetched = Fetched(self.url, self.path, FetchStatus.FETCHED, digest, size)
        return _Answer(fetched, orjson.dumps(note))

    @contextmanager
    def _request(self, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """The answer, with each fault of the network in our words."""
        seconds = self.patience.timeout_seconds
        connect = min(seconds, _LONGEST_CONNECT)
        timeout = httpx.Timeout(seconds, connect=connect)
        try:
            with self.client.stream(
                "GET", self.url, headers=headers, follow_redirects=True, timeout=timeout
            ) as response:
                yield response
        except httpx.ConnectTimeout as error:
            raise _PassingError(f"No connection within {connect:g} seconds", self.url) from error
        except httpx.TimeoutException as error:
            raise _PassingError(f"No answer within {seconds:g} seconds", self.url) from error
        except httpx.TransportError as error:
            raise _PassingError(f"The connection broke: {error}", self.url) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(f"It cannot be fetched: {error}", where=self.url) from error

    def _save(self, response: httpx.Response) -> tuple[str, int]:
        """Stream the body to the temporary file; its SHA-256 and size."""
        stated = response.headers.get("content-length", "")
        total = int(stated) if stated.isdigit() else None
        self._refuse_size(total or 0)
        digest, size, head = sha256(), 0, b""
        ends = time.monotonic() + self.patience.total_seconds
        with self.temporary.open("wb") as file:
            for chunk in response.iter_bytes():
                if len(head) < _HEAD:
                    head += chunk[:_HEAD]
                size += len(chunk)
                self._refuse_size(size)
                if time.monotonic() > ends:
                    text = f"Not whole after {self.patience.total_seconds:g} seconds"
                    raise _PassingError(text, self.url)
                file.write(chunk)
                digest.update(chunk)
                self.progress(self.path.name, response.num_bytes_downloaded, total)
        _refuse_page(response, head, self.url)
        if not size:
            raise _PassingError("The answer is empty", self.url)
        return digest.hexdigest(), size

    def _refuse_size(self, size: int) -> None:
        if size > self.patience.max_bytes:
            raise SourceError(
                f"It is larger than {self.patience.max_bytes:,} bytes", where=self.url
            )


def _try_often(download: _Download, sleep: Callable[[float], None]) -> _Answer:
    patience = download.patience
    for attempt in range(1, patience.attempts + 1):
        try:
            return download.attempt()
        except _PassingError as error:
            if attempt == patience.attempts:
                raise SourceError(
                    f"{error.problem} ({attempt} attempts)",
                    where=download.url,
                    mend="Try later, or download it by hand and load the file",
                ) from error
            sleep(max(patience.wait_seconds * 2 ** (attempt - 1), error.after_seconds))
    raise RequestError("Patience.attempts must be at least 1")


def _refuse_status(response: httpx.Response, url: str) -> None:
    """Raise for every answer but 200, and where a redirect gave up encryption."""
    code = response.status_code
    if url.startswith("https:") and response.url.scheme != "https":
        raise SourceError(f"It redirects to {response.url}, without encryption", where=url)
    if code == httpx.codes.TOO_MANY_REQUESTS or code >= 500:
        stated = response.headers.get("retry-after", "")
        wait = min(float(stated), _LONGEST_WAIT) if stated.isdigit() else 0.0
        raise _PassingError(f"The server answered {code} {response.reason_phrase}", url, wait)
    if code != httpx.codes.OK:
        raise SourceError(
            f"The server answered {code} {response.reason_phrase}",
            where=url,
            mend="See whether the publisher moved the file",
        )


def _refuse_page(response: httpx.Response, head: bytes, url: str) -> None:
    """Raise for a web page: publishers answer 200 with one when a file has moved."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if kind in _PAGE_TYPES or start.startswith(_PAGE_STARTS):
        raise SourceError(
            "The address gave a web page, not a list",
            where=url,
            mend="See whether the publisher moved the file",
        )


def _read_note(download: _Download) -> dict[str, str]:
    """What was noted of the file that lies there; empty where it is another file by now."""
    try:
        note = orjson.loads(download.note_path.read_bytes())
        data = download.path.read_bytes()
    except (FileNotFoundError, orjson.JSONDecodeError):
        return {}
    is_same = note.get("url") == download.url and note.get("sha256") == sha256(data).hexdigest()
    return dict(note) if is_same else {}
