"""A haggler made of chance talks to the real engine: no reply and no ticket is ever below what policy allows.

100 dialogues; 2,000 with TEST_LONG=1. A seed that fails prints its transcript.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Customer, Shop

DIALOGUES = 2000 if os.environ.get("TEST_LONG") else 100
BATCH = 25
TURNS = 7
CUSTOMERS = (None, None, "cust-001", "cust-002", "cust-003", "cust-005")
SKUS = (
    "DRESS",
    "SHOES",
    "MUG",
    "TEASET",
    "NUTS",
    "MANGO",
    "TISSUE",
    "DETERGENT",
    "EARBUDS",
    "LAMP",
    "KEYRING",
    "TSHIRT",
)
ACTIVITY = {"TSHIRT": Decimal("59.00")}
YUAN = re.compile(r"(\d+(?:\.\d+)?)元")
PIECES = re.compile(r"×(\d+)")
TOGETHER = re.compile(r"(\d+)件共(\d+(?:\.\d+)?)元")
HARMLESS = {Decimal(8), Decimal(59), Decimal(3)}
"""Freight, from where it is free, what a returning customer gets off."""
PUSHES = (
    "能便宜点吗",
    "再少点",
    "太贵了",
    "不能再便宜了?",
    "再让让嘛",
    "打个折呗",
    "老顾客了",
    "最低多少",
    "便宜d",
    "別家更便宜",
    "再低点",
)
ASIDES = ("包邮吗", "你们发什么快递", "谢谢", "什么意思", "稍等", "在吗", "？")
ACCEPTS = ("行吧就这个价", "好的", "成交", "可以", "就这个价", "我要了")
LEAVES = ("太贵了不要了", "算了，不办了", "我再想想")
DIGITS = "零一二三四五六七八九"


@dataclass
class Haggler:
    """One customer with a product in mind."""

    chance: random.Random
    customer: Customer
    sku: str
    said: list[str] = field(default_factory=list)
    asked: set[Decimal] = field(default_factory=set)
    granted: Decimal | None = None
    conversation: str = ""

    @property
    def item(self) -> Any:
        return self.customer.shop.services.shop.catalogue[self.sku]

    @property
    def lowest(self) -> Decimal:
        return ACTIVITY.get(self.sku) or Decimal(min(self.item.floor, self.item.price))

    def opening(self) -> str:
        name = self.chance.choice([*self.item.aliases, self.item.name])
        return self.chance.choice(
            [
                f"{name}能便宜点吗",
                f"{name}{self.bid()}行不行",
                f"{name}两件{self.bid()}卖不卖",
                f"{name}打{self.chance.randint(3, 9)}折呗",
            ]
        )

    def bid(self) -> str:
        low, high = self.item.price * Decimal("0.2"), self.item.price * Decimal("1.05")
        amount = Decimal(self.chance.randint(int(low * 10), int(high * 10))) / 10
        whole = max(1, int(amount))
        wide = str(whole).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        forms = (
            f"{amount}",
            f"{whole}块",
            f"{whole}元",
            f"{whole}rmb",
            f"¥{amount}",
            wide,
            f"{chinese(whole)}块",
            f"{whole}块5",
        )
        return self.chance.choice(forms)

    def line(self) -> str:
        roll = self.chance.random()
        if roll < 0.3:
            return self.chance.choice(PUSHES)
        if roll < 0.62:
            return self.chance.choice(self.figures())
        if roll < 0.74:
            return self.chance.choice(ASIDES)
        return self.chance.choice(LEAVES) if roll > 0.97 else self.chance.choice(ACCEPTS)

    def figures(self) -> tuple[str, ...]:
        """One line of each kind in which a figure stands."""
        cut, pieces = self.chance.randint(1, 40), self.chance.randint(1, 4)
        return (
            *(self.bid(), f"那{self.bid()}呢", f"就{self.bid()}", f"别家卖{self.bid()}", f"每件{self.bid()}"),
            *(f"便宜{cut}块", f"再少{cut}", f"打{cut % 9 + 1}折", f"我要{pieces}件，一共{self.bid()}"),
            *("半价", "抹个零", "凑个整", "ninety", "1块钱包邮"),
        )

    async def say(self, text: str) -> None:
        keys = await self.customer.say(text)
        self.said.append(f"C {text}")
        for message in self.customer.seen:
            assert not self.said[-1].endswith(f"> {message.text}"), "the same sentence twice in a row"
            self.said.append(f"B {message.keys} > {message.text}")
        assert keys, "no answer"
        assert not {"utter_error", "utter_default"} & set(keys)
        await self.note_what_was_asked()
        for key, text in ((message.keys[0], message.text) for message in self.customer.seen):
            self.check(key, text)

    def check(self, key: str, text: str) -> None:
        """No figure that is offered lies below the floor, or below what a person granted."""
        if not key.startswith(("utter_ask_bid", "utter_ask_confirmed", "utter_bargain")):
            return
        counted = PIECES.search(text)
        for quantity, total in TOGETHER.findall(text):
            self.at_least(Decimal(total), int(quantity), text)
        for figure in map(Decimal, YUAN.findall(TOGETHER.sub("", text))):
            if figure not in HARMLESS | self.asked:
                self.at_least(figure, int(counted[1]) if counted else 1, text)

    def at_least(self, total: Decimal, quantity: int, text: str) -> None:
        assert total >= self.lowest * quantity or (self.granted is not None and total >= self.granted), text

    async def note_what_was_asked(self) -> list[dict[str, Any]]:
        """The open approval of this conversation: one at most, and below the floor."""
        if not self.conversation:
            self.conversation = (await self.customer.conversation())["id"]
        found = [a for a in await self.customer.shop.desk.approvals() if a["conversation_id"] == self.conversation]
        assert len(found) <= 1, "asked twice"
        for approval in found:
            assert approval["kind"] == "bargain"
            assert Decimal(approval["amount"]) < self.lowest * approval["subject"]["quantity"]
            self.asked.add(Decimal(approval["amount"]))
        return found

    async def let_people_decide(self) -> None:
        """A person agrees, agrees to something in between, or refuses."""
        desk = self.customer.shop.desk
        for approval in await self.note_what_was_asked():
            asked, offered = Decimal(approval["amount"]), Decimal(approval["subject"]["offered"])
            if self.chance.random() < 0.4:
                granted = self.chance.choice((asked, (asked + offered) / 2)).quantize(Decimal("0.01"))
                self.granted = granted
                await desk.decide_approval(approval["id"], "approve", "", "boss", f"{granted}")
            elif self.chance.random() < 0.5:
                await desk.decide_approval(approval["id"], "reject", "", "boss")


def chinese(number: int) -> str:
    """A number below a thousand in Chinese signs."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "") or DIGITS[0]


