"""`python -m gateway.customer export|erase|purge`: a customer's right to their data, and to have it erased (docs/operations.md).

Both leave a line in the desk's log: who did it, by what, how much, under a reference; never whose data they were.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import getpass
import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from desk.agents import audit
from desk.attachments import Files
from desk.requests import same_contact
from gateway.clock import utc_now
from gateway.customer_data import erase, read_out
from gateway.database import Sessions, open_database
from gateway.rasa_client import AssistantError, RasaClient
from gateway.retention import Retention, checkpoint
from gateway.settings import Settings, read_settings
from gateway.subject import Asked, Subject, find_subject
from reach import open_session

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read for another


class CustomerData:
    """What the commands do; tests call it as they do."""

    def __init__(self, settings: Settings, sessions: Sessions, assistant: RasaClient, by: str) -> None:
        self._settings = settings
        self._sessions = sessions
        self._assistant = assistant
        self._by = by
        self._files = Files(settings.attachments_folder)

    async def export(self, asked: Asked, folder: Path) -> tuple[str, int]:
        """Writes data.json and the attachments into a new folder; the reference, and how many conversations and requests there were."""
        async with self._sessions.begin() as session:
            subject = await find_subject(session, asked)
            found = await read_out(session, subject)
            names = {row["id"]: row["name"] for row in found.get("attachment", [])}
            files = await self._stored(session, names)
            reference = self._log(session, "customer_exported", asked, subject)
        found["letters_written_to_the_development_outbox"] = self._outbox_lines(subject, found, keep=False)[1]
        folder.mkdir(mode=0o700, parents=True)
        for number, stored in files.items():
            data = (self._settings.attachments_folder / stored).read_bytes()
            (folder / f"{number}-{Path(names[number]).name}").write_bytes(data)
        body = json.dumps(found, ensure_ascii=False, indent=2)
        (folder / "data.json").write_text(body + "\n", encoding="utf-8")
        return reference, len(subject.conversations) + len(subject.requests)

    async def erase(self, asked: Asked) -> tuple[str, dict[str, int]]:
        """Erases everywhere, the assistant first: it must run. The reference, and what is gone.

        Raises AssistantError, with nothing done.
        """
        async with self._sessions() as session:
            known = set((await find_subject(session, asked)).conversations)
        remembered = await self._assistant.erase(sorted(known))  # not in the transaction: it would hold up all writers
        async with self._sessions.begin() as session:
            subject = await find_subject(session, asked)
            if begun_meanwhile := set(subject.conversations) - known:
                remembered += await self._assistant.erase(sorted(begun_meanwhile))
            found = await read_out(session, subject)
            erased = await erase(session, subject)
            reference = self._log(session, "customer_erased", asked, subject)
        for stored in erased.files:
            self._files.forget(stored)
        kept, gone = self._outbox_lines(subject, found, keep=True)
        if gone:
            aside = self._settings.outbox_file.with_suffix(".aside")
            aside.write_text("".join(kept), encoding="utf-8")
            aside.replace(self._settings.outbox_file)
        rows = {**erased.rows, "files": len(erased.files), "memory": remembered, "development outbox": len(gone)}
        return reference, {name: count for name, count in rows.items() if count}

    def _log(self, session: Any, what: str, asked: Asked, subject: Subject) -> str:
        reference = "P-" + "".join(secrets.choice(LETTERS) for _ in range(8))
        given = [
            field.name for field in dataclasses.fields(asked) if getattr(asked, field.name) and field.name != "brand"
        ]
        details = {"by": self._by, "found_by": given, "conversations": len(subject.conversations)}
        audit(session, None, what, f"customer:{reference}", utc_now(), **details, requests=len(subject.requests))
        return reference

    async def _stored(self, session: Any, numbers: Any) -> dict[int, str]:
        if not numbers:
            return {}
        listed = ", ".join(str(int(number)) for number in numbers)
        rows = await session.execute(text(f"SELECT id, stored FROM attachment WHERE id IN ({listed})"))
        return {number: stored for number, stored in rows if (self._settings.attachments_folder / stored).is_file()}

    def _outbox_lines(self, subject: Subject, found: dict[str, Any], *, keep: bool) -> tuple[list[str], list[Any]]:
        """The lines of the development outbox that are somebody else's, and this customer's letters."""
        path = self._settings.outbox_file
        numbers = [row["number"] for row in found.get("support_request", [])]
        others, theirs = [], []
        for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if path.is_file() else []:
            letter = json.loads(line)
            if any(same_contact(letter["to"], address) for address in subject.addresses) or any(
                number in letter["text"] for number in numbers
            ):
                theirs.append(letter)
            else:
                others.append(line)
        return others if keep else [], theirs


async def vacuum(engine: AsyncEngine) -> None:
    """Writes the database anew, so that nothing of what was erased is left between its rows."""
    async with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execution_options(isolation_level="AUTOCOMMIT")
        else:
            await connection.exec_driver_sql("SELECT 1")
            await connection.exec_driver_sql("COMMIT")
        await connection.exec_driver_sql("VACUUM")
        if engine.dialect.name == "sqlite":
            await connection.exec_driver_sql("BEGIN")


async def run(given: argparse.Namespace, settings: Settings) -> int:
    """One command; the exit code."""
    engine, sessions = open_database(settings.database_url)
    async with open_session(settings.behind) as http:
        assistant = RasaClient(http, settings.assistant_url, settings.assistant_secret)
        try:
            if given.what == "purge":
                files = Files(settings.attachments_folder)
                retention = Retention(
                    sessions=sessions, files=files, assistant=assistant, days=settings.retention, now=utc_now
                )
                _tell("removed", await retention.purge())
                return 0
            data = CustomerData(settings, sessions, assistant, given.by)
            asked = Asked(given.brand, given.account, given.contact, given.conversation)
            if given.what == "export":
                reference, count = await data.export(asked, given.out)
                print(f"{reference}: {count} conversations and requests in {given.out}")
                return 0
            reference, gone = await data.erase(asked)
            await checkpoint(sessions)
            await vacuum(engine)
            await checkpoint(sessions)
            _tell(f"{reference}: erased", gone)
            return 0
        except AssistantError as error:
            print(
                f"Nothing was erased: the assistant must forget first, and does not answer ({error}).", file=sys.stderr
            )
            return 1
        finally:
            await engine.dispose()


def _tell(what: str, rows: dict[str, int]) -> None:
    print(f"{what}: " + (", ".join(f"{name} {count}" for name, count in sorted(rows.items())) or "nothing"))


def main(arguments: list[str] | None = None) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="python -m gateway.customer", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    for name in ("export", "erase"):
        one = commands.add_parser(name)
        one.add_argument("--account", help="with --brand")
        one.add_argument("--brand")
        one.add_argument("--contact", help="a phone or a mail address, of all brands where --brand is not given")
        one.add_argument("--conversation", help="one conversation by its id")
        one.add_argument("--by", default=getpass.getuser(), help="who does it, for the log")
        if name == "export":
            one.add_argument("--out", type=Path, required=True, help="a folder that is not there yet")
    commands.add_parser("purge")
    given = parser.parse_args(arguments)
    if given.what != "purge":
        if not (given.account or given.contact or given.conversation):
            parser.error("whose data? --account with --brand, --contact or --conversation")
        if given.account and not given.brand:
            parser.error("--account needs --brand: the same number may be another brand's")
    return asyncio.run(run(given, read_settings(os.environ)))


if __name__ == "__main__":
    sys.exit(main())
