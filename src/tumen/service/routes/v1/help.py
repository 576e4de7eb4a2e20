"""Asking the desk for help, and the settings of the desk."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, Field

from tumen.cases.help import LONGEST_FIELD, LONGEST_SUBJECT, LONGEST_TEXT, HelpRequest
from tumen.errors import ConflictError
from tumen.model.desk import DeskSettings, HelpKind, Topic
from tumen.service.access.admission import note
from tumen.service.access.people import actor_of
from tumen.service.help_desk.desk import count_sending, help_desk_of
from tumen.service.help_desk.letters import next_step
from tumen.service.help_desk.receiving import take_request
from tumen.service.help_desk.setting import set_settings
from tumen.service.problems import ProblemError
from tumen.service.routes.v1.needs import (
    Administrator,
    Reader,
    Repeatable,
    Strict,
    TheApi,
    example,
    now_utc,
    router_of,
)

router = router_of("Help desk")
_Field = Annotated[str, Field(max_length=LONGEST_FIELD)]


class TopicShape(BaseModel):
    """Something that readers of briefings may want to hear of."""

    key: Annotated[str, Field(max_length=60, examples=["shipping"])]
    name: Annotated[str, Field(max_length=200, examples=["Shipping"])]
    about: Annotated[str, Field(max_length=200)] = ""


class HelpBody(Strict):
    """A request for help: with an e-mail address or a telephone number to answer to."""

    model_config = example(
        kind="advice",
        subject="A shipment to Rason",
        text="The forwarder asks us to change the consignee. May we?",
        email="mina@client.example",
    )

    kind: HelpKind
    subject: Annotated[str, Field(max_length=LONGEST_SUBJECT)]
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]
    name: _Field = ""
    email: _Field = ""
    telephone: _Field = ""
    organisation: _Field = ""


class ReceivedShape(BaseModel):
    """What became of a request. The reference is for whoever asked."""

    reference: str
    case_id: str
    priority: str
    due_at: datetime | None
    next_step: str


class DeskShape(BaseModel):
    """What is said of the desk. `version` 0 means that nobody has set anything yet."""

    version: int
    name: str
    crisis_telephone: str
    is_help_public: bool
    are_briefings_public: bool
    public_url: str
    topics: list[TopicShape]
    time_zone: str
    holidays: list[date]


class DeskBody(Strict):
    """What is to be said of the desk from now on; `seen` is the version that was looked at."""

    model_config = example(
        seen=0,
        name="Trade compliance desk",
        crisis_telephone="+44 20 7946 0000",
        public_url="https://desk.example",
        topics=[{"key": "shipping", "name": "Shipping"}],
        time_zone="Europe/London",
    )

    seen: Annotated[int, Field(ge=0, le=1_000_000)]
    name: Annotated[str, Field(max_length=200)]
    crisis_telephone: Annotated[str, Field(max_length=40)] = ""
    is_help_public: bool = False
    are_briefings_public: bool = False
    public_url: Annotated[str, Field(max_length=200)] = ""
    topics: Annotated[list[TopicShape], Field(min_length=1, max_length=40)]
    time_zone: Annotated[str, Field(max_length=60)] = "UTC"
    holidays: Annotated[tuple[date, ...], Field(max_length=400)] = ()


@router.post(
    "/help",
    response_model=ReceivedShape,
    status_code=201,
    summary="Ask for help",
    dependencies=[Repeatable],
)
def ask_for_help(body: HelpBody, request: Request, caller: Reader, api: TheApi) -> Any:
    """Open a case for a request. Strangers have the page `/help`, where that is allowed."""
    count_sending(request)
    with api.store.writing() as work:
        wanted = HelpRequest(**body.model_dump())
        received = take_request(work, wanted, actor_of(caller), now_utc())
    help_desk_of(request).rounds.nudge()
    case = received.case
    note(request.scope, object=case.case_id)
    return {
        "reference": received.reference,
        "case_id": case.case_id,
        "priority": case.priority.value,
        "due_at": case.due_at,
        "next_step": next_step(body.kind),
    }


@router.get("/desk/settings", response_model=DeskShape, summary="Settings of the desk")
def show_settings(_: Reader, api: TheApi) -> Any:
    """The name, the crisis telephone, the topics and what strangers may do."""
    with api.store.reading() as work:
        last = work.desk.last()
    return _shown(last.version, last.settings) if last else _shown(0, DeskSettings())


@router.put(
    "/desk/settings",
    response_model=DeskShape,
    summary="Set what is said of the desk",
    dependencies=[Repeatable],
)
def put_settings(body: DeskBody, caller: Administrator, api: TheApi) -> Any:
    """Put settings in force. Those before are kept, with who set them."""
    given = body.model_dump(exclude={"seen", "topics", "holidays"})
    topics = tuple(Topic(**one.model_dump()) for one in body.topics)
    wanted = DeskSettings(**given, topics=topics, holidays=body.holidays)
    try:
        with api.store.writing() as work:
            version = set_settings(work, wanted, actor_of(caller), now_utc(), seen=body.seen)
    except ConflictError as error:
        raise ProblemError("conflict", str(error)) from error
    return _shown(version, wanted)


def _shown(version: int, settings: DeskSettings) -> dict[str, Any]:
    return {"version": version, **asdict(settings)}
