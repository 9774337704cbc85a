"""What agents and customers do with a request: moves of the table, one of two at once, what is owed after each, what is told."""

import asyncio
import datetime

import pytest

from desk.agent_models import Agent
from desk.models import FeedEvent, SupportRequest
from desk.request_log import Refused, change_urgency
from desk.request_states import AGENT, CUSTOMER, PROGRAM
from desk.request_work import answer, dispatch, move, start_remote_help, take
from desk.requests import add_message
from tests.integration.gateway.conftest import NOON
from tests.integration.gateway.desk_steps import desk_of, open_one

UTC = datetime.UTC
ONSITE = {"contract": "performance-4h", "zone": 1, "time_zone": "America/Vancouver", "province": "BC"}


@pytest.fixture
async def desk(gateway, clock):
    async with desk_of(gateway, clock) as opened:
        yield opened


@pytest.fixture
async def number(gateway):
    return (await open_one(await gateway.talk("pitney-bowes")))["number"]


@pytest.fixture
async def agents(desk):
    """The ids of Luc and Ève."""
    both = [
        Agent(email=f"{name}@desk.example", name=name, role="agent", language="fr", created_at=NOON)
        for name in ("luc", "eve")
    ]
    async with desk.sessions.begin() as session:
        session.add_all(both)
    return [agent.id for agent in both]


async def state(desk, number):
    row = await desk.row(number)
    return row.state, row.due_for, row.due_at


async def refused(desk, function, number, *args, **named):
    before = await desk.row(number)
    events = await desk.log(number)
    with pytest.raises(Refused) as caught:
        await desk.do(function, number, *args, **named)
    after = await desk.row(number)
    assert {c.key: getattr(before, c.key) for c in SupportRequest.__table__.columns} == {
        c.key: getattr(after, c.key) for c in SupportRequest.__table__.columns
    }, "what is refused changes nothing"
    assert await desk.log(number) == events
    return caught.value.reason


async def test_an_open_request_owes_an_answer_within_business_hours(desk, number):
    assert await state(desk, number) == ("open", "answer", NOON + datetime.timedelta(hours=8))


async def test_every_change_stands_in_the_log_and_is_announced(gateway, desk, number, clock, agents):
    await desk.do(take, number, agent=agents[0], actor="luc")
    await desk.do(answer, number, "Essayez de changer la cartouche.", actor="luc")
    clock.pass_(hours=1)
    await desk.do(add_message, number, "Rien ne change.")
    await desk.do(move, number, "solved", who=AGENT, actor="luc", text="Cartouche remplacée.")
    assert await desk.log(number) == [
        ("assistant", "opened", True),
        ("luc", "taken", False),
        ("luc", "answered", True),
        ("customer", "added", True),
        ("luc", "solved", True),
    ]
    announced = [row for row in await gateway.rows(FeedEvent) if row.kind == "request"]
    assert [(row.subject, row.brand) for row in announced] == [(number, "pitney-bowes")] * 5


async def test_an_answer_ends_what_was_owed_and_the_customers_message_starts_it_again(desk, number, clock):
    change = await desk.do(answer, number, "Quel est le numéro de série?", actor="luc")
    assert (change.told.letter, change.told.values["description"]) == (
        "request_answered",
        "Quel est le numéro de série?",
    )
    assert await state(desk, number) == ("waiting_for_customer", None, None)
    clock.pass_(hours=2)
    change = await desk.do(add_message, number, "3A01234567")
    assert change.told.letter == "request_added"
    # 14:00 in Toronto and 8 hours: two of them tomorrow.
    assert await state(desk, number) == ("open", "answer", datetime.datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    clock.pass_(hours=1)
    await desk.do(add_message, number, "Et le code est 2E.")
    assert (await desk.row(number)).due_at == datetime.datetime(2026, 11, 24, 15, 0, tzinfo=UTC), "not put off"


async def test_the_same_words_twice_are_one_message(desk, number, clock):
    first, second = [await desk.do(add_message, number, "C’est urgent.") for _ in range(2)]
    assert (first.new, second.new, second.told) == (True, False, None)
    clock.pass_(hours=25)
    assert (await desk.do(add_message, number, "C’est urgent.")).new


async def test_a_message_reopens_what_was_solved_for_a_week(desk, number, clock):
    await desk.do(move, number, "solved", who=AGENT, actor="luc")
    assert await state(desk, number) == ("solved", None, None)
    clock.pass_(days=6, hours=23)
    change = await desk.do(add_message, number, "Le code est revenu.")
    assert (change.reopened, change.request.state, change.request.solved_at) == (True, "open", None)
    assert change.request.due_at is not None
    await desk.do(move, number, "solved", who=AGENT, actor="luc")
    clock.pass_(days=7)
    assert await refused(desk, add_message, number, "Encore!") == "too_late"


async def test_of_two_agents_who_take_one_request_one_has_it(desk, number, agents):
    tries = [desk.do(take, number, agent=agent, actor=str(agent)) for agent in agents * 5]
    done = await asyncio.gather(*tries, return_exceptions=True)
    has = (await desk.row(number)).agent
    assert has in agents
    assert [isinstance(one, Refused) for one in done] == [agent != has for agent in agents * 5]
    assert {one.reason for one in done if isinstance(one, Refused)} == {"held"}
    assert [line[1] for line in await desk.log(number)] == ["opened", "taken"]


async def test_closed_is_final(desk, number, agents):
    await desk.do(move, number, "closed", who=AGENT, actor="luc")
    assert await refused(desk, add_message, number, "Encore!") == "final"
    assert await refused(desk, answer, number, "Bonjour", actor="luc") == "final"
    assert await refused(desk, take, number, agent=agents[0], actor="luc") == "final"
    assert await refused(desk, move, number, "open", who=AGENT, actor="luc") == "final"


async def test_a_move_that_the_table_does_not_name_is_refused(desk, number):
    assert await refused(desk, move, number, "closed", who=CUSTOMER, actor="customer") == "not_allowed"
    assert await refused(desk, move, number, "solved", who=PROGRAM, actor="program") == "not_allowed"
    assert await refused(desk, move, number, "open", who=AGENT, actor="luc") == "same"


async def test_a_move_from_an_old_page_is_refused(desk, number):
    await desk.do(move, number, "waiting_for_customer", who=AGENT, actor="luc", seen="open")
    assert await refused(desk, move, number, "solved", who=AGENT, actor="eve", seen="open") == "changed"


async def test_of_many_moves_at_once_one_is_made(gateway, clock, desk, number):
    async with desk_of(gateway, clock) as other:
        tries = [
            one.do(move, number, to, who=AGENT, actor=f"agent {count}", seen="open")
            for count, (one, to) in enumerate(
                [(desk, "solved"), (other, "in_progress"), (desk, "waiting_for_customer")] * 4
            )
        ]
        done = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one) for one in done].count(Refused) == 11
    assert all(one.reason == "changed" for one in done if isinstance(one, Refused))
    assert len(await desk.log(number)) == 2


