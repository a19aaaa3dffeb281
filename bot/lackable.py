"""What can be lacking besides goods, such as gifts and parts of a set, and which of it a text says did not come."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from bot.lexicon import lexicon
from bot.settings import load_settings
from bot.shop import load_shop
from bot.shortage import simple, words

COUNT_AND_UNIT = re.compile(r"\d+\w?$")
PIECE = re.compile(r"[，,。；;！!？?\s]")
SHORTEST = 2


def lacks_thing(text: str) -> bool:
    """Whether the text says that a gift or a part of a set did not come."""
    plain = simple(text)
    hits = [hit for name in _things() for hit in re.finditer(re.escape(name), plain)]
    ends = [*(hit.end() for hit in hits), *words().gifts_named(plain)]
    if any(words().says_none_came(plain, end) for end in ends):
        return True
    return any(words().says_short_before(plain, hit.start()) for hit in hits)


def goods_lacking(text: str, entities: Sequence[Mapping[str, Any]]) -> list[str]:
    """The products of which the text says, one beside the other, that none of them came; empty for fewer than two."""
    named = [found for found in entities if found["entity"] == "product" and "start" in found]
    skus = list(dict.fromkeys(str(found["value"]) for found in named))
    if len(skus) < 2 or not _none_came(text[named[-1]["end"] :]):
        return []
    between = [text[one["end"] : other["start"]] for one, other in pairwise(named)]
    return skus if all(lexicon().joins(part) or _none_came(part) for part in between) else []


def _none_came(after: str) -> bool:
    return words().says_none_came(simple(PIECE.split(after, 1)[0]), 0)


@lru_cache(maxsize=1)
def _things() -> tuple[str, ...]:
    """The names of gifts and parts, the shop's and its customers'."""
    catalogue = load_shop(load_settings().shop_dir).catalogue.values()
    parts = {part for item in catalogue for part in item.details["parts"]}
    gifts = {COUNT_AND_UNIT.sub("", gift) for item in catalogue for gift in str(item.details["gift"] or "").split("|")}
    called = {name for part in parts for name in words().names.get(part, ())}
    return tuple(sorted(name for name in parts | gifts | called if len(name) >= SHORTEST))
