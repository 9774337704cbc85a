"""Tables of figures: how a cell looks on the page, and the same table as CSV for spreadsheets of either language."""

from __future__ import annotations

import csv
import dataclasses
import io

from babel.numbers import format_decimal, format_percent

from desk.console.words import Words
from formats import LOCALES

TEXT, COUNT, SHARE, TIME, SCORE, MONEY = "text", "count", "share", "time", "score", "money"
Cell = str | int | float | None
# A spreadsheet takes a cell that begins so for a formula; an apostrophe before it makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclasses.dataclass(frozen=True)
class Row:
    """Cells, the first of which names the row. `kind`: of all other cells, where the columns do not tell; `link`: where its name leads."""

    cells: tuple[Cell, ...]
    kind: str = ""
    link: str = ""


@dataclasses.dataclass(frozen=True)
class Table:
    """`columns` are (name, kind); `bar`: the column that is drawn beside its number; `bars`: the shares of which it is drawn."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    bar: int | None = None

    def kind(self, row: Row, column: int) -> str:
        """The kind of a cell."""
        return row.kind if row.kind and column else self.columns[column][1]

    def largest(self) -> float:
        """The largest value of the column that is drawn; 1 at least, as it divides."""
        values = [row.cells[self.bar] for row in self.rows] if self.bar is not None else []
        return max([1.0, *(float(value) for value in values if isinstance(value, int | float))])


def shown(value: Cell, kind: str, words: Words) -> str:
    """A cell as people read it."""
    if value is None:
        return words("dash_no_value")
    if isinstance(value, str):
        return value
    locale = LOCALES[words.language]
    if kind == SHARE:
        return str(format_percent(value, "#,##0\u00a0%" if words.language == "fr" else "#,##0%", locale=locale))
    if kind == MONEY:
        return words.money({"amount": f"{value:.2f}", "currency": "CAD"})
    if kind == TIME:
        return words.wait(value)
    return str(format_decimal(value, "#,##0.0" if kind == SCORE else "#,##0", locale=locale))


def as_csv(table: Table, heads: list[str], words: Words) -> str:
    """The table as a spreadsheet of the agent's language reads it: in French semicolons and decimal commas. Times are in seconds."""
    french = words.language == "fr"
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if french else ",", lineterminator="\r\n")
    writer.writerow([harmless(head) for head in heads])
    for row in table.rows:
        writer.writerow([_plain(value, table.kind(row, number), french) for number, value in enumerate(row.cells)])
    return "\ufeff" + out.getvalue()  # by the mark spreadsheets know that it is UTF-8


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _plain(value: Cell, kind: str, french: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if kind in (SHARE, SCORE, MONEY):
        text = f"{value:.4f}" if kind == SHARE else f"{value:.2f}"
        return text.replace(".", ",") if french else text
    return str(round(value))
