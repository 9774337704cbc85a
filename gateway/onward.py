"""A conversation goes on by text message: its customer names a phone, gives the code that came there, and writes on from it.

It stays the same conversation: one history, one request. The page shows what is written by text, and answers go to where the customer
wrote last. The code proves who has the phone; what else it does not prove: docs/decisions/0017-continue-by-text.md.
"""

from __future__ import annotations

import datetime
import functools
import hmac
from collections.abc import Awaitable, Callable

import phonenumbers
from aiohttp import web
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import transcript
from gateway.database import Sessions, take_turns
from gateway.identity import CODE_LIFE, FAILURES, FAILURES_WITHIN, SENDS, SENDS_WITHIN, TRIES, one_time_code
from gateway.message import Reply
from gateway.models import Conversation, Message, PhoneCode, SmsThread
from gateway.outbox import CODE, PHONE_CODE, put
from gateway.proof import SMS, page_of
from gateway.sentences import Sentences
from gateway.session import enter
from gateway.sms_consent import is_out
from gateway.sms_gate import SmsGate
from gateway.sms_numbers import Numbers
from gateway.sms_talk import SmsTalk, as_reply
from gateway.web import Problem, json_object, json_response, language_of
from knowledge import Brand, Shelf

DAY = datetime.timedelta(hours=24)
# Anybody can have a conversation and name a phone: that is no way to ring one all day, nor to spend the company's money.
BY_PHONE_A_DAY, BY_BRAND_AN_HOUR = 6, 120
KIND = "code of a phone"
LONGEST_NUMBER = 40  # characters, as people write one with blanks and brackets
KINDS = phonenumbers.PhoneNumberType
TAKE_TEXTS = {KINDS.MOBILE, KINDS.FIXED_LINE_OR_MOBILE}
PATH = "/api/v1/conversations/{id}/phone"

Tell = Callable[[Conversation, list[Message]], Awaitable[None]]


def codes_of(secret: str) -> dict[str, Callable[[int], str]]:
    """By letter, the code of a row of its table, as the outbox works it out."""
    return {CODE: functools.partial(one_time_code, secret), PHONE_CODE: functools.partial(phone_code, secret)}


def phone_code(secret: str, number: int) -> str:
    """The code of a row of `phone_code`."""
    return one_time_code(secret, number, KIND)


