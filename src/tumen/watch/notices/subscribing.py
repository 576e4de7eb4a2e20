"""Making a subscription: its id, its feed's token or its webhook's secret, and its checks."""

from __future__ import annotations

import secrets
from dataclasses import replace

from tumen.errors import RequestError
from tumen.model.countries import read_country
from tumen.model.watching import Channel, Schedule, Subscription
from tumen.watch.notices.mail import parse_address
from tumen.watch.notices.webhook import check_secret, new_secret, parse_url
from tumen.watch.notices.wording import one_line


def prepared(wanted: Subscription) -> Subscription:
    """The subscription with a fresh id and, where its channel needs one, token or secret.

    Countries may be named or coded; they become codes. Raises RequestError where its terms
    make no sense.
    """
    _check(wanted)
    countries = tuple(dict.fromkeys(_country(text) for text in wanted.countries))
    made = replace(wanted, subscription_id=f"sub_{secrets.token_hex(8)}", countries=countries)
    if made.channel is Channel.ATOM:
        return replace(made, target=secrets.token_urlsafe(32))
    if made.channel is Channel.WEBHOOK and not made.secret:
        return replace(made, secret=new_secret())
    return made


def _check(wanted: Subscription) -> None:
    name = wanted.name
    if not name.strip() or one_line(name) != name:
        raise RequestError("A subscription needs a name of printable characters")
    if not 0 <= wanted.daily_hour <= 23:
        raise RequestError(f"{wanted.daily_hour} is no hour of the day: give 0 to 23 (UTC)")
    if wanted.channel is Channel.ATOM and wanted.schedule is not Schedule.INSTANT:
        raise RequestError("A feed has no schedule: its reader looks when it likes")
    if wanted.channel is Channel.EMAIL:
        parse_address(wanted.target)
    if wanted.channel is Channel.WEBHOOK:
        parse_url(wanted.target)
        if wanted.secret:
            check_secret(wanted.secret)


def _country(text: str) -> str:
    code = read_country(text)
    if code is None:
        raise RequestError(f"{text!r} is no country: give its name or code, such as kp")
    return code
