"""The shop's wordings: never the same twice in a row, apologies that end, both forms of address."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

from bot.services import build_services
from bot.settings import ROOT
from bot.shop import load_shop
from bot.texts import ENOUGH, SOOTHED, Texts
from tests.conftest import settings_for

CALM, ANGRY = {"mood": "calm", "asking": "first"}, {"mood": "angry", "asking": "first"}
SHOP = ROOT / "shop"


def texts(tmp_path: Path, content: str) -> Texts:
    (tmp_path / "x.yml").write_text(content, encoding="utf-8")
    return Texts(tmp_path, {})


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_wording_comes_twice_in_a_row_in_any_mood(tmp_path: Path, count: int) -> None:
    angry = "".join(f"- {{text: sorry {n}, mood: angry}}\n" for n in range(count))
    said = texts(tmp_path, f"utter_x:\n- one\n- two\n- three\n{angry}")
    memory: dict[str, int] = {}
    lines = [said.say("utter_x", {}, ANGRY if n % 3 else CALM, memory, "talk") for n in range(30)]
    assert all(one != following for one, following in pairwise(lines))


def test_who_heard_enough_apologies_hears_plain_words(tmp_path: Path) -> None:
    said = texts(tmp_path, "utter_x:\n- one\n- two\n- {text: sorry 1, mood: angry}\n- {text: sorry 2, mood: angry}\n")
    for count in range(ENOUGH + 2):
        wording = said.say("utter_x", {}, ANGRY, {SOOTHED: count}, "talk")
        assert wording is not None
        assert wording.text.startswith("sorry") == (count < ENOUGH)


@pytest.mark.parametrize(("tone", "vocative"), [("qin", "亲，"), ("nin", "")])
def test_the_shop_sets_how_customers_are_addressed(tmp_path: Path, tone: str, vocative: str) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    for path in SHOP.iterdir():
        (shop / path.name).symlink_to(path)
    (shop / "shop.yml").unlink()
    raw = (SHOP / "shop.yml").read_text(encoding="utf-8")
    (shop / "shop.yml").write_text(re.sub(r"(?m)^tone: \w+", f"tone: {tone}", raw), encoding="utf-8")
    assert load_shop(shop).vocative == vocative
    said = build_services(settings_for(tmp_path / "var", shop_dir=shop)).texts
    lines = [said.say("utter_greet_again", {}, CALM, {}, str(n)) for n in range(30)]
    spoken = {wording.text for wording in lines if wording}
    assert any(text.startswith("亲") for text in spoken) == (tone == "qin")
    assert not any("你" in text for text in spoken)


def variants() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for path in sorted((SHOP / "texts").glob("*.yml")):
        content: dict[str, list[Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        for key, entries in content.items():
            found += [(key, entry if isinstance(entry, str) else entry["text"]) for entry in entries]
    return found


@pytest.mark.parametrize("vocative", ["亲，", ""])
def test_every_text_reads_well_with_and_without_the_vocative(vocative: str) -> None:
    for key, text in variants():
        names = {name for _, name, _, _ in Formatter().parse(text) if name}
        filled = text.format_map({name: vocative if name == "dear" else "某物" for name in names})
        assert not re.search(r"[，。！？、；：]{2}|^[，。！？、；：\s]", filled.replace("……", "")), (key, filled)
        assert filled.count("亲，") <= 1, (key, filled)
