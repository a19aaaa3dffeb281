"""How things stand, as the widget is told: who serves, the place in the queue, what the shop owes, what was read."""

from __future__ import annotations

from tests.service import Client
from tests.web.conftest import Connect
from tests.web.device import Device


async def queue(device: Device, place: int, wish: str = "转人工") -> None:
    await device.send(wish)
    await device.until(lambda: device.place == place, "queued")


async def test_the_welcome_names_level_consent_and_what_there_is_to_know(connect: Connect) -> None:
    [welcome] = (await connect("cust-002")).of("welcome")
    assert welcome["customer"]["level"] == "vip"
    assert welcome["shop"]["consent"]
    assert welcome["survey"] is None
    assert welcome["conversation"] == {
        "sender": "c-cust-002",
        "owner": "bot",
        "agent_name": None,
        "agent_no": None,
        "position": None,
        "minutes": None,
        "overtaken": False,
        "hours": "09:00–12:30 13:30–22:00",
        "open": True,
        "opens_at": None,
        "staff_seen": 0,
        "promises": 0,
    }


async def test_who_is_let_pass_is_told_why_the_place_got_worse(connect: Connect) -> None:
    first, early, vip = await connect("cust-003"), await connect("cust-001"), await connect("cust-002")
    await queue(first, 1)
    await queue(early, 2)
    assert early.of("state")[-1]["minutes"] > 0
    assert early.of("state")[-1]["overtaken"] is False
    await queue(vip, 1)
    await early.until(lambda: early.place == 3, "let the other pass")
    assert early.of("state")[-1]["overtaken"] is True
    assert vip.of("state")[-1]["overtaken"] is False
    await vip.send("取消排队")
    await early.until(lambda: early.place == 2, "moved up again")
    assert early.of("state")[-1]["overtaken"] is False


async def test_the_person_who_serves_has_a_name_and_a_number(connect: Connect, server: Client) -> None:
    device = await connect()
    await queue(device, 1)
    assert (await server.post(f"/api/v1/handoffs/{device.sender}/accept"))[0] == 200
    await device.until(lambda: device.of("state")[-1]["owner"] == "agent", "accepted")
    state = device.of("state")[-1]
    assert state["agent_name"]
    assert state["agent_no"].isdigit()
    assert (state["position"], state["minutes"]) == (None, None)


async def test_what_the_bot_answered_it_has_read(connect: Connect) -> None:
    device = await connect("cust-006")
    sent = await device.send("包邮吗")
    await device.until(lambda: bool(device.of("seen")), "read")
    assert device.of("seen") == [{"by": "staff", "seq": sent["seq"]}]
    [welcome] = (await connect("cust-006")).of("welcome")
    assert welcome["conversation"]["staff_seen"] == sent["seq"]


async def test_typing_says_who_types(connect: Connect) -> None:
    device = await connect()
    await device.send("包邮吗")
    await device.until(lambda: {"on": False, "by": "bot"} in device.of("typing"), "answered")
    assert device.of("typing")[0] == {"on": True, "by": "bot"}
    assert {typing["by"] for typing in device.of("typing")} == {"bot"}
