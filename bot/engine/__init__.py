"""Rasa, embedded: nothing outside this package imports it (training and NLU components aside)."""

from bot.engine import quiet  # noqa: F401  (before any Rasa import)
