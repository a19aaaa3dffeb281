"""`python -m benchmarks.promises`: how well the promise check judges the sentences of tests/promises, by kind."""

from __future__ import annotations

from tests.promises.evaluation import mistakes, sentences, table


def main() -> None:
    """Print precision and recall of blocking, and each sentence that came out otherwise."""
    found = list(sentences())
    print(table(found))
    print(*mistakes(found), sep="\n")


if __name__ == "__main__":
    main()
