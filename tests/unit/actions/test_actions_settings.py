"""The action server's settings: everything wrong is said at once, and the secret does not print."""

from pathlib import Path

import pytest

from actions.settings import Settings, read_settings
from gateway.settings import Settings as GatewaySettings

SECRET = "a secret, long enough for anybody"
OTHER = "another one, long enough as well"
BOTH = {"INTERNAL_SECRET": SECRET, "ASSISTANT_SECRET": OTHER}


def test_the_secrets_are_enough():
    assert read_settings(BOTH) == Settings(internal_secret=SECRET, assistant_secret=OTHER)


def test_everything_wrong_is_told_at_once_without_the_secret():
    with pytest.raises(SystemExit) as told:
        read_settings({"INTERNAL_SECRET": "hunter2", "ACTIONS_PORT": "0"})
    assert "INTERNAL_SECRET" in str(told.value)
    assert "ACTIONS_PORT" in str(told.value)
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("name", BOTH)
def test_a_missing_secret_is_named(name):
    with pytest.raises(SystemExit, match=name):
        read_settings({**BOTH, name: ""})


def test_the_secret_may_come_from_a_file_and_the_environment_wins(tmp_path):
    file = tmp_path / "secret"
    file.write_text("from the file, long enough\n", encoding="utf-8")
    given = {"INTERNAL_SECRET_FILE": str(file), "ASSISTANT_SECRET": OTHER}
    assert read_settings(given).internal_secret == "from the file, long enough"
    assert read_settings({**given, "INTERNAL_SECRET": SECRET}).internal_secret == SECRET


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(SystemExit, match=r"INTERNAL_SECRET_FILE names .*absent, which cannot be read"):
        read_settings({"INTERNAL_SECRET_FILE": str(tmp_path / "absent")})


def test_the_secrets_do_not_print():
    assert SECRET not in repr(read_settings(BOTH))
    assert OTHER not in repr(read_settings(BOTH))


def test_every_setting_comes_from_its_variable():
    settings = read_settings(
        {
            **BOTH,
            "ACTIONS_HOST": "::1",
            "ACTIONS_PORT": "9055",
            "GATEWAY_INTERNAL_URL": "http://g, http://h",
            "BILLING_URL": "http://b",
            "KNOWLEDGE_BASE": "/kb",
        }
    )
    assert (settings.host, settings.port) == ("::1", 9055)
    assert (settings.gateway_urls, settings.billing_url, settings.knowledge_base) == (
        ("http://g", "http://h"),
        "http://b",
        Path("/kb"),
    )


def test_an_action_ends_before_the_turn_does_and_a_call_before_the_action():
    assert Settings.call_s < Settings.action_s < GatewaySettings.turn_s
