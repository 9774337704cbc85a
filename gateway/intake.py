"""A message as it comes in: stored, then acknowledged, then its turn begins. What stands in the transcript is not lost any more."""

from __future__ import annotations

import asyncio
import dataclasses
import weakref
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import transcript, turn_rows
from gateway.admission import Admission
from gateway.database import Sessions
from gateway.masking import Masking
from gateway.message import Incoming, SessionOver
from gateway.models import Conversation, Message
from gateway.order import Order
from gateway.pins import Pins
from gateway.proof import SMS
from gateway.turn_rows import Recorded
from gateway.turns import Turns


@dataclasses.dataclass(frozen=True)
class Taken:
    """A message that was recorded, and the PIN that was taken out of it."""

    recorded: Recorded
    pin: str | None


class Intake:
    """`receive` is all that a channel needs; `record` and `recorded` are for one that has more to write in the same transaction."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        masking: Masking,
        pins: Pins,
        turns: Turns,
        order: Order,
        admission: Admission,
        tell: Callable[[Conversation, list[Message]], Awaitable[None]],
    ) -> None:
        self._sessions = sessions
        self._masking = masking
        self._pins = pins
        self._turns = turns
        self._order = order
        self._admission = admission
        self._tell = tell
        self._arrivals: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    def arrival(self, conversation: str) -> asyncio.Lock:
        """Held while something is written into a conversation from outside: a customer's messages keep their order."""
        return self._arrivals.setdefault(conversation, asyncio.Lock())

    async def receive(self, incoming: Incoming) -> Message:
        """Records a message and starts its turn. Returning is the acknowledgement. Raises SessionOver."""
        # One after the other: a database lets whom it likes go first.
        async with self.arrival(incoming.conversation):
            try:
                return await self._store(incoming)
            except IntegrityError:  # another gateway was faster with the same id
                return await self._store(incoming)

    async def _store(self, incoming: Incoming) -> Message:
        async with self._sessions.begin(first=True, brief=True, name="record") as session:
            taken = await self.record(session, incoming)
        await self.recorded(taken)
        return taken.recorded.message

    async def record(self, session: AsyncSession, incoming: Incoming) -> Taken:
        """Records a message in the caller's transaction; call `recorded` after the commit. Raises SessionOver and IntegrityError."""
        masked = await self._masking.mask(session, incoming)
        kept = dataclasses.replace(incoming, text=masked.text)
        # Nobody waits at a phone as at a page: the turn of a text is claimed when it begins.
        gateway = self._order.name if incoming.channel != SMS and self._order.sure() else None
        recorded = await turn_rows.record(session, kept, masked.payload, gateway=gateway)
        if incoming.held not in (None, recorded.conversation.token_hash):
            raise SessionOver
        return Taken(recorded, masked.pin)

    async def recorded(self, taken: Taken) -> None:
        """What follows once a message is committed: its listeners, and its turn."""
        talk, message = taken.recorded.conversation, taken.recorded.message
        if taken.recorded.new and taken.pin:
            await self._pins.keep(talk.id, taken.pin)
        if taken.recorded.new:
            await self._tell(talk, [message])
        if message.state == transcript.RECEIVED:
            by_text = message.channel == SMS
            if not by_text:
                self._admission.opened(message.id, talk.id)
            claimed = taken.recorded.first and not by_text and self._order.holds(talk)
            self._turns.start(talk.id, taken.recorded if claimed else None, patient=by_text)
