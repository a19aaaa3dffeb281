"""Bargaining: a negotiation with memory over one product (docs/decisions/0004-a-negotiation-is-one-fact.md)."""
