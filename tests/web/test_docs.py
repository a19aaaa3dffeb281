"""The API reference: it names every path that exists, tells the truth, and opens without the outside world."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import aiohttp
import jsonschema
from playwright.async_api import Browser, expect
from sanic import Sanic

from bot.http.specification import specification
from tests.desk import at_work
from tests.service import Client, Service
from tests.web.shopper import Shopper

SPEC: dict[str, Any] = specification()
VERBS = ("get", "post", "put", "patch", "delete")
NOT_HTTP = {"/socket.io"}  # described in the introduction


def test_the_specification_has_the_paths_of_the_service_and_no_others(app: Sanic) -> None:
    served = set()
    for route in app.router.routes:
        path = "/" + re.sub(r"<(\w+)(:[^>]*)?>", r"{\1}", route.path).strip("/")
        if path not in NOT_HTTP:
            served |= {(verb.lower(), path) for verb in route.methods if verb.lower() in VERBS}
    described = {(verb, path) for path, entry in SPEC["paths"].items() for verb in entry if verb in VERBS}
    assert described == served


def test_every_reference_within_the_specification_leads_somewhere() -> None:
    for reference in set(re.findall(r"\$ref': '#/([^']+)'", str(SPEC))):
        target: Any = SPEC
        for step in reference.split("/"):
            assert step in target, reference
            target = target[step]


async def test_what_the_console_is_answered_is_what_the_specification_says(service: Service, server: Client) -> None:
    sender = "docs-3"
    await server.say(sender, "我要投诉你们", customer_id="cust-001")
    found = (await server.conversation(sender))["id"]
    async with at_work(service, "admin") as colleague:
        _holds("Session", (await colleague.get("/api/v1/session"))[1])
        _holds("DeskRow", *[(await colleague.at(found, verb))[1] for verb in ("accept", "return")])
        await colleague.at(found, "accept")
        assert (await colleague.write(found, "您好"))[0] == 200
        _holds("Note", (await colleague.at(found, "notes", {"text": "老客户"}))[1])
        _holds("DeskRow", (await colleague.at(found, "transfer", {"to": None}))[1])
        for view in ("queue", "mine", "all", "closed"):
            _holds("DeskPage", await colleague.view(view))
        _holds("DeskDetails", await colleague.see(found))
        _holds("Message", *(await colleague.see(found, "/messages"))["messages"])
        _holds("Colleague", *(await colleague.get("/api/v1/desk/colleagues"))[1]["items"])
        _holds("QuickReply", *(await colleague.get("/api/v1/desk/quick-replies"))[1]["items"])


async def test_what_the_service_answers_is_what_the_specification_says(server: Client, cup: Path) -> None:
    sender, other = "docs-1", "docs-2"
    said = await server.say(sender, "订单2026000000000101的杯子碎了一个", customer_id="cust-001")
    _holds("RestReply", *said, at=("/webhooks/rest/webhook", "post"))
    said = await server.press(sender, said, said[-1]["buttons"][0]["title"])
    said = await server.press(sender, said, said[-1]["buttons"][0]["title"])
    said = await server.press(sender, said, said[-1]["buttons"][0]["title"])
    await server.say(other, "转人工")

    for path in (f"/api/v1/conversations/{sender}", f"/api/v1/conversations/{other}"):
        _holds("Conversation", (await server.get(path))[1])
    tickets = await server.tickets(sender)
    assert tickets
    _holds("Ticket", *tickets)
    for verb, body in (("accept", {}), ("messages", {"text": "您好"}), ("return", {}), ("close", {"reason": "done"})):
        status, answer = await server.post(f"/api/v1/handoffs/{other}/{verb}", body)
        assert status == 200, answer
        _holds("Conversation", answer)
    _holds("Error", (await server.post(f"/api/v1/handoffs/{other}/close"))[1], (await server.get("/nowhere"))[1])
    for text in ("便宜点吧", "🎁"):
        _holds("Explanation", (await server.get("/api/v1/explain", params={"text": text}))[1])
    _holds("Approval", *(await server.get("/api/v1/approvals"))[1]["items"])
    status, ticket = await server.post(f"/api/v1/tickets/{tickets[0]['id']}/done")
    assert status == 200, ticket
    _holds("Ticket", ticket)
    path = f"/api/v1/tickets/{ticket['id']}"
    for status, answer in (await server.get(path), await server.post(f"{path}/confirm", {"solved": True})):
        assert status == 200, answer
        _holds("TicketDetails", answer)

    form = aiohttp.FormData()
    form.add_field("file", cup.read_bytes(), filename="cup.jpg")
    status, upload = await server.call("POST", "/api/v1/uploads", data=form)
    assert status == 201, upload
    _holds("Upload", upload)
    _holds("DemoShop", (await server.get("/demo/shop"))[1])
    _holds("DemoOrder", *(await server.get("/demo/orders/cust-001"))[1]["orders"])


def _holds(schema: str, *values: Any, at: tuple[str, str] | None = None) -> None:
    """Check values against a schema of the specification."""
    if at:
        assert schema in str(SPEC["paths"][at[0]][at[1]]["responses"]["200"])
    for value in values:
        resolver = jsonschema.RefResolver("", SPEC)
        validator = jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{schema}"}, resolver=resolver)
        problems = [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(value)]
        assert not problems, problems


async def test_the_reference_opens_in_a_browser_and_asks_nobody_else(browser: Browser, service: Service) -> None:
    page = await browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    reader = Shopper(page, service.url)
    await page.goto(service.url + "/docs")
    operations = page.locator(".opblock")
    described = sum(verb in VERBS for entry in SPEC["paths"].values() for verb in entry)
    await expect(operations).to_have_count(described)
    await operations.first.locator(".opblock-summary-control").click()
    await expect(operations.first.locator(".responses-table").first).to_be_visible()
    assert [url for url in asked if not url.startswith((service.url, "data:", "blob:"))] == []
    assert reader.problems == []
