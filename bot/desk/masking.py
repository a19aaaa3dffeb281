"""What is left of personal data where it is only to be recognised: in lists, on the card beside a talk."""

from __future__ import annotations

import re

STAR = "*"
PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)")
LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})-?(\d{3,4})(\d{4})(?!\d)")
ID_CARD = re.compile(r"(?<!\d)([1-9]\d{5})(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(\d{3}[\dXx])(?!\d)")
BANK_CARD = re.compile(r"(?<!\d)([3-6]\d{3})((?:[ -]?\d{4}){2,3})([ -]?\d{1,4})(?!\d)")
STREET = 6  # characters of an address that name province and town at most


def text(value: str) -> str:
    """A line with identity cards, bank cards and phones made unreadable; order numbers stay."""
    value = ID_CARD.sub(lambda found: found[1] + STAR * 8 + found[2], value)
    value = BANK_CARD.sub(_bank_card, value)
    value = PHONE.sub(lambda found: f"{found[1]}{STAR * 4}{found[3]}", value)
    return LANDLINE.sub(lambda found: f"{found[1]}-{STAR * len(found[2])}{found[3]}", value)


def phone(value: str) -> str:
    """The first three and the last four digits of a mobile; of anything else the last two."""
    if PHONE.fullmatch(value):
        return PHONE.sub(lambda found: f"{found[1]}{STAR * 4}{found[3]}", value)
    return STAR * max(len(value) - 2, 0) + value[-2:]


def address(value: str) -> str:
    """Province and town; not the street."""
    return value[:STREET] + STAR * 4 if len(value) > STREET else STAR * len(value)


def _bank_card(found: re.Match[str]) -> str:
    """Only what has the check digit of a bank card: order numbers are long too, and are needed."""
    digits = re.sub(r"\D", "", found[0])
    if not (13 <= len(digits) <= 19 and _luhn(digits)):
        return found[0]
    return f"{digits[:4]}{STAR * (len(digits) - 8)}{digits[-4:]}"


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0
