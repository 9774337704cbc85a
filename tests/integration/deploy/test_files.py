"""What deploy/ holds is what its programs take: nginx and systemd read it, and every setting that it names exists."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SETTING = re.compile(r"^([A-Z][A-Z0-9_]+)=", re.M)
# Read by others than our processes: Python, PostgreSQL's image, uv, Rasa's libraries.
OTHERS = re.compile(r"PYTHON|POSTGRES_|UV_|SQLALCHEMY_|TF_")
CELL = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "cell.yml").read_text(encoding="utf-8")))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
MODULES = {"gateway", "billing", "actions", "bot.serve", "gateway.migrate", "billing.migrate", "monitoring.ask"}


def settings_named():
    """Each setting that a file of deploy/ gives, with the file."""
    found = {(name, "settings.env.example") for name in SETTING.findall((DEPLOY / "settings.env.example").read_text())}
    for name, service in COMPOSE["services"].items():
        environment = service.get("environment") or {}
        found |= {(key, f"compose {name}") for key in environment}
    for container in containers():
        found |= {(one["name"], f"cell {container['name']}") for one in container.get("env", [])}
    for unit in UNITS:
        for line in re.findall(r"^Environment=(.*)$", unit.read_text(), re.M):
            found |= {(part.partition("=")[0], unit.name) for part in line.split()}
    return sorted(one for one in found if not OTHERS.match(one[0]))


def containers():
    pod = CELL[0]["spec"]["template"]["spec"]
    return [*pod["initContainers"], *pod["containers"]]


@pytest.mark.parametrize(("name", "where"), settings_named())
def test_a_setting_that_is_given_exists(name, where):
    rows = [
        line
        for line in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    assert any(f"`{name.removesuffix('_FILE')}`" in row for row in rows), f"{name} in {where}"


def test_every_process_is_started_by_its_module():
    def words(command):
        return " ".join(command) if isinstance(command, list) else str(command)

    commands = [words(one["command"]) for one in containers() if "command" in one]
    commands += [words(one["command"]) for one in COMPOSE["services"].values() if "command" in one]
    commands += [re.search(r"^ExecStart=(.*)$", unit.read_text(), re.M)[1] for unit in UNITS]
    started = {module for command in commands for module in re.findall(r"-m,? ([\w.]+)", command)}
    assert {"gateway", "billing", "actions", "bot.serve", "gateway.migrate", "billing.migrate"} <= started <= MODULES
    for module in MODULES:
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


def test_only_the_gateway_is_reached_from_elsewhere():
    (pod,) = [one for one in CELL if one["kind"] == "Deployment"]
    ports = {c["name"]: c.get("ports") for c in pod["spec"]["template"]["spec"]["containers"]}
    assert [name for name, found in ports.items() if found] == ["gateway"]
    assert [name for name, service in COMPOSE["services"].items() if service.get("ports")] == ["nginx"]
    for container in containers():
        probe = container.get("livenessProbe", {})
        assert "exec" in probe or container["name"] in ("gateway", "migrate", "assistant") or probe == {}


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_nginx_takes_its_file(tmp_path):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=example.ca",
         "-keyout", tmp_path / "key.pem", "-out", tmp_path / "certificate.pem"], check=True, capture_output=True,
    )  # fmt: skip
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("/etc/nginx/tls", str(tmp_path))
    # Their names are known to the network of the compose file only.
    text = text.replace("gateway1:", "127.0.0.1:").replace("gateway2:", "127.0.0.2:")
    file = tmp_path / "nginx.conf"
    file.write_text(f"error_log {tmp_path}/error.log;\npid {tmp_path}/pid;\n{text}", encoding="utf-8")
    done = subprocess.run(["nginx", "-t", "-c", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_takes_the_units(tmp_path):
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/support-assistant", str(ROOT))
        (tmp_path / unit.name).write_text(
            re.sub(r"^(User|EnvironmentFile)=.*\n", "", text, flags=re.M), encoding="utf-8"
        )
    done = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.glob("*.service"))], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "support-assistant" in line]
    assert done.returncode == 0, done.stderr
    assert ours == []
