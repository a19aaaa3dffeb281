"""What a customer shows: catalogue and own orders as they are, of everything else only clean words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import shown
from bot.errors import BadInput, NotFound
from bot.orders.gateway import Viewer
from bot.services import Services
from bot.store.models import Conversation
from tests.conftest import NOON

OWN, OTHERS = "2026000000000101", "2026000000000108"
KNOWN = Viewer("talk", "web", "anna", "cust-001")
VISITOR = Viewer("talk", "web", "visitor")


@pytest.fixture
async def made(services: Callable[..., Services]) -> Services:
    return services()


@pytest.fixture
async def session(made: Services) -> AsyncIterator[Any]:
    async with made.database.session() as opened:
        opened.add(Conversation(id="talk", channel="web", sender="visitor", created_at=NOON))
        await opened.flush()
        yield opened


async def test_a_product_of_the_shop_is_shown_as_the_catalogue_has_it(made: Services, session: Any) -> None:
    told = {"sku": "MUG", "name": "便宜杯子", "price": "0.01", "image": "https://evil.example/x.gif"}
    card, text, payload = await shown.product(session, made, told)
    assert (card.title, card.amount, card.ref, card.image) == ("手绘陶瓷马克杯", "39.90", "MUG", "")
    assert text == "我在看：手绘陶瓷马克杯"
    assert payload == '/inform{"product": "MUG"}'


async def test_another_product_is_clean_short_text_without_figures_of_ours(made: Services, session: Any) -> None:
    told = {"sku": "X" * 99, "name": "\u202e神秘\n盒子" + "长" * 99, "price": 12, "url": "javascript:alert(1)"}
    card, text, payload = await shown.product(session, made, told)
    assert card.title.startswith("神秘 盒子")
    assert (len(card.title), len(card.ref), card.amount, card.image) == (60, 40, "", "")
    assert card.subtitle == "页面标价12.00元"
    assert (text, payload) == (f"我在看：{card.title}", None)


@pytest.mark.parametrize("told", [{}, {"sku": ""}, {"name": " \u200b "}, {"sku": 7, "name": None}])
async def test_a_product_without_any_name_is_refused(made: Services, session: Any, told: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        await shown.product(session, made, told)


async def test_an_own_order_is_shown_with_its_number_behind_the_payload(made: Services, session: Any) -> None:
    card, text, payload = await shown.order(session, made, KNOWN, OWN)
    assert (card.type, card.ref, card.amount, card.payload) == ("order", OWN, "79.80", "")
    assert "0101" in text
    assert "手绘陶瓷马克杯" in text
    assert payload == f'/inform{{"order_no": "{OWN}"}}'


@pytest.mark.parametrize(("viewer", "number"), [(KNOWN, OTHERS), (VISITOR, OWN), (KNOWN, "1"), (KNOWN, "")])
async def test_no_other_order_can_be_shown(made: Services, session: Any, viewer: Viewer, number: str) -> None:
    with pytest.raises(NotFound):
        await shown.order(session, made, viewer, number)


@given(st.one_of(st.none(), st.text(max_size=20), st.floats(), st.integers(), st.booleans(), st.lists(st.integers())))
def test_no_price_that_a_page_tells_can_harm(told: Any) -> None:
    price = shown._price(told)
    assert price == "" or float(price) >= 0
