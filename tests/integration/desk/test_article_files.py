"""The folder of articles and the table of versions: what is live reaches every folder, and what a deployer changed is never lost."""

import asyncio
import json

import pytest

from desk import articles
from desk.article_files import LEDGER, ArticleFiles
from desk.knowledge_models import KnowledgeArticle
from gateway.database import open_database
from tests.integration.desk.knowledge_steps import ARTICLE, own_folder, served

OTHER = """---
id: primus/new-one
title: Autre
phrasings: ["une autre"]
facts: []
source: x
section: y
effective: 2026-11-21
---
Autre.
"""


@pytest.fixture
async def sessions(database_url):
    engine, sessions = open_database(database_url)
    yield sessions
    await engine.dispose()


@pytest.fixture
def folder(prepared, tmp_path):
    return own_folder(prepared, tmp_path)


@pytest.fixture
async def files(sessions, folder, clock):
    """A gateway that has looked once."""
    found = ArticleFiles(sessions, folder, clock)
    await found.look()
    return found


@pytest.fixture
def history(sessions):
    async def read(article=ARTICLE):
        """(number, state, origin) of each version, and which is live."""
        async with sessions() as session:
            row = await session.get(KnowledgeArticle, article)
            found = reversed(await articles.versions_of(session, article))
            return [(one.number, one.state, one.origin) for one in found], row and row.live

    return read


@pytest.fixture
def publish(sessions, clock):
    async def publish(body, article=ARTICLE):
        """As the desk does, with another body in both languages."""
        async with sessions.begin() as session:
            row = await session.get_one(KnowledgeArticle, article)
            old = await articles.version_of(session, article, row.live)
            both = (f"{old.french.rsplit('---', 1)[0]}---\n{body}\n", f"{old.english.rsplit('---', 1)[0]}---\n{body}\n")
            version = await articles.add(
                session, article, row.latest, files=both, origin=articles.DESK, agent=None, note="", now=clock()
            )
            await articles.publish(session, version, None, clock(), clock())

    return publish


def path(folder, language="fr", article=ARTICLE):
    brand, _, slug = article.partition("/")
    return folder / brand / language / f"{slug}.md"


def change(folder, body, language="fr"):
    """A deployer's editor."""
    old = served(folder, ARTICLE, language)
    path(folder, language).write_text(f"{old.rsplit('---', 1)[0]}---\n{body}\n", encoding="utf-8")


async def test_a_first_look_records_every_file_and_changes_none(files, folder, prepared, history):
    for language in ("fr", "en"):
        assert served(folder, ARTICLE, language) == served(prepared / "knowledge_base", ARTICLE, language)
    assert await history() == ([(1, "published", "file")], 1)
    await files.look()
    assert await history() == ([(1, "published", "file")], 1)


async def test_a_version_reaches_every_folder_those_of_other_machines_too(
    files, folder, prepared, tmp_path, sessions, clock, publish, history
):
    (tmp_path / "other").mkdir()
    far = own_folder(prepared, tmp_path / "other")
    elsewhere = ArticleFiles(sessions, far, clock)
    await elsewhere.look()
    await publish("Nouveau.")
    await asyncio.gather(files.look(), elsewhere.look())
    assert served(folder, ARTICLE, "en").endswith("---\nNouveau.\n")
    assert served(far, ARTICLE, "fr").endswith("---\nNouveau.\n")
    # A machine that starts with the articles of the first day has those of today after its first look.
    (tmp_path / "late").mkdir()
    late = own_folder(prepared, tmp_path / "late")
    await ArticleFiles(sessions, late, clock).look()
    assert served(late, ARTICLE, "fr").endswith("---\nNouveau.\n")
    assert (await history())[0] == [(1, "published", "file"), (2, "published", "desk")]


async def test_a_change_on_disk_becomes_the_live_version_once_it_stands_still(files, folder, history):
    change(folder, "À moitié")
    await files.look()
    change(folder, "À moitié écrit, puis entier.")
    await files.look()
    assert len((await history())[0]) == 1, "not while it changes"
    await files.look()
    assert await history() == ([(1, "published", "file"), (2, "published", "outside")], 2)
    assert served(folder, ARTICLE, "fr").endswith("puis entier.\n")


async def test_a_change_made_while_no_gateway_ran_is_recorded_at_the_next_start(
    files, folder, sessions, clock, history
):
    change(folder, "La nuit.")
    await ArticleFiles(sessions, folder, clock).look()
    assert await history() == ([(1, "published", "file"), (2, "published", "outside")], 2)


async def test_going_back_to_an_old_file_on_disk_counts_as_a_change(files, folder, sessions, clock, publish, history):
    old = served(folder, ARTICLE, "fr")
    await publish("Nouveau.")
    await files.look()
    path(folder).write_text(old, encoding="utf-8")
    await ArticleFiles(sessions, folder, clock).look()
    assert served(folder, ARTICLE, "fr") == old
    assert (await history())[0][-1] == (3, "published", "outside")


