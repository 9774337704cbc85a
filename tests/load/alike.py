"""`python -m tests.load.alike`: how long the answers take that must tell nobody whether an account is there. Real gateway and billing.

Asked in turn, in a new order each round: so that what else the machine does meets all alike. What is compared is the middle of each kind.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import statistics
import sys
import time
from typing import Any

import aiohttp

from tests.load.fleet import Fleet, folder, running
from tests.load.table import Table
from tests.stack import SECRET

MOST_MS = 10.0
RIGHT = {"account": "1002003001", "postal_code": "H2X 1Y4"}
CLOSED = {"account": "1002003002", "postal_code": "M5V 2T6"}
ASKED = {
    "right": RIGHT,
    "unknown account": {**RIGHT, "account": "1002999999"},
    "wrong postal code": {**RIGHT, "postal_code": "M5V 2T6"},
    "closed account": CLOSED,
}
CLOSE = (
    "INSERT INTO code_failure (brand, account, channel, at) "
    "VALUES ('primus', '1002003002', 'api', datetime('now'))"
)  # fmt: skip


async def measure(fleet: Fleet, rounds: int) -> tuple[dict[str, list[float]], dict[str, list[float]], set[Any]]:
    """The milliseconds of each kind for a code to be sent and for a wrong code; and the different answers that were seen."""
    sent: dict[str, list[float]] = {name: [] for name in ASKED}
    tried: dict[str, list[float]] = {name: [] for name in ASKED}
    answers: set[Any] = set()
    path = fleet.gateway_database.partition("///")[2]
    async with aiohttp.ClientSession() as http:

        async def inside(talk: str, what: str, body: dict[str, Any]) -> float:
            url = f"{fleet.internal_url}/internal/v1/conversations/{talk}/{what}"
            began = time.perf_counter()
            async with http.post(url, json=body, headers={"Authorization": f"Bearer {SECRET}"}) as answer:
                found = await answer.read()
            answers.add((what, answer.status, found))
            return (time.perf_counter() - began) * 1000

        for number in range(rounds + 5):
            for name in random.sample(list(ASKED), len(ASKED)):
                with sqlite3.connect(path, timeout=10) as database:
                    database.execute("DELETE FROM code")  # three sendings in a quarter of an hour would end it
                    database.execute("DELETE FROM code_failure WHERE account != ?", (CLOSED["account"],))
                    if not database.execute("SELECT count(*) FROM code_failure").fetchone()[0]:
                        database.executemany(CLOSE, [()] * 10)
                database.close()
                async with http.post(f"{fleet.urls[0]}/api/v1/conversations", json={"brand": "primus"}) as made:
                    talk = (await made.json())["conversation"]
                took = await inside(talk, "codes", {**ASKED[name], "channel": "sms", "language": "fr"})
                await asyncio.sleep(0.03)  # what goes out now is no part of an answer
                wrong = await inside(talk, "verification", {"code": "000000"})
                if number >= 5:
                    sent[name].append(took)
                    tried[name].append(wrong)
    return sent, tried, answers


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    table = Table()
    with folder() as where, running(Fleet(where, billing=True)) as fleet:
        sent, tried, answers = asyncio.run(measure(fleet, rounds))
    for title, times in (("a code is asked for", sent), ("a wrong code is given", tried)):
        middle = {name: statistics.median(found) for name, found in times.items()}
        spread = max(middle.values()) - min(middle.values())
        seen = ", ".join(f"{name} {value:.1f} ms" for name, value in middle.items())
        table.add(
            f"{title}, {rounds} times each",
            f"alike within {MOST_MS:g} ms",
            f"{spread:.1f} ms apart: {seen}",
            spread <= MOST_MS,
        )
    extra = "" if len(answers) == 2 else f": {sorted(answers)}"
    table.add("", "the same bytes", f"{len(answers)} different answers to 2 questions{extra}", len(answers) == 2)
    return table.end()


if __name__ == "__main__":
    sys.exit(main())
