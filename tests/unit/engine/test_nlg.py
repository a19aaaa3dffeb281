"""Rasa's way to the shop's texts: conditions, fields, no wording twice in a row, the domain's text as a last resort."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversation.turn import Turn, in_turn
from bot.engine.nlg import ShopTexts
from bot.errors import ShopError
from bot.texts import Texts

WORDINGS = """
utter_hello: [first hello, second hello, third hello]
utter_ask:
- which one
- {text: which one did you say, asking: again}
- {text: calm down, mood: angry}
utter_found: ["order {order_no} of {shop_name}, {count} pieces"]
utter_choose:
- text: choose
  buttons: [{title: This, payload: /this}]
"""
DOMAIN = Domain.from_yaml('version: "3.1"\nresponses:\n  utter_only_in_domain: [{text: plain}]\n')


@pytest.fixture
def nlg(tmp_path: Path) -> ShopTexts:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "words.yml").write_text(WORDINGS, encoding="utf-8")
    return ShopTexts(domain=DOMAIN, texts=Texts(tmp_path / "texts", {"shop_name": "Shop"}))


async def say(nlg: ShopTexts, key: str, **slots: Any) -> dict[str, Any] | None:
    """What is said under a key when these slots are set; `count` comes from the action."""
    defined = [AnySlot(name, mappings=[{}]) for name in slots]
    tracker = DialogueStateTracker.from_events("visitor", [SlotSet(*slot) for slot in slots.items()], slots=defined)
    return await nlg.generate(key, tracker, "rest", count=2)


async def test_fields_come_from_the_action_from_slots_and_from_the_shop(nlg: ShopTexts) -> None:
    assert await say(nlg, "utter_found", order_no="0101") == {"text": "order 0101 of Shop, 2 pieces", "buttons": []}


async def test_a_text_with_a_field_that_nobody_gave_is_not_said(nlg: ShopTexts) -> None:
    with pytest.raises(ShopError):
        await say(nlg, "utter_found")


async def test_buttons_of_a_wording_are_shown(nlg: ShopTexts) -> None:
    said = await say(nlg, "utter_choose")
    assert said == {"text": "choose", "buttons": [{"title": "This", "payload": "/this"}]}


async def test_a_question_that_comes_again_has_other_words(nlg: ShopTexts) -> None:
    first, again = await say(nlg, "utter_ask", asking="first"), await say(nlg, "utter_ask", asking="again")
    assert (first or {})["text"] == "which one"
    assert (again or {})["text"] == "which one did you say"


async def test_what_the_shop_has_no_words_for_is_said_in_the_domain_s(nlg: ShopTexts) -> None:
    assert await say(nlg, "utter_only_in_domain") == {"text": "plain"}
    assert await say(nlg, "utter_nowhere") is None


async def test_in_a_turn_the_mood_decides_and_no_wording_comes_twice_in_a_row(turn: Turn) -> None:
    nlg = ShopTexts(texts=turn.services.texts)
    with in_turn(turn):
        said = [(await say(nlg, "utter_greet") or {})["text"] for _ in range(6)]
    assert all(one != next_one for one, next_one in pairwise(said))
