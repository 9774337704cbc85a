"""The pages that a customer opens by a link: rendered here, without scripts, under a policy that allows nothing else.

Words stand in `data/pages.yml`, the pages in `templates/`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web
from babel.dates import format_date, format_time
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from billing.money import CAD, CURRENCY
from billing.money_models import PaymentLinkRow
from billing.payment_provider import PaymentProvider

_FOLDER = Path(__file__).parent
_OTHER = {"fr": "en", "en": "fr"}


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders the pages; built once at start with `read_pages`."""

    words: Mapping[str, Any]
    style: str
    environment: Environment

    def payment(
        self, row: PaymentLinkRow, *, brand: str, provider: PaymentProvider, language: str, now: datetime
    ) -> web.Response:
        """The page on which a link that is open is paid."""
        words = {name: entry[language] for name, entry in self.words["payment"].items()}
        amount = amount_in_words(row.amount, language)
        facts = [(words["amount"], amount)]
        if row.bill_number:
            facts.append((words["bill"], row.bill_number))
        facts.append((words["reference"], row.reference))
        facts.append((words["until"], time_in_words(row.expires_at.astimezone(now.tzinfo), language)))
        return self._page(
            "payment.html",
            status=200,
            brand=brand,
            language=language,
            title=words["title"].format(brand=brand),
            other=self._other(language),
            demonstration=words["demonstration"] if provider.demonstration else None,
            facts=facts,
            choose=words["choose"],
            choices=[
                (choice, self.words["choices"][choice][language].format(amount=amount)) for choice in provider.choices
            ],
        )

    def notice(
        self, name: str, *, status: int, language: str, brand: str = "", switch: bool = False, **values: str
    ) -> web.Response:
        """A page that only says something. `switch`: with a link to the other language, for an address opened by GET."""
        words = self.words["notices"][name]
        return self._page(
            "page.html",
            status=status,
            brand=brand,
            language=language,
            title=words["title"][language],
            text=words["text"][language].format(**values),
            other=self._other(language) if switch else None,
        )

    def _other(self, language: str) -> dict[str, str]:
        return {"language": _OTHER[language], "name": self.words["payment"]["other_language"][language]}

    def _page(self, template: str, *, status: int, language: str, **values: Any) -> web.Response:
        text = self.environment.get_template(template).render(style=Markup(self.style), language=language, **values)
        # Markup: the style is ours, and its hash below is of exactly these bytes.
        digest = base64.b64encode(hashlib.sha256(self.style.encode()).digest()).decode()
        return web.Response(
            text=text,
            status=status,
            content_type="text/html",
            charset="utf-8",
            headers={
                "Content-Language": language,
                "Content-Security-Policy": (
                    f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; "
                    "frame-ancestors 'none'"
                ),
                "Referrer-Policy": "no-referrer",  # the address is the key to the page
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "DENY",
                "X-Robots-Tag": "noindex",
            },
        )


def read_pages() -> Pages:
    """The words, the style and the templates."""
    return Pages(
        words=yaml.safe_load((_FOLDER / "data" / "pages.yml").read_text(encoding="utf-8")),
        style=(_FOLDER / "templates" / "page.css").read_text(encoding="utf-8"),
        environment=Environment(
            loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, undefined=StrictUndefined
        ),
    )


def amount_in_words(amount: CAD, language: str) -> str:
    """ "284,52 $" or "$284.52"."""
    return format_currency(Decimal(str(amount)), CURRENCY, locale=f"{language}_CA")


def time_in_words(moment: datetime, language: str) -> str:
    """ "5 mars 2026, 21 h 30" or "March 5, 2026, 9:30 p.m."; the moment carries the zone in which it is told."""
    locale = f"{language}_CA"
    time = format_time(moment, "short", moment.tzinfo, locale=locale).replace(" h ", "\u00a0h\u00a0")
    return f"{format_date(moment, 'long', locale=locale)}, {time}"
