"""What comes between a question and its answer: a moment to think, another request, two requests at once, an answer put right."""

import pytest

from actions.requests import read_requests

LAURIER, TREMBLAY, NORTHGATE = "1002003001", "50010002", "1002003002"
YES, NO = {"fr": "oui", "en": "yes"}, {"fr": "non", "en": "no"}


@pytest.mark.parametrize(
    "said",
    [
        {"fr": "attends", "en": "wait"},
        {"fr": "Attendez un instant svp…", "en": "hold on a sec please"},
        {"fr": "oui attends un peu", "en": "ok, one minute"},
        {"fr": "je reviens", "en": "let me check"},
    ],
)
@pytest.mark.parametrize("intent", ["cancel", "affirm", "clarify"])
async def test_who_asks_for_a_moment_gets_it_and_nothing_is_done(talk, billing, language, said, intent):
    conversation = talk(LAURIER)
    await conversation.say("…", "set_up_autopay")
    await conversation.say(said[language], intent, 0.45)
    assert conversation.names == ["utter_take_your_time"]
    assert conversation.slots["requested_slot"] == "confirmation"
    assert not billing.writes
    await conversation.say(YES[language])
    assert conversation.names == ["utter_autopay_started"]


@pytest.mark.parametrize(
    "said",
    [
        {"fr": "attends, c'est quand le prochain prélèvement?", "en": "wait, when is the next payment?"},
        {"fr": "non, annule", "en": "no, cancel"},
        {"fr": "j'attends un technicien depuis lundi", "en": "I have been waiting for a technician since Monday"},
    ],
)
async def test_what_says_more_is_no_pause(talk, language, said):
    conversation = talk(LAURIER)
    await conversation.say("…", "set_up_autopay")
    await conversation.say(said[language], "help")
    assert "utter_take_your_time" not in conversation.names


async def test_a_look_up_in_the_middle_is_answered_and_the_question_comes_again(talk, billing, language):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "promise_to_pay")
    await conversation.say("60")
    assert conversation.names == ["utter_question_promised_on"]
    await conversation.say({"fr": "c'est quoi mon solde", "en": "what's my balance"}[language], "check_balance")
    assert conversation.names == ["utter_balance_all_past_due", "utter_back_to", "utter_question_promised_on"]
    await conversation.say({"fr": "le 13 mars", "en": "March 13"}[language])
    assert conversation.names == ["utter_confirm_promise_to_pay"]
    assert {"fr": "60,00\u00a0$", "en": "$60.00"}[language] in conversation.text
    await conversation.say({"fr": "ma dernière facture", "en": "my latest bill"}[language], "latest_bill")
    assert conversation.names == ["utter_latest_bill", "utter_back_to", "utter_confirm_promise_to_pay"]
    assert not billing.writes
    await conversation.say(YES[language])
    assert conversation.names == ["utter_promise_done"]


async def test_another_request_takes_over_and_what_was_left_is_offered_once_it_is_done(talk, language):
    conversation = talk(TREMBLAY)
    title = read_requests()["promise_to_pay"].title[language]
    await conversation.say("…", "promise_to_pay")
    await conversation.say("60")
    await conversation.say({"fr": "arrêter ça", "en": "set it up"}[language], "set_up_autopay")
    assert conversation.names == ["utter_left_aside", "utter_confirm_set_up_autopay"]
    await conversation.say(YES[language])
    assert conversation.names == ["utter_autopay_started", "utter_offer_left"]
    assert title in conversation.text
    assert conversation.buttons == (title,)
    await conversation.say(title, "promise_to_pay")
    assert conversation.names == ["utter_question_promised_on"], "the amount is still known"
    await conversation.say({"fr": "le 13 mars", "en": "March 13"}[language])
    assert {"fr": "60,00\u00a0$", "en": "$60.00"}[language] in conversation.text


@pytest.mark.parametrize("end", [NO, {"fr": "annuler", "en": "cancel"}])
async def test_it_is_offered_after_a_no_too(talk, billing, language, end):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "promise_to_pay")
    await conversation.say("60")
    await conversation.say("…", "set_up_autopay")
    await conversation.say(end[language])
    assert conversation.names == ["utter_not_confirmed", "utter_offer_left"]
    assert not billing.writes


