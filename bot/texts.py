"""The bot's wording: `shop/texts/*.yml`, chosen by condition, never twice in a row, read anew when a file changes."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from bot.errors import ShopError
from bot.model import Button

CONDITIONS = ("mood", "asking", "channel")
SOOTHING = ("mood", "angry")
SOOTHED = "~apologies"  # how many were made is remembered beside the variants said last
ENOUGH = 4  # of them in one talk: a fifth begs


@dataclass(frozen=True)
class Variant:
    """One wording of a key, with the conditions under which it may be said."""

    text: str
    conditions: tuple[tuple[str, str], ...]
    buttons: tuple[Button, ...]

    def fits(self, situation: Mapping[str, str]) -> bool:
        """Whether every condition holds."""
        return all(situation.get(name) == value for name, value in self.conditions)


@dataclass(frozen=True)
class Wording:
    """A chosen and filled text."""

    text: str
    buttons: tuple[Button, ...]


class Texts:
    """All wordings. `constants` are the fields that every text may use, such as the shop's name."""

    def __init__(self, directory: Path, constants: Mapping[str, str]) -> None:
        self._directory = directory
        self._constants = dict(constants)
        self._stamp: tuple[tuple[str, int], ...] = ()
        self._variants: dict[str, tuple[Variant, ...]] = {}
        self.reload()

    def reload(self) -> bool:
        """Read the files again if one changed; a broken file raises ShopError and leaves the old texts in place."""
        paths = sorted(self._directory.glob("*.yml"))
        stamp = tuple((path.name, path.stat().st_mtime_ns) for path in paths)
        if stamp == self._stamp:
            return False
        variants: dict[str, tuple[Variant, ...]] = {}
        for path in paths:
            content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            for key, entries in content.items():
                if key in variants:
                    raise ShopError(f"{path.name}: {key} stands in two files")
                variants[key] = tuple(_variant(path, key, entry) for entry in entries)
        self._variants, self._stamp = variants, stamp
        return True

    def __contains__(self, key: str) -> bool:
        return key in self._variants

    def keys(self) -> list[str]:
        """All keys, sorted."""
        return sorted(self._variants)

    def say(
        self,
        key: str,
        fields: Mapping[str, Any],
        situation: Mapping[str, str],
        memory: MutableMapping[str, int],
        seed: str,
    ) -> Wording | None:
        """Choose a variant of `key`: the most specific that fits, not the one said last (`memory`); else None.

        Rather a less specific one than the same twice in a row. For the angry there is an end to apologies.
        """
        tired = memory.get(SOOTHED, 0) >= ENOUGH
        fitting = [
            (index, variant)
            for index, variant in enumerate(self._variants.get(key, ()))
            if variant.fits(situation) and not (tired and SOOTHING in variant.conditions)
        ]
        if not fitting:
            return None
        last = memory.get(key)
        fresh = [choice for choice in fitting if choice[0] != last] or fitting
        most = max(len(variant.conditions) for _, variant in fresh)
        choices = [choice for choice in fresh if len(choice[1].conditions) == most]
        index, variant = choices[zlib.crc32(f"{seed}{key}{last}".encode()) % len(choices)]
        memory.pop(key, None)
        memory[key] = index
        return Wording(self._fill(key, variant.text, fields), variant.buttons)

    def plain(self, key: str) -> str:
        """A label without fields."""
        return self.label(key)

    def label(self, key: str, **fields: Any) -> str:
        """A short wording that needs no choosing, with its fields; the key itself where there is none."""
        variants = self._variants.get(key)
        return self._fill(key, variants[0].text, fields) if variants else key

    def _fill(self, key: str, text: str, fields: Mapping[str, Any]) -> str:
        values = self._constants | {name: str(value) for name, value in fields.items() if value is not None}
        missing = [name for _, name, _, _ in Formatter().parse(text) if name and name not in values]
        if missing:
            raise ShopError(f"{key}: nothing to put in for {', '.join(missing)}")
        return text.format_map(values)


def _variant(path: Path, key: str, entry: Any) -> Variant:
    if isinstance(entry, str):
        entry = {"text": entry}
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        raise ShopError(f"{path.name}: {key} needs a text in each variant")
    unknown = set(entry) - {"text", "buttons", *CONDITIONS}
    if unknown:
        raise ShopError(f"{path.name}: {key} has unknown keys {sorted(unknown)}")
    return Variant(
        text=entry["text"].strip(),
        conditions=tuple((name, str(entry[name])) for name in CONDITIONS if name in entry),
        buttons=tuple(Button(str(b["title"]), str(b["payload"])) for b in entry.get("buttons", ())),
    )
