"""What can be known to go wrong before it does: a port that is taken, a disk that is full; and what a failure meant."""

from __future__ import annotations

import errno
import re
import shutil
import socket
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from launch.settings import LOOPBACK, ports
from launch.terminal import Problem

GB = 1_000_000_000
FIRST_INSTALL_BYTES = 4 * GB  # Rasa's environment is 2.5 GB, TensorFlow the most of it; the services' is 0.4 GB
LATER_BYTES = GB // 2  # a model, the databases, logs

_NO_NETWORK = re.compile(
    r"dns error|failed to lookup|name or service not known|temporary failure in name resolution|could not resolve"
    r"|network is unreachable|no route to host|error sending request|connection refused|connection reset"
    r"|timed out|tunnel error|tcp connect error|newconnectionerror|max retries exceeded|no matching distribution found",
    re.IGNORECASE,
)
_UNTRUSTED = re.compile(r"UnknownIssuer|invalid peer certificate|CERTIFICATE_VERIFY_FAILED", re.IGNORECASE)
_NO_SPACE = re.compile(r"no space left on device|os error 28\b|disk quota exceeded", re.IGNORECASE)


def check_ports(env: Mapping[str, str]) -> None:
    """Raises Problem naming each port that cannot be listened on, and the setting that moves it."""
    problems = []
    for name, port in ports(env).items():
        host = (env.get("GATEWAY_HOST") if name == "GATEWAY_PORT" else "") or LOOPBACK
        trouble = _trouble(host, port)
        if trouble:
            problems.append(f"Port {port} {trouble}. Free it, or choose another: {name}={free_port(port)} make run")
    if problems:
        problems.append("(Is the assistant already running, in another terminal?)")
        raise Problem("\n".join(problems))


def _trouble(host: str, port: int) -> str:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers do, so that connections just closed by a previous run do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError:
            return "may only be used by root"
        except OSError as error:
            return "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used on {host} ({error.strerror})"
    return ""


def free_port(near: int) -> int:
    """A port above `near` that is free now, to suggest."""
    return next((port for port in range(max(near, 1023) + 10, 65536, 10) if not _trouble(LOOPBACK, port)), near)


def check_disk(
    root: Path,
    *,
    first: bool,
    cache: Path | None = None,
    free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
) -> None:
    """Raises Problem where there is too little space under `root`: for a first install, or to go on.

    For a first install the folder of uv's downloads, `cache`, counts too where it is on another disk.
    """
    needed = FIRST_INSTALL_BYTES if first else LATER_BYTES
    places = [root]
    if first and cache:
        there = next(folder for folder in (cache, *cache.parents) if folder.exists())
        places += [there] if there.stat().st_dev != root.stat().st_dev else []
    for place in places:
        left = free(place)
        if left < needed:
            raise Problem(
                f"Too little disk space: {left / GB:.1f} GB are free in {place}, {needed / GB:.1f} GB are needed"
                + (" for the first install" if first else "")
                + ".\nFree some, or put the project on a larger disk; UV_CACHE_DIR moves the downloads that uv keeps."
            )


def is_untrusted(lines: Iterable[str]) -> bool:
    """Whether a download failed because of a certificate that is not known."""
    return bool(_UNTRUSTED.search("\n".join(lines)))


def meaning(lines: Iterable[str]) -> str:
    """What the last lines of a failed download or install mean, with the setting to change; "" where unknown."""
    text = "\n".join(lines)
    if _NO_SPACE.search(text):
        return "The disk is full. Free some space, or set UV_CACHE_DIR to a folder on a larger disk."
    if is_untrusted([text]):
        return (
            "The package index shows a certificate that this machine does not know (a company's proxy?).\n"
            "Set SSL_CERT_FILE to the file that holds its authority's certificate."
        )
    if _NO_NETWORK.search(text):
        return (
            "The package index could not be reached: is there a network?\n"
            "Behind a proxy, set HTTPS_PROXY.\n"
            "With a mirror of PyPI, set UV_DEFAULT_INDEX (or UV_INDEX_URL) to its address.\n"
            "With a cache of uv filled elsewhere, set UV_CACHE_DIR to its folder."
        )
    if "permission denied" in text.lower():
        return "A folder may not be written. Set UV_CACHE_DIR to one that may, and see whose the project's folder is."
    return ""
