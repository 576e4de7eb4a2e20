"""What a notice is to those who carry it, and what can go wrong on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tumen.errors import TumenError
from tumen.model.watching import Channel, Event, Subscription


@dataclass(frozen=True, slots=True)
class Notice:
    """One delivery with what it tells. Its id is the same at every attempt to send it."""

    delivery_id: str
    subscription: Subscription
    events: tuple[Event, ...]


class DeliveryError(TumenError):
    """A notice did not get through.

    `is_final`: another attempt would fare no better. `ends_subscription`: its receiver wants
    no more notices. `is_unreachable`: others to the same place would fare the same just now.
    `asked_seconds`: how long the receiver asked to wait at least.
    """

    def __init__(
        self,
        problem: str,
        *,
        is_final: bool = False,
        ends_subscription: bool = False,
        is_unreachable: bool = False,
        asked_seconds: float = 0.0,
    ) -> None:
        self.is_final = is_final or ends_subscription
        self.ends_subscription = ends_subscription
        self.is_unreachable = is_unreachable
        self.asked_seconds = asked_seconds
        super().__init__(problem)


class Transport(Protocol):
    """One way to a reader."""

    def send(self, notice: Notice, at: datetime) -> None:
        """Hand the notice over; returning means that the other side has it.

        Raises DeliveryError where it did not get through.
        """


Transports = Mapping[Channel, Transport]
