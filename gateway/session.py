"""A customer's session with a conversation: its token, new once identity is proved, and what it shows once the proof is over.

Why and how: docs/decisions/0013. A token is 192 random bits of which the hash is kept. Who planted the first one in a page, or saw it,
reads nothing that was said after the customer proved who they are.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.database import Sessions
from gateway.models import Conversation, Message, Proof
from gateway.proof import SMS, page_of
from gateway.sentences import Sentences

Proved = Callable[[AsyncSession, str, str], Awaitable[str | None]]  # by conversation and channel


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(24)


def hash_token(token: str) -> str:
    """What is stored of a token: 192 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def renewed_token(secret: str, conversation: str, message: int | None) -> str:
    """The token that follows the proof in a message: worked out again where the same message is answered again, stored nowhere."""
    found = hmac.new(secret.encode(), f"session {conversation} {message}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(found[:24]).decode()


async def renew(session: AsyncSession, conversation: Conversation, secret: str, message: int | None) -> str | None:
    """Gives the conversation a new token where its customer has proved something since the last; None where there is nothing new.

    On the web the old one is over at once. A program of the API, whom nobody can have given a planted token, keeps the old one until
    it uses the new one. `message`: in which the proof was given; None where it came with the session itself.
    """
    proof = await session.get(Proof, conversation.id)
    # What was proved by text is not shown on the page: its session is none the worse for it.
    if proof is None or proof.renewed or proof.channel == SMS:
        return None
    proof.renewed = True
    token = renewed_token(secret, conversation.id, message) if message else new_token()
    in_use = (
        conversation.former_token_hash or conversation.token_hash
    )  # one that was never used is not what the program has
    conversation.former_token_hash = in_use if page_of(conversation) == "api" else None
    conversation.token_hash, conversation.renewed_by = hash_token(token), message
    return token


async def conversation_of(session: AsyncSession, conversation: str, token: str) -> Conversation | None:
    """The conversation whose token this is; None for any other token, and for an unknown conversation."""
    if not (conversation + token).isprintable():  # no id of ours, and PostgreSQL takes no NUL
        return None
    found = await session.get(Conversation, conversation)
    given, nobody = hash_token(token), hash_token("nobody")
    now = hmac.compare_digest(found.token_hash if found else nobody, given)
    before = hmac.compare_digest((found and found.former_token_hash) or nobody, given)
    return found if found and (now or before) else None


async def enter(sessions: Sessions, conversation: str, authorization: str) -> Conversation | None:
    """The conversation that the header of a request opens, None where it opens none. The new token, once used, ends the old one."""
    scheme, _, token = authorization.partition(" ")
    async with sessions() as session:
        found = await conversation_of(session, conversation, token)
    if found is None or scheme.lower() != "bearer":
        return None
    if found.former_token_hash and hmac.compare_digest(found.token_hash, hash_token(token)):
        async with sessions.begin() as session:
            ended = update(Conversation).where(
                Conversation.id == conversation, Conversation.token_hash == found.token_hash
            )
            await session.execute(ended.values(former_token_hash=None))
    return found


async def shown(
    session: AsyncSession, proved: Proved, sentences: Sentences, conversation: Conversation, lines: Sequence[Message]
) -> list[Message]:
    """The lines as the customer may read them now: what was said under a proof that is over is not among them, only that it was said."""
    if not any(line.private for line in lines) or await proved(session, conversation.id, page_of(conversation)):
        return list(lines)
    return [withheld(line, sentences, conversation) if line.private else line for line in lines]


def withheld(line: Message, sentences: Sentences, conversation: Conversation) -> Message:
    """A line of which only stands that it was said, and why."""
    language = conversation.language or "fr"
    return Message(
        id=line.id,
        conversation=line.conversation,
        sequence=line.sequence,
        author=line.author,
        message_id=line.message_id,
        text=sentences.say("withheld_text" if conversation.home else "withheld", language),
        payload={},
        language=language,
        channel=line.channel,
        at=line.at,
    )
