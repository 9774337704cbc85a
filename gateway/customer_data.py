"""All that the gateway and the desk hold of a customer: read out, or erased.

The tables are found by their foreign keys, so a new one counts. Kept: rows of the desk's log, which name conversations and requests by
number only, but for words that an agent searched for.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, delete, false, select
from sqlalchemy.ext.asyncio import AsyncSession

# Every table must be known, also where a command runs alone: one that is not known would be left, or hold up an erasure.
from desk import knowledge_models as _knowledge_models  # noqa: F401
from desk import record_models as _record_models  # noqa: F401
from desk.agent_models import DeskAudit
from desk.models import FeedEvent
from desk.requests import digits, same_contact
from desk.search import forget
from gateway.models import Base, CodeFailure, Outgoing, SmsChoice
from gateway.sms_numbers import as_number
from gateway.subject import PIECE, Subject, pieces

# No customer's data, or found in another way below.
OTHERWISE = {
    "outgoing": "by address, by code and by request",
    "code_failure": "by account",
    "feed_event": "by conversation and request; ten minutes old at most",
    "desk_audit": "kept: numbers only; searched words are taken out",
    "sms_choice": "by number; kept, as who wants no texts must get none (CASL)",
}
NOBODYS = {
    "agent": "people of the company",
    "agent_session": "people of the company",
    "agent_link": "people of the company",
    "sign_in_failure": "people of the company",
    "canned_answer": "texts for everybody",
    "record_mark": "how far the figures are made",
    "gateway": "which processes run",
    "knowledge_article": "texts for everybody",
    "knowledge_version": "texts for everybody",
    "question_group": "how many asked alike; the words stand in their lines",
}
ROOTS = {"conversation", "support_request"}
SECRETS = {"token_hash", "former_token_hash", "code_hash", "stored", "key"}  # no data of the customer's: keys of ours
ERASED = "[…]"


@dataclasses.dataclass(frozen=True)
class Erased:
    """What is gone, by table; the attachments' files, to be removed once the transaction is through."""

    rows: dict[str, int]
    files: list[str]


async def read_out(session: AsyncSession, subject: Subject) -> dict[str, Any]:
    """All rows of the customer by table, as JSON has them; how each conversation was found."""
    result: dict[str, Any] = {"found": {name: sorted(why) for name, why in sorted(subject.conversations.items())}}
    found = await _found(session, subject)
    for name, rows in found.items():
        result[name] = [{key: _plain(value) for key, value in row.items() if key not in SECRETS} for row in rows]
    others: dict[str, Sequence[Base]] = {
        "outgoing": await _letters(session, subject, found),
        "code_failure": await _failures(session, subject),
        "sms_choice": await _choices(session, subject),
    }
    for name, kept in others.items():
        columns = [column.name for column in Base.metadata.tables[name].columns if column.name not in SECRETS]
        if kept:
            result[name] = [{column: _plain(getattr(row, column)) for column in columns} for row in kept]
    return result


async def erase(session: AsyncSession, subject: Subject) -> Erased:
    """Removes all of it in the caller's transaction."""
    found = await _found(session, subject)
    letters, failures = await _letters(session, subject, found), await _failures(session, subject)
    files = [str(row["stored"]) for row in found.get("attachment", [])]
    numbers = [str(row["number"]) for row in found.get("support_request", [])]
    for kind in ("message", "note", "support_request"):
        await forget(session, kind, [int(row["id"]) for row in found.get(kind, [])])
    for row in (*letters, *failures):
        await session.delete(row)
    for piece in pieces([*subject.conversations, *numbers]):
        await session.execute(delete(FeedEvent).where(FeedEvent.subject.in_(piece)))
    await _clear_searches(session, subject)
    await session.flush()
    gone = {"outgoing": len(letters), "code_failure": len(failures)}
    for table in reversed(Base.metadata.sorted_tables):
        for known in found.get(table.name, []) if table.name != "outgoing" else []:
            own = [column == known[column.name] for column in table.primary_key.columns]
            await session.execute(delete(table).where(*own))
        gone[table.name] = gone.get(table.name, 0) or len(found.get(table.name, []))
    return Erased({name: count for name, count in gone.items() if count}, files)


