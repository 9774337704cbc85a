"""The straight way of every request that reads, writes, works out or refuses, through the whole program, in both languages.

What else may happen on the way is played faster without Rasa (tests/integration/actions/test_every_request.py); here, that what customers
write reaches the backend and the desk and comes back. Each account's copy needs one code a language.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.requests import read_requests
from tests.dialogue.played import Customers
from tests.stack import Stack, Talk

pytestmark = pytest.mark.stack

LAURIER, NORTHGATE, BOREAL, MINUIT = "1002003001", "1002003002", "1002003003", "1002003004"
WHITFIELD, TREMBLAY, BOUCHARD = "50010001", "50010002", "50010003"
LAVOIE, PRAIRIE = "0012345678", "0012345679"
OPENED = r"\*\*R-\d{7}\*\*"
DONE = r"\*\*[A-Z]-[A-Z0-9]{8}\*\*"
BY_FORM = {name for name, spec in read_requests().items() if spec.by_form}

# Who asks (an account, verified; a brand, nobody), what is said in each language, and what the last answer must hold.
PLAYED: dict[str, tuple[str, list[str], list[str], str]] = {
    "check_balance": (TREMBLAY, ["combien je vous dois en ce moment"], ["how much do I owe you right now"], "103"),
    "recent_activity": (LAURIER, ["mes derniers paiements svp"], ["show me my recent payments"], "181"),
    "latest_bill": (LAURIER, ["montre-moi ma dernière facture"], ["show me my latest bill"], "P-90871"),
    "explain_bill": (LAURIER, ["explique-moi ma facture"], ["explain my bill to me"], "P-90871"),
    "reprint_bill": (
        LAURIER,
        ["réimprimer une facture", "la deuxième"],
        ["I would like a reprint of an old bill", "the second one"],
        "P-88410.*/documents/",
    ),
    "pay_bill": (LAURIER, ["je veux payer ma facture maintenant"], ["I want to pay my bill now"], "/pay/"),
    "set_up_autopay": (LAURIER, ["activer le paiement automatique", "oui"], ["set up automatic payment", "yes"], DONE),
    "cancel_autopay": (NORTHGATE, ["arrêter le paiement automatique", "oui"], ["stop automatic payment", "yes"], DONE),
    "report_payment": (
        LAURIER,
        ["signaler un paiement", "60 $", "hier", "chèque", "214", "oui"],
        ["report a payment", "$60", "yesterday", "cheque", "214", "yes"],
        DONE,
    ),
    "promise_to_pay": (
        TREMBLAY,
        ["je voudrais une entente de paiement", "40 $", "demain", "oui"],
        ["can I make a payment arrangement", "$40", "tomorrow", "yes"],
        DONE,
    ),
    "bill_adjustment": (
        LAURIER,
        ["contester des frais", "on m'a facturé deux fois la même ligne d'affaires ce mois-ci", "514 555-0123", "oui"],
        ["dispute this charge", "you billed me twice for the same business line this month", "514 555-0123", "yes"],
        OPENED,
    ),
    "enroll_ebill": (
        LAURIER,
        ["je veux passer à la facture électronique", "factures@laurier.example", "oui"],
        ["switch me to paperless billing", "bills@laurier.example", "yes"],
        DONE,
    ),
    "change_ebill_email": (
        BOREAL,
        ["changer l'adresse de facturation électronique", "neuve@boreal.example", "oui"],
        ["change the e-bill address", "new@boreal.example", "yes"],
        DONE,
    ),
    "return_to_paper": (
        NORTHGATE,
        ["remettez-moi sur la facture papier svp", "418 555-0103", "oui"],
        ["put me back on paper bills please", "418 555-0103", "yes"],
        OPENED,
    ),
    "add_account": (BOREAL, ["ajouter un compte au profil"], ["add an account to the profile"], "50"),
    "list_users": (BOREAL, ["qui a accès à notre profil?"], ["who has access to our profile?"], "Éric Gagnon"),
    "remove_user": (
        LAURIER,
        ["retirer un accès", "la deuxième", "514 555-0123", "oui"],
        ["remove a person's access", "the second one", "514 555-0123", "yes"],
        OPENED,
    ),
    "call_details": (NORTHGATE, ["je veux le détail de mes appels"], ["call details please"], "/documents/"),
    "get_pie_access": (
        MINUIT,
        ["je veux obtenir l'accès à PIE", "Luc Roy", "514 555-0123", "oui"],
        ["get access to PIE", "Luc Roy", "514 555-0123", "yes"],
        OPENED,
    ),
    "move_services": (
        WHITFIELD,
        ["je déménage mes services", "12, rue Principale, Kingston K7L 1A1", "dans trois semaines", "514 555-0123"],
        ["I am moving my services", "12 Princess Street, Kingston K7L 1A1", "in three weeks", "514 555-0123"],
        OPENED,
    ),
    "change_plan": (
        WHITFIELD,
        ["je veux changer de forfait", "la première", "514 555-0123"],
        ["I want to change my plan", "the first one", "514 555-0123"],
        OPENED,
    ),
    "check_availability": (
        "wrs",
        ["est-ce que le service est offert au K7L 3N6"],
        ["is the service available at K7L 3N6"],
        "Cogeco",
    ),
    "check_modem": (
        "wrs",
        ["est-ce que je peux utiliser mon modem CODA-4582", "Cogeco", "je ne sais pas"],
        ["check my modem, it's a CODA-4582", "Cogeco", "I don't know"],
        "7.1.1.2.2b9",
    ),
    "return_modem": (WHITFIELD, ["retourner mon modem", "514 555-0123"], ["return my modem", "514 555-0123"], OPENED),
    "reconnect_service": (
        BOUCHARD,
        ["rebranchez mon service svp", "514 555-0123"],
        ["reconnect my service please", "514 555-0123"],
        r"124[.,]18",
    ),
    "check_coverage": (
        "pitney-bowes",
        ["que couvre mon contrat?", "3A01234567"],
        ["what does my contract cover?", "3A01234567"],
        "(?i)entretien préventif|preventive maintenance",
    ),
    "onsite_estimate": (
        "pitney-bowes",
        ["quand un technicien pourrait-il venir", "3A01234567"],
        ["when could a technician come", "3A01234567"],
        "8 (heures ouvrables|business hours)",
    ),
    "request_technician": (
        "pitney-bowes",
        [
            "envoyez-moi un technicien", "oui", "SendPro C", "3A01234567", "E-12", "1000, rue De La Gauchetière, Montréal H3B 2Y5",
            "bourrage de papier depuis hier, rien ne sort", "514 555-0121",
        ],
        [
            "send me a technician", "yes", "SendPro C", "3A01234567", "E-12", "1000 De La Gauchetière Street, Montréal H3B 2Y5",
            "paper jam since yesterday, nothing comes out", "514 555-0121",
        ],
        OPENED,
    ),
    "premier_access": ("pitney-bowes", ["utiliser un NIP Premier", "SW-2290017", "4821"],
        ["use a Premier PIN", "SW-2290017", "4821"], "(niveau|level) 2",
    ),
    "list_requests": (PRAIRIE, ["montre-moi toutes mes demandes"], ["show me all my requests"], "(demande|request)"),
    "open_request": (
        "primus",
        ["ma ligne est en panne depuis ce matin et j'ai déjà redémarré tout l'équipement", "514 555-0123"],
        ["my line has been down since this morning and I already restarted all the equipment", "514 555-0123"],
        OPENED,
    ),
}  # fmt: skip
# Played below, as each needs something that is there before.
WITH_MORE = {"register_eservice", "transfer_ownership", "request_status", "add_to_request", "schedule_maintenance"}


@pytest.fixture(scope="module")
def customers(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Customers:
    return Customers(stack, Path(tmp_path_factory.mktemp("customers")), series="77")


def play(talk: Talk, request: str, said: list[str]) -> None:
    """Says one after the other; the first must be understood as the request."""
    answer = talk.say(said[0])
    assert answer["understood"]["intent"] == request, answer["understood"]
    for text in said[1:]:
        talk.say(text)


def test_no_request_is_forgotten() -> None:
    assert set(PLAYED) | WITH_MORE == BY_FORM


@pytest.mark.parametrize("request_name", PLAYED)
def test_the_straight_way(stack: Stack, customers: Customers, language: str, request_name: str) -> None:
    who, french, english, expected = PLAYED[request_name]
    said = french if language == "fr" else english
    if not who.isdigit():
        talk = stack.talk(who, language)
        play(talk, request_name, said)
    else:
        with customers.talk(who, language) as talk:
            play(talk, request_name, said)
            assert re.search(expected, talk.text, re.S), talk.text
    assert re.search(expected, talk.text, re.S), talk.text
    assert talk.last["language"] == language


def test_somebody_registers_as_the_administrator(stack: Stack, customers: Customers, language: str) -> None:
    talk = stack.talk("primus", language)
    first, yes = {"fr": ("m'inscrire au service électronique", "oui"), "en": ("register for the e-service", "yes")}[
        language
    ]
    play(talk, "register_eservice", [first, yes, customers.number(MINUIT, language), "J8X 2K1", "Maude Perron"])
    talk.say("maude@cafe.example")
    assert "Maude Perron" in talk.text
    talk.say(yes)
    assert re.search(DONE, talk.text), talk.text


def test_a_bought_company_s_services_go_to_people(stack: Stack, customers: Customers, language: str) -> None:
    talk = stack.talk("primus", language)
    said = {
        "fr": ["mettre les services à mon nom", "De Café Minuit à Café Aurore inc., à partir du 1er avril", "oui"],
        "en": ["put the services in my name", "From Café Minuit to Café Aurore Inc., from April 1", "yes"],
    }[language]
    number = customers.number(MINUIT, language)
    play(talk, "transfer_ownership", [said[0], number, "J8X 2K1", said[1], "aurore@cafe.example", said[2]])
    assert re.search(OPENED, talk.text), talk.text


def test_a_visit_is_asked_for(stack: Stack, customers: Customers, language: str) -> None:
    talk = stack.talk("pitney-bowes", language)
    first, yes = {"fr": ("planifier un entretien préventif", "oui"), "en": ("book preventive maintenance", "yes")}[
        language
    ]
    play(talk, "schedule_maintenance", [first, customers.serial(LAVOIE, language), working_day(), "514 555-0121", yes])
    assert re.search(DONE, talk.text), talk.text


def test_a_request_is_followed_and_added_to_from_another_conversation(stack: Stack, language: str) -> None:
    opening = stack.talk("primus", language)
    play(opening, "open_request", PLAYED["open_request"][1 if language == "fr" else 2])
    number = re.search(r"R-\d{7}", opening.text)
    assert number, opening.text
    talk = stack.talk("primus", language)
    play(
        talk, "request_status", [{"fr": "statut de ma demande", "en": "status of my request"}[language], number.group()]
    )
    talk.say("514 555-0123")
    assert number.group() in talk.text
    said = {
        "fr": ["ajouter à ma demande", "le problème est revenu ce matin"],
        "en": ["add something to my request", "the problem came back this morning"],
    }[language]
    play(talk, "add_to_request", [said[0], number.group(), said[1]])
    if number.group() not in talk.text:
        talk.say("514 555-0123")
    assert number.group() in talk.text


def working_day() -> str:
    """A Wednesday some weeks from now that is no holiday of Quebec."""
    day = date.today() + timedelta(days=20)
    while day.weekday() != 2 or (day.month, day.day) in {(1, 1), (6, 24), (7, 1), (12, 25)}:
        day += timedelta(days=1)
    return day.isoformat()
