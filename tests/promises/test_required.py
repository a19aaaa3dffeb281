"""An expression is passed over only where it could not have matched."""

from __future__ import annotations

from bot.promises.clauses import PlainText
from bot.promises.words import words
from tests.promises.evaluation import written

EVERY = 4
"""Of so many clauses one is tried: all with all expressions would take half a minute."""


def test_no_match_is_passed_over() -> None:
    clauses = sorted({clause.text for _, _, text in written() for clause in PlainText(text).clauses()})[::EVERY]
    characters = [(clause, set(clause)) for clause in clauses]
    passed_over = 0
    for expression in (each for kind in words().kinds.values() for each in kind):
        for clause, signs in characters:
            if not expression.may_match(signs):
                passed_over += 1
                assert expression.pattern.search(clause) is None, (clause, expression.pattern.pattern)
    assert passed_over > len(clauses), "most are"
