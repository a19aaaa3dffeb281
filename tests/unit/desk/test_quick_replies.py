"""Quick replies: found by their sound, read anew when edited, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.desk.quick_replies import QuickReplies
from bot.errors import ShopError

FILE = """
- group: 售后
  replies:
    - {id: return, title: 退货地址, text: "地址发您了，{customer}"}
    - {id: refund, title: 退款进度, text: "正在看退货的进度"}
"""


def write(path: Path, content: str, second: int) -> None:
    path.write_text(content, encoding="utf-8")
    os.utime(path, (second, second))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write(tmp_path / "quick_replies.yml", FILE, 1)
    return tmp_path / "quick_replies.yml"


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("", ["return", "refund"]),
        ("thdz", ["return"]),
        ("TuiKuan", ["refund"]),
        ("tui kuan", ["refund"]),
        ("退货", ["return", "refund"]),
        ("jindu", ["refund"]),
        ("售后", ["return", "refund"]),
        ("refund", ["refund"]),
        ("没有", []),
    ],
)
def test_they_are_found_the_best_first(path: Path, asked: str, ids: list[str]) -> None:
    assert [reply["id"] for reply in QuickReplies(path).find(asked)] == ids


def test_an_edited_file_is_read_and_a_broken_one_leaves_the_old(path: Path) -> None:
    replies = QuickReplies(path)
    assert replies.reload() is False
    write(path, FILE.replace("退货地址", "寄回地址"), 2)
    assert replies.reload() is True
    assert replies.find("jhdz")
    for number, broken in enumerate(("- group: x\n", "- 5\n", FILE + FILE), start=3):
        write(path, broken, number)
        with pytest.raises(ShopError, match=r"quick_replies\.yml"):
            replies.reload()
        assert replies.find("jhdz")


def test_a_shop_needs_none(tmp_path: Path) -> None:
    assert QuickReplies(tmp_path / "quick_replies.yml").find("") == []
