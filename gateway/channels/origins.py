"""Which pages may open a socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit


def may_connect(allowed: tuple[str, ...]) -> Callable[[str | None, dict[str, Any]], bool]:
    """Which Origin may open a socket: the gateway's own pages', and those of the sites that embed the widget."""

    def check(origin: str | None, environ: dict[str, Any]) -> bool:
        hosts = (environ.get("HTTP_HOST"), environ.get("HTTP_X_FORWARDED_HOST", "").split(",")[0].strip())
        host = urlsplit(origin or "").netloc
        return origin in allowed or bool(host and host in hosts)

    return check
