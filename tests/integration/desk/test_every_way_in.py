"""Every support request of the catalogue, opened by each door: chat, API, text message and the agents' console.

Form, actions, gateway, desk and billing are the real ones, each with its database; only Rasa is played. Of each request: its number is
said once its row is safe, it is what it should be, customer and agent read the same state and due time, and a receipt goes out.
"""

import asyncio
import re
from zoneinfo import ZoneInfo

import pytest

from actions.requests import HAND_OVER_FIELDS, REPEAT, read_requests
from actions.wording import WORDS, opening
from desk.console.names import Names
from desk.console.words import Words
from desk.models import SupportRequest
from desk.triage_data import read_rules
from gateway.models import Outgoing
from gateway.sms_settings import SmsSettings
from knowledge import Shelf
from tests.integration.actions.conftest import billing, demonstration, internet_data, shelf
from tests.integration.actions.requests_played import BOREAL, BOUCHARD, LAURIER, LAVOIE, MINUIT, WHITFIELD
from tests.integration.actions.small_gateway import NOW, SECRET
from tests.integration.actions.talk import ROOT
from tests.integration.desk.test_box_page import hidden, plain
from tests.integration.desk.ways_in import Played, by_api, by_chat, by_text
from tests.integration.gateway.sms_steps import NUMBERS, TOKEN

__all__ = ["billing", "demonstration", "internet_data", "shelf"]

SPECS = read_requests()
# Who asks, None where nobody needs to be known.
ASKED = {
    "primus": {
        LAURIER: ("bill_adjustment", "remove_user", "move_services"),
        BOREAL: ("return_to_paper",),
        MINUIT: ("get_pie_access",),
        None: ("transfer_ownership", "open_request"),
    },
    "wrs": {
        WHITFIELD: ("bill_adjustment", "move_services", "change_plan", "return_modem"),
        BOUCHARD: ("reconnect_service",),
        None: ("open_request",),
    },
    "pitney-bowes": {
        LAVOIE: ("bill_adjustment", "move_services"),
        None: ("request_technician", "open_request"),
    },
}
OPENED = {name for of_brand in ASKED.values() for names in of_brand.values() for name in names}
IDENTITY = {"account_number", "postal_code", "code", "confirmation", REPEAT, *HAND_OVER_FIELDS}
LANGUAGES = {"chat": ("fr", "en"), "api": ("en", "fr"), "text": ("fr", "en")}
WAITED_S = 60
MAILS = {
    "fr": """Objet : {subject}

Bonjour, merci de vous en occuper. Compte {account}.{serial}
Au plaisir, sophie@cafelaurier.ca""",
    "en": """Subject: {subject}

Hello, please look after this for us. Account {account}.{serial}
Best, sophie@cafelaurier.ca""",
}


@pytest.fixture
async def gateway(start, clock, billing):
    clock.now = NOW
    return await start(
        billing_url=billing.url,
        billing_token_secret=SECRET,
        sms=SmsSettings(numbers=NUMBERS, twilio_tokens=(TOKEN,), burst_s=0.0),
    )


@pytest.fixture
def played(gateway, parts, billing, shelf):
    parts.answer = Played(shelf, billing.url)
    parts.answer.gateway = gateway
    return parts.answer


@pytest.fixture
def door(page):
    return {"api": by_api, "chat": by_chat(page), "text": by_text}


def test_no_request_that_people_carry_out_is_forgotten():
    """Those of the catalogue that a person does, and each brand that offers them."""
    rows = [line.split(",", 2) for line in (ROOT / "knowledge_base" / "requests.csv").read_text().splitlines()[1:]]
    assert {name for name, *_ in rows} == set(SPECS)
    done_here = {"request_status", "list_requests", "add_to_request", "premier_access", "schedule_maintenance"}
    by_people = {name for name, _, rest in rows if ",request," in rest} - done_here
    assert by_people == OPENED
    for brand in Shelf(ROOT / "knowledge_base").brands.values():
        assert by_people & set(brand.requests) == {name for names in ASKED[brand.id].values() for name in names}


