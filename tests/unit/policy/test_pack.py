"""Rule packs: chosen by payment time, and nothing wrong in one goes unnoticed (R715, R716)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clock import SHANGHAI
from bot.errors import BotError
from bot.policy.clauses import REASONS, RULES
from bot.policy.decide import decide
from bot.policy.facts import Claim
from bot.policy.pack import Packs, PolicyError, load_pack
from tests.unit.policy.demo_shop import PACK, PACK_FILE, PACKS, line, order


def content() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(PACK_FILE.read_text(encoding="utf-8"))
    return loaded


def write(directory: Path, name: str, pack: object) -> Path:
    path = directory / name
    path.write_text(yaml.safe_dump(pack, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture
def two_packs(tmp_path: Path) -> Packs:
    old = content() | {"version": "old", "effective_from": datetime(2014, 3, 15).date()}
    old["no_reason_return"] = {"window_hours": 24}
    write(tmp_path, "2017-03-22.yml", content() | {"version": "new", "effective_from": datetime(2017, 3, 22).date()})
    write(tmp_path, "2014-03-15.yml", old)
    return Packs.load(tmp_path)


@pytest.mark.parametrize(
    ("paid", "version"),
    [
        ("2017-03-21T23:59:59+08:00", "old"),
        ("2017-03-22T00:00:00+08:00", "new"),
        ("2017-03-21T16:00:00+00:00", "new"),
        ("2010-01-01T00:00:00+08:00", "old"),
        ("2026-01-01T00:00:00+08:00", "new"),
    ],
)
def test_the_pack_in_force_at_payment_rules(two_packs: Packs, paid: str, version: str) -> None:
    assert two_packs.for_payment(datetime.fromisoformat(paid)).version == version


def test_an_unpaid_order_is_told_the_newest_rules(two_packs: Packs) -> None:
    assert two_packs.for_payment(None).version == "new"


def test_a_return_opened_under_new_rules_is_decided_by_the_rules_of_its_payment(two_packs: Packs) -> None:
    paid = datetime(2017, 3, 21, 12, tzinfo=SHANGHAI)
    facts = order(line("MUG"), paid_at=paid, shipped_at=paid, signed_at=paid + timedelta(days=1))
    opened = datetime(2017, 3, 25, 12, tzinfo=SHANGHAI)
    assert not decide(facts, Claim("no_reason"), two_packs.for_payment(paid), opened).eligible
    assert decide(facts, Claim("no_reason"), two_packs.for_payment(opened), opened).eligible


def test_the_demo_pack_rules_every_demo_order() -> None:
    assert [pack.version for pack in PACKS.packs] == ["2026-01-01"]
    assert PACKS.for_payment(datetime(2025, 9, 1, tzinfo=SHANGHAI)) is PACK


def test_every_clause_reads_with_its_own_numbers() -> None:
    assert "168小时" in PACK.clause("no_reason_window")
    assert "5%" in PACK.clause("late_shipping")
    assert "30.00元" in PACK.clause("late_shipping")
    assert all("{" not in PACK.clause(rule.id) for rule in PACK.rules)
    with pytest.raises(KeyError):
        PACK.clause("no such rule")


def without(section: str, key: str) -> Any:
    def change(pack: dict[str, Any]) -> None:
        del pack[section][key]

    return change


def setting(section: str, key: str, value: object) -> Any:
    def change(pack: dict[str, Any]) -> None:
        pack[section][key] = value

    return change


MISTAKES = [
    (setting("late_shipping", "cap", 30.0), "late_shipping.cap: 30.0 is not yuan"),
    (setting("late_shipping", "cap", "30"), "late_shipping.cap: '30' is not yuan"),
    (setting("late_shipping", "cap", "-30.00"), "late_shipping.cap: '-30.00' is not yuan"),
    (setting("bot_limits", "refund", "２００.00"), "bot_limits.refund"),
    (setting("late_shipping", "rate", "5"), "late_shipping.rate: '5' is not a share"),
    (setting("late_shipping", "after_hours", "72"), "late_shipping.after_hours"),
    (setting("late_shipping", "after_hours", 0), "late_shipping.after_hours"),
    (setting("late_shipping", "grace", 5), "late_shipping.grace"),
    (lambda pack: pack["freight"]["no_reason"].update(back="courier"), "freight.no_reason.back"),
    (without("freight", "wrong"), "freight: missing: wrong"),
    (lambda pack: pack["role_limits"]["agent"].update(refund="9999.00"), "role_limits: refund falls"),
    (lambda pack: pack["clocks"][0].update(days=2), "platform_reply: needs its time in one of"),
    (lambda pack: pack["clocks"][0].pop("hours"), "platform_reply: needs its time in one of"),
    (lambda pack: pack["clocks"][0].update(warn_at=["0.90", "0.50"]), "needs shares between 0 and 1 that rise"),
    (lambda pack: pack["clocks"][0].update(rule="none"), "clocks.platform_reply: no rule none"),
    (lambda pack: pack["clocks"].append(pack["clocks"][0]), "clocks: platform_reply stands twice"),
    (lambda pack: pack["penalties"][0].update(rule="none"), "penalties.wechat.late_reply: no rule none"),
    (lambda pack: pack["penalties"][0].update(effect="{boss}"), "penalties.platform_reply: cannot fill 'boss'"),
    (lambda pack: pack["complaints"]["grounds"][0]["if"].update(words=["x"]), "needs one sign"),
    (lambda pack: pack["complaints"]["grounds"][0].update(reason="{who}"), "complaints.grounds.special: cannot fill"),
    (lambda pack: pack["intactness"]["standards"].pop(), "the last standard, and no other, is for all kinds"),
    (lambda pack: pack["intactness"]["questions"].pop(0), "no question complete"),
    (setting("unshipped", "cancel", "perhaps"), "unshipped.cancel"),
    (setting("ticket_deadline_hours", "repiar", 24), "ticket_deadline_hours: unknown: repiar"),
    (without("ticket_deadline_hours", "repair"), "ticket_deadline_hours: missing: repair"),
    (lambda pack: pack.update(refusals=["window_over"]), "refusals: needs keys with values"),
    (without("late_shipping", "rate"), "late_shipping.rate"),
    (without("refusals", "window_over"), "refusals: missing: window_over"),
    (
        setting("refusals", "bad_mood", {"rule": "quality", "text": "x", "middle_way": "person"}),
        "refusals: unknown: bad_mood",
    ),
    (setting("middle_ways", "person", "see {boss}"), "middle_ways.person: cannot fill 'boss'"),
    (setting("middle_ways", "person", "  "), "middle_ways.person: the text is empty"),
    (lambda pack: pack["refusals"]["opened"].update(text="{due}"), "refusals.opened: cannot fill 'due'"),
    (lambda pack: pack["refusals"]["opened"].update(rule="none"), "refusals.opened: no rule none"),
    (lambda pack: pack["refusals"]["opened"].update(middle_way="none"), "refusals.opened: no middle way none"),
    (lambda pack: pack["our_fault"]["remedies"].pop("wrong"), "our_fault.remedies: missing: wrong"),
    (lambda pack: pack["our_fault"]["remedies"].update(wrong=["hug"]), "our_fault.remedies.wrong"),
    (lambda pack: pack["rules"].pop(0), "rules: missing: paid_orders"),
    (lambda pack: pack["rules"].append(pack["rules"][0]), "rules: paid_orders stands twice"),
    (lambda pack: pack["rules"][0].update(clause="{pack.nothing}"), "rules.paid_orders: cannot fill"),
    (lambda pack: pack.update(version=20260101), "version: needs a text"),
    (lambda pack: pack.update(effective_from="soon"), "effective_from: needs a day"),
    (lambda pack: pack.update(moment="{0.century}"), "moment: cannot fill"),
    (lambda pack: pack.update(surprise=1), "surprise"),
    (lambda pack: pack.pop("evidence"), "evidence"),
]


@pytest.mark.parametrize(("mistake", "told"), MISTAKES, ids=[told for _, told in MISTAKES])
def test_a_mistake_is_told_with_file_and_key(tmp_path: Path, mistake: Any, told: str) -> None:
    pack = content()
    mistake(pack)
    with pytest.raises(PolicyError) as error:
        load_pack(write(tmp_path, "broken.yml", pack))
    assert str(error.value).startswith("broken.yml: ")
    assert told in str(error.value)


@pytest.mark.parametrize("text", ["", "- a list", "a: [", "version: '1'\nversion: '2'\n"])
def test_what_is_no_pack_at_all_is_told_too(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=r"^broken\.yml: "):
        load_pack(path)


def test_a_key_that_stands_twice_is_no_silent_change_of_rules(tmp_path: Path) -> None:
    path = tmp_path / "doubled.yml"
    text = PACK_FILE.read_text(encoding="utf-8")
    path.write_text(text + '\nbot_limits: {refund: "9999.00", compensation: "20.00"}\n', encoding="utf-8")
    with pytest.raises(PolicyError, match="bot_limits stands twice"):
        load_pack(path)


def test_two_packs_cannot_start_on_the_same_day(tmp_path: Path) -> None:
    write(tmp_path, "a.yml", content())
    write(tmp_path, "b.yml", content())
    with pytest.raises(PolicyError, match=r"b\.yml: effective_from"):
        Packs.load(tmp_path)


def test_a_shop_without_packs_cannot_start(tmp_path: Path) -> None:
    with pytest.raises(BotError, match="no rule pack"):
        Packs.load(tmp_path)


def test_the_pack_cannot_be_changed_while_it_is_used() -> None:
    with pytest.raises(TypeError):
        PACK.late_shipping.after_hours = 1


def test_the_engine_knows_every_reason_and_rule_it_may_give() -> None:
    assert set(RULES) <= {rule.id for rule in PACK.rules}
    assert set(PACK.refusals) == set(REASONS)
