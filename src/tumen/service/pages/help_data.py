"""What the pages of "How can we help?" show. Nothing of any case is among it."""

from __future__ import annotations

from dataclasses import dataclass

from tumen.cases.help import HelpRequest
from tumen.model.desk import DeskSettings, HelpKind
from tumen.service.help_desk.letters import next_step
from tumen.store.work import Work


@dataclass(frozen=True, slots=True)
class HelpView:
    """The desk as one reader may see it."""

    desk: DeskSettings
    may_ask: bool
    may_subscribe: bool

    @property
    def telephone(self) -> str:
        """The crisis telephone, for those who may ask."""
        return self.desk.crisis_telephone if self.may_ask else ""

    @property
    def telephone_link(self) -> str:
        """The same as telephones take it (RFC 3966)."""
        return "tel:" + "".join(one for one in self.telephone if one in "+0123456789")


_CALL = "The duty officer is called the moment you send this, and telephones you."


@dataclass(frozen=True, slots=True)
class Door:
    """One way to the desk: where it leads, what is written on it, what happens behind it."""

    kind: HelpKind
    about: str

    @property
    def promise(self) -> str:
        """What will happen after a request, for those who have not sent it yet."""
        return _CALL if self.kind is HelpKind.URGENT else next_step(self.kind)

    @property
    def next_step(self) -> str:
        """What happens after a request."""
        return next_step(self.kind)


DOORS = (
    Door(HelpKind.CLIENT, "You work with us and have a question about a payment, party or order."),
    Door(HelpKind.ADVICE, "You would like to know what the rules mean for what you plan."),
    Door(HelpKind.OTHER, "Anything else, praise and complaints too."),
    Door(
        HelpKind.URGENT,
        "A payment or shipment is under way, something must be frozen, or an authority waits.",
    ),
)
FIELDS = ("subject", "text", "name", "organisation", "email", "telephone")


def help_view(work: Work, *, is_known: bool) -> HelpView:
    """The desk as somebody sees it who is signed in, or is not."""
    desk = work.desk.current()
    may_read = is_known or desk.are_briefings_public
    return HelpView(desk, is_known or desk.is_help_public, may_read and bool(desk.public_url))


def kind_of(name: str) -> HelpKind | None:
    """The kind that stands in an address; None for any other word."""
    return next((one for one in HelpKind if one.value == name), None)


def request_of(kind: HelpKind, typed: dict[str, str]) -> HelpRequest:
    """A request as it was typed into the form."""
    clean = {name: typed.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    return HelpRequest(kind, **clean)
