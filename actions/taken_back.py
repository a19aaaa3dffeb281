"""Just after a flow ended in nothing: it was about the wrong order or goods, and the customer names the right ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType

from actions import pointing
from actions.end import UNSETTLED, begin_first
from actions.heard import Heard, from_message
from actions.scene import Scene
from bot.conversation.turn import Turn
from bot.lexicon import lexicon

NAMING = ("order_no", "order_tail", "product")


async def take_up_again(turn: Turn, tracker: Tracker) -> list[EventType]:
    """Begin that flow again, outside of flows; nothing where the message is no such correction."""
    recent = await turn.orders.recent(turn.viewer)
    scene = Scene(turn, {}, orders=recent, recent=recent)
    heard, running = from_message(tracker.latest_message), tracker.active_loop.get("name")
    again = None if running else begin_again(heard, tracker.get_slot("lately"), scene)
    return begin_first([again]) if again else []


def begin_again(heard: Heard, lately: Mapping[str, Any] | None, scene: Scene) -> dict[str, Any] | None:
    """The flow that ended lately, as it waits with what was meant; None where the message says more, or nothing new."""
    if not lately or lately.get("outcome") not in UNSETTLED or not lexicon().is_correction(heard.text):
        return None
    heard = _without_denied(heard)
    order = pointing.named_order(heard, scene)
    if order in (None, lately.get("order_no")) and not heard.values("product"):
        return None
    if not lexicon().is_whole("naming", _without_names(heard)):
        return None
    known = {"order_no": order, "cause": lately.get("cause")}
    opening = {
        "text": heard.text,
        "intent": "inform",
        "entities": [dict(entity) for entity in heard.entities],
        "facts": {slot: value for slot, value in known.items() if value is not None},
    }
    return {"flow": lately["flow"], "opening": opening}


def _without_denied(heard: Heard) -> Heard:
    """The message without what it says is not meant: not the dress, the shirt."""
    denied = (f for f in heard.entities if "start" in f and lexicon().is_denied(heard.text[: f["start"]]))
    entities, text = list(heard.entities), heard.text
    for found in denied:
        entities.remove(found)
        text = text[: found["start"]] + " " * (found["end"] - found["start"]) + text[found["end"] :]
    return replace(heard, text=text, entities=tuple(entities))


def _without_names(heard: Heard) -> str:
    """What the message says beside the names of orders and goods."""
    rest = list(heard.text)
    for found in heard.entities:
        if found["entity"] in NAMING and "start" in found:
            rest[found["start"] : found["end"]] = " " * (found["end"] - found["start"])
    return pointing.FOUR_DIGITS_ALONE.sub(" ", "".join(rest))
