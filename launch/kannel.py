"""Kannel for the tests of text messages: installed by apt where that is possible, else the tests are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from launch import checks, children
from launch.stopping import Stop
from launch.terminal import Terminal

PLACES = "/usr/sbin:/usr/bin:/sbin"
FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
PACKAGES = ("kannel", "kannel-extras")


def is_there() -> bool:
    """Whether both of its programs are installed, and its fake message centre."""
    return all(shutil.which(name, path=PLACES) for name in ("bearerbox", "smsbox")) and FAKESMSC.exists()


def ensure(root: Path, env: Mapping[str, str], terminal: Terminal, stop: Stop) -> None:
    """Installs it where it is missing and we are root; otherwise says why its tests will be skipped."""
    if is_there():
        return
    reason = _install(root, env, terminal, stop)
    if reason:
        terminal.problem(f"The tests with Kannel will be skipped: {reason}")


def _install(root: Path, env: Mapping[str, str], terminal: Terminal, stop: Stop) -> str:
    """Why it could not be installed; "" where it was."""
    apt = shutil.which("apt-get", path=env.get("PATH"))
    if not apt:
        return "there is no Kannel, and no apt-get to install one."
    if os.geteuid() != 0:
        return f"there is no Kannel, and only root can install it: sudo apt-get install {' '.join(PACKAGES)}"
    log = root / "var" / "log" / "apt.log"
    began = log.stat().st_size if log.exists() else 0
    quiet = {**env, "DEBIAN_FRONTEND": "noninteractive"}
    with terminal.step("Installing Kannel for the tests of text messages (apt-get)") as step:
        for command in ([apt, "update"], [apt, "install", "-y", "--no-install-recommends", *PACKAGES]):
            try:
                children.run(command, env=quiet, cwd=root, log=log, stop=stop, step=step)
            except OSError as error:
                return f"apt-get cannot be run: {error.strerror}."
        if is_there():
            return ""
        step.result("not installed")
        lines = children.last_lines(log, 40, since=began)
        return f"apt-get brought no Kannel ({(lines or ['it said nothing'])[-1]}). {checks.meaning(lines)}".rstrip()
