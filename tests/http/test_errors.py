"""What callers get who come without credentials, with nonsense, or with too much: JSON errors, never a 500."""

from __future__ import annotations

import asyncio
import io
import re
from typing import Any

import pytest
from sanic import Sanic
from yarl import URL

from tests.service import KEY, Client

REST = "/webhooks/rest/webhook"
TALK = "0" * 32
GUARDED = [
    ("POST", REST),
    ("POST", "/api/v1/uploads"),
    ("GET", "/api/v1/conversations/anna"),
    ("POST", "/api/v1/handoffs/anna/accept"),
    ("POST", "/api/v1/handoffs/anna/messages"),
    ("POST", "/api/v1/handoffs/anna/return"),
    ("POST", "/api/v1/handoffs/anna/close"),
    ("GET", "/api/v1/tickets"),
    ("POST", "/api/v1/tickets/T1/approve"),
    ("POST", "/api/v1/tickets/T1/reject"),
    ("POST", "/api/v1/tickets/T1/done"),
    ("GET", "/api/v1/tickets/T1"),
    *(
        ("POST", f"/api/v1/tickets/T1/{verb}")
        for verb in ("reopen", "merge", "link", "notes", "fields", "stage", "confirm", "reply", "milestones")
    ),
    ("GET", "/api/v1/approvals"),
    ("GET", "/api/v1/explain"),
    ("GET", "/api/v1/clocks"),
    ("POST", "/api/v1/clocks/1/pause"),
    ("POST", "/api/v1/clocks/1/resume"),
    ("POST", "/api/v1/happenings"),
    ("GET", "/api/v1/penalties"),
    ("POST", "/api/v1/check"),
    ("GET", "/api/v1/promises"),
    ("GET", "/api/v1/promises/figures"),
    ("POST", "/api/v1/approvals/1/decide"),
    ("POST", "/api/v1/demo/reset"),
    ("GET", "/api/v1/session"),
    ("DELETE", "/api/v1/session"),
    ("GET", "/api/v1/desk/conversations"),
    ("GET", f"/api/v1/desk/conversations/{TALK}"),
    ("GET", f"/api/v1/desk/conversations/{TALK}/messages"),
    *(
        ("POST", f"/api/v1/desk/conversations/{TALK}/{verb}")
        for verb in (
            "messages",
            "accept",
            "return",
            "close",
            "decline",
            "transfer",
            "notes",
            "invite_survey",
        )
    ),
    ("GET", "/api/v1/desk/colleagues"),
    ("GET", "/api/v1/desk/quick-replies"),
]
FOR_ALL = {("POST", "/api/v1/session")}
WRONG_KEYS = [None, "wrong", KEY + "x", "é\udcff", "x" * 5000]


def is_error(body: Any, code: str | None = None) -> bool:
    return (
        set(body) == {"error"} and set(body["error"]) == {"code", "message"} and code in (None, body["error"]["code"])
    )


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_nothing_is_said_or_done_without_credentials(client: Client, method: str, path: str) -> None:
    for key in WRONG_KEYS:
        header = {"Authorization": f"Bearer {key}"} if key and key.isascii() else {}
        status, body = await client.call(method, path, key=None, headers=header)
        assert (status, is_error(body, "not_authenticated")) == (401, True)
    for header in ("Basic dXNlcjpwdw==", "Bearer", "Bearer   ", KEY):
        status, _ = await client.call(method, path, key=None, headers={"Authorization": header})
        assert status == 401


async def test_a_header_that_is_no_text_is_only_wrong(client: Client) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(client.url.rsplit(":", 1)[1]))
    writer.write(
        b"GET /api/v1/approvals HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\x80\r\nConnection: close\r\n\r\n"
    )
    assert b" 401 " in await reader.readline()
    writer.close()


def test_every_path_of_the_api_is_in_the_list_above(app: Sanic) -> None:
    guarded = {
        (method, path.replace("anna", "<sender>").replace("T1", "<id>").replace("/1/", "/<id>/").replace(TALK, "<id>"))
        for method, path in GUARDED
    }
    for route in app.router.routes:
        path = "/" + route.path
        if path.startswith(("/api/", "/webhooks/")):
            shape = "/".join(_shape(part) for part in path.split("/"))
            methods = {method for method in route.methods if method != "OPTIONS"}
            verbs = re.findall(r"<verb:\(?([^>)]+)\)?>", path) or [""]
            expanded = {(m, shape.replace("<verb>", verb)) for m in methods for verb in verbs[0].split("|")}
            assert expanded - FOR_ALL <= guarded, f"no test that {path} needs credentials"


def _shape(part: str) -> str:
    if not part.startswith("<"):
        return part
    name = part.strip("<>").split(":")[0]
    return {"sender": "<sender>", "verb": "<verb>"}.get(name, "<id>")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"[1]", b'"text"', b"1", b"\xff\xfe", b'{"sender": "a"', b"[" * 20000, b'{"a":' * 5000],
)
async def test_a_body_that_is_no_json_object_is_bad_input(client: Client, body: bytes) -> None:
    status, answer = await client.call("POST", REST, data=body)
    assert (status, is_error(answer, "bad_input")) == (400, True)


