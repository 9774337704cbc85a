"""Card numbers, PINs and one-time codes are masked before anything is stored: what is not kept cannot leak."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# Groups of digits with at most three separators between: blanks (no-break ones too), dashes, points, slashes.
RUN = re.compile(r"\d(?:[\s.\-\u2010-\u2015/]{0,3}\d){12,}")
GROUP = re.compile(r"\d+")
LONGEST = 19  # digits of a card
CARD_MARK = "•••• "  # what stands for the digits of a card that are not kept
# The security code and the expiry date that people type along with it.
SECURITY = re.compile(
    r"\b(cvv2?|cvc|csc|security code|code de s[ée]curit[ée]|exp(?:iry|ires?|iration)?\.?)(\W{0,3})\d[\d /-]{1,5}\d",
    re.I,
)
# A card over two messages: the digits at the end of the first, those at the start of the second, and after how many of them one breaks off
# (of 16 in fours; of American Express's 15 after its groups of 4 and 6).
TAIL = re.compile(r"(\d(?:[\s.\-\u2010-\u2015/]{0,3}\d)*)\W{0,3}$")
HEAD = re.compile(r"\W{0,3}(\d(?:[\s.\-\u2010-\u2015/]{0,3}\d)*)")
SPLIT_AFTER = {(16, 4), (16, 8), (16, 12), (15, 4), (15, 10)}
FIRST_DIGITS = "23456"  # of every card network in use in Canada

CODE_MARK = "[••••••]"  # what stands for a one-time code that is not kept; known to the actions
CODE_DIGITS = 6
NUMBER = re.compile(r"\d(?:[ .\u00a0\u202f-]?\d)*")  # as the form reads a code: blanks, points and dashes between
PIN_MARK = "[••••]"  # what stands for a PIN that is not kept; without the blank of CARD_MARK, and known to the actions
PIN_DIGITS = 4
NO_PIN_MARK = "[•••]"
# Four digits that the message calls a PIN; six may be a one-time code that somebody calls so.
NAMED_PIN = re.compile(r"\b(?:nip|pin)\b[^\d\n]{0,25}(?<![\w.,-])(\d(?:[ .-]?\d){3})(?![\w-]|[ .,]?\d)", re.I)
PIN_BEFORE_ITS_NAME = re.compile(r"(?<![\w$.,-])(\d{4})(?![\w-]|[ .,]?\d)(?=[^\d\n]{0,15}\b(?:nip|pin)\b)", re.I)
# In an answer to the question for one: any short number that stands alone, a mistyped PIN too. Not a part of a longer one.
ANY_PIN = re.compile(r"(?<![\w.,-])(?<!\d )(\d(?:[ .-]?\d){2,5})(?![\w-]|[ .,]?\d)")


def mask_pin(text: str, asked: bool) -> tuple[str, str | None]:
    """The text with the PINs in it masked, and the first of them; `asked`: the assistant's last question was for one."""
    pins: list[str] = []

    def mask(match: re.Match[str]) -> str:
        digits = _digits(match[1])
        if len(digits) == PIN_DIGITS:
            pins.append(digits)
        start, end = match.start(1) - match.start(), match.end(1) - match.start()
        whole = match.group()
        return whole[:start] + (PIN_MARK if len(digits) == PIN_DIGITS else NO_PIN_MARK) + whole[end:]

    for pattern in (ANY_PIN,) if asked else (NAMED_PIN, PIN_BEFORE_ITS_NAME):
        text = pattern.sub(mask, text)
    return text, pins[0] if pins else None


def may_hold_code(text: str) -> bool:
    """Whether the text has enough digits for a one-time code."""
    return sum(letter.isdigit() for letter in text) >= CODE_DIGITS


