"""The triage box as a page: a pasted e-mail, voicemail text or note, what is made of it, and a request opened from it by one key."""

from __future__ import annotations

import re
import secrets
from typing import Any

from aiohttp import web
from email_validator import EmailNotValidError, validate_email

from desk.agents import audit
from desk.box_requests import Pasted, open_from_text
from desk.console.names import Names
from desk.console.web import Refusal, field, go, language_of, office, page, signed
from desk.console.words import Words
from desk.requests import digits
from desk.service_levels import URGENCIES

TEXT_MOST, CONTACT_MOST, DRAFT_MOST = 20_000, 254, 4000
FORM_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
LOCAL_DIGITS = 10  # of a phone number in North America
SHOWN = (
    *("accounts", "serials", "models", "error_codes", "bills", "requests", "emails", "phones", "postal_codes"),
    *("amounts", "dates", "months", "times", "firmwares"),
)


class BoxPages:
    """The handlers."""

    def routes(self) -> list[web.RouteDef]:
        """The routes of the box."""
        return [
            web.get("/triage", self.show),
            web.post("/triage", self.read),
            web.post("/triage/request", self.open),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """The empty box."""
        return self._page(request)

    async def read(self, request: web.Request) -> web.Response:
        """What is made of the text; nothing is kept."""
        text, brand = await field(request, "text", TEXT_MOST), await field(request, "brand", 40)
        if not text:
            return self._page(request, 422, problem="empty")
        own = self._brands(request)
        wanted = brand if brand in own else own[0] if len(own) == 1 else None
        found = await office(request).box.read(text, brand=wanted)
        if found["brand"] not in own:
            found["brand"] = None  # of a brand that the agent does not look after, or of none
        return self._page(request, text=text, brand=wanted or "", found=found)

    async def open(self, request: web.Request) -> web.Response:
        """A request from the text, once for a form; its number leads on."""
        here, own = office(request), signed(request).agent
        text, contact = await field(request, "text", TEXT_MOST), await field(request, "contact", CONTACT_MOST)
        brand, language = await field(request, "brand", 40), await field(request, "language", 2)
        urgency, outcome = await field(request, "urgency", 10), await field(request, "outcome", 120)
        form_id = await field(request, "form_id", 64)
        if not text:
            raise Refusal("empty", 422)
        if (
            brand not in self._brands(request)
            or language not in ("fr", "en")
            or urgency not in URGENCIES
            or not FORM_ID.fullmatch(form_id)
        ):
            raise Refusal("bad_form", 422)
        found = await here.box.read(text, brand=brand, language=language)
        draft = await field(request, "draft", DRAFT_MOST)
        try:
            reached = _contact(contact)
        except Refusal as wrong:  # nothing that was decided or written is lost over it
            kept = {**found, "urgency": urgency, "draft": {**found["draft"], language: draft}}
            values = {"text": text, "brand": brand, "found": kept, "contact": contact}
            return self._page(request, wrong.status, problem=wrong.name, **values)
        now = here.now()
        pasted = Pasted(form_id, here.mask(text), language, urgency, outcome, reached, here.mask(draft), found)
        async with here.sessions.begin() as session:
            change = await open_from_text(session, pasted, brand=here.shelf.brands[brand], actor=own.name, now=now)
            if change.new:
                here.tell(session, change.request, change.told, now)
                audit(session, own.id, "opened", f"request:{change.request.number}", now)
        here.wake()
        return go(request, f"/desk/requests/{change.request.number}")

    def _page(self, request: web.Request, status: int = 200, **values: Any) -> web.Response:
        words = Words(language_of(request))
        found = values.get("found")
        other = {"fr": "en", "en": "fr"}
        reached = [*found["found"]["emails"], *found["found"]["phones"]] if found else []
        usual: dict[str, Any] = {"text": "", "brand": "", "found": None}
        return page(
            request,
            "triage.html",
            status,
            **{
                **usual,
                "own_brands": self._brands(request),
                "names": Names(office(request).shelf, words),
                "kinds": SHOWN,
                "drafts": (found["language"], other[found["language"]]) if found else (),
                "contact": reached[0] if reached else "",
                "urgencies": URGENCIES,
                "form_id": secrets.token_urlsafe(12),
                "most": TEXT_MOST,
                **values,
            },
        )

    def _brands(self, request: web.Request) -> list[str]:
        mine = signed(request).agent.brands
        return [brand for brand in office(request).shelf.brands if not mine or brand in mine]


def _contact(text: str) -> str:
    """A mail address or a phone number as letters go out to it. Raises Refusal."""
    if "@" in text:
        try:
            return validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError:
            raise Refusal("contact_wrong", 422) from None
    number = digits(text)
    if len(number) == LOCAL_DIGITS:
        return f"+1{number}"
    if len(number) == LOCAL_DIGITS + 1 and number.startswith("1"):
        return f"+{number}"
    raise Refusal("contact_wrong", 422)
