"""Rasa's Agent for one process: loads a model, warms up, answers turns. Lives on one event loop, in one thread."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from bot import shortage, variants
from bot.conversation.turn import Turn, in_turn
from bot.engine import clauses, in_context
from bot.engine.actions import InProcessActions, validate_results_once
from bot.engine.locks import AsyncioLockStore
from bot.engine.nlg import ShopTexts
from bot.engine.output import TurnOutput
from bot.engine.tracker_store import TurnTrackerStore
from bot.errors import ModelError, TurnFailed
from bot.lexicon import lexicon
from bot.mood import is_angry
from bot.nlu import explanation
from bot.services import Services
from bot.store.models import Conversation

log = structlog.get_logger(__name__)

WARM_UP = "label_chip_2"
LEADING_SLASHES = re.compile(r"^[\s/／]+")
REMEDIES = ("refund_request", "exchange_request")
VENT = "vent"  # who names the trouble in anger is helped with it
NO_WISH = {"greet", "thank", "goodbye", "affirm", "deny", "inform", "vent", "chitchat", "nlu_fallback", "out_of_scope"}


class Engine:
    """Answers turns with a trained model. Raises ModelError when there is none that loads."""

    def __init__(self, services: Services, model: Path | None = None) -> None:
        self._services = services
        path = model or newest_model(services.settings.models_dir)
        validate_results_once()
        store = TurnTrackerStore(None)
        actions = InProcessActions("actions", services.settings.action_timeout)
        try:
            self._agent = Agent.load(
                path, generator=ShopTexts(texts=services.texts), lock_store=AsyncioLockStore(), action_endpoint=actions
            )
        except Exception as error:
            raise ModelError(f"{path.name} does not load: {error}") from error
        store.domain = self._agent.domain
        # Rasa wraps a store so that after an error it goes on with an empty tracker; a turn must fail instead.
        self._agent.tracker_store = self._agent.processor.tracker_store = store
        self.responses = self._agent.domain.responses
        self._wishes = frozenset(set(self._agent.domain.intents) - NO_WISH)

    async def warm_up(self) -> float:
        """Take one turn, so that lazy imports and tables load now; nothing is stored. The seconds it took."""
        started = time.monotonic()
        async with self._services.database.session() as session:
            nobody = Conversation(id="warm-up", channel="warm-up", sender="warm-up", owner="bot")
            text = self._services.texts.plain(WARM_UP)
            turn = Turn(self._services, session, nobody, text, self._services.clock.now())
            with in_turn(turn):
                await self.respond(turn)
        return time.monotonic() - started

    async def parse(self, text: str) -> dict[str, Any]:
        """Intent, ranking and entities of a text, whatever it begins with."""
        # Rasa's own parser strips white space, and would then read a leading slash as a command.
        return dict(await self._agent.parse_message(LEADING_SLASHES.sub("", text) or " "))

    def explain(self, text: str) -> dict[str, Any]:
        """Why a text is understood as it is, by the model that answers customers, and by words that overrule it."""
        processor = self._agent.processor
        target = explanation.last_of_pipeline(processor.model_metadata)
        explained = explanation.explain(processor.graph_runner, target, LEADING_SLASHES.sub("", text))
        return overruled(explained, self._services)

    async def respond(self, turn: Turn) -> None:
        """Understand the turn and fill in its replies. Raises TurnFailed when an action did."""
        parsed = self._pressed(turn) if turn.button else await self._read(turn)
        message = UserMessage(
            text=parsed["text"],
            output_channel=TurnOutput(turn.conversation.channel, turn.replies),
            sender_id=turn.conversation.id,
            parse_data=parsed,
            input_channel=turn.conversation.channel,
            metadata={"away": turn.away, "attachments": [a.as_dict() for a in turn.attachments]},
        )
        await self._agent.handle_message(message)
        if turn.failure:
            raise TurnFailed(f"an action failed: {type(turn.failure).__name__}") from turn.failure
        if not turn.replies and turn.conversation.owner == "bot":
            turn.say("utter_default")

    async def _read(self, turn: Turn) -> dict[str, Any]:
        if not turn.text:
            return {"text": "", "intent": {"name": "inform", "confidence": 1.0}, "entities": []}
        parsed = await clauses.parse(turn.text, self._parse_clause, self._wishes)
        if _fell_short(turn.text, parsed):
            parsed = {**await self.parse(turn.text), "intent": {"name": "missing_item", "confidence": 1.0}}
        certain = certain_intent(turn.text, "", handoff_words(self._services, turn.now))
        certain = certain or await in_context.intent(turn, parsed["intent"]["name"])
        if certain:
            parsed["intent"] = {"name": certain, "confidence": 1.0}
        return {**parsed, "text": turn.text}

    async def _parse_clause(self, text: str) -> dict[str, Any]:
        """The parse of one clause, its trouble before its remedy: of two wishes in a message each has its own."""
        parsed = await self.parse(text)
        certain = certain_intent(text, parsed["intent"]["name"], ())
        return {**parsed, "intent": {"name": certain, "confidence": 1.0}} if certain else parsed

    def _pressed(self, turn: Turn) -> dict[str, Any]:
        """A button that we issued, unpacked without NLU: its title is the text, its values are entities."""
        name, _, arguments = turn.button.payload.lstrip("/").partition("{")
        values = json.loads("{" + arguments) if arguments else {}
        entities = [
            {"entity": key, "value": value, "start": 0, "end": 0, "extractor": "button"}
            for key, value in values.items()
        ]
        return {"text": turn.button.title, "intent": {"name": name, "confidence": 1.0}, "entities": entities}


def handoff_words(services: Services, now: datetime) -> tuple[str, ...]:
    """Words such as 12315 that the shop's rules take as a legal threat."""
    return services.packs.for_payment(now).handoff_words


