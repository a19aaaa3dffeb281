"""`python -m bot policy explain`, as other programs call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.settings import ROOT

NOW = "2026-03-04T15:00:00+08:00"


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh installation that nobody has served from yet."""
    return tmp_path_factory.mktemp("var")


def explain(var_dir: Path, order: str, cause: str, now: str = NOW) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "policy", "explain", order, "--cause", cause, "--json"]
    environment = {**os.environ, "VAR_DIR": str(var_dir), "FAKE_NOW": now, "DATABASE_URL": ""}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_a_decision_is_one_json_object_and_nothing_else(var_dir: Path) -> None:
    done = explain(var_dir, "2026000000000101", "damaged")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told) == {"eligible", "remedies", "rule_ids", "citation", "refusal"}
    assert (told["eligible"], told["refusal"]) == (True, None)
    remedies = {remedy["solution"]: remedy for remedy in told["remedies"]}
    assert set(remedies) == {"reship", "refund", "compensation"}
    assert (remedies["refund"]["amount"], remedies["refund"]["freight_payer"]) == ("79.80", "none")
    assert (remedies["reship"]["amount"], remedies["reship"]["freight_payer"]) == (None, "merchant")
    assert Decimal(remedies["compensation"]["amount"]) <= 20
    assert datetime.fromisoformat(remedies["refund"]["deadline"]) > datetime.fromisoformat(NOW)


def test_a_price_that_fell_in_time_is_made_good_even_when_claimed_a_little_later(var_dir: Path) -> None:
    told = json.loads(explain(var_dir, "2026000000000103", "price_protection", "2026-03-04T15:30:00+08:00").stdout)
    assert [(remedy["solution"], remedy["amount"]) for remedy in told["remedies"]] == [("price_difference", "10.00")]


@pytest.mark.parametrize(("order", "cause"), [("2026000000009999", "damaged"), ("2026000000000101", "bad_mood")])
def test_what_cannot_be_explained_is_an_error_in_one_line(var_dir: Path, order: str, cause: str) -> None:
    done = explain(var_dir, order, cause)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.strip().splitlines()) == 1
