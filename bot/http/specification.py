"""The API reference's specification: kept in files beside the handlers, served as one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILES = ("openapi.yml", "openapi_console.yml", "openapi_clocks.yml", "openapi_promises.yml", "openapi_wechat.yml")


@cache
def specification() -> dict[str, Any]:
    """The whole of it."""
    whole: dict[str, Any] = {}
    for name in FILES:
        part = yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))
        _merge(whole, part)
    return whole


@cache
def as_yaml() -> str:
    """As it is served."""
    text: str = yaml.safe_dump(specification(), allow_unicode=True, sort_keys=False, width=120)
    return text


def _merge(whole: dict[str, Any], part: dict[str, Any]) -> None:
    for key, value in part.items():
        if isinstance(value, dict) and isinstance(whole.get(key), dict):
            _merge(whole[key], value)
        else:
            whole[key] = value
