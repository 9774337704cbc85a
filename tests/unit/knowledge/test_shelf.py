"""The shelf follows the files, and a slip while editing takes no answer away."""

import logging
import os

import pytest

from knowledge import Shelf
from knowledge.shelf import REFRESH_S

ID = "primus/user-limit"


@pytest.fixture
def shelf(folder, clock):
    return Shelf(folder, clock)


def rewrite(path, old, new):
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_the_shelf_holds_what_the_folder_holds(shelf):
    assert list(shelf.brands) == ["primus"]
    assert [article.id for article in shelf.articles()] == [ID]
    assert [article.id for article in shelf.articles("primus")] == [ID]
    assert shelf.articles("wrs") == []
    assert shelf.article(ID, "fr").body == "Cinq personnes --- en tout."
    assert shelf.article(ID, "en") is None
    assert shelf.article("primus/no-such", "fr") is None
    assert shelf.article("nonsense", "fr") is None


def test_a_folder_without_a_brand_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"brand\.yml"):
        Shelf(tmp_path)


def test_a_change_is_taken_in_after_the_refresh_time_and_not_before(shelf, clock, path):
    before = shelf.version
    rewrite(path, "Cinq personnes ---", "Six personnes ---")
    clock.now += REFRESH_S - 0.1
    assert shelf.refresh() is False
    assert shelf.article(ID, "fr").body.startswith("Cinq")
    clock.now += 0.1
    assert shelf.refresh() is True
    assert shelf.article(ID, "fr").body.startswith("Six")
    assert shelf.version == before + 1


def test_the_promise_of_a_minute_is_kept():
    assert REFRESH_S <= 60 / 2


def test_without_a_change_the_version_stays(shelf, clock):
    before = shelf.version
    clock.now += REFRESH_S
    assert shelf.refresh() is False
    assert shelf.version == before


def test_a_change_that_keeps_the_size_is_noticed_by_its_time(shelf, clock, path):
    rewrite(path, "Cinq personnes ---", "Cinq personnez ---")
    os.utime(path, (path.stat().st_mtime + 5, path.stat().st_mtime + 5))
    clock.now += REFRESH_S
    assert shelf.refresh() is True
    assert "personnez" in shelf.article(ID, "fr").body


def test_a_change_that_keeps_the_time_is_noticed_by_its_size(shelf, clock, path):
    """As after a restore, or two changes in a tick of the file system's clock."""
    stamp = path.stat().st_mtime
    rewrite(path, "Cinq personnes ---", "Six personnes ---")
    os.utime(path, (stamp, stamp))
    clock.now += REFRESH_S
    assert shelf.refresh() is True
    assert shelf.article(ID, "fr").body.startswith("Six")


@pytest.mark.parametrize("content", ["", "---\ntitle: [\n---\n", "---\nid: wrs/user-limit\n---\n"])
def test_a_broken_file_keeps_its_last_good_version_and_is_named_in_the_log(shelf, clock, path, content, caplog):
    good = path.read_text(encoding="utf-8")
    path.write_text(content, encoding="utf-8")
    clock.now += REFRESH_S
    with caplog.at_level(logging.ERROR, logger="knowledge.shelf"):
        shelf.refresh()
    assert shelf.article(ID, "fr").body.startswith("Cinq")
    assert "user-limit.md" in caplog.text
    path.write_text(good.replace("Cinq", "Sept"), encoding="utf-8")
    clock.now += REFRESH_S
    shelf.refresh()
    assert shelf.article(ID, "fr").body.startswith("Sept")


@pytest.mark.parametrize("content", ["", "id: [", "id: primus\n", "name: x\nrequests: 5\n"])
def test_a_broken_brand_keeps_its_last_good_version(shelf, clock, folder, content):
    (folder / "primus" / "brand.yml").write_text(content, encoding="utf-8")
    clock.now += REFRESH_S
    shelf.refresh()
    assert shelf.brands["primus"].name == "PRIMUS"


def test_a_changed_brand_is_taken_in(shelf, clock, folder):
    rewrite(folder / "primus" / "brand.yml", "1 888 576-4899", "1 888 555-0100")
    clock.now += REFRESH_S
    shelf.refresh()
    assert shelf.brands["primus"].contact["phone"] == "1 888 555-0100"


def test_a_removed_file_is_answered_no_more(shelf, clock, path):
    path.unlink()
    clock.now += REFRESH_S
    assert shelf.refresh() is True
    assert shelf.article(ID, "fr") is None
    assert shelf.articles("primus") == []


def test_a_new_file_is_answered_at_once_in_both_languages(shelf, clock, folder, path):
    (folder / "primus" / "en").mkdir()
    text = path.read_text(encoding="utf-8").replace("Cinq personnes ---", "Five people ---")
    (folder / "primus" / "en" / "user-limit.md").write_text(text, encoding="utf-8")
    clock.now += REFRESH_S
    shelf.refresh()
    assert shelf.article(ID, "en").body.startswith("Five")
    assert len(shelf.articles("primus")) == 2


def test_an_editors_lock_file_stops_nothing(shelf, clock, path):
    """Emacs puts a link to nothing beside the file that is being edited."""
    path.with_name(".#user-limit.md").symlink_to("amelie@laptop.1234")
    rewrite(path, "Cinq personnes ---", "Six personnes ---")
    clock.now += REFRESH_S
    shelf.refresh()
    assert shelf.article(ID, "fr").body.startswith("Six")
