"""How texts sound: no forbidden claims, no blame, no jargon, one question, a way on beside every "no", enough variants.

The words stand in tone.yml; each rule is a function over one key's variants and yields what is wrong.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from data_lint import Finding, quick_replies
from data_lint.yaml_nodes import child, compose, entries, items, line_of

RULES_FILE = Path(__file__).with_suffix(".yml")
CONDITIONS = ("mood", "asking", "channel")
DEAR, FIELD = "{dear}", re.compile(r"\{[^{}]*\}")
GAP = "\u3007"  # stands for a filled field
SENTENCES = re.compile(r"[，。！？；、,.!?;～~\s]+")
QUOTED = re.compile(r"“[^”]*”|「[^」]*」")
QUESTION = re.compile(r"[?？]+")


class Said(NamedTuple):
    """One variant: its text as written, its conditions, where it stands."""

    text: str
    conditions: tuple[tuple[str, str], ...]
    line: int


class Fault(NamedTuple):
    """What is wrong with a variant (its index), by which rule."""

    index: int
    rule: str
    what: str


@dataclass(frozen=True)
class Key:
    """All variants of a key.

    `kind`: text, label, domain (one plain text), policy (a refusal with its middle way), quick (said by an agent).
    """

    name: str
    variants: Sequence[Said]
    kind: str = "text"


Rule = Callable[[Key, Any], Iterator[Fault]]


def lint_tone(root: Path) -> Iterator[Finding]:
    """All findings over shop/texts, the quick replies, the domain's responses and the texts of the rule packs."""
    rules = yaml.safe_load(RULES_FILE.read_text(encoding="utf-8"))
    paths = [*sorted((root / "shop" / "texts").glob("*.yml")), root / quick_replies.FILE, root / "domain.yml"]
    for path in [*paths, *sorted((root / "shop" / "policies").glob("*.yml"))]:
        for key in _keys(path) if path.exists() else ():
            for index, rule, what in faults(key, rules):
                said = key.variants[index]
                advice = _advice(rules, rule)
                yield Finding(path, said.line, f"{key.name} [{index + 1}] {rule}: {what} → {advice}")


def faults(key: Key, rules: Any) -> Iterator[Fault]:
    """What the rules find in one key."""
    for rule in CHECKS[key.kind]:
        yield from rule(key, rules)


def _advice(rules: Any, rule: str) -> str:
    return str((rules["words"].get(rule) or rules[rule])["advice"])


def _keys(path: Path) -> Iterator[Key]:
    root = compose(path, [])
    if path.name == quick_replies.FILE.name:
        for reply in quick_replies.replies(path, []):
            yield Key(_said(child(reply, "id")).text, [_said(child(reply, "text"))], "quick")
        return
    if path.name == "domain.yml":
        for name, (_, node) in entries(child(root, "responses")).items():
            yield Key(name, [_said(child(variant, "text")) for variant in items(node)], "domain")
        return
    if path.parent.name == "policies":
        yield from _of_pack(root)
        return
    for name, (_, node) in entries(root).items():
        variants = [_said(variant) for variant in items(node)]
        yield Key(name, variants, "text" if name.startswith("utter_") else "label")


def _of_pack(root: yaml.Node | None) -> Iterator[Key]:
    """Clauses; refusals, each with the middle way that is said after it."""
    for rule in items(child(root, "rules")):
        yield Key(f"rules.{_said(child(rule, 'id')).text}", [_said(child(rule, "clause"))], "label")
    ways = {name: str(node.value) for name, (_, node) in entries(child(root, "middle_ways")).items()}
    for name, (key, node) in entries(child(root, "refusals")).items():
        told = {part: str(value.value) for part, (_, value) in entries(node).items()}
        text = told.get("text", "") + ways.get(told.get("middle_way", ""), "")
        yield Key(f"refusals.{name}", [Said(text, (), line_of(key))], "policy")


def _said(node: yaml.Node | None) -> Said:
    if node is None or isinstance(node, yaml.ScalarNode):
        return Said(str(node.value) if node else "", (), line_of(node) if node else 1)
    text = child(node, "text")
    conditions = ((name, child(node, name)) for name in CONDITIONS)
    return Said(
        str(text.value) if text else "",
        tuple((name, str(value.value)) for name, value in conditions if value is not None),
        line_of(node),
    )


def plain(text: str) -> str:
    """The text as it is read, a mark for each field, without the form of address."""
    return FIELD.sub(GAP, text.strip().removeprefix(DEAR))


def without(text: str, harmless: Sequence[str]) -> str:
    """The text without the words that only look forbidden."""
    for word in harmless:
        text = text.replace(word, GAP)
    return text


def words(key: Key, rules: Any) -> Iterator[Fault]:
    """Claims, money said to be paid, blame, jargon, begging, stock phrases."""
    for index, said in enumerate(key.variants):
        for rule, entry in rules["words"].items():
            text = without(plain(said.text), entry.get("except", ()))
            for word in entry["words"]:
                if word in text:
                    yield Fault(index, rule, f"“{word}”")


