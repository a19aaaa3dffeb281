"""A generated claimant ends in the right ticket, the right refusal, or with a person.

`CLAIMANT_SEED` and `CLAIMANT_TALKS` choose other talks; `make test-long` runs 500.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from tests.conftest import NOON, Shop
from tests.dialogues.claimant import Claimant
from tests.dialogues.goals import make_goal

TALKS = int(os.environ.get("CLAIMANT_TALKS") or (500 if os.environ.get("TEST_LONG") else 60))
SEED = int(os.environ.get("CLAIMANT_SEED") or 20261122)
RIGHT = ("ticket", "refused", "person")
LEAST = 0.95
MOST_PERSONS = 0.15
"""A person is always right, but a bot that calls one for everybody has understood nothing."""


async def test_a_claimant_gets_what_policy_grants(new_shop: Callable[[datetime], Shop]) -> None:
    ends: Counter[str] = Counter()
    failed = []
    for number in range(TALKS):
        chance = random.Random(SEED * 1000 + number)
        shop = new_shop(NOON)
        try:
            claimant = Claimant(chance, await make_goal(chance, shop), shop)
            end = await claimant.go()
        finally:
            await shop.worker.drain()
            await shop.services.database.dispose()
        ends[end] += 1
        if end not in RIGHT:
            goal = claimant.goal
            failed.append(f"--- {number}: {end} ({goal.cause}, {goal.order.tail})\n" + "\n".join(claimant.talk))
    report = "\n".join([f"seed {SEED}: {dict(ends)}", *failed])
    print(report)
    assert sum(ends[end] for end in RIGHT) >= LEAST * TALKS, report
    assert ends["person"] <= MOST_PERSONS * TALKS, report
