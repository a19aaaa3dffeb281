"""A customer's way through an official account: answered, helped by the bot and by people, in order and once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.channels.wechat.api import menu
from bot.settings import ROOT
from tests.desk import at_work
from tests.service import Service, free_port
from tests.wechat.house import Shop, faults, in_time, picture, service_for, texts, wechat_for

PORT = free_port()


@pytest.fixture(scope="module")
def service(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service_for(tmp_path_factory.mktemp("wechat"), PORT).running() as made:
        yield made


@pytest.fixture
async def shop(service: Service) -> AsyncIterator[Shop]:
    async with wechat_for(service, PORT) as made:
        yield made
        assert not faults(made)


async def test_who_follows_is_greeted_in_the_reply(shop: Shop) -> None:
    user = shop.wechat.user("o-follows")
    push = await user.follow()
    assert push.delivered == 1
    assert len(texts(user)) == 1


async def test_a_question_is_answered_in_the_reply_and_only_there(shop: Shop) -> None:
    user = shop.wechat.user("o-asks")
    await user.follow()
    await user.says("你们包邮吗")
    assert [shown.kind for shown in user.new] == ["passive"]
    assert (await shop.said(user))[-1] in user.new[0].text


async def test_a_picture_is_evidence_and_a_claim_ends_in_a_ticket(shop: Shop) -> None:
    user = shop.wechat.user("o-claims")
    await user.follow()
    await shop.bind(user, "cust-001")
    for line in ("收到的马克杯碎了", "两个都碎了"):
        await user.says(line)
    await user.sends_picture(picture())
    await user.says("补发")
    await user.says("对的")
    tickets = await shop.client.tickets(user.openid)
    assert [(ticket["type"], ticket["evidence_count"]) for ticket in tickets] == [("reship", 1)], texts(user)
    assert tickets[0]["id"] in user.new[-1].text
    assert {shown.kind for shown in user.screen} == {"passive"}
    evidence = await shop.rows("SELECT media_type FROM uploads WHERE sender = :who", who=user.openid)
    assert evidence == [("image/jpeg",)]


@pytest.mark.parametrize("choose", ["1", "第一个", "title", "menu"])
async def test_a_choice_is_made_by_number_word_title_and_menu(shop: Shop, choose: str) -> None:
    user = shop.wechat.user(f"o-chooses-{choose}")
    await user.follow()
    await user.says("没解决，你答得不对")
    await user.says("转人工")
    offered = [line for line in (await shop.talk(user))["messages"] if line.get("buttons")][-1]
    first = offered["buttons"][0]
    assert f"1. {first['title']}" in user.new[-1].text
    if choose == "menu":
        fields = {"Content": first["title"], "bizmsgmenuid": first["payload"]}
        await user._message("text", first["title"], fields, click=True)
    else:
        await user.says(first["title"] if choose == "title" else choose)
    talk = await shop.talk(user)
    assert talk["owner"] == "bot", "the first choice in the queue is to leave it"
    assert [line["text"] for line in talk["messages"] if line["role"] == "customer"][-1] == first["title"]


async def test_people_take_over_answer_with_words_and_give_back(shop: Shop) -> None:
    user = shop.wechat.user("o-people")
    await user.follow()
    await user.says("转人工")
    await shop.agent(user, "accept")
    await shop.agent(user, "messages", text="我是小周，看到您的单子了", client_id="1")
    await user.sees("我是小周")
    assert [shown.kind for shown in user.screen if "我是小周" in shown.text] == ["custom"]
    push = await user.says("谢谢，什么时候补发")
    assert push is not None
    assert push.attempts[0].outcome == "acknowledged"
    await shop.agent(user, "messages", text="明天就发", client_id="2")
    await user.sees("明天就发")
    await shop.agent(user, "return")
    await user.says("你们包邮吗")
    await user.sees("59")
    assert [text.count("我是小周") for text in texts(user)].count(1) == 1


async def test_a_persons_picture_is_shown(shop: Shop, tmp_path: Path) -> None:
    user = shop.wechat.user("o-sees-a-picture")
    await user.follow()
    await user.says("转人工")
    talk = await shop.talk(user)
    async with at_work(shop.service) as colleague:
        await colleague.at(talk["id"], "accept")
        form = aiohttp.FormData()
        form.add_field("file", picture("WEBP"), filename="a.webp", content_type="image/webp")
        status, kept = await colleague.call("POST", "/api/v1/uploads", data=form)
        assert status == 201, kept
        status, sent = await colleague.write(talk["id"], "您看这样的", attachments=[kept["id"]])
        assert status == 200, sent
    shown = await user.sees(lambda line: line.type == "image")
    medium = shop.wechat.world.media.shown(shown.content["media_id"])
    assert medium is not None
    assert medium.mime == "image/jpeg"
    assert any("您看这样的" in text for text in texts(user))


async def test_what_cannot_be_heard_is_answered_and_what_can_be_read_is_kept(shop: Shop) -> None:
    user = shop.wechat.user("o-sends-all-kinds")
    await user.follow()
    await user.sends_voice()
    assert [shown.kind for shown in user.new] == ["passive"]
    await user.sends_location(31.2304, 121.4737, "上海市人民广场")
    await user.sends_link("好东西", "https://example.com/a?b=1&c=2", "描述")
    await user.sends_card("订单详情", "wx0123456789abcdef", "pages/order")
    written = [line["text"] for line in (await shop.talk(user))["messages"] if line["role"] == "customer"]
    assert "上海市人民广场" in written[1]
    assert "https://example.com/a?b=1&c=2" in written[2]
    assert "订单详情" in written[3]


async def test_events_do_what_they_mean(shop: Shop) -> None:
    user = shop.wechat.user("o-events")
    await shop.write("INSERT INTO wechat_scenes VALUES ('spring', '/ask_coupon', '2026-01-01 00:00:00', NULL)")
    await user.follow("spring")
    talk = await shop.talk(user)
    assert [line["role"] for line in talk["messages"]][:3] == ["bot", "customer", "bot"]
    assert all(line["text"] in "\n".join(texts(user)) for line in talk["messages"] if line["role"] == "bot")
    pressed = menu.load(ROOT / "shop").as_json()["button"]
    shop.wechat.world.menu.create({"button": [*pressed[:2], {"type": "click", "name": "无", "key": "nobody"}]})
    await user.clicks("track_order")
    assert [shown.kind for shown in user.new] == ["passive"]
    assert [line["text"] for line in (await shop.talk(user))["messages"] if line["role"] == "customer"][-1] == "查物流"
    push = await user.clicks("nobody")
    assert push.attempts[-1].outcome == "acknowledged"
    for event in ("TEMPLATESENDJOBFINISH", "subscribe_msg_popup_event", "VIEW", "nobody_knows"):
        push = await user.causes(event, {"EventKey": "x", "MsgID": "1", "Status": "failed:user block"})
        assert [attempt.outcome for attempt in push.attempts] == ["acknowledged"], event
    await user.reports_location(31.2, 121.4)
    push = await user.unfollow()
    assert push.attempts[-1].outcome == "acknowledged"


async def test_a_push_that_comes_twice_is_answered_once(shop: Shop) -> None:
    user = shop.wechat.user("o-twice")
    await user.follow()
    push = await user.says("你们包邮吗")
    assert push is not None
    again = await shop.wechat.repeat(push)
    assert again.attempts[-1].outcome == "acknowledged"
    lines = (await shop.talk(user))["messages"]
    assert [line["role"] for line in lines].count("customer") == 1
    assert len(texts(user)) == 2


async def test_two_people_with_one_message_id_are_both_answered(shop: Shop) -> None:
    users = [shop.wechat.user(f"o-same-{number}") for number in range(3)]
    for user in users:
        await user.follow()
    pushes = await asyncio.gather(*(user.says("发什么快递", msg_id="7250021412600020992") for user in users))
    for user, push in zip(users, pushes, strict=True):
        assert push is not None
        shown = await user.sees(lambda line: line.kind in ("passive", "custom"))
        assert shown.kind == "passive" or push.attempts[0].seconds > 4, "what is ready goes back with the request"
        assert len(user.new) == 1


async def test_a_new_body_under_an_old_signature_is_refused(shop: Shop) -> None:
    user = shop.wechat.user("o-replayed")
    await user.follow()
    shop.wechat.world.pusher.repeats_signature = True
    push = await user.says("你们包邮吗")
    assert push is not None
    envelope = shop.wechat.world.pusher._envelope
    query = {name: push.attempts[0].query[name] for name in ("signature", "timestamp", "nonce")}
    closed, body = envelope.close({**push.fields, "MsgId": 12345, "Content": "转人工"}, query)
    async with shop.client.session.post(shop.wechat.world.pusher.callback, params=closed, data=body) as answer:
        assert answer.status == 403
    assert (await shop.talk(user))["owner"] == "bot"


async def test_what_was_sent_with_an_unknown_outcome_is_not_sent_again_but_said_with_the_next(shop: Shop) -> None:
    user = shop.wechat.user("o-unknown")
    await user.follow()
    await user.says("转人工")
    await shop.agent(user, "accept")
    await user.sees(lambda shown: shown.kind == "custom")
    shop.wechat.faults.lose_answer("/cgi-bin/message/custom/send")
    await shop.agent(user, "messages", text="这句话丢了回执", client_id="1")
    await user.sees("这句话丢了回执")

    async def is_marked() -> bool:
        return bool((await shop.talk(user))["undelivered"])

    await in_time(is_marked)
    assert sum("这句话丢了回执" in text for text in texts(user)) == 1
    await shop.agent(user, "messages", text="下一句", client_id="2")
    shown = await user.sees("下一句")
    assert "这句话丢了回执" in shown.text
    assert (await shop.talk(user))["undelivered"] == 0


async def test_the_last_of_what_may_be_sent_is_kept_for_people_and_the_rest_waits(shop: Shop) -> None:
    user = shop.wechat.user("o-quota")
    await user.follow()
    await user.says("转人工")
    await shop.agent(user, "accept")
    for number in range(7):
        await shop.agent(user, "messages", text=f"第{number}句话", client_id=str(number))
        if number < 4:
            await user.sees(f"第{number}句话")

    async def waits() -> bool:
        return bool((await shop.talk(user))["undelivered"] or 0)

    await in_time(waits)
    calls = [call.errcode for call in shop.wechat.called("/cgi-bin/message/custom/send") if call.errcode != 40001]
    assert calls == [0] * 5, "nothing is tried that WeChat would refuse"
    await user.says("在吗")
    assert [shown.kind for shown in user.new] == ["passive"]
    everything = "\n".join(texts(user))
    assert [everything.count(f"第{number}句话") for number in range(7)] == [1] * 7
    assert everything.index("第5句话") < everything.index("第6句话")
    assert (await shop.talk(user))["undelivered"] == 0


async def test_a_persons_words_after_the_time_is_over_become_a_ticket_and_go_out_later(shop: Shop) -> None:
    user = shop.wechat.user("o-too-late")
    await user.follow()
    await user.says("转人工")
    await shop.agent(user, "accept")
    await user.sees(lambda shown: shown.kind == "custom")
    over = "UPDATE wechat_users SET message_until = '2026-01-01 00:00:00', action_until = NULL WHERE openid = :who"
    await shop.write(over, who=user.openid)
    await shop.agent(user, "messages", text="您的补发单号明天给您", client_id="1")

    async def is_a_ticket() -> bool:
        return [ticket["type"] for ticket in await shop.client.tickets(user.openid)] == ["message"]

    await in_time(is_a_ticket, 30)
    assert "您的补发单号明天给您" in (await shop.client.tickets(user.openid))[0]["reason"]
    assert (await shop.talk(user))["undelivered"] == 1
    await user.says("在吗")
    assert [shown.kind for shown in user.new] == ["passive"]
    assert "您的补发单号明天给您" in user.new[0].text
    assert len(await shop.client.tickets(user.openid)) == 1


async def test_who_left_is_sent_nothing_and_people_see_it(shop: Shop) -> None:
    user = shop.wechat.user("o-leaves")
    await user.follow()
    await user.says("转人工")
    await shop.agent(user, "accept")
    await user.sees(lambda shown: shown.kind == "custom")
    await user.unfollow()
    calls = len(shop.wechat.called("/cgi-bin/message/custom/send"))
    await shop.agent(user, "messages", text="还在吗", client_id="1")

    async def is_marked() -> bool:
        return bool((await shop.talk(user))["undelivered"])

    await in_time(is_marked)
    assert len(shop.wechat.called("/cgi-bin/message/custom/send")) == calls
