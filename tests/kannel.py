"""A real Kannel for tests: bearerbox and smsbox on loopback, and phones at its fake message centre.

Phones speak the protocol of Kannel's own fakesmsc, a line for each text, over one connection; `fakesmsc` itself can be started beside.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote, unquote_to_bytes

from tests.stack import free_port

FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
PASSWORD, SECRET = "the password of sendsms", "the secret of kannel"
HEADER = re.compile(rb"^(\+?\d+) (\+?\d+) (text|data|ucs-2|udh) ")
CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = {secret_word}
smsbox-port = {box}
box-allow-ip = "127.0.0.1"
log-file = "{folder}/bearerbox.log"
log-level = 1
access-log = "{folder}/access.log"
store-type = file
store-location = "{folder}/store"

group = smsc
smsc = fake
smsc-id = fake
port = {centre}
connect-allow-ip = "127.0.0.1"

group = smsbox
bearerbox-host = "127.0.0.1"
sendsms-port = {send}
log-file = "{folder}/smsbox.log"
log-level = 1
http-request-retry = 100000
http-queue-delay = 1

group = sendsms-user
username = assistant
password = "{password}"
max-messages = 1
user-allow-ip = "127.0.0.1"

group = sms-service
keyword = default
catch-all = true
get-url = "{gateway}/sms/kannel?secret={secret}&id=%I&from=%p&to=%P&coding=%c&charset=%C&text=%b"
max-messages = 0
omit-empty = true
"""


def why_not() -> str | None:
    """Why no Kannel can be started here; None where it can."""
    missing = [name for name in ("bearerbox", "smsbox") if not shutil.which(name, path="/usr/sbin:/usr/bin:/sbin")]
    if missing or not FAKESMSC.exists():
        return "no Kannel: apt-get install kannel kannel-extras"
    return None


@dataclass(frozen=True)
class Part:
    """A text as it arrives at a phone: one part. `header` is b"" where it is whole."""

    sender: str
    receiver: str
    header: bytes
    data: bytes
    kind: str

    @property
    def text(self) -> str:
        """Its words. The fake centre does not say of a part with a header how it is written: every other byte of 16 bits is mostly 0."""
        wide = self.kind == "ucs-2" or (bool(self.header) and len(self.data) % 2 == 0 and b"\x00" in self.data)
        return self.decoded("2" if wide else "0")

    def decoded(self, coding: str) -> str:
        """Its words in the alphabet that Kannel's log names."""
        return self.data.decode("utf-16-be" if coding == "2" else "utf-8")


class Kannel:
    """Starts and stops Kannel; `texts` are all parts that phones got, in order."""

    def __init__(self, folder: Path, gateway_url: str) -> None:
        self.folder = folder
        self.ports = {name: free_port() for name in ("admin", "box", "centre", "send")}
        self.send_url = f"http://127.0.0.1:{self.ports['send']}/cgi-bin/sendsms"
        self.lines: list[bytes] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._phones: socket.socket | None = None
        self._reader: threading.Thread | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._configuration = folder / "kannel.conf"
        self._configuration.write_text(
            CONFIGURATION.format(
                **self.ports,
                folder=folder,
                gateway=gateway_url,
                password=PASSWORD,
                secret=quote(SECRET),
                secret_word="admin",
            ),
            encoding="utf-8",
        )

    def start(self, *, phones: bool = True) -> None:
        """Until texts can come and go. Without `phones` the centre is left to `fakesmsc`: it serves one connection at a time."""
        for name, port in (("bearerbox", "centre"), ("smsbox", "send")):
            program = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin")
            assert program
            with (self.folder / f"{name}.out").open("wb") as out:
                self._processes.append(subprocess.Popen([program, str(self._configuration)], stdout=out, stderr=out))
            _reachable(self.ports[port]).close()
        if not phones:
            return
        self._phones = _reachable(self.ports["centre"])
        self._reader = threading.Thread(target=self._read, args=(self._phones.makefile("rb"),), daemon=True)
        self._reader.start()

    def stop(self) -> None:
        """Ends both processes."""
        if self._phones:
            self._phones.shutdown(socket.SHUT_RDWR)
            self._phones.close()
        if self._reader:
            self._reader.join(5)
        for process in reversed(self._processes):
            process.terminate()
        for process in reversed(self._processes):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)

    def say(self, text: str, sender: str, receiver: str) -> None:
        """A phone sends a text."""
        plain = text.isascii() and text.isprintable()
        words = f"text {text}".encode() if plain else b"ucs2 " + quote(text.encode("utf-16-be")).encode()
        assert self._phones
        self._phones.sendall(f"{sender} {receiver} ".encode() + words + b"\n")

    def fakesmsc(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Kannel's own program at a connection of its own; end it when it is done."""
        command = [str(FAKESMSC), "-H", "127.0.0.1", "-r", str(self.ports["centre"]), *arguments]
        with (self.folder / "fakesmsc.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log)

    def parts(self, to: str = "") -> list[Part]:
        """What phones got, or one phone."""
        found = [part for line in self._whole_lines() if (part := _part(line))]
        return [part for part in found if not to or part.receiver == to]

    def texts(self, to: str) -> list[str]:
        """What a phone shows: parts put together."""
        shown: list[str] = []
        waiting: dict[int, dict[int, str]] = {}
        for part in self.parts(to):
            if not part.header:
                shown.append(part.text)
                continue
            reference, count, number = part.header[3], part.header[4], part.header[5]
            waiting.setdefault(reference, {})[number] = part.text
            if len(waiting[reference]) == count:
                shown.append("".join(text for _, text in sorted(waiting.pop(reference).items())))
        return shown

    def wait_for(self, to: str, count: int, seconds: float = 20.0) -> list[str]:
        """The texts of a phone, once there are `count`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = self.texts(to)
            if len(found) >= count:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{count} texts were expected at {to}: {self.texts(to)}")

    def codings(self) -> list[str]:
        """In which alphabet each text went out, in order: "0" of seven bits, "2" of sixteen."""
        log = (self.folder / "access.log").read_text(encoding="utf-8", errors="replace")
        return re.findall(r"Sent SMS .*?\[flags:-?\d+:(-?\d+):", log)

    def _read(self, lines: IO[bytes]) -> None:
        with lines, contextlib.suppress(OSError, ValueError):
            self.lines.extend(lines)

    def _whole_lines(self) -> list[bytes]:
        """A text with line breaks in it spans lines: what begins none goes on with the one before."""
        whole: list[bytes] = []
        for line in list(self.lines):
            if HEADER.match(line) or not whole:
                whole.append(line)
            else:
                whole[-1] += line
        return [line.removesuffix(b"\n") for line in whole]


def _part(line: bytes) -> Part | None:
    match = HEADER.match(line)
    if not match:
        return None
    sender, receiver, kind = match[1].decode(), match[2].decode(), match[3]
    rest, header = line[match.end() :], b""
    if kind == b"udh":
        given, kind, rest = rest.split(b" ", 2)
        header = unquote_to_bytes(given.replace(b"+", b" "))
    data = rest if kind == b"text" else unquote_to_bytes(rest.replace(b"+", b" "))
    return Part(sender, receiver, header, data, kind.decode())


def _reachable(port: int) -> socket.socket:
    until = time.monotonic() + 15
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
