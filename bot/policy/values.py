"""The kinds of value that stand in a rule pack, and what all its parts have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConstrainedInt


class Yuan(Decimal):
    """Money in a pack: a string with two decimals, because a YAML float would lose fen."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Yuan]]:
        yield cls.validate

    @classmethod
    def validate(cls, value: Any) -> Yuan:
        """The amount; ValueError unless it is a string such as "20.00"."""
        if not isinstance(value, str) or not re.fullmatch(r"\d+\.\d{2}", value, re.ASCII):
            raise ValueError(f'{value!r} is not yuan in quotes with two decimals, such as "20.00"')
        return cls(value)


class Rate(Decimal):
    """A share between 0 and 1, written as a string."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], Rate]]:
        yield cls.validate

    @classmethod
    def validate(cls, value: Any) -> Rate:
        """The share; ValueError unless it is a string such as "0.05"."""
        if not isinstance(value, str) or not re.fullmatch(r"0\.\d+|1(\.0+)?", value, re.ASCII):
            raise ValueError(f'{value!r} is not a share in quotes, such as "0.05"')
        return cls(value)

    @property
    def percent(self) -> str:
        """As people write it: 5 for 0.05."""
        return f"{(self * 100).normalize():f}"


class Count(ConstrainedInt):
    """A whole number above 0 (hours or days)."""

    strict = True
    gt = 0


def keyed_by(given: Any, wanted: Iterable[str], optional: Iterable[str] = ()) -> Any:
    """The mapping as it is; ValueError naming the keys that it lacks or that nobody knows."""
    if not isinstance(given, Mapping):
        raise ValueError("needs keys with values")
    needed = set(wanted)
    missing, unknown = needed - set(given), set(given) - needed - set(optional)
    if missing or unknown:
        wrong = [("missing", missing), ("unknown", unknown)]
        raise ValueError("; ".join(f"{what}: {', '.join(sorted(map(str, keys)))}" for what, keys in wrong if keys))
    return given


class Section(BaseModel):
    """A part of a pack: nothing unknown in it, nothing changed later."""

    class Config:
        extra = "forbid"
        frozen = True
