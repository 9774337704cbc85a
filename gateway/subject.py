"""Whose data is asked for: the conversations and requests of a customer, found by account, by contact or by conversation.

An account was proved in a conversation, or located (its number and postal code were right); a contact was given for a request, or written.
How each was found is told, as not all of it proves that the customer wrote it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from desk.models import SupportRequest
from desk.record_models import TalkRecord
from desk.requests import digits, same_contact
from gateway.models import Code, Conversation, Message, Outgoing, Proof, SmsReceived, SmsThread
from gateway.outbox import CODE

PIECE = 500  # values in one condition


@dataclasses.dataclass(frozen=True)
class Asked:
    """Who is asked for: an account of a brand, a contact (of one brand, or of all where it is None), or one conversation."""

    brand: str | None = None
    account: str | None = None
    contact: str | None = None
    conversation: str | None = None


@dataclasses.dataclass
class Subject:
    """What is the customer's: conversations with how each was found, requests by id, and the addresses that letters went to."""

    conversations: dict[str, set[str]] = dataclasses.field(default_factory=dict)
    requests: set[int] = dataclasses.field(default_factory=set)
    addresses: set[str] = dataclasses.field(default_factory=set)
    accounts: set[str] = dataclasses.field(default_factory=set)

    def add(self, conversations: Iterable[str], because: str) -> None:
        """Conversations, and how they were found."""
        for conversation in conversations:
            self.conversations.setdefault(conversation, set()).add(because)


async def find_subject(session: AsyncSession, asked: Asked) -> Subject:
    """All that is the customer's; empty where nothing is."""
    subject = Subject()
    if asked.conversation:
        known = select(Conversation.id).where(Conversation.id == asked.conversation)
        subject.add(await session.scalars(known), "named")
    if asked.account:
        await _by_account(session, subject, asked.brand, asked.account)
    if asked.contact:
        await _by_contact(session, subject, asked.brand, asked.contact)
    for piece in pieces(subject.conversations):
        theirs = select(SupportRequest).where(SupportRequest.conversation.in_(piece))
        for request in await session.scalars(theirs):
            subject.requests.add(request.id)
            subject.addresses.add(request.contact)
        threads = select(SmsThread.customer).where(SmsThread.conversation.in_(piece))
        subject.addresses |= set(await session.scalars(threads))
    return subject


async def _by_account(session: AsyncSession, subject: Subject, brand: str | None, account: str) -> None:
    subject.accounts.add(account)

    async def add(rows: Iterable[str], because: str) -> None:
        subject.add(rows, because)

    proved = select(Proof.conversation).join(Conversation, Conversation.id == Proof.conversation)
    await add(await session.scalars(proved.where(Proof.account == account, Conversation.brand == brand)), "proved")
    record = select(TalkRecord.conversation).where(TalkRecord.brand == brand, TalkRecord.account == account)
    await add(await session.scalars(record), "proved")
    located = list(await session.scalars(select(Code).where(Code.brand == brand, Code.account == account)))
    await add([code.conversation for code in located], "located")
    for piece in pieces([f"code:{code.id}" for code in located]):
        sent = select(Outgoing.address).where(Outgoing.key.in_(piece), Outgoing.letter == CODE)
        subject.addresses |= set(await session.scalars(sent))
    requests = select(SupportRequest).where(SupportRequest.brand == brand, SupportRequest.account == account)
    for request in await session.scalars(requests):
        subject.requests.add(request.id)
        subject.addresses.add(request.contact)
        subject.add([request.conversation], "request")
    await _written(session, subject, brand, account)


async def _by_contact(session: AsyncSession, subject: Subject, brand: str | None, contact: str) -> None:
    subject.addresses.add(contact)
    narrow = [SupportRequest.brand == brand] if brand else []
    key = SupportRequest.contact
    # Few by their last characters; then by the rule itself.
    near = or_(func.lower(key) == contact.strip().lower(), key.like(f"%{digits(contact)[-4:]}%"))
    for request in await session.scalars(select(SupportRequest).where(near, *narrow)):
        if same_contact(request.contact, contact):
            subject.requests.add(request.id)
            subject.addresses.add(request.contact)
            subject.add([request.conversation], "request")
    for thread in await session.scalars(select(SmsThread).where(*([SmsThread.brand == brand] if brand else []))):
        if same_contact(thread.customer, contact):
            texts = select(SmsReceived.conversation).where(SmsReceived.thread == thread.id)
            found = {thread.conversation, *(await session.scalars(texts))}
            subject.add([one for one in found if one], "text messages")
    await _written(session, subject, brand, contact)


async def _written(session: AsyncSession, subject: Subject, brand: str | None, value: str) -> None:
    """The conversations in which a customer wrote the value: a mail address in any case, a number with anything between its digits."""
    wanted = value.strip().lower() if "@" in value else digits(value)[-10:]
    if len(wanted) < 7:
        return
    query = select(Message.conversation, Message.text).join(Conversation, Conversation.id == Message.conversation)
    query = query.where(Message.author == "customer")
    if brand:
        query = query.where(Conversation.brand == brand)
    query = query.where(
        func.lower(Message.text).contains(wanted, autoescape=True) if "@" in value else Message.text.like("%_%")
    )
    async for conversation, text in await session.stream(query.execution_options(yield_per=1000)):
        if wanted in (text.lower() if "@" in value else digits(text)):
            subject.add([conversation], "written")


def pieces(values: Iterable[str]) -> list[list[str]]:
    """The values in lists short enough for one condition."""
    every = sorted(values)
    return [every[first : first + PIECE] for first in range(0, len(every), PIECE)]
