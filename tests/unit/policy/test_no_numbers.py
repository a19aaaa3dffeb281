"""No rule's number stands in Python: amounts, hours, days and shares come from shop/policies (allow-list below)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.policy.demo_shop import ROOT

SPANS = {"timedelta"}
MONEY = re.compile(r"\d+\.\d{2}")
TELLING = re.compile(r"(HOURS|DAYS|YUAN|POINTS|PERCENT|RATE|CAP|REFUND|COMPENSATION|PENALTY)(_|$)")
OF_RULES = {168, 72, 48}
"""Hours that are a rule wherever they stand."""
PLAIN = {-1, 0, 1, 2, 100}
"""What bot/policy may count with: none, one, two, per cent."""

ALLOWED = {
    "bot/conversation/outbox.py": {"timedelta(days=7)": "how long buttons of an old message can be pressed"},
    "bot/conversation/shown.py": {
        "MOST_YUAN": "the largest price that fits the database",
        "Decimal(10)": "the largest price that fits the database",
    },
    "bot/mood.py": {"timedelta(hours=2)": "how long a mood is remembered: understanding, no promise"},
    "bot/orders/sql.py": {
        "timedelta(days=120)": "which orders are offered as recent ones",
        "timedelta(minutes=15)": "how long wrong proofs of an order lock the question: security",
    },
    "bot/settings.py": {"48": "length of a generated key"},
    "bot/shop.py": {
        "timedelta(days=1)": "what the letter d means",
        "timedelta(hours=1)": "what the letter h means",
        "timedelta(minutes=1)": "what the letter m means",
    },
    "bot/nlu/entities.py": {"Decimal(30)": "how a half hour is read"},
    "bot/store/types.py": {"Decimal('0.01')": "a fen", "'0.01'": "a fen", "Decimal(1)": "whole fen"},
    "bot/channels/web/requests.py": {"timedelta(days=92)": "which orders the sheet shows: those of three months"},
    "bot/channels/wechat/delivery/claims.py": {
        "timedelta(seconds=20)": "after which a send that nobody finished counts as unknown: no promise"
    },
    "bot/channels/wechat/delivery/grants.py": {
        "timedelta(hours=48)": "WeChat's own rule: how long after a message may be sent",
        "timedelta(minutes=1)": "WeChat's own rule: how long after a click or scan may be sent",
        "48": "WeChat's own rule, as above",
    },
    "bot/channels/wechat/delivery/overdue.py": {
        "timedelta(hours=12)": "how long a person's words wait before people hear of it: no promise"
    },
    "bot/channels/wechat/delivery/pushes.py": {
        "timedelta(seconds=REPLAY_SECONDS + 60)": "how long a signature is remembered: security"
    },
    "bot/channels/wechat/handover.py": {
        "timedelta(minutes=30)": "WeChat's own rule: how long a talk at its desk may be still"
    },
    "bot/desk/idle.py": {"timedelta(days=1)": "how long ago silence is still looked at: work of the sweep, no promise"},
    "bot/desk/sessions.py": {
        "timedelta(hours=12)": "how long a login lasts: security",
        "timedelta(minutes=5)": "how often a login in use is prolonged: security",
        "timedelta(minutes=15)": "in which time wrong passwords are counted: security",
        "timedelta(days=1)": "how long wrong passwords are kept: security",
    },
    "bot/desk/transfers.py": {
        "timedelta(seconds=30)": "how long a colleague is asked before the queue is: no customer is promised it"
    },
    "bot/promises/deadlines.py": {
        "timedelta(weeks=1)": "what the next week is",
        "timedelta(days=6 - today.weekday(), weeks=weeks)": "a week ends on Sunday",
    },
    "bot/promises/words.py": {"Decimal('0.5')": "what half of something is"},
    "bot/promises/workdays.py": {"timedelta(days=1)": "a day"},
    "bot/policy/bargain.py": {
        "Decimal('0.10')": "prices that are offered end with a jiao",
        "Decimal('0.01')": "a fen, the least that is a bid",
        "'0.10'": "prices that are offered end with a jiao",
        "'0.01'": "a fen, the least that is a bid",
    },
    "bot/policy/calendar.py": {
        "timedelta(days=1)": "a day",
        "timedelta(minutes=1)": "a minute",
        "5": "Saturday, as Python numbers the days of the week",
        "366": "how far a shop without openings is looked for",
    },
    "bot/policy/money.py": {"Decimal('0.01')": "a fen", "'0.01'": "a fen"},
    "bot/policy/pack.py": {"Decimal('Infinity')": "no limit"},
    "bot/policy/sections.py": {"24": "hours of a day"},
    "bot/policy/windows.py": {
        "timedelta(days=1)": "counting starts on the next day (what the window is, not its length)"
    },
    "actions/bargain/figures.py": {
        "Decimal(100000)": "a figure that is no price of this shop",
        "Decimal('0.5')": "what half the price means",
    },
}

FILES = sorted(
    path
    for part in ("bot", "actions")
    for path in (ROOT / part).rglob("*.py")
    if "node_modules" not in path.parts and "migrations" not in path.parts
)


def numbers(source: str, strict: bool) -> Iterator[tuple[int, str]]:
    """Line and text of each literal that may be a rule's number; `strict`: of every number but the plainest."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in {*SPANS, "Decimal"}:
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            if any(_literal(value) not in (None, "0", "0.00") for value in values):
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Assign) and any(TELLING.search(_name(target)) for target in node.targets):
            if any(_is_figure(part) for part in ast.walk(node.value)):
                yield node.lineno, _name(node.targets[0])
        elif isinstance(node, ast.Constant) and not isinstance(node.value, bool):
            money = isinstance(node.value, str) and MONEY.fullmatch(node.value) and float(node.value) > 0
            number = isinstance(node.value, int | float) and (node.value in OF_RULES or (strict and _big(node.value)))
            if money or number:
                yield node.lineno, repr(node.value)


