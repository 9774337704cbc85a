"""Starting and ending other programs so that none is left behind, their own children included."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from launch.stopping import Stop
from launch.terminal import Step

TICK_S = 0.1
PATIENCE_S = 10.0  # between asking a process to end and ending it
KILL_S = 2.0  # for what was killed to disappear
_PR_SET_PDEATHSIG = 1
# What a log has before its message: time, level, logger. A step shows its own time.
_LOG_PREFIX = re.compile(r"^\d{4}-\d\d-\d\d \S+ +[A-Z]+ +\S+ +- +")
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def start(command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path) -> subprocess.Popen[bytes]:
    """Starts a program in a process group of its own, what it says going to `log`.

    Of its own: Ctrl-C in the terminal reaches us alone, and a signal to the group reaches its children too. Raises
    OSError where the program cannot be started.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent if _libc else None,  # safe: there is one thread
        )


def _end_with_parent() -> None:
    # Where we are killed outright (SIGKILL, out of memory) nobody else would end the process.
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def signal_group(process: subprocess.Popen[bytes], number: int) -> bool:
    """Sends the signal to all of the process's group; False where nobody of it is left. 0 only asks."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of a group of zombies
        return False
    return True


def end(
    processes: Sequence[subprocess.Popen[bytes]], *, patience_s: float = PATIENCE_S, hurry: Callable[[], bool] = bool
) -> bool:
    """Ends the processes and all of their groups: asks, waits at most `patience_s`, then kills.

    `hurry` cuts the waiting short. True where all ended by themselves.
    """
    left = [process for process in processes if signal_group(process, signal.SIGTERM)]
    limit = time.monotonic() + patience_s
    while (left := _alive(left)) and time.monotonic() < limit and not hurry():
        time.sleep(TICK_S / 2)
    if not left:
        return True
    for process in left:
        signal_group(process, signal.SIGKILL)
    limit = time.monotonic() + KILL_S
    while (left := _alive(left)) and time.monotonic() < limit:
        time.sleep(TICK_S / 2)
    return False


def _alive(processes: Sequence[subprocess.Popen[bytes]]) -> list[subprocess.Popen[bytes]]:
    return [
        process
        for process in processes
        if process.poll() is None or (signal_group(process, 0) and _has_living(process.pid))
    ]


def _has_living(group: int) -> bool:
    """Whether a process of the group does more than wait for its exit status to be taken.

    An orphan's is taken by process 1, which in a container is often slow at it or never does.
    """
    if sys.platform != "linux":
        return True
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue  # it ended while we looked
        if its_group == str(group) and state not in "ZX":
            return True
    return False


def run(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    log: Path,
    stop: Stop,
    step: Step,
    tick: Callable[[], None] = lambda: None,
) -> int:
    """Runs a program to its end and returns its exit code; the step shows the last line that it said.

    `tick` is called many times a second, so that others can be looked after meanwhile. Where it raises, or where
    somebody asks to stop, the program is ended first. Raises OSError where it cannot be started.
    """
    began = log.stat().st_size if log.exists() else 0
    process = start(command, env=env, cwd=cwd, log=log)
    try:
        while process.poll() is None:
            stop.check()
            tick()
            step.update(_LOG_PREFIX.sub("", "".join(last_lines(log, 1, since=began))))
            time.sleep(TICK_S)
    finally:
        end([process], hurry=lambda: stop.asked > 1)
    return process.returncode


def last_lines(log: Path, count: int, *, since: int = 0) -> list[str]:
    """The last lines, blank ones left out, that the file got after byte `since`; none where there is no file."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(since, size - 16384))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    lines = [_COLOURS.sub("", line).rstrip() for line in text.splitlines()]
    return [line for line in lines if line][-count:]
