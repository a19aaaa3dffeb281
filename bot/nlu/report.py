"""An evaluation as Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence

from bot.nlu.figures import Figures

CONFUSIONS = 40
EXAMPLES = 3
LONGEST_EXAMPLE = 80
MARKUP = re.compile(r"([\\`*_\[\]|~])")


def report(
    figures: Figures,
    pictures: Mapping[str, str] | None = None,
    messages: Mapping[tuple[str, str], Sequence[str]] | None = None,
) -> str:
    """Totals, samples, intents from weakest to best, confusions from the most frequent on, calibration.

    `pictures` are files by their title; `messages` are those of each confusion (meant, predicted), without which no
    message is shown.
    """
    totals = {
        "accept accuracy": figures.accept_accuracy,
        "core F1": figures.core_f1,
        "macro F1": figures.macro_f1,
        "false-flow rate": figures.false_flow_rate,
        "coverage": figures.coverage,
        "unclear handled": figures.unclear_handled,
        "expected calibration error": figures.calibration.error,
    }
    weakest_first = sorted(figures.intents.items(), key=lambda item: item[1].f1)
    confusions = [(*c, *_examples(c[:2], messages)) for c in figures.confusions[:CONFUSIONS]]
    return (
        "\n\n".join(
            [
                f"# Understanding of {figures.rows} messages",
                _table(("figure", "value"), ((name, f"{value:.3f}") for name, value in totals.items())),
                *(f"![{title}]({file})" for title, file in (pictures or {}).items()),
                "## Samples",
                _table(
                    ("sample", "rows", "accept accuracy", "false-flow rate", "coverage"),
                    (
                        (_escaped(name), s.rows, *_thousandths(s.accept_accuracy, s.false_flow_rate, s.coverage))
                        for name, s in figures.samples.items()
                    ),
                ),
                "## Intents, the weakest first",
                _table(
                    ("intent", "rows", "accuracy", "precision", "recall", "F1"),
                    (
                        (name, i.rows, *(f"{share:.2f}" for share in (i.accuracy, i.precision, i.recall, i.f1)))
                        for name, i in weakest_first
                    ),
                ),
                "## Confusions, the most frequent first",
                _table(("meant", "predicted", "messages", *(("examples",) if messages else ())), confusions),
                "## Confidence",
                f"{figures.calibration.answers} answers to messages that are clear; a fallback is no answer.",
                _table(
                    ("confidence", "answers", "mean confidence", "acceptable"),
                    (
                        (f"{b.low:.1f} to {b.high:.1f}", b.answers, *_thousandths(b.confidence, b.right))
                        for b in figures.calibration.bins
                        if b.answers
                    ),
                ),
                "",
            ]
        ).rstrip()
        + "\n"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    cells = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in cells)


def _thousandths(*shares: float) -> list[str]:
    return [f"{share:.3f}" for share in shares]


def _examples(key: tuple[str, str], messages: Mapping[tuple[str, str], Sequence[str]] | None) -> list[str]:
    """A cell with the first messages of a confusion, or none where no messages are shown."""
    if not messages:
        return []
    return ["<br>".join(_escaped(text) for text in messages.get(key, ())[:EXAMPLES])]


def _escaped(text: str) -> str:
    """A text in one line that no Markdown reader takes for markup."""
    line = " ".join(text.split())
    line = line if len(line) <= LONGEST_EXAMPLE else line[:LONGEST_EXAMPLE] + "…"
    return MARKUP.sub(r"\\\1", html.escape(line, quote=False))
