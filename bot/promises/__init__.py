"""What a sentence promises to a customer, and whether the shop can keep it. Pure: text and facts in, verdicts out.

promise.py  what a promise is
reading.py  read(text, now) -> the promises in a text that is about to be sent; words in data/lexicon/promises.yml
facts.py    what the check is told
checking.py check(promises, facts) -> a verdict for each: holds, warn, block
"""
