"""Mail by SMTP. A server that is away or busy is tried again; one that refuses an address for good is not."""

from __future__ import annotations

import dataclasses
import email.utils
import logging
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from gateway.senders import Letter, SendFailed

log = logging.getLogger(__name__)

TIMEOUT_S = 20.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclasses.dataclass(frozen=True)
class MailServer:
    """Where mail goes out. `tls`: from the first byte; else STARTTLS, where the server offers it or `must_encrypt`."""

    host: str
    port: int
    user: str | None
    password: str | None = dataclasses.field(repr=False)
    tls: bool
    must_encrypt: bool


def mail_server(url: str) -> MailServer:
    """Reads `smtp://user:password@host:587` or `smtps://host`. A password never travels in the clear but on this machine.

    Raises ValueError.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ValueError("must look like smtp://user:password@host:587 or smtps://host")
    tls = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if tls else 587 if parts.username else 25),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=tls,
        must_encrypt=not tls and bool(parts.username) and parts.hostname not in LOOPBACK,
    )


class SmtpSender:
    """Sends each letter over a connection of its own: there are few, and none waits for another's time-out."""

    def __init__(self, server: MailServer, sender: str) -> None:
        """`sender`: the address that mail comes from; replies go to the brand's own."""
        self._server = server
        self._sender = sender

    async def send(self, letter: Letter) -> None:
        """Returns once the server has accepted the letter. Raises SendFailed."""
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=True if server.must_encrypt else None,
            timeout=TIMEOUT_S,
        )
        try:
            async with client:
                await client.send_message(self.message(letter))
        except aiosmtplib.SMTPAuthenticationError as error:
            # The settings are wrong, not the letter: it goes out once they are mended.
            raise SendFailed(f"the mail server refuses to sign in: {error.code}") from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            code = error.recipients[0].code
            raise SendFailed(f"address refused: {code}", final=code >= 500) from error
        except aiosmtplib.SMTPResponseException as error:
            raise SendFailed(f"refused: {error.code}", final=error.code >= 500) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise SendFailed(type(error).__name__) from error
        except ValueError as error:  # an address that no message header can hold
            raise SendFailed(f"cannot be written: {error}", final=True) from error

    def message(self, letter: Letter) -> EmailMessage:
        """The letter as a message, text and HTML. Its Message-ID is the same each time: mailboxes drop what comes twice."""
        message = EmailMessage()
        domain = self._sender.rpartition("@")[2]
        message["From"] = Address(letter.sender, addr_spec=self._sender)
        message["To"] = Address(addr_spec=letter.address)
        message["Subject"] = letter.subject
        message["Date"] = email.utils.localtime()
        message["Message-ID"] = f"<{letter.id}@{domain}>"
        if letter.reply_to:
            message["Reply-To"] = letter.reply_to
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers to this
        message.set_content(letter.text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
        message["Content-Language"] = (
            f"{letter.language}-CA"  # last: what is set before would go to the first part only
        )
        return message
