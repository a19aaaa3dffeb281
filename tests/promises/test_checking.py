"""What holds, what does not, by which rule, until when, and what would be true instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy.facts import Claim, Claimed
from bot.promises.checking import check
from bot.promises.facts import CourierFacts, PromiseFacts, TicketFacts
from bot.promises.promise import KINDS, Deadline, Promise
from bot.promises.reading import read
from bot.promises.verdict import Verdict
from bot.texts import Texts
from tests.promises.evaluation import sentences
from tests.promises.situations import AGENT, BOT, SITUATIONS, bargained, facts
from tests.unit.policy.demo_shop import DEMO, NOW, PACK, ROOT, line, order

TEXTS = Texts(ROOT / "shop" / "texts", {})
MUG, JEANS, LAMP = SITUATIONS["mug_signed"], SITUATIONS["jeans_unshipped"], SITUATIONS["lamp_unshipped"]


def verdict(text: str, known: PromiseFacts) -> Verdict:
    """The verdict on a text with one promise."""
    found = check(read(text, known.now), known)
    assert len(found) == 1, found
    return found[0]


def judged(text: str, known: PromiseFacts) -> tuple[str, str]:
    found = verdict(text, known)
    return found.outcome, found.rule_id


def test_a_right_of_supported_goods_cannot_be_denied() -> None:
    found = verdict("此商品不支持七天无理由", MUG)
    assert (found.outcome, found.rule_id, found.truth) == ("block", "no_exclusion", "truth_returnable")
    assert found.clause == PACK.clause("no_exclusion")
    assert found.fields == {"item": "手绘陶瓷马克杯", "days": PACK.no_reason_return.days}


def test_nothing_leaves_today_that_is_not_there() -> None:
    found = verdict("今天一定发货", JEANS)
    assert (found.outcome, found.rule_id, found.truth) == ("block", "in_stock", "truth_restock")


def test_no_more_goes_back_than_was_paid() -> None:
    found = verdict("马上退您500", facts("121"))
    assert (found.outcome, found.rule_id) == ("block", "refund_ceiling")
    assert found.fields == {"left": Decimal("277.70")}


def test_what_is_pending_counts_against_the_payment() -> None:
    claimed = Claimed("MUG", 1, Decimal("39.90"), "T1", "open", "damaged", "refund")
    known = replace(MUG, order=replace(DEMO["101"], claimed=(claimed,)))
    assert judged("退您39.9", known)[0] == "holds"
    assert judged("退您40", known) == ("block", "refund_ceiling")


@pytest.mark.parametrize(("amount", "outcome"), [("200.00", "holds"), ("200.01", "block")])
def test_a_limit_is_the_speakers(amount: str, outcome: str) -> None:
    dear = order(line("DOWN", 1, "499.00", traits=frozenset(), stock=5))
    known = facts(standing=BOT, order=dear)
    assert judged(f"退您{amount}元", known)[0] == outcome
    assert judged("退您200.01元", replace(known, standing=AGENT))[0] == "holds"


def test_a_limit_is_not_passed_in_small_steps() -> None:
    before = Claimed(None, 1, Decimal("15.00"), "T1", "approved", "late_shipping", "compensation")
    known = facts("125", standing=BOT, claim=Claim("damaged", "TEASET", 1))
    assert judged("补您10元", known)[0] == "holds"
    known = replace(known, order=replace(DEMO["125"], claimed=(before,)))
    assert judged("补您10元", known) == ("block", "approval_limit")


def test_goodwill_is_a_persons_inside_the_limit() -> None:
    assert judged("补您20元", MUG)[0] == "warn"
    assert judged("补您20元", replace(MUG, standing=BOT)) == ("block", "compensation")
    assert judged("补您50.5元", MUG) == ("block", "approval_limit")


def test_money_does_not_arrive_faster_than_it_can() -> None:
    assert judged("明天到账", MUG) == ("block", "refund_arrival")
    assert judged("两个工作日到账", MUG) == ("block", "refund_arrival")
    assert judged("三个工作日到账", MUG) == ("holds", "refund_arrival")
    assert judged("三天内到账", MUG) == ("warn", "refund_arrival")  # a weekend lies between
    swift = PACK.copy(update={"refund_arrival": PACK.refund_arrival.copy(update={"working_days_to": 1})})
    assert judged("明天到账", replace(MUG, pack=swift))[0] == "holds"


def test_the_courier_alone_knows_when_a_parcel_comes() -> None:
    way = facts("120")
    assert judged("明天能到", way) == ("warn", "arrival_by_courier")
    expected = replace(way, courier=CourierFacts(way.courier.shipped_at, None, NOW + timedelta(hours=20)))
    assert judged("明天能到", expected)[0] == "holds"
    assert judged("今天能到", expected)[0] == "warn"


def test_a_promise_that_holds_has_its_hour() -> None:
    assert verdict("48小时内给您发走", LAMP).due_at == NOW + timedelta(hours=48)
    assert verdict("给您补发", MUG).due_at == NOW + timedelta(hours=PACK.ticket_deadline_hours["reship"])


def test_a_time_after_the_payment_counts_from_there() -> None:
    paid_at = DEMO["106"].paid_at
    assert paid_at is not None
    assert verdict("付款后24小时内发货", LAMP).due_at == paid_at + timedelta(hours=24)


def test_no_clock_runs_while_a_condition_stands() -> None:
    found = verdict("您要是今天补个备注，今天就能发", LAMP)
    assert (found.outcome, found.due_at) == ("holds", None)


def test_a_weaker_promise_is_a_warning() -> None:
    assert judged("尽量今天发", LAMP)[0] == "warn"
    assert judged("尽量今天发", JEANS)[0] == "warn"
    assert judged("预计今天发", LAMP)[0] == "holds"
    assert judged("预计今天发", JEANS)[0] == "warn"


def test_usually_is_no_excuse_for_a_denial() -> None:
    assert judged("我们一般不开发票", MUG) == ("block", "invoice_on_request")


def test_a_promise_may_repeat_what_a_ticket_says() -> None:
    ticket = TicketFacts("T9", "refund", Decimal("79.80"), NOW + timedelta(hours=3))
    known = replace(MUG, order=replace(DEMO["101"], claimed=(Claimed(None, 2, Decimal("79.80"), "T9", "open"),)))
    assert judged("退您79.8元", known) == ("block", "refund_ceiling")
    known = replace(known, tickets=(ticket,))
    assert verdict("退您79.8元", known).due_at == ticket.due_at
    assert verdict("退您80元", known).fields == {"ticket": "T9"}


def test_done_is_said_when_it_is_done() -> None:
    ticket = TicketFacts("T9", "refund", Decimal("79.80"))
    assert judged("已经给您退款了", replace(MUG, tickets=(ticket,))) == ("block", "progress_as_recorded")
    assert judged("已经给您退款了", replace(MUG, tickets=(replace(ticket, done=True),)))[0] == "holds"


def test_a_price_below_the_floor_takes_a_persons_word() -> None:
    assert judged("给您算35", bargained("MUG")) == ("block", "bargain_approval")
    assert judged("给您算35", bargained("MUG", granted=Decimal("35.00")))[0] == "holds"
    assert judged("给您算34", bargained("MUG", granted=Decimal("35.00")))[0] == "block"
    assert judged("给您算58", bargained("TSHIRT", "59.00")) == ("block", "bargain_activity")


def test_goods_that_the_text_names_are_meant() -> None:
    mixed = facts(order=order(line("MUG"), line("KEYRING")))
    assert judged("钥匙扣不支持七天无理由", mixed)[0] == "holds"
    assert judged("杯子不支持七天无理由", mixed)[0] == "block"
    assert judged("“定制刻字钥匙扣”不支持七天无理由", mixed)[0] == "holds"
    assert judged("这单不支持七天无理由", mixed)[0] == "block"


def test_freight_is_the_shops_for_its_faults_only() -> None:
    assert judged("质量问题运费我们出", MUG)[0] == "holds"
    assert judged("不喜欢的话，退货运费我们出", MUG) == ("block", "no_reason_freight")
    assert judged("运费我们出", MUG)[0] == "warn"
    assert judged("发错货的运费您自己出", MUG) == ("block", "wrong")
    assert judged("个人原因退货运费您自己出", MUG)[0] == "holds"


def test_unpaid_orders_get_no_money() -> None:
    assert judged("退您59", facts("114")) == ("block", "paid_orders")


def test_without_an_order_money_is_blocked_and_the_rest_is_warned_of() -> None:
    nobody = SITUATIONS["nobody_bot"]
    assert judged("退您20", nobody) == ("block", "paid_orders")
    assert judged("给您补发", nobody)[0] == "warn"
    assert judged("明天能到", facts())[0] == "warn"


@pytest.mark.parametrize("text", ["明天能到", "您这单可以退", "您的商品已超过退货期限"])
def test_the_bot_says_nothing_of_an_order_that_it_does_not_know(text: str) -> None:
    """A person would be warned; nobody reads over what the bot writes."""
    assert judged(text, SITUATIONS["nobody_bot"])[0] == "block"
    assert judged(text, facts())[0] == "warn"


def test_an_arrival_is_vouched_for_by_the_courier_alone() -> None:
    on_the_way = SITUATIONS["mango_on_the_way"]
    assert judged("明天能到", on_the_way) == ("warn", "arrival_by_courier")
    assert judged("明天一定能到", on_the_way) == ("block", "arrival_by_courier")
    assert judged("今天一定能到", SITUATIONS["shoes_on_the_way"]) == ("holds", "arrival_by_courier")


@pytest.mark.parametrize(
    ("text", "situation", "rule"),
    [
        ("付了款就取消不了", "jeans_unshipped", "unshipped_cancel"),
        ("取消要扣8元手续费", "lamp_unshipped", "unshipped_cancel"),
        ("碎了也是您自己承担", "mug_signed", "fault_report"),
        ("刻错字也不退", "keyring_bot", "fault_report"),
        ("晚发我们一分钱不赔", "jeans_unshipped", "late_shipping"),
        ("差价补不了", "shirt_fell", "price_protection"),
        ("价保有三十天", "shirt_fell", "price_protection"),
        ("已经拦截成功了", "shoes_on_the_way", "shipped_interception"),
    ],
)
def test_rights_are_not_talked_away_and_nothing_is_done_before_it_is(text: str, situation: str, rule: str) -> None:
    assert judged(text, SITUATIONS[situation])[0] == "block"
    assert judged(text, SITUATIONS[situation])[1] == rule


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("付了款就取消不了", "mug_signed"),
        ("晚发我们一分钱不赔", "down_presale"),
        ("差价补不了", "dress_old"),
    ],
)
def test_a_denial_of_what_is_not_due_stands(text: str, situation: str) -> None:
    assert judged(text, SITUATIONS[situation])[0] == "holds"


def test_nobody_answers_at_night() -> None:
    night = SITUATIONS["night_lamp"]
    assert verdict("10分钟内回复您", night).fields == {"start": night.staffed_from}
    assert judged("10分钟内回复您", LAMP)[0] == "holds"


def test_what_is_said_instead_is_true_itself() -> None:
    for sentence in sentences():
        known = SITUATIONS[sentence.situation]
        for found in sentence.verdicts:
            if found.truth is None:
                continue
            for variant in TEXTS._variants[found.truth]:
                text = variant.text.format_map(found.shown_fields(known.pack))
                again = check(read(text, known.now), known)
                assert all(each.outcome != "block" for each in again), (sentence.text, text, again)


amounts = st.none() | st.integers(0, 100_000).map(lambda fen: Decimal(fen) / 100)
deadlines = st.timedeltas(min_value=timedelta(days=-2), max_value=timedelta(days=60)).map(
    lambda ahead: Deadline(NOW + ahead, "")
)


@given(st.sampled_from(KINDS), st.sampled_from(sorted(SITUATIONS)), amounts, deadlines, st.booleans(), st.booleans())
@settings(max_examples=500, deadline=None)
def test_any_promise_gets_a_verdict_with_a_clause_of_the_pack(
    kind: str, situation: str, amount: Decimal | None, deadline: Deadline, whole: bool, forever: bool
) -> None:
    known = SITUATIONS[situation]
    promise = Promise(
        kind=kind,  # type: ignore[arg-type]
        certainty="firm",
        span=(0, 1),
        clause="",
        subject="",
        deadline=deadline,
        amount=amount,
        whole=whole,
        forever=forever,
    )
    (found,) = check([promise], known)
    assert found.clause == known.pack.clause(found.rule_id)
    if found.outcome == "holds" and known.order is not None and kind in ("refund", "compensation"):
        assert amount is None or amount <= known.order.paid


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        check([], replace(MUG, now=NOW.replace(tzinfo=None)))


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("满199减20", "holds"),
        ("满99减50哦", "block"),
        ("满59就包邮", "holds"),
        ("全场满30包邮", "block"),
    ],
)
def test_what_is_published_is_told_as_it_is_published(text: str, outcome: str) -> None:
    assert judged(text, SITUATIONS["mug_bargain"]) == (outcome, "offer_as_published")


def test_free_shipping_below_the_threshold_is_a_persons_to_give() -> None:
    assert judged("给您包邮", SITUATIONS["mug_bargain"])[0] == "warn"
    assert judged("给您包邮", replace(SITUATIONS["mug_bargain"], standing=BOT))[0] == "block"
    assert judged("这款包邮的哦", SITUATIONS["shirt_activity"])[0] == "holds"
