"""Measurements of the running service, beside stock Rasa on the same model, in one run: `make bench`."""
