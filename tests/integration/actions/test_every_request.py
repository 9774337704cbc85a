"""Every request that the form gathers for, in both languages: the straight way, a no, a question or a look-up in between, a moment to
think, a backend that is away, the same turn twice. An answer put right: test_corrections.py.

What is special to a request stands in the file of its topic; here, that none is forgotten.
"""

import pytest
import yaml

from actions.requests import read_requests
from billing.models import AuditRow
from billing.notice_models import NoticeRow
from tests.integration.actions.requests_played import (
    BRAND_OF,
    BY_FORM,
    DONE,
    ENDS,
    NO,
    WHO,
    YES,
    answer,
    asked,
    opened_before,
    up_to_the_end,
)
from tests.integration.actions.talk import ROOT


def test_every_request_of_the_form_is_here():
    offered = yaml.safe_load((ROOT / "actions" / "requests.yml").read_text(encoding="utf-8"))
    assert sorted(WHO) == BY_FORM
    assert set(BY_FORM) <= set(offered)


@pytest.mark.parametrize("request_name", BY_FORM)
async def test_the_straight_way_ends_with_an_answer_and_the_same_turn_twice_does_it_once(talk, billing, request_name):
    conversation = talk(WHO[request_name])
    await opened_before(conversation)
    asked_for = await up_to_the_end(conversation, request_name)
    assert len(asked_for) == len(set(asked_for)), "nothing is asked for twice"
    if asked(conversation) == "confirmation":
        await conversation.say(YES[conversation.language])
    assert not conversation.open, conversation.names
    assert conversation.names[-1] == ENDS[request_name]
    references = set(DONE.findall(conversation.text))
    kept = [len(await billing.rows(table)) for table in (AuditRow, NoticeRow)]
    await conversation.repeat()  # as after a crash between the act and its answer
    if request_name == "premier_access":  # the PIN was used up: it is asked for again
        assert conversation.gateway.queued == "premier"
        return
    assert set(DONE.findall(conversation.text)) == references
    assert [len(await billing.rows(table)) for table in (AuditRow, NoticeRow)] == kept
    assert len(conversation.gateway.opened) <= 1


@pytest.mark.parametrize("request_name", [name for name in BY_FORM if read_requests()[name].confirm])
async def test_a_no_at_the_last_question_changes_nothing(talk, billing, request_name):
    conversation = talk(WHO[request_name])
    await up_to_the_end(conversation, request_name)
    if asked(conversation) is None:
        pytest.skip("nothing to confirm for this account; the file of its topic has the case")
    await conversation.say(NO[conversation.language])
    assert {"fr": "rien n’a été changé", "en": "nothing was changed"}[conversation.language] in conversation.text
    assert not conversation.open
    assert not billing.writes
    assert not conversation.gateway.opened


@pytest.mark.parametrize("request_name", BY_FORM)
async def test_a_question_a_moment_and_a_look_up_in_between_leave_the_request_where_it_is(talk, billing, request_name):
    conversation = talk(WHO[request_name])
    language, verified = conversation.language, WHO[request_name] in BRAND_OF
    await opened_before(conversation)
    await conversation.say("…", request_name)
    while (field := asked(conversation)) is not None:
        await conversation.say("?", "help")
        assert asked(conversation) == field, (request_name, conversation.names)
        assert len(conversation.replies) >= 2, "the answer, and the form's question again"
        await conversation.say({"fr": "attends un peu", "en": "wait a minute"}[language], "cancel", 0.7)
        assert (conversation.names, asked(conversation)) == (["utter_take_your_time"], field)
        if verified and request_name != "check_balance":
            await conversation.say({"fr": "mon solde", "en": "my balance"}[language], "check_balance", 0.99)
            assert conversation.names[0].startswith("utter_balance_"), conversation.names
            assert (conversation.names[1], asked(conversation)) == ("utter_back_to", field)
        if field == "confirmation":
            break
        await conversation.say(answer(conversation))
    assert not billing.writes or asked(conversation) is None


@pytest.mark.parametrize("request_name", BY_FORM)
async def test_leaving_in_the_middle_changes_nothing(talk, billing, request_name):
    conversation = talk(WHO[request_name])
    await conversation.say("…", request_name)
    if not conversation.open:
        pytest.skip("it is answered at once")
    await conversation.say({"fr": "annuler", "en": "cancel"}[conversation.language])
    assert not conversation.open
    assert not billing.writes
    assert not conversation.gateway.opened


@pytest.mark.parametrize("request_name", BY_FORM)
async def test_where_everything_behind_is_away_the_customer_is_told_and_nothing_is_claimed(talk, billing, request_name):
    conversation = talk(WHO[request_name])
    billing.down = True
    await up_to_the_end(conversation, request_name)
    conversation.gateway.down = True
    if asked(conversation) == "confirmation":
        await conversation.say(YES[conversation.language])
    assert conversation.text.strip(), "never silence"
    assert not DONE.search(conversation.text.replace("R-4821937", "")), conversation.text
    assert not billing.writes


@pytest.mark.parametrize("request_name", [name for name in BY_FORM if read_requests()[name].confirm])
async def test_a_yes_while_the_backend_is_away_is_told_and_can_be_said_again(talk, billing, request_name):
    conversation = talk(WHO[request_name])
    await up_to_the_end(conversation, request_name)
    if asked(conversation) is None:
        pytest.skip("nothing to confirm for this account; the file of its topic has the case")
    billing.down = conversation.gateway.down = True
    await conversation.say(YES[conversation.language])
    assert conversation.text.strip(), "never silence"
    assert not DONE.search(conversation.text)
    assert not billing.writes
    assert not conversation.gateway.opened
    billing.down = conversation.gateway.down = False
    if not conversation.open:
        await up_to_the_end(conversation, request_name)
    await conversation.say(YES[conversation.language])
    assert DONE.search(conversation.text), conversation.text
