"""Many customers for billing, made in bulk by the database itself: a year of bills, their lines, and payments.

Month by month, as time brings them: the rows of one account lie far apart, as they do after a real year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Date,
    String,
    Table,
    case,
    cast,
    create_engine,
    event,
    func,
    insert,
    literal,
    make_url,
    select,
)
from sqlalchemy.engine import Engine

from billing.models import AccountRow, AccountUserRow, BillLineRow, BillRow, PaymentRow

TABLES = [row.__table__ for row in (AccountRow, AccountUserRow, BillRow, BillLineRow, PaymentRow)]
BRANDS = ("primus", "wrs", "pitney-bowes")
MONTHS = 12
# The last line takes what the others leave of the total.
LINES = (("gst", "tax", 300), ("modem", "service", 1000), ("internet", "service", None))
_FIRST_NUMBER = 1_000_000_000
_EXTRA = {"network": "bell", "plan": "internet-50", "customer_since": "2019-05-01"}


def account_number(number: int) -> str:
    """The account number of a row of the table of accounts; its brand is `BRANDS[number % 3]`."""
    return str(_FIRST_NUMBER + number)


def fill(url: str, accounts: int) -> int:
    """Fills a migrated, empty database; how many rows it has then."""
    engine = _bulk_engine(url)
    try:
        with engine.begin() as connection:
            _accounts(connection, accounts)
        for month in range(MONTHS):
            with engine.begin() as connection:
                _month(connection, accounts, month)
        if engine.dialect.name == "postgresql":  # as its own cleaner does, in time
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        with engine.connect() as connection:
            counts = (select(func.count()).select_from(table) for table in TABLES)
            return sum(connection.scalar(count) or 0 for count in counts)
    finally:
        engine.dispose()


def _bulk_engine(url: str) -> Engine:
    """Of the blocking kind. A SQLite file gives up its safety while it is filled."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed)
    engine = create_engine(parsed.set(drivername="sqlite"))

    @event.listens_for(engine, "connect")
    def hurry(connection: Any, _record: Any) -> None:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -262144"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _insert(connection: Connection, table: Table, values: Mapping[str, ColumnElement[Any]]) -> None:
    connection.execute(insert(table).from_select(list(values), select(*values.values())))


def _accounts(connection: Connection, accounts: int) -> None:
    first = select(literal(1).label("i")).cte("numbers", recursive=True)
    numbers = first.union_all(select(first.c.i + 1).where(first.c.i < accounts))
    i = numbers.c.i
    digits = cast(i, String)
    _insert(
        connection,
        AccountRow.__table__,
        {
            "id": i,
            "brand": case(*((i % len(BRANDS) == place, literal(brand)) for place, brand in enumerate(BRANDS))),
            "number": cast(i + _FIRST_NUMBER, String),
            "name": literal("Customer ") + digits,
            "language": case((i % 3 == 0, literal("en")), else_=literal("fr")),
            "postal_code": literal("H2X1Y4"),
            "country": literal("CA"),
            "phone": literal("+15145550101"),
            "email": literal("customer") + digits + literal("@example.ca"),
            "delivery": literal("paper"),
            "pie": i % 2 == 0,
            "autopay": i % 5 == 0,
            "opening_balance_cents": literal(0),
            "extra": literal(_EXTRA, JSON),
        },
    )
    account = AccountRow.__table__.c
    user = {"account_id": account.id, "name": account.name, "role": literal("administrator"), "email": account.email}
    _insert(connection, AccountUserRow.__table__, user)


def _month(connection: Connection, accounts: int, month: int) -> None:
    """One month of all accounts: the bills, their lines, and the payments of the bills of the month before."""
    issued_on = date.today() - timedelta(days=10 + 30 * (MONTHS - 1 - month))
    account = AccountRow.__table__.c.id
    total = _total(account, month)
    _insert(
        connection,
        BillRow.__table__,
        {
            "id": account + month * accounts,
            "account_id": account,
            "number": literal(f"B{month:02d}-") + cast(account, String),
            "issued_on": literal(issued_on, Date),
            "due_on": literal(issued_on + timedelta(days=21), Date),
            "total_cents": total,
        },
    )
    rest = total
    for position, (key, kind, cents) in enumerate(LINES, start=1):
        amount = rest if cents is None else literal(cents)
        rest = rest - amount
        line = {
            "bill_id": account + month * accounts,
            "position": literal(position),
            "kind": literal(kind),
            "key": literal(key),
            "description_fr": literal(f"Service {key} du mois"),
            "description_en": literal(f"Service {key} of the month"),
            "amount_cents": amount,
        }
        _insert(connection, BillLineRow.__table__, line)
    if month:
        payment = {
            "account_id": account,
            "number": literal(f"R{month:02d}-") + cast(account, String),
            "paid_on": literal(issued_on - timedelta(days=12), Date),
            "amount_cents": _total(account, month - 1),
            "method": literal("online"),
        }
        _insert(connection, PaymentRow.__table__, payment)


def _total(account: ColumnElement[int], month: int) -> ColumnElement[int]:
    return func.mod(account * 37 + month * 11, 9000) + 3000