BAD_MESSAGES: list[dict[str, Any]] = [
    {"message": "你好"},
    {"sender": "", "message": "你好"},
    {"sender": "  ", "message": "你好"},
    {"sender": 5, "message": "你好"},
    {"sender": ["a"], "message": "你好"},
    {"sender": "a" * 256, "message": "你好"},
    {"sender": "a\x00b", "message": "你好"},
    {"sender": "a\nb", "message": "你好"},
    {"sender": "a\ud800", "message": "你好"},
    {"sender": "a", "message": 5},
    {"sender": "a", "message": {"text": "你好"}},
    {"sender": "a", "message": "你好", "metadata": "x"},
    {"sender": "a", "message": "你好", "metadata": []},
    {"sender": "a", "message": "你好", "metadata": {"message_id": 5}},
    {"sender": "a", "message": "你好", "metadata": {"message_id": "m" * 129}},
    {"sender": "a", "message": "你好", "metadata": {"message_id": "m\x00"}},
    {"sender": "a", "message": "你好", "metadata": {"customer_id": {}}},
    {"sender": "a", "message": "你好", "metadata": {"customer_id": "c" * 65}},
    {"sender": "a", "message": "你好", "metadata": {"customer_id": "c\x00"}},
    {"sender": "a", "message": "你好", "metadata": {"attachments": "x"}},
    {"sender": "a", "message": "你好", "metadata": {"attachments": [5]}},
    {"sender": "a", "message": "你好", "metadata": {"attachments": [{}]}},
    {"sender": "a", "message": "你好", "metadata": {"attachments": [{"url": "ftp://x/y"}]}},
    {"sender": "a", "message": "你好", "metadata": {"attachments": [{"url": "javascript:alert(1)"}]}},
    {"sender": "a", "message": "你好", "metadata": {"attachments": [{"url": "file:///etc/passwd"}]}},
    {"sender": "a", "message": "你好", "metadata": {"attachments": [{"url": "data:image/png;base64,%%%"}]}},
    {"sender": "a", "message": "你好", "metadata": {"attachments": [{"url": "https://x/\n"}]}},
    {"sender": "a", "message": "你好", "metadata": {"attachments": [{"url": "https://x/1.jpg"}] * 10}},
]


@pytest.mark.parametrize("body", BAD_MESSAGES, ids=range(len(BAD_MESSAGES)))
async def test_a_message_of_the_wrong_form_is_bad_input(client: Client, body: dict[str, Any]) -> None:
    status, answer = await client.post(REST, body)
    assert (status, is_error(answer, "bad_input")) == (400, True), answer


async def test_more_than_fits_is_too_large(client: Client, sender: str) -> None:
    status, answer = await client.post(REST, {"sender": sender, "message": "长" * 20_001})
    assert (status, is_error(answer, "too_large")) == (413, True)
    status, answer = await client.call("POST", REST, data=io.BytesIO(b"x" * (17 * 1024 * 1024)))
    assert (status, is_error(answer, "too_large")) == (413, True)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", REST, 405),
        ("DELETE", "/api/v1/tickets", 405),
        ("GET", "/api/v1/tickets", 400),
        ("GET", "/api/v1/tickets?sender=%00", 400),
        ("GET", "/api/v1/conversations/%00", 400),
        ("GET", "/api/v1/conversations/nobody-here", 404),
        ("POST", "/api/v1/handoffs/nobody-here/accept", 404),
        ("POST", "/api/v1/tickets/T000000/approve", 404),
        ("POST", "/api/v1/tickets/T000000/forget", 404),
        ("POST", "/api/v1/approvals/none/decide", 400),
        ("GET", "/uploads/nothing", 404),
        ("GET", "/uploads/..%2f..%2fsecrets.json", 404),
        ("GET", "/assets/..%2f..%2f..%2fpyproject.toml", 404),
        ("GET", "/%ff%fe", 404),
    ],
)
async def test_wrong_paths_and_methods(client: Client, method: str, path: str, status: int) -> None:
    async with client.session.request(
        method, URL(client.url + path, encoded=True), headers={"Authorization": f"Bearer {KEY}"}
    ) as answer:
        assert answer.status == status
        assert is_error(await answer.json())


@pytest.mark.parametrize("path", ["/healthz", "/", "/nothing", "/metrics", "/api/v1/approvals"])
async def test_every_answer_has_security_headers(client: Client, path: str) -> None:
    async with client.session.get(client.url + path) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"].split("style-src")[0]


async def test_health_readiness_and_metrics_are_open(client: Client, sender: str) -> None:
    assert await client.get("/healthz", key=None) == (200, {"status": "ok"})
    status, ready = await client.get("/readyz", key=None)
    assert (status, ready["ready"], ready["database"]) == (200, True, True)
    await client.say(sender, "你们包邮吗")
    status, text = await client.get("/metrics", key=None)
    lines = text.decode().splitlines()
    assert status == 200
    for name in ("shop_messages_total", "shop_turn_seconds_count", "shop_replies_total", "shop_turns_failed_total"):
        assert any(line.startswith(name) for line in lines)
    assert sender not in text.decode()


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_without_an_official_account_there_is_no_page_for_wechat(client: Client, method: str) -> None:
    status, told = await client.call(method, "/wechat", key=None, params={"echostr": "1"})
    assert (status, told["error"]["code"]) == (404, "not_found")
