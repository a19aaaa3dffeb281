"""The lexicon: what is gathered from files and catalogue, what is wrong with them, and when it counts as changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.errors import ShopError
from bot.nlu.components import MessageReader
from bot.nlu.lexicon import Lexicon
from tests.unit.nlu.language import LEXICON, READ, ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data" / "lexicon", tmp_path / "data" / "lexicon")
    (tmp_path / "shop").mkdir()
    shutil.copy(ROOT / "shop" / "products.csv", tmp_path / "shop")
    return tmp_path


def read(project: Path) -> Lexicon:
    return Lexicon.read(project / "data" / "lexicon", project / "shop" / "products.csv")


def test_catalogue_gives_names_colours_and_sizes() -> None:
    assert LEXICON.lists["product"]["t恤"] == "TSHIRT"
    assert LEXICON.lists["product"]["轻薄羽绒服"] == "DOWN"
    assert LEXICON.lists["colour"]["藏青"] == "藏青"
    assert LEXICON.lists["size"]["xl"] == "XL"


@pytest.mark.parametrize("word", ["仅退款", "法式碎花连衣裙", "藏青", "极兔"])
def test_words_of_dictionary_catalogue_and_lists_stay_whole(word: str) -> None:
    assert [read.text for read in READ(word).words] == [word]


def test_saved_and_loaded_it_is_the_same(tmp_path: Path) -> None:
    LEXICON.save(tmp_path / "lexicon.json")
    assert Lexicon.load(tmp_path / "lexicon.json") == LEXICON


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data/lexicon/synonyms.yml", "[木有,", "[木有有,"),
        ("data/lexicon/concepts.yml", "投诉", "投诉了"),
        ("data/lexicon/dictionary.yml", "仅退款", "只退款"),
        ("data/lexicon/entities.yml", "[军绿]", "[军绿, 橄榄绿]"),
        ("shop/products.csv", "马克杯|杯子", "马克杯|茶缸"),
    ],
)
def test_a_change_in_any_file_means_training_again(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str
) -> None:
    monkeypatch.chdir(project)
    before = MessageReader.fingerprint_addon({})
    assert MessageReader.fingerprint_addon({}) == before
    path = project / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert MessageReader.fingerprint_addon({}) != before


def test_a_price_change_does_not(project: Path) -> None:
    before = read(project).fingerprint()
    path = project / "shop" / "products.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("39.90", "41.90"), encoding="utf-8")
    assert read(project).fingerprint() == before


def test_another_shop_has_another_catalogue(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    before = MessageReader.fingerprint_addon({})
    other = project / "other"
    other.mkdir()
    (other / "products.csv").write_text("sku,name,aliases,colors,sizes\nPEN,钢笔,墨水笔,,\n", encoding="utf-8")
    monkeypatch.setenv("SHOP_DIR", str(other))
    assert MessageReader.fingerprint_addon({}) != before
    assert Lexicon.read(project / "data" / "lexicon", other / "products.csv").lists["product"] == {
        "钢笔": "PEN",
        "墨水笔": "PEN",
    }


@pytest.mark.parametrize("name", ["data/lexicon/concepts.yml", "shop/products.csv"])
def test_missing_file_is_named(project: Path, name: str) -> None:
    (project / name).unlink()
    with pytest.raises(ShopError, match=Path(name).name):
        read(project)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data/lexicon/entities.yml", "lists: {}\n"),
        ("data/lexicon/synonyms.yml", "[]\n"),
        ("data/lexicon/concepts.yml", "concepts: {a: ["),
    ],
)
def test_wrong_file_is_refused(project: Path, name: str, text: str) -> None:
    (project / name).write_text(text, encoding="utf-8")
    with pytest.raises(ShopError):
        read(project)


def test_an_expression_that_is_none_is_refused_by_name(project: Path) -> None:
    (project / "data" / "lexicon" / "concepts.yml").write_text("concepts: {broken: '(('}\n", encoding="utf-8")
    with pytest.raises(ShopError, match="broken"):
        read(project)