async def test_it_is_offered_after_a_cancel_in_the_middle_and_taken_up_by_yes(talk, billing, language):
    conversation = talk(TREMBLAY)
    title = read_requests()["promise_to_pay"].title[language]
    await conversation.say("…", "promise_to_pay")
    await conversation.say("60")
    await conversation.say("…", "report_payment")
    await conversation.say({"fr": "annuler", "en": "cancel"}[language])
    assert conversation.names == ["utter_cancelled_before", "utter_offer_left"]
    assert not conversation.open
    await conversation.say(title)
    assert conversation.names == ["utter_question_promised_on"], "the amount is still known"
    await conversation.say({"fr": "annuler", "en": "cancel"}[language])
    assert conversation.names == ["utter_cancelled"], "nothing else waits"
    await conversation.say({"fr": "annuler", "en": "cancel"}[language])
    assert conversation.names == ["utter_nothing_to_cancel"]
    assert not billing.writes


async def test_who_declines_what_was_left_is_not_offered_it_again(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "promise_to_pay")
    await conversation.say("…", "report_payment")
    await conversation.say({"fr": "annuler", "en": "cancel"}[language])
    await conversation.say(NO[language])
    assert not conversation.slots["choices"]
    await conversation.say("…", "check_balance")
    assert conversation.names == ["utter_balance_all_past_due"]


async def test_two_requests_that_are_left_are_offered_one_after_the_other(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "promise_to_pay")
    await conversation.say("60")
    await conversation.say("…", "report_payment")
    await conversation.say("80")
    await conversation.say("…", "set_up_autopay")
    await conversation.say(YES[language])
    assert conversation.names == ["utter_autopay_started", "utter_offer_left"]
    assert conversation.buttons == (read_requests()["report_payment"].title[language],)
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_question_paid_on"]
    await conversation.say({"fr": "annuler", "en": "cancel"}[language])
    assert conversation.names == ["utter_cancelled_before", "utter_offer_left"]
    assert conversation.buttons == (read_requests()["promise_to_pay"].title[language],)
    await conversation.say(conversation.buttons[0])
    assert conversation.names == ["utter_question_promised_on"], "the amount is still known"


async def test_what_waits_and_is_asked_for_again_goes_on_and_is_not_offered_once_more(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "promise_to_pay")
    await conversation.say("60")
    await conversation.say("…", "report_payment")
    await conversation.say("…", "promise_to_pay")
    assert conversation.names == ["utter_left_aside", "utter_question_promised_on"], "the amount is still known"
    await conversation.say({"fr": "le 13 mars", "en": "March 13"}[language])
    await conversation.say(YES[language])
    assert conversation.names == ["utter_promise_done", "utter_offer_left"]
    assert conversation.buttons == (read_requests()["report_payment"].title[language],)
    await conversation.say(conversation.buttons[0])
    await conversation.say({"fr": "annuler", "en": "cancel"}[language])
    assert conversation.names == ["utter_cancelled"], "the promise is made"


async def test_the_second_of_two_requests_is_not_offered_where_it_was_done_in_between(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "promise_to_pay", also="do/set_up_autopay")
    await conversation.say("…", "set_up_autopay")
    await conversation.say(YES[language])
    assert conversation.names == ["utter_autopay_started", "utter_offer_left"]
    await conversation.say(conversation.buttons[0])
    await conversation.say({"fr": "annuler", "en": "cancel"}[language])
    assert conversation.names == ["utter_cancelled"]


async def test_a_request_that_is_left_at_the_code_does_not_cost_another_code(talk, language):
    conversation = talk("wrs")
    await conversation.say("…", "pay_bill")
    await conversation.say("50010002 G6V 7M4")
    assert conversation.names == ["utter_question_code"]
    await conversation.say("…", "check_balance")
    assert conversation.names == ["utter_left_aside", "utter_question_code_again"]
    assert conversation.gateway.codes == 1
    await conversation.say("482193")
    assert conversation.names == ["utter_verified", "utter_balance_all_past_due", "utter_offer_left"]


async def test_the_second_of_two_requests_in_one_message_is_offered_with_what_it_told(talk, language):
    conversation = talk(NORTHGATE)
    title = read_requests()["change_ebill_email"].title[language]
    said = {
        "fr": "mon solde, et change l'adresse de ma facture pour neuve@northgate.example",
        "en": "my balance, and change my e-bill address to neuve@northgate.example",
    }[language]
    await conversation.say(said, "check_balance", also="do/change_ebill_email")
    assert conversation.names == ["utter_balance_due", "utter_offer_also"]
    assert conversation.buttons == (title,)
    await conversation.say(title, "change_ebill_email")
    assert conversation.names == ["utter_confirm_change_ebill_email"]
    assert "neuve@northgate.example" in conversation.text


