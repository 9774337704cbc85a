"""Several of each process on one machine, for load and faults: PostgreSQL and Redis of its own, real assistants or a stub of them."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.load.bench.processes import processor_s
from tests.postgresql import Cluster, end_with_parent
from tests.redis_server import RedisServer
from tests.stack import SECRET, end, free_port

ROOT = Path(__file__).resolve().parent.parent.parent
READY_S = 240.0


class Fleet:
    """`processes` by name: gateway1, gateway2, assistant1, stub, actions1, billing1. Databases on the cluster, or SQLite without one."""

    def __init__(
        self,
        folder: Path,
        *,
        gateways: int = 1,
        assistants: int = 0,
        cluster: Cluster | None = None,
        redis_url: str = "",
        stub_s: float = 0.0,
        billing: bool = False,
        **settings: str,
    ) -> None:
        """`assistants`: real ones, each with actions, and billing; with none a stub that takes `stub_s` for a turn.

        `billing`: the real one also beside the stub.
        """
        self.folder = folder
        self.turns = folder / "turns.jsonl"
        self.outbox = folder / "outbox.jsonl"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._commands: dict[str, tuple[list[str], dict[str, str]]] = {}
        self._checks: dict[str, str] = {}
        url = {name: self._database(cluster, name) for name in ("gateway", "billing", "assistant")}
        self.gateway_database = url["gateway"]
        self.billing_database = url["billing"]
        self.assistant_database = url["assistant"]
        internal = [free_port() for _ in range(gateways)]
        self.internal_url = f"http://127.0.0.1:{internal[0]}"
        common = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "ASSISTANT_SECRET": SECRET,
            "INTERNAL_SECRET": SECRET,
            "BILLING_TOKEN_SECRET": SECRET,
            "GATEWAY_DATABASE_URL": url["gateway"],
            "BILLING_DATABASE_URL": url["billing"],
            "ASSISTANT_DATABASE_URL": url["assistant"].replace("+psycopg", "").replace("+aiosqlite", ""),
            "OUTBOX_FILE": str(self.outbox),
            "ATTACHMENTS_FOLDER": str(folder / "attachments"),
            "GATEWAY_INTERNAL_URL": ",".join(f"http://127.0.0.1:{port}" for port in internal),
            "RASA_TELEMETRY_ENABLED": "false",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            **settings,
        }
        if assistants:
            billing, actions = free_port(), free_port()
            ports = [free_port() for _ in range(assistants)]
            behind = ",".join(f"http://127.0.0.1:{port}" for port in ports)
            common |= {
                "BILLING_PORT": str(billing),
                "BILLING_URL": f"http://127.0.0.1:{billing}",
                "ACTIONS_PORT": str(actions),
                "ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
                "ACTIONS_HEALTH_URL": f"http://127.0.0.1:{actions}",
            }
            self._add("billing1", [sys.executable, "-m", "billing"], common, f"http://127.0.0.1:{billing}/readyz")
            self._add("actions1", [sys.executable, "-m", "actions"], common, f"http://127.0.0.1:{actions}/healthz")
            for number, port in enumerate(ports, 1):
                rasa = [
                    str(ROOT / "bot/.venv/bin/python"), "-m", "bot.serve", "run", "-i", "127.0.0.1", "--port", str(port),
                    "--model", "models/current.tar.gz", "--endpoints", "endpoints.yml", "--credentials", "credentials.yml",
                ]  # fmt: skip
                self._add(f"assistant{number}", rasa, common, f"http://127.0.0.1:{port}/webhooks/gateway/")
        else:
            port = free_port()
            behind = f"http://127.0.0.1:{port}"
            common |= {"BILLING_URL": behind, "ACTIONS_HEALTH_URL": behind}
            stub = [sys.executable, "-m", "tests.load.stub", str(port), str(self.turns), str(stub_s)]
            self._add("stub", stub, common, f"{behind}/readyz")
            if billing:
                port = free_port()
                common |= {"BILLING_PORT": str(port), "BILLING_URL": f"http://127.0.0.1:{port}"}
                self._add("billing1", [sys.executable, "-m", "billing"], common, f"http://127.0.0.1:{port}/readyz")
        self.urls = []
        for number in range(gateways):
            port = free_port()
            mine = {
                **common,
                "GATEWAY_PORT": str(port),
                "GATEWAY_INTERNAL_PORT": str(internal[number]),
                "ASSISTANT_URL": behind,
                "REDIS_URL": redis_url,
            }
            self.urls.append(f"http://127.0.0.1:{port}")
            self._add(f"gateway{number + 1}", [sys.executable, "-m", "gateway"], mine, f"{self.urls[-1]}/readyz")
        self.env = common
        self.gateway_env = {**common, "ASSISTANT_URL": behind}  # of its commands

    def start(self) -> None:
        """Migrates, loads the demonstration customers, starts everything and waits until it serves."""
        for module in (["gateway.migrate"], ["billing.migrate"], ["billing.demo", "demo/accounts.json"]):
            subprocess.run([sys.executable, "-m", *module], cwd=ROOT, env=self.env, check=True, capture_output=True)
        for name in self._commands:
            self.start_one(name)
        for name in self._commands:
            self.wait_for(name)

    def start_one(self, name: str) -> None:
        """Starts a process; what it says goes to a file of the folder."""
        command, env = self._commands[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    def wait_for(self, name: str) -> None:
        """Until it serves."""
        until = time.monotonic() + READY_S
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(self._checks[name], timeout=5):
                    return
            time.sleep(0.2)
        raise SystemExit(f"{name} does not serve:\n" + self.log(name)[-3000:])

    def log(self, name: str) -> str:
        """What a process said."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def signal(self, name: str, number: int) -> None:
        """Sends a signal to a process and its children."""
        os.killpg(self.processes[name].pid, number)

    def kill(self, name: str) -> None:
        """kill -9."""
        self.signal(name, signal.SIGKILL)
        self.processes[name].wait(10)

    def memory(self, name: str) -> float:
        """Its resident memory in MB."""
        status = Path(f"/proc/{self.processes[name].pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    def processor(self, name: str) -> float:
        """The seconds of processor time that it has taken."""
        return processor_s([self.processes[name].pid])

    def stop(self) -> None:
        """Ends every process."""
        end(self.processes.values())

    def _add(self, name: str, command: list[str], env: dict[str, str], check: str) -> None:
        self._commands[name], self._checks[name] = (command, env), check

    def _database(self, cluster: Cluster | None, name: str) -> str:
        if cluster is None:
            return f"sqlite+aiosqlite:///{self.folder}/{name}.sqlite"
        return cluster.url(cluster.create())


@contextlib.contextmanager
def servers(*, keeps: bool = False) -> Iterator[tuple[Cluster, RedisServer]]:
    """A PostgreSQL and a Redis on loopback, gone at the end. `keeps`: what is committed survives a kill, at a real server's speed."""
    cluster, redis = Cluster(keeps=keeps), RedisServer()
    try:
        cluster.start()
        redis.start()
        yield cluster, redis
    finally:
        redis.end()
        cluster.stop()


@contextlib.contextmanager
def running(fleet: Fleet) -> Iterator[Fleet]:
    """A fleet that serves; its processes are ended whatever happens."""
    try:
        fleet.start()
        yield fleet
    finally:
        fleet.stop()


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder that is removed at the end; the logs of a run that failed are shown before."""
    made = Path(tempfile.mkdtemp(prefix="fleet-"))
    try:
        yield made
    except BaseException:
        for log in sorted(made.glob("*.log")):
            print(f"== {log.name}\n{log.read_text(encoding='utf-8', errors='replace')[-1500:]}", file=sys.stderr)
        raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
