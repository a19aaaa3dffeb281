"""The project's own lexicon and what is made from it, once for all tests of understanding; tables of cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.nlu.entities import EntityExtractor
from bot.nlu.lexicon import Lexicon
from bot.nlu.reading import Reader

ROOT = Path(__file__).resolve().parents[3]
LEXICON = Lexicon.read(ROOT / "data" / "lexicon", ROOT / "shop" / "products.csv")
READ = Reader(LEXICON)
EXTRACT = EntityExtractor(LEXICON)


def table(name: str) -> dict[str, list[dict[str, Any]]]:
    """The cases of a file beside the tests, by group."""
    return dict(yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8")))
