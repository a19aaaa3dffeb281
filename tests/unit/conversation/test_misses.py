"""How often the bot may misunderstand before a person comes is the merchant's to say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.engine.engine import Engine
from bot.errors import ShopError
from bot.settings import ROOT
from bot.shop import load_shop
from tests.unit.conversation.conftest import MakeShop

SETTING = "misses_before_person: 2"
NONSENSE = ("咕噜咕噜三角形吃星期五", "呱唧呱唧沙发会背诗", "咕噜咕噜三角形吃星期六")


def with_setting(directory: Path, line: str) -> Path:
    """A copy of the shop with this line in place of its own."""
    copy = directory / "shop"
    shutil.copytree(ROOT / "shop", copy)
    settings = (copy / "shop.yml").read_text(encoding="utf-8")
    assert SETTING in settings
    (copy / "shop.yml").write_text(settings.replace(SETTING, line), encoding="utf-8")
    return copy


@pytest.mark.parametrize("limit", [1, 3])
async def test_a_person_comes_after_as_many_misses_as_are_set(
    make_shop: MakeShop, engine: Engine, tmp_path: Path, limit: int
) -> None:
    shop = make_shop(engine, shop_dir=with_setting(tmp_path, f"misses_before_person: {limit}"))
    customer = shop.customer()
    owners = []
    for text in NONSENSE[:limit]:
        await customer.say(text)
        owners.append((await customer.conversation())["owner"])
    assert owners == ["bot"] * (limit - 1) + ["queue"], customer.transcript


def test_without_the_setting_it_is_the_second_time(tmp_path: Path) -> None:
    assert load_shop(with_setting(tmp_path, "")).misses_before_person == 2


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", "true"])
def test_a_number_that_makes_no_sense_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(ShopError, match="misses_before_person"):
        load_shop(with_setting(tmp_path, f"misses_before_person: {value}"))
