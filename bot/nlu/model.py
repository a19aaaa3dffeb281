"""A trained model used for understanding alone: no dialogue, no conversation, no commands."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE
from rasa.engine.graph import ExecutionContext
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT

import bot.engine.quiet  # noqa: F401  (before Rasa)
from bot.errors import ModelError
from bot.nlu.explanation import FEATURES, explain, last_of_pipeline

UNREAD = {"name": None, "confidence": 0.0}


class NluModel:
    """The NLU part of a model archive, run by Rasa's graph runner.

    Only the pipeline of config.yml is loaded: Rasa's handler of `/intent{...}` commands, which stands behind it, is
    left out, because a customer's text is never a command.
    """

    def __init__(self, archive: Path) -> None:
        """Load the archive, or the newest one of a folder. Raises ModelError."""
        self.archive = _archive(archive)
        try:
            with tempfile.TemporaryDirectory() as folder:
                storage, metadata = LocalModelStorage.from_model_archive(Path(folder), self.archive)
                self._target = last_of_pipeline(metadata)
                schema = metadata.predict_schema.minimal_graph_schema([self._target])
                context = ExecutionContext(graph_schema=schema, model_id=metadata.model_id)
                self._graph = DaskGraphRunner.create(schema, storage, context)
        except Exception as error:
            raise ModelError(f"{self.archive} does not load: {error}") from error

    def parse(self, text: str) -> dict[str, Any]:
        """Intent with confidence, ranking and entities as Rasa's dicts; spans are of `text`."""
        message = UserMessage()
        message.text = text  # the constructor would strip it, and spans would be off
        result = self._graph.run({PLACEHOLDER_MESSAGE: [message]}, targets=[self._target])[self._target][0]
        return {
            TEXT: text,
            INTENT: result.get(INTENT) or UNREAD,
            INTENT_RANKING_KEY: result.get(INTENT_RANKING_KEY) or [],
            ENTITIES: result.get(ENTITIES) or [],
        }

    def explain(self, text: str, count: int = FEATURES) -> dict[str, Any]:
        """Why the text is understood as it is; see `bot.nlu.explanation.explain`."""
        return explain(self._graph, self._target, text, count)


def _archive(path: Path) -> Path:
    """The archive itself, or the newest one of a folder."""
    if path.is_dir():
        archives = sorted(path.glob("*.tar.gz"), key=lambda archive: archive.stat().st_mtime)
        if not archives:
            raise ModelError(f"there is no trained model in {path}")
        return archives[-1]
    if not path.exists():
        raise ModelError(f"{path} does not exist")
    return path
