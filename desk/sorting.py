"""Keeps the table `triage` up to date: after each turn of a conversation it is sorted anew, with the requests that it opened.

It runs once the turn is closed and answered, in a transaction of its own: whatever goes wrong here, no turn is lost by it.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import functools
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.feed import announce
from desk.message_facts import NOTHING, MessageFacts, local_day, read_message, together
from desk.models import SupportRequest, Triage
from desk.request_log import change_urgency
from desk.to_sort import Line, ToSort, read_to_sort
from desk.together import Together
from desk.triage import Facts, Rules, Sorting, sort
from gateway.models import Conversation, Proof
from knowledge import Brand, Shelf

log = logging.getLogger(__name__)

CHANGED = "triage"  # the kind of event that pages show
RECENT = datetime.timedelta(days=7)
CHARACTERS = 8000  # of a message that are read
AT_ONCE = 100  # conversations in one transaction
QUICKLY_READ = 600  # characters
REMEMBERED = 20_000  # messages: the last LINES of 500 conversations that go on at once
HOT = 3  # the customer's last messages whose wording counts: a mood passes
WANING = 0.7  # what a topic still weighs one message later


class Sessions(Protocol):
    """The gateway's: a transaction that writes, `brief` where it takes a few rows and waits for nothing."""

    def begin(self, *, brief: bool, name: str) -> AbstractAsyncContextManager[AsyncSession]: ...


