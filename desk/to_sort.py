"""What the triage reads of conversations, for many at once: as many statements for forty of them as for one, each built once."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.models import SupportRequest, Triage
from desk.request_states import LIVE
from gateway.models import Conversation, Message, Proof

LINES = 40  # of a conversation's customer that are read: what was said before is settled or said again
WITHIN = 3 * LINES  # the last lines of the transcript among which they are looked for


class Line(Protocol):
    """What is read of a customer's line."""

    @property
    def id(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def understood(self) -> dict[str, Any] | None: ...


@dataclasses.dataclass(frozen=True)
class ToSort:
    """A conversation: its row of the triage, if it has one, its customer's last lines, oldest first, its live requests, its proof."""

    talk: Conversation
    row: Triage | None
    messages: Sequence[Line]
    requests: Sequence[SupportRequest]
    proof: Proof | None


_TALKS: BindParameter[str] = bindparam("talks", expanding=True)
_ROWS = (
    select(Conversation, Triage)
    .outerjoin(Triage, Triage.conversation == Conversation.id)
    .where(Conversation.id.in_(_TALKS))
)
_SAID = (
    select(Message.conversation, Message.id, Message.text, Message.understood)
    .join(Conversation, Conversation.id == Message.conversation)
    .where(
        Conversation.id.in_(_TALKS),
        Message.sequence > Conversation.last_sequence - WITHIN,
        Message.author == "customer",
    )
    .order_by(Message.conversation, Message.sequence)
)
_REQUESTS = select(SupportRequest).where(SupportRequest.conversation.in_(_TALKS), SupportRequest.state.in_(LIVE))
_PROOFS = select(Proof).where(Proof.conversation.in_(_TALKS))


async def read_to_sort(session: AsyncSession, conversations: Sequence[str]) -> list[ToSort]:
    """Of these conversations, those in which their customer has said something."""
    asked = {"talks": conversations}
    rows = (await session.execute(_ROWS, asked)).all()
    said: dict[str, list[Line]] = defaultdict(list)
    for line in (await session.execute(_SAID, asked)).all():
        said[line.conversation].append(line)
    requests: dict[str, list[SupportRequest]] = defaultdict(list)
    for request in await session.scalars(_REQUESTS, asked):
        requests[request.conversation].append(request)
    proved = [talk.id for talk, _ in rows if talk.proved]
    proofs = list(await session.scalars(_PROOFS, {"talks": proved})) if proved else []
    proof = {one.conversation: one for one in proofs}
    return [
        ToSort(talk, row, said[talk.id][-LINES:], requests[talk.id], proof.get(talk.id))
        for talk, row in rows
        if said[talk.id]
    ]
