"""Versions that both lock files must not fall below, each with what was wrong before it. Packages only rise."""

import re
from pathlib import Path

import pytest
import tomllib

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"services": ROOT / "uv.lock", "rasa": ROOT / "bot" / "uv.lock"}

BOTH = {
    "jinja2": ("3.1.6", "CVE-2025-27516: a template breaks out of the sandbox"),
    "pyjwt": ("2.10.1", "CVE-2024-53861: an issuer is compared in part"),
    "pillow": ("12.1.1", "CVE-2026-25990: a crafted PSD writes out of bounds"),
    "python-socketio": ("5.14.0", "CVE-2025-61765: pickles from a message queue are run"),
    "requests": ("2.32.4", "CVE-2024-47081: credentials of .netrc go to another host"),
    "urllib3": ("2.6.3", "CVE-2026-21441: a redirect unpacks without a limit"),
    "certifi": ("2024.7.4", "CVE-2024-39689: a root that is trusted no more"),
    "h11": ("0.16.0", "CVE-2025-43859: request smuggling by chunked bodies"),
    "idna": ("3.7", "CVE-2024-3651: a long name takes quadratic time"),
    "pyyaml": ("5.4", "CVE-2020-14343: loading runs code"),
    "werkzeug": ("3.1.4", "CVE-2025-66221: names of devices on Windows"),
}
FLOORS = {
    "services": {
        **BOTH,
        "aiohttp": ("3.14.3", "request smuggling; it stands at the public port"),
        "setuptools": ("78.1.1", "CVE-2025-47273: a package index writes outside its folder"),
        "sqlalchemy": ("2.0.36", "what the queries are written for"),
    },
    # Never reached by a customer, and cannot be brought further (docs/decisions/0001): what can be had must be there.
    "rasa": {
        **BOTH,
        "rasa": ("3.6.21", "CVE-2024-49375: a model loaded over the HTTP API runs code"),
        "aiohttp": ("3.9.4", "CVE-2024-30251: a multipart body that never ends; Rasa takes none from 3.10 on"),
        "sanic": ("21.12.2", "CVE-2022-35920: files outside the folder"),
        "tensorflow": ("2.12.0", "CVE-2023-25668 and others: crafted operations; Rasa takes no other"),
        "cryptography": ("44.0.1", "CVE-2024-12797: a raw public key goes unchecked"),
        "numpy": ("1.22.0", "CVE-2021-33430: a buffer overflow"),
        "joblib": ("1.2.0", "CVE-2022-21797: an argument is evaluated"),
        "redis": ("4.5.5", "CVE-2023-28859: an answer meant for another request"),
        "setuptools": ("70.0.0", "CVE-2024-6345: an address runs code; rasa needs pkg_resources, gone from 81 on"),
    },
}


def versions(path):
    """The versions of a lock file by package; where a package stands in it twice, both."""
    found = {}
    for package in tomllib.loads(path.read_text(encoding="utf-8"))["package"]:
        if "version" in package:
            found.setdefault(package["name"], []).append(package["version"])
    return found


def number(version):
    return tuple(int(part) for part in re.match(r"\d+(?:\.\d+)*", version)[0].split("."))


LOCKED = {name: versions(path) for name, path in LOCKS.items()}
CASES = [(lock, package) for lock, floors in FLOORS.items() for package in floors]


@pytest.mark.parametrize(("lock", "package"), CASES, ids=[f"{lock}-{package}" for lock, package in CASES])
def test_a_package_is_not_below_its_floor(lock, package):
    floor, reason = FLOORS[lock][package]
    # One that is no longer there cannot be too old: take it off the list above.
    assert package in LOCKED[lock] or package in BOTH, f"{package} is not in the lock any more"
    for version in LOCKED[lock].get(package, []):
        assert number(version) >= number(floor), f"{package} {version} in {LOCKS[lock].name}: {reason}"


def test_numbers_are_compared_as_numbers():
    assert number("3.14.5") > number("3.9.5")
    assert number("2026.10.18") > number("2024.7.4")
    assert number("5.4") > number("5.3.99")


@pytest.mark.parametrize("lock", LOCKS)
def test_each_file_that_is_installed_is_known_by_its_hash(lock):
    for package in tomllib.loads(LOCKS[lock].read_text(encoding="utf-8"))["package"]:
        if "registry" in package["source"]:
            files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
            assert all(file["hash"].startswith("sha256:") for file in files), package["name"]
