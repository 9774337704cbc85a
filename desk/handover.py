"""A conversation between the assistant and people: take, answer, note, hand back, resolve, snooze, transfer.

Each function makes its whole change in the caller's transaction, the row of the conversation locked: of two agents who take it at
once, one gets it, and the other is told who has it.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Protocol

import yaml
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.agent_models import Agent
from desk.agents import AGENT, audit
from desk.feed import CHANGED, WAITING, announce
from desk.models import Note
from desk.queue import join_queue
from formats import clock, weekday
from gateway.models import Conversation, Message
from knowledge import Brand

WORDS: dict[str, dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "handover.yml").read_text(encoding="utf-8")
)
OFFERED = "open_request"
REPEAT_WITHIN = datetime.timedelta(minutes=1)
SNOOZE_MOST = datetime.timedelta(days=14)


class Change(Protocol):
    """A transaction on one conversation, and a way to say lines in it (`gateway/desk_change.py`)."""

    session: AsyncSession
    talk: Conversation
    now: datetime.datetime

    @property
    def language(self) -> str: ...

    async def say(
        self,
        author: str,
        text: str,
        *,
        message_id: str | None = None,
        buttons: tuple[dict[str, str], ...] = (),
        **more: Any,
    ) -> Message | None: ...


class HeldBy(Exception):
    """Somebody else has the conversation; `name` is theirs."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NotHeld(Exception):
    """Nobody has the conversation, so it cannot be given on."""


async def take(change: Change, agent: Agent, brand: Brand, *, from_colleague: bool = False) -> bool:
    """The conversation is this agent's; whether that is new. `from_colleague`: a lead takes it from who has it. Raises HeldBy."""
    talk = change.talk
    if talk.handled_by == "agent" and talk.agent == agent.id:
        return False
    if talk.handled_by == "agent" and not (from_colleague and agent.role != AGENT):
        raise HeldBy(await holder_name(change.session, talk))
    talk.handled_by, talk.agent, talk.taken_at = "agent", agent.id, change.now
    talk.snoozed_until = talk.resolved_at = talk.resolved_by = None
    await _tell(change, agent, "taken", "agent", department=brand.department[change.language])
    _log(change, agent, "took")
    return True


async def answer(
    change: Change, agent: Agent, brand: Brand, text: str, form_id: str, article: str | None = None
) -> bool:
    """Says `text` to the customer; whether it was new. A conversation that nobody has is taken with it. Raises HeldBy.

    `form_id`: made by the agent's page; the same form sent twice is said once. `article`: the one that it was made from.
    """
    await take(change, agent, brand)
    said = await change.say("agent", text, message_id=f"desk:{form_id}", agent=agent.id, suggested=article)
    if said is None:
        return False
    change.talk.agent_answered_at = change.talk.agent_answered_at or change.now
    change.talk.snoozed_until = None
    _log(change, agent, "answered", line=said.id, **({"article": article} if article else {}))
    return True


async def note(change: Change, agent: Agent, text: str) -> bool:
    """Writes for colleagues only; whether it is new (the same words again within a minute are the same note)."""
    known = await change.session.scalar(
        select(Note.id).where(
            Note.conversation == change.talk.id,
            Note.agent == agent.id,
            Note.text == text,
            Note.at > change.now - REPEAT_WITHIN,
        )
    )
    if known is not None:
        return False
    change.session.add(Note(conversation=change.talk.id, agent=agent.id, text=text, at=change.now))
    _log(change, agent, "noted")
    return True


async def hand_back(change: Change, agent: Agent) -> None:
    """The assistant answers again. Raises HeldBy, NotHeld."""
    await _held(change, agent)
    _leave(change.talk)
    await _tell(change, agent, "handed_back", "assistant")
    _log(change, agent, "handed_back")


async def resolve(change: Change, agent: Agent) -> None:
    """The matter is settled, by the agent's word; the assistant answers what comes next. Raises HeldBy, NotHeld."""
    await _held(change, agent)
    _leave(change.talk)
    change.talk.resolved_at, change.talk.resolved_by = change.now, "agent"
    await _tell(change, agent, "resolved", "assistant")
    _log(change, agent, "resolved")


async def snooze(change: Change, agent: Agent, until: datetime.datetime) -> None:
    """Out of the agent's way until a moment, or until the customer writes. Raises HeldBy, NotHeld, ValueError."""
    await _held(change, agent)
    if not change.now < until <= change.now + SNOOZE_MOST:
        raise ValueError("snoozed until a moment that is past, or too far away")
    change.talk.snoozed_until = until
    _log(change, agent, "snoozed", until=until.isoformat())


async def transfer(change: Change, agent: Agent, team: str, names: dict[str, str]) -> None:
    """Back to the queue, for a team (its `names` in both languages), at the place that it had. Raises HeldBy, NotHeld."""
    await _held(change, agent)
    talk = change.talk
    queued_at = talk.queued_at or change.now
    _leave(talk)
    talk.handled_by, talk.queued_at, talk.team = "queue", queued_at, team
    await _tell(change, agent, "transferred", "assistant", team=names[change.language])
    _log(change, agent, "transferred", team=team)
    announce(change.session, WAITING, talk.id, talk.brand, change.now)


async def leave(change: Change, brand: Brand) -> None:
    """Back to the queue, as its agent has gone and its customer waits; the customer is told, and may open a request instead."""
    talk = change.talk
    gone = await change.session.get_one(Agent, talk.agent)
    _leave(talk)
    place = await join_queue(change.session, talk.id, brand, change.now)
    opens = place.opens_at
    when = {"day": weekday(opens, change.language), "time": clock(opens.time(), change.language)}
    text = WORDS["left" if place.open else "left_closed"][change.language]
    text = text.format(name=first_name(gone), place=place.place, **when)
    await change.say("assistant", text, buttons=offer_of_request(brand, change.language), notice="left", agent=gone.id)
    audit(change.session, gone.id, "left", f"conversation:{talk.id}", change.now)
    announce(change.session, WAITING, talk.id, talk.brand, change.now)


def offer_of_request(brand: Brand, language: str) -> tuple[dict[str, str], ...]:
    """The choice to open a request instead of waiting, where the brand takes requests."""
    words = (("title", "open_request"), ("reply", "open_request_said"))
    button = {name: WORDS[word][language] for name, word in words}
    return (button,) if OFFERED in brand.requests else ()


async def holder_name(session: AsyncSession, talk: Conversation) -> str:
    """The name of who has the conversation, "" where nobody has."""
    holder = await session.get(Agent, talk.agent) if talk.agent is not None else None
    return holder.name if holder else ""


def first_name(agent: Agent) -> str:
    """What customers read: people at the desk are known by their first name."""
    return agent.name.split()[0]


async def _held(change: Change, agent: Agent) -> None:
    if change.talk.handled_by != "agent":
        raise NotHeld
    if change.talk.agent != agent.id:
        raise HeldBy(await holder_name(change.session, change.talk))


def _leave(talk: Conversation) -> None:
    talk.handled_by, talk.agent, talk.taken_at, talk.queued_at = "assistant", None, None, None
    talk.snoozed_until = talk.team = None


async def _tell(change: Change, agent: Agent, name: str, author: str, **values: str) -> None:
    text = WORDS[name][change.language].format(name=first_name(agent), **values)
    await change.say(author, text, notice=name, agent=agent.id)


def _log(change: Change, agent: Agent, what: str, **details: Any) -> None:
    audit(change.session, agent.id, what, f"conversation:{change.talk.id}", change.now, **details)
    announce(change.session, CHANGED, change.talk.id, change.talk.brand, change.now)
