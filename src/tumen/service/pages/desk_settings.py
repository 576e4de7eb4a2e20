"""Settings of the desk, for an administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Form, Request, Response

from tumen.errors import ConflictError, RequestError, StoreError
from tumen.model.desk import DeskSettings, Topic
from tumen.service.access.people import actor_of
from tumen.service.help_desk.setting import problems_of, set_settings
from tumen.service.pages.frame import page_router, redirect, render
from tumen.service.pages.typed import Typed
from tumen.service.routes.v1.needs import Administrator, TheApi, now_utc
from tumen.store.work import Work

router = page_router("Settings")
_PLAIN = ("name", "crisis_telephone", "public_url", "time_zone")
_BOXES = ("is_help_public", "are_briefings_public")


@dataclass(frozen=True, slots=True)
class SettingsView:
    """What is in force, since when and by whom, and what waits to be sent."""

    version: int
    told: str
    letters: dict[str, int]


@router.get("/desk/settings")
def show(request: Request, _: Administrator, api: TheApi) -> Response:
    """What is in force, in the form."""
    with api.store.reading() as work:
        typed = typed_of(work.desk.current())
    return _form(request, api, typed)


@router.post("/desk/settings")
def change(
    request: Request,
    caller: Administrator,
    api: TheApi,
    seen: Annotated[int, Form(ge=0, le=1_000_000)],
    typed: Typed,
) -> Response:
    """Put other settings in force."""
    wanted, faults = settings_of(typed)
    faults = {**problems_of(wanted), **faults}
    if faults:
        return _form(request, api, typed, status=422, faults=faults, seen=seen)
    try:
        with api.store.writing() as work:
            set_settings(work, wanted, actor_of(caller), now_utc(), seen=seen)
    except StoreError:
        raise
    except RequestError as error:
        status = 409 if isinstance(error, ConflictError) else 422
        return _form(request, api, typed, status=status, refusal=str(error), seen=seen)
    return redirect("/desk/settings", say="The settings are in force")


def typed_of(settings: DeskSettings) -> dict[str, str]:
    """Settings as the form shows them: a topic or a day on each line."""
    typed = {name: str(getattr(settings, name)) for name in _PLAIN}
    typed |= {name: "yes" for name in _BOXES if getattr(settings, name)}
    topics = (" | ".join((one.key, one.name, one.about)) for one in settings.topics)
    return typed | {
        "topics": "\n".join(topics),
        "holidays": "\n".join(one.isoformat() for one in settings.holidays),
    }


def settings_of(typed: dict[str, str]) -> tuple[DeskSettings, dict[str, str]]:
    """Settings as they were typed, and what of it could not be read: field → what to do."""
    days, odd = list[date](), list[str]()
    for line in typed.get("holidays", "").split():
        try:
            days.append(date.fromisoformat(line))
        except ValueError:
            odd.append(line[:20])
    lines = [line for line in typed.get("topics", "").splitlines() if line.strip()]
    boxes = {name: typed.get(name) == "yes" for name in _BOXES}
    plain = {name: typed.get(name, "").strip() for name in _PLAIN}
    wanted = DeskSettings(
        **{**plain, **boxes},  # type: ignore[arg-type]
        topics=tuple(map(_topic, lines)),
        holidays=tuple(sorted(set(days))),
    )
    fault = {"holidays": f"{odd[0]!r} is no day: write 2026-12-25"} if odd else {}
    return wanted, fault


def _topic(line: str) -> Topic:
    key, name, about = [*(part.strip() for part in line.split("|", 2)), "", ""][:3]
    return Topic(key, name or key, about)


def _form(
    request: Request,
    api: TheApi,
    typed: dict[str, str],
    *,
    status: int = 200,
    seen: int | None = None,
    **told: Any,
) -> Response:
    with api.store.reading() as work:
        view = _view(work)
    shown = {"faults": {}, "refusal": "", **told}
    seen = view.version if seen is None else seen
    return render(
        request, "help/settings.html", status=status, view=view, typed=typed, seen=seen, **shown
    )


def _view(work: Work) -> SettingsView:
    last = work.desk.last()
    told = f"Set by {last.set_by}, {last.set_at:%Y-%m-%d %H:%M} UTC" if last else "Not set yet"
    letters = {status.value: count for status, count in work.letters.counts().items()}
    return SettingsView(last.version if last else 0, told, letters)
