"""WeChat's own desk at the fake: hand-over, sessions, and back."""

from __future__ import annotations

from tests.wechat.callback import Answer, Received, Scene, scene, still
from tests.wechat.fake import Account


def transfer(here: Scene, account: str = "") -> Answer:
    """Hands every message over."""
    named = f"<TransInfo><KfAccount><![CDATA[{account}]]></KfAccount></TransInfo>" if account else ""

    async def answer(received: Received) -> str:
        if received.fields["MsgType"] == "event":
            return "success"
        text = here.callback.text(received, "", clear=True)
        return text.replace("<![CDATA[text]]>", "transfer_customer_service").replace("</xml>", f"{named}</xml>")

    return answer


def plain_account() -> Account:
    """One that reads replies as they are."""
    return Account(mode=Account().mode.PLAIN)


async def test_a_transfer_queues_until_a_person_accepts_and_their_messages_go_to_the_desk() -> None:
    async with scene(clock=still(), account=plain_account()) as here:
        user, desk = here.wechat.user("o-lin"), here.wechat.desk
        await user.follow()
        desk.employ("kf1@fake")
        here.callback.answer = transfer(here)
        await user.says("转人工")
        assert list(desk.waiting) == ["o-lin"]
        assert (await here.api.get("/customservice/kfsession/getwaitcase"))["count"] == 1
        push = await user.says("在吗")
        assert push is not None, "while waiting, messages still come to the bridge"
        desk.begin(user.member, "kf1@fake")
        await here.wechat.settled()
        before = len(here.callback.received)
        assert await user.says("杯子碎了") is None
        desk.says(user.member, "我来看一下")
        assert (await user.sees("我来看一下")).kind == "desk"
        await user.clicks("MY_ORDERS")
        assert [each.fields["MsgType"] for each in here.callback.received[before:]] == ["event"]
        assert [fields["Content"] for _, fields in desk.heard] == ["杯子碎了"]
        session = await here.api.get("/customservice/kfsession/getsession", openid="o-lin")
        assert session["kf_account"] == "kf1@fake"
        listed = await here.api.get("/customservice/kfsession/getsessionlist", kf_account="kf1@fake")
        assert [each["openid"] for each in listed["sessionlist"]] == ["o-lin"]
        await here.later(30 * 60)
        assert here.callback.events[-1] == "kf_close_session"
        assert await user.says("还在吗") is not None


async def test_a_transfer_to_a_person_who_is_online_begins_at_once() -> None:
    async with scene(account=plain_account()) as here:
        user, desk = here.wechat.user("o-lin"), here.wechat.desk
        await user.follow()
        desk.employ("kf1@fake")
        desk.employ("kf2@fake", online=False)
        here.callback.answer = transfer(here, "kf2@fake")
        await user.says("转人工")
        assert desk.sessions == {}
        here.callback.answer = transfer(here, "kf1@fake")
        await user.says("转人工")
        await here.wechat.settled()
        assert here.callback.events[-1] == "kf_create_session"
        assert desk.waiting == {}
        desk.employ("kf3@fake")
        desk.switch(user.member, "kf3@fake")
        await here.wechat.settled()
        switched = here.callback.received[-1].fields
        assert (switched["FromKfAccount"], switched["ToKfAccount"]) == ("kf1@fake", "kf3@fake")


async def test_events_are_not_handed_over() -> None:
    async with scene(account=plain_account()) as here:
        user = here.wechat.user("o-lin")
        await user.follow()

        async def answer(received: Received) -> str:
            text = here.callback.text(received, "", clear=True)
            return text.replace("<![CDATA[text]]>", "transfer_customer_service")

        here.callback.answer = answer
        await user.clicks("PERSON")
        assert here.wechat.desk.waiting == {}
        assert [shown.kind for shown in user.screen] == ["fault"]


async def test_sessions_begin_and_end_by_the_api() -> None:
    async with scene() as here:
        user, desk = here.wechat.user("o-lin"), here.wechat.desk
        await user.follow()
        desk.employ("kf1@fake")
        desk.employ("kf2@fake", online=False)
        online = await here.api.get("/cgi-bin/customservice/getonlinekflist")
        assert [each["kf_account"] for each in online["kf_online_list"]] == ["kf1@fake"]
        everybody = await here.api.get("/cgi-bin/customservice/getkflist")
        assert [each["kf_account"] for each in everybody["kf_list"]] == ["kf1@fake", "kf2@fake"]

        async def asked(what: str, account: str) -> int:
            body = {"openid": "o-lin", "kf_account": account}
            return int((await here.api.post(f"/customservice/kfsession/{what}", body))["errcode"])

        assert await asked("create", "nobody@fake") == 61452
        assert await asked("create", "kf2@fake") == 61459
        assert await asked("create", "kf1@fake") == 0
        desk.staff["kf2@fake"].online = True
        assert await asked("create", "kf2@fake") == 61458
        assert await asked("close", "kf2@fake") == 61452
        assert await asked("close", "kf1@fake") == 0
        assert await asked("close", "kf1@fake") == 61451
        await here.wechat.settled()
        assert here.callback.events == ["subscribe", "kf_create_session", "kf_close_session"]
