"""Tickets: what the shop owes until when.

events.py     the append-only log; every change is written there first
state.py      what the log says: a pure fold, of which the ticket's row is the projection
guards.py     which change a ticket takes when, who may make it, what must be known before it is done
stages.py     the four steps of a ticket, the seven of a complaint
opening.py    a ticket begins
numbers.py    how tickets are numbered
changes.py    what customers and people do with it
duplicates.py merging and linking
levels.py     how grave a complaint is, how wide a trouble
payments.py   money: asked for in the log, then of the gateway
telling.py    the customer hears of every change that matters, once and in order
milestones.py what happens to it elsewhere, and the written answer
result.py     the customer says whether it is solved
due.py        what happens by the clock alone: late, silent
shown.py      as JSON
service.py    all of it as transactions, for the HTTP interface
"""
