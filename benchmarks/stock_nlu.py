"""Rasa's own pipeline for Chinese, on the project's training examples: jieba, count vectors, DIET."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from rasa.core.agent import Agent
from rasa.model_training import train_nlu

import bot.engine.quiet  # noqa: F401  (before Rasa)
from bot.settings import ROOT

PIPELINE = [
    {"name": "JiebaTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
DIET = {"name": "DIETClassifier", "constrain_similarities": True, "random_seed": 7}


@dataclass(frozen=True)
class StockAnswers:
    """What it predicted, and what that took. `cpu_seconds` counts all cores, and does not grow when others work."""

    intents: list[str | None]
    wall_seconds: float
    cpu_seconds: float
    message_milliseconds: float


def train_and_ask(texts: Sequence[str], epochs: int) -> StockAnswers:
    """Train for so many epochs and ask for each text. No fallback: the likeliest intent counts, to its advantage."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        shutil.copytree(ROOT / "data" / "nlu", work / "nlu")
        config = {"recipe": "default.v1", "assistant_id": "stock", "language": "zh"}
        pipeline = [*PIPELINE, {**DIET, "epochs": epochs}]
        (work / "config.yml").write_text(yaml.safe_dump({**config, "pipeline": pipeline}), encoding="utf-8")
        wall, cpu = time.monotonic(), time.process_time()
        model = train_nlu(str(work / "config.yml"), str(work / "nlu"), str(work), fixed_model_name="stock")
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        agent = Agent.load(str(model))
        started = time.process_time()
        intents = asyncio.run(_ask(agent, texts))
        return StockAnswers(intents, wall, cpu, (time.process_time() - started) * 1000 / max(1, len(texts)))


async def _ask(agent: Agent, texts: Sequence[str]) -> list[str | None]:
    return [(await agent.parse_message(text))["intent"]["name"] for text in texts]
