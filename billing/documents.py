"""The documents that customers download: a bill as tagged PDF (PDF/UA), call details as CSV. Made when they are asked for.

Words stand in `data/documents.yml`, the page of a bill in `templates/bill.typ`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, tzinfo
from pathlib import Path
from typing import Any

import typst
import yaml
from babel.dates import format_date

from billing.calls import Call, minutes
from billing.models import AccountRow, BillRow
from billing.money import CAD, total
from billing.pages import amount_in_words

_FOLDER = Path(__file__).parent
_TEMPLATE = _FOLDER / "templates" / "bill.typ"
Words = Mapping[str, Any]


def read_document_words() -> Words:
    content: Words = yaml.safe_load((_FOLDER / "data" / "documents.yml").read_text(encoding="utf-8"))
    return content


def file_name(words: Words, kind: str, language: str, number: str = "") -> str:
    """The name under which a document of this kind ("bill" or "calls") is saved; ASCII only."""
    name: str = words[kind]["file"][language]
    return name.format(number=number)


def bill_pdf(
    words: Words, row: BillRow, owner: AccountRow, *, brand: str, unpaid: CAD, language: str, today: date
) -> bytes:
    """The bill, with its lines loaded, in this language. Takes some 50 ms of processor: call it in a thread."""
    said = {name: entry[language] for name, entry in words["bill"].items()}
    services = [line for line in row.lines if line.kind == "service"]
    taxes = [line for line in row.lines if line.kind == "tax"]

    def lines(rows: Iterable[Any]) -> list[list[str]]:
        return [
            [line.description_fr if language == "fr" else line.description_en, amount_in_words(line.amount, language)]
            for line in rows
        ]

    bill = {
        "language": language,
        "brand": brand,
        "title": f"{brand} – {said['title'].format(number=row.number)}",
        "words": said,
        "customer": [[said["customer"], owner.name], [said["account"], owner.number]],
        "facts": [
            [said["number"], row.number],
            [said["issued"], _day(row.issued_on, language)],
            [said["due"], _day(row.due_on, language)],
        ],
        "total": amount_in_words(row.total, language),
        "unpaid": amount_in_words(unpaid, language),
        "services": lines(services),
        "before_taxes": amount_in_words(total(line.amount for line in services), language),
        "taxes": lines(taxes),
        "reprinted": said["reprinted"].format(day=_day(today, language)),
    }
    # The data is a value for the template, never part of it: a customer's name cannot become a command.
    return typst.compile(
        str(_TEMPLATE),
        format="pdf",
        sys_inputs={"bill": json.dumps(bill)},
        pdf_standards="ua-1",
        ignore_system_fonts=True,  # the same page on every machine
    )


def calls_csv(words: Words, calls: Iterable[Call], *, language: str, zone: tzinfo) -> bytes:
    """The calls in the order they were made (RFC 4180), as a spreadsheet of this language opens them.

    In French with semicolons and decimal commas. The mark at the start tells Excel that this is UTF-8.
    """
    said = {name: entry[language] for name, entry in words["calls"].items()}
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if language == "fr" else ",", lineterminator="\r\n")
    writer.writerow([said[name] for name in ("date", "time", "number", "kind", "minutes", "cost")])
    for call in calls:
        at = call.at.astimezone(zone)
        cost = str(call.cost).replace(".", ",") if language == "fr" else str(call.cost)
        kind = words["kinds"][call.kind][language]
        writer.writerow([at.date().isoformat(), at.strftime("%H:%M"), call.number, kind, minutes(call), cost])
    return out.getvalue().encode("utf-8-sig")


def _day(day: date, language: str) -> str:
    return format_date(day, "long", locale=f"{language}_CA")
