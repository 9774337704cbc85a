"""Who sends letters, by the settings: the mail server, Twilio or Kannel, the development outbox."""

from __future__ import annotations

import aiohttp

from gateway.channels.kannel import KannelSender
from gateway.channels.twilio import TwilioSender
from gateway.senders import DevelopmentSender, Sender
from gateway.settings import Settings
from gateway.smtp import SmtpSender, mail_server


def configured_senders(
    settings: Settings, development: DevelopmentSender | None, http: aiohttp.ClientSession
) -> dict[str, Sender]:
    """What sends on each channel by the settings; the development file where nothing is set. Raises SystemExit in production."""
    found: dict[str, Sender] = {"sms": development, "email": development} if development else {}
    if settings.smtp_url:
        found["email"] = SmtpSender(mail_server(settings.smtp_url), settings.mail_from)
    if settings.sms.provider == "twilio":
        found["sms"] = TwilioSender(http, settings.sms, settings.public_url)
    if settings.sms.provider == "kannel":
        found["sms"] = KannelSender(http, settings.sms, f"http://{settings.host}:{settings.port}")
    needed = (("email", "SMTP_URL"), ("sms", "TWILIO_ACCOUNT_SID or KANNEL_URL"))
    missing = [name for channel, name in needed if channel not in found]
    if missing:
        raise SystemExit(f"In production these must be set: {', '.join(missing)}.")
    return found


async def senders_or_exit(
    settings: Settings, development: DevelopmentSender | None, http: aiohttp.ClientSession
) -> dict[str, Sender]:
    """The same; a session that nobody will use is closed."""
    try:
        return configured_senders(settings, development, http)
    except SystemExit:
        await http.close()
        raise
