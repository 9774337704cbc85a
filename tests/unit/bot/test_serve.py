"""The model is loaded only where it is the file that a training left."""

import hashlib

import pytest

from bot.serve import main, why_not
from launch.model import digest_of


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "current.tar.gz"
    path.write_bytes(b"a model" * 400_000)
    (tmp_path / "current.stamp").write_text(f"{'0' * 64}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n")
    return path


def test_the_file_that_was_trained_is_taken(model):
    assert why_not(model, {}) is None


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"x", lambda data: b"x" + data[1:]])
def test_a_file_that_was_changed_is_refused(model, change):
    model.write_bytes(change(model.read_bytes()))
    assert "is not the file that was trained" in why_not(model, {})


@pytest.mark.parametrize("stamp", ["", "0" * 64 + "\n", None])
def test_a_stamp_that_tells_nothing_is_refused(model, stamp):
    path = model.with_name("current.stamp")
    path.unlink() if stamp is None else path.write_text(stamp)
    assert "does not tell the SHA-256" in why_not(model, {})


def test_the_setting_goes_before_the_stamp(model):
    right = digest_of(model)
    assert why_not(model, {"MODEL_SHA256": "0" * 64})
    model.with_name("current.stamp").unlink()
    assert why_not(model, {"MODEL_SHA256": f"{right.upper()}\n"}) is None


def test_a_model_that_is_not_there_is_told(tmp_path):
    assert "is not there" in why_not(tmp_path / "current.tar.gz", {"MODEL_SHA256": "0" * 64})


def test_rasa_is_not_started_where_it_is_refused(model):
    model.write_bytes(b"another")
    with pytest.raises(SystemExit, match=r"does not start: .*is not the file that was trained"):
        main(["run", "--model", str(model)])
    with pytest.raises(SystemExit, match="which model"):
        main(["run"])
