"""Rule packs and what they allow: facts in, decision out, no I/O but reading the packs.

facts.py    what is known of an order and what a customer claims
pack.py     the numbers and clauses of `shop/policies/<date>.yml`, chosen by payment time
decide.py   decide(order, claim, pack, now) -> Decision
explain.py  a decision for people and programs
instant.py, intactness.py, limits.py  what else is decided over a remedy: at once? as good as new? by whom?
complaints.py, calendar.py, penalties.py  how grave, until when, and what a breach costs
"""
