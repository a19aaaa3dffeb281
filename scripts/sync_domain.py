"""Write the `responses` of domain.yml from shop/texts: of each key its first wording, which Rasa wants to know.

`python -m scripts.sync_domain` rewrites the section, which must be the last of the file; with `--check` it only ends
with 1 where it would change something.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

import yaml

from bot.clock import Clock
from bot.policy.pack import Packs
from bot.services import constant_fields
from bot.settings import ROOT
from bot.shop import load_shop

SECTION = "\nresponses:\n"
SHOP = ROOT / "shop"
SOME_DAY = datetime.fromisoformat("2026-03-04T15:00:00+08:00")
"""Some fields depend on the time; one is fixed, so that the file is the same whenever this runs."""


class Known(dict[str, str]):
    """Fields that every text may use; a field of one situation stays in its braces."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def responses() -> dict[str, str]:
    """Every key of shop/texts that a flow may utter, with its first wording."""
    known = Known(constant_fields(load_shop(SHOP), Packs.load(SHOP / "policies"), Clock(SOME_DAY)))
    return {
        key: _first(variants).format_map(known)
        for path in sorted((SHOP / "texts").glob("*.yml"))
        for key, variants in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        if key.startswith("utter_")
    }


def _first(variants: list[Any]) -> str:
    text = variants[0]["text"] if isinstance(variants[0], dict) else variants[0]
    return str(text).strip()


def main(arguments: list[str]) -> int:
    """Write or check the section."""
    path = ROOT / "domain.yml"
    before = path.read_text(encoding="utf-8")
    head = before.partition(SECTION)[0]
    entries = (f"  {key}:\n  - text: {_quoted(text)}\n" for key, text in sorted(responses().items()))
    after = head + SECTION + "".join(entries)
    if after == before:
        return 0
    if "--check" in arguments:
        print("domain.yml: responses differ from shop/texts; run python -m scripts.sync_domain")
        return 1
    path.write_text(after, encoding="utf-8")
    return 0


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
