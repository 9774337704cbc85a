"""Everything that an agent must know when a conversation comes to them, so that the customer need not say it again."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.agent_models import Agent
from desk.models import Note, SupportRequest, Triage
from desk.requests import requests_of
from gateway.models import Conversation, Feedback, Message, Outgoing, SmsReceived

LINES_MOST = 400
SUGGESTED = 3
EARLIER_MOST = 10
NO_SUBJECT = ("out_of_scope",)


@dataclasses.dataclass(frozen=True)
class Entry:
    """A line of the transcript or a note, in the order of time. `note`: colleagues only."""

    at: datetime.datetime
    line: Message | None = None
    note: Note | None = None
    who: str = ""


@dataclasses.dataclass(frozen=True)
class Tried:
    """What the assistant understood and did about it: an outcome ("do/check_balance", "primus/pay-online") and how sure it was."""

    outcome: str
    confidence: float
    failed: bool


@dataclasses.dataclass(frozen=True)
class Dossier:
    """`tried`: oldest first, each outcome once. `candidates`: articles that may answer the last message, best first.

    `helped`: whether a reply (by its line's id) helped, where the customer said so. `texts`: the text messages that carried a line, by its
    id. `earlier`: other conversations by text with the same number, newest first.
    """

    talk: Conversation
    entries: list[Entry]
    triage: Triage | None
    requests: list[SupportRequest]
    holder: str
    tried: list[Tried]
    candidates: list[str]
    last_said: Message | None
    helped: dict[int, bool]
    texts: dict[int, list[Outgoing]]
    earlier: list[Conversation]


async def read(session: AsyncSession, talk: Conversation, account: str | None) -> Dossier:
    """The dossier of a conversation. `account`: the one that it has proved, at this moment."""
    lines = list(
        await session.scalars(
            select(Message).where(Message.conversation == talk.id).order_by(Message.sequence.desc()).limit(LINES_MOST)
        )
    )[::-1]
    notes = list(await session.scalars(select(Note).where(Note.conversation == talk.id).order_by(Note.id)))
    names = {one.id: one.name for one in await session.scalars(select(Agent))}
    entries = [Entry(line.at, line=line, who=names.get(line.payload.get("agent", 0), "")) for line in lines]
    entries += [Entry(note.at, note=note, who=names.get(note.agent, "")) for note in notes]
    said = [line for line in lines if line.author == "customer"]
    return Dossier(
        talk=talk,
        entries=sorted(entries, key=lambda entry: entry.at),  # stable: lines of one moment keep their order
        triage=await session.get(Triage, talk.id),
        requests=await requests_of(session, talk.brand, talk.id, account),
        holder=names.get(talk.agent, "") if talk.agent is not None else "",
        tried=_tried(said),
        candidates=_articles(said),
        last_said=said[-1] if said else None,
        helped={
            one.reply: one.helpful
            for one in await session.scalars(select(Feedback).where(Feedback.conversation == talk.id))
        },
        texts=await _texts(session, talk),
        earlier=await _earlier(session, talk),
    )


async def _texts(session: AsyncSession, talk: Conversation) -> dict[int, list[Outgoing]]:
    rows = await session.scalars(
        select(Outgoing)
        .join(Message, Message.id == Outgoing.message)
        .where(Message.conversation == talk.id)
        .order_by(Outgoing.id)
    )
    found: dict[int, list[Outgoing]] = {}
    for row in rows:
        found.setdefault(row.message or 0, []).append(row)
    return found


async def _earlier(session: AsyncSession, talk: Conversation) -> list[Conversation]:
    threads = select(SmsReceived.thread).where(SmsReceived.conversation == talk.id)
    others = select(SmsReceived.conversation).where(SmsReceived.thread.in_(threads))
    rows = await session.scalars(
        select(Conversation)
        .where(Conversation.id.in_(others), Conversation.id != talk.id)
        .order_by(Conversation.created_at.desc())
        .limit(EARLIER_MOST)
    )
    return list(rows)


def outcome_of(understood: dict[str, Any] | None) -> str | None:
    """What was understood, as one outcome: an article's id, "do/<request>"; None where nothing was."""
    if not understood or understood.get("intent") in (None, *NO_SUBJECT):
        return None
    return understood.get("article") or f"do/{understood['intent']}"


def _tried(said: list[Message]) -> list[Tried]:
    found: dict[str, Tried] = {}
    for line in said:
        outcome = outcome_of(line.understood)
        if outcome and line.understood:
            found[outcome] = Tried(outcome, float(line.understood.get("confidence") or 0), line.state == "failed")
    return list(found.values())


def _articles(said: list[Message]) -> list[str]:
    """From the newest message that anything was understood of: while an agent has the conversation the assistant is not asked."""
    for line in reversed(said):
        understood = line.understood or {}
        ids = [understood.get("article"), *(one.get("id") for one in understood.get("candidates") or ())]
        articles = [one for one in dict.fromkeys(ids) if one and not one.startswith("do/")]
        if articles:
            return articles[:SUGGESTED]
    return []
