"""Links to documents: who may open what, until when. The address holds an opaque key and nothing else, so it stays short.

Anybody who has the address may open the document until the link ends; what it opens is kept here, in the transaction that audits it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.models import AccountRow
from billing.money_models import DocumentLinkRow

VALID_FOR = timedelta(minutes=30)
# After that the link is as unknown as one that never was; until then its page can say why it opens nothing.
_REMEMBERED_FOR = timedelta(days=7)
_KEY_BYTES = 16  # 128 bits: nobody guesses one in half an hour


@dataclass(frozen=True, slots=True)
class Document:
    """What a link opens: `kind` "bill" with the bill's number, or "calls" with none; `language` "fr" or "en"."""

    kind: str
    number: str
    language: str


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link that was given out, and whose it is. `expired`: it may no longer be used, but its language is known."""

    document: Document
    owner: AccountRow
    expired: bool


async def new_link(session: AsyncSession, owner: AccountRow, document: Document, *, now: datetime) -> DocumentLinkRow:
    """A new link to a document of the account. The account's links that ended long ago are forgotten."""
    await session.execute(
        delete(DocumentLinkRow).where(
            DocumentLinkRow.account_id == owner.id, DocumentLinkRow.expires_at <= now - _REMEMBERED_FOR
        )
    )
    row = DocumentLinkRow(
        account_id=owner.id,
        token=secrets.token_urlsafe(_KEY_BYTES),
        kind=document.kind,
        number=document.number,
        language=document.language,
        expires_at=now + VALID_FOR,
    )
    session.add(row)
    return row


async def open_link(session: AsyncSession, token: str, *, now: datetime) -> OpenedLink | None:
    """What the link opens at this moment; None for one that was not given out, or that ended long ago."""
    found = await session.execute(
        select(DocumentLinkRow, AccountRow)
        .join(AccountRow, DocumentLinkRow.account_id == AccountRow.id)
        .where(DocumentLinkRow.token == token, DocumentLinkRow.expires_at > now - _REMEMBERED_FOR)
    )
    row = found.one_or_none()
    if row is None:
        return None
    link, owner = row
    return OpenedLink(Document(link.kind, link.number, link.language), owner, expired=link.expires_at <= now)
