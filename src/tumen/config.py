"""The only reader of the environment: where data, store and policy are.

`TUMEN_HOME` is the data directory (default `~/.local/share/tumen`), `TUMEN_STORE` the URL of
the store (default an SQLite file in it), `TUMEN_POLICY` a policy file (default `policy.yml` in
it, if there is one).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path

from tumen.errors import RequestError
from tumen.watch.notices.settings import NoticeSettings


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


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """Single sign-on by OpenID Connect: whose tokens are good, and what they permit.

    `audience` must stand in a token's `aud`. `role_claim` is the dotted path of the claim that
    names groups or roles, `roles` says which of its values is which role of ours.
    """

    issuer: str
    client_id: str
    audience: str
    role_claim: str = "roles"
    roles: Mapping[str, str] = field(default_factory=dict)
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    leeway_seconds: int = 60


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """Who gets in, how often, and with how much. Rates are requests a second, 0 sets no limit."""

    oidc: OidcSettings | None = None
    rate_per_second: float = 2000.0
    rate_burst: int = 4000
    max_body_bytes: int = 10 << 20
    max_upload_bytes: int = 1 << 30
    is_metrics_public: bool = False


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Where the service listens, and on which terms.

    Bound to loopback and with no key, user or single sign-on it is open to this machine.
    `manifest` is a file or address that names the data instead of the store. Whoever knows
    `update_token` may ask for a new index. The store is looked at every `watch_seconds`, a
    manifest's sources every `reload_seconds`; `builds_apart` makes indexes in a process of
    their own. Several workers share what they count in `metrics_folder`.
    """

    base: Settings
    host: str = "127.0.0.1"
    port: int = 8000
    access: AccessSettings = field(default_factory=AccessSettings)
    manifest: str = ""
    update_token: str = ""
    watch_seconds: float = 2.0
    reload_seconds: float = 1800.0
    builds_apart: bool = True
    metrics_folder: str = ""

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def load_service_settings(
    environ: Mapping[str, str] | None = None, *, host: str = "", port: int | None = None
) -> ServiceSettings:
    """The settings of the service; `host` and `port` come before the environment's.

    Raises RequestError naming the variable that makes no sense.
    """
    if environ is None:
        import os

        environ = os.environ
    usual = AccessSettings()
    access = AccessSettings(
        oidc=_oidc(environ),
        rate_per_second=_number(environ, "TUMEN_RATE_PER_SECOND", usual.rate_per_second),
        rate_burst=int(_number(environ, "TUMEN_RATE_BURST", usual.rate_burst)),
        max_body_bytes=int(_number(environ, "TUMEN_MAX_BODY_BYTES", usual.max_body_bytes)),
        max_upload_bytes=int(_number(environ, "TUMEN_MAX_UPLOAD_BYTES", usual.max_upload_bytes)),
        is_metrics_public=environ.get("TUMEN_METRICS_PUBLIC", "") == "1",
    )
    return ServiceSettings(
        base=load_settings(environ),
        host=host or environ.get("TUMEN_HOST") or "127.0.0.1",
        port=int(_number(environ, "TUMEN_PORT", 8000)) if port is None else port,
        access=access,
        manifest=environ.get("TUMEN_MANIFEST", ""),
        update_token=environ.get("TUMEN_UPDATE_TOKEN", ""),
        watch_seconds=_number(environ, "TUMEN_WATCH_SECONDS", 2.0),
        reload_seconds=_number(environ, "TUMEN_RELOAD_SECONDS", 1800.0),
    )


def _oidc(environ: Mapping[str, str]) -> OidcSettings | None:
    issuer = environ.get("TUMEN_OIDC_ISSUER", "")
    if not issuer:
        return None
    client_id = environ.get("TUMEN_OIDC_CLIENT_ID", "")
    audience = environ.get("TUMEN_OIDC_AUDIENCE") or client_id
    if not audience:
        raise RequestError("TUMEN_OIDC_ISSUER needs TUMEN_OIDC_CLIENT_ID or TUMEN_OIDC_AUDIENCE")
    given = OidcSettings(issuer, client_id, audience, roles=_roles(environ))
    if claim := environ.get("TUMEN_OIDC_ROLE_CLAIM"):
        given = replace(given, role_claim=claim)
    if names := environ.get("TUMEN_OIDC_ALGORITHMS"):
        given = replace(given, algorithms=tuple(names.replace(",", " ").split()))
    return given


def _roles(environ: Mapping[str, str]) -> dict[str, str]:
    """`TUMEN_OIDC_ROLES` as `their-name=our-role, …`; without it their names must be ours."""
    pairs = [one.strip() for one in environ.get("TUMEN_OIDC_ROLES", "").split(",") if one.strip()]
    if odd := [one for one in pairs if "=" not in one]:
        raise RequestError(f"TUMEN_OIDC_ROLES: write {odd[0]!r} as their-name=our-role")
    parted = [one.rpartition("=") for one in pairs]
    return {theirs.strip(): ours.strip() for theirs, _, ours in parted}


def _number(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(name, "")
    try:
        found = float(text) if text else default
    except ValueError:
        raise RequestError(f"{name} is {text!r}; give a number") from None
    if found < 0:
        raise RequestError(f"{name} is {text}; give 0 or more")
    return found


def load_notice_settings(environ: Mapping[str, str] | None = None) -> NoticeSettings:
    """How notices are sent: by `TUMEN_SMTP_URL`, `TUMEN_MAIL_FROM`, `TUMEN_WEBHOOK_ALLOW` …

    Raises RequestError naming the variable that is neither yes nor no.
    """
    if environ is None:
        import os

        environ = os.environ
    return NoticeSettings(
        smtp_url=environ.get("TUMEN_SMTP_URL", ""),
        mail_from=environ.get("TUMEN_MAIL_FROM", ""),
        has_mail_details=_flag(environ, "TUMEN_MAIL_DETAILS"),
        webhook_allow=environ.get("TUMEN_WEBHOOK_ALLOW", ""),
        is_private_allowed=_flag(environ, "TUMEN_WEBHOOK_ALLOW_PRIVATE"),
    )


def _flag(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name, "").strip().casefold()
    if text in ("", "0", "no", "false"):
        return False
    if text in ("1", "yes", "true"):
        return True
    raise RequestError(f"{name} is {text!r}; give 1 or 0")


def account_name() -> str:
    """The account that runs this process, for the audit log; by the system, not by a variable."""
    try:
        import os
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        # No such database on Windows, no such user in a bare container.
        import getpass

        try:
            return getpass.getuser()
        except (OSError, KeyError, ImportError):
            return "unknown"
