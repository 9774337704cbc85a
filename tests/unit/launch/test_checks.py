"""What is said where a port is taken, the disk is full or the network away."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch.checks import FIRST_INSTALL_BYTES, LATER_BYTES, check_disk, check_ports, free_port, meaning
from launch.settings import PORTS
from launch.terminal import Problem


@pytest.fixture
def free() -> dict[str, str]:
    """All ports set to free ones."""
    with_sockets = []
    for _ in PORTS:
        probe = socket.socket()
        probe.bind(("127.0.0.1", 0))
        with_sockets.append(probe)
    found = {name: str(probe.getsockname()[1]) for name, probe in zip(PORTS, with_sockets, strict=True)}
    for probe in with_sockets:
        probe.close()
    return found


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_free_ports_pass(free):
    check_ports(free)


@pytest.mark.parametrize("name", PORTS)
def test_a_taken_port_names_its_setting_and_another_port(free, taken, name):
    with pytest.raises(Problem) as told:
        check_ports({**free, name: str(taken)})
    assert f"Port {taken} is taken" in str(told.value)
    assert f"{name}=" in str(told.value)
    assert "already running" in str(told.value)


def test_every_taken_port_is_named_at_once(free, taken):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Problem) as told:
            check_ports({**free, "GATEWAY_PORT": str(taken), "ACTIONS_PORT": str(other.getsockname()[1])})
    assert "GATEWAY_PORT=" in str(told.value)
    assert "ACTIONS_PORT=" in str(told.value)


def test_the_port_proposed_is_free(taken):
    assert free_port(taken) != taken


@pytest.mark.parametrize(("first", "needed"), [(True, FIRST_INSTALL_BYTES), (False, LATER_BYTES)])
def test_too_little_disk(tmp_path, first, needed):
    check_disk(tmp_path, first=first, free=lambda _: needed)
    with pytest.raises(Problem, match="UV_CACHE_DIR") as told:
        check_disk(tmp_path, first=first, free=lambda _: needed - 1)
    assert f"{needed / 1e9:.1f} GB are needed" in str(told.value)


def test_the_disk_of_the_downloads_counts_where_it_is_another(tmp_path):
    other = next((folder for folder in map(Path, ("/dev/shm", "/proc")) if folder.is_dir()), tmp_path)
    if other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is one disk only")

    def free(place):
        return 0 if place == other else FIRST_INSTALL_BYTES

    check_disk(tmp_path, first=True, cache=tmp_path / "cache", free=free)
    check_disk(tmp_path, first=False, cache=other / "none/uv", free=free)
    with pytest.raises(Problem, match=str(other)):
        check_disk(tmp_path, first=True, cache=other / "none/uv", free=free)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  cause: dns error", "UV_DEFAULT_INDEX"),
        ("NewConnectionError('...: Failed to establish a new connection')", "HTTPS_PROXY"),
        ("error: No space left on device (os error 28)", "UV_CACHE_DIR"),
        ("  cause: invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
        ("error: Permission denied (os error 13)", "UV_CACHE_DIR"),
    ],
)
def test_a_failure_is_explained_with_the_setting_to_change(line, said):
    assert said in meaning(["something before", line])


def test_what_is_not_known_is_not_explained():
    assert meaning(["error: hash mismatch"]) == ""
