"""The shop's words: what `data/lexicon/*.yml` and the catalogue say, gathered once and kept inside the model."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ShopError

FILES = ("dictionary", "synonyms", "emoji", "padding", "concepts", "entities")
PLAIN = re.compile(r"[^\W_]{2,}")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Lexicon:
    """Everything that the components know of the shop's language; plain JSON data.

    words     words that the segmenter keeps whole
    apart     entries of jieba's own dictionary that are no words here
    synonyms  spelling of customers → the spelling that the model learns
    emoji     emoji → word (may be empty)
    codes     emoticon code of a chat program, without brackets → word (may be empty)
    padding   class of politeness → its words, between spaces (`bot.nlu.padding`)
    concepts  concept → one regular expression over the normalised text
    lists     entity → surface form → value
    patterns  entity → regular expressions over the normalised text, in order
    """

    words: Sequence[str]
    apart: Sequence[str]
    synonyms: Mapping[str, str]
    emoji: Mapping[str, str]
    codes: Mapping[str, str]
    padding: Mapping[str, str]
    concepts: Mapping[str, str]
    lists: Mapping[str, Mapping[str, str]]
    patterns: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, folder: Path, catalogue: Path) -> Lexicon:
        """Gather the lexicon; raise ShopError naming the file that is missing or wrong."""
        dictionary, synonyms, emoji, padding, concepts, entities = (_yaml(folder / f"{name}.yml") for name in FILES)
        try:
            lists = _lists(entities["lists"], catalogue)
            classes = _classes(entities["classes"], lists)
            expressions = {name: str(entries).split() for name, entries in concepts["concepts"].items()}
            words = {
                *map(str, dictionary["words"]),
                *(entry for entries in expressions.values() for entry in entries if PLAIN.fullmatch(entry)),
                *synonyms["synonyms"],
                *(surface for surfaces in lists.values() for surface in surfaces if len(surface) > 1),
            }
            return cls(
                words=sorted(words),
                apart=list(dictionary["apart"]),
                synonyms={v.lower(): k for k, variants in synonyms["synonyms"].items() for v in map(str, variants)},
                emoji=emoji["emoji"],
                codes={code.lower(): word for code, word in emoji["codes"].items()},
                padding=padding,
                concepts={name: _expression(name, "|".join(entries), classes) for name, entries in expressions.items()},
                lists=lists,
                patterns={
                    name: [_expression(name, pattern, classes) for pattern in patterns]
                    for name, patterns in entities["patterns"].items()
                },
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ShopError(f"{folder}: {error!r}") from error

    @classmethod
    def load(cls, path: Path) -> Lexicon:
        """Read what `save` wrote."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def save(self, path: Path) -> None:
        """Write everything to one JSON file."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    def fingerprint(self) -> str:
        """Changes when anything in the lexicon changes."""
        canonical = json.dumps({field.name: getattr(self, field.name) for field in fields(self)}, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ShopError(f"{path}: {error}") from error


def _lists(raw: Mapping[str, Mapping[str, Sequence[str]]], catalogue: Path) -> dict[str, dict[str, str]]:
    """Surface forms in lower case, as the normaliser leaves them."""
    lists = {
        entity: {name.lower(): value for value, names in values.items() for name in (value, *map(str, names))}
        for entity, values in raw.items()
    }
    products = lists.setdefault("product", {})
    for row in _rows(catalogue):
        for name in (row["name"], *row["aliases"].split("|")):
            if name:
                products[_bare(name)] = row["sku"]
        for colour in filter(None, row["colors"].split("|")):
            lists["colour"].setdefault(colour.lower(), colour)
        for size in filter(None, row["sizes"].split("|")):
            if not size.isdigit():
                lists["size"].setdefault(size.lower(), size)
    return lists


def _bare(name: str) -> str:
    """A product's name as customers type it: lower case, without what stands in brackets."""
    return re.sub(r"[（(][^）)]*[）)]", "", name).strip().lower()


def _rows(catalogue: Path) -> Iterator[Mapping[str, str]]:
    try:
        with catalogue.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except OSError as error:
        raise ShopError(f"{catalogue}: {error}") from error


def _classes(raw: Mapping[str, str], lists: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What `{name}` stands for: an expression of entities.yml, or all surface forms of a list."""
    alternatives = {
        entity: f"(?:{'|'.join(re.escape(surface) for surface in sorted(surfaces, key=len, reverse=True))})"
        for entity, surfaces in lists.items()
    }
    return {**alternatives, **raw}


def _expression(name: str, expression: str, classes: Mapping[str, str]) -> str:
    """The regular expression with its placeholders filled, if it is one; `name` is for the error."""
    filled = PLACEHOLDER.sub(lambda found: classes[found[1]], expression)
    if filled != expression:
        return _expression(name, filled, classes)
    try:
        re.compile(expression)
    except re.error as error:
        raise ShopError(f"{name}: {expression!r} is no regular expression: {error}") from error
    return expression