class Sorter:
    """Sorts conversations. `sort_conversation` is what the gateway calls after a turn."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        rules: Rules,
        shelf: Shelf,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._rules = rules
        self._shelf = shelf
        self._now = now
        self._due: dict[str, None] = {}
        self._together = Together(self._sort_due)
        self._known: OrderedDict[tuple[int, int, str, datetime.date], MessageFacts] = OrderedDict()

    async def after_turn(self, conversation: str) -> None:
        """Sorts a conversation. Those whose turns end while others are sorted come next, all in one transaction."""
        self._due[conversation] = None
        await self._together()

    async def _sort_due(self) -> None:
        # Those that come meanwhile wait for the next run: this one must end.
        due, self._due = list(self._due), {}
        for first in range(0, len(due), AT_ONCE):
            some = due[first : first + AT_ONCE]
            try:
                await self._sort_together(some)
            except Exception:
                if len(due) == 1:
                    raise
                log.exception("%d conversations could not be sorted together", len(some))
                for conversation in some:  # one that breaks spoils it for no other
                    with contextlib.suppress(Exception):
                        await self._sort_together([conversation])

    async def _sort_together(self, conversations: Sequence[str]) -> None:
        async with self._sessions.begin(brief=True, name="sort") as session:
            await self._sort(session, conversations)

    async def sort_conversation(self, session: AsyncSession, conversation: str) -> Triage | None:
        """Writes the row of a conversation, and those of its open requests that nobody has taken. None before the first message."""
        return next(iter(await self._sort(session, [conversation])), None)

    async def _sort(self, session: AsyncSession, conversations: Sequence[str]) -> list[Triage]:
        found = []
        for one in await read_to_sort(session, conversations):
            brand = self._shelf.brands[one.talk.brand]
            read = await self._read(one.messages, one.talk.language or "fr", brand)
            facts = self._facts(one.talk, one.messages, read, one.proof, one.requests, brand)
            contacts = await self._contacts(session, one.talk, one.proof, one.requests)
            facts = Facts(**{**facts.__dict__, "contacts": contacts})
            sorting = sort(self._rules, facts)
            found.append(self._write(session, one, sorting, _known(read, facts)))
            for request in one.requests:
                self._sort_request(request, sorting, brand)
        return found

    async def _read(self, messages: Sequence[Line], language: str, brand: Brand) -> MessageFacts:
        """Identifiers of all that was said, wording of the last messages."""
        today = local_day(self._now(), brand)
        facts = [await self._facts_of(message, language, today, brand) for message in messages]
        return together(facts[:-HOT], facts[-HOT:])

    async def _facts_of(self, message: Line, language: str, today: datetime.date, brand: Brand) -> MessageFacts:
        """What one message holds; kept, as it is asked for at each turn that follows."""
        key = (message.id, hash(message.text), language, today)
        if key in self._known:
            self._known.move_to_end(key)
        else:
            read = functools.partial(
                read_message, self._rules, message.text[:CHARACTERS], language=language, today=today, brand=brand
            )
            # A long one takes a moment: beside the loop.
            found = await asyncio.to_thread(read) if len(message.text) > QUICKLY_READ else read()
            self._known[key] = NOTHING if found == NOTHING else found  # most hold nothing: one object for all of them
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._known[key]

    def _facts(
        self,
        talk: Conversation,
        messages: Sequence[Line],
        read: MessageFacts,
        proof: Proof | None,
        requests: Sequence[SupportRequest],
        brand: Brand,
    ) -> Facts:
        now = self._now()
        known = set(read.known)
        if proof:
            known |= {"account", "contact"}  # a code went to the contact on file
        if requests:
            known.add("contact")
            known |= {name for request in requests for name, value in request.details.items() if value}
        return Facts(
            today=local_day(now, brand),
            topics=topics_of(messages, self._rules.small_talk),
            signals=read.signals,
            words=read.counted,
            premier=talk.premier,
            waited=now - talk.queued_at if talk.handled_by == "queue" and talk.queued_at else datetime.timedelta(),
            due=read.due,
            overdue=any(request.due_at and request.due_at < now for request in requests),
            known=known,
            offered=brand.requests,
        )

    async def _contacts(
        self, session: AsyncSession, talk: Conversation, proof: Proof | None, requests: Sequence[SupportRequest]
    ) -> int:
        """Conversations of the same account, and requests of it or of the same contact, in seven days; this conversation counts as one."""
        since = self._now() - RECENT
        same: list[Any] = []
        found = 1
        if proof:
            found += (
                await session.scalar(
                    select(func.count())
                    .select_from(Proof)
                    .join(Conversation, Conversation.id == Proof.conversation)
                    .where(
                        Proof.account == proof.account,
                        Proof.conversation != talk.id,
                        Conversation.brand == talk.brand,
                        Conversation.active_at > since,
                    )
                )
                or 0
            )
            same.append(SupportRequest.account == proof.account)
        if contacts := {request.contact for request in requests if request.contact}:
            same.append(SupportRequest.contact.in_(contacts))
        if same:
            found += (
                await session.scalar(
                    select(func.count(func.distinct(SupportRequest.conversation))).where(
                        SupportRequest.brand == talk.brand,
                        SupportRequest.conversation != talk.id,
                        SupportRequest.created_at > since,
                        or_(*same),
                        # A conversation that proved the account is counted already.
                        SupportRequest.conversation.not_in(
                            select(Proof.conversation).where(Proof.account == (proof.account if proof else None))
                        ),
                    )
                )
                or 0
            )
        return found

    def _write(self, session: AsyncSession, one: ToSort, sorting: Sorting, known: Mapping[str, Any]) -> Triage:
        now, talk, row = self._now(), one.talk, one.row
        if row is None:
            row = Triage(conversation=talk.id)
            session.add(row)
        if (row.urgency, row.team) != (sorting.urgency, sorting.team):
            announce(session, CHANGED, talk.id, talk.brand, now)
        row.topic, row.category, row.team, row.urgency = sorting.topic, sorting.category, sorting.team, sorting.urgency
        row.reasons, row.missing, row.known, row.at = list(sorting.reasons), list(sorting.missing), dict(known), now
        return row

    def _sort_request(self, request: SupportRequest, sorting: Sorting, brand: Brand) -> None:
        """A request that a person has taken keeps what that person made of it."""
        if request.agent is not None:
            return
        topic = f"do/{request.kind}"
        category = self._rules.category_of.get(topic, request.category)
        if topic in self._rules.without_subject or category not in self._rules.categories:
            topic, category = sorting.topic or topic, sorting.category
        request.category = category
        request.team = (
            "level2"
            if "premier" in sorting.reasons
            else self._rules.team_of.get(topic, self._rules.categories[category]["team"])
        )
        change_urgency(request, sorting.urgency, brand)
        request.reasons = list(sorting.reasons)


def topics_of(messages: Sequence[Line], small_talk: frozenset[str]) -> tuple[tuple[str, float], ...]:
    """What the customer's messages were about, each outcome with its confidence; what was said longer ago weighs less."""
    found: dict[str, float] = {}
    weight = 1.0
    for message in reversed(messages):
        understood = message.understood or {}
        intent = understood.get("intent")
        outcome = understood.get("article") if intent == "ask_article" else f"do/{intent}" if intent else None
        if outcome and outcome not in small_talk:
            found[outcome] = max(found.get(outcome, 0.0), weight * float(understood.get("confidence") or 0.0))
            weight *= WANING
    return tuple(reversed(found.items()))


def _known(read: MessageFacts, facts: Facts) -> dict[str, Any]:
    """What agents see of it: the values by kind, and the day that the customer named as the last one."""
    known: dict[str, Any] = {kind: list(values) for kind, values in read.found.items()}
    if facts.due:
        known["due"] = facts.due.isoformat()
    return known
