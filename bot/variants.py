"""Which colours, sizes and goods a text names, and as what: ordered, come, or wanted. Pure; words in data/lexicon."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from bot.settings import ROOT

COLOR, SIZE, MODEL, OTHER, PRODUCT = "color", "size", "model", "other", "product"
OPTIONS = (COLOR, SIZE)
ASPECTS = (COLOR, SIZE, MODEL, OTHER)
NO_COLORS: tuple[str, ...] = ()
LATIN_SIZE = r"(?<![a-z0-9])(?P<latin>x{0,4}[sml]|[2-5]xl)(?![a-z0-9])"
NUMBER_SIZE = r"(?<![\d.])(?P<number>[2-4]\d(?:\.5)?)(?!\d|\.\d|{other})"


@dataclass(frozen=True)
class Named:
    """A value in a text; `role`: came, ordered, wanted, or nothing. `sure`: a word says so, not the other value."""

    aspect: str
    value: str
    role: str = ""
    sure: bool = True


@dataclass(frozen=True)
class Saying:
    """What a text says: values, aspects that are wrong without a value, and a size larger or smaller by `step`."""

    named: tuple[Named, ...] = ()
    wrong: tuple[str, ...] = ()
    step: int = 0

    def __bool__(self) -> bool:
        return bool(self.named or self.wrong or self.step)

    def of(self, aspect: str, *roles: str) -> list[str]:
        """The values of an aspect, in any role or in these."""
        return [named.value for named in self.named if named.aspect == aspect and (not roles or named.role in roles)]

    def as_slot(self) -> dict[str, Any]:
        """As a slot keeps it until the order is known."""
        return {"said": [[n.aspect, n.value, n.role] for n in self.named], "wrong": list(self.wrong), "step": self.step}

    @classmethod
    def from_slot(cls, value: Mapping[str, Any]) -> Saying:
        """What a slot kept."""
        return cls(tuple(Named(*entry) for entry in value["said"]), tuple(value["wrong"]), int(value["step"]))

    def __add__(self, later: Saying) -> Saying:
        wrong = dict.fromkeys(self.wrong + later.wrong)
        return Saying(self.named + later.named, tuple(wrong), later.step or self.step)


def read(
    text: str,
    products: Mapping[str, Sequence[str]],
    colors: tuple[str, ...] = NO_COLORS,
    *,
    asked: bool = False,
) -> Saying:
    """What a text says. `products`: names of the goods to look for, by sku; `colors`: the shop's own beside the usual.

    `asked`: the text answers the question what is wrong, so that a noun alone counts.
    """
    words = _words(colors)
    plain = words.plain(text)
    found = sorted([*words.values(plain), *_products(plain, products)])
    wrong = tuple(a for a in ASPECTS if any(p.search(plain) for p in words.wrong[a]))
    if asked and not wrong and not found:
        wrong = tuple(a for a in ASPECTS if any(noun in plain for noun in words.nouns[a]))[:1]
    return Saying(tuple(_with_roles(plain, found, words)), wrong, words.step(plain))


def alike(one: str, other: str) -> bool:
    """Whether two names may be the same colour or size: a customer's blue is the shop's light blue."""
    if one == other or not (one and other):
        return one == other
    if one.isascii() or other.isascii():
        return False
    short, long = sorted((_words().stem(one), _words().stem(other)), key=len)
    return short in long


def came(saying: Saying, ordered: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What came instead of what was ordered, by aspect (without a value where none was told); and what came right.

    A value that the text calls come is that; without such a word the one that was not ordered came.
    """
    wrong: dict[str, str] = {}
    right: dict[str, str] = {}
    for aspect in OPTIONS:
        own = ordered.get(aspect, "")
        said = saying.of(aspect, "came") or [v for v in saying.of(aspect, "") if not alike(v, own)]
        if said and alike(said[-1], own):
            right[aspect] = own
        elif said:
            wrong[aspect] = said[-1]
    if saying.of(PRODUCT, "came"):
        wrong[OTHER] = saying.of(PRODUCT, "came")[-1]
    vague = [aspect for aspect in saying.wrong if aspect not in wrong]
    vague = vague or ([] if wrong or right else [aspect for aspect in OPTIONS if saying.of(aspect, "wanted")])
    wrong |= dict.fromkeys(vague, "")
    if len(wrong) > 1 and wrong.get(OTHER) == "":
        del wrong[OTHER]
    return {aspect: wrong[aspect] for aspect in ASPECTS if aspect in wrong}, right


def is_mixup(text: str) -> bool:
    """Whether a text says by its own words that one thing was ordered and another one came."""
    saying = read(text, {})
    words = _words()
    if words.mixup.search(words.plain(text)) and any(len(set(saying.of(aspect))) > 1 for aspect in OPTIONS):
        return True
    named = [each for each in saying.named if each.sure]
    return any(
        one.aspect == other.aspect and (one.role, other.role) == ("ordered", "came") and one.value != other.value
        for one in named
        for other in named
    )


