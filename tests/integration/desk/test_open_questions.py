"""Questions that nobody could answer: which messages count, which stand together, and what the desk makes of them."""

import asyncio

import pytest
from aiohttp import web
from sqlalchemy import select

from desk.knowledge_models import OpenQuestion, QuestionGroup
from desk.open_questions import OpenQuestions
from desk.triage_data import read_rules
from gateway.database import open_database
from gateway.rasa_client import RasaClient
from tests.integration.desk.conftest import add_agents
from tests.integration.desk.knowledge_steps import form_of, own_folder

LIST = "/desk/knowledge/questions"


def understood(intent, confidence=0.9, article=None):
    candidates = [{"id": article or f"do/{intent}", "confidence": confidence}]
    return {"intent": intent, "article": article, "confidence": confidence, "candidates": candidates}


class Assistant:
    """Understands as it is told, by what a message begins with."""

    def __init__(self):
        self.asks = ""

    async def __call__(self, turn):
        text = turn["text"]
        article = None
        if text.startswith("?"):
            meant = understood("out_of_scope")
        elif text.startswith("~"):
            article, meant = "primus/account-limit", understood("ask_article", 0.3, "primus/account-limit")
        elif text.startswith("="):
            article, meant = "primus/account-limit", understood("ask_article", 0.9, "primus/account-limit")
        else:
            meant = understood(text.split()[0])
        reply = {"text": "Voici.", "buttons": [], "article": article, "title": None, "attachments": []}
        return web.json_response({"replies": [reply], "understood": meant, "asks": self.asks})


@pytest.fixture
async def gateway(start, prepared, tmp_path):
    return await start(knowledge_base=own_folder(prepared, tmp_path))


@pytest.fixture
def assistant(parts):
    parts.answer = Assistant()
    return parts.answer


@pytest.fixture
async def questions(gateway, clock):
    """Gathers them when it is told, beside the gateway's own."""
    engine, sessions = open_database(gateway.settings.database_url)

    settings = gateway.settings
    client = RasaClient(gateway.http, settings.assistant_url, settings.assistant_secret)
    yield OpenQuestions(sessions, client.meanings, read_rules().small_talk, clock)
    await engine.dispose()


async def groups(gateway):
    return [(one.brand, one.language, one.times, one.state) for one in await gateway.rows(QuestionGroup)]


async def why(gateway):
    return sorted(one.why for one in await gateway.rows(OpenQuestion))


async def test_what_was_not_understood_or_hardly_counts_and_like_questions_stand_together(
    gateway, assistant, questions, clock
):
    for text in ("? vendez-vous des timbres de collection", "? vendez-vous encore des timbres de collection"):
        await (await gateway.talk()).say(text)
    await (await gateway.talk()).say("~ quelle est la couleur de vos camions")
    await (await gateway.talk("wrs")).say("? vendez-vous des timbres de collection")
    await (await gateway.talk(language="en")).say("? do you sell stamps to collectors of stamps")
    clock.pass_(seconds=1)
    await questions.fill()
    assert sorted(await groups(gateway)) == [
        ("primus", "en", 1, "open"),
        ("primus", "fr", 1, "open"),
        ("primus", "fr", 2, "open"),
        ("wrs", "fr", 1, "open"),
    ]
    await asyncio.gather(questions.fill(), questions.fill())
    assert len(await gateway.rows(OpenQuestion)) == 5, "once, however often one looks"


async def test_what_asks_nothing_does_not_count(gateway, assistant, questions, clock):
    talk = await gateway.talk()
    await talk.say("greet bonjour vous")
    await talk.say("= combien de comptes par profil")
    await talk.say("/ouvrir la porte")
    await talk.say("ma carte est le 4111 1111 1111 1111")
    await talk.say("? 12 34")
    assistant.asks = "account"
    await talk.say("check_balance mon solde")
    assistant.asks = ""
    await talk.say("? c'est celui de ma tante Ginette")
    clock.pass_(seconds=1)
    await questions.fill()
    assert await groups(gateway) == []


async def test_an_answer_that_did_not_help_or_was_followed_by_a_wish_for_a_person_counts(
    gateway, assistant, questions, clock
):
    talk = await gateway.talk()
    answer = await talk.say("= combien de comptes par profil")
    reply = answer["replies"][0]["id"]
    path = f"/api/v1/conversations/{talk.id}/messages/{reply}/feedback"
    other = await gateway.talk()
    await other.say("= pourquoi mes comptes ont disparu")
    await other.say("talk_to_agent s'il vous plaît")
    clock.pass_(seconds=1)
    await questions.fill()
    assert await why(gateway) == ["person"]
    # Feedback comes later than the message that it is about.
    async with gateway.http.post(
        gateway.url + path, json={"helpful": False}, headers={"Authorization": f"Bearer {talk.token}"}
    ) as response:
        assert response.status == 204
    clock.pass_(seconds=1)
    await questions.fill()
    assert await why(gateway) == ["not_helped", "person"]


