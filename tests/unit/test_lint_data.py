"""The data linter: a small clean project, and one fault at a time put into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint_project import CLEAN, Project


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    return Project(tmp_path / "main", capsys)


def test_clean_project_has_no_findings(project: Project) -> None:
    assert project.lint() == ([], 0)


@pytest.mark.parametrize(
    ("name", "addition", "expected"),
    [
        pytest.param(
            "data/nlu/size.yml",
            "    - 穿，零 一号！\n",
            "data/nlu/size.yml:84: ask_size: '穿，零 一号！' stands twice (size.yml:5)",
            id="same sentence but for punctuation",
        ),
        pytest.param(
            "data/nlu/size.yml",
            "    - 穿[零一号](size)\n",
            "data/nlu/size.yml:84: ask_size: '穿零一号' stands twice (size.yml:5)",
            id="same sentence but for an entity mark",
        ),
        pytest.param(
            "data/nlu/size.yml",
            "    - 要Ｌ号\n",
            "data/nlu/size.yml:84: ask_size: odd character FULLWIDTH LATIN CAPITAL LETTER L in '要Ｌ号'",
            id="full-width letter",
        ),
        pytest.param(
            "data/nlu/size.yml",
            "    - ９０％棉吗\n",
            "data/nlu/size.yml:84: ask_size: odd character FULLWIDTH PERCENT SIGN in '９０％棉吗'",
            id="full-width mark",
        ),
        pytest.param(
            "data/nlu/size.yml",
            "    - 要大码｡\n",
            "data/nlu/size.yml:84: ask_size: odd character HALFWIDTH IDEOGRAPHIC FULL STOP in '要大码｡'",
            id="half-width full stop",
        ),
        pytest.param(
            "data/nlu/size.yml",
            "    - 要[大码](size)\n",
            "data/nlu/size.yml:84: ask_size: entity mark '[大码](size)', entities come from data/lexicon/entities.yml",
            id="entity mark",
        ),
        pytest.param(
            "data/nlu/size.yml",
            '    - 要[大码]{"entity": "size"\n',
            'data/nlu/size.yml:84: ask_size: entity mark \'[大码]{"entity": "size"\', '
            "entities come from data/lexicon/entities.yml",
            id="broken entity mark",
        ),
        pytest.param(
            "data/nlu/size.yml",
            "    - 要М码\n",
            "data/nlu/size.yml:84: ask_size: odd character CYRILLIC CAPITAL LETTER EM in '要М码'",
            id="look-alike letter",
        ),
        pytest.param(
            "data/nlu/size.yml",
            "    - 要\u200bL号\n",
            "data/nlu/size.yml:84: ask_size: odd character ZERO WIDTH SPACE in '要\u200bL号'",
            id="invisible character",
        ),
        pytest.param(
            "data/nlu/size.yml",
            "    没有横线\n",
            "data/nlu/size.yml:84: ask_size: an example begins with '- '",
            id="line without a dash",
        ),
        pytest.param(
            "data/nlu/size.yml",
            "- intent: [\n",
            "data/nlu/size.yml:85: no valid YAML: did not find expected node content",
            id="broken YAML",
        ),
        pytest.param(
            "domain.yml",
            "actions:\n- utter_goodbye\n",
            "domain.yml:8: utter_goodbye: has no text in shop/texts",
            id="utterance without a text",
        ),
        pytest.param(
            "shop/texts/size.yml",
            "utter_bye: []\n",
            "shop/texts/size.yml:3: utter_bye: needs a list with at least one variant",
            id="no variants",
        ),
        pytest.param(
            "shop/texts/size.yml",
            '  - "{colour}"\n',
            "shop/texts/size.yml:3: utter_ask_size: unknown field {colour}",
            id="unknown field",
        ),
        pytest.param(
            "shop/texts/size.yml",
            '  - "{size"\n',
            "shop/texts/size.yml:3: utter_ask_size: broken field: expected '}' before end of string",
            id="broken field",
        ),
        pytest.param(
            "shop/texts/size.yml",
            "  - text: 好的\n    buttons: [{title: 联系你, payload: /inform}]\n",
            "shop/texts/size.yml:4: utter_ask_size: 你 instead of 您",
            id="impolite button",
        ),
        pytest.param(
            "shop/texts/size.yml",
            f"  - {'长' * 120}\n",
            "shop/texts/size.yml:3: line of 124 characters, at most 120",
            id="long line",
        ),
        pytest.param(
            "shop/texts/size.yml",
            "utter_ask_size:\n  - 多大\n",
            "shop/texts/size.yml:3: key utter_ask_size stands twice, only the last one counts",
            id="key twice",
        ),
    ],
)
def test_fault_is_found_with_file_and_line(project: Project, name: str, addition: str, expected: str) -> None:
    project.append(name, addition)
    findings, code = project.lint()
    assert expected in findings
    assert code == 1


def test_same_sentence_under_two_intents_names_both(project: Project) -> None:
    project.write("data/nlu/stock.yml", "nlu:\n- intent: ask_stock\n  examples: |\n    - 穿零一号？\n")
    findings, _ = project.lint()
    assert "data/nlu/stock.yml:4: ask_stock: '穿零一号？' is also an example of ask_size (size.yml:5)" in findings


@pytest.mark.parametrize(
    "example", ["要大码，小码也行。有吗？加急！", "（“大码”：要；小码…不）～", "￥99的大码", "大码[微笑]", "大码❤️👍🏻"]
)
def test_what_people_type_is_no_finding(project: Project, example: str) -> None:
    project.append("data/nlu/size.yml", f"    - {example}\n")
    assert project.lint() == ([], 0)


LONG = "一米七体重一百二穿哪个码"


def test_nearly_the_same_sentence_names_the_earlier_one(project: Project) -> None:
    project.append("data/nlu/size.yml", f"    - {LONG}\n    - {LONG}呀\n")
    assert project.lint()[0] == [f"data/nlu/size.yml:85: ask_size: '{LONG}呀' is nearly '{LONG}' (size.yml:84)"]


def test_nearly_the_same_sentence_under_another_intent_names_that_one(project: Project) -> None:
    project.append("data/nlu/size.yml", f"    - {LONG}\n")
    project.append("data/nlu/size.yml", f"- intent: nlu_fallback\n  examples: |\n    - 我{LONG}\n")
    finding = f"data/nlu/size.yml:87: nlu_fallback: '我{LONG}' is nearly '{LONG}' of ask_size (size.yml:84)"
    assert finding in project.lint()[0]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("一米六体重一百八穿哪个码", id="other numbers"),
        pytest.param("穿哪个码一米七", id="a part of it"),
    ],
)
def test_a_sentence_that_differs_in_words_is_no_near_duplicate(project: Project, other: str) -> None:
    project.append("data/nlu/size.yml", f"    - {LONG}\n    - {other}\n")
    assert project.lint() == ([], 0)


def test_short_sentences_may_differ_in_one_character(project: Project) -> None:
    project.append("data/nlu/size.yml", "    - 大码还有货吗\n    - 大码还有货吗亲\n")
    assert project.lint() == ([], 0)


@pytest.mark.parametrize(("intent", "needed"), [("ask_stock", 80), ("bargain", 150)])
def test_thin_intents_core_ones_need_more(project: Project, intent: str, needed: int) -> None:
    project.write("data/nlu/thin.yml", f"nlu:\n- intent: {intent}\n  examples: |\n    - 有吗\n")
    project.write("domain.yml", CLEAN["domain.yml"].replace("- ask_size\n", f"- ask_size\n- {intent}: {{}}\n"))
    assert project.lint()[0] == [f"data/nlu/thin.yml:4: {intent}: 1 examples, needs {needed}"]


def test_intents_and_domain_agree_both_ways(project: Project) -> None:
    project.write("domain.yml", CLEAN["domain.yml"].replace("- ask_size\n", "- ask_stock\n"))
    assert project.lint()[0] == [
        "data/nlu/size.yml:4: ask_size: not an intent of domain.yml",
        "domain.yml:2: ask_stock: has no examples in data/nlu",
    ]


def test_text_key_in_two_files(project: Project) -> None:
    project.write("shop/texts/a_copy.yml", "utter_ask_size:\n  - 多大\n")
    assert project.lint()[0] == ["shop/texts/size.yml:1: utter_ask_size stands in a_copy.yml too"]


def test_chinese_sentences_in_python(project: Project) -> None:
    project.write(
        "actions/size.py",
        '"""这里是一段说明文字"""\n# 这里是一段注释文字\nWORD = "尺码"\nSAID = f"请问您{WORD}穿多大"\n',
    )
    assert project.lint()[0] == ["actions/size.py:4: Chinese sentence in code: '请问您穿多大'"]


def test_chinese_sentences_in_the_front_end(project: Project) -> None:
    project.write(
        "bot/web/widget/Chat.vue",
        "<template>\n<!-- 这里是一段注释 -->\n<p>请稍等一下</p>\n</template>\n"
        "<script>\nconst url = 'http://x' // 这里是一段注释\n"
        "/* 这里是\n一段注释 */ const said = '请稍等一下'\n</script>\n",
    )
    project.write("bot/web/node_modules/other/index.ts", "'请稍等一下'")
    assert project.lint()[0] == [
        "bot/web/widget/Chat.vue:3: Chinese sentence in code: '<p>请稍等一下</p>'",
        "bot/web/widget/Chat.vue:8: Chinese sentence in code: \"const said = '请稍等一下'\"",
    ]
