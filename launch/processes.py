"""The processes of the Procfile: started, restarted when they die, given up on where that fails, ended together."""

from __future__ import annotations

import dataclasses
import re
import shlex
import signal
import string
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from launch import children
from launch.terminal import Problem, Terminal, duration

QUICK_S = 60.0  # a life shorter than this is a quick death: Rasa takes most of it to start
DEATHS = 5  # quick deaths in a row after which starting it again is pointless
BACK_OFF_S = 1.0  # before the first restart; twice as long before each next one
LINES = 12
LOG_BYTES = 10_000_000

_LINE = re.compile(r"^([A-Za-z0-9_-]+):\s*(\S.*)$")


def read_procfile(path: Path, env: Mapping[str, str]) -> dict[str, list[str]]:
    """The commands by process name, in the file's order, with `${NAME}` taken from `env`. Raises Problem.

    Commands are run without a shell: a value stays one argument, whatever it holds.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from error
    found = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        if not match:
            raise Problem(f"{path.name}, line {number}: expected `name: command`.")
        try:
            found[match[1]] = [string.Template(word).substitute(env) for word in shlex.split(match[2])]
        except KeyError as error:
            raise Problem(f"{path.name}, line {number}: the setting {error.args[0]} is not set.") from error
        except ValueError as error:
            raise Problem(f"{path.name}, line {number}: {error}.") from error
    return found


@dataclasses.dataclass
class Process:
    """One process and its history. Times are the clock's."""

    name: str
    command: list[str]
    log: Path
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    log_began: int = 0
    quick_deaths: int = 0
    restart_at: float | None = None


class Supervisor:
    """Looks after the processes from one thread: `poll` must be called often, `stop` in the end whatever happens."""

    def __init__(
        self,
        commands: Mapping[str, list[str]],
        env: Mapping[str, str],
        root: Path,
        terminal: Terminal,
        *,
        quick_s: float = QUICK_S,
        back_off_s: float = BACK_OFF_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._env = dict(env)
        self._root = root
        self._terminal = terminal
        self._quick_s = quick_s
        self._back_off_s = back_off_s
        self._clock = clock
        logs = root / "var" / "log"
        self._processes = {name: Process(name, command, logs / f"{name}.log") for name, command in commands.items()}
        self.deaths = 0

    def start(self, name: str) -> None:
        """Starts a process of the Procfile that does not run yet. Raises Problem where its program is not there."""
        process = self._processes[name]
        if process.log.exists() and process.log.stat().st_size > LOG_BYTES:
            process.log.replace(process.log.with_suffix(".log.1"))
        process.log_began = process.log.stat().st_size if process.log.exists() else 0
        process.started_at = self._clock()
        process.restart_at = None
        try:
            process.running = children.start(process.command, env=self._env, cwd=self._root, log=process.log)
        except OSError as error:
            raise Problem(
                f"{name} cannot be started: {process.command[0]}: {error.strerror}. Try `make setup`."
            ) from error

    def names(self) -> list[str]:
        """The processes of the Procfile, in its order."""
        return list(self._processes)

    def poll(self) -> None:
        """Sees who died, says so, and starts it again when its time has come. Raises Problem when giving up."""
        for process in self._processes.values():
            if process.running is not None and process.running.poll() is not None:
                self._died(process, process.running)
            elif process.restart_at is not None and self._clock() >= process.restart_at:
                self.start(process.name)
                self._terminal.say(f"   {process.name} is started again.")

    def stop(self, *, hurry: Callable[[], bool] = bool) -> bool:
        """Ends all processes and everything they started, together. True where none had to be killed."""
        running = [process.running for process in self._processes.values() if process.running]
        gently = children.end(running, hurry=hurry)
        for process in self._processes.values():
            process.running = process.restart_at = None
        return gently

    def _died(self, process: Process, was: subprocess.Popen[bytes]) -> None:
        self.deaths += 1
        children.end([was])  # what it started itself may still hold its port
        process.running = None
        lived = self._clock() - process.started_at
        process.quick_deaths = process.quick_deaths + 1 if lived < self._quick_s else 0
        lines = children.last_lines(process.log, LINES, since=process.log_began)
        said = [f"{process.name} {how_it_ended(was.returncode)} after {duration(lived)}."]
        said += [f"   | {line}" for line in lines] or ["   It said nothing."]
        if process.quick_deaths >= DEATHS:
            self._terminal.problem("\n".join(said))
            raise Problem(
                f"{process.name} died {DEATHS} times in a row right after its start: starting it again does not help.\n"
                f"What it said is above, and all of it in {process.log}."
            )
        wait = self._back_off_s * 2 ** max(process.quick_deaths - 1, 0)
        process.restart_at = self._clock() + wait
        self._terminal.problem("\n".join([*said, f"   Starting it again in {duration(wait)}."]))


def how_it_ended(code: int) -> str:
    """The exit code of a process in words."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"was killed by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
