"""A Redis of the tests' own: on loopback, in memory, with a password that is made up at each start."""

from __future__ import annotations

import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import redis

from tests.postgresql import end_with_parent
from tests.stack import free_port

READY_S = 20


def why_not() -> str | None:
    """Why there is no Redis to test on; None where there is."""
    return None if shutil.which("redis-server") else "Redis is not installed (Debian: apt-get install redis-server)"


class RedisServer:
    """One server, from `start` to `end`; `stop` and `start` again as often as wanted, on the same port, empty each time."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="redis-"))
        self._port = free_port()
        self._password = secrets.token_hex(16)
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, as clients take it."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Returns when it answers."""
        # From a file: the arguments of a process are no place for a password.
        lines = (f"port {self._port}", "bind 127.0.0.1", f"requirepass {self._password}", 'save ""', "appendonly no")
        settings = self._folder / "redis.conf"
        settings.touch(mode=0o600)
        settings.write_text("\n".join(lines), encoding="ascii")
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                ["redis-server", str(settings)],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        until = time.monotonic() + READY_S
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    assert time.monotonic() < until, (self._folder / "log").read_text(errors="replace")
                    time.sleep(0.05)

    def signal(self, number: int) -> None:
        """Sends a signal: SIGSTOP and SIGCONT, say."""
        assert self._server is not None
        self._server.send_signal(number)

    def stop(self) -> None:
        """Ends it; what it held is gone."""
        if self._server is not None:
            self._server.send_signal(signal.SIGKILL)
            self._server.wait(10)
            self._server = None

    def end(self) -> None:
        """Ends it and removes its folder."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
