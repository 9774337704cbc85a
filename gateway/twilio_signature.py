"""Whether Twilio signed a request: its address and its form, with a secret that only Twilio and we have.

Rules only. Twilio signs the address as it was set there, with or without the port, whichever of its systems sends; and a form's names and
values in their order, each value of a name once. The same rules as Twilio's own library, which the tests hold beside it.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

ALGORITHMS = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
PORTS = {"https": 443, "http": 80}


def is_signed(
    url: str, fields: Iterable[tuple[str, str]], signature: str, settings: str | None, secrets: Sequence[str]
) -> bool:
    """Whether one of `secrets` signed this. `settings`: the header of webhooks that are signed with a shared key, None where there is none.

    Several secrets while one is being replaced. An algorithm that is not known is no signature.
    """
    algorithm = ALGORITHMS.get(algorithm_of(settings))
    if algorithm is None or not signature.isascii():
        return False
    form = _form(fields)
    signed = [
        hmac.new(secret.encode(), (address + form).encode("utf-8", "surrogatepass"), algorithm).digest()
        for secret in secrets
        if secret
        for address in _addresses(url)
    ]
    # All are compared, so that the time tells nothing of which one it was.
    return sum(hmac.compare_digest(base64.b64encode(one).decode(), signature) for one in signed) > 0


def algorithm_of(settings: str | None) -> str:
    """What the header names (`key=…,algorithm=HMAC_SHA256`); SHA-1 where there is none."""
    for part in (settings or "").split(","):
        name, equals, value = part.partition("=")
        if equals and name.strip() == "algorithm" and value.strip():
            return value.strip().upper()
    return "HMAC_SHA1"


def _form(fields: Iterable[tuple[str, str]]) -> str:
    values: dict[str, set[str]] = {}
    for name, value in fields:
        values.setdefault(name, set()).add(value)
    return "".join(name + value for name in sorted(values) for value in sorted(values[name]))


def _addresses(url: str) -> tuple[str, str]:
    """The address without its port, and with it."""
    parts = urlsplit(url)
    host = parts.netloc.rsplit("@", 1)[-1]
    user = parts.netloc[: len(parts.netloc) - len(host)]
    bare = host.rpartition(":")[0] if parts.port is not None else host
    port = parts.port if parts.port is not None else PORTS.get(parts.scheme, 80)
    return (
        parts._replace(netloc=user + bare).geturl(),
        parts._replace(netloc=f"{user}{bare}:{port}").geturl(),
    )
