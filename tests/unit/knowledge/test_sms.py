"""What the brands share of text messages, and what one of them sets for itself."""

import logging
import shutil
from pathlib import Path

import pytest

from knowledge import Shelf, read_brand
from knowledge.shelf import REFRESH_S

SHARED = Path(__file__).resolve().parents[3] / "knowledge_base" / "sms.yml"


@pytest.fixture
def shared(folder):
    path = folder / "sms.yml"
    shutil.copy(SHARED, path)
    return path


def set_own(folder, text):
    path = folder / "primus" / "brand.yml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def words_of(brand, does):
    return {
        word for group in brand.sms.keywords if group.does == does for words in group.words.values() for word in words
    }


def test_a_brand_has_what_all_share(folder, shared):
    sms = read_brand(folder / "primus").sms
    assert sms.fold_accents is True
    assert {"STOP", "ARRÊT"} <= words_of(read_brand(folder / "primus"), "stop")
    assert sms.sentences["stopped"]["fr"]
    assert sms.around("en").keys() == {"choose", "choose_one", "more"}


def test_a_brand_replaces_what_it_names_and_keeps_the_rest(folder, shared):
    set_own(
        folder,
        """
sms:
  fold_accents: false
  keywords:
    stop: {does: stop, en: [ENOUGH], fr: [ASSEZ]}
    stop_when_nothing_is_asked: null
  words:
    more: {fr: "SUITE?", en: "MORE?"}
""",
    )
    brand = read_brand(folder / "primus")
    assert brand.sms.fold_accents is False
    assert words_of(brand, "stop") == {"ENOUGH", "ASSEZ"}
    assert "HELP" in words_of(brand, "help")
    assert brand.sms.around("fr")["more"] == "SUITE?"
    assert brand.sms.around("fr")["choose"]


def test_without_a_shared_file_a_brand_is_read_all_the_same(folder):
    assert read_brand(folder / "primus").sms.keywords == ()


def test_a_change_of_what_all_share_reaches_every_brand_live(folder, shared, clock):
    shelf = Shelf(folder, clock)
    shared.write_text(shared.read_text(encoding="utf-8").replace("UNSUB,", "ENOUGH,"), encoding="utf-8")
    clock.now += REFRESH_S
    assert shelf.refresh() is True
    assert "ENOUGH" in words_of(shelf.brands["primus"], "stop")


@pytest.mark.parametrize(
    "own", ["sms: {fold_accent: true}", "sms: {keywords: {stop: {does: stop, en: [YES, true]}}}", "sms: [1]"]
)
def test_a_slip_keeps_the_last_good_version_and_is_named_in_the_log(folder, shared, clock, own, caplog):
    shelf = Shelf(folder, clock)
    set_own(folder, f"\n{own}\n")
    clock.now += REFRESH_S
    with caplog.at_level(logging.ERROR, logger="knowledge.shelf"):
        shelf.refresh()
    assert "STOP" in words_of(shelf.brands["primus"], "stop")
    assert "brand.yml" in caplog.text


def test_a_slip_in_what_all_share_keeps_the_last_good_version(folder, shared, clock, caplog):
    shelf = Shelf(folder, clock)
    shared.write_text("keywords: [", encoding="utf-8")
    clock.now += REFRESH_S
    with caplog.at_level(logging.ERROR, logger="knowledge.shelf"):
        shelf.refresh()
    assert "STOP" in words_of(shelf.brands["primus"], "stop")
    assert caplog.text
