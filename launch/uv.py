"""Finds uv, or installs it into `.tools/uv` of the project; outside of it only root's apt-get may change anything."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from launch import checks, children
from launch.stopping import Stop
from launch.terminal import Problem, Terminal

# Dependency groups (PEP 735), which pyproject.toml uses, came shortly before it.
OLDEST = (0, 5)
INSTALLER = "https://astral.sh/uv/install.sh"


def find_uv(root: Path, env: Mapping[str, str]) -> Path | None:
    """A uv that runs and is recent enough: the project's own, else one on PATH or where its installer puts it."""
    for candidate in _candidates(root, env):
        try:
            answer = subprocess.run(
                [str(candidate), "--version"], env=dict(env), capture_output=True, text=True, timeout=30, check=False
            )
        except (OSError, subprocess.SubprocessError):
            continue
        version = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
        if answer.returncode == 0 and version and (int(version[1]), int(version[2])) >= OLDEST:
            return candidate
    return None


def _own(root: Path) -> Path:
    return root / ".tools" / "uv" / "bin" / "uv"


def tools_folder(root: Path) -> Path:
    """The project's folder for tools, made where it is missing."""
    folder = root / ".tools"
    folder.mkdir(exist_ok=True)
    # Lint keeps out of it without Git too (a copy, an image), where .gitignore does not count.
    (folder / ".ignore").write_text("*\n", encoding="utf-8")
    return folder


def _candidates(root: Path, env: Mapping[str, str]) -> Iterator[Path]:
    folders = [*env.get("PATH", "").split(os.pathsep)]
    if env.get("HOME"):
        folders += [f"{env['HOME']}/.local/bin", f"{env['HOME']}/.cargo/bin"]
    for path in (_own(root), *(Path(folder or ".") / "uv" for folder in folders)):
        if os.access(path, os.X_OK) and path.is_file():
            yield path


def ensure_uv(
    root: Path, env: Mapping[str, str], terminal: Terminal, stop: Stop, *, ways: Iterable[Sequence[str]] | None = None
) -> Path:
    """uv, installed where it is missing. Raises Problem saying what to install where that fails."""
    found = find_uv(root, env)
    if found:
        return found
    log = root / "var" / "log" / "uv.log"
    began = log.stat().st_size if log.exists() else 0
    folder = tools_folder(root) / "uv"
    with terminal.step("Installing uv into .tools/uv") as step:
        for command in ways_to_install(folder, env) if ways is None else ways:
            try:
                code = children.run(command, env=_pip_environment(env), cwd=root, log=log, stop=stop, step=step)
            except OSError:
                continue
            if code == 0 and os.access(_own(root), os.X_OK):
                return _own(root)
        raise Problem(
            (checks.meaning(children.last_lines(log, 40, since=began)) or f"uv could not be installed; {log} says why.")
            + "\nuv can be installed by hand: `sudo apt-get install python3-venv` or `curl`, then try again;"
            + " or https://docs.astral.sh/uv/getting-started/installation/"
        )


def _pip_environment(env: Mapping[str, str]) -> dict[str, str]:
    """A mirror that is set for uv serves for getting uv too."""
    mirror = env.get("UV_DEFAULT_INDEX") or env.get("UV_INDEX_URL")
    return {"PIP_INDEX_URL": mirror, **env} if mirror else dict(env)


def ways_to_install(folder: Path, env: Mapping[str, str]) -> Iterator[list[str]]:
    """The commands that may bring uv, the simplest first: Debian's Python has neither venv nor pip unless asked for."""
    python = sys.executable
    _remove(folder)
    # A shell only to run two commands in a row; the paths are its arguments, never part of its text.
    make = '"$0" -m venv "$1" && "$1/bin/pip" install --quiet uv'
    yield ["sh", "-c", make, python, str(folder)]
    _remove(folder)
    yield [python, "-m", "pip", "install", "--quiet", "--target", str(folder), "uv"]
    _remove(folder)
    installer = ["env", f"UV_UNMANAGED_INSTALL={folder / 'bin'}", "UV_NO_MODIFY_PATH=1"]
    for fetch in ("curl -LsSf", "wget -qO-"):
        if shutil.which(fetch.split()[0], path=env.get("PATH")):
            yield [*installer, "sh", "-c", f'script=$({fetch} "$0") && printf "%s" "$script" | sh', INSTALLER]
    if os.geteuid() == 0 and shutil.which("apt-get", path=env.get("PATH")):
        _remove(folder)
        apt = "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends"
        yield ["sh", "-c", f"{apt} python3-venv ca-certificates && {make}", python, str(folder)]


def _remove(folder: Path) -> None:
    # A half-made environment of an attempt that failed would pass for a whole one.
    shutil.rmtree(folder, ignore_errors=True)
