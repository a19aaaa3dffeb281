"""Rasa's way to our texts: `nlg: {type: bot.engine.nlg.ShopTexts}` in endpoints.yml, the same in the service."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversation.turn import current_turn
from bot.model import Reply
from bot.services import build_services
from bot.settings import load_settings
from bot.texts import Texts, Wording


class ShopTexts(NaturalLanguageGenerator):
    """Chooses the wording of an `utter_…`; the domain's plain text where the shop has none."""

    def __init__(self, endpoint_config: Any = None, domain: Domain | None = None, texts: Texts | None = None) -> None:
        self._texts = texts or build_services(load_settings()).texts
        self.responses: dict[str, Any] = domain.responses if domain else {}

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The message to send. `kwargs` are the fields that an action gave; slots may be named as well."""
        fields = {name: slot.value for name, slot in tracker.slots.items() if slot.value is not None} | kwargs
        asking = str(tracker.get_slot("asking") or "first")
        turn = current_turn()
        found: Reply | Wording | None
        if turn:
            try:
                found = turn.word(utter_action, fields, asking)
            except Exception as error:
                turn.failure = error
                raise
        else:
            situation = {"mood": "calm", "asking": asking, "channel": output_channel}
            found = self._texts.say(utter_action, fields, situation, {}, tracker.sender_id)
        if found is None:
            return self._plain(utter_action)
        return {"text": found.text, "buttons": [{"title": b.title, "payload": b.payload} for b in found.buttons]}

    def _plain(self, utter_action: str) -> dict[str, Any] | None:
        variants = self.responses.get(utter_action)
        return {"text": variants[0]["text"]} if variants else None
