"""The whole program, two gateways and assistants: each process is killed in turn while customers enrol, pay and open requests."""

from __future__ import annotations

import asyncio
import collections
import json
import re
import sys
import time
import uuid
from typing import Any

import aiohttp

from tests.load.fleet import Fleet
from tests.load.load import QUESTIONS, connect, rows
from tests.load.table import Table
from tests.load.truth import Truth
from tests.load.widgets import Widget
from tests.load.writing import catch_up, settled

APOLOGY = re.compile("can’t answer|n’arrive pas|technical|went wrong|en ce moment|right now|just now|problème")
ANSWER_S = 60.0
E_BILL = [("primus", "1002003001", "H2X 1Y4", "+15145550101"), ("primus", "1002003004", "J8X 2K1", "+18195550104")]
PAYER = ("wrs", "50010003", "P3E 5J1", "+17055550113")
PAID = (11, 12, 13, 14, 15)  # dollars, each by a link of its own
OPEN = "my line has been down since this morning and I already restarted all the equipment"
CALL_ME = "call me at (514) 555 0123"


class Customer:
    """One conversation over the public API that insists, as people do: an apology is answered with the same words again."""

    def __init__(self, http: aiohttp.ClientSession, fleet: Fleet, brand: str, number: int) -> None:
        self._http, self._fleet, self._brand, self._number = http, fleet, brand, number
        self.conversation = self._token = ""
        self.apologies, self.slowest = 0, 0.0

    async def begin(self) -> None:
        """Begins the conversation."""
        status, made = await self._call("POST", "/api/v1/conversations", {"brand": self._brand, "language": "en"})
        assert status == 201, made
        self.conversation, self._token = made["conversation"], made["token"]

    async def say(self, text: str) -> str:
        """The first reply that is no apology; at most ten tries."""
        for _ in range(10):
            found = await self._once(text)
            if found and not APOLOGY.search(found):
                return found
            self.apologies += 1
            await asyncio.sleep(3)
        raise AssertionError(f"ten apologies to {text!r}")

    async def _once(self, text: str) -> str:
        message_id, began = uuid.uuid4().hex, time.monotonic()
        path = f"/api/v1/conversations/{self.conversation}/messages"
        while True:
            status, answer = await self._call("POST", path, {"text": text, "message_id": message_id})
            self._token = answer.get("token") or self._token
            if status == 200 and not answer.get("pending"):
                self.slowest = max(self.slowest, time.monotonic() - began)
                return "\n".join(reply["text"] for reply in answer["replies"])
            assert status in (200, 429, 503), (status, answer)
            assert time.monotonic() < began + ANSWER_S, f"no answer to {text!r} within {ANSWER_S:g} s"
            await asyncio.sleep(1)

    async def _call(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        until = time.monotonic() + ANSWER_S
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        for turn in range(1000):
            url = self._fleet.urls[(self._number + turn) % len(self._fleet.urls)]
            try:
                async with self._http.request(method, url + path, json=body, headers=headers) as answer:
                    return answer.status, await answer.json()
            except (aiohttp.ClientError, OSError, TimeoutError):
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.5)
        raise AssertionError

    async def verify(self, first: str, account: str, postal_code: str, phone: str) -> str:
        """Asks for something that needs a proof, and proves it."""
        said = await self.say(first)
        for _ in range(20):
            if re.search("account number", said):
                said = await self.say(account)
            elif re.search("postal code", said):
                said = await self.say(postal_code)
            elif re.search("6.digit|code", said) and "sent" in said:
                said = await self.say(await self._code(phone))
            elif re.search("code", said):
                said = await self.say("send a new code")
            else:
                return said
        raise AssertionError(f"not verified: {said}")

    async def _code(self, phone: str) -> str:
        for _ in range(150):
            if self._fleet.outbox.exists():
                letters = [json.loads(line) for line in self._fleet.outbox.read_text(encoding="utf-8").splitlines()]
                codes = [re.search(r"\b\d{6}\b", one["text"]) for one in letters if one["to"] == phone]
                if codes and (last := codes[-1]):
                    return last.group()
            await asyncio.sleep(0.2)
        raise AssertionError(f"no code went to {phone}")


async def enrol(customer: Customer, account: str, postal_code: str, phone: str) -> str:
    """Switches to the e-bill; the reference."""
    said = await customer.verify("please switch me to paperless billing", account, postal_code, phone)
    for _ in range(12):
        if found := re.search(r"E-[A-Z0-9]{8}", said):
            return found.group()
        if "already" in said:
            return "already"
        said = await customer.say("bills@laurier.example" if "address" in said and "yes" not in said.lower() else "yes")
    raise AssertionError(f"not enrolled: {said}")


