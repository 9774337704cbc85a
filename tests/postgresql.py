"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on loopback, with a database for each test.

It listens at no socket file and asks for a password that is made up at each start. Nothing is as safe as on a real server: what a
test wrote is lost with the machine, and sooner.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from tests.stack import free_port

READY_S = 60
USER = "tests"
# Debian's servers refuse to run as root; it brings this user along.
SERVER_USER = "postgres"
_ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
# One that knows the capitals of French letters, which "C" alone does not.
_LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
_PR_SET_PDEATHSIG = 1


def binaries() -> Path | None:
    """The folder of PostgreSQL's own programs, of the newest version that is installed; None where there is no server."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name.split(".")[0])
    )
    if shutil.which("pg_config"):
        asked = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        folders.insert(0, Path(asked.stdout.strip()))
    if found := shutil.which("initdb"):
        folders.append(Path(found).parent)
    # The client's packages have a pg_config, too.
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


def why_not() -> str | None:
    """Why there is no PostgreSQL to test on; None where there is."""
    if binaries() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(SERVER_USER)
        except KeyError:
            return f"PostgreSQL does not run as root, and there is no user {SERVER_USER}"
    return None


class Cluster:
    """One server with its databases, from `start` to `stop`, which leaves nothing behind."""

    def __init__(self, *, keeps: bool = False) -> None:
        """`keeps`: what is committed survives a kill, as on a real server; slower."""
        self._keeps = keeps
        found = binaries()
        assert found, why_not()
        self._binaries = found
        # Not in pytest's folder, which nobody but its owner may enter.
        self._folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
        self._as = {"user": SERVER_USER, "group": SERVER_USER, "extra_groups": []} if os.geteuid() == 0 else {}
        self._port = free_port()
        self._password = secrets.token_hex(16)
        self._numbers = count(1)
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Makes the cluster and serves it; returns when it answers. Raises AssertionError with the server's own words."""
        password = self._folder / "password"
        password.touch(mode=0o600)
        password.write_text(self._password, encoding="ascii")
        if self._as:
            for path in (password, self._folder):
                shutil.chown(path, SERVER_USER, SERVER_USER)
        made = self._run(
            "initdb", "--pgdata=data", f"--username={USER}", "--pwfile=password", "--auth=scram-sha-256",
            "--encoding=UTF8", f"--locale={_LOCALE}", "--no-sync",
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        self.serve()

    def serve(self) -> None:
        """Starts the server on the cluster, again after `halt` too; returns when it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self._port,
            "unix_socket_directories": "",
            **({} if self._keeps else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}),
            "max_connections": 200,
            # Not the machine's: nobody should rely on the server's own zone.
            "timezone": "Asia/Kathmandu",
        }
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [self._binaries / "postgres", "-D", "data", *(f"--{name}={value}" for name, value in settings.items())],
                cwd=self._folder,
                env=_ENVIRONMENT,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
                **self._as,
            )
        until = time.monotonic() + READY_S
        while True:
            try:
                self._execute("SELECT 1")
                return
            except psycopg.OperationalError:
                words = (self._folder / "log").read_text(errors="replace")
                assert self._server.poll() is None, words
                assert time.monotonic() < until, words
                time.sleep(0.1)

    def halt(self) -> None:
        """Ends the server, without waiting for those who are connected; what was committed stays."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(20)
            self._server = None

    def stop(self) -> None:
        """Ends the server and removes its folder."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)  # without waiting for those who are connected
            try:
                self._server.wait(20)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def create(self, template: str = "template0") -> str:
        """The name of a new database: an empty one, or a copy of another that nobody is connected to."""
        name = f"test_{next(self._numbers)}"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Removes a database, whoever is still connected."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, name: str) -> str:
        """The address of a database, as SQLAlchemy takes it."""
        return f"postgresql+psycopg://{USER}:{self._password}@127.0.0.1:{self._port}/{name}"

    def _execute(self, statement: str | sql.Composed) -> None:
        with psycopg.connect(
            host="127.0.0.1", port=self._port, user=USER, password=self._password, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self._binaries / program), *arguments]
        return subprocess.run(
            command, cwd=self._folder, env=_ENVIRONMENT, capture_output=True, text=True, check=False, **self._as
        )


def end_with_parent() -> None:
    """For a server's `preexec_fn`."""
    # A test run that is killed cannot stop its server; on Linux the server is told so.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