def wanted(saying: Saying, own: Mapping[str, str], choices: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Which colour and size are wanted instead of the customer's own; one that there is not stands as it was said."""
    found: dict[str, str] = {}
    for aspect in OPTIONS:
        mine = own.get(aspect, "")
        said = saying.of(aspect, "wanted") or [v for v in saying.of(aspect, "", "came") if not alike(v, mine)]
        if said:
            found[aspect] = next((c for c in choices.get(aspect, ()) if alike(said[-1], c)), said[-1])
    sizes = list(choices.get(SIZE, ()))
    if saying.step and SIZE not in found and own.get(SIZE) in sizes:
        place = sizes.index(own[SIZE]) + saying.step
        found[SIZE] = sizes[place] if 0 <= place < len(sizes) else ""
    return found


@dataclass(frozen=True, order=True)
class _Found:
    start: int
    end: int
    aspect: str
    value: str


class _Words:
    """The words of variants.yml, with the names of colours and sizes."""

    def __init__(self, raw: Mapping[str, Any], entities: Mapping[str, Any], colors: Iterable[str]) -> None:
        self._skipped = sorted(raw["skipped"], key=len, reverse=True)
        self.wrong = {aspect: [re.compile(p) for p in raw["wrong"][aspect]] for aspect in ASPECTS}
        self.nouns = raw["nouns"]
        self.mixup = re.compile("|".join(raw["mixup"]))
        self._steps = ((1, raw["bigger"]), (-1, raw["smaller"]))
        roles = {word: role for role, words in raw["roles"].items() for word in words}
        self.roles = {word: "" if role == "none" else role for word, role in roles.items()}
        self.role = re.compile("|".join(sorted(map(re.escape, roles), key=len, reverse=True)))
        lists = entities["lists"]
        self._hue = str(raw["hue"])
        self._colors = _surfaces({**lists["colour"], **{color: [] for color in colors}})
        self._sizes = {n.upper() if n.isascii() else n: v for n, v in _surfaces(lists["size"]).items()}
        stems = {self.stem(name) for name in self._colors if self.stem(name) != name}
        after = f"(?={'|'.join(raw['after_color'])}|\\W|$)"
        names = sorted(self._colors, key=len, reverse=True)
        stemmed = "|".join(sorted(stems, key=len, reverse=True))
        self._color = re.compile(f"{'|'.join(names)}|(?:{stemmed}){after}")
        spoken = sorted((name for name in self._sizes if not name.isascii()), key=len, reverse=True)
        number = NUMBER_SIZE.format(other="|".join([entities["classes"]["unit"], *raw["not_a_size"]]))
        self._size = re.compile(f"{LATIN_SIZE}|{number}|(?P<spoken>{'|'.join(spoken)})")

    def plain(self, text: str) -> str:
        """The text as it is read: half width, lower case, without words that only look like ours."""
        plain = unicodedata.normalize("NFKC", text).lower()
        for word in self._skipped:
            plain = plain.replace(word, "_" * len(word))
        return plain

    def stem(self, color: str) -> str:
        """A colour's name without the word for colour."""
        return color[:-1] if len(color) > 1 and color.endswith(self._hue) else color

    def values(self, plain: str) -> Iterator[_Found]:
        """Colours and sizes."""
        for hit in self._color.finditer(plain):
            name = hit[0]
            yield _Found(hit.start(), hit.end(), COLOR, self._colors.get(name) or self._colors[name + self._hue])
        for hit in self._size.finditer(plain):
            name = hit[0].upper()
            yield _Found(hit.start(), hit.end(), SIZE, self._sizes.get(name, name))

    def step(self, plain: str) -> int:
        """1 for a larger size, -1 for a smaller one, 0 for neither or both."""
        return sum(by for by, words in self._steps if any(word in plain for word in words))


def _surfaces(names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {surface: value for value, others in names.items() for surface in (*others, value)}


def _products(plain: str, products: Mapping[str, Sequence[str]]) -> Iterator[_Found]:
    for names in products.values():
        found = (_Found(at, at + len(n), PRODUCT, names[0]) for n in names if (at := plain.find(n.lower())) >= 0)
        longest = max(found, key=lambda hit: hit.end - hit.start, default=None)
        if longest:
            yield longest


def _with_roles(plain: str, found: Sequence[_Found], words: _Words) -> Iterator[Named]:
    """Each value with what the last word before it, since the value before of its kind, says that it is."""
    last, named = dict.fromkeys((*OPTIONS, PRODUCT), 0), []
    for hit in found:
        before = list(words.role.finditer(plain, last[hit.aspect], hit.start))
        named.append(Named(hit.aspect, hit.value, words.roles[before[-1][0]] if before else ""))
        last[hit.aspect] = hit.end
    for each in named:
        of_kind = {other.role for other in named if other.aspect == each.aspect and other is not each}
        if each.role == "" and of_kind == {"came"}:
            yield Named(each.aspect, each.value, "ordered", sure=False)
        elif each.role == "" and of_kind in ({"ordered"}, {"wanted"}) and "came" not in of_kind:
            yield Named(each.aspect, each.value, "came", sure=False)
        else:
            yield each


@lru_cache(maxsize=4)
def _words(colors: tuple[str, ...] = NO_COLORS) -> _Words:
    folder = ROOT / "data" / "lexicon"
    raw, entities = (
        yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8")) for name in ("variants", "entities")
    )
    return _Words(raw, entities, colors)
