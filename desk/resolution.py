"""When a matter counts as resolved: on evidence only, and where the customer did not come back about it. A rule: standard library only.

Evidence is the customer's own word, a change in the backend, or an agent who closed the conversation. A customer who then says that it
did not help takes back their own word and the agent's, not the change. Silence is no evidence, and is counted apart.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable

# Whose evidence it is.
CUSTOMER, CHANGE, AGENT = "customer", "change", "agent"
# What became of a conversation.
RESOLVED, RETURNED, OPEN, SILENT = "resolved", "returned", "open", "silent"
RETURN_WITHIN = datetime.timedelta(days=7)
SILENT_AFTER = datetime.timedelta(hours=24)
GOOD_SCORE, BAD_SCORE = (
    4,
    2,
)  # a rating of so much or more says yes, of so much or less says no; one between says nothing


@dataclasses.dataclass(frozen=True)
class Evidence:
    """That something is settled, since `at` (aware), by whose word; `matters`: what it was about, outcomes of understanding."""

    at: datetime.datetime
    by: str
    matters: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True)
class Word:
    """A later word of the customer's, and what it is about; None where that is not known."""

    at: datetime.datetime
    outcome: str | None


@dataclasses.dataclass(frozen=True)
class Standing:
    """The latest evidence that holds, None where there is none; and when the customer came back about the matter after it."""

    evidence: Evidence | None = None
    returned_at: datetime.datetime | None = None


def standing(evidence: Iterable[Evidence], doubts: Iterable[datetime.datetime], words: Iterable[Word]) -> Standing:
    """What holds of all that happened. `doubts`: when the customer said no; `words`: what they wrote, of this matter or another."""
    said_no = max(doubts, default=None)
    held = [one for one in evidence if one.by == CHANGE or said_no is None or one.at > said_no]
    if not held:
        return Standing()
    last = max(held, key=lambda one: one.at)
    returns = (word.at for word in words if comes_back(last.at, word.at) and same_matter(last, word))
    return Standing(last, min(returns, default=None))


def comes_back(resolved_at: datetime.datetime, at: datetime.datetime) -> bool:
    """Whether a word at this moment is a return: after the evidence, and before seven times 24 hours are over."""
    return resolved_at < at < _after(resolved_at, RETURN_WITHIN)


def same_matter(evidence: Evidence, word: Word) -> bool:
    """Whether a word is about what was settled. One that was not understood may be, and counts."""
    return word.outcome is None or word.outcome in evidence.matters


def what_became(
    resolved_at: datetime.datetime | None,
    returned_at: datetime.datetime | None,
    last_at: datetime.datetime,
    owed: bool,
    now: datetime.datetime,
) -> str:
    """What became of a conversation by now. `owed`: a person has it, or it waits for one, or a request of it still runs."""
    if owed:
        return OPEN
    if resolved_at is not None:
        return RETURNED if returned_at is not None else RESOLVED
    return SILENT if now >= _after(last_at, SILENT_AFTER) else OPEN


def is_settled(resolved_at: datetime.datetime, now: datetime.datetime) -> bool:
    """Whether the time in which a return counts is over."""
    return now >= _after(resolved_at, RETURN_WITHIN)


def _after(at: datetime.datetime, time: datetime.timedelta) -> datetime.datetime:
    """So much time later as it passes: within one zone Python adds by the clock, which is an hour off where that changes."""
    return at.astimezone(datetime.UTC) + time
