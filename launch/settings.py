"""What the processes are told: ports, addresses, databases and secrets, as one environment for all of them.

The caller's environment wins over `.env`, and `.env` over what is worked out here.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from launch.terminal import Problem

PORTS = {
    "GATEWAY_PORT": 8080,
    "GATEWAY_INTERNAL_PORT": 8079,
    "BILLING_PORT": 8081,
    "ACTIONS_PORT": 5055,
    "ASSISTANT_PORT": 5005,
}
SECRETS = ("ASSISTANT_SECRET", "INTERNAL_SECRET", "BILLING_TOKEN_SECRET")
LOOPBACK = "127.0.0.1"

_FIXED = {
    "PYTHONPATH": ".",
    "PYTHONUNBUFFERED": "1",  # a log's last lines must be there when a process dies
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # Rasa's SQLAlchemy 1.4 advertises version 2 at each start
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "RASA_TELEMETRY_ENABLED": "false",
}
# They would have our processes import another environment's packages, or uv work on another environment.
_FOREIGN = ("VIRTUAL_ENV", "PYTHONHOME", "UV_PROJECT_ENVIRONMENT", "UV_PROJECT", "UV_WORKING_DIRECTORY")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_env_file(path: Path) -> dict[str, str]:
    """The `KEY=VALUE` lines of a file; empty where there is none. Raises Problem naming the first line that is not one.

    Blank lines and lines that begin with # say nothing; `export ` before the key and one pair of quotes around the
    value are taken off; nothing else is interpreted, so that a password may hold any character.
    """
    if not path.is_file():
        return {}
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        name = re.sub(r"^export\s+", "", name).strip()
        if not equals or not _NAME.fullmatch(name):
            raise Problem(f"{path.name}, line {number}: expected KEY=VALUE.")
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        found[name] = value
    return found


def ports(env: Mapping[str, str]) -> dict[str, int]:
    """The port of each setting of PORTS. Raises Problem where one is no port, or where two are the same."""
    found: dict[str, int] = {}
    for name, default in PORTS.items():
        value = env.get(name) or str(default)
        if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
            raise Problem(f"{name} is {value!r}: it must be a port, a whole number from 1 to 65535.")
        number = int(value)
        twin = next((other for other, taken in found.items() if taken == number), None)
        if twin:
            raise Problem(f"{twin} and {name} are both {number}: each process needs a port of its own.")
        found[name] = number
    return found


def base_environment(root: Path, env: Mapping[str, str]) -> dict[str, str]:
    """The environment for the tools of the set-up: the caller's over `.env`, without other virtual environments."""
    return {name: value for name, value in {**read_env_file(root / ".env"), **env}.items() if name not in _FOREIGN}


def process_environment(root: Path, env: Mapping[str, str]) -> dict[str, str]:
    """The environment of all four processes, worked out from `base_environment`.

    Makes the folders and the secrets under `var/` that are missing. Raises Problem.
    """
    number = {name: str(port) for name, port in ports(env).items()}

    def address(name: str) -> str:
        return f"http://{LOOPBACK}:{number[name]}"

    defaults = {
        "ASSISTANT_URL": address("ASSISTANT_PORT"),
        "BILLING_URL": address("BILLING_PORT"),
        # Links to pay by and to documents: the gateway hands them on to billing. Elsewhere than here, the public address.
        "BILLING_PUBLIC_URL": address("GATEWAY_PORT"),
        "ACTIONS_URL": f"{address('ACTIONS_PORT')}/webhook",
        "ACTIONS_HEALTH_URL": address("ACTIONS_PORT"),
        "GATEWAY_INTERNAL_URL": address("GATEWAY_INTERNAL_PORT"),
        "GATEWAY_DATABASE_URL": "sqlite+aiosqlite:///var/gateway.sqlite",
        "BILLING_DATABASE_URL": "sqlite+aiosqlite:///var/billing.sqlite",
        "ASSISTANT_DATABASE_URL": "sqlite:///var/assistant.sqlite",
        # The gateway serves first, before a first training: what is written meanwhile waits for the assistant this long.
        "START_GRACE_S": "900",
    }
    given = {name: value for name, value in env.items() if value or name not in {*defaults, *PORTS, *SECRETS}}
    try:
        (root / "var").mkdir(exist_ok=True)
        kept = {name: _secret(root / "var" / "secrets", name, given) for name in SECRETS}
    except OSError as error:
        raise Problem(
            f"Cannot write in {root / 'var'}: {error.strerror}. It must belong to the user who runs this."
        ) from error
    return {**defaults, **given, **number, **kept, **_FIXED}


def _secret(folder: Path, name: str, env: Mapping[str, str]) -> str:
    """The secret from the environment, from the file that `<name>_FILE` names, or kept in the folder; made once."""
    if env.get(name):
        return env[name]
    if env.get(f"{name}_FILE"):
        try:
            return Path(env[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Problem(f"{name}_FILE names {env[f'{name}_FILE']}, which cannot be read.") from error
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    value = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    if not value:
        value = secrets.token_urlsafe(32)
        # Written aside and renamed: a launch that is interrupted here leaves no half of a secret.
        aside = folder / f".{name}.{os.getpid()}"
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(value + "\n")
        aside.replace(path)
    return value
