"""`python -m bot wechat …` as a merchant runs it: what it finds, what it says, how it ends."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT
from tests.wechat.fake import Account, FakeWeChat, Mode
from tests.wechat.guarded import guarded

SECONDS = 60
PLAIN = Account(mode=Mode.PLAIN)
LOCALE: Mapping[str, list[str]] = yaml.safe_load(
    (ROOT / "bot" / "channels" / "wechat" / "locales" / "setup.yml").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int | None
    lines: list[str]
    log: str

    def says(self, sign: str, key: str, **fields: Any) -> bool:
        """Whether there is a line with this sign and text."""
        return f"{sign} {LOCALE[key][0].format(**fields)}" in self.lines


@dataclass(frozen=True)
class Shell:
    """A shell with the settings of an account, in a directory of its own."""

    directory: Path

    async def run(self, *words: str, wechat: FakeWeChat | None = None, **changes: str) -> Ended:
        """Run a command to its end."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WECHAT_")}
        told = dict(wechat.environment) if wechat else {}
        environment = {**kept, "VAR_DIR": str(self.directory), "PYTHONPATH": str(ROOT), **told, **changes}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "wechat", *words),
            cwd=self.directory,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, log = await asyncio.wait_for(process.communicate(), SECONDS)
        return Ended(process.returncode, out.decode().splitlines(), log.decode())


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


async def test_a_right_set_up_in_safe_mode_passes(shell: Shell) -> None:
    account = Account()
    async with FakeWeChat(account=account) as wechat, guarded(account) as url:
        ended = await shell.run("check", "--url", url, wechat=wechat)
    assert ended.code == 0, ended
    assert [line[0] for line in ended.lines[:-1]] == ["✓"] * 10
    assert ended.says("✓", "wechat_api_token", minutes=120)
    assert ended.says("✓", "wechat_callback_safe")
    assert ended.says("✓", "wechat_callback_strict")
    assert account.secret not in str(ended)
    assert account.aes_key not in str(ended)


async def test_plaintext_works_but_is_advised_against(shell: Shell) -> None:
    async with FakeWeChat(account=PLAIN) as wechat, guarded(PLAIN, safe=False) as url:
        ended = await shell.run("check", "--url", url, wechat=wechat)
    assert ended.code == 0, ended
    assert ended.says("!", "wechat_setup_plain")
    assert ended.says("✓", "wechat_callback_plain")


async def test_without_a_token_the_channel_is_off(shell: Shell) -> None:
    ended = await shell.run("check")
    assert ended.code == 1
    assert ended.says("✗", "wechat_setup_off")


@pytest.mark.parametrize(
    ("name", "value", "key", "fields"),
    [
        ("WECHAT_AES_KEY", "a" * 42, "wechat_setup_aes_key", {"length": 42}),
        ("WECHAT_APPID", "", "wechat_setup_aes_key_alone", {}),
        ("WECHAT_SECRET", "中文", "wechat_setup_word", {"name": "WECHAT_SECRET"}),
        ("WECHAT_API_BASE", "weixin", "wechat_setup_api_base", {}),
        ("WECHAT_ACCOUNT_KIND", "service", "wechat_setup_kind", {}),
    ],
)
async def test_a_setting_that_cannot_be_right_is_named(
    shell: Shell, name: str, value: str, key: str, fields: dict[str, Any]
) -> None:
    async with FakeWeChat() as wechat:
        ended = await shell.run("check", wechat=wechat, **{name: value})
    assert ended.code == 1
    assert ended.says("✗", key, **fields), ended


async def test_what_the_api_refuses_is_told_with_its_remedy(shell: Shell) -> None:
    async with FakeWeChat() as wechat:
        wrong = await shell.run("check", "--no-callback", wechat=wechat, WECHAT_SECRET="f" * 32)
        wechat.world.whitelist = set()
        elsewhere = await shell.run("check", "--no-callback", wechat=wechat)
        nobody = await shell.run("check", "--no-callback", wechat=wechat, WECHAT_API_BASE="http://127.0.0.1:9")
    assert [ended.code for ended in (wrong, elsewhere, nobody)] == [1, 1, 1]
    assert wrong.says("✗", "wechat_api_credentials", errcode=40125)
    assert elsewhere.says("✗", "wechat_api_address", address="127.0.0.1", errcode=40164)
    assert nobody.says("✗", "wechat_api_unreachable", base="http://127.0.0.1:9")


async def test_a_callback_that_answers_wrongly_is_told(shell: Shell) -> None:
    account, other = Account(), Account(token="another", aes_key="B" * 43)
    async with FakeWeChat(account=account) as wechat, guarded(other) as url, guarded(account, safe=False) as plain:
        down = await shell.run("check", "--url", "http://127.0.0.1:9/wechat", wechat=wechat)
        off = await shell.run("check", "--url", f"{url}s", wechat=wechat)
        refused = await shell.run("check", "--url", url, wechat=wechat)
        mute = await shell.run("check", "--url", plain, wechat=wechat)
    assert [ended.code for ended in (down, off, refused, mute)] == [1, 1, 1, 1]
    assert down.says("✗", "wechat_callback_down", url="http://127.0.0.1:9/wechat")
    assert off.says("✗", "wechat_callback_off", url=f"{url}s")
    assert refused.says("✗", "wechat_callback_refuses", url=url, status=403)
    assert mute.says("✗", "wechat_callback_mute", status=400)
    assert mute.says("✗", "wechat_callback_downgraded", status=200)


async def test_the_menu_is_pushed_shown_and_taken_away(shell: Shell) -> None:
    async with FakeWeChat() as wechat:
        pushed = await shell.run("menu", "push", wechat=wechat)
        assert wechat.world.menu.buttons is not None
        names = ", ".join(button["name"] for button in wechat.world.menu.buttons)
        shown = await shell.run("menu", "show", wechat=wechat)
        removed = await shell.run("menu", "delete", wechat=wechat)
        assert wechat.world.menu.buttons is None
    assert [ended.code for ended in (pushed, shown, removed)] == [0, 0, 0], pushed
    assert pushed.says("✓", "wechat_menu_pushed", names=names)
    assert "track_order" in "".join(shown.lines)
    assert removed.says("✓", "wechat_menu_removed")


async def test_a_menu_that_is_wrong_is_not_pushed(shell: Shell) -> None:
    shop = shell.directory / "shop"
    shutil.copytree(ROOT / "shop", shop)
    (shop / "wechat_menu.yml").write_text("menu: [{name: 查, intent: no_such_thing}]", encoding="utf-8")
    async with FakeWeChat() as wechat:
        ended = await shell.run("menu", "push", wechat=wechat, SHOP_DIR=str(shop))
        assert wechat.calls == []
    assert ended.code == 1
    assert ended.says("✗", "wechat_menu_wrong", what="wechat_menu.yml: no such intent: no_such_thing")


async def test_a_menu_that_the_account_may_not_have_is_told(shell: Shell) -> None:
    async with FakeWeChat(account=Account(kind="unverified")) as wechat:
        ended = await shell.run("menu", "push", wechat=wechat)
    assert ended.code == 1
    assert ended.says("✗", "wechat_api_no_right", errcode=48001)


async def test_a_lost_answer_to_the_menu_is_told_and_it_may_be_pushed_again(shell: Shell) -> None:
    async with FakeWeChat() as wechat:
        wechat.faults.lose_answer("/cgi-bin/menu/create")
        lost = await shell.run("menu", "push", wechat=wechat)
        again = await shell.run("menu", "push", wechat=wechat)
    assert (lost.code, again.code) == (1, 0)
    assert lost.says("✗", "wechat_api_unclear")