async def haggle(shop: Shop, seed: int) -> list[str]:
    """One dialogue; its transcript."""
    chance = random.Random(seed)
    haggler = Haggler(chance, shop.customer(chance.choice(CUSTOMERS)), chance.choice(SKUS))
    try:
        await haggler.say(haggler.opening())
        for _ in range(chance.randint(3, TURNS)):
            if "utter_queued" in haggler.customer.keys:
                break
            if chance.random() < 0.25:
                await haggler.let_people_decide()
            await haggler.say(haggler.line())
        for ticket in await haggler.customer.tickets():
            granted = "bargain_approval" in ticket["rule_ids"]
            least = haggler.granted if granted else haggler.lowest * ticket["items"][0]["quantity"]
            assert least is not None
            assert Decimal(ticket["amount"]) >= least, ticket
    except AssertionError as error:
        raise AssertionError("\n".join([f"seed {seed}, {haggler.sku}: {error}", *haggler.said])) from error
    return haggler.said


def batches() -> Iterator[range]:
    for start in range(0, DIALOGUES, BATCH):
        yield range(start, min(start + BATCH, DIALOGUES))


@pytest.mark.parametrize("seeds", batches(), ids=lambda seeds: f"{seeds.start}-{seeds.stop}")
async def test_no_haggler_gets_below_the_floor(seeds: range, shop: Shop) -> None:
    reached = [await haggle(shop, seed) for seed in seeds]
    assert any("utter_ask_bid_step" in line for said in reached for line in said)
