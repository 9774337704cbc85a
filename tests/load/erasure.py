"""`python -m tests.load.erasure`: a customer read out and erased on a running program, on PostgreSQL (`--sqlite`: there), Rasa and all.

What they wrote is looked for afterwards in every table of every database, in every file and in every log.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import aiohttp
import psycopg
from psycopg import sql

from tests.load.fleet import ROOT, Fleet, folder, running, servers
from tests.load.kills import E_BILL, Customer
from tests.load.table import Table

CANARY = "canari-4711-zaporogue"
CONTACT = "amelie.zaporogue@canari.example"
ACCOUNT = E_BILL[0][1]


async def live(fleet: Fleet) -> None:
    """Two conversations of the customer, one proved, one with a request; and one of another."""
    async with aiohttp.ClientSession() as http:
        proved, asking, other = (Customer(http, fleet, "primus", 0) for _ in range(3))
        for customer in (proved, asking, other):
            await customer.begin()
        await proved.verify("what's my balance", *E_BILL[0][1:])
        await proved.say(f"my name is {CANARY}, thanks")
        await asking.say(f"my line has been down since this morning and I restarted everything, {CANARY}")
        said = await asking.say(CONTACT)
        assert re.search(r"R-\d{7}", said), said
        await other.say("do I need a modem?")


def everywhere(fleet: Fleet) -> str:
    """All that is kept: the rows of the three databases, and the files of the folder."""
    kept = []
    for url in (fleet.gateway_database, fleet.billing_database, fleet.assistant_database):
        if url.startswith("postgresql"):
            with psycopg.connect(url.replace("+psycopg", "")) as connection:
                tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
                for (table,) in tables:
                    query = sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(table))
                    kept += [row[0] for row in connection.execute(query)]
    for path in fleet.folder.rglob("*"):
        if path.is_file() and "export" not in path.parts:
            with contextlib.suppress(sqlite3.Error):
                kept.append(path.read_bytes().decode("utf-8", "ignore"))
    return "\n".join(kept)


def command(fleet: Fleet, *words: str) -> str:
    """What a command says; raises with its errors where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, env=fleet.gateway_env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sqlite", action="store_true")
    given = parser.parse_args()
    table = Table()
    with contextlib.ExitStack() as stack:
        cluster = None if given.sqlite else stack.enter_context(servers())[0]
        where = stack.enter_context(folder())
        fleet = stack.enter_context(running(Fleet(where, assistants=1, cluster=cluster)))
        asyncio.run(live(fleet))
        before = everywhere(fleet)
        out = where / "export"
        exported = []
        for whose in (["--account", ACCOUNT, "--brand", "primus"], ["--contact", CONTACT]):
            command(fleet, "gateway.customer", "export", *whose, "--by", "Diane", "--out", str(out / whose[1]))
            exported.append(json.dumps(json.loads((out / whose[1] / "data.json").read_text(encoding="utf-8"))))
        bills = [
            "billing.customer",
            "export",
            "--brand",
            "primus",
            "--account",
            ACCOUNT,
            "--out",
            str(out / "billing.json"),
        ]
        command(fleet, *bills)
        table.add(
            f"export by account and by contact, running on {'SQLite' if given.sqlite else 'PostgreSQL'}",
            "all that the customer wrote is in it",
            f"{sum(map(len, exported)):,} letters, billing {Path(bills[-1]).stat().st_size:,}",
            all(CANARY in one for one in exported) and before.count(CANARY) > 3,
        )
        said = [
            command(fleet, "gateway.customer", "erase", *whose, "--by", "Diane")
            for whose in (["--account", ACCOUNT, "--brand", "primus"], ["--contact", CONTACT])
        ]
        after = everywhere(fleet)
        left = {name: after.count(name) for name in (CANARY, CONTACT)}
        table.add("erase by account and by contact, Rasa's memory too", "no trace in databases, files or logs",
                  f"{left}; {' '.join(said)[:160]}", not any(left.values()))  # fmt: skip
        table.add("", "another customer's words stay", "", "do I need a modem?" in after)
        command(fleet, "gateway.customer", "purge")
        command(fleet, "billing.customer", "purge")
        table.add("purge on the running program", "ends well", "ok", True)
    return table.end()


if __name__ == "__main__":
    sys.exit(main())
