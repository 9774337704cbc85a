"""Keeps the table `triage` up to date: after each turn of a conversation it is sorted anew, with the requests that it opened.

It runs once the turn is closed and answered, in a transaction of its own: whatever goes wrong here, no turn is lost by it.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desk.feed import announce
from desk.message_facts import MessageFacts, local_day, read_message
from desk.models import SupportRequest, Triage
from desk.request_log import change_urgency
from desk.request_states import LIVE
from desk.triage import Facts, Rules, Sorting, sort
from gateway.models import Conversation, Message, Proof
from knowledge import Brand, Shelf

CHANGED = "triage"  # the kind of event that pages show
RECENT = datetime.timedelta(days=7)
LINES, CHARACTERS = 40, 8000  # of a conversation that are read: what was said before is settled or said again
HOT = 3  # the customer's last messages whose wording counts: a mood passes
WANING = 0.7  # what a topic still weighs one message later


class Sorter:
    """Sorts conversations. `sort_conversation` is what the gateway calls after a turn."""

    def __init__(
        self,
        *,
        sessions: async_sessionmaker[AsyncSession],
        rules: Rules,
        shelf: Shelf,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._rules = rules
        self._shelf = shelf
        self._now = now

    async def after_turn(self, conversation: str) -> None:
        """Sorts a conversation in a transaction of its own."""
        async with self._sessions.begin() as session:
            await self.sort_conversation(session, conversation)

    async def sort_conversation(self, session: AsyncSession, conversation: str) -> Triage | None:
        """Writes the row of a conversation, and those of its open requests that nobody has taken. None before the first message."""
        talk = await session.get_one(Conversation, conversation)
        brand = self._shelf.brands[talk.brand]
        messages = await _said(session, conversation)
        if not messages:
            return None
        requests = list(
            await session.scalars(
                select(SupportRequest).where(
                    SupportRequest.conversation == conversation, SupportRequest.state.in_(LIVE)
                )
            )
        )
        proof = await session.get(Proof, conversation)
        texts = [message.text for message in messages]
        read = await asyncio.to_thread(self._read, texts, talk.language or "fr", brand)
        facts = self._facts(talk, messages, read, proof, requests, brand)
        facts = Facts(**{**facts.__dict__, "contacts": await self._contacts(session, talk, proof, requests)})
        sorting = sort(self._rules, facts)
        row = await self._write(session, talk, sorting, _known(read, facts))
        for request in requests:
            self._sort_request(request, sorting, brand)
        return row

    def _read(self, texts: Sequence[str], language: str, brand: Brand) -> MessageFacts:
        """Identifiers of all that was said, wording of the last messages; beside the loop, as long messages take a moment."""
        return read_message(
            self._rules,
            "\n".join(texts[-HOT:]),
            identifiers="\n".join(texts)[-CHARACTERS:],
            language=language,
            today=local_day(self._now(), brand),
            brand=brand,
        )

    def _facts(
        self,
        talk: Conversation,
        messages: Sequence[Message],
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
            words=read.words,
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

    async def _write(
        self, session: AsyncSession, talk: Conversation, sorting: Sorting, known: Mapping[str, Any]
    ) -> Triage:
        now = self._now()
        row = await session.get(Triage, talk.id)
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
        request.team = (
            "level2"
            if "premier" in sorting.reasons
            else self._rules.team_of.get(topic, self._rules.categories[category]["team"])
        )
        change_urgency(request, sorting.urgency, brand)
        request.reasons = list(sorting.reasons)


def topics_of(messages: Sequence[Message], small_talk: frozenset[str]) -> tuple[tuple[str, float], ...]:
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


async def _said(session: AsyncSession, conversation: str) -> list[Message]:
    """The customer's last lines, oldest first."""
    rows = await session.scalars(
        select(Message)
        .where(Message.conversation == conversation, Message.author == "customer")
        .order_by(Message.sequence.desc())
        .limit(LINES)
    )
    return list(reversed(list(rows)))


def _known(read: MessageFacts, facts: Facts) -> dict[str, Any]:
    """What agents see of it: the values by kind, and the day that the customer named as the last one."""
    known: dict[str, Any] = {kind: list(values) for kind, values in read.found.items()}
    if facts.due:
        known["due"] = facts.due.isoformat()
    return known
