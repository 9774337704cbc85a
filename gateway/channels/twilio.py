"""Twilio: texts and news of them come in by signed webhooks, texts go out by its REST interface.

The acknowledgement is empty: what there is to say goes out later, whatever the assistant does meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

from gateway.message import IncomingText
from gateway.senders import Letter, SendFailed
from gateway.sms_delivery import DELIVERED, FAILED, QUEUED, SENT, Delivery
from gateway.sms_settings import SmsSettings
from gateway.twilio_signature import is_signed
from gateway.web import Problem

SIGNATURE, SETTINGS = "X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings"
ACKNOWLEDGED = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
FORM = "application/x-www-form-urlencoded"
FIELDS_MOST = 500
STATES = {
    "accepted": QUEUED, "scheduled": QUEUED, "queued": QUEUED, "sending": QUEUED, "sent": SENT, "delivered": DELIVERED,
    "read": DELIVERED, "undelivered": FAILED, "failed": FAILED, "canceled": FAILED,
}  # fmt: skip
OPTED_OUT = 21610  # what Twilio says of a number that answered STOP
# What another try could change: too many at once, a queue that is full, Twilio's own faults.
PASSING = {14107, 20429, 20500, 20503, 30001, 30022}
TIMEOUT_S = 15.0

Hear = Callable[[IncomingText], Awaitable[None]]
Told = Callable[[Delivery], Awaitable[None]]


class TwilioChannel:
    """The webhooks. `public_url`: where Twilio reaches us; "" for the address of the request itself, outside production only."""

    def __init__(self, settings: SmsSettings, public_url: str, *, hear: Hear, told: Told) -> None:
        self._tokens = (*settings.twilio_tokens, *settings.twilio_shared_keys)
        self._public_url = public_url
        self._hear = hear
        self._told = told

    def routes(self) -> list[web.RouteDef]:
        """The routes of this channel."""
        return [web.post("/sms/twilio", self.text), web.post("/sms/twilio/status", self.status)]

    async def text(self, request: web.Request) -> web.Response:
        """A text from a customer."""
        form = await self._signed(request)
        if not form.get("MessageSid") or not form.get("From") or not form.get("To"):
            raise Problem("sms_incomplete", 422)
        media = form.get("NumMedia", "0")
        await self._hear(
            IncomingText(
                id=f"twilio:{form['MessageSid']}"[:128],
                number=form["To"],
                customer=form["From"],
                text=form.get("Body", ""),
                service=form.get("MessagingServiceSid", ""),
                media=int(media) if media.isascii() and media.isdigit() else 0,
                answered=form.get("OptOutType", "").lower(),
            )
        )
        return _acknowledged()

    async def status(self, request: web.Request) -> web.Response:
        """How far a text of ours came. The address says which one: the news may be here before the answer to our request is."""
        form = await self._signed(request)
        letter, state = request.query.get("letter", ""), STATES.get(form.get("MessageStatus", ""))
        if state and letter.isascii() and letter.isdigit():
            error = form.get("ErrorCode") or None
            await self._told(
                Delivery(int(letter), state, form.get("MessageSid"), error, opted_out=error == str(OPTED_OUT))
            )
        return _acknowledged()

    async def _signed(self, request: web.Request) -> dict[str, str]:
        """The form, the first value of each name. Raises Problem where Twilio did not sign it."""
        fields: list[tuple[str, str]] = []
        body = await request.read()
        try:
            if request.content_type == FORM:
                fields = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MOST)
            whole = request.content_type == FORM or not body
        except ValueError:
            whole = False
        base = self._public_url or f"{request.scheme}://{request.host}"
        signature, settings = request.headers.get(SIGNATURE, ""), request.headers.get(SETTINGS)
        if not whole or not is_signed(f"{base}{request.raw_path}", fields, signature, settings, self._tokens):
            raise Problem("sms_signature", 403)
        return dict(reversed(fields))


class TwilioSender:
    """Sends by Twilio's REST interface. `callback`: where Twilio tells how far a text came, "" for nowhere."""

    def __init__(self, http: aiohttp.ClientSession, settings: SmsSettings, callback: str) -> None:
        self._http = http
        self._url = f"{settings.twilio_api}/2010-04-01/Accounts/{settings.twilio_account}/Messages.json"
        authorization = aiohttp.encode_basic_auth(settings.twilio_account, settings.twilio_tokens[0])
        self._headers = {"Authorization": authorization}
        self._callback = callback

    async def send(self, letter: Letter) -> str | None:
        """Returns the MessageSid once Twilio has accepted the text. Raises SendFailed."""
        form = {"To": letter.address, "Body": letter.text}
        for number in letter.numbers:
            form.setdefault("MessagingServiceSid" if number.startswith("MG") else "From", number)
        if self._callback:
            form["StatusCallback"] = f"{self._callback}/sms/twilio/status?letter={letter.row}"
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        try:
            async with self._http.post(self._url, data=form, headers=self._headers, timeout=timeout) as response:
                answer = await response.json(content_type=None)
        except aiohttp.ClientConnectorError as error:
            raise SendFailed(f"Twilio is not reached: {type(error).__name__}") from error
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise SendFailed(f"Twilio gave no answer: {type(error).__name__}", unknown=True) from error
        answer = answer if isinstance(answer, dict) else {}
        if response.status in (200, 201):
            return str(answer.get("sid") or "") or None
        raise _failure(response.status, answer.get("code"))


def _failure(status: int, code: object) -> SendFailed:
    """What Twilio's refusal means. A setting that is wrong (401, 403) can be mended, a number that does not exist cannot."""
    number = code if isinstance(code, int) else 0
    reason = f"Twilio refused: {status}, error {number}"
    if number == OPTED_OUT:
        return SendFailed(reason, final=True, opted_out=True)
    passing = status >= 500 or status in (401, 403, 404, 408, 409, 429) or number in PASSING
    return SendFailed(reason, final=not passing)


def _acknowledged() -> web.Response:
    return web.Response(text=ACKNOWLEDGED, content_type="text/xml")
