"""What customers remark beside an answer, and what only looks like it."""

from __future__ import annotations

import pytest

from bot.remarks import remarks

READ = remarks()


@pytest.mark.parametrize(
    "text",
    [
        "杯子碎了，没照片",
        "碎了一个 没拍照",
        "照片没有了",
        "没拍照片，一个",
        "当时没留图",
        "我没有图，怎么办",
        "杯子碎了没照片能退吗",
        "图片都删了",
        "忘了拍照",
        "没来得及拍照片就扔了",
        "我不会发图",
        "发不了照片",
        "照片发不出去",
        "沒有照片",
        "没有图片",
    ],
)
def test_there_is_no_picture(text: str) -> None:
    assert READ.no_picture(text)


@pytest.mark.parametrize(
    "text",
    [
        "没拍到发货",
        "没有图片好看",
        "实物没有照片那么白",
        "没有照片上亮",
        "照片里没有盖子",
        "照片没拍到裂缝",
        "照片没问题",
        "图片没显示",
        "这个我没拍",
        "没有图案",
        "没看到照片上的盖子",
        "没照着说明装",
        "给你发照片",
        "会不会是发错图",
    ],
)
def test_something_else_is_not_there(text: str) -> None:
    assert not READ.no_picture(text)


@pytest.mark.parametrize(
    ("slot", "text"),
    [
        ("evidence", "要照片干嘛"),
        ("evidence", "为什么要拍照"),
        ("evidence", "照片有什么用啊"),
        ("evidence", "一定要照片吗"),
        ("evidence", "必须拍照吗？"),
        ("evidence", "不拍照行吗"),
        ("evidence", "能不能不发图"),
        ("evidence", "怎么还要照片"),
        ("order_no", "要订单号干嘛"),
        ("order_no", "为什么要订单号"),
        ("order_no", "不给单号行吗"),
        ("phone_tail", "干嘛要我手机号"),
        ("phone_tail", "要后四位做什么"),
        ("phone_tail", "为啥还要查手机后四位"),
        ("cause", "一定要说原因吗"),
        ("cause", "问原因干什么"),
        ("quantity", "一定要吗"),
        ("evidence", "必须的吗"),
        ("opened", "问这个干嘛"),
        ("item", "问这么多干啥"),
        ("evidence", "为什么"),
        ("evidence", "有必要吗"),
    ],
)
def test_why_it_is_asked(slot: str, text: str) -> None:
    assert READ.asks_why(text, slot)


@pytest.mark.parametrize(
    ("slot", "text"),
    [
        ("order_no", "为什么订单还没发货"),
        ("order_no", "为什么给我发错订单"),
        ("order_no", "怎么查订单号"),
        ("order_no", "干嘛取消我的订单"),
        ("order_no", "订单号在哪里看"),
        ("evidence", "怎么发照片"),
        ("evidence", "必须退款"),
        ("evidence", "一定要今天处理"),
        ("evidence", "你们为什么发个碎的"),
        ("quantity", "为什么这么慢"),
        ("phone_tail", "手机坏了怎么办"),
        ("cause", "为什么要我付运费"),
        ("confirmed", "确认"),
        ("confirmed", "退钱不行吗"),
        ("quantity", "两个"),
        ("evidence", "要"),
    ],
)
def test_it_is_asked_nothing_about_the_question(slot: str, text: str) -> None:
    assert not READ.asks_why(text, slot)


@pytest.mark.parametrize(
    "text",
    [
        "能退吗",
        "那怎么办",
        "你们打算怎么处理",
        "这种情况怎么赔啊",
        "可以换新的吗",
        "能不能退",
        "碎了怎么办？",
        "赔不赔",
        "会给我退款吗",
    ],
)
def test_what_now(text: str) -> None:
    assert READ.asks_what_now(text)


@pytest.mark.parametrize(
    "text",
    [
        "订单号找不到了怎么办",
        "退款",
        "给我退了吧",
        "换一个",
        "怎么退货",
        "能送货吗",
        "能用券吗",
        "两个",
        "没照片怎么办理",
    ],
)
def test_something_else_is_asked(text: str) -> None:
    assert not READ.asks_what_now(text)


@pytest.mark.parametrize(
    "text", ["就是那双黑的", "就是0103那单", "说了啊，鞋子", "不是说了吗", "那件黑色的", "就那个", "跑步鞋啊"]
)
def test_what_is_known_is_said_again(text: str) -> None:
    assert READ.only_said_before(text, ["0103", "鞋子", "跑步鞋", "黑色", "黑"])


@pytest.mark.parametrize("text", ["就是那双白的", "是两双", "就是0104那单", "嗡嗡嗡", "", "黑的开胶了"])
def test_what_is_new_is_not_known(text: str) -> None:
    assert not READ.only_said_before(text, ["0103", "鞋子", "跑步鞋", "黑色", "黑"])
