"""What becomes of a message: each errcode, each way in which a call can be lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.channels.wechat.api import errors
from bot.channels.wechat.api.outcomes import (
    Gone,
    Outcome,
    Parked,
    PassiveOnly,
    Refused,
    Sent,
    Skipped,
    TooLong,
    Why,
    outcome_of,
)
from bot.channels.wechat.api.transport import Request, Transport
from bot.channels.wechat.custom import as_json, message
from bot.channels.wechat.outgoing import Menu, MenuItem, News, Text
from bot.conversation.outbox import DeliveryUnknown, NotDelivered
from bot.errors import NotSendable
from bot.settings import Settings
from tests.wechat.fake import Account
from tests.wechat.nodes import OPENID, SEND, Nodes, nodes

TYPING = "/cgi-bin/message/custom/typing"


async def say(here: Nodes, text: str = "您好") -> Outcome:
    return await here.one.sender.send(OPENID, Text(text))


def texts(here: Nodes) -> list[str]:
    return [shown.text for shown in here.user.screen if shown.kind == "custom"]


async def test_a_message_arrives_as_it_was_written(settings: Settings) -> None:
    async with nodes(settings) as here:
        here.wechat.desk.employ("kf1@fake", "小周")
        written = "亲，“39元”\\u4e2d <b>好</b>\n🙂"
        assert await say(here, written) == Sent()
        assert await here.one.sender.send(OPENID, Text("我是小周"), "kf1@fake") == Sent()
        menu = Menu("要哪一种？", (MenuItem("101", "退款"), MenuItem("102", "换货")))
        assert await here.one.sender.send(OPENID, menu) == Sent()
        article = News("保温杯", "https://shop.example/mug", "39元", "https://shop.example/mug.jpg")
        assert await here.one.sender.send(OPENID, article) == Sent()
        assert texts(here)[:2] == [written.replace("\\u", "＼u"), "我是小周"]
        assert here.user.screen[-3].account == "kf1@fake"


@pytest.mark.parametrize(
    ("errcode", "outcome"),
    [
        (40003, Gone(Why.UNKNOWN_OPENID)),
        (43004, Gone(Why.NOT_FOLLOWING)),
        (48002, Gone(Why.REFUSES)),
        (44004, Skipped()),
        (45002, TooLong()),
        (45015, Parked(Why.WINDOW_CLOSED)),
        (45047, Parked(Why.COUNT_USED)),
        (48001, PassiveOnly()),
        (40007, Refused(40007, Why.MEDIA_GONE)),
        (40008, Refused(40008, Why.OUR_MISTAKE)),
        (40033, Refused(40033, Why.OUR_MISTAKE)),
        (45008, Refused(45008, Why.TOO_MANY_ARTICLES)),
        (61452, Refused(61452, Why.NO_SUCH_PERSON)),
        (99999, Refused(99999, Why.OTHER)),
    ],
)
async def test_an_errcode_about_a_message_is_its_outcome(settings: Settings, errcode: int, outcome: Outcome) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.fail(SEND, errcode)
        assert await say(here) == outcome
        assert len(here.wechat.called(SEND)) == 1
        assert here.fetches == 1
        assert await say(here) == Sent()


@pytest.mark.parametrize(
    ("errcode", "error"),
    [(40164, errors.AddressNotAllowed), (45009, errors.QuotaUsedUp), (45011, errors.QuotaUsedUp)],
)
async def test_an_errcode_about_the_account_is_an_error_to_be_mended(
    settings: Settings, errcode: int, error: type[errors.Alarm]
) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.fail(SEND, errcode)
        with pytest.raises(error) as raised:
            await say(here)
        assert isinstance(raised.value, NotDelivered)
        assert raised.value.errcode == errcode
        assert len(here.wechat.called(SEND)) == 1


async def test_a_busy_wechat_is_tried_three_times_more(settings: Settings) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.fail(SEND, -1, times=3)
        assert await say(here) == Sent()
        here.wechat.faults.fail(SEND, -1, times=4)
        with pytest.raises(errors.Busy):
            await say(here)
        assert len(here.wechat.called(SEND)) == 8
        assert len(texts(here)) == 1


async def test_what_was_processed_though_the_answer_is_lost_is_unknown_and_not_sent_again(settings: Settings) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.lose_answer(SEND)
        with pytest.raises(DeliveryUnknown):
            await say(here)
        assert texts(here) == ["您好"]


async def test_what_is_lost_before_it_is_processed_is_unknown_too(settings: Settings) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.lose_request(SEND)
        with pytest.raises(DeliveryUnknown):
            await say(here)


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_a_gateway_that_fails_leaves_it_unknown(settings: Settings, status: int) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.status(SEND, status)
        with pytest.raises(DeliveryUnknown):
            await say(here)


@pytest.mark.parametrize("status", [302, 400, 404, 429, 503])
async def test_a_status_that_says_no_is_not_delivered(settings: Settings, status: int) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.status(SEND, status)
        with pytest.raises(NotDelivered):
            await say(here)


async def test_an_answer_that_is_no_json_leaves_it_unknown(settings: Settings) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.garbage(SEND)
        with pytest.raises(DeliveryUnknown):
            await say(here)


async def test_an_answer_that_does_not_come_leaves_it_unknown(settings: Settings) -> None:
    async with nodes(settings) as here:
        impatient = Transport(here.wechat.address, total=0.3)
        token = await here.one.tokens.current()
        here.wechat.faults.delay(SEND, 1.0)
        with pytest.raises(DeliveryUnknown):
            await impatient.ask(
                Request("POST", SEND, body=as_json(message(OPENID, Text("您好")))), access_token=token.value
            )
        await impatient.close()
        assert texts(here) == ["您好"]


async def test_nobody_at_the_address_is_not_delivered(settings: Settings) -> None:
    async with nodes(settings) as here:
        await here.one.tokens.current()
        await here.wechat.stop()
        with pytest.raises(errors.Unreachable):
            await say(here)


async def test_a_token_that_cannot_be_fetched_is_not_delivered(settings: Settings) -> None:
    async with nodes(settings) as here:
        here.wechat.faults.lose_answer("/cgi-bin/stable_token")
        with pytest.raises(NotDelivered):
            await say(here)
        assert here.wechat.called(SEND) == []


async def test_the_rules_of_the_fake_are_met_as_outcomes(settings: Settings) -> None:
    async with nodes(settings) as here:
        with pytest.raises(NotSendable):
            await say(here, "长" * 700)
        sent = [await say(here, f"第{number}条") for number in range(6)]
        assert sent == [Sent()] * 5 + [Parked(Why.COUNT_USED)]
        await here.wechat.jump(48 * 3600)
        assert await say(here) == Parked(Why.WINDOW_CLOSED)
        await here.user.unfollow()
        assert await say(here) == Gone(Why.NOT_FOLLOWING)
        assert await here.one.sender.send("o-nobody", Text("您好")) == Gone(Why.UNKNOWN_OPENID)


async def test_an_unverified_account_may_only_answer(settings: Settings) -> None:
    async with nodes(settings, account=Account(kind="unverified")) as here:
        assert await say(here) == PassiveOnly()


async def test_the_typing_sign_is_shown_where_it_may_be(settings: Settings) -> None:
    async with nodes(settings) as here:
        sender = here.one.sender
        assert await sender.typing(OPENID)
        assert here.user.typing
        assert not await sender.typing(OPENID)  # 45081: it is shown already
        assert await sender.typing(OPENID, on=False)
        assert not here.user.typing
        await here.wechat.jump(31)
        assert not await sender.typing(OPENID)  # 45080: nothing was heard for 30 s
        here.wechat.faults.lose_answer(TYPING)
        assert not await sender.typing(OPENID)
        here.wechat.faults.fail(TYPING, 45072)
        assert not await sender.typing(OPENID)


def test_no_two_meanings_are_mixed_up() -> None:
    kinds = {type(outcome_of(code)) for code in (40003, 44004, 45002, 45015, 48001, 99999)}
    assert kinds == {Gone, Skipped, TooLong, Parked, PassiveOnly, Refused}


async def test_messages_at_once_each_arrive_once(settings: Settings, tmp_path: Path) -> None:
    async with nodes(settings) as here:
        sent = await asyncio.gather(*(say(here, str(number)) for number in range(5)))
        assert sent == [Sent()] * 5
        assert sorted(texts(here)) == ["0", "1", "2", "3", "4"]
