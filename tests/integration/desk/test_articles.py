"""Articles at the desk over HTTP: who may do what, both languages or nothing, drafts, versions, dates, and two who edit at once."""

import datetime
import re

import pytest

from desk.agent_models import DeskAudit
from desk.article_files import ArticleFiles
from desk.knowledge_models import KnowledgeArticle, KnowledgeVersion
from gateway.database import open_database
from knowledge import read_article
from tests.integration.desk.conftest import add_agents
from tests.integration.desk.knowledge_steps import ARTICLE, PATH, edit, form_of, own_folder, served

BODY = {
    "fr": "Un profil réunit jusqu’à **50** comptes. Ouvrez la page des comptes.",
    "en": "One profile holds up to **50** accounts. Open the accounts page.",
}
NEW = {
    "brand": "primus",
    "slug": "paper-colour",
    "base": "",
    "fr_title": "La couleur du papier des factures",
    "en_title": "The colour of the paper of bills",
    "fr_body": "Les factures sont imprimées sur du papier blanc.",
    "en_body": "Bills are printed on white paper.",
    "fr_phrasings": "le papier est de quelle couleur",
    "en_phrasings": "what colour is the paper",
    "fr_section": "Papier",
    "en_section": "Paper",
    "source": "primus-eservice-faq",
    "effective": "2026-11-23",
}


@pytest.fixture
def folder(prepared, tmp_path):
    return own_folder(prepared, tmp_path)


@pytest.fixture
async def gateway(start, folder):
    return await start(knowledge_base=folder)


@pytest.fixture
async def files(gateway, folder, clock):
    """What keeps the folder, as a second gateway beside the first would have it."""
    engine, sessions = open_database(gateway.settings.database_url)
    yield ArticleFiles(sessions, folder, clock)
    await engine.dispose()


@pytest.fixture
async def lea(gateway, desk):
    """The lead."""
    await add_agents(gateway, lea="lead")
    return await desk("lea")


async def test_an_edited_article_is_served_whole_in_both_languages_with_all_its_header(lea, folder):
    before = read_article(folder / "primus" / "fr" / "account-limit.md")
    page = await edit(lea, fr_body=BODY["fr"], en_body=BODY["en"], note="Plus court")
    assert lea.address == PATH
    assert "les clients lisent ce texte dans la minute" in page
    for language in ("fr", "en"):
        after = read_article(folder / "primus" / language / "account-limit.md")
        assert after.body == BODY[language]
    after = read_article(folder / "primus" / "fr" / "account-limit.md")
    assert (after.phrasings, after.requests, after.source) == (before.phrasings, before.requests, before.source)
    assert after.effective == datetime.date(2026, 11, 23)
    assert not list(folder.rglob("*.new"))


async def test_publishing_with_one_language_missing_is_refused_and_nothing_changes(lea, folder, gateway):
    before = served(folder, ARTICLE, "en")
    page = await edit(lea, fr_body=BODY["fr"], en_body="")
    assert lea.status == 422
    assert "les deux langues se publient ensemble" in page
    assert form_of(page)["fr_body"] == BODY["fr"], "the text is not lost"
    assert served(folder, ARTICLE, "en") == before
    assert [one.number for one in await gateway.rows(KnowledgeVersion) if one.article == ARTICLE] == [1]


async def test_what_would_mislead_a_customer_is_told_beside_its_field_and_not_published(lea, folder):
    before = served(folder, ARTICLE, "fr")
    changes = {"fr_body": "Jusqu’à 77 comptes.", "en_facts": "50 | accounts", "effective": "2026-02-30"}
    page = await edit(lea, **{"en_body": BODY["en"], **changes})
    assert lea.status == 422
    for field, sentence in (
        ("fr-body", "d’où vient"),
        ("en-facts", "trois parties"),
        ("both-effective", "date n’existe pas"),
    ):
        assert sentence in page.split(f'id="fault-{field}"')[1][:300]
        assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', page)
    assert served(folder, ARTICLE, "fr") == before


async def test_french_is_set_as_french_without_special_keys(lea, folder):
    await edit(lea, fr_body='Le total : "50" comptes !', en_body="The total: 50 accounts!")
    assert read_article(folder / "primus" / "fr" / "account-limit.md").body == (
        "Le total\u00a0: «\u00a050\u00a0» comptes!"
    )


