"""The second of two requests in one message: "pay my bill and change my address". The first is done, then the second is offered."""

from __future__ import annotations

import re
from typing import Callable, Optional

from bot.text import Ranking, fold

AND = re.compile(
    r"\s*[,;.]?\s+(?:and then|and also|and|then|also|plus|et puis|et ensuite|et aussi|puis|ensuite|aussi|et)\s+|[.;!]\s+"
)
SURE = 0.85  # for each part alone: a wrong offer after the answer is worse than none
LEAST_WORDS, MOST_WORDS = 2, 30
# Small talk is no request of its own, and nearly any part of a description resembles a support request.
NONE_OF_THEM = frozenset(
    f"do/{name}"
    for name in (
        "affirm", "cancel", "change_language", "continue_by_text", "deny", "give_feedback", "goodbye", "greet", "help", "open_request",
        "out_of_scope",
        "talk_to_agent", "thank", "who_are_you",
    )
)  # fmt: skip


def second_request(text: str, first: str, rank: Callable[[str], Ranking]) -> Optional[str]:
    """The outcome ("do/<request>") that a part of the message asks for beside `first`, which the whole was understood as.

    None where the parts are not both sure, or where neither is the first: then it is one request told in two parts.
    """
    if first in NONE_OF_THEM or not first.startswith("do/"):
        return None
    plain = fold(text)
    if len(plain.split()) > MOST_WORDS:
        return None
    for match in AND.finditer(plain):
        parts = plain[: match.start()], plain[match.end() :]
        if min(len(part.split()) for part in parts) < LEAST_WORDS:
            continue
        (one, sure), (other, as_sure) = rank(parts[0])[0], rank(parts[1])[0]
        both = {one, other}
        if min(sure, as_sure) < SURE or len(both) < 2 or first not in both or both & NONE_OF_THEM:
            continue
        found = next(iter(both - {first}))
        if found.startswith("do/"):
            return found
    return None
