"""The input line: keys, input methods, emoji, pictures from the clipboard, letters that a phone need not enlarge."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.service import Client
from tests.web.conftest import Visit
from tests.web.shopper import DEMO, WIDGET, Shopper, until

LIN, SENDER = "林小夏", "c-cust-001"
COMPOSER = WIDGET["composer"]
COPY_PICTURE = """async () => {
    const canvas = new OffscreenCanvas(60, 40)
    canvas.getContext('2d').fillRect(5, 5, 20, 20)
    const picture = await canvas.convertToBlob({type: 'image/png'})
    await navigator.clipboard.write([new ClipboardItem({'image/png': picture})])
}"""


async def test_enter_belongs_to_the_input_method_while_it_composes(visit: Visit) -> None:
    shopper = await visit()
    await shopper.input.focus()
    keys = await shopper.page.context.new_cdp_session(shopper.page)
    await keys.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    await keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    await keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    await shopper.page.wait_for_timeout(150)
    assert await shopper.rows.count() == 0
    await keys.send("Input.insertText", {"text": "你好"})
    await expect(shopper.input).to_have_value("你好")
    await shopper.page.keyboard.press("Enter")
    await expect(shopper.own).to_have_count(1)
    assert await shopper.said() == ["你好"]


async def test_shift_and_enter_begin_a_new_line_and_enter_sends_both(visit: Visit) -> None:
    shopper = await visit()
    keyboard = shopper.page.keyboard
    await expect(shopper.input).to_be_focused()
    before = await shopper.input.bounding_box()
    await keyboard.type("第一行")
    await keyboard.press("Shift+Enter")
    await keyboard.type("第二行")
    await expect(shopper.own).to_have_count(0)
    after = await shopper.input.bounding_box()
    assert before
    assert after
    assert after["height"] > before["height"], "both lines can be seen"
    await keyboard.press("Enter")
    await expect(shopper.own).to_have_count(1)
    assert await shopper.said() == ["第一行\n第二行"]
    await expect(shopper.input).to_have_value("")


async def test_emoji_are_put_where_the_cursor_is(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.input.fill("谢谢您")
    await shopper.input.evaluate("field => field.setSelectionRange(2, 2)")
    panel = shopper.chat.get_by_role("group", name=COMPOSER["emoji"])
    await shopper.chat.get_by_role("button", name=COMPOSER["emoji"]).click()
    for emoji in ("😊", "🌹"):
        await panel.get_by_role("button", name=emoji).click()
    await expect(shopper.input).to_have_value("谢谢😊🌹您")
    answers = await shopper.answers.count()
    await shopper.send_button.click()
    await expect(panel).to_have_count(0)
    await expect(shopper.answers.nth(answers)).to_be_visible()
    assert (await server.conversation(SENDER))["messages"][0]["text"] == "谢谢😊🌹您"


async def test_on_a_phone_no_field_is_so_small_that_it_is_zoomed_into(visit: Visit) -> None:
    shopper = await visit(LIN, size="phone")
    assert await _size(shopper, "textarea") >= 16
    await shopper.human.tap()
    bar = shopper.chat.get_by_role("group", name=WIDGET["queue"]["label"])
    await bar.get_by_role("button", name=WIDGET["queue"]["note"]).tap()
    await expect(shopper.chat.get_by_label(WIDGET["leave"]["contact"])).to_be_visible()
    assert await _size(shopper, "textarea, input:not([type=file])") >= 16


async def _size(shopper: Shopper, fields: str) -> float:
    """Of the smallest letters in these fields."""
    sizes = await shopper.chat.locator(fields).evaluate_all(
        "fields => fields.map(field => parseFloat(getComputedStyle(field).fontSize))"
    )
    return float(min(sizes))


async def test_a_picture_is_pasted_from_the_clipboard(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    await shopper.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await shopper.page.evaluate(COPY_PICTURE)
    await shopper.input.focus()
    await shopper.page.keyboard.press("Control+V")
    tray = shopper.chat.get_by_role("list", name=WIDGET["upload"]["label"])
    await expect(tray.get_by_role("listitem")).to_have_count(1)
    await expect(shopper.send_button).to_be_enabled()
    await shopper.input.press("Enter")
    picture = shopper.own.locator("img")
    await expect(picture).to_have_attribute("src", re.compile(r"/uploads/[0-9a-f]{32}$"))
    await until(lambda: picture.evaluate("picture => picture.naturalWidth === 60"), "the picture is shown")
    [attachment] = (await server.conversation(SENDER))["messages"][0]["attachments"]
    assert attachment["type"] == "image/png"


async def test_pictures_come_from_album_and_camera_and_other_files_too(visit: Visit) -> None:
    shopper = await visit(DEMO["customers"]["visitor"], size="phone")
    await shopper.chat.get_by_role("button", name=COMPOSER["more"]).tap()
    for source, accepted in (("album", "image/*"), ("camera", "image/*"), ("file", "application/pdf")):
        async with shopper.page.expect_file_chooser():
            await shopper.chat.get_by_role("button", name=COMPOSER[source]).tap()
        files = shopper.chat.locator("input[type=file]")
        assert accepted in str(await files.get_attribute("accept"))
        assert await files.get_attribute("capture") == ("environment" if source == "camera" else None)
        await shopper.chat.get_by_role("button", name=COMPOSER["more"]).tap()
