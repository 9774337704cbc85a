"""The settings of text messages: the provider, the brands' numbers, limits and prices."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

NUMBER = re.compile(r"\+\d{7,15}|\d{4,8}|MG[0-9a-fA-F]{32}")
TWILIO_API = "https://api.twilio.com"
LOOPBACK = ("127.0.0.0/8", "::1/128")


@dataclasses.dataclass(frozen=True)
class SmsSettings:
    """Without `twilio_account` and `kannel_url` texts go to the development outbox. Secrets do not print.

    `numbers`: of each brand, the first is the one that it writes from; one that begins with MG is a messaging service of Twilio's.
    `part_cost` and `cost_a_day` in dollars, by brand and day; None: no ceiling.
    """

    provider: str = ""
    numbers: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    twilio_account: str = ""
    twilio_tokens: tuple[str, ...] = dataclasses.field(default=(), repr=False)
    twilio_shared_keys: tuple[str, ...] = dataclasses.field(default=(), repr=False)
    twilio_api: str = TWILIO_API
    kannel_url: str = ""
    kannel_user: str = ""
    kannel_password: str = dataclasses.field(default="", repr=False)
    kannel_secret: str = dataclasses.field(default="", repr=False)
    kannel_from: tuple[str, ...] = LOOPBACK
    kannel_callback: str = ""
    country_codes: tuple[int, ...] = (1,)
    messages_a_day: int = 100
    part_cost: Decimal = Decimal("0.01")
    cost_a_day: Decimal | None = None
    burst_s: float = 1.5
    rest_h: float = 72.0


def read_sms_settings(
    env: Mapping[str, str], secret: Callable[..., str], problems: list[str], *, production: bool
) -> SmsSettings:
    """The settings from the environment; what is wrong is added to `problems`. `secret` reads `X` or the file of `X_FILE`."""

    def several(name: str) -> tuple[str, ...]:
        return tuple(one.strip() for one in secret(name, least=0).split(",") if one.strip())

    def number(name: str, default: str, kind: Callable[[str], bool], what: str) -> str:
        value = env.get(name) or default
        if value and not kind(value):
            problems.append(f"{name} must be {what}, not {value!r}")
            return default
        return value

    numbers = {}
    for name in sorted(env):
        if name.startswith("SMS_NUMBER_") and env[name]:
            given = tuple(re.sub(r"[ ().-]", "", one) for one in env[name].split(",") if one.strip())
            if not all(NUMBER.fullmatch(one) for one in given):
                problems.append(f"{name} must be numbers like +15145550100, with commas, not {env[name]!r}")
            numbers[name.removeprefix("SMS_NUMBER_").lower().replace("_", "-")] = given
    taken = [one for given in numbers.values() for one in given]
    if len(taken) != len(set(taken)):
        problems.append("SMS_NUMBER_… name a number twice: it can belong to one brand only")

    account, kannel_url = env.get("TWILIO_ACCOUNT_SID", ""), env.get("KANNEL_URL", "")
    tokens = several("TWILIO_AUTH_TOKEN")
    provider = env.get("SMS_PROVIDER") or ("twilio" if account else "kannel" if kannel_url else "")
    if account and kannel_url and not env.get("SMS_PROVIDER"):
        problems.append("SMS_PROVIDER must say which one sends, twilio or kannel, where both are set")
    if provider not in ("", "twilio", "kannel"):
        problems.append(f"SMS_PROVIDER must be twilio or kannel, not {provider!r}")
    if provider == "twilio" and not (account and tokens):
        problems.append("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set for Twilio to send")
    kannel_secret = secret("KANNEL_SECRET", least=0)
    if provider == "kannel" and not (kannel_url and kannel_secret and env.get("KANNEL_USER")):
        problems.append("KANNEL_URL, KANNEL_USER and KANNEL_SECRET must be set for Kannel to send")
    if production and provider and not numbers:
        problems.append("SMS_NUMBER_<BRAND> must name the number of each brand that writes texts")
    if production and tokens and not env.get("PUBLIC_URL"):
        problems.append("PUBLIC_URL must be set: Twilio signs the address that it calls")
    networks = tuple(one.strip() for one in env.get("KANNEL_FROM", "").split(",") if one.strip()) or LOOPBACK
    for one in networks:
        try:
            ipaddress.ip_network(one)
        except ValueError:
            problems.append(f"KANNEL_FROM must be addresses or networks, with commas, not {one!r}")
            networks = LOOPBACK
    codes = number(
        "SMS_COUNTRY_CODES", "1", lambda v: re.fullmatch(r"\d{1,3}(,\s*\d{1,3})*", v) is not None, "codes like 1,33"
    )
    return SmsSettings(
        provider=provider,
        numbers=numbers,
        twilio_account=account,
        twilio_tokens=tokens,
        twilio_shared_keys=several("TWILIO_SHARED_KEY"),
        twilio_api=env.get("TWILIO_API_URL", TWILIO_API).rstrip("/"),
        kannel_url=kannel_url,
        kannel_user=env.get("KANNEL_USER", ""),
        kannel_password=secret("KANNEL_PASSWORD", least=0),
        kannel_secret=kannel_secret,
        kannel_from=networks,
        kannel_callback=env.get("KANNEL_CALLBACK_URL", "").rstrip("/"),
        country_codes=tuple(int(one) for one in codes.split(",")),
        messages_a_day=int(number("SMS_A_DAY", "100", str.isdecimal, "a whole number")),
        part_cost=Decimal(number("SMS_PART_COST", "0.01", _is_amount, "dollars, like 0.0083")),
        cost_a_day=Decimal(value) if (value := number("SMS_COST_A_DAY", "", _is_amount, "dollars, like 25")) else None,
        burst_s=float(number("SMS_BURST_S", "1.5", _is_amount, "seconds")),
        rest_h=float(number("SMS_REST_H", "72", _is_amount, "hours")),
    )


def _is_amount(value: str) -> bool:
    try:
        return Decimal(value) >= 0 and Decimal(value).is_finite()
    except InvalidOperation:
        return False
