"""Chromium for the tests that drive the page: installed by apt where that is possible, else the tests are skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from launch import checks, children
from launch.stopping import Stop
from launch.terminal import Terminal

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find(env: Mapping[str, str]) -> Path | None:
    """A Chromium that runs: Ubuntu's package of that name only says to install a snap."""
    for name in NAMES:
        place = shutil.which(name, path=env.get("PATH"))
        if not place:
            continue
        try:
            answer = subprocess.run([place, "--version"], env=dict(env), capture_output=True, timeout=60, check=False)
        except (OSError, subprocess.SubprocessError):
            continue
        if answer.returncode == 0:
            return Path(place)
    return None


def ensure(root: Path, env: Mapping[str, str], terminal: Terminal, stop: Stop) -> None:
    """Installs it where it is missing and we are root; otherwise says why the browser tests will be skipped."""
    if find(env):
        return
    reason = _install(root, env, terminal, stop)
    if reason:
        terminal.problem(f"The browser tests will be skipped: {reason}")


def _install(root: Path, env: Mapping[str, str], terminal: Terminal, stop: Stop) -> str:
    """Why it could not be installed; "" where it was."""
    apt = shutil.which("apt-get", path=env.get("PATH"))
    if not apt:
        return "there is no Chromium, and no apt-get to install one."
    if os.geteuid() != 0:
        return "there is no Chromium, and only root can install it: sudo apt-get install chromium"
    log = root / "var" / "log" / "apt.log"
    began = log.stat().st_size if log.exists() else 0
    quiet = {**env, "DEBIAN_FRONTEND": "noninteractive"}
    with terminal.step("Installing Chromium for the browser tests (apt-get)") as step:
        for command in ([apt, "update"], [apt, "install", "-y", "--no-install-recommends", "chromium"]):
            try:
                children.run(command, env=quiet, cwd=root, log=log, stop=stop, step=step)
            except OSError as error:
                return f"apt-get cannot be run: {error.strerror}."
        if find(env):
            return ""
        step.result("not installed")
        lines = children.last_lines(log, 40, since=began)
        return f"apt-get brought no Chromium ({(lines or ['it said nothing'])[-1]}). {checks.meaning(lines)}".rstrip()
