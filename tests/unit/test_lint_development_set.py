"""The data linter against a development set of one row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.lint_project import Project


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    return Project(tmp_path / "main", capsys)


@pytest.fixture
def measured(project: Project) -> Project:
    """The project with the development set beside it."""
    project.write("../shared/eval/dev.jsonl", json.dumps({"text": "我身高一米七，该穿多大号？"}) + "\n")
    return project


def test_without_the_development_set_nothing_is_compared(project: Project) -> None:
    project.append("data/nlu/size.yml", "    - 我身高一米七该穿多大号\n")
    assert project.lint() == ([], 0)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        pytest.param("我身高一米七 该穿多大号", 100, id="the same but for punctuation"),
        pytest.param("身高一米七该穿多大号呀", 88, id="another beginning and end"),
        pytest.param("在吗？我身高一米七该穿多大号呢亲亲", 100, id="with something around it"),
        pytest.param("一米七该穿多大号", 100, id="a part of it"),
    ],
)
@pytest.mark.parametrize(
    ("name", "line", "number"),
    [
        ("data/nlu/size.yml", "    - {}\n", 84),
        ("tests/dialogues/size.yml", "- user: {}\n", 1),
        ("tests/dialogues/lines.yml", "aside: [包邮吗, {}]\n", 1),
        ("tests/nlu/heldout.jsonl", '{{"text": "{}", "accept": ["ask_size"]}}\n', 1),
    ],
)
def test_what_stands_in_the_development_set_is_found(
    measured: Project, name: str, line: str, number: int, text: str, share: int
) -> None:
    path = measured.root / name
    measured.write(name, (path.read_text(encoding="utf-8") if path.exists() else "") + line.format(text))
    assert measured.lint() == ([f"{name}:{number}: stands to {share}% in the development set: '{text}'"], 1)


@pytest.mark.parametrize("text", ["我身高一米六 该穿多小号", "一米七", "该穿多大号", "裤子配什么鞋好看"])
def test_another_or_a_short_sentence_is_not_of_the_development_set(measured: Project, text: str) -> None:
    measured.write("tests/nlu/heldout.jsonl", json.dumps({"text": text}) + "\n")
    assert measured.lint() == ([], 0)


def test_members_of_a_list_are_not_taken_for_one_sentence(measured: Project) -> None:
    measured.write("tests/dialogues/lines.yml", "aside: [我身高一米七, 该穿多大号]\n")
    assert measured.lint() == ([], 0)