async def test_the_customer_may_say_that_it_is_solved_and_is_not_told_so(desk, number):
    change = await desk.do(move, number, "solved", who=CUSTOMER, actor="customer")
    assert change.told is None
    assert (await desk.row(number)).solved_at == NOON


async def test_after_an_hour_of_remote_help_a_technician_must_be_sent(desk, number, clock):
    await desk.do(start_remote_help, number, actor="luc")
    assert await state(desk, number) == ("in_progress", "remote_help", NOON + datetime.timedelta(minutes=60))
    clock.pass_(minutes=10)
    assert not (await desk.do(start_remote_help, number, actor="luc")).new, "it goes on from its start"
    assert (await desk.row(number)).due_at == NOON + datetime.timedelta(minutes=60)


async def test_the_clock_of_a_visit_starts_at_the_dispatch_point(desk, number, clock):
    await desk.do(start_remote_help, number, actor="luc")
    clock.pass_(hours=3)
    at = NOON + datetime.timedelta(minutes=50)  # 9:50 in Vancouver
    await desk.do(dispatch, number, actor="luc", at=at, onsite=ONSITE)
    assert await state(desk, number) == ("in_progress", "onsite", at + datetime.timedelta(hours=4))
    assert (await desk.row(number)).dispatched_at == at
    await desk.do(answer, number, "Le technicien est en route.", actor="luc", to="in_progress")
    assert (await desk.row(number)).due_for == "onsite", "an answer is no visit"
    await desk.do(add_message, number, "Merci, le quai est derrière.")
    assert (await desk.row(number)).due_at == at + datetime.timedelta(hours=4)
    assert await refused(desk, dispatch, number, actor="eve", at=at) == "dispatched"
    assert await refused(desk, start_remote_help, number, actor="eve") == "dispatched"


@pytest.mark.parametrize("minutes", [-1, 1])
async def test_a_dispatch_point_lies_between_the_opening_and_now(desk, number, minutes):
    at = NOON + datetime.timedelta(minutes=minutes)
    assert await refused(desk, dispatch, number, actor="luc", at=at, onsite=ONSITE) == "bad_moment"


@pytest.mark.parametrize(
    "onsite", [{**ONSITE, "zone": 3}, {**ONSITE, "contract": "none"}, {**ONSITE, "province": None}, None]
)
async def test_where_no_time_is_promised_none_is_shown(desk, number, onsite):
    await desk.do(dispatch, number, actor="luc", at=NOON, onsite=onsite)
    assert await state(desk, number) == ("in_progress", None, None)


async def test_a_request_that_came_back_may_get_a_second_visit(desk, number, clock):
    await desk.do(dispatch, number, actor="luc", at=NOON, onsite=ONSITE)
    await desk.do(move, number, "solved", who=AGENT, actor="luc")
    clock.pass_(days=1)
    await desk.do(add_message, number, "Le bac est encore coincé.")
    await desk.do(dispatch, number, actor="luc", at=clock.now)
    assert await state(desk, number) == ("in_progress", "onsite", clock.now + datetime.timedelta(hours=4))


async def test_a_brand_without_field_service_starts_none(gateway, desk):
    number = (await open_one(await gateway.talk("primus")))["number"]
    with pytest.raises(KeyError):
        await desk.do(start_remote_help, number, actor="luc")
    assert (await desk.row(number)).due_for == "answer"


async def test_another_urgency_brings_the_answer_forward_and_never_puts_it_off(desk, number, clock):
    async def to(urgency):
        row = await desk.row(number)
        async with desk.sessions.begin() as session:
            change_urgency(await session.get_one(SupportRequest, row.id), urgency, desk.shelf.brands[row.brand])
        return (await desk.row(number)).due_at - NOON

    assert await to("low") == datetime.timedelta(hours=8), "what was told is kept"
    assert (await desk.row(number)).urgency == "low"
    assert await to("urgent") == datetime.timedelta(hours=1)
    assert await to("low") == datetime.timedelta(hours=1)
    await desk.do(answer, number, "Quel est le code?", actor="luc")
    clock.pass_(hours=2)
    await desk.do(add_message, number, "2E")
    later = (await desk.row(number)).due_at - NOON
    assert await to("urgent") == later > datetime.timedelta(hours=2), "what is owed since then is no first answer"
