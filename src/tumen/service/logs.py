"""One line of JSON per event, on standard output."""

from __future__ import annotations

import logging
import sys

import orjson
import structlog
from structlog.types import EventDict


def configure_logs(*, is_quiet: bool = False) -> None:
    """Write our events as JSON lines; with `is_quiet` only what needs attention."""
    level = logging.WARNING if is_quiet else logging.INFO
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_dump),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")


def _dump(event: EventDict, **given: object) -> bytes:
    return orjson.dumps(event, default=given.get("default") or str)  # type: ignore[arg-type]
