"""An expression is passed over only where it could not have matched."""

from __future__ import annotations

from bot.promises.clauses import PlainText
from bot.promises.words import words
from tests.promises.evaluation import sentences


def test_no_match_is_passed_over() -> None:
    clauses = {clause.text for sentence in sentences() for clause in PlainText(sentence.text).clauses()}
    passed_over = 0
    for expression in (each for kind in words().kinds.values() for each in kind):
        for clause in clauses:
            if not expression.may_match(set(clause)):
                passed_over += 1
                assert expression.pattern.search(clause) is None, (clause, expression.pattern.pattern)
    assert passed_over > len(clauses), "most are"
