"""A small clean project for the data linter's tests to put faults into."""

from __future__ import annotations

from pathlib import Path

import lint_data
import pytest

DIGITS = "零一二三四五六七八九"
CLEAN = {
    "domain.yml": "intents:\n- ask_size\n- nlu_fallback\nresponses:\n  utter_ask_size:\n  - text: 尺码\n",
    "data/nlu/size.yml": "nlu:\n- intent: ask_size\n  examples: |\n"
    + "".join(f"    - 穿{DIGITS[n // 10]}{DIGITS[n % 10]}号\n" for n in range(80)),
    "shop/texts/size.yml": 'utter_ask_size:\n  - "{dear}您穿多大？"\n',
    "bot/texts.py": 'FIELDS = ("dear", "size")\n',
}


class Project:
    """A project folder; `lint` gives what the command prints and its exit code."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys
        for name, content in CLEAN.items():
            self.write(name, content)

    def write(self, name: str, content: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def append(self, name: str, content: str) -> None:
        self.write(name, (self.root / name).read_text(encoding="utf-8") + content)

    def lint(self) -> tuple[list[str], int]:
        code = lint_data.main([str(self.root)])
        return self._capsys.readouterr().out.splitlines()[:-1], code
