"""Settings: what is missing is said at start, and secrets never print."""

import pytest

from billing.__main__ import main
from billing.settings import Settings, SettingsError, StoreSettings

SECRET = "c0ffee" * 8


def test_the_defaults_need_the_secret_only():
    settings = Settings.from_environment({"BILLING_TOKEN_SECRET": SECRET})
    assert settings == Settings(token_secret=SECRET)
    assert (settings.host, settings.port) == ("127.0.0.1", 8081)
    assert settings.database_url == "sqlite+aiosqlite:///var/billing.sqlite"
    assert settings.time_zone.key == "America/Toronto"
    assert settings.public_url == "http://localhost:8080"


@pytest.mark.parametrize(
    "address", ["www.example.ca", "ftp://example.ca", "https://", "https://a.ca/?x=1", "https://[a"]
)
def test_the_public_address_is_a_web_address(address):
    with pytest.raises(SettingsError, match="BILLING_PUBLIC_URL"):
        Settings.from_environment({"BILLING_TOKEN_SECRET": SECRET, "BILLING_PUBLIC_URL": address})


def test_the_public_address_ends_without_a_slash():
    environment = {"BILLING_TOKEN_SECRET": SECRET, "BILLING_PUBLIC_URL": "https://pay.example.ca/help/"}
    assert Settings.from_environment(environment).public_url == "https://pay.example.ca/help"


def test_a_missing_secret_is_named():
    with pytest.raises(SettingsError, match=r"BILLING_TOKEN_SECRET .*is missing"):
        Settings.from_environment({})


def test_everything_wrong_is_told_at_once():
    environment = {"BILLING_PORT": "http", "BILLING_DATABASE_URL": "nonsense", "BILLING_TIME_ZONE": "Mars/Olympus"}
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environment)
    for name in ("BILLING_TOKEN_SECRET", "BILLING_PORT", "BILLING_DATABASE_URL", "BILLING_TIME_ZONE"):
        assert name in str(caught.value)


def test_a_short_secret_is_refused_without_being_shown():
    with pytest.raises(SettingsError, match="too short") as caught:
        Settings.from_environment({"BILLING_TOKEN_SECRET": "hunter2"})
    assert "hunter2" not in str(caught.value)


def test_a_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "secret").write_text(SECRET + "\n")
    environment = {"BILLING_TOKEN_SECRET_FILE": str(tmp_path / "secret")}
    assert Settings.from_environment(environment).token_secret == SECRET


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / "secret").write_text("f" * 64)
    environment = {"BILLING_TOKEN_SECRET": SECRET, "BILLING_TOKEN_SECRET_FILE": str(tmp_path / "secret")}
    assert Settings.from_environment(environment).token_secret == SECRET


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"BILLING_TOKEN_SECRET_FILE names .*cannot be read") as caught:
        Settings.from_environment({"BILLING_TOKEN_SECRET_FILE": str(tmp_path / "absent")})
    assert "is missing" not in str(caught.value)


def test_secrets_do_not_print():
    settings = Settings(token_secret=SECRET, database_url="postgresql+psycopg://billing:hunter2@db/billing")
    assert SECRET not in repr(settings)
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in repr(StoreSettings(database_url=settings.database_url))


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8081.5", "８０８１"])
def test_a_port_is_a_port(port):
    with pytest.raises(SettingsError, match="BILLING_PORT"):
        Settings.from_environment({"BILLING_TOKEN_SECRET": SECRET, "BILLING_PORT": port})


def test_the_server_refuses_to_start_without_its_secret_and_says_so(monkeypatch, capsys):
    monkeypatch.delenv("BILLING_TOKEN_SECRET", raising=False)
    monkeypatch.delenv("BILLING_TOKEN_SECRET_FILE", raising=False)
    assert main() == 2
    assert "BILLING_TOKEN_SECRET (or BILLING_TOKEN_SECRET_FILE) is missing" in capsys.readouterr().err
