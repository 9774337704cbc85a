"""The triage box at the desk: what is shown of a pasted text, and the request that is opened from it once."""

import re

import pytest
from sqlalchemy import update

from desk.agent_models import Agent
from desk.models import SupportRequest, Triage
from gateway.database import open_database
from gateway.models import Conversation, Message, Outgoing

MAIL = """Objet : panne

Bonjour, le compte 1002003001 n’a plus de service depuis hier. C’est urgent, nous perdons des clients.
Ma carte est le 4111 1111 1111 1111.
Rappelez-moi au 514 555-0123.
Amélie Tremblay"""


@pytest.fixture
async def luc(desk, parts):
    parts.outcomes["primus"] = ("do/open_request", 0.8)
    return await desk("luc")


def plain(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " ").split())


def hidden(text, name):
    return re.search(rf'name="{name}" value="([^"]*)"', text).group(1)


async def sort(person, text=MAIL, **fields):
    await person.get("/desk/triage")
    return await person.post("/desk/triage", text=text, brand="primus", **fields)


async def open_it(person, page, **changes):
    draft = re.search(r'<textarea [^>]*name="draft"[^>]*>([^<]*)</textarea>', page)
    fields = {
        "draft": draft.group(1) if draft else "",
        "text": MAIL,
        "brand": "primus",
        "language": "fr",
        "urgency": "urgent",
        "outcome": hidden(page, "outcome"),
        "contact": "514 555-0123",
        "form_id": hidden(page, "form_id"),
    }
    return await person.post("/desk/triage/request", **{**fields, **changes})


async def test_what_is_found_is_shown_with_a_draft_in_both_languages_and_nothing_is_kept(luc, gateway):
    page = await sort(luc)
    assert luc.status == 200
    text = plain(page)
    for words in ("PRIMUS", "en français", "Urgent", "1002003001", "Amélie Tremblay", "langue du client"):
        assert words in text, words
    assert page.index('id="draft-fr"') < page.index('id="draft-en"'), "the customer's language stands first"
    assert 'name="contact" required maxlength="254" value="+15145550123"' in page
    assert await gateway.rows(SupportRequest) == []
    assert await gateway.rows(Conversation) == []


async def test_a_request_is_opened_once_with_its_receipt_and_without_card_numbers(luc, gateway):
    page = await sort(luc)
    for _ in range(2):
        await open_it(luc, page)
        assert luc.address.startswith("/desk/requests/R-")
    (request,) = await gateway.rows(SupportRequest)
    assert (request.kind, request.brand, request.urgency, request.contact) == (
        "open_request",
        "primus",
        "urgent",
        "+15145550123",
    )
    (talk,) = await gateway.rows(Conversation)
    (said,) = await gateway.rows(Message)
    for kept in (request.description, said.text, request.details["first_message"]):
        assert "4111 1111" not in kept
        assert "•••• 1111" in kept
    (letter,) = await gateway.rows(Outgoing)
    assert (letter.channel, letter.letter) == ("sms", "request_opened")
    assert "1002003001" in await luc.get(f"/desk/conversations/{talk.id}"), "the conversation is there like any other"


async def test_what_was_found_and_prepared_goes_into_the_request(luc, gateway):
    page = await sort(luc)
    await open_it(luc, page, draft="Bonjour, un technicien s’en occupe. Carte 4111 1111 1111 1111.")
    (request,) = await gateway.rows(SupportRequest)
    assert request.details["account"] == "1002003001"
    shown = plain(luc.text)
    assert "Pannes et appareils" in shown, "by its matter"
    assert "Ouverte · Luc Roy" in shown, "by the agent, not by the assistant"
    assert "compte 1002003001" in shown
    assert "514 555-0123" in shown
    assert "premier message" not in shown, "it is the description"
    answer = re.search(r'<textarea name="text" data-write="reply"[^>]*>([^<]*)<', luc.text).group(1)
    assert answer == "Bonjour, un technicien s’en occupe. Carte •••• 1111."
    sorting = await gateway.rows(Triage)
    assert [(one.urgency, one.team, one.known["account"]) for one in sorting] == [
        ("urgent", request.team, ["1002003001"])
    ]
    await luc.post(f"/desk/requests/{request.number}/answer", text=answer, to="waiting_for_customer")
    assert "un technicien s’en occupe" in luc.text
    assert 'data-write="reply"' in luc.text
    assert not re.search(r'data-write="reply"[^>]*>[^<]', luc.text), "it has gone out"


@pytest.mark.parametrize(
    "changes",
    [{"contact": "514"}, {"contact": "a@"}, {"brand": "nobody"}, {"urgency": "x"}, {"language": "de"}, {"text": ""}],
)
async def test_a_form_that_does_not_hold_what_it_must_opens_nothing(luc, gateway, changes):
    page = await sort(luc)
    await open_it(luc, page, **changes)
    assert luc.status == 422
    assert await gateway.rows(SupportRequest) == []


async def test_a_contact_that_is_none_loses_nothing_that_was_written(luc, gateway):
    page = await sort(luc)
    page = await open_it(luc, page, contact="514", draft="Bonjour, on s’en occupe.", urgency="high")
    assert luc.status == 422
    assert "Ce n’est ni un courriel ni un numéro de téléphone" in page
    assert "Bonjour, on s’en occupe.</textarea>" in page
    assert 'value="514"' in page
    assert 'value="high" selected' in page
    await open_it(luc, page, draft="Bonjour, on s’en occupe.")
    assert luc.address.startswith("/desk/requests/R-")


async def test_where_the_assistant_is_away_the_rest_is_told(luc, parts):
    parts.understanding_status = 500
    assert "L’assistant n’a pas répondu à temps" in plain(await sort(luc))
    assert luc.status == 200


async def test_an_agent_of_one_brand_opens_nothing_for_another(luc, gateway):
    engine, sessions = open_database(gateway.settings.database_url)
    async with sessions.begin() as session:
        await session.execute(update(Agent).where(Agent.email == "luc@desk.example").values(brands=["wrs"]))
    await engine.dispose()
    page = await sort(luc)
    assert "PRIMUS" not in plain(page).replace("compte", "")
    await open_it(luc, page)
    assert luc.status == 422
    assert await gateway.rows(SupportRequest) == []
