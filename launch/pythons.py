"""Finds a Python of a wanted version wherever it is, and knows what to tell the person where it is nowhere.

What a name on PATH says is not believed until it ran: pyenv's shims are there for versions that then do not start.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

BOT = ("3.10",)  # Rasa 3.6.21 runs on nothing later
SERVICES = ("3.11", "3.12", "3.13")
ENCODER = ("3.11",)  # as its lock

# The interpreter behind a shim or a virtual environment, where it has the modules that we need: a Python built without
# their libraries has none of them, and fails much later.
_PROBE = (
    "import ctypes, os, sqlite3, ssl, sys, zlib;"
    "print('%d.%d' % sys.version_info[:2]);"
    "print(os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable))"
)


def find(wanted: Sequence[str], env: Mapping[str, str], uv: Path | None = None) -> Path | None:
    """The interpreter of the first of the wanted versions ("3.10") that runs; None where the machine has none."""
    for version in wanted:
        for candidate in _candidates(version, env, uv):
            found = probe(candidate, env)
            if found and found[0] == version:
                return found[1]
    return None


def probe(python: Path, env: Mapping[str, str]) -> tuple[str, Path] | None:
    """The version ("3.10") and the true place of an interpreter; None where it does not run or lacks a module."""
    clean = {name: value for name, value in env.items() if not name.startswith("PYTHON")}
    try:
        answer = subprocess.run(
            [str(python), "-c", _PROBE], env=clean, capture_output=True, text=True, timeout=30, check=True
        ).stdout.splitlines()
    except (OSError, subprocess.SubprocessError):
        return None
    return (answer[0], Path(answer[1])) if len(answer) == 2 else None


def _candidates(version: str, env: Mapping[str, str], uv: Path | None) -> Iterator[Path]:
    # Every one on PATH, not only the first: a shim that fails often stands before the one that works.
    for folder in env.get("PATH", "").split(os.pathsep):
        for name in (f"python{version}", "python3"):
            path = Path(folder or ".") / name
            if os.access(path, os.X_OK):
                yield path
    roots = [Path(env[name]) for name in ("PYENV_ROOT",) if env.get(name)]
    if env.get("HOME"):
        roots.append(Path(env["HOME"]) / ".pyenv")
    for root in roots:
        yield from (folder / "bin" / "python" for folder in _newest(root / "versions", version))
    if uv:
        found = _uv_finds(uv, version, env)
        if found:
            yield found


def _newest(folder: Path, version: str) -> list[Path]:
    """pyenv's folders of a version, the newest first; without pre-releases."""
    pattern = re.compile(re.escape(version) + r"\.(\d+)")
    found = [(int(match[1]), path) for path in folder.glob(f"{version}.*") if (match := pattern.fullmatch(path.name))]
    return [path for _, path in sorted(found, reverse=True)]


def _uv_finds(uv: Path, version: str, env: Mapping[str, str]) -> Path | None:
    command = [str(uv), "python", "find", "--no-project", version]
    try:
        answer = subprocess.run(command, env=dict(env), capture_output=True, text=True, timeout=60, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return Path(answer.strip()) if answer.strip() else None


def advice(wanted: Sequence[str]) -> str:
    """What a person can install where no wanted version is on the machine and uv could not fetch one."""
    version = wanted[0]
    which = version if len(wanted) == 1 else f"{version} to {wanted[-1]}"
    return (
        f"Python {which} is needed and is nowhere on this machine, and uv could not fetch it.\n"
        "Install it, then try again:\n"
        f"  Ubuntu:     sudo add-apt-repository ppa:deadsnakes/ppa && sudo apt-get install python{version}\n"
        f"  elsewhere:  with pyenv (https://github.com/pyenv/pyenv): pyenv install {version}\n"
        "  a mirror:   uv fetches from GitHub; set UV_PYTHON_INSTALL_MIRROR to the address of a copy"
    )
