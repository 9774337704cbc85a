"""Waits until the whole program can serve, as the gateway sees it, and says meanwhile who cannot yet."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from launch.children import TICK_S
from launch.settings import LOOPBACK
from launch.stopping import Stop
from launch.terminal import Terminal

ASK_EVERY_S = 0.5
ANSWER_S = 5.0
# Long beyond a normal start: time to look at the logs, though nothing died.
LONG_S = 240.0

# Without this a proxy of the environment would be asked for our own machine's pages.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def page_address(env: Mapping[str, str]) -> str:
    """Where the gateway's pages are for a browser on this machine."""
    host = env.get("GATEWAY_HOST") or LOOPBACK
    host = {"0.0.0.0": LOOPBACK, "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{host}:{env['GATEWAY_PORT']}"


def not_ready(address: str) -> list[str]:
    """The parts that cannot serve yet, from the gateway's `/readyz`; empty when all can. Never raises."""
    try:
        with _direct.open(f"{address}/readyz", timeout=ANSWER_S):
            return []
    except urllib.error.HTTPError as error:
        with error:
            return _parts(error) or ["gateway"]
    except (OSError, http.client.HTTPException):
        return ["gateway"]


def _parts(answer: urllib.error.HTTPError) -> list[str]:
    try:
        parts: Any = json.loads(answer.read())["parts"]
        return [str(name) for name, state in parts.items() if state != "ready"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []


def wait(
    address: str,
    terminal: Terminal,
    stop: Stop,
    tick: Callable[[], None],
    *,
    ask: Callable[[str], list[str]] = not_ready,
    logs: str = "var/log",
) -> None:
    """Returns when all parts can serve. `tick` is called many times a second; what it raises ends the waiting."""
    began = terminal.clock()
    hinted = False
    with terminal.step("Waiting until all can serve") as step:
        missing, asked_at = ["gateway"], float("-inf")
        while True:
            stop.check()
            tick()
            if terminal.clock() - asked_at >= ASK_EVERY_S:
                before, missing = missing, ask(address)
                asked_at = terminal.clock()
                if not missing:
                    step.result("ready")
                    return
                step.update(f"not ready: {', '.join(missing)}", changed=missing != before)
            if not hinted and terminal.clock() - began > LONG_S:
                hinted = True
                terminal.say(
                    f"   This is unusually long. The logs may say why: {', '.join(f'{logs}/{n}.log' for n in missing)}"
                )
            time.sleep(TICK_S)