def bare(key: Key, rules: Any) -> Iterator[Fault]:
    """An answer of one word."""
    for index, said in enumerate(key.variants):
        parts = [part for part in SENTENCES.split(plain(said.text)) if part]
        if len(parts) == 1 and parts[0] in rules["bare"]["words"]:
            yield Fault(index, "bare", f"“{parts[0]}”")


def refusing(key: Key, rules: Any) -> Iterator[Fault]:
    """A "no" without a way on."""
    entry = rules["refusing"]
    for index, said in enumerate(key.variants):
        text = without(plain(said.text), entry["except"])
        found = [word for word in entry["words"] if word in text]
        rest = without(text, found)
        if found and not any(way in rest for way in entry["ways"]):
            yield Fault(index, "refusing", f"“{found[0]}”")


def numbers(key: Key, rules: Any) -> Iterator[Fault]:
    """Days and amounts written out; what stands in quotation marks is an example."""
    for index, said in enumerate(key.variants):
        text = without(QUOTED.sub(GAP, plain(said.text)), rules["numbers"]["except"])
        for found in re.finditer(rules["numbers"]["pattern"], text):
            yield Fault(index, "numbers", f"“{found[0]}”")


def questions(key: Key, rules: Any) -> Iterator[Fault]:
    """More than one question in a text."""
    for index, said in enumerate(key.variants):
        count = len(QUESTION.findall(QUOTED.sub("", said.text)))
        if count > rules["questions"]["most"]:
            yield Fault(index, "questions", f"{count} 个问号")


def length(key: Key, rules: Any) -> Iterator[Fault]:
    """Lines and texts that are too long to be read on a phone."""
    limits = rules["length"]
    for index, said in enumerate(key.variants):
        lines = plain(said.text).splitlines()
        sizes = [_size(line, limits["field"]) for line in lines]
        for what, size, most in (
            ("行长", max(sizes, default=0), limits["line"]),
            ("全长", sum(sizes), limits["text"]),
            ("行数", len(lines), limits["lines"]),
        ):
            if size > most:
                yield Fault(index, "length", f"{what} {size:.0f}，最多 {most}")


def _size(line: str, field: int) -> float:
    return sum(field if c == GAP else 0.5 if c.isascii() else 1 for c in line)


def variants(key: Key, rules: Any) -> Iterator[Fault]:
    """Too few of them, or two that begin alike."""
    entry = rules["variants"]
    groups: dict[tuple[tuple[str, str], ...], list[int]] = defaultdict(list)
    for index, said in enumerate(key.variants):
        groups[said.conditions].append(index)
    for conditions, group in groups.items():
        least = entry["least_condition"] if conditions and () in groups else entry["least"]
        if len(group) < least:
            which = "".join(f" {name}: {value}" for name, value in conditions)
            yield Fault(group[0], "variants", f"{len(group)} 种{which}，至少 {least}")
        seen: dict[str, int] = {}
        for index in group:
            start = re.sub(r"\W", "", plain(key.variants[index].text))[: entry["opening"]]
            if start in seen:
                yield Fault(index, "variants", f"开头“{start}”和第 {seen[start] + 1} 种一样")
            seen.setdefault(start, index)


def address(key: Key, rules: Any) -> Iterator[Fault]:
    """{dear} where it does not read well when it is filled, or when it is empty."""
    for index, said in enumerate(key.variants):
        text = said.text.strip()
        rest = text.removeprefix(DEAR)
        if DEAR in rest:
            yield Fault(index, "address", "{dear} 不在最前面")
        elif text != rest and (not rest or not (rest[0].isalnum() or rest[0] in "{“「")):
            yield Fault(index, "address", "{dear} 后面紧跟标点")
        elif re.match(r"亲[，, ]", rest):
            yield Fault(index, "address", "写死了“亲”")


def angry(key: Key, rules: Any) -> Iterator[Fault]:
    """For the angry: an apology in the first line, once, and no question there."""
    entry = rules["angry"]
    soothing = [index for index, said in enumerate(key.variants) if ("mood", "angry") in said.conditions]
    for index in soothing:
        first = key.variants[index].text.strip().splitlines()[0]
        if not any(word in first for word in (*entry["sorry"], *entry["feeling"])):
            yield Fault(index, "angry", "第一行没有道歉")
        if QUESTION.search(first):
            yield Fault(index, "angry", "第一行提问")
    for index, said in enumerate(key.variants):
        if sum(said.text.count(word) for word in entry["sorry"]) > 1:
            yield Fault(index, "angry", "一条里道歉两次")
    if not soothing and any(re.fullmatch(pattern, key.name) for pattern in entry["must"]):
        yield Fault(0, "angry", "没有 mood: angry 的说法")


CHECKS: dict[str, tuple[Rule, ...]] = {
    "text": (words, bare, refusing, numbers, questions, length, variants, address, angry),
    "label": (words,),
    "domain": (words, bare, refusing, questions),
    "quick": (words, bare, refusing, numbers, questions, length),
    "policy": (words, bare, refusing, numbers, questions),
}
