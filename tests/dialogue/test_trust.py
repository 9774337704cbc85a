"""The running program from outside and from beside: who listens where, and what answers without its secret."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.stack import SECRET, Stack

pytestmark = pytest.mark.stack

LOOPBACK = {"0100007F", "00000000000000000000000001000000"}


def listening(processes: set[int]) -> list[tuple[str, int]]:
    """(address in hexadecimal, port) of each socket on which one of the processes listens, from /proc."""
    inodes = set()
    for process in processes:
        for handle in Path(f"/proc/{process}/fd").iterdir():
            target = os.readlink(handle) if handle.is_symlink() else ""
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address, port = fields[1].split(":")
                found.append((address, int(port, 16)))
    return found


def family(groups: set[int]) -> set[int]:
    """All processes of these groups."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) in groups:
                found.add(int(folder.name))
    return found


def ask(url: str, method: str = "GET", body: object = None, **headers: str) -> int:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def test_every_process_listens_on_loopback_only_unless_the_gateway_is_told_otherwise(stack: Stack) -> None:
    sockets = listening(family({process.pid for process in stack.processes.values()}))
    assert {port for _, port in sockets} == set(stack.ports.values()), "a port that nobody knows of"
    assert {address for address, _ in sockets} <= LOOPBACK


def test_between_the_processes_nothing_is_done_without_a_secret(stack: Stack) -> None:
    at = {name: f"http://127.0.0.1:{port}" for name, port in stack.ports.items()}
    talk = stack.talk("primus", "fr")
    turn = {"conversation": talk.conversation, "text": "bonjour", "message_id": "1", "metadata": {}}
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Bearer {SECRET[:-1]}"}):
        assert ask(f"{at['assistant']}/webhooks/gateway/turn", "POST", turn, **headers) == 401
        assert ask(f"{at['assistant']}/webhooks/gateway/understand", "POST", {"text": []}, **headers) == 401
        assert ask(f"{at['actions']}/webhook", "POST", {"next_action": "action_converse"}, **headers) == 401
        inside = f"{at['internal']}/internal/v1/conversations/{talk.conversation}/billing-token"
        assert ask(inside, "POST", {}, **headers) == 401
        assert ask(f"{at['billing']}/v1/balance", **headers) == 401
        assert ask(f"{at['billing']}/v1/notices", **headers) == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/status"),
        ("GET", "/version"),
        ("GET", "/domain"),
        ("GET", "/conversations/{id}/tracker"),
        ("GET", "/conversations/{id}/story"),
        ("POST", "/conversations/{id}/tracker/events"),
        ("PUT", "/conversations/{id}/tracker/events"),
        ("POST", "/conversations/{id}/trigger_intent"),
        ("POST", "/conversations/{id}/predict"),
        ("POST", "/conversations/{id}/messages"),
        ("POST", "/model/parse"),
        ("POST", "/model/train"),
        ("POST", "/model/test/stories"),
        ("PUT", "/model"),
        ("DELETE", "/model"),
        ("POST", "/webhooks/rest/webhook"),
        ("POST", "/webhooks/callback/webhook"),
        ("POST", "/webhooks/twilio/webhook"),
        ("GET", "/socket.io/"),
    ],
)
def test_nothing_of_rasas_own_http_api_is_there(stack: Stack, method: str, path: str) -> None:
    talk = stack.talk("primus")
    url = f"http://127.0.0.1:{stack.ports['assistant']}{path.format(id=talk.conversation)}"
    for headers in ({}, {"Authorization": f"Bearer {SECRET}"}):
        assert ask(url, method, {} if method != "GET" else None, **headers) in (404, 405)
        assert ask(f"{url}?token={quote(SECRET)}", method, {} if method != "GET" else None, **headers) in (404, 405)


def lines_of(log: Path, request: str) -> list[dict[str, Any]]:
    """What a process wrote under a request's id. The line of the request itself comes once its answer has gone out: a moment later."""
    until = time.monotonic() + 5
    while True:
        written = log.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()  # the last may be half there
        found = [
            one for one in (json.loads(line) for line in written if line.startswith("{")) if one["request"] == request
        ]
        if found or time.monotonic() > until:
            return found
        time.sleep(0.05)


def test_one_id_goes_through_all_processes_with_a_message(stack: Stack) -> None:
    talk = stack.talk("primus", "en")
    talk.say("what's my balance")
    request = uuid.uuid4().hex
    body = {"text": "1002003003 T2P 1J9", "message_id": "the-one"}
    path = f"/api/v1/conversations/{talk.conversation}/messages"
    status, _ = stack.call("POST", path, body, talk.token, X_Request_Id=request)
    assert status == 200
    for name in ("gateway", "assistant", "actions", "billing"):
        mine = lines_of(stack.folder / f"{name}.log", request)
        assert mine, f"{name} wrote no line under the request's id"
        assert {line["process"] for line in mine} == {name}


@pytest.mark.parametrize(
    ("name", "path"),
    [("gateway", ""), ("billing", ""), ("actions", ""), ("assistant", "/webhooks/gateway")],
)
def test_each_process_tells_its_health_its_readiness_and_its_figures(stack: Stack, name: str, path: str) -> None:
    for page in ("healthz", "readyz", "metrics"):
        with urllib.request.urlopen(f"http://127.0.0.1:{stack.ports[name]}{path}/{page}", timeout=10) as answer:
            assert answer.status == 200
            text = answer.read().decode()
    assert "process_resident_memory_bytes" in text
    assert "http_request_seconds_bucket" in text
