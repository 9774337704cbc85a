"""How the launch is told to stop: Ctrl-C, a signal, the end of its terminal, or of the `make` that started it."""

from __future__ import annotations

import os
import signal
from types import FrameType


class Stopped(Exception):
    """Somebody asked to stop; not an error."""


class Stop:
    """Notes the request; whoever loops asks with `check`.

    A flag and not an exception out of the signal handler: that could land between the start of a process and the line
    that remembers it, and leave an orphan.
    """

    def __init__(self) -> None:
        self.asked = 0
        # `make` that is killed outright cannot tell us; being handed to another parent does.
        self._parent = os.getppid() if os.environ.get("MAKELEVEL") else None
        # A terminal that is closed tells its first program only: that may be `make`, which does not pass it on.
        self._terminal = 1 if os.isatty(1) else None

    def install(self) -> None:
        """Takes over SIGINT, SIGTERM and SIGHUP; the last stays ignored where it is (nohup)."""
        signal.signal(signal.SIGINT, self._note)
        signal.signal(signal.SIGTERM, self._note)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._note)

    def check(self) -> None:
        """Raises Stopped where somebody asked."""
        orphaned = self._parent is not None and os.getppid() != self._parent
        alone = self._terminal is not None and not os.isatty(self._terminal)
        if self.asked or orphaned or alone:
            raise Stopped

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1
