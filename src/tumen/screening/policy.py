"""A policy: which lists, which thresholds, and how old a list may be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tumen.errors import RequestError


@dataclass(frozen=True, slots=True)
class Policy:
    """Named, versioned choice of lists and thresholds.

    No `lists` means every list there is. The cut-off is never above the threshold and by
    default equal to it. `max_list_age_days` counts from the publisher's own date, or from
    retrieval where the list states none; None sets no limit, and old lists are only pointed
    out. A hit from the score `four_eyes_from` on is released by two people only; 0 means that
    every release takes two. Raises RequestError for values that make no sense.
    """

    name: str = "default"
    version: str = "1"
    lists: tuple[str, ...] = ()
    threshold: float = 0.70
    cutoff: float | None = None
    max_list_age_days: int | None = None
    four_eyes_from: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise RequestError(f"A threshold lies above 0 and up to 1, not {self.threshold}")
        if self.cutoff is not None and not 0 <= self.cutoff <= self.threshold:
            raise RequestError(
                f"The cut-off {self.cutoff} must lie from 0 to the threshold {self.threshold}"
            )
        if self.max_list_age_days is not None and self.max_list_age_days < 0:
            raise RequestError(f"A list cannot be {self.max_list_age_days} days old")
        if not 0 <= self.four_eyes_from <= 1:
            raise RequestError(f"Four eyes count from 0 to 1, not {self.four_eyes_from}")

    def __str__(self) -> str:
        return f"{self.name} {self.version}: threshold {self.threshold:g}, cut-off {self.floor:g}"

    @property
    def floor(self) -> float:
        """The score from which candidates are kept."""
        return self.threshold if self.cutoff is None else self.cutoff

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "name": self.name,
            "version": self.version,
            "lists": list(self.lists),
            "threshold": self.threshold,
            "cutoff": self.floor,
            "max_list_age_days": self.max_list_age_days,
            "four_eyes_from": self.four_eyes_from,
        }

    def screens_as(self, other: Policy) -> bool:
        """Whether both find the same; how many people decide does not alter what is found."""
        terms = {**self.to_dict(), "four_eyes_from": other.four_eyes_from}
        return terms == other.to_dict()


def load_policy(path: Path) -> Policy:
    """The policy in a YAML file. Raises RequestError naming the file and the field at fault."""
    import yaml
    from pydantic import BaseModel, ConfigDict, ValidationError

    class PolicyFile(BaseModel):
        model_config = ConfigDict(extra="forbid", strict=True)

        name: str
        version: str
        lists: list[str] = []
        threshold: float = 0.70
        cutoff: float | None = None
        max_list_age_days: int | None = None
        four_eyes_from: float = 0.0

    try:
        given = yaml.safe_load(path.read_text("utf-8"))
        read = PolicyFile.model_validate(given)
        values = {**read.model_dump(), "lists": tuple(read.lists)}
        return Policy(**values)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RequestError(f"{path}: the policy cannot be read ({error})") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'the file'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise RequestError(f"{path}: {faults}") from error
    except RequestError as error:
        raise RequestError(f"{path}: {error}") from error
