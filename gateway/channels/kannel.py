"""Kannel: texts and news of them come in by its HTTP requests, texts go out by its `sendsms`.

Kannel signs nothing: a secret in the address and the place it comes from say who it is. The answer is empty, and its settings must keep
it from writing sentences of its own (docs/operations.md).
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import quote, unquote_to_bytes, urlencode

import aiohttp
from aiohttp import web

from gateway.message import IncomingText
from gateway.senders import Letter, SendFailed
from gateway.sms_alphabet import GSM, alphabet_of
from gateway.sms_delivery import DELIVERED, FAILED, SENT, Delivery
from gateway.sms_settings import SmsSettings
from gateway.web import Problem

# What a delivery report says (%d): delivered, undeliverable, buffered by the centre, accepted by it, refused by it.
STATES = {"1": DELIVERED, "2": FAILED, "4": SENT, "8": SENT, "16": FAILED}
ALL_REPORTS, FAILURES = 31, 18
UCS2 = "2"  # the coding of a text in 16 bits
TIMEOUT_S = 15.0

Hear = Callable[[IncomingText], Awaitable[None]]
Told = Callable[[Delivery], Awaitable[None]]


class KannelChannel:
    """The addresses that Kannel calls."""

    def __init__(self, settings: SmsSettings, *, hear: Hear, told: Told) -> None:
        self._secret = settings.kannel_secret
        self._networks = [ipaddress.ip_network(one) for one in settings.kannel_from]
        self._hear = hear
        self._told = told

    def routes(self) -> list[web.RouteDef]:
        """The routes of this channel."""
        return [
            web.get("/sms/kannel", self.text, allow_head=False),
            web.get("/sms/kannel/status", self.status, allow_head=False),
        ]

    async def text(self, request: web.Request) -> web.Response:
        """A text from a customer: `secret`, `id`, `from`, `to`, `text`, and how it is written, `coding` and `charset`."""
        given = self._trusted(request)
        if not given.get("id") or not given.get("from") or not given.get("to"):
            raise Problem("sms_incomplete", 422)
        text = _decoded(given.get("text", b""), _plain(given, "charset"), _plain(given, "coding"))
        await self._hear(
            IncomingText(
                id=f"kannel:{_plain(given, 'id')}"[:128],
                number=_plain(given, "to"),
                customer=_plain(given, "from"),
                text=text,
            )
        )
        return web.Response()

    async def status(self, request: web.Request) -> web.Response:
        """How far a text of ours came: `letter` and `state`."""
        given = self._trusted(request)
        letter, state = _plain(given, "letter"), STATES.get(_plain(given, "state"))
        if state and letter.isascii() and letter.isdigit():
            await self._told(Delivery(int(letter), state))
        return web.Response()

    def _trusted(self, request: web.Request) -> dict[str, bytes]:
        """The parameters, as bytes: the alphabet of the text is one of them. Raises Problem for anybody but Kannel."""
        given: dict[str, bytes] = {}
        for pair in request.rel_url.raw_query_string.split("&"):
            name, _, value = pair.partition("=")
            given.setdefault(name, unquote_to_bytes(value.replace("+", " ")))
        known = bool(self._secret) and hmac.compare_digest(given.get("secret", b""), self._secret.encode())
        if not known or not self._from_kannel(request.remote):
            raise Problem("sms_signature", 403)
        return given

    def _from_kannel(self, remote: str | None) -> bool:
        try:
            address = ipaddress.ip_address((remote or "").partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self._networks)


class KannelSender:
    """Sends each part of a text by Kannel's `sendsms`, with the header that puts them together again.

    Cut here and not by Kannel, so that no emoji is torn, and what a text costs is what we say. Sent again after a failure the parts carry
    the same number: a phone drops those that it has.
    """

    def __init__(self, http: aiohttp.ClientSession, settings: SmsSettings, callback: str) -> None:
        self._http = http
        self._url = settings.kannel_url
        self._user = settings.kannel_user
        self._password = settings.kannel_password
        self._secret = settings.kannel_secret
        self._callback = settings.kannel_callback or callback

    async def send(self, letter: Letter) -> str | None:
        """Returns once Kannel has accepted every part. Raises SendFailed."""
        for number, part in enumerate(letter.parts, 1):
            await self._send_part(letter, part, number)
        return None

    async def _send_part(self, letter: Letter, part: str, number: int) -> None:
        count = len(letter.parts)
        wide = alphabet_of(letter.text) != GSM
        query: dict[str, str | bytes] = {
            "username": self._user,
            "password": self._password,
            "to": letter.address,
            "coding": "2" if wide else "0",
            "charset": "UTF-16BE" if wide else "UTF-8",
            "text": part.encode("utf-16-be" if wide else "utf-8"),
        }
        sender = next((one for one in letter.numbers if not one.startswith("MG")), "")
        if sender:
            query["from"] = sender
        if count > 1:
            query["udh"] = bytes([5, 0, 3, letter.row % 256, count, number])
        if self._callback:
            # Of a long text the last part says that it is there, every part that it is not.
            query["dlr-mask"] = str(ALL_REPORTS if number == count else FAILURES)
            secret = quote(self._secret, safe="")
            query["dlr-url"] = f"{self._callback}/sms/kannel/status?letter={letter.row}&state=%d&secret={secret}"
        try:
            async with self._http.get(
                f"{self._url}?{urlencode(query, quote_via=quote)}", timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)
            ) as response:
                answer = (await response.text(errors="replace"))[:80]
        except aiohttp.ClientConnectorError as error:
            raise SendFailed(f"Kannel is not reached: {type(error).__name__}") from error
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise SendFailed(f"Kannel gave no answer: {type(error).__name__}", unknown=True) from error
        if response.status not in (200, 202):
            # 400: this text can never be sent. A wrong password (403) or a full queue (503) passes.
            raise SendFailed(f"Kannel refused: {response.status} {answer}", final=response.status == 400)


def _plain(given: dict[str, bytes], name: str) -> str:
    return given.get(name, b"").decode("utf-8", "replace").strip()


def _decoded(text: bytes, charset: str, coding: str) -> str:
    """A text in the alphabet that Kannel names; as far as it can be read where that is none, or not true."""
    for name in (charset, "utf-16-be" if coding == UCS2 else "utf-8", "utf-8"):
        try:
            return text.decode(name)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return text.decode("latin-1")  # which never fails
