"""Customers of a test's own in the running program: copies of the demonstration accounts, each with its codes to itself."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.stack import Stack, Talk

ROOT = Path(__file__).resolve().parents[2]
DEMONSTRATION = json.loads((ROOT / "demo" / "accounts.json").read_text(encoding="utf-8"))["accounts"]
BALANCE = {"fr": "c'est quoi mon solde", "en": "what do I owe"}


class Customers:
    """`talk(account, language)` is the one verified conversation of the copy of an account in a language.

    `series` (two digits, the last one its own) tells these copies from those of other files.
    """

    def __init__(self, stack: Stack, folder: Path, series: str) -> None:
        self._stack = stack
        self._copies: dict[tuple[str, str], dict[str, Any]] = {}
        self._talks: dict[tuple[str, str], Talk] = {}
        for place, language in enumerate(("fr", "en"), 1):
            for entry in DEMONSTRATION:
                own = {
                    "account": f"{entry['account'][:-5]}{series}{place}{entry['account'][-2:]}",
                    "language": language,
                }
                phone = f"{entry['phone'][:5]}555{series[-1]}{place}{entry['phone'][-2:]}"
                machines = [
                    {**machine, "serial": f"{machine['serial'][:3]}{series}{place}{machine['serial'][6:]}"}
                    for machine in entry.get("equipment", [])
                ]
                copy = {**entry, **own, "phone": phone}
                self._copies[entry["account"], language] = {**copy, "equipment": machines} if machines else copy
        file = folder / f"customers-{series}.json"
        file.write_text(json.dumps({"accounts": list(self._copies.values())}), encoding="utf-8")
        load = [sys.executable, "-m", "billing.demo", str(file)]
        subprocess.run(load, cwd=stack.root, env=stack.env, check=True, capture_output=True)

    def number(self, account: str, language: str) -> str:
        """The number of the copy."""
        return str(self._copies[account, language]["account"])

    def serial(self, account: str, language: str) -> str:
        """The serial number of the copy's machine."""
        return str(self._copies[account, language]["equipment"][0]["serial"])

    @contextlib.contextmanager
    def talk(self, account: str, language: str) -> Iterator[Talk]:
        """The conversation; where the test fails in the middle of something, the next one gets another."""
        key = account, language
        try:
            if key not in self._talks:
                self._talks[key] = self._verified(self._copies[key], language)
            yield self._talks[key]
        except BaseException:
            self._talks.pop(key, None)
            raise

    def _verified(self, copy: dict[str, Any], language: str) -> Talk:
        talk = self._stack.talk(copy["brand"], language)
        seen = len(self._stack.texts())
        talk.say(BALANCE[language])
        talk.say(f"{copy['account']} {copy['postal_code']}")
        talk.say(self._stack.code_for(copy["phone"], seen))
        assert "$" in talk.text, talk.text
        return talk
