"""Finds the promises in what a bot or an agent is about to send. Pure; the words are data/lexicon/promises.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.lexicon import plain as as_compared
from bot.promises.clauses import Clause, PlainText, Sentence
from bot.promises.deadlines import Calendar, Hours
from bot.promises.promise import Deadline, Ground, Kind, Promise
from bot.promises.sureness import NEAR, Sureness, meant
from bot.promises.words import GROUNDS, HALF, Words, words

PRICES: frozenset[str] = frozenset({"price", "discount"})
LONGEST_TOPIC = 10
"""Characters of a clause that says nothing by its own, and is read with the next: the freight, that is ours."""
LONGEST_SUBJECT = 400
"""Characters of a sentence in which its product and its reason are looked for."""


def read(text: str, now: datetime, hours: Hours | None = None) -> tuple[Promise, ...]:
    """The promises in a text, in their order; ValueError if `now` has no time zone.

    `hours`: when people come and go on a day; without them "before we close" names no time.
    """
    if now.tzinfo is None:
        raise ValueError("now has no time zone")
    return Reader(words(), now, hours).read(text)


class Reader:
    """Reads texts at one instant."""

    def __init__(self, lexicon: Words, now: datetime, hours: Hours | None = None) -> None:
        self._words = lexicon
        self._calendar = Calendar(lexicon, now, hours)
        self._sureness = Sureness(lexicon)
        self._found: dict[tuple[str, bool], list[tuple[Kind, re.Match[str]]]] = {}

    def read(self, text: str) -> tuple[Promise, ...]:
        """The promises in a text, in their order."""
        plain = PlainText(text, self._words.spellings)
        sentences: dict[int, list[Clause]] = {}
        for clause in plain.clauses():
            sentences.setdefault(clause.sentence, []).append(clause)
        found: list[Promise] = []
        asked, question = "", None
        for said_in_it in sentences.values():
            clauses = self._answering(said_in_it)
            start, end = plain.span(said_in_it[0].start, clauses[-1].start + len(clauses[-1].text))
            said = as_compared(text[start:end][:LONGEST_SUBJECT])
            # What a question has named, the answer behind it is about.
            subject, asked = asked + said, said if clauses[-1].asks else ""
            own = [
                each
                for i in range(len(clauses))
                for each in self._in_clause(Sentence(clauses, i, question), subject, plain)
            ]
            question = clauses[-1] if clauses[-1].asks else None
            found += _of_one_sentence(own)
        if not found:  # as in most lines that are sent
            return ()
        return tuple(_explained(found, self._ground("", as_compared(text[:LONGEST_SUBJECT]))))

    def _answering(self, clauses: list[Clause]) -> list[Clause]:
        """Without what only takes up the customer's question (as to what you asked, …)."""
        kept: list[Clause] = []
        for clause in clauses:
            taken_up = self._words.guards["as_to"].match(clause.text)
            end = taken_up.end() if taken_up else 0
            if end < len(clause.text):
                kept.append(replace(clause, text=clause.text[end:], start=clause.start + end))
        return kept or clauses

    def _in_clause(self, sentence: Sentence, subject: str, plain: PlainText) -> Iterator[Promise]:
        topic, both = sentence.topic, sentence.joined
        if sentence.after is not None and self._gives(sentence.clause, sentence.after):
            return
        if topic is not None and both is not None and self._gives(topic, sentence.clause):
            yield from self._promises(both, subject, plain, seam=len(topic.text))
            return
        if self._matches(sentence.clause.text):
            yield from self._promises(sentence, subject, plain)
            return
        if (
            topic is not None
            and both is not None
            and len(topic.text) <= LONGEST_TOPIC
            and (self._words.details["freight"].search(topic.text) or not self._matches(topic.text))
        ):
            yield from self._promises(both, subject, plain, seam=len(topic.text))

    def _gives(self, amount: Clause, clause: Clause) -> bool:
        """Whether a clause gives the amount that is all that the one before says: twenty yuan, I send you."""
        details = self._words.details
        return details["sum_first"].search(amount.text) is not None and details["gives"].match(clause.text) is not None

    def _promises(self, sentence: Sentence, subject: str, plain: PlainText, *, seam: int = 0) -> Iterator[Promise]:
        """What a clause promises; one that was joined of two only with words that stand on either side of the seam."""
        clause = sentence.clause
        deadline = self._calendar.deadline(clause.text) or self._deadline_beside(sentence)
        matches = self._matches(clause.text, timed=deadline is not None)
        if seam:
            matches = [(kind, match) for kind, match in matches if match.start() < seam < match.end()]
        quantity = self._quantity(clause.text) or (self._quantity(sentence.topic.text) if sentence.topic else None)
        ground, unopened = self._ground(clause.text, subject), self._unopened(subject)
        for kind, match in matches:
            kind = meant(kind, match, sentence, self._words, timed=deadline is not None)
            if deadline is None and kind in self._words.needs_deadline:
                continue
            certainty = self._sureness.of(kind, match, sentence)
            if certainty is None:
                continue
            start, end = clause.start + match.start(), clause.start + match.end() + bool(seam)
            promise = Promise(
                kind=kind,
                certainty=certainty,
                span=plain.span(start, end),
                clause=clause.text,
                subject=subject,
                quantity=quantity,
                ground=ground,
                unopened=unopened,
            )
            completed = self._completed(promise, match, sentence, deadline)
            if completed is not None:
                yield completed

    def _matches(self, clause: str, *, timed: bool = True) -> list[tuple[Kind, re.Match[str]]]:
        """What stands in a clause by position; of two kinds that overlap the first, close wordings before loose ones.

        Some are none without a time.
        """
        if (clause, timed) not in self._found:
            self._found[clause, timed] = self._search(clause, timed)
        return self._found[clause, timed]

    def _search(self, clause: str, timed: bool) -> list[tuple[Kind, re.Match[str]]]:
        found: list[tuple[Kind, re.Match[str]]] = []
        taken, characters = bytearray(len(clause)), set(clause)
        for kind, expressions in (*self._words.kinds.items(), *self._words.loosely.items()):
            if kind in self._words.needs_deadline and not timed:
                continue
            own: list[re.Match[str]] = []
            for expression in expressions:
                if expression.may_match(characters):
                    own += [match for match in expression.pattern.finditer(clause) if match.end() > match.start()]
            for match in sorted(own, key=lambda match: (match.start(), -match.end())):
                if not any(taken[match.start() : match.end()]):
                    taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                    found.append((kind, match))
        return sorted(found, key=lambda each: each[1].start())

    def _completed(
        self, promise: Promise, match: re.Match[str], sentence: Sentence, deadline: Deadline | None
    ) -> Promise | None:
        """The promise with its time and amount; None where it is none without them."""
        kind, lexicon = promise.kind, self._words
        if kind == "stock" and promise.quantity is None:
            promise = replace(promise, quantity=self._quantity(promise.subject))
        if kind in lexicon.takes_deadline:
            promise = replace(promise, deadline=deadline)
        if kind in lexicon.takes_amount:
            rate = self._rate(match, sentence)
            amount = self._amount(match, sentence) if rate is None or match.groupdict().get("amount") else None
            if kind == "price_difference" and amount is None:
                amount = self._fallen_by(sentence)
            whole = lexicon.details["whole"].search(match[0]) is not None
            if kind in PRICES and ((amount is None and rate is None) or self._told_before(sentence)):
                return None
            promise = replace(promise, amount=amount, rate=rate, whole=whole)
        if kind in lexicon.takes_threshold:
            least = match.groupdict().get("threshold")
            promise = replace(promise, threshold=lexicon.number(least) if least else None)
        if kind in lexicon.takes_length:
            promise = self._with_length(promise, match, sentence)
        if kind == "stock" and deadline is not None and not deadline.at_once and self._calendar.is_later(deadline):
            return None
        return promise

    def _deadline_beside(self, sentence: Sentence) -> Deadline | None:
        """The time of the clause before, or of the one behind, where that says nothing else."""
        for beside in (sentence.before, sentence.after):
            if beside is not None and self._words.says("only_time", beside.text) and len(beside.text) <= NEAR:
                found = self._calendar.deadline(beside.text)
                if found is not None:
                    return found
        return None

    def _amount(self, match: re.Match[str], sentence: Sentence) -> Decimal | None:
        """The money of a promise: in its words, behind them, before them, or at the head of the next clause."""
        groups = match.groupdict()
        if groups.get("amount"):
            amount, pieces = self._words.money(groups["amount"]), self._words.number(groups.get("together") or "")
            return round(amount / pieces, 2) if amount is not None and pieces else amount
        clause = sentence.clause.text
        places = [
            self._words.details["amount_within"].search(match[0]),
            self._words.details["amount_behind"].match(clause[match.end() : match.end() + NEAR]),
            self._words.details["amount_before"].search(clause[max(0, match.start() - NEAR) : match.start()]),
            self._words.details["amount_near"].search(clause[match.end() : match.end() + NEAR]),
        ]
        if any(place and self._words.says("at_most", place.string[: place.start("amount")]) for place in places):
            return None
        if sentence.after is not None:
            places.append(self._words.details["amount_next"].match(sentence.after.text[:NEAR]))
        return next((self._words.money(place["amount"]) for place in places if place), None)

    def _fallen_by(self, sentence: Sentence) -> Decimal | None:
        """By how much a price has fallen, as the clause before says."""
        found = self._words.details["fell_by"].search(sentence.before.text) if sentence.before is not None else None
        return self._words.money(found["amount"]) if found else None

    def _told_before(self, sentence: Sentence) -> bool:
        """Whether the clause is nothing but the amount of what was promised in the clause before."""
        if sentence.before is None or not self._words.details["amount_next"].match(sentence.clause.text):
            return False
        kinds = {kind for kind, _ in self._matches(sentence.before.text)}
        return bool(kinds & self._words.takes_amount - PRICES)

    def _rate(self, match: re.Match[str], sentence: Sentence) -> Decimal | None:
        """A share of the price: 0.8 or 0.95, as tenths or hundredths; a half; several times of it."""
        groups = match.groupdict()
        times = self._words.details["times_over"].search(sentence.clause.text[match.start() : match.end() + NEAR])
        if times is not None:
            if times["percent"]:
                return Decimal(times["percent"]) / 100
            return self._words.number(times["times"] or times["for_one"] or "") or self._words.times_over.get(times[0])
        if groups.get("half_price"):
            return HALF
        if not groups.get("tenths_off"):
            return None
        said = groups["tenths_off"]
        digits = "".join(str(self._words.number(sign) or 0) for sign in said if sign != ".")
        return Decimal(f"0.{digits}") if digits.isdigit() and int(digits) else None

    def _with_length(self, promise: Promise, match: re.Match[str], sentence: Sentence) -> Promise:
        """With how long it lasts, as its own words say, or the clause before (within three years, free repair)."""
        groups = match.groupdict()
        if groups.get("forever"):
            return replace(promise, forever=True)
        beside = self._words.details["within"].search(sentence.before.text) if sentence.before is not None else None
        if not groups.get("length") and beside is not None:
            groups = beside.groupdict()
        count, unit = groups.get("length"), groups.get("length_unit")
        number = self._words.number(count) if count else None
        if number is None or not unit:
            return promise
        return replace(promise, days=int(number * self._words.length_days[unit]))

    def _quantity(self, clause: str) -> int | None:
        found = self._words.details["quantity"].search(clause)
        number = self._words.number(found["quantity"]) if found else None
        return int(number) if number is not None and number == int(number) and number > 0 else None

    def _ground(self, clause: str, subject: str) -> Ground | None:
        for text in (clause, subject):
            for ground in GROUNDS:
                if self._words.grounds[ground].search(text):
                    return ground
        return None

    def _unopened(self, subject: str) -> bool | None:
        if self._words.details["unopened"].search(subject):
            return True
        return False if self._words.details["opened"].search(subject) else None


def _explained(promises: list[Promise], told: Ground | None) -> list[Promise]:
    """With the reason for who pays the freight, where the text, or what is promised beside it, gives one."""
    kinds = {promise.kind for promise in promises}
    reasons: dict[Kind, Ground] = {"freight": told, "buyer_freight": told} if told else {}
    if "reship" in kinds:
        reasons["freight"] = "fault"
    if "return_ok" in kinds:
        reasons.setdefault("buyer_freight", "wish")
    return [
        replace(promise, ground=reasons[promise.kind])
        if promise.ground is None and promise.kind in reasons
        else promise
        for promise in promises
    ]


def _of_one_sentence(promises: list[Promise]) -> list[Promise]:
    """When goods are sent again, the time at which they leave belongs to that promise and is none of its own."""
    kept: list[Promise] = []
    for promise in promises:
        again = next((i for i, each in enumerate(kept) if each.kind in ("reship", "exchange")), None)
        if promise.kind == "ship_by" and again is not None and promise.certainty == kept[again].certainty:
            kept[again] = replace(kept[again], deadline=promise.deadline)
        else:
            kept.append(promise)
    return kept
