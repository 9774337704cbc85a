"""What the person at the terminal reads: one line a step, with its progress and time; plain text into a file."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from launch.stopping import Stopped

# Without a terminal a line cannot be rewritten: a long step says that it is alive this often, in seconds.
HEARTBEAT_S = 15.0


class Problem(Exception):
    """What stops the launch, as plain sentences for a person: what is wrong, and what to do or to set."""


def duration(seconds: float) -> str:
    """Seconds as a person reads them: "4.2 s", "1 min 05 s"."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"


class Step:
    """A step under way. `update` may be called as often as wanted: it decides itself what is worth a line."""

    def __init__(self, terminal: Terminal, title: str) -> None:
        self._terminal = terminal
        self._title = title
        self._began = self._said = terminal.clock()
        self._result = "done"
        terminal.working(f"{title} ...")

    def update(self, detail: str = "", *, changed: bool = False) -> None:
        """Shows how far it is. `changed` asks for a line where there is no terminal to rewrite one."""
        now = self._terminal.clock()
        line = f"{self._title}: {duration(now - self._began)}" + (f", {detail}" if detail else "")
        if self._terminal.rewrites:
            if now - self._said >= 0.2:
                self._said = now
                self._terminal.working(line)
        elif changed or now - self._said >= HEARTBEAT_S:
            self._said = now
            self._terminal.say(f"   {line}")

    def result(self, text: str) -> None:
        """What stands in place of "done" on the step's last line."""
        self._result = text

    def finish(self, result: str = "", *, good: bool = True) -> None:
        """The step's last line, with its time."""
        took = duration(self._terminal.clock() - self._began)
        self._terminal.outcome(f"{self._title}: {result or self._result} ({took})", good=good)


class Terminal:
    """Writes to `out`; colours and rewritten lines only where it is a terminal, never through a pipe or into a file."""

    def __init__(self, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = sys.stdout if out is None else out
        self.clock = clock
        self.rewrites = self._out.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._colours = self.rewrites and "NO_COLOR" not in os.environ
        self._unfinished = False

    def say(self, text: str = "") -> None:
        """One or more whole lines."""
        self._write(self._clear() + text + "\n")

    def working(self, text: str) -> None:
        """The line of the step under way."""
        if self.rewrites:
            self._write(f"{self._clear()}   {text[: shutil.get_terminal_size().columns - 4]}")
            self._unfinished = True
        else:
            self.say(f"-> {text}")

    def outcome(self, text: str, *, good: bool) -> None:
        """The end of a step."""
        self.say(f"{self._colour('ok', '32') if good else self._colour('!!', '31')} {text}")

    def problem(self, text: str) -> None:
        """What went wrong, so that it is seen among the rest."""
        self.say(f"{self._colour('!!', '31')} {text}")

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """A step from its first line to its last; an exception ends it as failed and goes on."""
        step = Step(self, title)
        try:
            yield step
        except BaseException as error:
            step.finish("stopped" if isinstance(error, Stopped) else "failed", good=False)
            raise
        step.finish()

    def _clear(self) -> str:
        unfinished, self._unfinished = self._unfinished, False
        return "\r\x1b[K" if unfinished else ""

    def _colour(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colours else text

    def _write(self, text: str) -> None:
        # A terminal that was closed, or a reader that left, must not keep us from ending what we started.
        with contextlib.suppress(OSError, ValueError):
            self._out.write(text)
            self._out.flush()
