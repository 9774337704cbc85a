"""What the processes are told: ports, addresses, secrets, and .env."""

import stat

import pytest

from launch.settings import PORTS, base_environment, ports, process_environment, read_env_file
from launch.terminal import Problem


def test_an_env_file_is_lines_of_key_and_value(tmp_path):
    file = tmp_path / ".env"
    file.write_text(
        "# a remark\n\nGATEWAY_PORT=9000\n export TOKEN = 'a b#c=d' \nEMPTY=\nQUOTED=\"x\"\nONE='\n", encoding="utf-8"
    )
    assert read_env_file(file) == {
        "GATEWAY_PORT": "9000",
        "TOKEN": "a b#c=d",
        "EMPTY": "",
        "QUOTED": "x",
        "ONE": "'",
    }


def test_without_an_env_file_nothing_is_set(tmp_path):
    assert read_env_file(tmp_path / ".env") == {}


@pytest.mark.parametrize("line", ["GATEWAY_PORT", "2NAME=x", "=x", "A B=x"])
def test_a_line_that_is_no_setting_is_named_by_its_number_and_never_shown(tmp_path, line):
    (tmp_path / ".env").write_text(f"GOOD=1\n{line}\n", encoding="utf-8")
    with pytest.raises(Problem, match=r"\.env, line 2") as told:
        read_env_file(tmp_path / ".env")
    assert line not in str(told.value)


def test_the_environment_wins_over_the_env_file(tmp_path):
    (tmp_path / ".env").write_text("GATEWAY_PORT=9000\nBILLING_PORT=9001\n", encoding="utf-8")
    found = process_environment(tmp_path, base_environment(tmp_path, {"GATEWAY_PORT": "7000"}))
    assert found["GATEWAY_PORT"] == "7000"
    assert found["BILLING_URL"] == "http://127.0.0.1:9001"
    assert found["BILLING_PUBLIC_URL"] == "http://127.0.0.1:7000", "links lead to the gateway"


def test_the_addresses_follow_the_ports(tmp_path):
    env = {"ACTIONS_PORT": "6055", "ASSISTANT_PORT": "6005", "BILLING_PORT": "6081", "GATEWAY_INTERNAL_PORT": "6079"}
    found = process_environment(tmp_path, env)
    assert found["ACTIONS_URL"] == "http://127.0.0.1:6055/webhook"
    assert found["ACTIONS_HEALTH_URL"] == "http://127.0.0.1:6055"
    assert found["ASSISTANT_URL"] == "http://127.0.0.1:6005"
    assert found["BILLING_URL"] == "http://127.0.0.1:6081"
    assert found["GATEWAY_INTERNAL_URL"] == "http://127.0.0.1:6079"
    assert found["GATEWAY_PORT"] == "8080"


def test_another_virtual_environment_does_not_leak_in(tmp_path):
    base = base_environment(tmp_path, {"VIRTUAL_ENV": "/elsewhere", "PYTHONHOME": "/elsewhere", "PYTHONPATH": "/x"})
    found = process_environment(tmp_path, base)
    assert "VIRTUAL_ENV" not in found
    assert "PYTHONHOME" not in found
    assert found["PYTHONPATH"] == "."


def test_secrets_are_made_once_and_kept_from_others(tmp_path):
    first = process_environment(tmp_path, {})
    again = process_environment(tmp_path, {})
    names = ("ASSISTANT_SECRET", "INTERNAL_SECRET", "BILLING_TOKEN_SECRET")
    assert len({first[name] for name in names}) == 3
    for name in names:
        assert len(first[name]) >= 32
        assert again[name] == first[name]
        assert stat.S_IMODE((tmp_path / "var/secrets" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "var/secrets").stat().st_mode) == 0o700


def test_half_a_secret_is_made_again(tmp_path):
    (tmp_path / "var/secrets").mkdir(parents=True)
    (tmp_path / "var/secrets/ASSISTANT_SECRET").write_text("")
    assert len(process_environment(tmp_path, {})["ASSISTANT_SECRET"]) >= 32


def test_a_secret_given_wins_and_is_not_written_down(tmp_path):
    (tmp_path / "given").write_text("from a file\n")
    env = {"ASSISTANT_SECRET": "given", "INTERNAL_SECRET_FILE": str(tmp_path / "given")}
    found = process_environment(tmp_path, env)
    assert found["ASSISTANT_SECRET"] == "given"
    assert found["INTERNAL_SECRET"] == "from a file"
    assert not (tmp_path / "var/secrets/ASSISTANT_SECRET").exists()
    assert not (tmp_path / "var/secrets/INTERNAL_SECRET").exists()


def test_an_empty_value_is_none(tmp_path):
    found = process_environment(tmp_path, {"GATEWAY_PORT": "", "BILLING_URL": ""})
    assert found["GATEWAY_PORT"] == "8080"
    assert found["BILLING_URL"] == "http://127.0.0.1:8081"


@pytest.mark.parametrize("value", ["0", "65536", "http", "-1", "8 080", "٨٠٨٠"])
def test_a_port_must_be_one(value):
    with pytest.raises(Problem, match="GATEWAY_PORT"):
        ports({"GATEWAY_PORT": value})


def test_two_processes_cannot_share_a_port():
    with pytest.raises(Problem, match="GATEWAY_INTERNAL_PORT and BILLING_PORT are both 8079"):
        ports({"BILLING_PORT": "8079"})


def test_the_default_ports():
    assert ports({}) == PORTS
