"""Who may import whom: processes speak HTTP, rules know rules only, one file of the gateway knows everybody."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    "actions", "billing", "bot", "desk", "entities", "formats", "gateway", "knowledge", "language", "launch", "monitoring", "reach",
)  # fmt: skip
# The desk's pages and tables live in the gateway's process.
PROCESS = {
    "actions": "actions",
    "billing": "billing",
    "bot": "assistant",
    "desk": "gateway",
    "gateway": "gateway",
    "launch": "launch",
}
LIBRARIES = {"entities", "formats", "knowledge", "language", "monitoring", "reach"}
FULL = 310  # lines: "full at about 300"

RULES = {
    "actions": (),
    "billing": (
        "account",
        "autopay",
        "availability",
        "bill",
        "bill_change",
        "business_days",
        "calls",
        "coverage",
        "field_service",
        "modems",
        "money",
        "order_charge",
        "orders",
        "payment_link",
        "payment_report",
        "profile",
        "promise",
        "reminders",
        "tax",
    ),
    "bot": ("text", "choices", "verdict"),
    "desk": (
        "opening_hours",
        "request_states",
        "resolution",
        "service_levels",
        "mail_text",
        "signals",
        "triage",
        "figures",
        "article_rules",
        "difference",
        "likeness",
    ),
    "gateway": ("message", "redact", "sms_alphabet", "sms_choices", "sms_fold", "sms_text"),
}
RULE_FILES = {f"{package}/{name}.py" for package, names in RULES.items() for name in names}

# What beside gateway/app.py knows of two sides, and why.
KNOWS_THE_DESK = {
    "gateway/app.py": "builds everything",
    "gateway/internal.py": "the actions' door to the desk: the queue",
    "gateway/internal_requests.py": "the actions' door to the desk: support requests",
    "gateway/attachments.py": "the public door to the files of requests",
    "gateway/standing.py": "who answers now: the queue and the hours",
    "gateway/subject.py": "finds a customer's requests beside their conversations",
    "gateway/customer_data.py": "reads out and erases the tables of both",
    "gateway/customer.py": "the commands for it",
    "gateway/retention.py": "removes what is over from the tables of both",
    "gateway/receipts.py": "puts into the outbox what the desk has to tell",
    "gateway/triage_api.py": "the triage box for programs",
    "gateway/migrations/env.py": "one database, one line of migrations",
}
KNOWS_CHANNELS = {
    "gateway/app.py": "builds everything",
    "gateway/providers.py": "a provider's file holds what comes in by it and what goes out",
}
DESK_KNOWS_OF_GATEWAY = {"gateway.models"}  # the tables of the one database


def modules():
    """Each module of the project, by its path."""
    return {
        path.relative_to(ROOT).as_posix(): path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if ".venv" not in path.parts
    }


MODULES = modules()


def imports(path):
    """The names of all that a file imports, `from a import b` as both `a` and `a.b`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


IMPORTS = {name: imports(path) for name, path in MODULES.items()}


def packages_of(name):
    return {module.partition(".")[0] for module in IMPORTS[name]}


def test_the_modules_are_found():
    assert len(MODULES) > 80
    assert set(MODULES) >= RULE_FILES
    assert set(KNOWS_THE_DESK) | set(KNOWS_CHANNELS) <= set(MODULES), "an exception for a file that is gone"


@pytest.mark.parametrize("name", MODULES)
def test_processes_do_not_import_each_other(name):
    own = PROCESS.get(name.partition("/")[0])
    others = {package for package, process in PROCESS.items() if process != own}
    assert not packages_of(name) & others


@pytest.mark.parametrize("name", sorted(RULE_FILES))
def test_a_rule_file_imports_the_standard_library_and_rules_only(name):
    package = name.partition("/")[0]
    rules = {package, *(f"{package}.{rule}" for rule in RULES[package])}
    for module in IMPORTS[name]:
        known = module.partition(".")[0] in sys.stdlib_module_names
        assert known or module in rules or module.rpartition(".")[0] in rules - {package}, module


def test_one_file_of_the_gateway_knows_everybody():
    def who(start):
        return {name for name in MODULES if any(module.startswith(start) for module in IMPORTS[name])}

    own_channels = {name for name in MODULES if name.startswith("gateway/channels/")}
    assert who("gateway.channels") - own_channels == set(KNOWS_CHANNELS)
    assert {name for name in who("desk") if name.startswith("gateway/")} <= set(KNOWS_THE_DESK)
    assert not own_channels & (who("gateway.identity") | who("gateway.rasa_client") | who("desk") | who("gateway.app"))
    assert not {name for name in MODULES if name != "gateway/__main__.py"} & who("gateway.app")


def test_the_desk_knows_only_the_tables_of_the_gateway():
    for name in MODULES:
        if name.startswith("desk/"):
            known = {module for module in IMPORTS[name] if module.startswith("gateway")}
            assert all(
                any(module == allowed or module.startswith(f"{allowed}.") for allowed in DESK_KNOWS_OF_GATEWAY)
                for module in known
            ), name


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_it_is_for_and_is_not_full(name):
    text = MODULES[name].read_text(encoding="utf-8")
    assert (ast.get_docstring(ast.parse(text)) or "").strip(), f"{name} has no docstring"
    assert len(text.splitlines()) <= FULL


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests").rglob("*.py")), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_a_test_file_is_not_full_either(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FULL
