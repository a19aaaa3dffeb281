"""Which characters an expression cannot do without: most are not worth looking for in most clauses."""

from __future__ import annotations

import re
import sre_parse
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, cast

ALL: frozenset[str] = frozenset()
"""Stands for: nothing is known to be needed."""
MOST = 40
"""A larger set of characters is found in nearly every clause, and not worth its check."""


@dataclass(frozen=True)
class Expression:
    """An expression, and characters of which every match has at least one in each set."""

    pattern: re.Pattern[str]
    needs: tuple[frozenset[str], ...]

    def may_match(self, characters: Collection[str]) -> bool:
        """Whether it is worth looking in a clause of these characters."""
        for needed in self.needs:  # noqa: SIM110 (a generator costs more than all the checks: this is asked most of all)
            if needed.isdisjoint(characters):
                return False
        return True


def compiled(expression: str) -> Expression:
    """An expression with what it needs."""
    needs = _of_sequence(cast("Iterable[Any]", sre_parse.parse(expression)))
    return Expression(re.compile(expression), tuple(sorted(needs, key=len)))


def _of_sequence(sequence: Iterable[Any]) -> list[frozenset[str]]:
    """What each part of a sequence needs; parts that need nothing are left out."""
    return [needed for kind, what in sequence for needed in _of_part(str(kind), what)]


def _of_part(kind: str, what: Any) -> list[frozenset[str]]:
    if kind == "LITERAL":
        return [frozenset(chr(what))]
    if kind == "IN":
        return _known(_of_class(what))
    if kind == "BRANCH":
        return _known(_of_branches([_of_sequence(branch) for branch in what[1]]))
    if kind == "SUBPATTERN":
        return _of_sequence(what[3])
    if kind in ("MAX_REPEAT", "MIN_REPEAT"):
        least, _, repeated = what
        return _of_sequence(repeated) if least else []
    return []


def _of_class(members: Iterable[Any]) -> frozenset[str]:
    found: set[str] = set()
    for kind, what in members:
        if str(kind) == "LITERAL":
            found.add(chr(what))
        elif str(kind) == "RANGE" and what[1] - what[0] < MOST:
            found.update(chr(code) for code in range(what[0], what[1] + 1))
        else:
            return ALL
    return frozenset(found)


def _of_branches(branches: list[list[frozenset[str]]]) -> frozenset[str]:
    """One character of each branch is enough, if each needs any."""
    if not all(branches):
        return ALL
    return frozenset().union(*(min(needs, key=len) for needs in branches))


def _known(needed: frozenset[str]) -> list[frozenset[str]]:
    return [needed] if 0 < len(needed) <= MOST else []