# What the companies' own texts leave to a person: the article that tells of it, and the request that it offers.
LEFT_TO_PEOPLE = {
    "primus": {
        "back-to-paper": "return_to_paper",
        "bill-adjustment": "bill_adjustment",
        "bill-reprint": "reprint_bill",  # one that is too old becomes a request
        "move-services": "move_services",
        "paper-ebill-pie": "get_pie_access",
        "pie-sign-in": "get_pie_access",
        "remove-administrator": "remove_user",
        "remove-secondary-user": "remove_user",
        "repair-status": "open_request",
        "report-service-problem": "open_request",
        "transfer-ownership": "transfer_ownership",
    },
    "wrs": {
        "availability": "open_request",
        "billing-address-mismatch": "open_request",
        "buy-rented-modem": "open_request",
        "installation-time": "open_request",
        "keep-cable-tv": "open_request",
        "knowledge-base": "open_request",
        "reconnection": "reconnect_service",
        "return-modem": "return_modem",
        "upgrade-plan": "change_plan",
        "why-phone-number": "open_request",
    },
    "pitney-bowes": {
        "application-consultation": "open_request",
        "create-case": "open_request",
        "mail-seminar": "open_request",
        "premier-support": "talk_to_agent",
        "relocation": "move_services",
        "remote-to-onsite": "request_technician",
        "replacement-device": "open_request",
        "software-level-1": "open_request",
        "software-maintenance": "open_request",
        "without-contract": "request_technician",
        "zones": "talk_to_agent",
    },
}


def test_what_is_left_to_people_is_offered_beside_the_article_that_tells_of_it(shelf):
    for brand, articles in LEFT_TO_PEOPLE.items():
        for slug, request in articles.items():
            for language in ("fr", "en"):
                article = shelf.article(f"{brand}/{slug}", language)
                assert article, (slug, language)
                assert request in article.requests, (slug, language)
            assert request in shelf.brands[brand].requests


@pytest.mark.parametrize("brand", sorted(ASKED))
@pytest.mark.parametrize("way", ["chat", "api", "text"])
async def test_a_customer_opens_each_request(desk, gateway, played, door, way, brand):
    luc = await desk("luc")
    for turn, (account, names) in enumerate(ASKED[brand].items()):
        language = LANGUAGES[way][turn % 2]
        customer = await door[way](played, brand, language)
        for name in names:
            asked_for = await customer.ask_for(name, f"{SPECS[name].title[language]}.", account)
            row = await opened(gateway, name, brand)
            await customer.has_read(row.number, due_words(gateway, row, language))
            assert played.unsafe == [], "a number was said before its row was safe"
            assert (row.conversation, row.language, row.account) == (customer.id, language, account)
            assert row.contact == "+15145550123"
            assert {field for field in asked_for if field not in IDENTITY} <= set(row.details)
            assert row.description.strip()
            if name != "open_request":
                assert row.category == SPECS[name].category
            await sorted_for(gateway, row)
            await receipt_went(gateway, row)
            page = plain(await luc.get(f"/desk/requests/{row.number}"))
            seen_by_agent(gateway, row, page)
            if name != names[0]:
                continue  # a state is a state, whatever the kind
            await luc.post(f"/desk/requests/{row.number}/take")
            status = f"{'État de' if language == 'fr' else 'Status of'} {row.number}"
            await customer.ask_for("request_status", status, account)
            state = WORDS["states"]["in_progress"][language]
            await customer.has_read(f"**{state}**" if way != "text" else state)


