"""One tap leads to a person, whatever the conversation is about just now: in less than a second, and only once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.service import Client
from tests.web.conftest import Visit
from tests.web.shopper import WIDGET, Shopper, label, until

LIN, SENDER = "林小夏", "c-cust-001"
SECONDS = 1.0


async def _nothing(shopper: Shopper) -> None:
    """The first screen."""


async def _answer(shopper: Shopper) -> None:
    await shopper.say("你们包邮吗")
    await expect(shopper.chips.filter(has_text=label("helpful"))).to_be_visible()


async def _flow(shopper: Shopper) -> None:
    await shopper.say("订单尾号0101的杯子碎了一个")
    await expect(shopper.choice(label("no_picture"))).to_be_visible()


async def _confirmation(shopper: Shopper) -> None:
    await _flow(shopper)
    await shopper.press(label("no_picture"))
    await shopper.press(label("solution_reship"))
    await expect(shopper.choice(label("confirm"))).to_be_visible()


async def _unanswered(shopper: Shopper) -> None:
    await shopper.type("我想问下")


STATES = {
    "on the first screen": _nothing,
    "after an answer": _answer,
    "in a flow": _flow,
    "before a confirmation": _confirmation,
    "before the answer": _unanswered,
}


@pytest.mark.parametrize("state", STATES)
async def test_one_tap_leads_into_the_queue(visit: Visit, server: Client, state: str) -> None:
    shopper = await visit(LIN)
    await STATES[state](shopper)
    ones, wishes = await _taps(server)
    seconds = await _seconds_until(shopper, shopper.human.click)
    assert seconds < SECONDS
    assert (await server.conversation(SENDER))["owner"] == "queue"
    assert await _taps(server) == (ones + 1, wishes + 1)
    bar = shopper.chat.get_by_role("group", name=WIDGET["queue"]["label"])
    await expect(bar).to_be_visible()
    await expect(shopper.human).to_be_disabled()


async def _seconds_until(shopper: Shopper, tap: Callable[[], Awaitable[None]]) -> float:
    """How long after a tap the header says that one waits, as the browser measures it."""
    await shopper.page.evaluate(
        """() => {
            const chat = document.querySelector('shop-chat')
            const note = name => () => (window[name] = performance.now())
            chat.shadowRoot.querySelector('.header__human').addEventListener('click', note('tapped'))
            chat.on('owner', owner => owner === 'queue' && note('queued')())
        }"""
    )
    await tap()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    milliseconds: float = await shopper.page.evaluate("window.queued - window.tapped")
    return milliseconds / 1000


async def _taps(server: Client) -> tuple[float, float]:
    """Wishes that led to the queue at once, and all that led there."""
    _, told = await server.get("/metrics")
    figures = dict(line.rsplit(" ", 1) for line in told.decode().splitlines() if not line.startswith("#"))
    ones, count = figures['shop_taps_to_human_bucket{le="1.0"}'], figures["shop_taps_to_human_count"]
    return float(ones), float(count)


@pytest.mark.parametrize("word", ["人工", "真人客服", "客服在吗", "我要投诉"])
async def test_a_word_is_enough_as_well(visit: Visit, server: Client, word: str) -> None:
    shopper = await visit(LIN)
    await shopper.type(word)
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])


async def test_a_tap_without_a_line_is_kept_and_sent_once(visit: Visit, server: Client) -> None:
    shopper = await visit(LIN)
    ones, wishes = await _taps(server)
    await shopper.page.context.set_offline(True)
    await expect(shopper.chat.get_by_text(WIDGET["link"]["offline"])).to_be_visible()
    await shopper.human.click()
    await expect(shopper.own.last).to_contain_text(WIDGET["delivery"]["sending"])
    await shopper.page.context.set_offline(False)
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    assert await _asked(server) == 1
    assert await _taps(server) == (ones + 1, wishes + 1)
    shopper.forgive("ERR_INTERNET_DISCONNECTED")


async def test_a_tap_that_is_lost_with_its_connection_is_sent_again_and_taken_once(
    visit: Visit, server: Client
) -> None:
    shopper = await visit(LIN)
    lines: list[WebSocketRoute] = []
    mute: list[WebSocketRoute] = []
    taken: list[str] = []

    def pass_on(line: WebSocketRoute) -> None:
        """What a mute line brings arrives; no answer comes back."""
        service = line.connect_to_server()
        lines.append(line)

        def there(message: str | bytes) -> None:
            service.send(message)
            if line in mute:
                taken.append(str(message))

        line.on_message(there)
        service.on_message(lambda message: None if line in mute else line.send(message))

    await shopper.page.route_web_socket(re.compile("socket.io"), pass_on)
    await shopper.page.reload()
    await shopper.become(LIN)
    await shopper.open_chat()
    mute.append(lines[-1])
    await shopper.human.click()
    await until(lambda: _is_queued(server), "the service has taken it")
    assert any(label("person") in message for message in taken)
    await expect(shopper.own.last).to_contain_text(WIDGET["delivery"]["sending"])
    await lines[-1].close()
    await expect(shopper.header).to_contain_text(WIDGET["header"]["queue"])
    assert await shopper.said() == [label("person")]
    assert await _asked(server) == 1


async def _is_queued(server: Client) -> bool:
    status, shown = await server.get(f"/api/v1/conversations/{SENDER}")
    return status == 200 and shown["owner"] == "queue"


async def _asked(server: Client) -> int:
    messages = (await server.conversation(SENDER))["messages"]
    return sum(message["role"] == "customer" for message in messages)
