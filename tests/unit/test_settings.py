"""Settings of the official account: right ones are taken, wrong ones are named with what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
WHOLE = {
    "WECHAT_TOKEN": "spamtest",
    "WECHAT_APPID": "wx2c2769f8efd9abc2",
    "WECHAT_SECRET": "0123456789abcdef0123456789abcdef",
    "WECHAT_AES_KEY": KEY,
    "WECHAT_API_BASE": "http://127.0.0.1:9999/",
    "WECHAT_ACCOUNT_KIND": "unverified",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without settings of WeChat, in a directory without `.env`."""
    for name in WHOLE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    return monkeypatch


def loaded(environment: pytest.MonkeyPatch, **told: str) -> Settings:
    for name, value in told.items():
        environment.setenv(name, value)
    return load_settings()


def test_without_settings_the_account_is_off(environment: pytest.MonkeyPatch) -> None:
    settings = loaded(environment)
    assert (settings.wechat_token, settings.wechat_aes_key) == ("", "")
    assert settings.wechat_api_base == "https://api.weixin.qq.com"
    assert settings.wechat_account_kind == "verified_service"


def test_a_whole_account_is_taken_without_the_blanks_that_pasting_leaves(environment: pytest.MonkeyPatch) -> None:
    settings = loaded(environment, **{**WHOLE, "WECHAT_AES_KEY": f" {KEY}\n", "WECHAT_TOKEN": "spamtest "})
    assert (settings.wechat_token, settings.wechat_aes_key) == ("spamtest", KEY)
    assert settings.wechat_api_base == "http://127.0.0.1:9999"
    assert settings.wechat_account_kind == "unverified"


def test_a_token_alone_is_enough_for_plaintext(environment: pytest.MonkeyPatch) -> None:
    assert loaded(environment, WECHAT_TOKEN="AAAAA", WECHAT_API_BASE="").wechat_api_base == "https://api.weixin.qq.com"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("WECHAT_AES_KEY", KEY[:-1], "exactly 43 letters and digits, not these 42 characters"),
        ("WECHAT_AES_KEY", KEY + "=", "exactly 43 letters and digits, not these 44 characters"),
        ("WECHAT_AES_KEY", KEY[:-1] + "-", "exactly 43"),
        ("WECHAT_TOKEN", "two words", "without blanks"),
        ("WECHAT_APPID", "公众号", "letters and digits"),
        ("WECHAT_APPID", "", "WECHAT_AES_KEY: needs WECHAT_APPID"),
        ("WECHAT_API_BASE", "api.weixin.qq.com", "an address such as https://api.weixin.qq.com"),
        ("WECHAT_ACCOUNT_KIND", "service", "verified_service"),
    ],
)
def test_a_wrong_setting_is_named(environment: pytest.MonkeyPatch, name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as wrong:
        loaded(environment, **{**WHOLE, name: value})
    assert name in str(wrong.value)
    assert WHOLE["WECHAT_SECRET"] not in str(wrong.value)