def _is_figure(node: ast.AST) -> bool:
    if not isinstance(node, ast.Constant) or node.value in (0, None):
        return False
    return isinstance(node.value, int | float) or str(node.value)[:1].isdigit()


def _big(value: float) -> bool:
    return value not in PLAIN


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _literal(node: ast.expr) -> str | None:
    if isinstance(node, ast.UnaryOp):
        return _literal(node.operand)
    if isinstance(node, ast.BinOp):
        return _literal(node.left) or _literal(node.right)
    return str(node.value) if isinstance(node, ast.Constant) else None


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_number_of_a_rule_stands_in_python(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    found = numbers(path.read_text(encoding="utf-8"), strict=name.startswith("bot/policy/"))
    allowed = ALLOWED.get(name, {})
    unexplained = [f"{name}:{at}: {text}" for at, text in found if text not in allowed]
    assert not unexplained, "belongs into shop/policies, or with its reason into ALLOWED"


def test_the_allow_list_holds_nothing_that_is_gone() -> None:
    for name, texts in ALLOWED.items():
        found = numbers((ROOT / name).read_text(encoding="utf-8"), strict=name.startswith("bot/policy/"))
        assert set(texts) <= {text for _, text in found}, name


@pytest.mark.parametrize(
    "source",
    [
        "wait = timedelta(hours=72)",
        "wait = timedelta(days=-7)",
        "cap = Decimal('30.00')",
        "cap = Decimal(30)",
        "LIMIT_YUAN = 200",
        "REPLY_HOURS = 24",
        "if hours > 168: pass",
        "cap = '30.00'",
        "seconds = timedelta(seconds=30 * 60)",
    ],
)
def test_such_a_number_would_be_found(source: str) -> None:
    assert list(numbers(source, strict=False))


@pytest.mark.parametrize("source", ["left = Decimal('0.00')", "wait = timedelta(hours=rules.hours)", "n = items[1:]"])
def test_what_is_no_rule_is_left_alone(source: str) -> None:
    assert not list(numbers(source, strict=True))
