"""The tone linter: for each rule sentences that it catches and sentences that it lets pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lint_tone
import pytest
import yaml
from data_lint.tone import RULES_FILE, Key, Said, faults

RULES: Any = yaml.safe_load(RULES_FILE.read_text(encoding="utf-8"))
FILLING = ("订单我来查。", "好的，马上看。", "收到，稍候回您。")
ANGRY = (("mood", "angry"),)


def found(
    *texts: str, name: str = "utter_x", kind: str = "text", conditions: tuple[tuple[str, str], ...] = ()
) -> set[str]:
    """The rules that find something in these variants; harmless ones make up the number."""
    said = [Said(text, conditions, 1) for text in texts]
    said += [Said(text, (), 1) for text in FILLING[: max(0, 3 - (0 if conditions else len(texts)))]]
    if conditions:
        said.append(Said("抱歉，换一句话说给您听。", conditions, 1))
    return {fault.rule for fault in faults(Key(name, said, kind), RULES)}


@pytest.mark.parametrize(
    ("rule", "caught", "clean"),
    [
        ("claim", "这是全网最便宜的一款，放心拍。", "这款今天有活动价，放心拍。"),
        ("claim", "质量绝对没问题，同事也这么说。", "质量有问题可以找售后，同事来办。"),
        ("claim", "我们第一时间处理，请放心。", "点第一个订单就行。"),
        ("paid", "{amount}元已退款，请查收。", "{amount}元的退款已提交，走原路退回。"),
        ("paid", "您的钱已到账。", "通过后走原路退回，留意一下付款账户。"),
        ("blaming", "您没看清详情页，上面写了。", "详情页里写了尺寸，我发给您看。"),
        ("blaming", "您自己选的地址，怪不得别人。", "对不起，还让您自己来找。"),
        ("blaming", "这是您的问题，我们只能这样。", "这里对不上，咱们再核对一下。"),
        ("jargon", "系统查不到这个SKU。", "按这个编号查不到商品，发商品名我再找。"),
        ("jargon", "后台显示还没发货。", "查到还没发货，工单{ticket}在催。"),
        ("begging", "求求您别生气了。", "让您生气了，我来办。"),
        ("stock_phrase", "给您带来不便，敬请谅解。", "让您多跑一趟，对不住。"),
        ("bare", "{dear}在", "在的，您说。"),
        ("bare", "不知道。", "这个我查不到，请同事来答您。"),
        ("bare", "没办法", "这一步我办不了，请同事来办。"),
        ("refusing", "这件没货。", "这件没货，可以换个颜色。"),
        ("refusing", "订单不能改地址了。", "订单不能改地址了，帮您申请拦截。"),
        ("refusing", "这类商品不支持退货。", "有没有货我看一眼。"),
        ("numbers", "三天内给您处理。", "{due}前给您处理。"),
        ("numbers", "满59元包邮。", "满{free_from}元包邮。"),
        ("numbers", "1-3个工作日退回。", "比如回“3天”也行。"),
        ("numbers", "给您打八折。", "给您算{price}元。"),
        ("numbers", "1月5日前发货。", "支持七天无理由。"),
        ("questions", "是哪一单？要退还是换？", "是哪一单，要退还是换？"),
        ("length", "字" * 56, "字" * 55),
        ("length", "一行\n二行\n三行\n四行", "一行\n二行\n三行"),
        ("length", "{product}" * 19, "{product}" * 18),
        ("address", "好的{dear}马上看", "{dear}马上看"),
        ("address", "{dear}，马上看", "{dear}“待发货”里能看到"),
        ("address", "亲，马上看", "亲手做的，用着安心"),
        ("angry", "抱歉，不好意思让您等了。", "抱歉让您等了。"),
    ],
)
def test_a_rule_catches_one_sentence_and_lets_the_other_pass(rule: str, caught: str, clean: str) -> None:
    assert rule in found(caught)
    assert found(clean) == set()


@pytest.mark.parametrize(
    ("caught", "clean"),
    [
        ("这就给您办。", "对不起，这就给您办。"),
        ("抱歉，是哪一单？", "抱歉，这就看。\n是哪一单？"),
        ("马上查。\n对不起让您等。", "对不起让您等，马上查。"),
    ],
)
def test_for_the_angry_an_apology_stands_first_and_no_question_beside_it(caught: str, clean: str) -> None:
    assert found(caught, conditions=ANGRY) == {"angry"}
    assert found(clean, conditions=ANGRY) == set()


def test_what_opens_a_flow_needs_words_for_the_angry() -> None:
    assert found(*FILLING, name="utter_missing_start") == {"angry"}
    assert found("抱歉，这就看。", name="utter_missing_start", conditions=ANGRY) == set()


@pytest.mark.parametrize(
    ("texts", "caught"),
    [
        (FILLING, False),
        (FILLING[:2], True),
        (("好的，这就看", "好的，这就看订单", "马上看"), False),
        (("好的，这就看订单", "好的，这就看订单哈", "马上看"), True),
        (("{dear}按规则这单能退", "按规则这单能退哦", "马上看"), True),
    ],
)
def test_three_variants_that_begin_differently(texts: tuple[str, ...], caught: bool) -> None:
    key = Key("utter_x", [Said(text, (), 1) for text in texts])
    assert {fault.rule for fault in faults(key, RULES)} == ({"variants"} if caught else set())


def test_one_wording_for_a_condition_is_too_few() -> None:
    key = Key("utter_x", [*(Said(text, (), 1) for text in FILLING), Said("抱歉，这就看。", ANGRY, 4)])
    assert [fault.index for fault in faults(key, RULES)] == [3]


@pytest.mark.parametrize("kind", ["label", "domain", "policy"])
def test_labels_and_plain_texts_may_be_single(kind: str) -> None:
    assert found("转人工", kind=kind) == set()
    assert "claim" in found("全网最低", kind=kind)


def test_findings_name_file_line_key_variant_rule_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts, packs = tmp_path / "shop" / "texts", tmp_path / "shop" / "policies"
    texts.mkdir(parents=True)
    packs.mkdir()
    (texts / "x.yml").write_text(
        'utter_x:\n  - 订单我来查。\n  - "后台在查。"\n  - {text: 收到，稍候回您。}\n', encoding="utf-8"
    )
    (tmp_path / "domain.yml").write_text("responses:\n  utter_x:\n  - text: 钱已到账\n", encoding="utf-8")
    (packs / "p.yml").write_text(
        "rules:\n- {id: one, clause: 保证七天无理由。}\nrefusals:\n"
        "  over: {middle_way: none, text: 这单不能退。}\n  late: {middle_way: person, text: 这单不能退。}\n"
        "middle_ways: {none: 就这样。, person: 同事可以再看。}\n",
        encoding="utf-8",
    )
    assert lint_tone.main([str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" → ")[0] for line in lines] == [
        "domain.yml:3: utter_x [1] paid: “已到账”",
        "domain.yml:3: utter_x [1] paid: “钱已”",
        "shop/policies/p.yml:2: rules.one [1] claim: “保证”",
        "shop/policies/p.yml:4: refusals.over [1] refusing: “不能”",
        "shop/texts/x.yml:3: utter_x [2] jargon: “后台”",
        "tone linter: 5 findings",
    ]
    assert all(len(line.split(" → ")[1]) > 5 for line in lines[:-1])
