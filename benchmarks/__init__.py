"""This system and stock Rasa with the same model, measured in one run: `make bench`."""
