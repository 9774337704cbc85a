"""What came of one conversation, from what was said and done in it: who helped, how fast, and whether it is resolved (`resolution.py`)."""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, Protocol

from desk.models import SupportRequest
from desk.request_states import LIVE
from desk.requests import digits
from desk.resolution import AGENT, BAD_SCORE, CHANGE, CUSTOMER, GOOD_SCORE, Evidence, Standing, Word, standing
from desk.settled_words import says_settled
from gateway.models import Conversation, Feedback


class Line(Protocol):
    """What is read of a line of a transcript: columns of `Message`, whose rows are made many at a time."""

    @property
    def id(self) -> int: ...
    @property
    def author(self) -> str: ...
    @property
    def at(self) -> datetime.datetime: ...
    @property
    def text(self) -> str: ...
    @property
    def state(self) -> str | None: ...
    @property
    def answers(self) -> int | None: ...
    @property
    def payload(self) -> dict[str, Any]: ...
    @property
    def understood(self) -> dict[str, Any] | None: ...


ASSISTANT, PERSON, REQUEST, NOBODY, NOTHING = "assistant", "person", "request", "nobody", "nothing"
HELPED_BY = (ASSISTANT, REQUEST, PERSON, NOBODY, NOTHING)  # NOTHING: nothing was asked, as in a greeting alone
NOT_UNDERSTOOD = "do/out_of_scope"
OPINION = "do/give_feedback"


@dataclasses.dataclass(frozen=True)
class Subjects:
    """Which outcomes name no matter: `small` is said beside one, `vague` is about one that it does not name (triage's lists)."""

    small: Collection[str]
    vague: Collection[str]

    def matter(self, outcome: str | None) -> bool:
        """Whether an outcome names a matter."""
        return outcome is not None and outcome not in self.small and outcome not in self.vague

    def word(self, line: Line, outcome: str | None) -> Word | None:
        """A line as a word about some matter, named or not; None where it is about none: thanks, an opinion."""
        if outcome == OPINION or (outcome in self.small and outcome != NOT_UNDERSTOOD) or says_settled(line.text):
            return None
        return Word(line.at, outcome if self.matter(outcome) else None)


