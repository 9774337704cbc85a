"""A support request from a text that came outside a conversation: its conversation, how it is sorted, and what was found in the text."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from desk.models import Triage
from desk.request_log import Change
from desk.requests import open_request
from desk.triage_box import PLURALS
from gateway.models import Conversation, Message
from knowledge import Brand

CHANNEL = "desk"  # of a conversation that a request was opened from without one
OPEN = "open_request"
DRAFT = "draft"  # among the details: the answer that was prepared, until one goes out
CONTACTS = ("email", "phone")


@dataclasses.dataclass(frozen=True)
class Pasted:
    """A text with what the box made of it (`found`), and what was decided over it. `key` names it: one text opens one request."""

    key: str
    text: str
    language: str
    urgency: str
    outcome: str
    contact: str
    draft: str
    found: Mapping[str, Any]


async def open_from_text(
    session: AsyncSession, pasted: Pasted, *, brand: Brand, actor: str, now: datetime.datetime
) -> Change:
    """Opens the request, with a conversation that is searched and read like any other; once for a key."""
    found, kind = pasted.found, pasted.outcome.removeprefix("do/")
    talk = Conversation(
        id=f"desk-{pasted.key}"[:40],
        brand=brand.id,
        channel=CHANNEL,
        token_hash=hashlib.sha256(secrets.token_bytes(32)).hexdigest(),  # nobody has its token
        language=pasted.language,
        handled_by="assistant",
        last_sequence=1,
        created_at=now,
        active_at=now,
    )
    reasons = [reason["name"] for reason in found["reasons"]]
    if await session.get(Conversation, talk.id) is None:
        session.add(talk)
        await session.flush()
        said = Message(
            conversation=talk.id,
            sequence=1,
            author="customer",
            text=pasted.text,
            payload={},
            language=pasted.language,
            state="answered",
            at=now,
        )
        due = {"due": found["due"]} if found["due"] else {}
        sorting = Triage(
            conversation=talk.id,
            topic=pasted.outcome or None,
            category=found["category"],
            team=found["team"],
            urgency=pasted.urgency,
            reasons=reasons,
            known={kind: found["found"][plural] for kind, plural in PLURALS.items() if found["found"][plural]} | due,
            missing=[one["name"] for one in found["missing"]],
            at=now,
        )
        session.add_all([said, sorting])
    return await open_request(
        session,
        key=f"desk:{pasted.key}",
        conversation=talk.id,
        brand=brand,
        kind=kind if kind in brand.requests else OPEN,
        category=found["category"],
        language=pasted.language,
        description=pasted.text,
        contact=pasted.contact,
        details={
            "first_message": pasted.text,
            **_facts(found),
            **({DRAFT: pasted.draft} if pasted.draft else {}),
        },
        now=now,
        urgency=pasted.urgency,
        team=found["team"],
        reasons=reasons,
        actor=actor,
    )


def _facts(found: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the text beside how its writer is reached: a value, or several, by the names that requests use."""
    facts = {kind: found["found"][plural] for kind, plural in PLURALS.items() if kind not in CONTACTS}
    return {kind: values[0] if len(values) == 1 else values for kind, values in facts.items() if values}
