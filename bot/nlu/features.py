"""What the intent classifier looks at: words, character n-grams and concepts of a message, weighted by TF-IDF.

Each kind of feature makes a block of its own length: on our data that is two points better (cross-validated) than one
block for all n-grams. Word pairs, 4-grams, skip-grams and pairs of concepts were tried and brought nothing.

Own counting instead of Rasa's sparse-feature plumbing: one pass, one vocabulary of readable entries (`word:退款`,
`char2:退货`, `concept:refund`), so that a prediction can be explained by name, nothing is pickled, and a message costs
a dictionary look-up per feature instead of several scipy matrices.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.nlu.reading import Reading

Floats = npt.NDArray[np.float32]
LONGEST_GRAM = 3
LONGEST_TEXT = 400
NUMBER = re.compile(r"\d{4,}")


def features(reading: Reading) -> Iterator[str]:
    """Features of what a message is about, as often as they occur, as `kind:value`; no further than LONGEST_TEXT."""
    if not reading.text:
        return
    text = f"^{NUMBER.sub('0', reading.matter[:LONGEST_TEXT])}$"
    for word in reading.matter_words[:LONGEST_TEXT]:
        yield f"word:{NUMBER.sub('0', word)}"
    for size in range(1, LONGEST_GRAM + 1):
        for start in range(len(text) - size + 1):
            yield f"char{size}:{text[start : start + size]}"
    for concept in reading.concepts:
        yield f"concept:{concept}"


@dataclass(frozen=True)
class Vectoriser:
    """TF-IDF with one unit-length block per kind of feature."""

    vocabulary: Mapping[str, int]
    idf: Floats

    @classmethod
    def fit(cls, documents: Sequence[Iterable[str]]) -> Vectoriser:
        """Learn vocabulary and document frequencies."""
        frequency: Counter[str] = Counter()
        for document in documents:
            frequency.update(set(document))
        names = sorted(frequency)
        idf = [math.log((1 + len(documents)) / (1 + frequency[name])) + 1 for name in names]
        return cls({name: index for index, name in enumerate(names)}, np.asarray(idf, dtype=np.float32))

    def __call__(self, document: Iterable[str]) -> tuple[npt.NDArray[np.int32], Floats]:
        """Indices and weights of the known features of a document, ordered by index."""
        blocks: dict[str, dict[int, float]] = defaultdict(dict)
        for name, count in Counter(document).items():
            index = self.vocabulary.get(name)
            if index is not None:
                blocks[name.partition(":")[0]][index] = (1 + math.log(count)) * float(self.idf[index])
        weights: dict[int, float] = {}
        for block in blocks.values():
            length = math.sqrt(sum(weight * weight for weight in block.values()))
            weights.update({index: weight / length for index, weight in block.items()})
        indices = sorted(weights)
        return np.asarray(indices, dtype=np.int32), np.asarray([weights[i] for i in indices], dtype=np.float32)
