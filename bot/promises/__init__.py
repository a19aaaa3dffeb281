"""What a sentence promises to a customer, whether the shop can keep it, and whether it did.

Pure, text and facts in, verdicts out:

promise.py  what a promise is
reading.py  read(text, now) -> the promises in a text that is about to be sent; words in data/lexicon/promises.yml
sureness.py whether words that could promise something do, and how surely
facts.py    what the check is told
checking.py check(promises, facts) -> a verdict for each: holds, warn, block

With the database:

gathering.py  the facts around a conversation
gate.py       where replies are written: what is refused, what is said instead
ledger.py     promises that were made, and what became of them; each with a time has a clock
listing.py    the ledger as people ask for it
"""
