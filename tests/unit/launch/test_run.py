"""`make run` as a whole, with programs that stand for the real ones: what it starts, says, restarts and ends."""

import ast
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launch import environments
from launch.settings import PORTS
from tests.unit.launch.conftest import alive

ROOT = Path(__file__).resolve().parents[3]

# Stands for both environments' Python: `python -m <module> ...`. It notes what it was called with. Each process starts a child.
PROGRAM = """#!{python}
import json, os, subprocess, sys, time, pathlib
from http.server import BaseHTTPRequestHandler, HTTPServer
here, module = pathlib.Path({notes!r}), sys.argv[2]
with open(here / "calls", "a") as calls:
    calls.write(" ".join(sys.argv[2:4]) + "\\n")
if (here / f"{{module}}-fails").exists():
    sys.exit(f"{{module}} cannot go on")
if module == "bot.command" and sys.argv[3] == "train":
    time.sleep(0.5)
    pathlib.Path(sys.argv[sys.argv.index("--out") + 1], "current.tar.gz").write_text("model")
elif module in ("gateway", "billing", "actions", "bot.serve"):
    child = subprocess.Popen(["sleep", "120"])
    with open(here / "pids", "a") as pids:
        pids.write(f"{{module}} {{os.getpid()}} {{child.pid}}\\n")
    if module != "gateway":
        time.sleep(120)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if "bot.serve" in (here / "pids").read_text() else 503)
            self.end_headers()
            self.wfile.write(json.dumps({{"parts": {{"assistant": "not ready"}}}}).encode())

    HTTPServer(("127.0.0.1", int(os.environ["GATEWAY_PORT"])), Handler).serve_forever()
"""