def mask_codes(text: str, is_code: Callable[[str], bool]) -> tuple[str, str | None]:
    """The text with the one-time codes in it masked, and the first of them. `is_code`: whether six digits are one."""
    codes: list[str] = []

    def mask(match: re.Match[str]) -> str:
        whole = match.group()
        if len(_digits(whole)) == CODE_DIGITS:
            return taken(_digits(whole)) or whole
        # Beside other numbers ("12 482193"): a group by itself.
        return GROUP.sub(lambda group: taken(_digits(group.group())) or group.group(), whole)

    def taken(digits: str) -> str | None:
        if len(digits) != CODE_DIGITS or not is_code(digits):
            return None
        codes.append(digits)
        return CODE_MARK

    masked = NUMBER.sub(mask, text)
    return masked, codes[0] if codes else None


def _digits(text: str) -> str:
    """The digits of a text, full-width ones as the usual."""
    return "".join(re.findall(r"\d", unicodedata.normalize("NFKC", text)))


def masked(text: str) -> str:
    """The text as it may be kept: without card numbers, and without what it calls a PIN."""
    return mask_pin(mask_cards(text), False)[0]


def is_kept_as(text: str, kept: str) -> bool:
    """Whether `kept` is how this text was stored; where something was masked in it, by the letters around."""
    if "•" not in kept:
        return text == kept
    return "".join(filter(str.isalpha, text)) == "".join(filter(str.isalpha, kept))


def mask_cards(text: str) -> str:
    """The text with each card number (by its check digit) as dots and its last four digits."""
    masked, before = RUN.sub(lambda match: _masked(match.group()), text), text
    if masked == text:
        return text
    while masked != before:  # the last four digits of one card and what follows may be another
        masked, before = RUN.sub(lambda match: _masked(match.group()), masked), masked
    return SECURITY.sub(r"\1\2•••", masked)


def _masked(run: str) -> str:
    """A run of groups with the card numbers in it masked; an expiry date or a code may stand before or after."""
    groups = [(match.start(), match.end()) for match in GROUP.finditer(run)]
    kept, copied, first = "", 0, 0
    while first < len(groups):
        start = groups[first][0]
        # No more groups than a card has digits: a message of thousands of single digits must hold nobody up.
        for last in range(min(len(groups), first + LONGEST) - 1, first - 1, -1):
            digits = "".join(run[a:b] for a, b in groups[first : last + 1])
            if is_card(digits):
                kept += f"{run[copied:start]}{CARD_MARK}{digits[-4:]}"
                copied, first = groups[last][1], last
                break
        first += 1
    return kept + run[copied:]


def mask_split(before: str, after: str) -> tuple[str, str] | None:
    """Two messages with the card number masked that begins at the end of the one and goes on at the start of the other; None for no card.

    Only where the first part is whole groups of a card, so that a phone followed by another number is none.
    """
    tail, head = TAIL.search(before), HEAD.match(after)
    if not tail or not head:
        return None
    first = [(match.start(), match.group()) for match in GROUP.finditer(tail[1])]
    second = [(match.end(), match.group()) for match in GROUP.finditer(head[1])]
    for place in range(len(first)):
        start = _digits("".join(group for _, group in first[place:]))
        for last in range(1, len(second) + 1):
            digits = start + _digits("".join(group for _, group in second[:last]))
            if (len(digits), len(start)) in SPLIT_AFTER and is_card(digits):
                cut, end = tail.start(1) + first[place][0], head.start(1) + second[last - 1][0]
                rest = f"{CARD_MARK.strip()}{after[end:]}"
                return before[:cut] + CARD_MARK.strip(), SECURITY.sub(r"\1\2•••", f"{CARD_MARK}{rest}")
    return None


def is_card(digits: str) -> bool:
    """13 to 19 digits that begin as cards do and pass the check."""
    return 13 <= len(digits) <= LONGEST and digits[0] in FIRST_DIGITS and passes_luhn(digits)


def passes_luhn(digits: str) -> bool:
    """Whether the check digit of ISO/IEC 7812 is right."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
