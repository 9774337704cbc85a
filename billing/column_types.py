"""Column types: what the rules speak of (money, moments) as the databases keep it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from billing.money import CAD


class Cents(TypeDecorator[CAD]):
    """CAD kept as whole cents, so that no database ever rounds it."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: CAD | None, dialect: Dialect) -> int | None:
        return None if value is None else value.cents

    def process_result_value(self, value: int | None, dialect: Dialect) -> CAD | None:
        return None if value is None else CAD.of_cents(value)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC: SQLite forgets the zone, so it is put back on reading. Refuses naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