class Launch:
    """A checkout with fakes, and `python -m launch run` in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("launch", "demo"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "Procfile", root)
        self.notes = root / "notes"
        self.notes.mkdir()
        program = PROGRAM.format(python=sys.executable, notes=str(self.notes))
        for environment in environments.ALL:
            (root / environment.folder).mkdir(exist_ok=True)
            (root / environment.folder / "uv.lock").write_text("version = 1\n")
            interpreter = environment.interpreter(root)
            interpreter.parent.mkdir(parents=True)
            interpreter.write_text(program)
            interpreter.chmod(0o755)
            (environment.place(root) / ".stamp").write_text(environments.stamp(environment, root))
        self.env = {"PATH": os.environ["PATH"], "HOME": str(root), **free_ports()}
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "launch", "run"]
        with (self.root / "out").open("w") as out:
            self.process = subprocess.Popen(command, cwd=self.root, env=self.env, stdout=out, stderr=out, text=True)

    @property
    def said(self) -> str:
        return (self.root / "out").read_text()

    def until_said(self, text: str, seconds: float = 30) -> None:
        limit = time.monotonic() + seconds
        while text not in self.said:
            assert time.monotonic() < limit, self.said
            time.sleep(0.05)

    def ends_with(self, code: int, seconds: float = 30) -> None:
        assert self.process
        assert self.process.wait(seconds) == code, self.said

    def calls(self) -> list[str]:
        return (self.notes / "calls").read_text().splitlines()

    def pids(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for line in (self.notes / "pids").read_text().splitlines():
            name, *numbers = line.split()
            found[name] = [int(number) for number in numbers]
        return found


def free_ports() -> dict[str, str]:
    probes = [socket.socket() for _ in PORTS]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    found = {name: str(probe.getsockname()[1]) for name, probe in zip(PORTS, probes, strict=True)}
    for probe in probes:
        probe.close()
    return found


@pytest.fixture
def launch(tmp_path):
    launch = Launch(tmp_path)
    yield launch
    if launch.process and launch.process.poll() is None:
        launch.process.kill()
        launch.process.wait(5)


def test_from_a_checkout_to_a_program_that_serves_and_back_to_nothing(launch):
    launch.start()
    launch.until_said("Ctrl-C stops everything")
    assert launch.calls()[0] == "gateway.migrate"
    # Before all else: its page answers while the rest starts.
    assert launch.said.index("The gateway starts") < launch.said.index("billing database")
    assert sorted(launch.calls()[1:]) == sorted(
        [
            "gateway",
            "billing.migrate",
            "billing.demo demo/accounts.json",
            "billing",
            "actions",
            "bot.command train",
            "bot.serve run",
        ]
    )
    assert launch.calls().index("bot.command train") < launch.calls().index("bot.serve run")
    address = f"http://127.0.0.1:{launch.env['GATEWAY_PORT']}"
    for place in ("/", "/dev/outbox", "/api/openapi.json"):
        assert f"{address}{place}" in launch.said
    assert "1002003001" in launch.said
    assert "\x1b" not in launch.said

    pids = launch.pids()
    assert set(pids) == {"gateway", "billing", "actions", "bot.serve"}
    assert launch.process
    launch.process.send_signal(signal.SIGINT)
    launch.ends_with(0)
    assert "Everything has stopped." in launch.said
    assert not [pid for numbers in pids.values() for pid in numbers if alive(pid)]


def test_the_second_time_nothing_is_trained(launch):
    launch.start()
    launch.until_said("Ctrl-C stops everything")
    assert launch.process
    launch.process.terminate()
    launch.ends_with(0)
    (launch.notes / "calls").unlink()
    launch.start()
    launch.until_said("Model: matches the data")
    launch.until_said("Ctrl-C stops everything")
    assert "bot.command train" not in launch.calls()
    launch.process.terminate()
    launch.ends_with(0)


def test_a_process_that_dies_comes_back(launch):
    launch.start()
    launch.until_said("Ctrl-C stops everything")
    before = launch.pids()["billing"]
    os.kill(before[0], signal.SIGKILL)
    launch.until_said("billing is started again")
    assert "billing was killed by SIGKILL" in launch.said
    limit = time.monotonic() + 10
    while launch.pids()["billing"] == before:
        assert time.monotonic() < limit
        time.sleep(0.05)
    assert not alive(before[1])
    assert launch.process
    launch.process.send_signal(signal.SIGINT)
    launch.ends_with(0)


def test_a_preparation_that_fails_ends_everything_and_says_why(launch):
    (launch.notes / "billing.demo-fails").touch()
    launch.start()
    launch.ends_with(1)
    assert "billing.demo cannot go on" in launch.said
    assert not [pid for pid in launch.pids()["gateway"] if alive(pid)]


def test_stopping_during_the_start_leaves_nothing(launch):
    launch.start()
    launch.until_said("Training the model")
    assert launch.process
    launch.process.send_signal(signal.SIGINT)
    launch.ends_with(0)
    assert not [pid for numbers in launch.pids().values() for pid in numbers if alive(pid)]
    assert not (launch.root / "models/current.tar.gz").exists()


def test_a_launcher_that_is_killed_outright_leaves_no_process(launch):
    launch.start()
    launch.until_said("Ctrl-C stops everything")
    assert launch.process
    launch.process.kill()
    launch.ends_with(-signal.SIGKILL)
    limit = time.monotonic() + 10
    while any(alive(numbers[0]) for numbers in launch.pids().values()):
        assert time.monotonic() < limit
        time.sleep(0.05)
    for _, child in launch.pids().values():  # grandchildren are nobody's then: the test's to end
        os.kill(child, signal.SIGKILL)


def test_a_taken_port_is_told_before_anything_is_started(launch):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        launch.env["BILLING_PORT"] = str(listener.getsockname()[1])
        launch.start()
        launch.ends_with(1)
    assert "BILLING_PORT=" in launch.said
    assert "Traceback" not in launch.said
    assert not (launch.notes / "calls").exists()


def test_the_launcher_runs_on_python_3_9_and_on_the_standard_library():
    for path in (ROOT / "launch").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
        for node in ast.walk(tree):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.split(".")[0] in {"launch", *sys.stdlib_module_names}, f"{path.name} imports {name}"
