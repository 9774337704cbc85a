"""`make run`: from a fresh checkout to a program that serves, and what ends it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path

from launch import checks, children, environments, model, readiness
from launch.processes import Supervisor, read_procfile
from launch.settings import process_environment
from launch.stopping import Stop, Stopped
from launch.terminal import Problem, Terminal, duration

GATEWAY = "gateway"
ASSISTANT = "assistant"
DEMONSTRATION = Path("demo/accounts.json")


def run(root: Path, base: Mapping[str, str], terminal: Terminal, stop: Stop) -> int:
    """Sets up what is missing, starts the four processes and looks after them until somebody stops it. Raises Problem.

    `base` is the environment of `settings.base_environment`. Returns the exit code.
    """
    began = terminal.clock()
    checks.check_ports(base)
    checks.check_disk(root, first=False)
    env = process_environment(root, base)
    try:
        environments.ensure(environments.ALL, root, base, terminal, stop)
    except Stopped:
        return _interrupted(terminal)
    supervisor = Supervisor(read_procfile(root / "Procfile", env), env, root, terminal)
    try:
        launch(root, env, terminal, stop, supervisor)
        terminal.say(welcome(root, env, duration(terminal.clock() - began)))
        look_after(env, terminal, stop, supervisor)
    except Stopped:
        terminal.say("\nStopping ...")
        _stop(supervisor, terminal, stop)
        return 0
    except Problem:
        terminal.say("\nStopping everything, because of the problem that follows.")
        raise
    finally:
        supervisor.stop(hurry=lambda: stop.asked > 1)
    return 0


def launch(root: Path, env: Mapping[str, str], terminal: Terminal, stop: Stop, supervisor: Supervisor) -> None:
    """Starts everything, the gateway first: its page says that the assistant is coming. Returns when all serve."""
    python = str(environments.SERVICES.interpreter(root))
    steps = Steps(root, env, terminal, stop, supervisor)
    steps.run("Bringing the gateway's database up to date", python, "-m", "gateway.migrate")
    supervisor.start(GATEWAY)
    terminal.outcome(f"The gateway starts at {readiness.page_address(env)}/", good=True)
    trained = model.is_current(root)
    if trained:
        # The assistant takes longest: all else goes on beside it.
        terminal.outcome("Model: matches the data", good=True)
        supervisor.start(ASSISTANT)
    steps.run("Bringing the billing database up to date", python, "-m", "billing.migrate")
    if env.get("ENVIRONMENT") != "production":
        steps.run("Loading the demonstration customers", python, "-m", "billing.demo", str(DEMONSTRATION))
    for name in supervisor.names():
        if name not in (GATEWAY, ASSISTANT):
            supervisor.start(name)
    if not trained:
        model.train(root, env, terminal, stop, tick=supervisor.poll)
        supervisor.start(ASSISTANT)
    readiness.wait(readiness.page_address(env), terminal, stop, supervisor.poll)


class Steps:
    """Commands that prepare the start, run one after the other while the supervisor goes on with what is started."""

    def __init__(
        self, root: Path, env: Mapping[str, str], terminal: Terminal, stop: Stop, supervisor: Supervisor
    ) -> None:
        self._root = root
        self._env = env
        self._terminal = terminal
        self._stop = stop
        self._supervisor = supervisor

    def run(self, title: str, *command: str) -> None:
        """Raises Problem with the command's last lines where it fails."""
        log = self._root / "var" / "log" / "prepare.log"
        began = log.stat().st_size if log.exists() else 0
        with self._terminal.step(title) as step:
            code = children.run(
                command, env=self._env, cwd=self._root, log=log, stop=self._stop, step=step, tick=self._supervisor.poll
            )
            if code != 0:
                said = "\n".join(f"  {line}" for line in children.last_lines(log, 12, since=began))
                raise Problem(f"`{' '.join(command[1:])}` failed (exit code {code}):\n{said}\nAll of it is in {log}.")


def look_after(env: Mapping[str, str], terminal: Terminal, stop: Stop, supervisor: Supervisor) -> None:
    """Until somebody stops it (Stopped) or a process cannot be kept alive (Problem)."""
    deaths = supervisor.deaths
    while True:
        stop.check()
        supervisor.poll()
        if supervisor.deaths != deaths:
            readiness.wait(readiness.page_address(env), terminal, stop, supervisor.poll)
            deaths = supervisor.deaths
        time.sleep(children.TICK_S)


def _stop(supervisor: Supervisor, terminal: Terminal, stop: Stop) -> None:
    gently = supervisor.stop(hurry=lambda: stop.asked > 1)
    terminal.say(
        "Everything has stopped." if gently else "Everything has stopped; what did not end in time was killed."
    )


def _interrupted(terminal: Terminal) -> int:
    terminal.say("\nStopped. `make run` goes on from here.")
    return 0


def welcome(root: Path, env: Mapping[str, str], took: str) -> str:
    """What to open, what to try, how to stop."""
    address = readiness.page_address(env)
    lines = [
        "",
        f"Ready in {took}.",
        "",
        f"  the page       {address}/",
        f"  the outbox     {address}/dev/outbox      one-time codes, SMS and mails of this machine",
        f"  the API        {address}/api/openapi.json",
        "",
        *_example(root),
        "  The logs are in var/log. Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


def _example(root: Path) -> list[str]:
    try:
        account = json.loads((root / DEMONSTRATION).read_text(encoding="utf-8"))["accounts"][0]
        who = f"account {account['account']}, postal code {account['postal_code']} ({account['brand']})"
    except (OSError, ValueError, LookupError, TypeError):
        return []
    return [f"  Try: “Quel est mon solde?” or “What's my balance?”, {who}; the code comes to the outbox.", ""]
