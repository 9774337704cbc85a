"""The gateway's settings: everything wrong is said at once, and secrets do not print."""

from pathlib import Path

import pytest

from gateway.settings import Settings, SettingsError, read_settings

SECRET = "a secret, long enough for anybody"
SECRETS = dict.fromkeys(("ASSISTANT_SECRET", "INTERNAL_SECRET", "BILLING_TOKEN_SECRET"), SECRET)


def test_three_secrets_are_enough():
    settings = read_settings(SECRETS)
    assert settings == Settings(assistant_secret=SECRET, internal_secret=SECRET, billing_token_secret=SECRET)
    assert (settings.host, settings.port, settings.internal_port) == ("127.0.0.1", 8080, 8079)
    assert not settings.production
    assert settings.show_understood


def test_everything_wrong_is_told_at_once():
    with pytest.raises(SettingsError) as told:
        read_settings(
            {
                "GATEWAY_PORT": "http",
                "GATEWAY_INTERNAL_PORT": "70000",
                "ENVIRONMENT": "prod",
                "SHOW_UNDERSTOOD": "maybe",
            }
        )
    names = (*SECRETS, "GATEWAY_PORT", "GATEWAY_INTERNAL_PORT", "ENVIRONMENT", "SHOW_UNDERSTOOD")
    for name in names:
        assert name in str(told.value)
    assert str(told.value).count("\n- ") == len(names)


@pytest.mark.parametrize("name", SECRETS)
def test_a_short_secret_is_refused_and_not_shown(name):
    with pytest.raises(SettingsError, match=name) as told:
        read_settings({**SECRETS, name: "hunter2"})
    assert "hunter2" not in str(told.value)


def test_the_key_that_billing_shares_is_as_long_as_billing_asks():
    with pytest.raises(SettingsError, match=r"BILLING_TOKEN_SECRET .* at least 32 bytes") as told:
        read_settings({**SECRETS, "BILLING_TOKEN_SECRET": SECRET[:31]})
    assert str(told.value).count("\n- ") == 1
    assert read_settings({**dict.fromkeys(SECRETS, SECRET[:16]), "BILLING_TOKEN_SECRET": SECRET[:32]})


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_come_from_a_file_and_the_environment_wins(tmp_path, name):
    file = tmp_path / "secret"
    file.write_text("from the file, long enough for it\n", encoding="utf-8")
    rest = {other: SECRET for other in SECRETS if other != name}
    assert (
        getattr(read_settings({**rest, f"{name}_FILE": str(file)}), name.lower()) == "from the file, long enough for it"
    )
    assert getattr(read_settings({**SECRETS, f"{name}_FILE": str(file)}), name.lower()) == SECRET


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    absent = str(tmp_path / "absent")
    with pytest.raises(SettingsError, match=r"INTERNAL_SECRET_FILE names .*absent, which cannot be read") as told:
        read_settings({"INTERNAL_SECRET_FILE": absent, "GATEWAY_PORT": "x"})
    assert "GATEWAY_PORT" in str(told.value), "the rest is said as well"


def test_secrets_do_not_print():
    url = "postgresql+psycopg://gateway:hunter2@db/gateway"
    settings = read_settings({**SECRETS, "GATEWAY_DATABASE_URL": url})
    assert settings.database_url == url
    assert SECRET not in repr(settings)
    assert "hunter2" not in repr(settings)


def test_production_hides_what_was_understood_unless_it_is_asked_for():
    assert read_settings({**SECRETS, "ENVIRONMENT": "production"}).show_understood is False
    assert read_settings({**SECRETS, "ENVIRONMENT": "production", "SHOW_UNDERSTOOD": "yes"}).show_understood is True
    assert read_settings({**SECRETS, "SHOW_UNDERSTOOD": "no"}).show_understood is False


def test_every_setting_comes_from_its_variable():
    settings = read_settings(
        {
            **SECRETS,
            "GATEWAY_HOST": "0.0.0.0",
            "GATEWAY_PORT": "9000",
            "GATEWAY_INTERNAL_PORT": "9001",
            "ASSISTANT_URL": "http://a",
            "BILLING_URL": "http://b",
            "ACTIONS_HEALTH_URL": "http://c",
            "KNOWLEDGE_BASE": "/kb",
            "OUTBOX_FILE": "/out.jsonl",
            "ALLOWED_ORIGINS": "https://shop.example, https://www.shop.example,",
        }
    )
    assert (settings.host, settings.port, settings.internal_port) == ("0.0.0.0", 9000, 9001)
    assert (settings.assistant_url, settings.billing_url, settings.actions_url) == ("http://a", "http://b", "http://c")
    assert (settings.knowledge_base, settings.outbox_file) == (Path("/kb"), Path("/out.jsonl"))
    assert settings.allowed_origins == ("https://shop.example", "https://www.shop.example")


def test_a_sentence_comes_within_eight_seconds_even_where_the_assistant_does_not_answer():
    assert read_settings(SECRETS).turn_s < 8


def test_who_may_read_the_figures_is_a_list_of_networks():
    found = read_settings({**SECRETS, "METRICS_FROM": "10.0.3.0/24, fd00::1"}).metrics_from
    assert [str(network) for network in found] == ["10.0.3.0/24", "fd00::1/128"]
    with pytest.raises(SystemExit, match="METRICS_FROM must be addresses or networks"):
        read_settings({**SECRETS, "METRICS_FROM": "10.0.3.0/24, everybody"})
