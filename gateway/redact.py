"""Card numbers are masked before anything is stored: what is not kept cannot leak."""

from __future__ import annotations

import re

# 13 to 19 digits with single blanks or dashes between: every card in use.
CARD = re.compile(r"(?<![\d-])\d(?:[ \u00a0-]?\d){12,18}(?![\d-])")


def mask_cards(text: str) -> str:
    """The text with each card number (by its check digit) as dots and its last four digits."""

    def masked(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match.group())
        return f"•••• {digits[-4:]}" if passes_luhn(digits) else match.group()

    return CARD.sub(masked, text)


def passes_luhn(digits: str) -> bool:
    """Whether the check digit of ISO/IEC 7812 is right."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
