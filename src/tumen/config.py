"""The only reader of the environment: where data, store and policy are.

`TUMEN_HOME` is the data directory (default `~/.local/share/tumen`), `TUMEN_STORE` the URL of
the store (default an SQLite file in it), `TUMEN_POLICY` a policy file (default `policy.yml` in
it, if there is one).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tumen.errors import RequestError


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are. No file is made by reading this."""

    home: Path
    store_url: str
    policy_file: Path | None = None

    @property
    def snapshots(self) -> Path:
        """The folder of the matching snapshots derived from list versions."""
        return self.home / "snapshots"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment gives.

    Raises RequestError where `TUMEN_POLICY` names a file that is not there: the built-in
    policy must not step in for it.
    """
    if environ is None:
        import os

        environ = os.environ
    data = Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    home = Path(environ.get("TUMEN_HOME") or data / "tumen").expanduser().absolute()
    store_url = environ.get("TUMEN_STORE") or f"sqlite:///{home / 'tumen.db'}"
    given = environ.get("TUMEN_POLICY", "")
    policy_file = Path(given).expanduser() if given else home / "policy.yml"
    if policy_file.is_file():
        return Settings(home, store_url, policy_file)
    if given:
        raise RequestError(f"TUMEN_POLICY names {policy_file}, which is not there")
    return Settings(home, store_url)