async def test_an_agent_proposes_and_a_lead_publishes(desk, lea, folder, gateway):
    luc = await desk("luc")
    form = form_of(await luc.get(PATH))
    assert 'value="publish"' not in luc.text
    await luc.post(PATH, do="publish", **{**form, "fr_body": BODY["fr"]})
    assert luc.status == 403
    page = await luc.post(PATH, do="draft", **{**form, "fr_body": BODY["fr"], "en_body": BODY["en"]})
    assert "Le brouillon est enregistré" in page
    assert BODY["fr"] not in served(folder, ARTICLE, "fr")
    for act in ("retire", "versions/1/again"):
        await luc.post(f"{PATH}/{act}", base="2")
        assert luc.status == 403
    assert "Luc Roy" in await lea.get(PATH)
    await edit(lea)
    assert BODY["fr"] in served(folder, ARTICLE, "fr")
    said = [(row.agent, row.what) for row in await gateway.rows(DeskAudit) if row.subject == f"article:{ARTICLE}"]
    assert [what for _, what in said] == ["drafted_article", "drafted_article", "published_article"]


async def test_the_second_of_two_who_edit_sees_what_changed_and_overwrites_nothing(desk, lea, folder):
    diane = await desk("diane")
    mine, hers = form_of(await lea.get(PATH)), form_of(await diane.get(PATH))
    await diane.post(PATH, do="publish", **{**hers, "fr_title": "Nombre de comptes", "en_title": "How many accounts"})
    page = await lea.post(PATH, do="publish", **{**mine, "fr_body": BODY["fr"], "en_body": BODY["en"]})
    assert lea.status == 409
    assert "Diane Roy a changé cet article" in page
    assert "<ins>" in page
    assert "Nombre de comptes" in page
    assert form_of(page)["fr_body"] == BODY["fr"], "what was written stays"
    assert "title: Nombre de comptes" in served(folder, ARTICLE, "fr")
    # Having seen it, she saves again.
    again = form_of(page)
    await lea.post(PATH, do="publish", **{**again, "fr_title": "Nombre de comptes", "en_title": "How many accounts"})
    assert BODY["fr"] in served(folder, ARTICLE, "fr")
    assert "title: Nombre de comptes" in served(folder, ARTICLE, "fr")


async def test_a_version_goes_live_by_itself_at_the_beginning_of_its_day_where_the_brand_is(lea, folder, files, clock):
    page = await edit(lea, fr_body=BODY["fr"], en_body=BODY["en"], effective="2026-12-01")
    assert "paraîtra de lui-même" in page
    # One second before midnight in Toronto, which is five hours behind.
    clock.now = datetime.datetime(2026, 12, 1, 4, 59, 59, tzinfo=datetime.UTC)
    await files.look()
    assert BODY["fr"] not in served(folder, ARTICLE, "fr")
    clock.pass_(seconds=1)
    await files.look()
    assert BODY["fr"] in served(folder, ARTICLE, "fr")
    assert "effective: 2026-12-01" in served(folder, ARTICLE, "fr")


async def test_a_scheduled_version_can_be_taken_back(desk, lea, folder, files, clock):
    await edit(lea, fr_body=BODY["fr"], en_body=BODY["en"], effective="2026-12-01")
    luc = await desk("luc")
    assert "La version 2 remplacera le texte publié" in await luc.get(PATH)
    await luc.post(f"{PATH}/versions/2/withdraw")
    assert luc.status == 403, "a lead decided it"
    await lea.get(PATH)
    assert "mise de côté" in await lea.post(f"{PATH}/versions/2/withdraw")
    clock.pass_(days=30)
    await files.look()
    assert BODY["fr"] not in served(folder, ARTICLE, "fr")


async def test_an_older_version_comes_back_as_a_new_one_and_the_difference_is_shown(lea, folder, gateway):
    before = served(folder, ARTICLE, "fr")
    await edit(lea, fr_body=BODY["fr"], en_body=BODY["en"])
    page = await lea.get(f"{PATH}/versions/2")
    assert "<del>" in page
    assert "<ins>" in page
    assert "Rien n’a changé" not in page
    await lea.get(f"{PATH}/versions/1?from=2")
    await lea.post(f"{PATH}/versions/1/again", base="2", note="La première était juste")
    assert served(folder, ARTICLE, "fr") == before, "byte for byte"
    assert [
        (one.number, one.origin, one.state) for one in await gateway.rows(KnowledgeVersion) if one.article == ARTICLE
    ] == [
        (1, "file", "published"),
        (2, "desk", "published"),
        (3, "again", "published"),
    ]
    await lea.get(f"{PATH}/versions/2")
    await lea.post(f"{PATH}/versions/2/again", base="2")
    assert lea.status == 409, "a page that is out of date changes nothing"
    assert "La première était juste" in await lea.get(f"{PATH}/versions")


