"""`python -m bot parse`: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.nlu.model import NluModel

RANKING = 10
ENTITY_KEYS = ("entity", "value", "start", "end")


def parse_lines(model: Path, lines: Iterable[str]) -> Iterator[str]:
    """For each line `{"text": …}` a line with text, intent, confidence, entities, ranking; blank lines are passed over.

    A line that is no such object is reported on stderr as `{"error": {"code", "message", "line"}}` and left out; after
    the last line BadInput is raised if there was one. Raises ModelError when the model does not load.
    """
    nlu = NluModel(model)
    bad = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            text = _text(line)
        except BadInput as error:
            bad += 1
            print(json.dumps({"error": {"code": error.code, "message": str(error), "line": number}}), file=sys.stderr)
            continue
        yield json.dumps(_answer(nlu.parse(text)), ensure_ascii=False)
    if bad:
        raise BadInput(f"{bad} of the lines could not be read")


def _text(line: str) -> str:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInput(f"not JSON: {error}") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise BadInput('not an object with a string "text"')
    return str(row["text"])


def _answer(parsed: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": parsed["text"],
        "intent": parsed["intent"]["name"],
        "confidence": round(parsed["intent"]["confidence"], 4),
        "entities": [{key: entity[key] for key in ENTITY_KEYS} for entity in parsed["entities"]],
        "ranking": [
            {"intent": guess["name"], "confidence": round(guess["confidence"], 4)}
            for guess in parsed["intent_ranking"][:RANKING]
        ],
    }
