"""Nothing hangs in the air: intents and rules, flows and what belongs to them, keys and texts, buttons and intents."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from actions.clarify import ActionClarify
from actions.dialogue import COURTESY
from actions.flow import REGISTRY, STARTS, Flow
from actions.lookups import ASIDES, LOOKUPS
from bot.policy.facts import SOLUTIONS
from bot.settings import ROOT
from tests.unit.actions.scenes import SERVICES

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RULES: list[dict[str, Any]] = [
    rule
    for path in sorted((ROOT / "data" / "rules").glob("*.yml"))
    for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
]
TEXTS = SERVICES.texts.keys()
INTENTS = [*DOMAIN["intents"], "nlu_fallback"]
KEY = re.compile(r"utter_[a-z_]+[a-z]")
PAYLOAD = re.compile(r"/([a-z_]+)(?:\{.*\})?")
QUEUE = ("queue_cancel", "queue_message", "queue_wait")
"""Payloads that the gate answers itself."""
FLOWS = pytest.mark.parametrize("flow", REGISTRY.values(), ids=REGISTRY.keys())


def starting_intents(rule: dict[str, Any]) -> list[str]:
    first = rule["steps"][0]
    return [step["intent"] for step in first.get("or", [first]) if "intent" in step]


def test_every_intent_has_exactly_one_general_rule() -> None:
    general = [rule for rule in RULES if "condition" not in rule]
    counted = Counter(intent for rule in general for intent in starting_intents(rule))
    assert counted == Counter(INTENTS)


def test_every_action_of_the_domain_exists() -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(DOMAIN["actions"]) == set(executor.actions)


def test_every_slot_is_filled_by_flows_alone() -> None:
    for name, slot in DOMAIN["slots"].items():
        assert (slot["mappings"], slot["influence_conversation"]) == ([{"type": "custom"}], False), name


@FLOWS
def test_a_flow_has_its_form_its_two_rules_and_its_two_actions(flow: type[Flow]) -> None:
    form, end = f"{flow.name}_form", f"action_{flow.name}_end"
    assert form in DOMAIN["forms"]
    assert {f"validate_{form}", end} <= set(DOMAIN["actions"])
    starting = [rule for rule in RULES if {"action": form} in rule["steps"] and "condition" not in rule]
    ending = [rule for rule in RULES if {"active_loop": form} in rule.get("condition", [])]
    assert [set(starting_intents(rule)) for rule in starting] == ([set(flow.intents)] if flow.intents else [])
    assert [rule["steps"][-1] for rule in ending] == [{"action": end}]


@FLOWS
def test_a_flow_can_ask_for_each_of_its_facts(flow: type[Flow]) -> None:
    for slot in flow.slots():
        assert slot in DOMAIN["slots"]
        assert f"action_ask_{slot}" in DOMAIN["actions"]
        assert any(key.startswith(f"utter_ask_{slot}") for key in TEXTS), slot


@FLOWS
def test_a_flow_lists_intents_that_exist_and_that_no_other_flow_starts_with(flow: type[Flow]) -> None:
    assert set(flow.intents + flow.absorbs) <= set(INTENTS)
    assert all(STARTS[intent] == flow.name for intent in flow.intents)
    assert flow.matter() in INTENTS


def test_a_flow_steps_aside_only_for_what_a_general_rule_answers() -> None:
    answered = {intent for rule in RULES if "condition" not in rule for intent in starting_intents(rule)}
    assert {*ASIDES, *COURTESY, *STARTS, "request_human", "complain"} <= answered
    assert set(LOOKUPS) <= ASIDES


def strings() -> Iterator[tuple[Path, str]]:
    for path in [*(ROOT / "actions").rglob("*.py"), *(p for p in (ROOT / "bot").rglob("*.py") if "web/" not in str(p))]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
                yield path, node.value


def test_every_key_that_python_names_has_a_text_and_stands_in_the_domain() -> None:
    named = {text for _, text in strings() if KEY.fullmatch(text)} - {"utter_action"}  # a field of Rasa's messages
    named |= {f"utter_{flow}_start" for flow in REGISTRY}
    named |= {f"utter_done_{solution}" for solution in SOLUTIONS}
    named |= {f"utter_{intent}" for intent in ASIDES}
    named |= {
        f"utter_{step['intent']}" for rule in RULES if rule["rule"] == "small talk" for step in rule["steps"][0]["or"]
    }
    named |= {f"utter_handoff_{reason}" for reason in ("invalid_answers", "misunderstood", "angry")}
    assert named - set(TEXTS) == set()
    assert named - set(DOMAIN["responses"]) == set()


def test_every_button_leads_to_an_intent() -> None:
    texts = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (ROOT / "shop" / "texts").glob("*.yml")]
    variants = [
        variant for text in texts for entries in text.values() for variant in entries if isinstance(variant, dict)
    ]
    payloads = {button["payload"] for variant in variants for button in variant.get("buttons", ())}
    payloads |= {
        text for path, text in strings() if path.parent.name in ("actions", "desk") and PAYLOAD.fullmatch(text)
    }
    named = {match[1] for match in map(PAYLOAD.fullmatch, payloads) if match}
    assert len(named) > 3
    assert named - set(INTENTS) - set(QUEUE) == set()


def test_whatever_might_have_been_meant_has_a_title() -> None:
    labelled = {key.removeprefix("label_intent_") for key in TEXTS if key.startswith("label_intent_")}
    assert labelled <= set(INTENTS)
    assert set(STARTS) <= labelled
    assert ActionClarify().name() in DOMAIN["actions"]
