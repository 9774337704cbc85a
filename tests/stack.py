"""The whole program as its users meet it, for tests: four real processes on free ports, their files in a temporary folder."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from launch.model import digest_of

SECRET = "a secret of the tests, long enough"
READY_S = 150
# Whatever the clock says while tests run, holidays too: two brands have people at the desk, one has none.
HOURS = {"primus": '["00:00", "23:59:59.999999"]', "wrs": '["00:00", "23:59:59.999999"]', "pitney-bowes": "closed"}


def why_not(root: Path) -> str | None:
    """Why the program cannot be started here; None where it can."""
    if not (root / "models" / "current.tar.gz").exists():
        return "no trained model: run `make train`"
    if not (root / "bot" / ".venv" / "bin" / "rasa").exists():
        return "no environment for Rasa: run `make setup`"
    return None


# Below the range that the system gives to outgoing connections: one of those could take a port between the look and the use.
# Each run of tests begins elsewhere, and none is given out twice.
_PORTS = itertools.cycle(random.Random(os.getpid()).sample(range(12_000, 32_000), 20_000))


def free_port() -> int:
    """A port that nobody listens on, and that this process has not named before."""
    while True:
        port = next(_PORTS)
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def end(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """Stops processes that lead groups of their own, frozen ones too; kills what has not ended in 15 s."""
    started = list(processes)
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGCONT)
            os.killpg(process.pid, signal.SIGTERM)
    for process in started:
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)


def _set_hours(file: Path, span: str) -> None:
    """The same hours yesterday, today and tomorrow, so that no midnight of any zone comes in between."""
    today = datetime.date.today()
    days = ", ".join(f"{today + datetime.timedelta(days=ahead)}: {span}" for ahead in (-1, 0, 1))
    text = file.read_text(encoding="utf-8")
    assert text.count("\nhours:\n") == 1, file
    file.write_text(text.replace("\nhours:\n", f"\nhours:\n  dates: {{{days}}}\n"), encoding="utf-8")


class Stack:
    """Starts, stops, freezes and thaws the processes, and reads the development outbox."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        self.folder = folder
        self.knowledge_base = folder / "knowledge_base"
        shutil.copytree(root / "knowledge_base", self.knowledge_base)
        for brand, span in HOURS.items():
            _set_hours(self.knowledge_base / brand / "brand.yml", span)
        self.outbox = folder / "outbox.jsonl"
        ports = {name: free_port() for name in ("gateway", "internal", "billing", "actions", "assistant")}
        self.url = f"http://127.0.0.1:{ports['gateway']}"
        self.internal_url = f"http://127.0.0.1:{ports['internal']}"
        self.ports = ports
        self.env = {
            **os.environ,
            "PYTHONPATH": str(root),
            "ASSISTANT_SECRET": SECRET,
            "INTERNAL_SECRET": SECRET,
            "BILLING_TOKEN_SECRET": SECRET,
            "GATEWAY_PORT": str(ports["gateway"]),
            "GATEWAY_INTERNAL_PORT": str(ports["internal"]),
            "BILLING_PORT": str(ports["billing"]),
            "ACTIONS_PORT": str(ports["actions"]),
            "ASSISTANT_URL": f"http://127.0.0.1:{ports['assistant']}",
            "BILLING_URL": f"http://127.0.0.1:{ports['billing']}",
            "ACTIONS_URL": f"http://127.0.0.1:{ports['actions']}/webhook",
            "ACTIONS_HEALTH_URL": f"http://127.0.0.1:{ports['actions']}",
            "GATEWAY_INTERNAL_URL": self.internal_url,
            "GATEWAY_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/gateway.sqlite",
            "BILLING_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/billing.sqlite",
            "ASSISTANT_DATABASE_URL": f"sqlite:///{folder}/assistant.sqlite",
            "KNOWLEDGE_BASE": str(self.knowledge_base),
            "OUTBOX_FILE": str(self.outbox),
            "LOG_FORMAT": "json",
            "MESSAGES_PER_MINUTE": "1000",  # tests write faster than people
            "RASA_TELEMETRY_ENABLED": "false",
            "MODEL_SHA256": digest_of(root / "models" / "current.tar.gz"),
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Migrates, loads the demonstration customers, starts everything and waits until it serves."""
        for module in (["gateway.migrate"], ["billing.migrate"], ["billing.demo", "demo/accounts.json"]):
            subprocess.run(
                [sys.executable, "-m", *module], cwd=self.root, env=self.env, check=True, capture_output=True
            )
        for name in ("gateway", "billing", "actions", "assistant"):
            self.start_one(name)
        self.wait_ready()

    def start_one(self, name: str) -> None:
        """Starts one process; its output goes to a file of the temporary folder."""
        rasa = [
            str(self.root / "bot/.venv/bin/python"), "-m", "bot.serve", "run", "-i", "127.0.0.1", "--port", str(self.ports["assistant"]),
            "--model", "models/current.tar.gz", "--endpoints", "endpoints.yml", "--credentials", "credentials.yml",
        ]  # fmt: skip
        command = rasa if name == "assistant" else [sys.executable, "-m", name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=self.root, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def wait_ready(self) -> None:
        """Until every part can serve. Fails with the logs' ends."""
        until = time.monotonic() + READY_S
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.3)
        logs = "\n".join(f"== {p.name}\n{p.read_text(errors='replace')[-1500:]}" for p in self.folder.glob("*.log"))
        raise AssertionError(f"the program was not ready in {READY_S} s\n{logs}")

    def kill(self, name: str) -> None:
        """kill -9 of one process and its children."""
        process = self.processes[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def freeze(self, name: str) -> None:
        """SIGSTOP: the process hangs, its port still accepts."""
        os.killpg(self.processes[name].pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """SIGCONT."""
        os.killpg(self.processes[name].pid, signal.SIGCONT)

    def stop(self) -> None:
        """Ends every process."""
        end(self.processes.values())

    def texts(self) -> list[dict[str, str]]:
        """What was sent, oldest first."""
        if not self.outbox.exists():
            return []
        return [json.loads(line) for line in self.outbox.read_text(encoding="utf-8").splitlines()]

    def code_for(self, to: str, seen: int) -> str:
        """The code in the first text to `to` after the first `seen` texts; waits a little for it."""
        until = time.monotonic() + 5
        while time.monotonic() < until:
            for text in self.texts()[seen:]:
                if text["to"] == to:
                    found = re.search(r"\d{6}", text["text"])
                    assert found, text
                    return found.group()
            time.sleep(0.05)
        raise AssertionError(f"no code was sent to {to}: {self.texts()[seen:]}")

    def call(
        self, method: str, path: str, body: Any = None, token: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """(status, JSON) of a call to the public API. `body` may be bytes."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def talk(self, brand: str, language: str | None = None) -> Talk:
        """A new conversation over the public API."""
        status, body = self.call("POST", "/api/v1/conversations", {"brand": brand, "language": language})
        assert status == 201, body
        return Talk(self, body["conversation"], body["token"])


class Talk:
    """One conversation; `last` is the last answer."""

    def __init__(self, stack: Stack, conversation: str, token: str) -> None:
        self.stack = stack
        self.conversation = conversation
        self.token = token
        self.last: dict[str, Any] = {}

    def say(self, text: str, message_id: str | None = None) -> dict[str, Any]:
        """Sends a message; the answer."""
        body = {"text": text, "message_id": message_id or uuid.uuid4().hex}
        status, self.last = self.stack.call(
            "POST", f"/api/v1/conversations/{self.conversation}/messages", body, self.token
        )
        assert status == 200, self.last
        return self.last

    @property
    def text(self) -> str:
        """All that was said in the last answer."""
        return "\n".join(reply["text"] for reply in self.last["replies"])

    def transcript(self) -> list[dict[str, Any]]:
        """All lines so far."""
        status, body = self.stack.call("GET", f"/api/v1/conversations/{self.conversation}/messages", token=self.token)
        assert status == 200, body
        return list(body["messages"])


@contextlib.contextmanager
def running(root: Path, folder: Path) -> Iterator[Stack]:
    """The whole program in a folder of its own, started, and ended with the block. Skips the test where it cannot be started."""
    if reason := why_not(root):
        pytest.skip(reason)
    stack = Stack(root, folder)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
