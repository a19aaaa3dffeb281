"""A made-up customer with a claim: goal, order of telling, mood and missteps by chance."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.model import Attachment
from tests.conftest import Customer, Shop
from tests.dialogues.goals import COUNTED, INTENTS, Goal
from tests.dialogues.walks import ORDERS, PHONES

WORDS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "claimant.yml").read_text(encoding="utf-8"))
GOODS = {"lacking": "goods"}
REFUSED = {"utter_refused", "utter_missing_under_way", "utter_missing_other_parcel"}
PICTURE = Attachment("", "image/jpeg", "https://example.org/1.jpg")
MOST_TURNS = 25


@dataclass
class Claimant:
    """Talks until there is a ticket, a refusal or a person. `talk` is the transcript."""

    chance: random.Random
    goal: Goal
    shop: Shop
    talk: list[str] = field(default_factory=list)
    wrong_order: bool = False
    counted: bool = False

    def __post_init__(self) -> None:
        self.customer: Customer = self.shop.customer(None if self.goal.visitor else self.goal.customer)

    async def go(self) -> str:
        """How it ended: ticket, refused, person; or wrong ticket, refused wrongly, misled (other choices), lost."""
        keys = await self._open()
        for _ in range(MOST_TURNS):
            owner = (await self.customer.conversation())["owner"]
            tickets = await self.customer.tickets()
            if owner != "bot":
                return "person"
            if tickets:
                return self._judge(tickets)
            if REFUSED & set(keys) and not self.wrong_order:
                return "refused" if self.goal.ticket is None else "refused wrongly"
            try:
                keys = await self._react(keys)
            except AssertionError as misled:
                self.talk.append(str(misled)[:200])
                return "misled"
        return "lost"

    def _judge(self, tickets: list[dict[str, Any]]) -> str:
        wanted = self.goal.ticket
        fits = wanted is not None and len(tickets) == 1 and all(tickets[0][name] == wanted[name] for name in wanted)
        fits = fits and all(value in tickets[0]["reason"] for value in self.goal.instead.values())
        if not fits:
            self.talk.append(f"wanted {wanted} {dict(self.goal.instead)}\ngot    {tickets}")
        return "ticket" if fits else "wrong ticket"

    async def _open(self) -> list[str]:
        chance, parts = self.chance, [self._trouble()]
        if chance.random() < 0.4:
            parts.insert(chance.choice([0, 1]), self._order(wrong=not self.goal.visitor and chance.random() < 0.15))
        if self.goal.remedy and chance.random() < 0.3:
            parts.append(chance.choice(WORDS["wish"].get(self.goal.remedy.solution, [""])))
        if chance.random() < 0.2:
            parts.insert(0, chance.choice(WORDS["before"]))
        if chance.random() < 0.15:
            parts.insert(0, chance.choice(WORDS["angry"]))
        parts = [part for part in parts if part]
        if len(parts) > 1 and chance.random() < 0.2:
            await self._say(parts.pop(0))
        return await self._say(chance.choice(["，", " ", "。"]).join(parts))

    def _trouble(self) -> str:
        goal, chance = self.goal, self.chance
        named = goal.name if goal.sku and chance.random() < 0.7 else WORDS["something"][goal.cause]
        count = ""
        if goal.quantity in WORDS["counts"] and goal.cause in COUNTED and chance.random() < 0.7:
            count = chance.choice(WORDS["counts"][goal.quantity]) + WORDS["measure"]
        told = chance.choice(WORDS["trouble"][goal.cause])
        return str(told.format(item=named, n=count, instead=self._instead())).strip("，")

    def _instead(self) -> str:
        """The other kind in words; something vague where there is none, or where it is only told when asked."""
        goal, chance = self.goal, self.chance
        if not goal.instead or chance.random() < 0.3:
            return str(chance.choice(WORDS["another"]))
        return self._named_kind()

    def _named_kind(self) -> str:
        (aspect, value), *_ = self.goal.instead.items()
        return str(self.chance.choice(WORDS["instead"][aspect]).format(value=value))

    def _order(self, wrong: bool = False) -> str:
        goal, number = self.goal, self.goal.order.order_no
        if wrong:
            others = [no for no, raw in ORDERS.items() if raw["customer"] == goal.customer and no != number]
            self.wrong_order, number = True, self.chance.choice(others)
        named = WORDS["order"] if not goal.visitor else [text for text in WORDS["order"] if "{no}" in text]
        return str(self.chance.choice(named).format(no=number, tail=number[-4:]))

    async def _react(self, keys: list[str]) -> list[str]:
        chance = self.chance
        if self.wrong_order:
            self.wrong_order = False
            if REFUSED & set(keys):
                return await self._say(f"{self._order()}，{self._trouble()}")
            return await self._say(chance.choice(WORDS["mistaken"]).format(order=self._order()))
        if chance.random() < 0.12:
            return await self._say(chance.choice(WORDS[chance.choice(["aside", "again", "thanks"])]))
        asked = next((key for key in reversed(keys) if key.startswith("utter_ask_")), "")
        answer: Callable[[], Any] | None = getattr(self, f"_{asked.removeprefix('utter_ask_')}", None)
        if answer is not None:
            return await answer()  # type: ignore[no-any-return]
        return await self._choose_or_say_again()

    async def _choose_or_say_again(self) -> list[str]:
        """A question that this customer has no answer for, or no question at all."""
        with suppress(AssertionError):
            return await self._press(f"/{INTENTS[self.goal.cause]}")
        return await self._say(f"{self._order()}，{self._trouble()}")

    async def _order_no(self) -> list[str]:
        if self.chance.random() < 0.5:
            with suppress(AssertionError):  # only the newest are offered
                return await self._press({"order_no": self.goal.order.order_no})
        return await self._say(self._order())

    async def _order_no_visitor(self) -> list[str]:
        return await self._say(self._order())

    _order_no_none = _order_no_visitor

    async def _phone_tail(self) -> list[str]:
        return await self._say(PHONES[self.goal.customer][-4:])

    async def _item(self) -> list[str]:
        if self.goal.sku is None:
            return await self._press({"item": "all"})
        return await (self._press({"item": self.goal.sku}) if self.chance.random() < 0.5 else self._say(self.goal.name))

    async def _quantity(self) -> list[str]:
        count = self.chance.choice(WORDS["counts"].get(self.goal.quantity, [str(self.goal.quantity)]))
        return await self._say(count + self.chance.choice(["", WORDS["measure"]]))

    _quantity_missing = _quantity

    async def _item_missing(self) -> list[str]:
        return await (self._any_of("lacking") if self.goal.cause == "gift_missing" else self._item())

    async def _lacking(self) -> list[str]:
        return await (self._any_of("lacking") if self.goal.cause == "gift_missing" else self._press(GOODS))

    async def _received(self) -> list[str]:
        return await self._any_of("received")

    async def _wanted(self) -> list[str]:
        if self.chance.random() < 0.5:
            with suppress(AssertionError):  # only the nearest sizes are offered
                return await self._press({"wanted": dict(self.goal.instead)})
        return await self._say(self._named_kind())

    async def _any_of(self, slot: str) -> list[str]:
        """Press one of the buttons that answer with this fact; of what is lacking, a gift."""
        told = [value for value in await self.customer.choices() if slot in value]
        fitting = [value for value in told if value[slot] in self.goal.order.facts.promised_gifts()] or told
        return await self._press({slot: self.chance.choice(fitting)[slot]})

    async def _cause(self) -> list[str]:
        if self.goal.cause not in WORDS["cause"]:
            return await self._choose_or_say_again()
        return await self._say(self.chance.choice(WORDS["cause"][self.goal.cause]))

    async def _opened(self) -> list[str]:
        return await self._say(self.chance.choice(WORDS["opened"]))

    _opened_goods = _opened

    async def _intact(self) -> list[str]:
        return await self._say(self.chance.choice(WORDS["intact"]))

    async def _evidence(self) -> list[str]:
        return await (
            self._say("", PICTURE) if self.goal.picture else self._say(self.chance.choice(WORDS["no_picture"]))
        )

    async def _solution(self) -> list[str]:
        assert self.goal.remedy is not None
        solution = self.goal.remedy.solution
        if self.chance.random() < 0.5:
            return await self._press({"solution": solution})
        return await self._say(self.chance.choice(WORDS["wish"][solution]))

    _solution_out_of_stock = _solution

    async def _confirmed(self) -> list[str]:
        if self.chance.random() < 0.3:
            return await self._press({"confirmed": True})
        return await self._say(self.chance.choice(WORDS["agree"]))

    async def _say(self, text: str, *pictures: Attachment) -> list[str]:
        self.talk.append(f"客: {text}{'[图]' * len(pictures)}")
        return self._heard(await self.customer.say(text, pictures))

    async def _press(self, values: Mapping[str, Any] | str) -> list[str]:
        keys = await self.customer.press(values)
        self.talk.append(f"客: [{values}]")
        return self._heard(keys)

    def _heard(self, keys: list[str]) -> list[str]:
        self.talk += [f"  店: {message.text}  {message.keys}" for message in self.customer.seen]
        return keys