def covered(table: Table) -> bool:
    """Whether a table is looked at: by its foreign keys, or by what is said above."""
    if table.name in ROOTS or table.name in OTHERWISE or table.name in NOBODYS:
        return True
    targets = [key.column.table for column in table.columns for key in column.foreign_keys]
    return any(covered(target) for target in targets if target.name not in NOBODYS and target is not table)


async def _found(session: AsyncSession, subject: Subject) -> dict[str, list[RowMapping]]:
    """The customer's rows by table: conversations, requests, and whatever names one of them, or names what does."""
    found: dict[str, list[RowMapping]] = {}
    for table in Base.metadata.sorted_tables:
        conditions: list[ColumnElement[bool]] = []
        if table.name == "conversation":
            conditions = [table.columns["id"].in_(piece) for piece in pieces(subject.conversations)]
        elif table.name == "support_request":
            conditions = [table.columns["id"].in_(piece) for piece in _pieces(subject.requests)]
        for column in table.columns:
            for key in column.foreign_keys:
                named = {row[key.column.name] for row in found.get(key.column.table.name, [])}
                conditions += [column.in_(piece) for piece in _pieces(named)]
        if table.name == "phone_code":  # also where somebody else named the customer's phone
            phones = [as_number(digits(address)) for address in subject.addresses if "@" not in address]
            conditions.append(table.columns["phone"].in_(phones))
        keys = [column.name for column in table.primary_key.columns]
        rows: dict[tuple[Any, ...], RowMapping] = {}
        for condition in conditions:
            for row in (await session.execute(select(table).where(condition))).mappings():
                rows[tuple(row[key] for key in keys)] = row
        if rows:
            found[table.name] = [rows[key] for key in sorted(rows)]
    return found


async def _letters(session: AsyncSession, subject: Subject, found: dict[str, list[RowMapping]]) -> list[Outgoing]:
    """Letters to the customer's addresses, with their codes, about their requests, or with their lines."""
    numbers = {row["number"] for row in found.get("support_request", [])}
    codes = {f"code:{row['id']}" for row in found.get("code", [])}
    codes |= {f"phone-code:{row['id']}" for row in found.get("phone_code", [])}
    own = {row["id"] for row in found.get("outgoing", [])}
    return [
        row
        for row in await session.scalars(select(Outgoing).order_by(Outgoing.id))
        if row.id in own
        or row.key in codes
        or row.values.get("number") in numbers
        or row.values.get("conversation") in subject.conversations
        or any(same_contact(row.address, address) for address in subject.addresses)
    ]


async def _choices(session: AsyncSession, subject: Subject) -> list[SmsChoice]:
    """That a number wants no texts, or wants them again."""
    every = await session.scalars(select(SmsChoice).order_by(SmsChoice.id))
    return [row for row in every if any(same_contact(row.customer, address) for address in subject.addresses)]


async def _failures(session: AsyncSession, subject: Subject) -> list[CodeFailure]:
    mine = CodeFailure.account.in_(subject.accounts) if subject.accounts else false()
    return list(await session.scalars(select(CodeFailure).where(mine)))


async def _clear_searches(session: AsyncSession, subject: Subject) -> None:
    """What agents searched for stands in the log: the customer's values are taken out, the row stays."""
    values = {value.lower() for value in (*subject.addresses, *subject.accounts)}
    numbers = {digits(value)[-10:] for value in values if "@" not in value and len(digits(value)) >= 7}
    for row in await session.scalars(select(DeskAudit).where(DeskAudit.what == "searched")):
        query = str(row.details.get("query", "")).lower()
        if any(value in query for value in values) or any(number in digits(query) for number in numbers):
            row.details = {**row.details, "query": ERASED}


def _pieces(values: Iterable[Any]) -> list[list[Any]]:
    every = sorted(values)
    return [every[first : first + PIECE] for first in range(0, len(every), PIECE)]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.datetime) else value
