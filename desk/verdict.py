"""What customers say of how they were served: a rating of the conversation, and whether a reply helped.

The latest word counts, and the same word again changes nothing. An answer that did not help is followed by the offer of a person.
"""

from __future__ import annotations

from desk.feed import CHANGED, announce
from desk.handover import WORDS, Change
from gateway.models import Feedback, Message
from knowledge import Brand

NOTICE = "not_helped"
WAYS_ON = ("talk_to_agent", "open_request")  # requests; each a button, where the brand offers it


async def rate(change: Change, score: int, comment: str | None) -> None:
    """The customer's rating, with a comment that holds nothing that may not be kept."""
    talk = change.talk
    if (talk.rating, talk.rating_text) == (score, comment):
        return
    talk.rating, talk.rating_text, talk.rated_at = score, comment, change.now
    announce(change.session, CHANGED, talk.id, talk.brand, change.now)


async def helped(change: Change, brand: Brand, reply: int, helpful: bool) -> bool:
    """Whether a reply of the assistant helped. False where the conversation has no such reply."""
    session, talk = change.session, change.talk
    line = await session.get(Message, reply)
    if line is None or line.conversation != talk.id or line.author != "assistant":
        return False
    known = await session.get(Feedback, reply)
    if known and known.helpful == helpful:
        return True
    if known is None:
        known = Feedback(reply=reply, conversation=talk.id, article=line.payload.get("article"))
        session.add(known)
    known.helpful, known.at = helpful, change.now
    announce(session, CHANGED, talk.id, talk.brand, change.now)
    if not helpful and talk.handled_by == "assistant":
        await _offer(change, brand, line)
    return True


async def _offer(change: Change, brand: Brand, line: Message) -> None:
    """The ways on, once for a reply."""
    ways = [name for name in WAYS_ON if name in brand.requests]
    words = {name: WORDS[name][change.language] for name in WORDS}
    await change.say(
        "assistant",
        words[NOTICE if "open_request" in ways else "not_helped_person"],
        message_id=f"desk:not-helped:{line.id}",
        buttons=tuple({"title": words[name], "reply": words[f"{name}_said"]} for name in ways),
        notice=NOTICE,
    )
