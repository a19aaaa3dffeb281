"""In every dialogue: nothing that the bot says is stopped by the check of promises, in whichever wording it says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.errors import ShopError
from bot.promises import gate
from bot.promises.gate import Judgement
from bot.texts import Texts, Wording

say, judge = Texts.say, gate.judge


@pytest.fixture(autouse=True)
def every_wording_holds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Looks on while texts are chosen and checked: which one is chosen is chance, so all are checked there."""
    chosen: dict[str, tuple[Texts, str, Mapping[str, Any]]] = {}
    stopped: set[str] = set()

    def choosing(texts: Texts, key: str, fields: Mapping[str, Any], *others: Any) -> Wording | None:
        wording = say(texts, key, fields, *others)
        if wording is not None:
            chosen[wording.text] = texts, key, dict(fields)
        return wording

    async def judging(session: Any, services: Any, talk: Any, role: Any, text: str, **facts: Any) -> Judgement:
        judgement = await judge(session, services, talk, role, text, **facts)
        if role != "bot":
            return judgement
        key, wordings = _wordings(text, chosen)
        for wording in wordings:
            made = judgement if wording == text else await judge(session, services, talk, role, wording, **facts)
            if made.refused is not None:
                verdict = made.refused
                stopped.add(f"{key} [{verdict.promise.kind}, {verdict.rule_id}] {verdict.promise.clause}: {wording}")
        return judgement

    monkeypatch.setattr(Texts, "say", choosing)
    monkeypatch.setattr(gate, "judge", judging)
    yield
    assert not stopped, "\n".join(sorted(stopped))


def _wordings(text: str, chosen: Mapping[str, tuple[Texts, str, Mapping[str, Any]]]) -> tuple[str, list[str]]:
    """The key of a text, and the text in all of its wordings that these fields can fill."""
    if text not in chosen:
        return "", [text]
    texts, key, fields = chosen[text]
    found = [text]
    for variant in texts._variants[key]:
        try:
            found.append(texts._fill(key, variant.text, fields))
        except ShopError:
            continue
    return key, list(dict.fromkeys(found))
