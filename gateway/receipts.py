"""What the desk has to tell the customer of a support request: a letter to the contact that was given for it."""

from __future__ import annotations

import datetime

import phonenumbers
from sqlalchemy.ext.asyncio import AsyncSession

from desk.models import SupportRequest
from desk.request_log import Told
from gateway.outbox import put


def put_receipt(session: AsyncSession, request: SupportRequest, told: Told | None, now: datetime.datetime) -> None:
    """Adds the letter in the transaction of what it tells of; nothing where there is nothing to tell, or nowhere to send it.

    Wake the outbox after the commit.
    """
    reached = address_of(request.contact)
    if told is None or reached is None:
        return
    put(
        session,
        key=told.key,
        brand=request.brand,
        language=request.language,
        channel=reached[0],
        address=reached[1],
        letter=told.letter,
        values=told.values,
        now=now,
    )


def address_of(contact: str) -> tuple[str, str] | None:
    """The channel and address of a contact as people type it; None where it is neither a phone nor a mail address."""
    if "@" in contact:
        return "email", contact.strip()
    try:
        number = phonenumbers.parse(contact, "CA")
    except phonenumbers.NumberParseException:
        return None
    return "sms", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