def overruled(explained: dict[str, Any], services: Services) -> dict[str, Any]:
    """An explanation with `by_words`: the intent that certain words set above the model's, or None.

    How a message falls into clauses, and where the talk stands, is not considered.
    """
    legal = handoff_words(services, services.clock.now())
    return {**explained, "by_words": certain_intent(explained["text"], explained["intent"]["name"], legal)}


def certain_intent(text: str, guessed: str, legal: Collection[str]) -> str | None:
    """What words decide and no classifier may miss: legal threats, a person wanted, trouble behind remedy or anger."""
    words = lexicon()
    if any(word in text for word in legal):
        return "complain"
    if words.has("human", text):
        return "request_human"
    wants_remedy = guessed in (*REMEDIES, VENT) or (
        guessed == "complain" and bool(words.solution(text, ())) and not is_angry(text)
    )
    # What is asked for a mistake is no haggling: 发错了能便宜点补偿我吗
    wants_remedy = wants_remedy or (guessed == "bargain" and words.solution(text, ()) == "compensation")
    if not wants_remedy:
        return None
    return words.cause(text) or _mixup(text) or _fault_behind_exchange(text, guessed)


def _fell_short(text: str, parsed: Mapping[str, Any]) -> bool:
    """Whether less came than was bought, told at such length that no clause says both, and no word names more."""
    wishes = {parsed.get("first_wish", text): parsed["intent"]["name"]}
    wishes |= {clause["text"]: clause["intent"] for clause in parsed.get("clauses", ())}
    understood = any(wish == "missing_item" and shortage.fell_short(told) for told, wish in wishes.items())
    return not understood and shortage.fell_short(text) and not any(_other_trouble(told) for told in wishes)


def _other_trouble(text: str) -> bool:
    words = lexicon()
    return words.cause(text) not in (None, "missing_item") or bool(_mixup(text)) or words.reason(text) == "quality"


def _mixup(text: str) -> str | None:
    return "wrong_item" if variants.is_mixup(text) else None


def _fault_behind_exchange(text: str, guessed: str) -> str | None:
    """By own wish an exchange is paid by the customer, for a fault by the shop: the words must not be overheard."""
    return "quality_issue" if guessed == "exchange_request" and lexicon().reason(text) == "quality" else None


def newest_model(directory: Path) -> Path:
    """The model trained last. Raises ModelError without one."""
    models = sorted(directory.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise ModelError(f"no trained model in {directory}; run: python -m bot train")
    return models[-1]
