"""On a phone, by keyboard, for a screen reader."""

from __future__ import annotations

from playwright.async_api import expect

from tests.web.conftest import Visit
from tests.web.shopper import WIDGET, Shopper, label, until

LIN = "林小夏"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def test_on_a_phone_the_panel_fills_the_screen_and_nothing_sticks_out(visit: Visit) -> None:
    shopper = await visit(LIN, size="phone")
    await until(lambda: _fills_the_screen(shopper), "the panel has risen")
    await shopper.say("订单尾号0101的杯子碎了一个")
    await shopper.press(label("no_picture"))
    for element in await shopper.chat.locator("button:visible, textarea").all():
        box = await element.bounding_box()
        assert box
        assert box["height"] >= 24
    for bubble in await shopper.log.locator(".row__bubble, .card, .options").all():
        box = await bubble.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    assert await shopper.page.evaluate(WIDER) == 0
    assert float((await shopper.input.evaluate("field => getComputedStyle(field).fontSize")).removesuffix("px")) >= 16
    await shopper.chat.get_by_role("button", name=WIDGET["header"]["minimise"]).tap()
    await expect(shopper.input).to_have_count(0)
    assert await shopper.page.evaluate(WIDER) == 0


async def _fills_the_screen(shopper: Shopper) -> bool:
    return await shopper.chat.locator(".panel").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}


async def test_everything_can_be_done_by_keyboard(visit: Visit) -> None:
    shopper = await visit(LIN)
    keyboard = shopper.page.keyboard
    await expect(shopper.input).to_be_focused()
    await keyboard.type("第一行")
    await keyboard.press("Shift+Enter")
    await keyboard.type("订单尾号0101的杯子碎了一个")
    await keyboard.press("Enter")
    await expect(shopper.choice(label("no_picture"))).to_be_visible()
    assert await shopper.said() == ["第一行\n订单尾号0101的杯子碎了一个"]
    await shopper.choice(label("no_picture")).focus()
    await keyboard.press("Enter")
    await expect(shopper.choice(label("solution_reship"))).to_be_visible()
    await keyboard.press("Escape")
    await expect(shopper.launcher).to_be_focused()
    await keyboard.press("Enter")
    await expect(shopper.input).to_be_focused()


async def test_enter_that_ends_an_input_method_composition_does_not_send(visit: Visit) -> None:
    shopper = await visit()
    await shopper.input.fill("ni hao")
    await shopper.input.evaluate(
        "field => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    await shopper.page.wait_for_timeout(200)
    assert await shopper.rows.count() == 0
    assert await shopper.input.input_value() == "ni hao"
    await shopper.say("你好")
