"""Logging in: the cookie, the lock, the token against forged requests, who may do what."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.desk import PASSWORD, Colleague, at_work, database_of, hire, let_pass
from tests.service import Client, Service

SESSION = "/api/v1/session"


@pytest.fixture
async def nobody(service: Service) -> AsyncIterator[Colleague]:
    """A browser without a session."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Colleague(service.url, session)


async def test_who_logs_in_is_known_until_the_log_out(service: Service, nobody: Colleague) -> None:
    email = await hire(service, "agent", "小周")
    assert (await nobody.get(SESSION))[0] == 401
    status, opened = await nobody.log_in(email.upper())
    assert status == 200
    assert set(opened) == {"account", "csrf", "shop"}
    assert opened["account"] | {"id": 0, "no": ""} == {
        "id": 0, "email": email, "name": "小周", "role": "agent", "no": "",
    }  # fmt: skip
    assert await nobody.get(SESSION) == (200, opened)
    assert (await nobody.get("/api/v1/approvals"))[0] == 200
    assert (await nobody.call("DELETE", SESSION))[0] == 204
    for path in (SESSION, "/api/v1/approvals", "/api/v1/desk/conversations"):
        assert (await nobody.get(path))[0] == 401


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(service: Service, nobody: Colleague) -> None:
    body = {"email": await hire(service, "agent"), "password": PASSWORD}
    async with nobody.session.post(service.url + SESSION, json=body) as answer:
        cookie = answer.headers["Set-Cookie"]
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert flags == {"path=/", "httponly", "samesite=strict"}
    assert len(cookie.split("=", 1)[1].split(";")[0]) >= 43


async def test_only_a_digest_of_the_cookie_is_stored(service: Service) -> None:
    async with at_work(service) as colleague:
        [cookie] = [c.value for c in colleague.session.cookie_jar if c.key == "desk_session"]
        database = database_of(service)
        async with database.engine.connect() as connection:
            ids = [row[0] for row in (await connection.exec_driver_sql("SELECT id FROM desk_sessions")).all()]
        await database.dispose()
        assert cookie not in ids
        assert all(len(name) == 64 for name in ids)


async def test_an_unknown_address_and_a_wrong_password_are_told_the_same(service: Service, nobody: Colleague) -> None:
    email = await hire(service, "agent")
    wrong = await nobody.log_in(email, "not the password")
    unknown = await nobody.log_in(f"{secrets.token_hex(4)}@shop.local")
    assert wrong == unknown
    assert (wrong[0], wrong[1]["error"]["code"]) == (401, "wrong_login")


async def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(
    service: Service, nobody: Colleague
) -> None:
    await let_pass(service, 16)
    email, other = await hire(service, "agent"), await hire(service, "agent")
    guesses = await asyncio.gather(*(nobody.log_in(email, f"guess number {n}") for n in range(8)))
    assert sorted(status for status, _ in guesses) == [401] * 5 + [429] * 3
    status, answer = await nobody.log_in(email)
    assert (status, answer["error"]["code"]) == (429, "locked"), "also the right one"
    assert (await nobody.log_in(other))[0] == 200
    await let_pass(service, 16)
    assert (await nobody.log_in(email))[0] == 200


async def test_twenty_wrong_passwords_lock_the_address(service: Service, nobody: Colleague) -> None:
    await let_pass(service, 16)
    email = await hire(service, "agent")
    for number in range(20):
        assert (await nobody.log_in(f"{number}-{secrets.token_hex(4)}@shop.local", "no password"))[0] == 401
    assert (await nobody.log_in(email))[0] == 429
    await let_pass(service, 16)
    assert (await nobody.log_in(email))[0] == 200


@pytest.mark.parametrize("body", [{}, {"email": "a@b.c"}, {"password": "x"}, {"email": 5, "password": "x"}, [1]])
async def test_a_log_in_needs_both(nobody: Colleague, body: object) -> None:
    assert (await nobody.post(SESSION, body))[0] == 400


async def test_a_change_without_the_sessions_token_is_refused(service: Service) -> None:
    async with at_work(service, "admin") as colleague, at_work(service, "admin") as other:
        paths = ("/api/v1/tickets/T1/done", "/api/v1/handoffs/x/accept", f"/api/v1/desk/conversations/{'0' * 32}/notes")
        for path in paths:
            for forged in ("", "x", other.csrf, "é"):
                status, answer = await colleague.post(path, {"text": "x"}, headers={"X-CSRF-Token": forged})
                assert (status, answer["error"]["code"]) == (403, "csrf")
            assert (await colleague.post(path, {"text": "x"}))[0] == 404
        assert (await colleague.call("DELETE", SESSION, headers={"X-CSRF-Token": "x"}))[0] == 403
        assert (await colleague.get(SESSION))[0] == 200


async def test_another_site_cannot_log_anybody_in(service: Service, nobody: Colleague) -> None:
    body = {"email": await hire(service, "agent"), "password": PASSWORD}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await nobody.post(SESSION, body, headers=headers))[0] == 403
    assert (await nobody.post(SESSION, body, headers={"Origin": service.url}))[0] == 200


async def test_a_key_counts_before_a_cookie_and_needs_no_token(service: Service, client: Client) -> None:
    async with at_work(service) as colleague:
        assert (await colleague.get("/api/v1/approvals", headers={"Authorization": "Bearer wrong"}))[0] == 401
        assert (await client.post("/api/v1/tickets/T1/done"))[0] == 404


async def test_money_is_decided_by_supervisors_only(service: Service) -> None:
    paths = ("/api/v1/tickets/T1/approve", "/api/v1/tickets/T1/reject", "/api/v1/approvals/1/decide")
    for role, expected in (("agent", 403), ("supervisor", 404), ("admin", 404)):
        async with at_work(service, role) as colleague:
            for path in paths:
                assert (await colleague.post(path, {"decision": "approve"}))[0] == expected, (role, path)
            assert (await colleague.post("/api/v1/tickets/T1/done"))[0] == 404
