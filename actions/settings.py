"""The action server's settings, from the environment; what is missing is said at start."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Settings:
    """`action_s` is the limit of one action, below the gateway's limit of a turn. `gateway_urls`: of any gateways, all of one database."""

    internal_secret: str = dataclasses.field(repr=False)
    assistant_secret: str = dataclasses.field(repr=False)
    host: str = "127.0.0.1"
    port: int = 5055
    gateway_urls: tuple[str, ...] = ("http://127.0.0.1:8079",)
    billing_url: str = "http://127.0.0.1:8081"
    knowledge_base: Path = Path("knowledge_base")
    action_s: float = 4.5
    call_s: float = 2.0


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment. Exits with a plain message that names everything missing or wrong."""
    problems = []

    def secret(name: str) -> str:
        value, file = env.get(name, ""), env.get(f"{name}_FILE", "")
        if not value and file:
            try:
                value = Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{name}_FILE names {file}, which cannot be read: {type(error).__name__}")
                return ""
        if len(value) < 16:
            problems.append(f"{name} (or {name}_FILE) must hold at least 16 characters")
        return value

    found = {name: secret(name) for name in ("INTERNAL_SECRET", "ASSISTANT_SECRET")}
    port = env.get("ACTIONS_PORT") or str(Settings.port)
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        problems.append(f"ACTIONS_PORT must be a port, a whole number from 1 to 65535, not {port!r}")
    if problems:
        raise SystemExit("The action server cannot start:\n- " + "\n- ".join(problems))
    return Settings(
        internal_secret=found["INTERNAL_SECRET"],
        assistant_secret=found["ASSISTANT_SECRET"],
        host=env.get("ACTIONS_HOST", Settings.host),
        port=int(port),
        gateway_urls=tuple(one.strip() for one in env.get("GATEWAY_INTERNAL_URL", "").split(",") if one.strip())
        or Settings.gateway_urls,
        billing_url=env.get("BILLING_URL", Settings.billing_url),
        knowledge_base=Path(env.get("KNOWLEDGE_BASE", Settings.knowledge_base)),
    )