async def test_a_retired_article_is_not_served_and_its_name_and_versions_stay(lea, folder, gateway, files, clock):
    await edit(lea, fr_body=BODY["fr"], en_body=BODY["en"], effective="2026-12-01")
    await lea.get(PATH)
    page = await lea.post(f"{PATH}/retire", base="2", note="Plus offert")
    assert "Cet article est retiré" in page
    assert not (folder / "primus" / "fr" / "account-limit.md").exists()
    assert not (folder / "primus" / "en" / "account-limit.md").exists()
    clock.pass_(days=30)
    await files.look()
    assert not (folder / "primus" / "fr" / "account-limit.md").exists(), "what was scheduled does not bring it back"
    await lea.sign_in()
    assert "Retiré" in await lea.get("/desk/knowledge?state=retired")
    await lea.post("/desk/knowledge/new", do="publish", **{**NEW, "slug": "account-limit", "effective": "2026-12-23"})
    assert lea.status == 409
    assert "déjà eu un article de ce nom" in lea.text
    await edit(lea)
    assert (folder / "primus" / "fr" / "account-limit.md").exists()
    row = next(row for row in await gateway.rows(KnowledgeArticle) if row.id == ARTICLE)
    assert (row.latest, row.live, row.retired) == (4, 4, False)


async def test_a_new_article_is_served_at_once(lea, folder, gateway):
    await lea.get("/desk/knowledge/new?brand=primus")
    await lea.post("/desk/knowledge/new", do="publish", **NEW)
    assert lea.address == "/desk/knowledge/primus/paper-colour"
    article = read_article(folder / "primus" / "en" / "paper-colour.md")
    assert (article.id, article.phrasings) == ("primus/paper-colour", ("what colour is the paper",))
    assert "paper-colour" in await lea.get("/desk/knowledge?q=papier+couleur&brand=primus")
    assert "paper-colour" not in await lea.get("/desk/knowledge?brand=wrs")


@pytest.mark.parametrize("slug", ["Majuscule d'ici", "../../etc", "a--b", "", "é"])
async def test_the_name_of_a_new_article_is_a_plain_one(lea, folder, slug):
    await lea.get("/desk/knowledge/new?brand=primus")
    before = sorted(folder.rglob("*"))
    await lea.post("/desk/knowledge/new", do="draft", **{**NEW, "slug": slug})
    assert lea.status == 422
    assert sorted(folder.rglob("*")) == before


async def test_a_draft_may_be_unfinished(lea, folder):
    await lea.get("/desk/knowledge/new?brand=primus")
    await lea.post("/desk/knowledge/new", do="draft", **{**NEW, "en_body": "", "en_title": "", "en_phrasings": ""})
    assert lea.address == "/desk/knowledge/primus/paper-colour"
    assert not (folder / "primus" / "fr" / "paper-colour.md").exists()
    assert "Brouillon" in await lea.get("/desk/knowledge?state=draft")
    page = await lea.get("/desk/knowledge/primus/paper-colour")
    await lea.post("/desk/knowledge/primus/paper-colour/versions/1/withdraw")
    assert "mise de côté" in lea.text
    assert "paper-colour" not in await lea.get("/desk/knowledge?state=draft")
    assert page


async def test_an_agent_of_one_brand_sees_the_articles_of_that_brand_only(desk, gateway, lea):
    diane = await desk("diane")
    await diane.get("/desk/agents/1")
    await diane.post(
        "/desk/agents/1", name="Luc Roy", role="agent", language="fr", team="general", active="yes", brands="wrs"
    )
    luc = await desk("luc")
    page = await luc.get("/desk/knowledge")
    assert "wrs/" in page
    assert "primus/" not in page
    for path in (PATH, f"{PATH}/versions", f"{PATH}/versions/1", "/desk/knowledge/new?brand=primus"):
        await luc.get(path)
        assert luc.status == 404
    await luc.post("/desk/knowledge/preview", **{**NEW})
    assert luc.status == 404


async def test_the_preview_shows_what_the_form_holds_and_writes_nothing(lea, folder, gateway):
    form = form_of(await lea.get(PATH))
    page = await lea.post("/desk/knowledge/preview", **{**form, "fr_body": "Jusqu’à **99** comptes.", "judged": "yes"})
    assert 'data-markdown="Jusqu’à **99** comptes."' in page
    assert "99" in page.split("fault-fr-body")[1]
    assert "PRIMUS" in page
    # The text message with the choices under it, as it would go out.
    assert "1 texto" in page
    assert "alphabet GSM" in page
    cyrillic = await lea.post("/desk/knowledge/preview", **{**form, "fr_sms": "я" * 71})
    assert "2 textos" in cyrillic
    assert "Unicode" in cyrillic
    assert len([one for one in await gateway.rows(KnowledgeVersion) if one.article == ARTICLE]) == 1


async def test_a_page_of_nothing_is_not_found(lea):
    for path in (
        "primus/nothing",
        "nobody/account-limit",
        "primus/account-limit/versions/99",
        "primus/account-limit/versions/x",
    ):
        await lea.get(f"/desk/knowledge/{path}")
        assert lea.status == 404
