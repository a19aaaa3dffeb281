"""Examples that say nearly the same as an earlier one: they teach nothing and flatter every cross-validation."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from data_lint import Finding, normalise
from data_lint.examples import Example

SHORTEST = 8  # normalised characters; in a shorter text one character is a word that matters
SIMILAR = 0.8  # below it, pairs differ in a word that a customer chose; above it, in a particle or two

Bigram = tuple[str, int]  # the two characters, and how often they stood in the text before


def near_duplicates(examples: Sequence[Example]) -> Iterator[Finding]:
    """One finding for an example, naming the most similar of those before it; equal ones are another check's."""
    texts = [normalise(example.text) for example in examples]
    bigrams = [_bigrams(text) if len(text) >= SHORTEST else frozenset[Bigram]() for text in texts]
    for later, earlier in _candidates(bigrams):
        near = [(_similarity(bigrams[later], bigrams[i]), i) for i in sorted(earlier) if texts[i] != texts[later]]
        similarity, best = max(near, default=(0.0, 0), key=lambda pair: pair[0])
        if similarity >= SIMILAR:
            yield _finding(examples[later], examples[best])


def _bigrams(text: str) -> frozenset[Bigram]:
    """The multiset of bigrams, as a set: the second time is another member."""
    seen: Counter[str] = Counter()
    members = []
    for pair in map("".join, pairwise(text)):
        members.append((pair, seen[pair]))
        seen[pair] += 1
    return frozenset(members)


def _similarity(one: frozenset[Bigram], other: frozenset[Bigram]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def _candidates(bigrams: Sequence[frozenset[Bigram]]) -> Iterator[tuple[int, set[int]]]:
    """Each text and those before it that may be similar.

    Similar texts share at least `n * SIMILAR / (2 - SIMILAR)` of the n bigrams of either. So one of the rarest others
    is shared too, and it is enough to look those up.
    """
    frequency = Counter(bigram for members in bigrams for bigram in members)
    index: defaultdict[Bigram, list[int]] = defaultdict(list)
    for number, members in enumerate(bigrams):
        needed = math.ceil(len(members) * SIMILAR / (2 - SIMILAR) - 1e-9)
        rarest = sorted(members, key=lambda bigram: (frequency[bigram], bigram))[: len(members) - needed + 1]
        yield number, {earlier for bigram in rarest for earlier in index[bigram]}
        for bigram in rarest:
            index[bigram].append(number)


def _finding(later: Example, earlier: Example) -> Finding:
    whose = "" if later.intent == earlier.intent else f" of {earlier.intent}"
    message = f"{later.intent}: '{later.text}' is nearly '{earlier.text}'{whose} ({earlier.place})"
    return Finding(later.path, later.line, message)
