"""Whether words that could promise something do, and how surely: denied, asked, reported, tried, hoped for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.promises.clauses import Clause, Sentence
from bot.promises.promise import DENIALS, Certainty, Kind
from bot.promises.words import Words

NEAR = 24
"""Characters around a promise in which words change what it means."""
DONE: Mapping[Kind, Kind] = {
    "refund": "refund_done",
    "refund_arrival": "refund_done",
    "ship_by": "ship_done",
    "deliver_by": "delivered_done",
    "reship": "ship_done",
}
"""What is meant where something that sounds like a promise is said to be done (yesterday it left)."""
TO_COME: Mapping[Kind, Kind] = {
    "refund_done": "refund_arrival",
    "ship_done": "ship_by",
    "delivered_done": "deliver_by",
}
"""What is meant where something that sounds done is still to come (tomorrow it has left)."""
COUNTED: frozenset[Kind] = frozenset({"refund", "refund_arrival", "ship_by", "deliver_by"})
"""Days of these may be counted from what has yet to happen (once it is approved): nothing runs before that."""
TIMED: frozenset[Kind] = frozenset({"ship_by", "deliver_by", "answer_by"})
"""Of these nothing is promised where a time is said to be over."""
SUGGESTED: frozenset[Kind] = frozenset({"price", "discount", "refund", "compensation"})
"""Put as a question, these are an offer still (what about 55?)."""
PAID: frozenset[Kind] = frozenset({"compensation", "price"})


def meant(kind: Kind, match: re.Match[str], sentence: Sentence, lexicon: Words, *, timed: bool) -> Kind:
    """What the words stand for: done only what is not said to come, and what comes is money where all talk is of it."""
    before, after = sentence.clause.text[: match.start()][-NEAR:], sentence.clause.text[match.end() :][:NEAR]
    if kind in TO_COME and lexicon.says("not_yet", before):
        return TO_COME[kind]
    if (
        kind == "refund_done"
        and lexicon.says("condition", before)
        and not lexicon.says("perfect", before + match[0][:2])
    ):
        return "refund"
    if kind == "refund" and sentence.before is not None and lexicon.says("price_fell", sentence.before.text):
        return "price_difference"
    if kind == "refund" and timed and lexicon.says("into_account", match[0] + after):
        kind = "refund_arrival"
    if kind in DONE and lexicon.says("perfect", before) and not _only_asked_for(match[0], after, lexicon):
        return DONE[kind]
    if kind == "return_ok" and sentence.after is not None and lexicon.details["amount_next"].match(sentence.after.text):
        return "refund"
    if kind == "delivered_done" and lexicon.says("into_account", sentence.clause.text):
        return "refund_done"
    if kind != "deliver_by":
        return kind
    so_far = "".join(clause.text for clause in (*sentence.earlier, sentence.clause))
    money = lexicon.details["money_talk"].search(so_far) and not lexicon.details["parcel_talk"].search(so_far)
    return "refund_arrival" if money else kind


def _only_asked_for(words: str, after: str, lexicon: Words) -> bool:
    """Whether what is done is no more than an application for it."""
    return lexicon.says("applied", words) or lexicon.says("was", after)


class Sureness:
    """Judges the words around a promise."""

    def __init__(self, lexicon: Words) -> None:
        self._words = lexicon

    def of(self, kind: Kind, match: re.Match[str], sentence: Sentence) -> Certainty | None:
        """How sure the promise is; None where nothing is promised at all."""
        clause = sentence.clause
        before = clause.text[max(0, match.start() - NEAR) : match.start()]
        after = clause.text[match.end() : match.end() + NEAR]
        around = before + match[0] + after
        negated = self._words.says("negated", before) and not self._words.says("even_so", match[0])
        if negated or self._words.says("denied", after):
            return None
        if self._words.says("coupon", before) or self._words.says("general", around):
            return None
        if kind == "no_return" and self._words.says("if_so", after):
            return None
        wished = kind in DENIALS and self._words.says("wished", before)
        if (self._words.says("reported", before) and not wished) or self._reports(sentence):
            return None
        if sentence.after is not None and self._words.says("confirms", sentence.after.text):
            return None
        if not kind.endswith("_done") and (self._words.says("past", before) or self._words.says("was", after)):
            return None
        if kind in TIMED and self._words.says("overrun", clause.text):
            return None
        if self._asked(clause, before, match[0] + after, after):
            return "offer" if kind in SUGGESTED and self._suggests(sentence) else None
        if kind in PAID and self._words.says("buyer_pays", before + match[0]):
            return None
        return self._strength(kind, around, after, sentence)

    def _suggests(self, sentence: Sentence) -> bool:
        """Whether a question is an offer: what about 55?"""
        before = sentence.before.text if sentence.before else ""
        return self._words.says("suggests", sentence.clause.text) or self._words.says("suggests", before)

    def _reports(self, sentence: Sentence) -> bool:
        """Whether the clause before announces what others say."""
        return sentence.before is not None and self._words.says("reports_on", sentence.before.text[-NEAR:])

    def _asked(self, clause: Clause, before: str, onward: str, after: str) -> bool:
        """Whether the clause is a question; "..., shall I?" behind an offer makes none."""
        if self._words.says("asked", before):
            return True
        if self._words.says("offer_tag", after):
            return False
        return clause.asks or self._words.says("asked", before + onward) or self._words.says("question_end", after)

    def _strength(self, kind: Kind, around: str, behind: str, sentence: Sentence) -> Certainty | None:
        earlier = "".join(clause.text[-NEAR:] for clause in sentence.earlier)
        told = not self._words.says("yuan", around) and self._words.says("price_rule", earlier + around)
        if kind == "price_difference" and told:
            return None if self._words.says("window_told", earlier + around) else "conditional"
        if self._words.says("condition", earlier + around):
            if kind in TO_COME:
                return None
            policy = kind in self._words.no_clock and self._words.grounds["fault"].search(earlier + around)
            return None if policy else "conditional"
        upto = (sentence.before.text[-NEAR:] if sentence.before else "") + around.removesuffix(behind)
        if kind in COUNTED and self._words.says("once", upto):
            return "conditional"
        if self._words.says("effort", around):
            return "effort"
        if self._words.says("estimate", around) and not self._assured(around, sentence):
            return "estimate"
        tagged = sentence.after is not None and self._words.says("offer_tag", sentence.after.text[:NEAR])
        tagged = tagged or self._words.says("offer_tag", behind)
        return "offer" if tagged or self._words.says("offer", around) else "firm"

    def _assured(self, around: str, sentence: Sentence) -> bool:
        """Whether what is only expected is vouched for, here or in the next clause."""
        return self._words.says("assured", around) or (
            sentence.after is not None and self._words.says("assured", sentence.after.text)
        )
