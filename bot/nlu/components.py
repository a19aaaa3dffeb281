"""The graph components that config.yml names. Each ties a Rasa-free core to training, storage and messages."""

from __future__ import annotations

import hashlib
import logging
import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.classifier import Classifier
from bot.nlu.decision import Limits, decide
from bot.nlu.entities import EntityExtractor
from bot.nlu.features import features
from bot.nlu.lexicon import Lexicon
from bot.nlu.reading import Reader, Reading

READING = "reading"
LEXICON_FILE = "lexicon.json"
RANKING = 10

log = logging.getLogger(__name__)
Kind = DefaultV1Recipe.ComponentType


def sources_fingerprint() -> str:
    """Changes when the code of this package changes: Rasa's cache itself only knows the component's class."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


class LexiconComponent(GraphComponent):
    """Base of components that need the shop's words: read from the project to train, carried inside the model after."""

    def __init__(self, storage: ModelStorage, resource: Resource, lexicon: Lexicon) -> None:
        self._storage = storage
        self._resource = resource
        self.lexicon = lexicon

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Folders are relative to the working directory, as in all of Rasa; SHOP_DIR moves the catalogue."""
        return {"lexicon": "data/lexicon", "catalogue": None}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LexiconComponent:
        """Gather the lexicon of the project; raises ShopError."""
        return cls(model_storage, resource, project_lexicon(config))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LexiconComponent:
        """Take the lexicon that was trained with."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Lexicon.load(folder / LEXICON_FILE))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Trains anew when a word, the catalogue or the code has changed."""
        return project_lexicon({**cls.get_default_config(), **config}).fingerprint() + sources_fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the lexicon in the model."""
        with self._storage.write_to(self._resource) as folder:
            self.lexicon.save(folder / LEXICON_FILE)
        return self._resource


def project_lexicon(config: dict[str, Any]) -> Lexicon:
    """The lexicon of the project as it is now on disk."""
    catalogue = config["catalogue"] or Path(os.environ.get("SHOP_DIR", "shop"), "products.csv")
    return Lexicon.read(Path(config["lexicon"]), Path(catalogue))


@DefaultV1Recipe.register(Kind.MESSAGE_TOKENIZER, is_trainable=True)
class MessageReader(LexiconComponent):
    """Normalises and segments: sets the reading for the components after it, and Rasa's tokens of the original text."""

    def __init__(self, storage: ModelStorage, resource: Resource, lexicon: Lexicon) -> None:
        super().__init__(storage, resource, lexicon)
        self.read = Reader(lexicon)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Read all examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Read the messages; their text stays as it was given."""
        for message in messages:
            text = message.get(TEXT)
            if not isinstance(text, str):
                continue
            reading = self.read(text)
            message.set(READING, reading)
            message.set(TOKENS_NAMES[TEXT], _tokens(reading))
        return messages


def _tokens(reading: Reading) -> list[Token]:
    spans = [reading.normalised.original(word.start, word.end) for word in reading.words]
    return [Token(word.text, start, end) for word, (start, end) in zip(reading.words, spans, strict=True)]


@DefaultV1Recipe.register(Kind.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """The linear model of `bot.nlu.classifier` on readings, and what `bot.nlu.decision` makes of its probabilities."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, classifier: Classifier | None = None
    ) -> None:
        self._penalty = config["penalty"]
        self._limits = Limits(**{name: config[name] for name in ("threshold", "familiarity", "case")})
        self._cases = frozenset(config["cases"])
        self._storage = storage
        self._resource = resource
        self.classifier = classifier

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """penalty is LinearSVC's C; cases are the intents that open a case; the rest see `bot.nlu.decision.Limits`."""
        return {"penalty": 1.0, "threshold": 0.1, "familiarity": 0.3, "case": 0.5, "cases": []}

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs readings."""
        return [MessageReader]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """The trained classifier."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Classifier.load(folder))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Trains anew when the code has changed; what the messages say is fingerprinted with them."""
        return sources_fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all examples that have an intent."""
        examples = [e for e in training_data.intent_examples if e.get(INTENT) and e.get(READING)]
        documents = [list(features(example.get(READING))) for example in examples]
        classifier = Classifier.fit(documents, [example.get(INTENT) for example in examples], self._penalty)
        with self._storage.write_to(self._resource) as folder:
            classifier.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking."""
        for message in messages:
            reading = message.get(READING)
            if self.classifier is None or reading is None:
                continue
            document = list(features(reading))
            familiarity = self.classifier.familiarity(document)
            decided = decide(self.classifier(document), familiarity, self._limits, self._cases)[:RANKING]
            ranking = [{"name": guess.intent, "confidence": guess.confidence} for guess in decided]
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


@DefaultV1Recipe.register(Kind.ENTITY_EXTRACTOR, is_trainable=True)
class ShopEntityExtractor(LexiconComponent):
    """The entities of `bot.nlu.entities`, with spans of the original text."""

    def __init__(self, storage: ModelStorage, resource: Resource, lexicon: Lexicon) -> None:
        super().__init__(storage, resource, lexicon)
        self._extract = EntityExtractor(lexicon)

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs readings."""
        return [MessageReader]

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities to those that are there."""
        for message in messages:
            reading = message.get(READING)
            if reading is not None:
                message.set(ENTITIES, message.get(ENTITIES, []) + self._entities(reading), add_to_output=True)
        return messages

    def _entities(self, reading: Reading) -> list[dict[str, Any]]:
        found = []
        for entity in self._extract(reading):
            start, end = reading.normalised.original(entity.start, entity.end)
            found.append(
                {
                    "entity": entity.name,
                    "value": entity.value,
                    "start": start,
                    "end": end,
                    "confidence_entity": 1.0,
                    "extractor": entity.extractor,
                }
            )
        return found