async def test_an_address_with_its_postal_code_is_no_question_about_availability(talk, language):
    conversation = talk(TREMBLAY)
    await conversation.say("…", "move_services")
    await conversation.say("12 Princess Street Kingston K7L 1A1", "check_availability")
    assert conversation.names == ["utter_question_preferred_on"]


async def test_a_description_that_resembles_a_support_request_stays_the_description(talk, language):
    conversation = talk("pitney-bowes")
    await conversation.say("SendPro C 3A01234567 E-12", "request_technician")
    await conversation.say(YES[language])
    await conversation.say("1000 rue De La Gauchetière, Montréal H3B 2Y5")
    await conversation.say(
        {"fr": "bourrage de papier depuis hier, rien ne sort", "en": "paper jam since yesterday, nothing comes out"}[
            language
        ],
        "open_request",
        0.99,
    )
    assert conversation.names == ["utter_question_contact"]
    assert conversation.slots["request"] == "request_technician"


async def test_the_model_may_come_after_the_description(talk, language):
    conversation = talk("pitney-bowes")
    await conversation.say("…", "open_request")
    await conversation.say({"fr": "elle avale les enveloppes", "en": "it swallows envelopes"}[language])
    await conversation.say("Relay 7000", "out_of_scope", 0.96)
    assert conversation.names == ["utter_noted", "utter_question_contact"]
    assert conversation.slots["details"]["model"] == "Relay 7000"


async def test_another_request_at_the_question_whether_to_add_is_no_addition(talk, language):
    conversation = talk(LAURIER)
    for said in ("Luc Roy", "514 555-0199", YES[language]):
        if said == "Luc Roy":
            await conversation.say("…", "remove_user")
        await conversation.say(said)
    await conversation.say("…", "remove_user")
    assert conversation.names == ["utter_question_repeat"]
    await conversation.say(
        {"fr": "ajouter un compte à mon profil", "en": "add an account to my profile"}[language], "add_account", 0.99
    )
    assert conversation.names == ["utter_left_aside", "utter_question_other_account_number"]


@pytest.mark.parametrize(
    ("first", "leaving"),
    [
        ({"fr": "je veux annuler mon service", "en": "cancel my service completely"}, True),
        ({"fr": "fermer mon compte", "en": "close my account"}, True),
        ({"fr": "ouvrir une demande", "en": "open a request"}, False),
    ],
)
async def test_who_ends_the_service_is_told_what_happens_and_what_does_not(talk, language, first, leaving):
    conversation = talk("wrs")
    await conversation.say(first[language], "open_request")
    kind = "_leaving" if leaving else ""
    assert conversation.names == [
        "utter_start_leaving" if leaving else "utter_start_request",
        f"utter_question_description{kind}",
    ]


async def test_what_is_added_to_a_request_is_no_new_one(talk, language):
    conversation = talk("primus")
    conversation.gateway.others.append({"number": "R-4821937", "contact": "+15145550123", "state": "open"})
    await conversation.say("R-4821937", "add_to_request")
    assert conversation.names == ["utter_question_addition"]
    again = {"fr": "le problème est revenu ce matin", "en": "the problem came back this morning"}[language]
    await conversation.say(again, "open_request", 0.99)
    assert conversation.names == ["utter_question_request_contact"]
    assert conversation.slots["details"]["addition"] == again


@pytest.mark.parametrize("request_id", ["promise_to_pay", "open_request"])
@pytest.mark.parametrize(
    ("channel", "texts", "said", "offers"),
    [
        ("web", True, "utter_continue_by_text", "continue_by_text"),
        ("web", False, "utter_no_texts", None),
        ("sms", True, "utter_continue_by_text_sms", None),
    ],
)
async def test_who_would_go_on_by_text_is_told_how_and_the_question_comes_again(
    talk, language, request_id, channel, texts, said, offers
):
    conversation = talk(TREMBLAY)
    conversation.channel, conversation.texts = channel, texts
    words = {"fr": "on peut-tu continuer par texto?", "en": "can we continue by text?"}[language]
    await conversation.say(words, "continue_by_text")
    assert conversation.names == [said]
    assert conversation.replies[0].offers == offers
    await conversation.say("…", request_id)
    asked, question = conversation.slots["requested_slot"], conversation.names[-1]
    await conversation.say(words, "continue_by_text")
    assert conversation.names == [said, question]
    assert conversation.slots["requested_slot"] == asked
