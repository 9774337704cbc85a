"""Settings of the billing process: the environment over a file over the default. Secrets never print.

`BILLING_TOKEN_SECRET_FILE` names a file that holds `BILLING_TOKEN_SECRET`, as container secrets are given; so for every
setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

DATABASE_URL = "sqlite+aiosqlite:///var/billing.sqlite"
TIME_ZONE = "America/Toronto"
PUBLIC_URL = "http://localhost:8080"
# HMAC-SHA256 is as strong as its key up to 32 bytes (RFC 7518, 3.2).
SECRET_LENGTH = 32


class SettingsError(Exception):
    """Settings that are missing or wrong, all of them in one message; it never holds a value that could be secret."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """What the commands beside the server need: the database, and the zone in which a day begins and ends."""

    database_url: str = field(default=DATABASE_URL, repr=False)  # may hold a password
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(TIME_ZONE))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> StoreSettings:
        """Read them; raises SettingsError."""
        reader = _Reader(environment)
        settings = cls(database_url=reader.database_url(), time_zone=reader.time_zone())
        reader.refuse_problems()
        return settings


@dataclass(frozen=True, slots=True)
class Settings:
    """What the server needs. `token_secret` is the key shared with the gateway, which signs the tokens.

    `public_url`: where customers reach /pay/ and /documents/, without a slash at its end.
    """

    token_secret: str = field(repr=False)
    database_url: str = field(default=DATABASE_URL, repr=False)  # may hold a password
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(TIME_ZONE))
    host: str = "127.0.0.1"
    port: int = 8081
    public_url: str = PUBLIC_URL

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read them; raises SettingsError naming everything that is missing or wrong."""
        reader = _Reader(environment)
        settings = cls(
            token_secret=reader.token_secret(),
            database_url=reader.database_url(),
            time_zone=reader.time_zone(),
            host=reader.text("BILLING_HOST", "127.0.0.1"),
            port=reader.port("BILLING_PORT", 8081),
            public_url=reader.web_address("BILLING_PUBLIC_URL", PUBLIC_URL),
        )
        reader.refuse_problems()
        return settings


class _Reader:
    """Collects what is wrong instead of stopping at the first, so that one start shows all that must be set."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        value = self._environment.get(name, "").strip()
        path = self._environment.get(f"{name}_FILE", "").strip()
        if value or not path:
            return value or default
        try:
            return Path(path).read_text(encoding="utf-8").strip() or default
        except (OSError, UnicodeDecodeError) as error:
            self._problems.append(f"{name}_FILE names {path}, which cannot be read: {type(error).__name__}")
            return default

    def token_secret(self) -> str:
        known = len(self._problems)
        secret = self.text("BILLING_TOKEN_SECRET")
        if not secret and len(self._problems) == known:
            self._problems.append(
                "BILLING_TOKEN_SECRET (or BILLING_TOKEN_SECRET_FILE) is missing: the key shared with the gateway, at "
                f"least {SECRET_LENGTH} bytes; make one with `openssl rand -hex 32`"
            )
        elif secret and len(secret.encode()) < SECRET_LENGTH:
            self._problems.append(f"BILLING_TOKEN_SECRET is too short: at least {SECRET_LENGTH} bytes")
        return secret

    def database_url(self) -> str:
        url = self.text("BILLING_DATABASE_URL", DATABASE_URL)
        try:
            make_url(url)
        except (ArgumentError, ValueError):
            self._problems.append(f"BILLING_DATABASE_URL is not a database URL such as {DATABASE_URL}")
        return url

    def time_zone(self) -> ZoneInfo:
        name = self.text("BILLING_TIME_ZONE", TIME_ZONE)
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            self._problems.append(f"BILLING_TIME_ZONE is not a known time zone: {name}")
            return ZoneInfo("UTC")

    def port(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
            self._problems.append(f"{name} is not a port: {value}")
            return default
        return int(value)

    def web_address(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        try:
            parsed = urlsplit(value)
            good = (
                parsed.scheme in {"http", "https"} and bool(parsed.hostname) and not (parsed.query or parsed.fragment)
            )
        except ValueError:
            good = False
        if not good:
            self._problems.append(f"{name} is not a web address such as {default}: {value}")
        return value

    def refuse_problems(self) -> None:
        if self._problems:
            raise SettingsError("billing cannot start:\n" + "\n".join(f"  - {problem}" for problem in self._problems))
