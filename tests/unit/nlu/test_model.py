"""A model from end to end: trained by Rasa, loaded again, asked in lines of JSON, and asked why."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent

from bot.errors import BadInput, ModelError
from bot.nlu.model import NluModel
from bot.nlu.parse import parse_lines
from bot.nlu.training import train
from tests.unit.nlu.language import ROOT, table

PROJECT: dict[str, Any] = table("project.yml")
EXAMPLES: dict[str, list[str]] = {**dict(table("classifier.yml")["examples"]), **PROJECT["intents"]}
MESSAGES: list[dict[str, Any]] = PROJECT["messages"]


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    config = (ROOT / "config.yml").read_text(encoding="utf-8")
    (root / "config.yml").write_text(config.replace("familiarity: 0.3", "familiarity: 0.1"), encoding="utf-8")
    shutil.copytree(ROOT / "data" / "lexicon", root / "data" / "lexicon")
    (root / "shop").mkdir()
    shutil.copy(ROOT / "shop" / "products.csv", root / "shop")
    write(root / "domain.yml", PROJECT["domain"])
    write(root / "data" / "rules" / "greet.yml", PROJECT["rules"])
    nlu = [{"intent": name, "examples": "".join(f"- {text}\n" for text in texts)} for name, texts in EXAMPLES.items()]
    write(root / "data" / "nlu" / "all.yml", {"version": "3.1", "nlu": nlu})
    return root


@pytest.fixture(scope="module")
def archive(project: Path) -> Path:
    return train(project, project / "models", lambda step: None)


@pytest.fixture(scope="module")
def model(archive: Path) -> NluModel:
    return NluModel(archive)


def lines(*rows: Any) -> list[str]:
    return [json.dumps(row, ensure_ascii=False) for row in rows]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: repr(message["text"]))
def test_message_is_understood(model: NluModel, message: dict[str, Any]) -> None:
    parsed = model.parse(message["text"])
    assert parsed["text"] == message["text"]
    assert parsed["intent"]["name"] == message["intent"]
    assert parsed["intent_ranking"][0]["name"] == message["intent"]
    found = {message["text"][entity["start"] : entity["end"]]: entity["value"] for entity in parsed["entities"]}
    assert found == message["entities"]


def test_rasa_itself_understands_the_same(model: NluModel, archive: Path) -> None:
    agent = Agent.load(archive)
    for message in MESSAGES:
        if text := message["text"].strip().lstrip("/"):
            ours, theirs = model.parse(text), asyncio.run(agent.parse_message(text))
            assert theirs["intent"] == ours["intent"]
            assert theirs["entities"] == ours["entities"]


def test_lines_of_json_are_answered_one_for_one(archive: Path) -> None:
    rows = [{"text": message["text"], "intent": "ignored"} for message in MESSAGES]
    answers = [json.loads(line) for line in parse_lines(archive, [*lines(*rows), "\n"])]
    assert [answer["text"] for answer in answers] == [row["text"] for row in rows]
    assert [answer["intent"] for answer in answers] == [message["intent"] for message in MESSAGES]
    for answer in answers:
        assert set(answer) == {"text", "intent", "confidence", "entities", "ranking"}
        assert all(set(entity) == {"entity", "value", "start", "end"} for entity in answer["entities"])
        assert answer["ranking"][0] == {"intent": answer["intent"], "confidence": answer["confidence"]}
        assert len(answer["ranking"]) <= 10


def test_bad_lines_are_reported_and_the_others_answered(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answered = parse_lines(archive, ["{", *lines({"text": "hi"}, {"text": 1}, ["hi"], {"text": "ok"})])
    assert [json.loads(next(answered))["text"] for _ in range(2)] == ["hi", "ok"]
    with pytest.raises(BadInput, match="3"):
        next(answered)
    errors = [json.loads(line)["error"] for line in capsys.readouterr().err.splitlines() if line.startswith('{"error"')]
    assert [error["line"] for error in errors] == [1, 3, 4]


def test_long_and_strange_texts_are_read(model: NluModel) -> None:
    for text in ("退款" * 5_000, "\x00\x01", "<script>alert(1)</script>", "𠮷" * 100, "a" * 10_000):
        assert model.parse(text)["text"] == text


def test_a_message_takes_a_few_milliseconds(model: NluModel) -> None:
    texts = [text for texts in EXAMPLES.values() for text in texts] * 5
    started = time.process_time()
    for text in texts:
        model.parse(text)
    assert (time.process_time() - started) / len(texts) < 0.01


def test_a_prediction_is_explained(model: NluModel) -> None:
    text = MESSAGES[1]["text"]
    explained = model.explain(text, count=5)
    parsed = model.parse(text)
    assert explained["intent"]["name"] == explained["likeliest"]["name"] == "bargain"
    assert explained["because"] == "likeliest"
    assert explained["intent"]["confidence"] == pytest.approx(parsed["intent"]["confidence"], abs=1e-4)
    assert explained["likeliest"]["confidence"] > explained["runner_up"]["confidence"]
    assert explained["runner_up"]["name"] == parsed["intent_ranking"][1]["name"] != "bargain"
    assert {text[found["start"] : found["end"]]: found["value"] for found in explained["entities"]} == MESSAGES[1][
        "entities"
    ]
    assert "bargain" in explained["concepts"]
    assert explained["tokens"]
    weights = [abs(entry["weight"]) for entry in explained["features"]]
    assert len(weights) == 5
    assert weights == sorted(weights, reverse=True)
    assert any(entry["feature"] == "concept:bargain" and entry["weight"] > 0 for entry in explained["features"])


def test_a_fallback_is_explained(model: NluModel) -> None:
    for message in MESSAGES:
        explained = model.explain(message["text"])
        assert explained["intent"]["name"] == message["intent"]
        fallback = message["intent"] == "nlu_fallback"
        assert explained["because"] in (("unfamiliar", "unsure") if fallback else ("likeliest", "caution"))
    assert model.explain("")["features"] == []


def test_to_explain_changes_nothing_and_costs_little(model: NluModel) -> None:
    text = MESSAGES[1]["text"]
    before = model.parse(text)
    started = time.process_time()
    for _ in range(20):
        model.explain(text)
    assert (time.process_time() - started) / 20 < 0.02
    assert model.parse(text) == before


def test_the_dictionary_travels_inside_the_model(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    explained = NluModel(archive).explain("仅退款")
    assert explained["tokens"] == ["仅退款"]


def test_nothing_is_trained_again_until_something_changes(project: Path, archive: Path) -> None:
    steps: list[str] = []
    assert train(project, project / "models", steps.append) == archive
    assert len(steps) == 1
    path = project / "data" / "nlu" / "all.yml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + "# a comment\n", encoding="utf-8")
    steps.clear()
    retrained = train(project, project / "models", steps.append)
    path.write_text(before, encoding="utf-8")
    assert retrained != archive
    assert retrained.exists()
    assert len(steps) > 1
    assert not (project / "models" / ".training").exists()


def test_a_change_of_the_lexicon_trains_the_classifier_again(project: Path, archive: Path) -> None:
    concepts = project / "data" / "lexicon" / "concepts.yml"
    before = concepts.read_text(encoding="utf-8")
    steps: list[str] = []
    concepts.write_text(before + "  any_text: .\n", encoding="utf-8")
    try:
        retrained = train(project, project / "models", steps.append)
    finally:
        concepts.write_text(before, encoding="utf-8")
    assert any("Starting" in step and "LinearIntentClassifier" in step for step in steps)
    assert "any_text" in NluModel(retrained).explain("?!")["concepts"]


def test_a_project_that_is_wrong_leaves_no_model(project: Path, archive: Path) -> None:
    config = project / "config.yml"
    before = config.read_text(encoding="utf-8")
    config.write_text(before.replace("MessageReader", "NoSuchReader"), encoding="utf-8")
    try:
        with pytest.raises(ModelError, match="NoSuchReader"):
            train(project, project / "models", lambda step: None)
    finally:
        config.write_text(before, encoding="utf-8")
    assert not (project / "models" / ".training").exists()


def test_no_model_is_said_clearly(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no trained model"):
        NluModel(tmp_path)
    with pytest.raises(ModelError, match="does not exist"):
        NluModel(tmp_path / "none.tar.gz")
    (tmp_path / "broken.tar.gz").write_bytes(b"no archive")
    with pytest.raises(ModelError, match="broken"):
        NluModel(tmp_path / "broken.tar.gz")
