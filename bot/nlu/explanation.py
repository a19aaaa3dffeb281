"""Why a text was understood as it was: asked of the components of a loaded graph, as they answer customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.shared.nlu.constants import ENTITIES, INTENT

from bot.nlu.components import EXPLANATION, READING, WANTED, Contest
from bot.nlu.reading import Reading

FEATURES = 10
ENTITY_KEYS = ("entity", "value", "start", "end")


def explain(graph: Any, target: str, text: str, count: int = FEATURES) -> dict[str, Any]:
    """What the pipeline read in a text, what it decided, and the features that decided.

    `graph` is Rasa's GraphRunner, `target` the last node of the pipeline. Spans of entities are of `text`.

    intent       what is acted on, with the confidence that a turn gets
    because      why it is that one: `likeliest`, `caution`, `unsure`, `unfamiliar` (see `bot.nlu.decision.because`)
    familiarity  share of the text's character pairs that occurred in training
    likeliest    the classifier's first intent, before caution and fallback
    runner_up    its second intent
    features     those that weigh most between these two, the weightiest first: a weight is a feature's part in the
                 difference of the two scores, above 0 for the likeliest, below 0 for the runner-up
    """
    message = UserMessage(metadata={WANTED: count})
    message.text = text  # the constructor would strip it, and spans would be off
    read = graph.run({PLACEHOLDER_MESSAGE: [message]}, targets=[target])[target][0]
    reading: Reading = read.get(READING)
    contest: Contest = read.get(EXPLANATION)
    return {
        "text": text,
        "normalised": reading.text,
        "matter": reading.matter,
        "tokens": [word.text for word in reading.words],
        "concepts": list(reading.concepts),
        "entities": [{key: entity[key] for key in ENTITY_KEYS} for entity in read.get(ENTITIES) or ()],
        "intent": _guess(**read.get(INTENT)),
        "because": contest.because,
        "familiarity": round(contest.familiarity, 4),
        "likeliest": _guess(contest.likeliest.intent, contest.likeliest.confidence),
        "runner_up": _guess(contest.runner_up.intent, contest.runner_up.confidence),
        "features": _weights(contest.features),
    }


def last_of_pipeline(metadata: Any) -> str:
    """The last node of the pipeline: it stands before Rasa's handler of `/intent{...}` commands."""
    return str(metadata.predict_schema.nodes[metadata.nlu_target].needs["messages"])


def _guess(name: str, confidence: float) -> dict[str, Any]:
    return {"name": name, "confidence": round(confidence, 4)}


def _weights(features: Sequence[tuple[str, float]]) -> list[dict[str, Any]]:
    return [{"feature": name, "weight": round(weight, 4)} for name, weight in features]