class Onward:
    """The handlers of the public API. `hash_code`: what is kept of a code; `tell`: of new lines, after the commit."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        texts: SmsTalk,
        gate: SmsGate,
        numbers: Numbers,
        shelf: Shelf,
        sentences: Sentences,
        secret: str,
        hash_code: Callable[[str, str], str],
        tell: Tell,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._sessions = sessions
        self._texts = texts
        self._gate = gate
        self._numbers = numbers
        self._shelf = shelf
        self._sentences = sentences
        self._secret = secret
        self._hash = hash_code
        self._tell = tell
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        """The routes of the public API."""
        return [web.post(PATH, self.send), web.post(f"{PATH}/code", self.confirm)]

    async def send(self, request: web.Request) -> web.Response:
        """`{"phone"}` -> 202 `{"phone", "expires_in"}`: a code is on its way there."""
        talk, language = await self._authorized(request)
        body = await json_object(request, language)
        phone = self._phone(body.get("phone"), language)
        async with self._sessions.begin() as session:
            await self._put_code(session, talk, phone, language)
        self._texts.wake()
        return json_response({"phone": shown(phone), "expires_in": int(CODE_LIFE.total_seconds())}, 202)

    async def confirm(self, request: web.Request) -> web.Response:
        """`{"code"}` -> 200 `{"phone", "number"}`: the conversation goes on there, with this number of the brand's."""
        talk, language = await self._authorized(request)
        given = (await json_object(request, language)).get("code")
        digits = "".join(given.split()) if isinstance(given, str) and len(given) <= LONGEST_NUMBER else ""
        async with self._sessions.begin() as session:
            code = await self._spend(session, talk, digits)
            line = await self._move(session, talk.id, code.phone, language) if code else None
        if code is None or line is None:  # raised here: the wrong guess must stay counted
            raise Problem("wrong_phone_code", 422, language)
        self._texts.wake()
        async with self._sessions() as session:
            talk = await session.get_one(Conversation, talk.id)
        await self._tell(talk, [line])
        number = self._numbers.dialled(talk.brand)
        return json_response({"phone": shown(code.phone), "number": shown(number) if number else None})

    async def _authorized(self, request: web.Request) -> tuple[Conversation, str]:
        found = await enter(self._sessions, request.match_info["id"], request.headers.get("Authorization", ""))
        if found is None:
            raise Problem("unauthorized", 401)
        language = found.language or language_of(request)
        self._shelf.refresh()
        if self._numbers.writes_from(found.brand) is None:
            raise Problem("no_texts", 409, language)
        return found, language

    def _phone(self, given: object, language: str) -> str:
        try:  # as people write it here; as_number is for what providers write
            found = phonenumbers.parse(given, "CA") if isinstance(given, str) and len(given) <= LONGEST_NUMBER else None
        except phonenumbers.NumberParseException:
            found = None
        phone = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164) if found else ""
        if found is None or not self._numbers.allowed(phone) or phonenumbers.number_type(found) not in TAKE_TEXTS:
            raise Problem("bad_phone", 422, language)
        return phone

    async def _put_code(self, session: AsyncSession, talk: Conversation, phone: str, language: str) -> None:
        """Puts a code into the outbox. Raises Problem: no texts wanted, or too many asked for."""
        now, brand = self._now(), self._shelf.brands[talk.brand]
        await take_turns(session, f"phone:{talk.brand}")
        await self._wants_texts(session, brand, phone, language)
        if await self._too_many(session, talk, phone, now) or await self._gate.is_spent(session, brand, now):
            raise Problem("many_phone_codes", 429, language)
        row = PhoneCode(
            conversation=talk.id,
            brand=talk.brand,
            phone=phone,
            code_hash="",
            tries=0,
            used=False,
            sent_at=now,
            expires_at=now + CODE_LIFE,
        )
        session.add(row)
        await session.flush()
        row.code_hash = self._hash(talk.id, phone_code(self._secret, row.id))
        earlier = update(PhoneCode).where(PhoneCode.conversation == talk.id, PhoneCode.id != row.id)
        await session.execute(earlier.values(used=True))
        put(
            session,
            key=f"phone-code:{row.id}",
            brand=talk.brand,
            language=language,
            channel=SMS,
            address=phone,
            letter=PHONE_CODE,
            values={"id": row.id},
            now=now,
            expires_at=row.expires_at,
            sender=self._numbers.writes_from(talk.brand) or None,
        )

    async def _too_many(self, session: AsyncSession, talk: Conversation, phone: str, now: datetime.datetime) -> bool:
        """Codes that were sent, and wrong ones: of this conversation, to this phone, for this brand."""
        own, there = PhoneCode.conversation == talk.id, (PhoneCode.brand == talk.brand) & (PhoneCode.phone == phone)

        async def total(what: object, *where: object) -> int:
            return int(await session.scalar(select(what).where(*where)) or 0)  # type: ignore[call-overload]

        lately, today = PhoneCode.sent_at > now - SENDS_WITHIN, PhoneCode.sent_at > now - DAY
        hour = (PhoneCode.brand == talk.brand, PhoneCode.sent_at > now - datetime.timedelta(hours=1))
        wrong = PhoneCode.sent_at > now - FAILURES_WITHIN
        return (
            max([await total(func.count(), whose, lately) for whose in (own, there)]) >= SENDS
            or await total(func.count(), there, today) >= BY_PHONE_A_DAY
            or await total(func.count(), *hour) >= BY_BRAND_AN_HOUR
            or max([await total(func.sum(PhoneCode.tries), whose, wrong) for whose in (own, there)]) >= FAILURES
        )

    async def _spend(self, session: AsyncSession, talk: Conversation, digits: str) -> PhoneCode | None:
        """The code that was given, once: None where it is not the one that was sent last, or is over."""
        row = await session.scalar(
            select(PhoneCode).where(PhoneCode.conversation == talk.id).order_by(PhoneCode.id.desc()).limit(1)
        )
        if row is None:
            return None
        # One statement, so that fifty guesses at once are still five.
        good = (PhoneCode.id == row.id, PhoneCode.used.is_(False), PhoneCode.expires_at > self._now())
        counted = await session.execute(
            update(PhoneCode).where(*good, PhoneCode.tries < TRIES).values(tries=PhoneCode.tries + 1)
        )
        right = hmac.compare_digest(row.code_hash, self._hash(talk.id, digits))
        if not counted.rowcount or not right:  # type: ignore[attr-defined]
            return None
        spent = await session.execute(update(PhoneCode).where(*good).values(used=True, tries=PhoneCode.tries - 1))
        return row if spent.rowcount else None  # type: ignore[attr-defined]

    async def _move(self, session: AsyncSession, conversation: str, phone: str, language: str) -> Message:
        """The thread of the phone carries this conversation from now on. Raises Problem, which undoes the whole."""
        now = self._now()
        talk = await session.get_one(Conversation, conversation, with_for_update=True)
        brand = self._shelf.brands[talk.brand]
        await self._wants_texts(session, brand, phone, language)
        # The one that the phone wrote in last, to whichever number of the brand's.
        own = select(SmsThread).where(SmsThread.brand == brand.id, SmsThread.customer == phone)
        thread = await session.scalar(own.order_by(SmsThread.heard_at.desc()).limit(1))
        number = thread.number if thread else self._numbers.writes_from(brand.id) or ""
        await take_turns(session, f"sms:{number}:{phone}")
        if thread:
            await session.refresh(thread)
        if thread and thread.conversation != talk.id and await self._is_busy(session, thread.conversation):
            raise Problem("phone_busy", 409, language)
        if thread is None:
            thread = SmsThread(
                brand=brand.id, number=number, customer=phone, conversation=talk.id, more="", choices=[], heard_at=now
            )
            session.add(thread)
            await session.flush()
        thread.conversation, thread.heard_at = talk.id, now
        # A phone that it went by before begins anew, should it write again.
        before = select(SmsThread).where(SmsThread.conversation == talk.id, SmsThread.id != thread.id)
        for other in await session.scalars(before):
            fresh, _ = transcript.new_conversation(session, talk.brand, SMS, talk.language, now)
            await session.flush()
            other.conversation, other.more, other.choices = fresh.id, "", []
        waiting = await self._asked(session, talk)
        talk.home, talk.channel, talk.active_at = page_of(talk), SMS, now
        await session.flush()
        line = await transcript.say(
            session,
            None,
            talk.id,
            "assistant",
            language,
            Reply(self._sentences.say("onward", language, phone=shown(phone))),
            now,
        )
        first = Reply(self._sentences.say("onward_text", language, brand=brand.name))
        self._texts.send(session, thread, f"onward:{line.id}", language, [first, *waiting], line.id)
        return line

    async def _asked(self, session: AsyncSession, talk: Conversation) -> list[Reply]:
        """The question that the customer has before their eyes: it comes along, or a number would answer nothing on the phone."""
        lines = await transcript.lines_after(session, talk.id, max(0, talk.last_sequence - 1))
        return [as_reply(line) for line in lines if line.author == "assistant" and _asks(line)]

    async def _wants_texts(self, session: AsyncSession, brand: Brand, phone: str, language: str) -> None:
        if await is_out(session, brand.id, phone):
            number = self._numbers.dialled(brand.id)
            name = "phone_opted_out" if number else "phone_opted_out_reply"
            raise Problem(name, 409, language, number=shown(number))

    async def _is_busy(self, session: AsyncSession, conversation: str) -> bool:
        """Whether somebody would wait in vain for what is said in the thread's conversation of before."""
        before = await session.get_one(Conversation, conversation)
        return before.handled_by != "assistant" or bool(await transcript.open_messages(session, conversation))


def _asks(line: Message) -> bool:
    return bool(line.payload.get("asks") or line.payload.get("buttons"))


def shown(phone: str) -> str:
    """A number as people read it: (514) 555-0199 here, +33 1 23 45 67 89 elsewhere; what is no number stays what it is."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    kind = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, kind.NATIONAL if number.country_code == 1 else kind.INTERNATIONAL)
