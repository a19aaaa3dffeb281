"""`python -m bot evaluate`: how well a model understands labelled messages, as figures, table and picture.

A row is `{"text", "intent", "accept": […]}`: the likeliest intent and others whose handling would also be right.

accept accuracy   share of rows, those of intent `unclear` left out, whose prediction is acceptable; fallback is wrong
core F1           mean F1 of the core intents; an acceptable prediction counts as a hit of the predicted intent
macro F1          the same over all intents
false-flow rate   share of all rows for which a flow that opens a case is predicted although none is acceptable
coverage          share of all rows not answered by fallback
unclear handled   share of `unclear` rows for which no case flow is predicted
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.errors import BadInput

CORE = ("refund_request", "missing_item", "wrong_item", "damaged_item", "bargain", "request_human")
CASES = frozenset(
    {"refund_request", "exchange_request", "cancel_order", "missing_item", "wrong_item", "damaged_item"}
    | {"quality_issue", "not_received", "price_protection", "complain"}
)
UNCLEAR = "unclear"
FALLBACK = frozenset({"nlu_fallback", UNCLEAR, None})


@dataclass(frozen=True)
class Row:
    """A labelled message; `acceptable` holds the likeliest intent, too."""

    text: str
    intent: str
    acceptable: frozenset[str]


@dataclass(frozen=True)
class IntentFigures:
    """One intent: rows labelled with it, share of those answered acceptably, precision, recall and F1."""

    rows: int
    accuracy: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Figures:
    """All figures of an evaluation; shares between 0 and 1. `confusions`: (likeliest, predicted, wrong rows)."""

    rows: int
    accept_accuracy: float
    core_f1: float
    macro_f1: float
    false_flow_rate: float
    coverage: float
    unclear_handled: float
    intents: Mapping[str, IntentFigures]
    confusions: Sequence[tuple[str, str, int]]


def read_rows(path: Path) -> list[Row]:
    """Labelled rows of a JSONL file. Raises BadInput naming the line that is wrong."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            rows.append(Row(raw["text"], raw["intent"], frozenset({raw["intent"], *raw.get("accept", [])})))
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{path.name}, line {number}: {error!r}") from error
    return rows


def measure(rows: Sequence[Row], predicted: Sequence[str | None]) -> Figures:
    """Figures of predictions, one for each row in order; None stands for fallback."""
    pairs = list(zip(rows, predicted, strict=True))
    clear = [(row, guess) for row, guess in pairs if row.intent != UNCLEAR]
    unclear = [guess for row, guess in pairs if row.intent == UNCLEAR]
    names = sorted({row.intent for row, _ in clear})
    intents = {name: _figures(name, pairs) for name in names}
    confusions = Counter((row.intent, guess or "nlu_fallback") for row, guess in clear if not _hit(row, guess))
    core = [intents[name].f1 for name in CORE if name in intents]
    return Figures(
        rows=len(pairs),
        accept_accuracy=_share(_hit(row, guess) for row, guess in clear),
        core_f1=sum(core) / max(1, len(core)),
        macro_f1=sum(figures.f1 for figures in intents.values()) / max(1, len(intents)),
        false_flow_rate=_share(guess in CASES and not row.acceptable & CASES for row, guess in pairs),
        coverage=_share(guess not in FALLBACK for _, guess in pairs),
        unclear_handled=_share(guess not in CASES for guess in unclear),
        intents=intents,
        confusions=[(gold, guess, count) for (gold, guess), count in confusions.most_common()],
    )


def evaluate(rows: Sequence[Row], understand: Callable[[str], str | None], out: Path | None = None) -> Figures:
    """Figures of a function from text to intent; with `out` also written there as JSON, Markdown and PNG."""
    figures = measure(rows, [understand(row.text) for row in rows])
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "figures.json").write_text(json.dumps(asdict(figures), ensure_ascii=False, indent=1), encoding="utf-8")
        (out / "report.md").write_text(report(figures), encoding="utf-8")
        draw_confusions(figures, out / "confusion.png")
    return figures


def report(figures: Figures) -> str:
    """The figures as Markdown: totals, the intents from weakest to best, the most frequent confusions."""
    totals = {
        "accept accuracy": figures.accept_accuracy,
        "core F1": figures.core_f1,
        "macro F1": figures.macro_f1,
        "false-flow rate": figures.false_flow_rate,
        "coverage": figures.coverage,
        "unclear handled": figures.unclear_handled,
    }
    weakest_first = sorted(figures.intents.items(), key=lambda item: item[1].f1)
    return "\n".join(
        [
            f"# Understanding of {figures.rows} messages\n",
            "| figure | value |\n|---|---|",
            *(f"| {name} | {value:.3f} |" for name, value in totals.items()),
            "\n| intent | rows | accuracy | precision | recall | F1 |\n|---|---|---|---|---|---|",
            *(
                f"| {name} | {f.rows} | {f.accuracy:.2f} | {f.precision:.2f} | {f.recall:.2f} | {f.f1:.2f} |"
                for name, f in weakest_first
            ),
            "\n| meant | predicted | messages |\n|---|---|---|",
            *(f"| {gold} | {guess} | {count} |" for gold, guess, count in figures.confusions[:40]),
            "",
        ]
    )


def draw_confusions(figures: Figures, path: Path) -> None:
    """A picture of the wrong predictions: rows are what was meant, columns what was predicted."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    meant = sorted({gold for gold, _, _ in figures.confusions})
    guessed = sorted({guess for _, guess, _ in figures.confusions})
    counts = [[0] * len(guessed) for _ in meant]
    for gold, guess, count in figures.confusions:
        counts[meant.index(gold)][guessed.index(guess)] = count
    figure = Figure(figsize=(14, 13), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.set(title="Messages understood wrongly", xlabel="predicted", ylabel="meant")
    if counts:
        axes.imshow(counts, cmap="Reds")
        axes.set_xticks(range(len(guessed)), guessed, rotation=90)
        axes.set_yticks(range(len(meant)), meant)
        for y, row in enumerate(counts):
            for x, count in enumerate(row):
                if count:
                    axes.text(x, y, str(count), ha="center", va="center", fontsize=7)
    figure.savefig(path, dpi=100)


def _hit(row: Row, guess: str | None) -> bool:
    return guess not in FALLBACK and guess in row.acceptable


def _figures(name: str, pairs: Sequence[tuple[Row, str | None]]) -> IntentFigures:
    labelled = [(row, guess) for row, guess in pairs if row.intent == name]
    true = sum(guess == name and name in row.acceptable for row, guess in pairs)
    false = sum(guess == name and name not in row.acceptable for row, guess in pairs)
    missed = sum(guess != name and guess not in row.acceptable for row, guess in labelled)
    return IntentFigures(
        rows=len(labelled),
        accuracy=_share(_hit(row, guess) for row, guess in labelled),
        precision=true / max(1, true + false),
        recall=true / max(1, true + missed),
        f1=2 * true / max(1, 2 * true + false + missed),
    )


def _share(outcomes: Iterable[bool]) -> float:
    counted = list(outcomes)
    return sum(counted) / max(1, len(counted))
