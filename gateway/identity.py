"""Who a conversation's customer has proved to be: one-time codes to the contact on file, and for how long they count.

Unknown account, wrong postal code and closed account get the very same answer in the same time: a code that nobody has. The
account and the level live here and in signed tokens for the billing backend; nothing that a customer or Rasa sends grants them.
Figures: DESIGN.md, "Identity".
"""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import hmac
import secrets
from collections.abc import Callable

import jwt
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.billing_client import BillingClient, BillingError
from gateway.database import Sessions, take_turns
from gateway.models import Code, CodeFailure, Conversation, Message, Proof
from gateway.outbox import CODE, Outbox, put
from gateway.proof import NONE, SMS, VERIFIED, channel_of_turn, lasts, page_of, valid_proof, worth
from gateway.session import renew, renewed_token
from gateway.sms_talk import thread_with
from gateway.transcript import RECEIVED

CODE_LIFE = datetime.timedelta(minutes=5)
TRIES = 5
SENDS, SENDS_WITHIN = 3, datetime.timedelta(minutes=15)
FAILURES, FAILURES_WITHIN = 10, datetime.timedelta(hours=24)
ANSWER_S = 0.25  # above what the work takes: `python -m tests.load.alike` measures it
TOKEN_LIFE = datetime.timedelta(seconds=60)


