"""The model is trained when what it learns from changed, and a training that fails leaves the last good one."""

import os
import time

import pytest

from launch import model
from launch.stopping import Stopped
from launch.terminal import Problem

ARTICLE = """---
id: primus/user-limit
title: {title}
phrasings:
  - "{phrasing}"
facts: []
sms: {sms}
---
{body}
"""
# As `rasa train`: the model into the folder after --out.
TRAIN = """
while [ "$1" != --out ]; do shift; done
echo "learning"
[ -e ../slow ] && sleep 30
sleep 0.3
[ -e ../broken ] && { echo "YamlException: no way"; exit 1; }
echo trained > "$2/current.tar.gz"
"""


@pytest.fixture
def checkout(tmp_path, script):
    root = tmp_path / "checkout"
    contents = {
        "config.yml": "pipeline: []",
        "domain/bills.yml": "intents: []",
        "data/nlu/fr/bills.yml": "nlu: []",
        "data/rules/bills.yml": "rules: []",
        "bot/understanding.py": "",
        "bot/uv.lock": "",
        "language/detect.py": "",
        "knowledge/shelf.py": "",
        "bot/calibration.json": "",
        "encoder/trained/encoder.onnx": "",
    }
    for path, text in contents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    write_article(root)
    script(root / "bot/.venv/bin/python", TRAIN)
    return root


def write_article(root, title="How many", phrasing="user limit", sms="Four.", body="Four users."):
    path = root / "knowledge_base/primus/en/user-limit.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ARTICLE.format(title=title, phrasing=phrasing, sms=sms, body=body))


def train(root, env, screen, stop, **options):
    model.train(root, env, screen, stop, **options)


def test_a_trained_model_matches_until_the_data_change(checkout, env, screen, stop):
    assert not model.is_current(checkout)
    train(checkout, env, screen, stop)
    assert model.is_current(checkout)
    assert (checkout / "models/current.tar.gz").read_text() == "trained\n"
    assert sorted(path.name for path in (checkout / "models").iterdir()) == ["current.stamp", "current.tar.gz"]


@pytest.mark.parametrize(
    "path",
    [
        "config.yml",
        "domain/bills.yml",
        "data/nlu/fr/bills.yml",
        "data/rules/bills.yml",
        "bot/understanding.py",
        "bot/uv.lock",
        "language/detect.py",
        "knowledge/shelf.py",
        "bot/calibration.json",
        "encoder/trained/encoder.onnx",
    ],
)
def test_a_change_of_what_is_learned_from_asks_for_training(checkout, path):
    before = model.fingerprint(checkout)
    (checkout / path).write_text("changed")
    assert model.fingerprint(checkout) != before


def test_a_new_and_a_renamed_file_ask_for_training(checkout):
    before = model.fingerprint(checkout)
    (checkout / "data/nlu/fr/calls.yml").write_text("nlu: []")
    added = model.fingerprint(checkout)
    (checkout / "data/nlu/fr/calls.yml").rename(checkout / "data/nlu/fr/delivery.yml")
    assert len({before, added, model.fingerprint(checkout)}) == 3


@pytest.mark.parametrize("change", [{"title": "Otherwise"}, {"phrasing": "otherwise"}])
def test_an_articles_phrasings_and_title_ask_for_training(checkout, change):
    before = model.fingerprint(checkout)
    write_article(checkout, **change)
    assert model.fingerprint(checkout) != before


@pytest.mark.parametrize("change", [{"body": "Five users.\n---\nAnd more."}, {"sms": "Five."}])
def test_an_articles_text_goes_live_without_training(checkout, change):
    before = model.fingerprint(checkout)
    write_article(checkout, **change)
    assert model.fingerprint(checkout) == before


def test_a_failed_training_says_why_and_keeps_the_last_model(checkout, env, screen, stop, tmp_path):
    train(checkout, env, screen, stop)
    (tmp_path / "broken").touch()
    with pytest.raises(Problem, match="YamlException: no way"):
        train(checkout, env, screen, stop)
    assert model.is_current(checkout)
    assert "Training the model: failed" in screen.text
    assert not list((checkout / "models").glob(".training-*"))


def test_an_interrupted_training_keeps_the_last_model(checkout, env, screen, stop, tmp_path):
    train(checkout, env, screen, stop)
    (tmp_path / "slow").touch()

    def interrupt():
        stop.asked = 1

    with pytest.raises(Stopped):
        train(checkout, env, screen, stop, tick=interrupt)
    assert model.is_current(checkout)
    assert not list((checkout / "models").glob(".training-*"))


def test_what_is_edited_during_the_training_is_trained_next_time(checkout, env, screen, stop):
    def edit():
        (checkout / "config.yml").write_text("edited meanwhile")

    train(checkout, env, screen, stop, tick=edit)
    assert not model.is_current(checkout)


def test_a_stamp_without_its_model_is_none(checkout, env, screen, stop):
    train(checkout, env, screen, stop)
    (checkout / "models/current.tar.gz").unlink()
    assert not model.is_current(checkout)


@pytest.mark.parametrize("stamp", [None, "one line"])
def test_a_model_that_is_not_the_one_that_was_trained_does_not_match(checkout, env, screen, stop, stamp):
    train(checkout, env, screen, stop)
    if stamp:
        path = checkout / "models/current.stamp"
        path.write_text(path.read_text().splitlines()[0])
    else:
        (checkout / "models/current.tar.gz").write_text("exchanged\n")
    assert not model.is_current(checkout)


def test_what_killed_trainings_left_is_removed_but_not_one_under_way(checkout, env, screen, stop):
    old, new = (checkout / "models" / f".training-{name}" for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir(parents=True)
    long_ago = time.time() - 24 * 3600
    os.utime(old, (long_ago, long_ago))
    train(checkout, env, screen, stop)
    assert not old.exists()
    assert new.exists()
