"""Characters that look like another one, or like none at all."""

from __future__ import annotations

import unicodedata

LOOK_ALIKES = set("АВЕЅІЈКМНОРСТУХаеіјорсухѕ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧνο")  # Cyrillic, Greek
TYPED = set("，！？：；（）～￥")  # wide, but what a Chinese keyboard writes
WIDTHS = ("FULLWIDTH ", "HALFWIDTH ")


def odd_characters(text: str) -> list[str]:
    """Characters that only look like a letter, digit, mark or space, and invisible ones, by their Unicode names."""
    names = ((character, unicodedata.name(character, "")) for character in text)
    return [name for character, name in names if _is_odd(character, name)]


def _is_odd(character: str, name: str) -> bool:
    return (
        character in LOOK_ALIKES
        or (name.startswith(WIDTHS) and character not in TYPED)
        or name.startswith("MATHEMATICAL")
        or name in ("IDEOGRAPHIC SPACE", "NO-BREAK SPACE", "SOFT HYPHEN")
        or (unicodedata.category(character) == "Cf" and name != "ZERO WIDTH JOINER")  # a joiner belongs to emoji
    )