async def test_a_change_on_disk_and_one_at_the_desk_at_once_are_both_kept(files, folder, publish, history, sessions):
    change(folder, "Sur disque.")
    await publish("Au bureau.")
    for _ in range(3):
        await files.look()
    assert served(folder, ARTICLE, "fr").endswith("Au bureau.\n"), "what a person published is served"
    assert await history() == ([(1, "published", "file"), (2, "published", "desk"), (3, "draft", "outside")], 2)
    async with sessions() as session:
        kept = await articles.version_of(session, ARTICLE, 3)
    assert kept.french.endswith("Sur disque.\n")


async def test_a_new_release_does_not_undo_what_was_written_at_the_desk(
    files, folder, prepared, tmp_path, sessions, clock, publish, history
):
    await publish("Au bureau.")
    (tmp_path / "image").mkdir()
    image = own_folder(prepared, tmp_path / "image")
    change(image, "Nouvelle livraison.")
    other = ArticleFiles(sessions, image, clock)
    for _ in range(2):
        await other.look()
    assert served(image, ARTICLE, "fr").endswith("Au bureau.\n")
    assert (await history())[0][-1] == (3, "draft", "outside"), "a person decides"


async def test_a_new_release_is_live_where_nobody_wrote_at_the_desk(
    files, prepared, tmp_path, sessions, clock, history
):
    (tmp_path / "image").mkdir()
    image = own_folder(prepared, tmp_path / "image")
    change(image, "Nouvelle livraison.")
    await ArticleFiles(sessions, image, clock).look()
    assert await history() == ([(1, "published", "file"), (2, "published", "outside")], 2)


async def test_a_broken_file_is_left_alone_until_somebody_publishes_and_is_kept_then(
    files, folder, publish, history, sessions
):
    path(folder).write_text("---\nbroken: [\n---\nSept heures de travail\n", encoding="utf-8")
    for _ in range(3):
        await files.look()
    assert files.unreadable == {ARTICLE}
    assert len((await history())[0]) == 1
    assert "Sept heures" in path(folder).read_text(encoding="utf-8")
    await publish("Au bureau.")
    for _ in range(3):
        await files.look()
    assert served(folder, ARTICLE, "fr").endswith("Au bureau.\n")
    assert files.unreadable == set()
    async with sessions() as session:
        kept = await articles.version_of(session, ARTICLE, 3)
    assert (kept.state, "Sept heures" in kept.french) == ("withdrawn", True)


async def test_files_that_are_no_text_break_nothing(files, folder, history):
    path(folder).write_bytes(b"---\n\xff\xfe\x00\n---\n")
    for _ in range(3):
        await files.look()
    assert files.unreadable == {ARTICLE}
    assert len((await history())[0]) == 1


async def test_a_file_that_is_taken_away_retires_the_article_and_one_that_is_put_there_is_served(
    files, folder, history
):
    for language in ("fr", "en"):
        path(folder, language).unlink()
        path(folder, language, "primus/new-one").write_text(OTHER, encoding="utf-8")
    for _ in range(2):
        await files.look()
    assert (await history())[0][-1] == (2, "published", "outside")
    assert await history("primus/new-one") == ([(1, "published", "outside")], 1)
    assert not path(folder).exists()


async def test_a_folder_that_cannot_be_written_is_told_of_and_caught_up_later(files, folder, publish, history):
    await publish("Nouveau.")
    french = path(folder).parent
    french.rename(french.with_name("away"))
    french.write_text("a file where a folder should be")
    await files.look()
    assert files.unwritten == {ARTICLE}
    french.unlink()
    french.with_name("away").rename(french)
    await files.look()
    assert files.unwritten == set()
    assert served(folder, ARTICLE, "fr").endswith("Nouveau.\n")


async def test_a_broken_ledger_is_made_anew_and_nothing_is_lost(files, folder, publish, sessions, clock):
    await publish("Nouveau.")
    await files.look()
    (folder / LEDGER).write_text("[1, 2", encoding="utf-8")
    await ArticleFiles(sessions, folder, clock).look()
    assert ARTICLE in json.loads((folder / LEDGER).read_text(encoding="utf-8"))
    assert served(folder, ARTICLE, "fr").endswith("Nouveau.\n")


async def test_several_gateways_on_one_folder_record_a_change_once(files, folder, sessions, clock, publish, history):
    several = [files, *(ArticleFiles(sessions, folder, clock) for _ in range(2))]
    change(folder, "Une fois.")
    for _ in range(3):
        await asyncio.gather(*(one.look() for one in several))
    assert await history() == ([(1, "published", "file"), (2, "published", "outside")], 2)
    await publish("Puis au bureau.")
    for _ in range(3):
        await asyncio.gather(*(one.look() for one in several))
    assert served(folder, ARTICLE, "en").endswith("Puis au bureau.\n")
    assert len((await history())[0]) == 3
