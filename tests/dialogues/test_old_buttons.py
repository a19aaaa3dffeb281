"""A yes is a yes to what it was shown with: an old confirmation button agrees to nothing else."""

from __future__ import annotations

from tests.conftest import Shop


async def test_an_old_confirmation_does_not_confirm_another_case(shop: Shop) -> None:
    customer = shop.customer("cust-002")
    await customer.say("尾号0108的茶具碎了一套")
    await customer.press({"evidence": "none"})
    assert "utter_ask_confirmed" in await customer.press({"solution": "reship"})
    old = customer.seen
    await customer.say("算了")
    await customer.say("尾号0121的马克杯碎了一个")
    await customer.press({"evidence": "none"})
    assert "utter_ask_confirmed" in await customer.press({"solution": "refund"})
    customer.seen = old
    await customer.press({"confirmed": True})
    assert await customer.tickets() == []


async def test_a_refund_that_already_runs_is_not_paid_twice(shop: Shop) -> None:
    customer = shop.customer("cust-002")
    keys = await customer.say("尾号0118的连衣裙不想要了，退货退款")
    for answer in ("不喜欢", "完好的", "对的"):
        if "utter_refused" in keys:
            break
        keys = await customer.say(answer)
    assert "utter_refused" in keys
    assert await customer.tickets() == []
