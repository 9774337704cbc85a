"""The documents say what is: every setting is described, every target exists, every link leads somewhere."""

import ast
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = ROOT / "docs" / "operations.md"
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
SETTINGS = (
    "gateway/settings.py",
    "gateway/sms_settings.py",
    "billing/settings.py",
    "actions/settings.py",
    "monitoring/logs.py",
    "monitoring/traces.py",
    "launch/settings.py",
)
# Set by the launch for the processes, always the same: nobody chooses them.
FIXED = {
    "PYTHONUNBUFFERED": "a log's last lines",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "a remark of Rasa's SQLAlchemy",
    "TF_CPP_MIN_LOG_LEVEL": "remarks of TensorFlow",
    "TF_ENABLE_ONEDNN_OPTS": "remarks of TensorFlow",
    # Taken out, lest another environment leak in.
    "VIRTUAL_ENV": "not read",
    "PYTHONHOME": "not read",
    "UV_PROJECT_ENVIRONMENT": "not read",
    "UV_PROJECT": "not read",
    "UV_WORKING_DIRECTORY": "not read",
}
VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|ENVIRONMENT|PYTHONPATH")


def strings(path):
    """The plain strings of a file, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    remarks = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return {
        n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in remarks
    }


def variables():
    """Each environment variable that the settings, the launch and the bot read."""
    found = {text for name in SETTINGS for text in strings(ROOT / name) if VARIABLE.fullmatch(text)}
    for path in (ROOT / "bot").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"os\.environ(?:\.get\(|\[)\"(\w+)\"", text))
    found |= set(re.findall(r"\$\{(\w+)\}", (ROOT / "endpoints.yml").read_text(encoding="utf-8")))
    # `X_FILE` names a file that holds X: said once, for all that have it.
    return sorted(name for name in found - FIXED.keys() if name.removesuffix("_FILE") == name or name == "OUTBOX_FILE")


def test_the_variables_are_found():
    assert len(variables()) >= 20
    assert {"BILLING_TOKEN_SECRET", "GATEWAY_PORT", "ALLOWED_ORIGINS", "BILLING_TIME_ZONE"} <= set(variables())


@pytest.mark.parametrize("variable", variables())
def test_every_setting_is_described_for_who_runs_it(variable):
    rows = [line for line in OPERATIONS.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert any(re.search(rf"`{variable}`", row) for row in rows), (
        f"{variable} has no line in a table of docs/operations.md"
    )


def test_no_setting_is_described_that_nobody_reads():
    rows = [line.split("|")[1] for line in OPERATIONS.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    named = {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]{3,})`", row)}
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("gateway", "billing", "actions", "launch", "bot", "monitoring")
        for path in (ROOT / folder).glob("*.py")
    )
    elsewhere = (ROOT / "endpoints.yml").read_text(encoding="utf-8") + (ROOT / "Procfile").read_text(encoding="utf-8")
    # Read by the tools that the launch calls.
    tools = {
        "HTTPS_PROXY",
        "UV_DEFAULT_INDEX",
        "UV_INDEX_URL",
        "UV_CACHE_DIR",
        "UV_PYTHON_INSTALL_MIRROR",
        "SSL_CERT_FILE",
        "RASA_TELEMETRY_ENABLED",
    }
    assert not {name for name in named - tools if name not in code + elsewhere}


def targets():
    """The targets of the Makefile."""
    return set(re.findall(r"^([a-z][\w-]*)(?: [a-z]+)*:(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_target_that_a_document_names_exists(path):
    text = path.read_text(encoding="utf-8")
    # Commands only: "make sure" is no target.
    code = "\n".join(piece.strip("`") for piece in re.findall(r"```.*?```|`[^`\n]+`", text, re.S))
    named = set(re.findall(r"^\s*(?:[A-Z_]+=\S+ )*make ([a-z][\w-]*)", code, re.M))
    assert named <= targets()


def test_the_documents_name_the_targets_that_one_needs():
    text = (ROOT / "README.md").read_text(encoding="utf-8") + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in ("run", "test", "train", "check"):
        assert target in targets()
        assert f"make {target}" in text


def headings(path):
    """The anchors of a document's headings, as GitHub makes them."""
    found = set()
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
    for heading in re.findall(r"^#+ (.+)$", text, re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


def links(path):
    text = re.sub(r"```.*?```|`[^`\n]+`", "", path.read_text(encoding="utf-8"), flags=re.S)
    return re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", text)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(path):
    for link in links(path):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        assert ROOT in [target, *target.parents], f"{link} leads out of the project"
        if anchor and target.suffix == ".md":
            assert anchor in headings(target), link


def test_the_links_are_found():
    assert sum(len(links(path)) for path in DOCUMENTS) > 20


def test_every_decision_is_one_page_with_its_number():
    pages = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [name[:4] for name in pages] == [f"{n:04d}" for n in range(1, len(pages) + 1)]


def test_a_decision_that_code_or_a_document_names_exists():
    files = [
        *DOCUMENTS,
        *(
            p
            for f in ("actions", "billing", "bot", "desk", "gateway", "knowledge", "language", "launch")
            for p in (ROOT / f).glob("*.py")
        ),
    ]
    for path in files:
        for name in re.findall(r"docs/decisions/[\w-]+\.md", path.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), f"{path.relative_to(ROOT)} names {name}"


# Assembled, so that this file does not name them either.
ELSEWHERE = ["/".join(("", "work", "")), "/".join(("", "root", "")), "/".join(("", "home", ""))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_document_names_a_place_of_somebodys_machine(path):
    text = path.read_text(encoding="utf-8")
    assert not [place for place in ELSEWHERE if place in text]