async def test_while_the_assistant_is_away_nothing_is_passed_over(gateway, assistant, questions, parts, clock):
    await (await gateway.talk()).say("? vendez-vous des timbres")
    parts.understanding_status = 503
    clock.pass_(seconds=1)
    await questions.fill()
    assert await groups(gateway) == []
    parts.understanding_status = 200
    await questions.fill()
    assert await groups(gateway) == [("primus", "fr", 1, "open")]


async def test_a_group_is_dismissed_with_its_reason_and_put_back(desk, gateway, assistant, questions, clock):
    talk = await gateway.talk()
    await talk.say("? vendez-vous des timbres de collection")
    clock.pass_(seconds=1)
    await questions.fill()
    luc = await desk("luc")
    page = await luc.get(LIST)
    assert "timbres de collection" in page
    assert f"/desk/conversations/{talk.id}" in page
    assert "Demandé une fois" in page
    assert "non compris" in page
    await luc.post(f"{LIST}/1", to="dismissed", reason="")
    assert luc.status == 422
    await luc.get(LIST)
    await luc.post(f"{LIST}/1", to="dismissed", reason="Hors de notre métier")
    assert "timbres" not in luc.text
    assert "Hors de notre métier" in await luc.get(f"{LIST}?state=dismissed")
    await (await gateway.talk()).say("? vendez-vous des timbres de collection rares")
    clock.pass_(seconds=1)
    await questions.fill()
    assert await groups(gateway) == [("primus", "fr", 2, "dismissed")]
    await luc.post(f"{LIST}/1", to="open")
    assert "Demandé 2 fois" in luc.text


async def test_an_article_is_written_from_the_examples_without_what_is_somebodys(
    desk, gateway, assistant, questions, clock
):
    await add_agents(gateway, lea="lead")
    for text in (
        "? vendez-vous des timbres de collection",
        "? vendez-vous des timbres de collection, amelie@example.ca",
        "? vendez-vous des timbres de collection au compte 1002003001",
    ):
        await (await gateway.talk()).say(text)
    clock.pass_(seconds=1)
    await questions.fill()
    (group,) = await gateway.rows(QuestionGroup)
    lea = await desk("lea")
    form = form_of(await lea.get(f"/desk/knowledge/new?question={group.id}"))
    assert form["fr_phrasings"] == "? vendez-vous des timbres de collection"
    assert (form["brand"], form["question"]) == ("primus", str(group.id))
    await lea.post("/desk/knowledge/new", do="draft", **{**form, "slug": "collector-stamps"})
    assert lea.address == "/desk/knowledge/primus/collector-stamps"
    assert "primus/collector-stamps" in await lea.get(f"{LIST}?state=written")
    # Asked again after that, it is on the list again.
    clock.pass_(minutes=5)
    await (await gateway.talk()).say("? vendez-vous des timbres de collection")
    clock.pass_(seconds=1)
    await questions.fill()
    assert "Demandé 4 fois" in await lea.get(LIST)


async def test_an_agent_sees_the_questions_of_their_brands_only(desk, gateway, assistant, questions, clock):
    await (await gateway.talk("primus")).say("? vendez-vous des timbres")
    clock.pass_(seconds=1)
    await questions.fill()
    diane = await desk("diane")
    await diane.get("/desk/agents/1")
    rights = {"name": "Luc Roy", "role": "agent", "language": "fr", "team": "general", "active": "yes", "brands": "wrs"}
    await diane.post("/desk/agents/1", **rights)
    luc = await desk("luc")
    for query in ("", "?brand=primus"):
        assert "timbres" not in await luc.get(f"{LIST}{query}")
    await luc.post(f"{LIST}/1", to="dismissed", reason="x")
    assert luc.status == 404
    assert "timbres" not in await luc.get("/desk/knowledge/new?question=1")


async def test_what_a_customer_had_erased_is_gone_from_the_list(desk, gateway, assistant, questions, clock):
    for _ in range(2):
        await (await gateway.talk()).say("? vendez-vous des timbres de collection")
    clock.pass_(seconds=1)
    await questions.fill()
    engine, sessions = open_database(gateway.settings.database_url)
    luc = await desk("luc")
    for left, said in ((1, "Demandé une fois"), (0, "Aucune question")):
        async with sessions.begin() as session:
            first = await session.scalar(select(OpenQuestion).limit(1))
            await session.delete(first)
        assert said in await luc.get(LIST)
        await questions.fill()
        assert len(await gateway.rows(QuestionGroup)) == left
    await engine.dispose()