@dataclasses.dataclass
class Course:
    """A conversation as it went: its lines in order, and what was kept beside them."""

    talk: Conversation
    lines: Sequence[Line]
    feedback: Sequence[Feedback]
    requests: Sequence[SupportRequest]
    subjects: Subjects
    asked_before: datetime.datetime | None = None  # when a person was asked for, where the row told so already

    def __post_init__(self) -> None:
        self.said = [line for line in self.lines if line.author == "customer"]
        self.outcomes = {line.id: outcome for line, outcome in _outcomes(self.lines)}

    @property
    def helped_by(self) -> str:
        """Who helped; a person before a request, a request before the assistant."""
        if self.talk.handled_by != "assistant" or any(_by_person(line) for line in self.lines):
            return PERSON
        if self.requests:
            return REQUEST
        answered = [line for line in self.said if line.state == "answered" and self.outcomes.get(line.id)]
        if any(self.outcomes[line.id] not in self.subjects.small for line in answered):
            return ASSISTANT
        failed = any(line.state == "failed" for line in self.said)
        return NOBODY if failed or NOT_UNDERSTOOD in self.outcomes.values() else NOTHING

    @property
    def first_s(self) -> int | None:
        """Seconds from the first message to the first answer; what is told of a failure or of a hand-over is none."""
        began = self.said[0].at
        failed = {line.id for line in self.said if line.state == "failed"}
        answers = (
            line.at
            for line in self.lines
            if line.author in ("assistant", "agent")
            and line.at >= began
            and line.answers not in failed
            and not line.payload.get("notice")
        )
        return seconds(began, next(answers, None))

    @property
    def asked_person_at(self) -> datetime.datetime | None:
        """When a person was asked for; where nobody asked, the last word before one came."""
        if self.asked_before or self.talk.queued_at:
            return self.asked_before or self.talk.queued_at
        taken = next((line for line in self.lines if line.payload.get("notice") == "taken"), None)
        before = [line.at for line in self.said if taken and line.at <= taken.at]
        return before[-1] if before else None

    @property
    def person_s(self) -> int | None:
        """Seconds until a person answered."""
        asked, answered = self.asked_person_at, self.talk.agent_answered_at
        return seconds(asked, answered) if asked and answered and answered >= asked else None

    @property
    def owed(self) -> bool:
        """Whether a person has something to do."""
        return self.talk.handled_by != "assistant" or any(one.state in LIVE for one in self.requests)

    @property
    def contact(self) -> str | None:
        """The contact of the latest request, in one form."""
        return next((plain_contact(one.contact) for one in reversed(self.requests) if one.contact), None)

    def asked(self) -> Counter[str]:
        """What was said how often, small talk left out."""
        return Counter(
            one for one in self.outcomes.values() if one and (one == NOT_UNDERSTOOD or one not in self.subjects.small)
        )

    def standing(self, elsewhere: Sequence[Word]) -> Standing:
        """Whether it is resolved. `elsewhere`: what the same customer said in other conversations."""
        evidence, doubts = self._evidence()
        words = [word for line in self.said if (word := self.subjects.word(line, self.outcomes.get(line.id)))]
        return standing(evidence, doubts, [*words, *elsewhere])

    def _evidence(self) -> tuple[list[Evidence], list[datetime.datetime]]:
        found: list[Evidence] = []
        doubts: list[datetime.datetime] = []
        matters: list[str] = []
        for line in self.lines:
            outcome = self.outcomes.get(line.id)
            if outcome and self.subjects.matter(outcome):
                matters.append(outcome)
            if line.author == "customer":
                settled = says_settled(line.text)
                if settled is False:
                    doubts.append(line.at)
                elif settled:
                    found.append(Evidence(line.at, CUSTOMER, frozenset(matters)))
            elif line.payload.get("act"):
                found.append(Evidence(line.at, CHANGE, frozenset(matters[-1:])))
            elif line.payload.get("notice") == "resolved":
                found.append(Evidence(line.at, AGENT, frozenset(matters)))
        found += [
            Evidence(one.solved_at, CHANGE, frozenset({f"do/{one.kind}"})) for one in self.requests if one.solved_at
        ]
        for one in self.feedback:
            if one.helpful:
                found.append(Evidence(one.at, CUSTOMER, frozenset({one.article} if one.article else matters)))
            else:
                doubts.append(one.at)
        if (rating := self.talk.rating) and (at := self.talk.rated_at):
            if rating >= GOOD_SCORE:
                found.append(Evidence(at, CUSTOMER, frozenset(matters)))
            elif rating <= BAD_SCORE:
                doubts.append(at)
        return found, doubts


def seconds(start: datetime.datetime, end: datetime.datetime | None) -> int | None:
    """Whole seconds between two moments."""
    return None if end is None else max(0, round((end - start).total_seconds()))


def plain_contact(contact: str) -> str:
    """A contact as it is compared: a mail address in small letters, a phone by its last ten digits."""
    return contact.strip().lower() if "@" in contact else digits(contact)[-10:] or contact.strip().lower()


def _by_person(line: Line) -> bool:
    return line.author == "agent" or line.payload.get("notice") == "taken"


def _outcomes(lines: Sequence[Line]) -> list[tuple[Line, str | None]]:
    """What each line of the customer's was about. An answer to a question of the assistant's that was not understood is about that."""
    found, asks = [], False
    for line in lines:
        if line.author != "customer":
            asks = bool(line.payload["asks"]) if "asks" in line.payload else asks
            continue
        understood = line.understood or {}
        intent = understood.get("intent")
        outcome = understood.get("article") or (f"do/{intent}" if intent else None)
        found.append((line, None if asks and outcome == NOT_UNDERSTOOD else outcome))
    return found
