"""`python3 -m launch <command>`: what the Makefile calls."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from launch import chromium, environments, kannel, model, run
from launch.settings import base_environment, process_environment
from launch.stopping import Stop, Stopped
from launch.terminal import Problem, Terminal

ROOT = Path(__file__).resolve().parent.parent
INTERRUPTED = 130  # as a shell has it: `make test` must not go on


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code: 0 done, 1 a problem that was told, 130 interrupted (`run`: 0)."""
    given = _parser().parse_args(arguments)
    terminal = Terminal()
    stop = Stop()
    stop.install()
    os.chdir(ROOT)
    try:
        return _command(given, base_environment(ROOT, os.environ), terminal, stop)
    except Stopped:
        terminal.say("\nStopped.")
        return INTERRUPTED
    except Problem as problem:
        terminal.say()
        terminal.problem(str(problem))
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m launch", description="Set-up and launching; see `make help`.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="set up what is missing, start everything and look after it")
    setup = commands.add_parser("setup", help="make the environments")
    setup.add_argument("only", nargs="?", choices=("services", "bot", "encoder"), help="one of them")
    train = commands.add_parser("train", help="train the model where it does not match the data")
    train.add_argument("--force", action="store_true", help="train in any case")
    tool = commands.add_parser("tool", help="run a module of the services with the settings of `make run`")
    tool.add_argument("module")
    tool.add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("chromium", help="install Chromium for the browser tests where that is possible")
    commands.add_parser("kannel", help="install Kannel for the tests of text messages where that is possible")
    return parser


def _command(given: argparse.Namespace, base: Mapping[str, str], terminal: Terminal, stop: Stop) -> int:
    if given.command == "run":
        return run.run(ROOT, base, terminal, stop)
    if given.command == "setup":
        only = {
            "services": (environments.SERVICES,),
            "bot": (environments.BOT,),
            "encoder": (environments.ENCODER,),
        }
        environments.ensure(only.get(given.only, environments.ALL), ROOT, base, terminal, stop)
    elif given.command == "train":
        environments.ensure((environments.BOT,), ROOT, base, terminal, stop)
        if given.force or not model.is_current(ROOT):
            model.train(ROOT, process_environment(ROOT, base), terminal, stop)
        else:
            terminal.outcome("Model: matches the data", good=True)
    elif given.command == "tool":
        python = str(environments.SERVICES.interpreter(ROOT))
        command = [python, "-m", given.module, *given.arguments]
        return subprocess.run(command, env=process_environment(ROOT, base), cwd=ROOT).returncode
    elif given.command == "kannel":
        kannel.ensure(ROOT, base, terminal, stop)
    else:
        chromium.ensure(ROOT, base, terminal, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