def one_time_code(secret: str, number: int, kind: str = "one-time code") -> str:
    """The code of a row of a table of codes: worked out from our secret, so that it is stored nowhere, not even until it is sent."""
    found = hmac.new(secret.encode(), f"{kind} {number}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(found[:8]) % 10**6:06d}"


class Identity:
    """Sends codes, checks them, and issues the tokens with which the actions speak to billing."""

    def __init__(
        self,
        *,
        sessions: Sessions,
        billing: BillingClient,
        outbox: Outbox,
        token_secret: str,
        now: Callable[[], datetime.datetime],
        answer_s: float = ANSWER_S,
    ) -> None:
        """`answer_s`: no answer to somebody who asks for a code comes sooner."""
        self._sessions = sessions
        self._billing = billing
        self._outbox = outbox
        self._secret = token_secret
        self._now = now
        self._answer_s = answer_s

    async def send_code(
        self, conversation: str, account: str, postal_code: str, channel: str, language: str, *, change: bool = False
    ) -> bool:
        """Sends a code where the two match a file. False only where too many were asked for; raises BillingError.

        `change`: the code must prove enough to change something. What goes by text to the phone on file proves nothing that the
        conversation by that phone did not, so a change is asked for by e-mail where the file has an address.
        """
        answer_at = asyncio.get_running_loop().time() + self._answer_s
        sent = await self._send_code(conversation, account, postal_code, channel, language, change)
        # A letter that goes out costs a little time more than none: whoever measures must not read from it that the account is there.
        await asyncio.sleep(answer_at - asyncio.get_running_loop().time())
        return sent

    async def _send_code(
        self, conversation: str, account: str, postal_code: str, channel: str, language: str, change: bool
    ) -> bool:
        now = self._now()
        async with self._sessions.begin() as session:
            # Counted and recorded in one transaction: many asked for at once are still three.
            talk = await session.get_one(Conversation, conversation, with_for_update=True)
            await take_turns(session, f"code:{talk.brand}:{account}")
            if await self._too_many_sends(session, conversation, talk.brand, account, now):
                return False
            closed = await self._closed(session, talk.brand, account, talk.channel, now)
            sending = Code(
                conversation=conversation,
                brand=talk.brand,
                account_given=account,
                postal_code=postal_code,
                account=None,
                code_hash=self.hash_code(conversation, secrets.token_hex(8)),
                tries=0,
                used=False,
                sent_at=now,
                expires_at=now + CODE_LIFE,
            )
            session.add(sending)
        try:
            located = await self._billing.locate(talk.brand, account, postal_code)
        except BillingError:
            async with self._sessions.begin() as session:
                await session.execute(delete(Code).where(Code.id == sending.id))  # nothing was sent: it does not count
            raise
        if closed:
            located = None
        code = one_time_code(self._secret, sending.id) if located else None
        async with self._sessions.begin() as session:
            # Also where nobody gets a code, so that the answer takes the same time.
            fitting = self.hash_code(conversation, code or secrets.token_hex(8))
            values = {"account": located.account if located else None, "code_hash": fitting}
            await session.execute(update(Code).where(Code.id == sending.id).values(**values))
            earlier = update(Code).where(Code.conversation == conversation, Code.id != sending.id)
            await session.execute(earlier.values(used=True))
            contacts = located.contacts if located else {}
            thread = await thread_with(session, conversation)
            own = thread is not None and "email" in contacts and contacts.get("sms") == thread.customer
            by_text = await channel_of_turn(session, conversation) == SMS
            wanted = "email" if own and by_text and change else channel
            kind = wanted if wanted in contacts else next(iter(contacts), None)
            await session.execute(update(Code).where(Code.id == sending.id).values(reading=own and kind == "sms"))
            if kind:
                put(
                    session,
                    key=f"code:{sending.id}",
                    brand=talk.brand,
                    language=language,
                    channel=kind,
                    address=contacts[kind],
                    letter=CODE,
                    values={"id": sending.id},
                    now=now,
                    expires_at=now + CODE_LIFE,
                )
        self._outbox.wake()
        return True

    async def check_code(self, conversation: str, given: str | None = None) -> bool:
        """Whether this is the code of the conversation's last sending; if so the customer is verified from now on.

        Without `given`: the code that was taken out of the message which the assistant now answers (`redact.mask_codes`).
        """
        now = self._now()
        async with self._sessions.begin() as session:
            code = await self._last_code(session, conversation)
            hashed = self.hash_code(conversation, given) if given else await _written_code(session, conversation)
            if code is None or hashed is None:
                return False
            # One statement, so that fifty guesses at once are still five.
            counted = await session.execute(
                update(Code)
                .where(Code.id == code.id, Code.tries < TRIES, Code.used.is_(False), Code.expires_at > now)
                .values(tries=Code.tries + 1)
            )
            right = hmac.compare_digest(code.code_hash, hashed) and code.account is not None
            if not counted.rowcount:  # type: ignore[attr-defined]
                return False
            talk = await session.get_one(Conversation, conversation)
            if not right:
                session.add(CodeFailure(brand=code.brand, account=code.account_given, channel=talk.channel, at=now))
                return False
            spent = await session.execute(
                update(Code).where(Code.id == code.id, Code.used.is_(False)).values(used=True)
            )
            if not spent.rowcount:  # type: ignore[attr-defined]
                return False
            channel = await channel_of_turn(session, conversation)
            talk.proved = True
            await session.merge(
                Proof(
                    conversation=conversation,
                    account=code.account,
                    verified_at=now,
                    used_at=now,
                    renewed=False,
                    # On a page the phone on file is a second proof; in a conversation by that phone it says what each text says.
                    reading=code.reading and channel == SMS,
                    channel=channel,
                )
            )
        return True

    async def code_test(self, session: AsyncSession, conversation: str, asked: bool) -> Callable[[str], bool]:
        """Which six digits of a message are a one-time code: any where one was `asked` for, else the one that was sent."""
        if asked:
            return lambda _: True
        code = await self._last_code(session, conversation)
        return lambda digits: (
            code is not None and hmac.compare_digest(code.code_hash, self.hash_code(conversation, digits))
        )

    async def renew(self, session: AsyncSession, conversation: Conversation, message: int) -> None:
        """The conversation's session is new from now on, where `message` held a proof."""
        await renew(session, conversation, self._secret, message)

    def token_of(self, conversation: Conversation, message: int) -> str | None:
        """The conversation's token that `message` brought by the proof in it; None where it brought none."""
        return renewed_token(self._secret, conversation.id, message) if conversation.renewed_by == message else None

    async def prove(self, session: AsyncSession, conversation: str, account: str) -> None:
        """Takes an account as proved by other means than a code (the signed token of the company's site)."""
        now = self._now()
        talk = await session.get_one(Conversation, conversation)
        talk.proved = True
        await session.merge(
            Proof(
                conversation=conversation,
                account=account,
                verified_at=now,
                used_at=now,
                renewed=False,
                reading=False,
                channel=page_of(talk),
            )
        )

    async def last_proved(self, session: AsyncSession, conversation: str) -> str | None:
        """The account that the conversation proved last, also where that has ended: what was read of it stands in the transcript."""
        proof = await session.get(Proof, conversation)
        return proof.account if proof else None

    async def proved_account(self, session: AsyncSession, conversation: str, channel: str = "") -> str | None:
        """The account that the conversation has proved, at this moment, as far as a channel goes: that of the message whose turn it is."""
        channel = channel or await channel_of_turn(session, conversation)
        proof = await valid_proof(session, conversation, self._now(), channel)
        return proof.account if proof else None

    async def proved_accounts(self, session: AsyncSession, conversations: list[str]) -> dict[str, str]:
        """The accounts that conversations have proved, at this moment, by conversation, where an answer to them would go now."""
        found = await session.execute(
            select(Proof, Conversation.channel)
            .join(Conversation, Conversation.id == Proof.conversation)
            .where(Proof.conversation.in_(conversations), lasts(self._now()))
        )
        return {proof.conversation: proof.account for proof, channel in found if worth(proof, channel) != NONE}

    async def billing_token(self, conversation: str, *, change: bool = False) -> str | None:
        """A short-lived token for the account that the conversation proved; None where it proved none, or not enough to change it."""
        async with self._sessions.glance() as session:
            channel = await channel_of_turn(session, conversation)
            proof = await valid_proof(session, conversation, self._now(), channel)
            talk = await session.get_one(Conversation, conversation)
        if proof is None or (change and worth(proof, channel) != VERIFIED):
            return None
        return self._signed(talk, scope="account", account=proof.account, role="holder", level="verified")

    async def open_token(self, conversation: str, scope: str) -> str:
        """A short-lived token that proves nothing: "catalogue" for what a brand tells anybody, "locate" to register by number."""
        async with self._sessions.glance() as session:
            return self._signed(await session.get_one(Conversation, conversation), scope=scope)

    def _signed(self, talk: Conversation, **claims: str) -> str:
        claims |= {"iss": "gateway", "aud": "billing", "brand": talk.brand, "conversation": talk.id}
        return jwt.encode({**claims, "exp": self._now() + TOKEN_LIFE}, self._secret, algorithm="HS256")

    async def _last_code(self, session: AsyncSession, conversation: str) -> Code | None:
        return await session.scalar(
            select(Code).where(Code.conversation == conversation).order_by(Code.id.desc()).limit(1)
        )

    async def _too_many_sends(
        self, session: AsyncSession, conversation: str, brand: str, account: str, now: datetime.datetime
    ) -> bool:
        recent = select(func.count()).select_from(Code).where(Code.sent_at > now - SENDS_WITHIN)
        by_talk = await session.scalar(recent.where(Code.conversation == conversation)) or 0
        by_account = await session.scalar(recent.where(Code.brand == brand, Code.account_given == account)) or 0
        return max(by_talk, by_account) >= SENDS

    async def _closed(
        self, session: AsyncSession, brand: str, account: str, channel: str, now: datetime.datetime
    ) -> bool:
        count = await session.scalar(
            select(func.count())
            .select_from(CodeFailure)
            .where(
                CodeFailure.brand == brand,
                CodeFailure.account == account,
                CodeFailure.channel == channel,
                CodeFailure.at > now - FAILURES_WITHIN,
            )
        )
        return (count or 0) >= FAILURES

    def hash_code(self, conversation: str, code: str) -> str:
        """What is kept of a code: nobody can try out all without our secret."""
        return hmac.new(self._secret.encode(), f"{conversation}:{code}".encode(), hashlib.sha256).hexdigest()


async def _written_code(session: AsyncSession, conversation: str) -> str | None:
    """The hash of the code in the message whose turn it is: the first that is not answered yet."""
    payloads = await session.scalars(
        select(Message.payload)
        .where(Message.conversation == conversation, Message.author == "customer", Message.state == RECEIVED)
        .order_by(Message.sequence)
    )
    return next((payload["code"] for payload in payloads if "code" in payload), None)
