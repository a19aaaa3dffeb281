"""Whether goods are as they were: what is asked for which kind of goods, and what the answers come to (R717-R722)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.policy.facts import LineFacts
from bot.policy.pack import RulePack
from bot.policy.sections import IntactQuestion, IntactStandard


@dataclass(frozen=True)
class Condition:
    """`intact` None: not every question has an answer. `failed`: questions answered with no; `open`: not answered."""

    intact: bool | None
    failed: tuple[str, ...]
    open: tuple[str, ...]
    rule_ids: tuple[str, ...]


def standards(lines: Iterable[LineFacts], pack: RulePack) -> tuple[IntactStandard, ...]:
    """The standard of each product: the first that names its category or a trait."""
    every = pack.intactness.standards
    found = [
        next(each for each in every if not each.kinds or {line.category, *line.traits} & set(each.kinds))
        for line in lines
    ]
    return tuple(standard for standard in every if standard in found)


def questions(lines: Iterable[LineFacts], pack: RulePack) -> tuple[IntactQuestion, ...]:
    """What a customer is asked about these goods, each question once."""
    wanted = {asked for standard in standards(lines, pack) for asked in standard.questions}
    return tuple(question for question in pack.intactness.questions if question.id in wanted)


def judge(answers: Mapping[str, bool], lines: Iterable[LineFacts], pack: RulePack) -> Condition:
    """What the answers (question id: yes or no) say; one no is enough, and then the rest need not be asked."""
    lines = tuple(lines)
    asked = [question.id for question in questions(lines, pack)]
    failed = tuple(each for each in asked if answers.get(each) is False)
    unanswered = tuple(each for each in asked if each not in answers)
    intact = False if failed else None if unanswered else True
    rules = dict.fromkeys(standard.rule for standard in standards(lines, pack))
    return Condition(intact, failed, unanswered, ("no_reason_condition", *rules))