@pytest.mark.parametrize("brand", sorted(ASKED))
async def test_an_agent_opens_each_request_from_what_came_by_mail(desk, gateway, parts, played, door, brand):
    luc = await desk("luc")
    for turn, (account, names) in enumerate(ASKED[brand].items()):
        language = ("en", "fr")[turn % 2]
        for name in names:
            parts.outcomes[brand] = (f"do/{name}", 0.9)
            serial = " 3A01234567" if brand == "pitney-bowes" else ""
            subject = SPECS[name].title[language]
            mail = MAILS[language].format(subject=subject, account=account, serial=serial)
            await luc.get("/desk/triage")
            page = await luc.post("/desk/triage", text=mail, brand=brand)
            assert f'type="hidden" name="language" value="{language}"' in page
            fields = {"language": language, **{field: hidden(page, field) for field in ("outcome", "form_id")}}
            contact = re.search(r'name="contact" required maxlength="254" value="([^"]*)"', page).group(1)
            await luc.post("/desk/triage/request", text=mail, brand=brand, urgency="normal", contact=contact, **fields)
            assert luc.address.startswith("/desk/requests/"), plain(luc.text)
            row = await opened(gateway, name, brand)
            assert luc.address == f"/desk/requests/{row.number}"
            assert (row.contact, row.language, row.category) == (
                "sophie@cafelaurier.ca",
                language,
                row.category if name == "open_request" else SPECS[name].category,
            )
            if account:
                assert row.details["account"] == account
            assert ("3A01234567" in str(row.details.get("serial"))) == bool(serial)
            await receipt_went(gateway, row)
            seen_by_agent(gateway, row, plain(luc.text))
            customer = await door["api"](played, brand, language)
            status = f"{'État de' if language == 'fr' else 'Status of'} {row.number}, sophie@cafelaurier.ca"
            await customer.ask_for("request_status", status, account)
            await customer.has_read(
                row.number, f"**{WORDS['states']['open'][language]}**", due_words(gateway, row, language)
            )


async def opened(gateway, name, brand):
    """The request of a kind and brand; one, however often it was asked for."""
    (row,) = [one for one in await gateway.rows(SupportRequest) if (one.kind, one.brand) == (name, brand)]
    return row


def due_words(gateway, row, language):
    """Until when the desk owes the answer, as the customer is told."""
    brand = Shelf(gateway.settings.knowledge_base).brands[row.brand]
    return opening(row.due_at.isoformat(), brand.hours["time_zone"], language)


def seen_by_agent(gateway, row, page):
    """What the agent's page shows of it: its matter, the same due time, where the customer is reached."""
    shelf = Shelf(gateway.settings.knowledge_base)
    words, brand = Words("fr"), shelf.brands[row.brand]
    due = words.moment(row.due_at, NOW, ZoneInfo(brand.hours["time_zone"])).replace("\u00a0", " ")
    names = Names(shelf, words)
    for shown in (names.request(row), brand.name, due, names.value(row.contact), "Ouverte"):
        assert shown in page, (shown, page[page.index("Échéance") :])
    assert not re.findall(r"\b[a-z]+_[a-z_]+\b", page), "a name of the program, not of people"


async def receipt_went(gateway, row):
    """One letter with the number, to the contact, in the customer's language."""
    channel = "email" if "@" in row.contact else "sms"
    (letter,) = [one for one in await gateway.rows(Outgoing) if one.key == f"request:{row.number}:opened"]
    assert (letter.channel, letter.address, letter.language) == (channel, row.contact, row.language)
    async with asyncio.timeout(WAITED_S):
        while not any(row.number in one["text"] and one["to"] == row.contact for one in gateway.texts()):
            await asyncio.sleep(0.02)


async def sorted_for(gateway, row):
    """The team that looks after it, once the turn has been sorted."""
    rules, topic = read_rules(), f"do/{row.kind}"
    if topic in rules.without_subject:
        return
    team = rules.team_of.get(topic, rules.categories[rules.category_of[topic]]["team"])
    async with asyncio.timeout(WAITED_S):
        while (await opened(gateway, row.kind, row.brand)).team != team:
            await asyncio.sleep(0.02)