async def pay(http: aiohttp.ClientSession, fleet: Fleet, customer: Customer, amount: int) -> int:
    """Pays by a link; how often the page was asked until it said that it was paid."""
    said = await customer.say(f"payment link for {amount} dollars")
    for _ in range(8):
        if found := re.search(r"/pay/[\w-]{20,}", said):
            break
        said = await customer.say(f"payment link for {amount} dollars")
    else:
        raise AssertionError(f"no link: {said}")
    for tries in range(1, 60):
        try:
            url = fleet.urls[tries % len(fleet.urls)] + found.group()
            async with http.post(url, data={"choice": "pay"}) as answer:
                if answer.status in (200, 410):
                    return tries
        except (aiohttp.ClientError, OSError, TimeoutError):
            pass
        await asyncio.sleep(1)
    raise AssertionError("the link was never paid")


async def open_request(customer: Customer) -> str:
    """Opens a support request; its number."""
    said = await customer.say(OPEN)
    for _ in range(8):
        if found := re.search(r"R-\d{7}", said):
            return found.group()
        said = await customer.say(CALL_ME)
    raise AssertionError(f"no request: {said}")


async def kills_of_all(table: Table, fleet: Fleet, *, messages: int, times: int, requests: int) -> None:
    """See the module."""
    names = [name for name in fleet.processes if not name.startswith("stub")]
    killed: collections.Counter[str] = collections.Counter()
    ended = asyncio.Event()

    async def kill() -> None:
        for number in range(times):
            await asyncio.sleep(4)
            name = names[number % len(names)]
            fleet.kill(name)
            killed[name] += 1
            await asyncio.sleep(1)
            fleet.start_one(name)
            await asyncio.to_thread(fleet.wait_for, name)
            print(f"... {number + 1} of {times} killed", file=sys.stderr, flush=True)
        ended.set()

    async with aiohttp.ClientSession() as http:
        widgets = await connect(http, fleet.urls, 25)
        customers: list[Customer] = []

        async def customer(brand: str) -> Customer:
            customers.append(made := Customer(http, fleet, brand, len(customers)))
            await made.begin()
            return made

        async def chat(widget: Widget, number: int) -> None:
            for turn in range(messages // len(widgets)):
                await widget.insist(
                    f"{QUESTIONS[(number + turn) % len(QUESTIONS)]} {number}.{turn}", f"k-{number}-{turn}", 600
                )
                await asyncio.sleep(1 if ended.is_set() else 5)

        async def payer() -> list[int]:
            brand, account, postal_code, phone = PAYER
            talk = await customer(brand)
            await talk.verify("payment link", account, postal_code, phone)
            return [await pay(http, fleet, talk, amount) for amount in PAID]

        async def enrolment(brand: str, account: str, postal_code: str, phone: str) -> str:
            return await enrol(await customer(brand), account, postal_code, phone)

        async def asks_for_help(number: int) -> str:
            await asyncio.sleep(number * 5)
            return await open_request(await customer("primus"))

        work = [payer(), *(enrolment(*one) for one in E_BILL), *(asks_for_help(n) for n in range(requests))]
        done = await asyncio.gather(
            kill(), *(chat(widget, n) for n, widget in enumerate(widgets)), *work, return_exceptions=True
        )
        for name in names:
            await asyncio.to_thread(fleet.wait_for, name)
        took = await settled(fleet)
        await catch_up(widgets)
        truth = Truth(fleet.gateway_database, widgets, several=True)
    wrong = [repr(one) for one in done if isinstance(one, BaseException)]
    amounts = ", ".join(str(amount * 100) for amount in PAID)
    query = f"SELECT amount_cents, count(*) FROM payment WHERE amount_cents IN ({amounts}) GROUP BY 1"
    paid = rows(fleet.billing_database, query)
    audit = dict(rows(fleet.billing_database, "SELECT action, count(*) FROM audit GROUP BY action"))
    opened = rows(fleet.gateway_database, "SELECT conversation, count(*) FROM support_request GROUP BY conversation")
    apologies = sum(one.apologies for one in customers)
    what = ", ".join(f"{name} {count}" for name, count in killed.items())
    table.add(f"kill -9 of each process in turn ({what}) during {len(truth.acknowledged)} messages of pages and "
              f"{len(customers)} customers who enrol, pay, open requests", "each acknowledged message stored once, one reply or "
              "apology within 60 s, in order", f"{truth}; the last {took:.0f} s after the end", truth.whole and took < 60)  # fmt: skip
    table.add("", "no double payment, enrolment or request", f"{len(paid)} links paid, {sum(n > 1 for _, n in paid)} twice; "
              f"{audit.get('ebill_enrolment', 0)} enrolments of {len(E_BILL)}; {len(opened)} requests of {requests}, "
              f"{sum(n > 1 for _, n in opened)} twice", len(paid) == len(PAID) and all(n == 1 for _, n in paid + opened)
              and audit.get("ebill_enrolment", 0) == len(E_BILL) and len(opened) == requests)  # fmt: skip
    table.add("", "every customer reaches the end; the slowest answer within 60 s", f"{apologies} apologies, the slowest answer "
              f"{max(one.slowest for one in customers):.1f} s{'; ' if wrong else ''}{'; '.join(wrong[:3])}", not wrong)  # fmt: skip
