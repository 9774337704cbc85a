"""The gateway's settings: environment over default; what is missing is said at start, all at once."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from gateway.admission import Limits
from gateway.days import Days, read_days
from gateway.identity import ANSWER_S
from gateway.sms_settings import SmsSettings, read_sms_settings
from gateway.smtp import mail_server

DATABASE_URL = "sqlite+aiosqlite:///var/gateway.sqlite"
# HMAC-SHA256 is as strong as its key up to 32 bytes (RFC 7518, 3.2); billing asks for as many.
TOKEN_SECRET_LENGTH = 32


class SettingsError(SystemExit):
    """The process cannot start; the message names each setting and what is wrong with it."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """Times in seconds. Secrets do not print."""

    assistant_secret: str = dataclasses.field(repr=False)
    internal_secret: str = dataclasses.field(repr=False)
    billing_token_secret: str = dataclasses.field(repr=False)
    identity_secrets: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    host: str = "127.0.0.1"
    port: int = 8080
    internal_port: int = 8079
    database_url: str = dataclasses.field(default=DATABASE_URL, repr=False)  # may hold a password
    assistant_url: str = "http://127.0.0.1:5005"
    billing_url: str = "http://127.0.0.1:8081"
    # Where people reach the gateway, for links in letters; "" for the address that it listens at.
    public_url: str = ""
    actions_url: str = "http://127.0.0.1:5055"
    knowledge_base: Path = Path("knowledge_base")
    outbox_file: Path = Path("var/outbox.jsonl")
    attachments_folder: Path = Path("var/attachments")
    # Mail by SMTP; without it mail goes to the outbox file, and production does not start.
    smtp_url: str = dataclasses.field(default="", repr=False)  # holds a password
    mail_from: str = ""
    sms: SmsSettings = dataclasses.field(default_factory=SmsSettings)
    # Lets a mailbox or another program use the triage box; without it only agents who are signed in do.
    desk_api_token: str = dataclasses.field(default="", repr=False)
    production: bool = False
    show_understood: bool = True
    allowed_origins: tuple[str, ...] = ()
    # A customer reads a sentence within 8 s: the assistant gets 7 of them. An action has 5 (actions/), less than this; and this is
    # less than the 60 s after which Rasa lets two turns of one conversation overlap.
    turn_s: float = 7.0
    start_grace_s: float = 180.0
    code_answer_s: float = ANSWER_S
    message_characters: int = 4000
    # With PostgreSQL: wakes the other gateways. May hold a password.
    redis_url: str = dataclasses.field(default="", repr=False)
    # Who may read the figures, beside programs on this machine.
    metrics_from: tuple[IPv4Network | IPv6Network, ...] = ()
    limits: Limits = dataclasses.field(default_factory=Limits)
    retention: Days = dataclasses.field(default_factory=Days)

    @property
    def behind(self) -> tuple[str, ...]:
        """The addresses of the processes behind the gateway."""
        return (*(url.strip() for url in self.assistant_url.split(",")), self.billing_url, self.actions_url)


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment. `X_FILE` names a file that holds X. Raises SettingsError."""
    problems = []

    def secret(name: str, least: int = 16) -> str:
        value = env.get(name, "")
        if not value and env.get(f"{name}_FILE"):
            try:
                value = Path(env[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(
                    f"{name}_FILE names {env[f'{name}_FILE']}, which cannot be read: {type(error).__name__}"
                )
                return ""
        if len(value.encode()) < least:
            problems.append(f"{name} (or {name}_FILE) must hold at least {least} bytes")
        return value

    def mail() -> tuple[str, str]:
        url, sender = secret("SMTP_URL", least=0), env.get("MAIL_FROM", "")
        if url:
            try:
                mail_server(url)
            except ValueError as error:
                problems.append(f"SMTP_URL {error}")
            if not re.fullmatch(r"[^@\s]+@[^@\s]+", sender):
                problems.append("MAIL_FROM must be the address that mail comes from, where SMTP_URL is set")
        return url, sender

    def desk_token() -> str:
        given = env.get("DESK_API_TOKEN") or env.get("DESK_API_TOKEN_FILE")
        return secret("DESK_API_TOKEN") if given else ""

    def port(name: str, default: int) -> int:
        value = env.get(name) or str(default)
        if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
            problems.append(f"{name} must be a port, a whole number from 1 to 65535, not {value!r}")
            return default
        return int(value)

    def seconds(name: str, default: float) -> float:
        value = env.get(name) or str(default)
        try:
            return float(value)
        except ValueError:
            problems.append(f"{name} must be a number of seconds, not {value!r}")
            return default

    def number(name: str, default: float, least: float) -> float:
        value = env.get(name) or str(default)
        try:
            found = float(value)
        except ValueError:
            found = -1.0
        if not least <= found < 1_000_000:
            problems.append(f"{name} must be a number from {least:g}, not {value!r}")
            return default
        return found

    def networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
        found = [one.strip() for one in env.get(name, "").split(",") if one.strip()]
        try:
            return tuple(ip_network(one) for one in found)
        except ValueError:
            problems.append(f"{name} must be addresses or networks, with commas, not {env[name]!r}")
            return ()

    def limits() -> Limits:
        known = Limits()
        return Limits(
            messages_per_minute=int(number("MESSAGES_PER_MINUTE", known.messages_per_minute, 1)),
            turn_wait_s=number("TURN_WAIT_S", known.turn_wait_s, 0),
            turns_at_once=int(number("TURNS_AT_ONCE", known.turns_at_once, 1)),
            receiving_at_once=int(number("RECEIVING_AT_ONCE", known.receiving_at_once, 1)),
        )

    def choice(name: str, default: str, *others: str) -> str:
        value = env.get(name) or default
        if value not in (default, *others):
            problems.append(f"{name} must be {' or '.join((default, *others))}, not {value!r}")
        return value

    # IDENTITY_SECRET_PITNEY_BOWES is the secret that the site of pitney-bowes signs with.
    signing = {
        name.removesuffix("_FILE").removeprefix("IDENTITY_SECRET_").lower().replace("_", "-"): secret(
            name.removesuffix("_FILE")
        )
        for name in env
        if name.startswith("IDENTITY_SECRET_") and env[name]
    }
    production = choice("ENVIRONMENT", "development", "production") == "production"
    smtp_url, mail_from = mail()
    sms = read_sms_settings(env, secret, problems, production=production)
    shown, hidden = ("no", "yes") if production else ("yes", "no")
    redis_url = secret("REDIS_URL", least=0)
    if redis_url and not re.match(r"rediss?://", redis_url):
        problems.append("REDIS_URL must begin with redis:// or rediss://")
    if redis_url and not env.get("GATEWAY_DATABASE_URL", "").startswith("postgresql"):
        problems.append("REDIS_URL is for several gateways: it needs PostgreSQL in GATEWAY_DATABASE_URL")
    settings = Settings(
        assistant_secret=secret("ASSISTANT_SECRET"),
        internal_secret=secret("INTERNAL_SECRET"),
        billing_token_secret=secret("BILLING_TOKEN_SECRET", least=TOKEN_SECRET_LENGTH),
        identity_secrets=signing,
        host=env.get("GATEWAY_HOST", Settings.host),
        port=port("GATEWAY_PORT", Settings.port),
        internal_port=port("GATEWAY_INTERNAL_PORT", Settings.internal_port),
        database_url=env.get("GATEWAY_DATABASE_URL", DATABASE_URL),
        assistant_url=env.get("ASSISTANT_URL", Settings.assistant_url),
        billing_url=env.get("BILLING_URL", Settings.billing_url),
        public_url=env.get("PUBLIC_URL", "").rstrip("/"),
        actions_url=env.get("ACTIONS_HEALTH_URL", Settings.actions_url),
        knowledge_base=Path(env.get("KNOWLEDGE_BASE", Settings.knowledge_base)),
        outbox_file=Path(env.get("OUTBOX_FILE", Settings.outbox_file)),
        attachments_folder=Path(env.get("ATTACHMENTS_FOLDER", Settings.attachments_folder)),
        smtp_url=smtp_url,
        mail_from=mail_from,
        sms=sms,
        desk_api_token=desk_token(),
        production=production,
        start_grace_s=seconds("START_GRACE_S", Settings.start_grace_s),
        show_understood=choice("SHOW_UNDERSTOOD", shown, hidden) == "yes",
        redis_url=redis_url,
        metrics_from=networks("METRICS_FROM"),
        limits=limits(),
        retention=read_days(env, problems),
        allowed_origins=tuple(o.strip() for o in env.get("ALLOWED_ORIGINS", "").split(",") if o.strip()),
    )
    if problems:
        raise SettingsError("The gateway cannot start:\n- " + "\n- ".join(problems))
    return settings
