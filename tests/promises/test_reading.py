"""What is read in a sentence: kinds, amounts, times, how sure it is; and what is no promise at all."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.promises.promise import Promise
from bot.promises.reading import read
from bot.promises.words import words

NOW = datetime(2026, 3, 18, 15, 20, tzinfo=SHANGHAI)  # a Wednesday
MOST_SECONDS = 5.0
LONG = 10_000


def only(text: str) -> Promise:
    """The one promise of a text."""
    promises = read(text, NOW)
    assert len(promises) == 1, promises
    return promises[0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("今天一定发", "ship_by"),
        ("48小时内给您发走", "ship_by"),
        ("明天能到", "deliver_by"),
        ("马上退您500", "refund"),
        ("全额退给您", "refund"),
        ("三天内到账", "refund_arrival"),
        ("钱后天就到", "refund_arrival"),
        ("给您补发", "reship"),
        ("给您换一个新的", "exchange"),
        ("补您20块", "compensation"),
        ("差价退给您", "price_difference"),
        ("给您算35", "price"),
        ("便宜10块", "discount"),
        ("给您打九折", "discount"),
        ("再送您一包湿巾", "gift"),
        ("运费我们出", "freight"),
        ("不用您出运费", "freight"),
        ("运费您自己出", "buyer_freight"),
        ("这款不支持七天无理由", "no_return"),
        ("拆了不能退", "no_return"),
        ("支持七天无理由", "return_ok"),
        ("有现货", "stock"),
        ("10分钟内回复您", "answer_by"),
        ("保修一年", "warranty"),
        ("活动没有发票", "invoice_denied"),
        ("已经退款了", "refund_done"),
        ("昨天就给您发出去了", "ship_done"),
        ("包裹已经签收了", "delivered_done"),
    ],
)
def test_each_kind_is_read(text: str, kind: str) -> None:
    assert only(text).kind == kind


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("今天发货", "03-18 23:59"),
        ("今晚发货", "03-18 23:59"),
        ("明天上午十点前发货", "03-19 10:00"),
        ("明天下午3点半发货", "03-19 15:30"),
        ("明早发货", "03-19 12:00"),
        ("后天发货", "03-20 23:59"),
        ("大后天发货", "03-21 23:59"),
        ("24h内发货", "03-19 15:20"),
        ("４８小时内发货", "03-20 15:20"),
        ("半小时内发货", "03-18 15:50"),
        ("一个半小时内发货", "03-18 16:50"),
        ("半天内发货", "03-19 03:20"),
        ("两三天内发货", "03-21 23:59"),
        ("3-5天发货", "03-23 23:59"),
        ("3个工作日内发货", "03-23 23:59"),
        ("周五前发货", "03-20 23:59"),
        ("周一发货", "03-23 23:59"),
        ("下周三发货", "03-25 23:59"),
        ("这周末发货", "03-22 23:59"),
        ("下周发货", "03-29 23:59"),
        ("5号之前发货", "04-05 23:59"),
        ("25号之前发货", "03-25 23:59"),
        ("三月二十八号发货", "03-28 23:59"),
        ("3月28日 18:00前发货", "03-28 18:00"),
        ("月底前发货", "03-31 23:59"),
        ("下个月初发货", "04-10 23:59"),
        ("一周内发货", "03-25 23:59"),
        ("晚上8点前发货", "03-18 20:00"),
    ],
)
def test_times_are_counted_from_now(text: str, by: str) -> None:
    deadline = only(text).deadline
    assert deadline is not None
    assert deadline.by.strftime("%m-%d %H:%M") == by


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("退您500", "500"),
        ("退您￥３９.９", "39.9"),
        ("退您一百二十块", "120"),
        ("退您一百二", "120"),
        ("退您两百零五元", "205"),
        ("赔您六块九毛五", "6.95"),
        ("退您三十七块五", "37.5"),
        ("给您退款，一共79.8元", "79.8"),
        ("199元会退给您", "199"),
        ("退您5毛", "0.5"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str) -> None:
    assert only(text).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("今天一定发", "firm"),
        ("尽量今天发", "effort"),
        ("预计今天发", "estimate"),
        ("可以给您补发，您看行吗", "offer"),
        ("我给您退50行不行？", "offer"),
        ("如果您今天付款，今天就发", "conditional"),
        ("审过了就按原路退，1-3个工作日", "conditional"),
        ("到仓验收完就按原路退，1-3个工作日", "conditional"),
    ],
)
def test_how_sure_it_is(text: str, certainty: str) -> None:
    assert only(text).certainty == certainty


@pytest.mark.parametrize(
    "text",
    [
        "不能保证今天发",
        "今天发不了",
        "要给您补发吗？",
        "今天能不能发我问一下",
        "您说要退500",
        "您要今天发，我做不了主",
        "您回“马上退我500”就行",
        "昨天已经给您补发过",
        "如果签收后坏了可以退",
        "快递说明天到",
        "别家卖35",
        "便宜10块做不到",
        "我没有答应过给您退500",
        "几天到看收货地",
        "发票可以开",
        "付款后7天内降价，差价可以退给您",
        "在价格保护期内如果降价了，您随时来找我退差价",
        "没有现货",
        "请问有没有现货",
        "",
        "。。。",
    ],
)
def test_what_is_no_promise(text: str) -> None:
    assert read(text, NOW) == ()


def test_a_span_is_that_of_the_text_as_given() -> None:
    text = "亲， 您好！４８小时内给您 發 走～"
    promise = only(text)
    assert text[slice(*promise.span)] == "發 走"


def test_a_time_in_the_clause_before_counts() -> None:
    promise = only("最晚明天，一定给您发出")
    assert promise.deadline is not None
    assert promise.deadline.by.day == 19


def test_goods_sent_again_have_their_time_from_the_same_sentence() -> None:
    promise = only("给您补发一套，48小时之内发出")
    assert promise.kind == "reship"
    assert promise.deadline is not None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("昨天退款给您了", "refund_done"),
        ("明天上午钱就退到您卡里了", "refund_arrival"),
        ("已经帮您申请退款", None),
        ("如果已经发货了就改不了地址", None),
        ("裤子昨天下午就发走了", "ship_done"),
    ],
)
def test_what_is_done_is_told_from_what_is_to_come(text: str, kind: str | None) -> None:
    assert [promise.kind for promise in read(text, NOW)] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("明儿个给您发咯", "ship_by"),
        ("亲😊今天给您发🚚", "ship_by"),
        ("款已退 注意查收", "refund_done"),
        ("木有发票哒", "invoice_denied"),
        ("退您贰佰元", "refund"),
    ],
)
def test_particles_pictures_and_dialect_are_read(text: str, kind: str) -> None:
    assert only(text).kind == kind


def test_a_topic_is_read_with_its_comment() -> None:
    text = "邮费呢，我们出"
    promise = only(text)
    assert promise.kind == "freight"
    assert text[slice(*promise.span)] == text


def test_an_amount_is_read_with_the_clause_that_gives_it() -> None:
    promise = only("200块，马上转您")
    assert (promise.kind, promise.amount) == ("compensation", Decimal(200))


@pytest.mark.parametrize(
    ("text", "rate"), [("三倍赔您", "3"), ("假一赔十", "10"), ("赔您一半", "0.5"), ("按50%赔付您", "0.5")]
)
def test_shares_of_the_price_and_several_times_of_it(text: str, rate: str) -> None:
    assert only(text).rate == Decimal(rate)


@pytest.mark.parametrize(("text", "days"), [("30天内都可以退货", 30), ("一个月内不满意，随时可以退货", 30)])
def test_for_how_many_days_goods_may_be_returned(text: str, days: int) -> None:
    assert only(text).days == days


def test_a_text_may_hold_several_promises() -> None:
    kinds = [promise.kind for promise in read("给您退39.9，三天内到账。杯子有现货，今天就发！", NOW)]
    assert kinds == ["refund", "refund_arrival", "stock", "ship_by"]


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        read("今天发", NOW.replace(tzinfo=None))


WORDS = st.sampled_from(
    "今天明后发货退款给您补偿不能吗？，。！“”¥0123456789.块元半个小时天周五月底号一定到账运费我们出七无理由折送便宜"
)


@given(st.text(alphabet=WORDS, max_size=80))
@settings(max_examples=500, deadline=None)
def test_any_row_of_its_own_words_is_read(text: str) -> None:
    for promise in read(text, NOW):
        start, end = promise.span
        assert 0 <= start < end <= len(text)
        assert promise.amount is None or promise.amount >= 0


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read(text: str) -> None:
    read(text, NOW)


@pytest.mark.parametrize(
    "piece", ["退", "今天发", "给您退500，", "不能", "1", "一", "“", "补您20", "的话", "运费我们出", "您", "(", "5号"]
)
def test_long_texts_are_read_in_time(piece: str) -> None:
    read("今天发", NOW)
    started = perf_counter()
    read(piece * (LONG // len(piece)), NOW)
    assert perf_counter() - started < MOST_SECONDS


def test_the_words_are_loaded_once() -> None:
    assert words() is words()


def test_when_people_come_and_go_is_the_shops_word() -> None:
    def hours(day: date) -> tuple[time, time]:
        return (time(10), time(20)) if day.weekday() < 5 else (time(11), time(17))

    leaving = read("周六下班前给您答复", NOW, hours)[0]
    coming = read("明早上班前给您答复", NOW, hours)[0]
    assert leaving.deadline is not None
    assert leaving.deadline.by.hour == 17
    assert coming.deadline is not None
    assert coming.deadline.by.hour == 10
    assert read("下班前给您答复", NOW) == ()
