"""The page of figures: what is counted, what is chosen, who sees which brand, and the same tables as CSV."""

import datetime
import re

import pytest
from sqlalchemy import insert, select, update

from desk.agent_models import Agent
from desk.dashboard import became
from desk.record_models import Asked, TalkRecord
from desk.resolution import what_became
from gateway.database import open_database
from gateway.models import Conversation, Outgoing
from tests.integration.gateway.desk_steps import open_one

MOMENT = datetime.timedelta(minutes=1)


@pytest.fixture
async def sessions(gateway):
    engine, opened = open_database(gateway.settings.database_url)
    yield opened
    await engine.dispose()


@pytest.fixture
def happened(sessions, clock):
    """Puts a conversation with its row of figures on file; what is not said is usual."""
    count = 0

    async def put(days_ago=0, outcomes=(), **values):
        nonlocal count
        count += 1
        at = clock.now - datetime.timedelta(days=days_ago)
        row = {
            "conversation": f"talk-{count}",
            "brand": "primus",
            "channel": "web",
            "language": "fr",
            "day": at.date().isoformat(),
            "hour": 12,
            "started_at": at,
            "last_at": at,
            "helped_by": "assistant",
            "first_s": 1,
            "owed": False,
            "helpful": 0,
            "unhelpful": 0,
            **values,
        }
        talk = {
            "id": row["conversation"],
            "token_hash": "",
            "handled_by": "assistant",
            "created_at": at,
            "active_at": at,
        }
        shared = {name: row[name] for name in ("brand", "channel", "language")}
        asked = [
            {**shared, "conversation": talk["id"], "day": row["day"], "outcome": outcome, "times": 1}
            for outcome in outcomes
        ]
        async with sessions.begin() as session:
            await session.execute(insert(Conversation), [{**talk, **shared, "last_sequence": 0}])
            await session.execute(insert(TalkRecord), [row])
            if asked:
                await session.execute(insert(Asked), asked)
        return talk["id"]

    return put


def plain(text):
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " ").split())


async def table(person, name, query=""):
    """The rows of a table by their first cell, from its CSV."""
    text = await person.get(f"/desk/dashboard/{name}.csv{query}")
    assert person.status == 200, text
    rows = [line.split(";") for line in text.removeprefix("\ufeff").splitlines()]
    return {row[0]: row[1:] for row in rows}


async def test_before_anything_happened_the_page_says_so(desk):
    luc = await desk("luc")
    assert "Rien dans cette période" in await luc.get("/desk/dashboard")
    assert luc.status == 200


async def test_who_helped_is_counted_and_shared_out(desk, happened):
    for who, times in (("assistant", 5), ("person", 2), ("request", 2), ("nobody", 1), ("nothing", 3)):
        for _ in range(times):
            await happened(helped_by=who)
    luc = await desk("luc")
    text = plain(await luc.get("/desk/dashboard"))
    assert "Conversations 10 " in text, "a greeting alone is not counted"
    assert "Répondues par l’assistant 50 %" in text
    assert "Remises à une personne 20 %" in text
    assert (await table(luc, "helped"))["Restée sans réponse"] == ["1", "0,1000"]


async def test_a_period_counts_the_days_within_it(desk, happened):
    for days_ago in (0, 6, 7, 29, 30, 89, 90):
        await happened(days_ago)
    luc = await desk("luc")

    async def count(query):
        return [int(row[0]) for row in (await table(luc, "days", query)).values() if row[0].isdigit()]

    for query, days, found in (("?period=today", 1, 1), ("?period=7", 7, 2), ("", 30, 4), ("?period=90", 90, 6)):
        counts = await count(query)
        assert (len(counts), sum(counts)) == (days, found), query
    assert await count("?period=own&from=2026-11-16&to=2026-11-17") == [1, 1]
    weeks = await count("?period=own&from=2026-08-01&to=2026-11-23")
    assert (len(weeks), sum(weeks)) == (18, 7), "a long period is shown by weeks"


@pytest.mark.parametrize(
    "query", ["from=2026-11-20&to=2026-11-19", "from=&to=", "from=x&to=2026-11-19", "from=2020-01-01&to=2026-11-19"]
)
async def test_dates_that_do_not_fit_are_told_and_the_last_30_days_shown(desk, happened, query):
    await happened(29)
    luc = await desk("luc")
    assert "Ces dates ne vont pas ensemble" in await luc.get(f"/desk/dashboard?period=own&{query}")
    assert "Conversations 1 " in plain(luc.text)


async def test_brand_and_channel_are_chosen(desk, happened):
    await happened(brand="wrs", channel="sms")
    await happened(brand="wrs")
    await happened()
    luc = await desk("luc")
    for query, count in (
        ("", 3),
        ("?brand=wrs", 2),
        ("?brand=wrs&channel=sms", 1),
        ("?channel=api", 0),
        ("?brand=x", 3),
    ):
        found = await table(luc, "hours", query)
        assert sum(int(row[0]) for name, row in found.items() if name != "Heure") == count, query


async def test_an_agent_of_one_brand_counts_nothing_of_another(desk, happened, gateway, sessions):
    await happened(brand="wrs", outcomes=["wrs/need-modem"])
    await happened(brand="primus", outcomes=["primus/account-limit"])
    await open_one(await gateway.talk("wrs"))
    async with sessions.begin() as session:
        await session.execute(update(Agent).where(Agent.email == "luc@desk.example").values(brands=["primus"]))
    luc, diane = await desk("luc"), await desk("diane")
    for query in ("", "?brand=wrs"):
        text = plain(await luc.get(f"/desk/dashboard{query}"))
        assert "Conversations 1 " in text
        assert "WRS" not in text
        assert (await table(luc, "due", query))["Ouvertes"] == ["0", ""]
    assert "Conversations 2 " in plain(await diane.get("/desk/dashboard"))


async def test_resolved_is_what_has_evidence_and_the_rest_is_told_apart(desk, happened, clock, sessions):
    ago = {"resolved_at": clock.now - MOMENT, "resolved_s": 60}
    await happened(resolved_by="customer", **ago)
    await happened(resolved_by="change", **ago)
    await happened(resolved_by="agent", **{**ago, "resolved_at": clock.now - datetime.timedelta(days=7)})
    await happened(resolved_by="agent", returned_at=clock.now, **ago)
    await happened(owed=True, resolved_by="agent", **ago)
    await happened(last_at=clock.now - datetime.timedelta(hours=24))
    await happened(last_at=clock.now - datetime.timedelta(hours=23))
    luc = await desk("luc")
    found = {name: row[0] for name, row in (await table(luc, "outcomes")).items()}
    assert found == {
        "Quoi": "Conversations",
        "Réglée, dit le client": "1",
        "Réglée par un changement, avec référence": "1",
        "Réglée, fermée par un agent": "1",
        "Revenue dans les 7 jours": "1",
        "En cours": "2",
        "Sans suite (silence)": "1",
    }
    assert "Pour 1 conversation réglée, les 7 jours sont écoulés." in plain(await luc.get("/desk/dashboard"))
    async with sessions() as session:  # the database's rule is the plain one
        for row, told in await session.execute(select(TalkRecord, became(clock.now))):
            assert told == what_became(row.resolved_at, row.returned_at, row.last_at, row.owed, clock.now)


async def test_languages_stand_side_by_side(desk, happened):
    await happened(language="fr", rating=5, helpful=1)
    await happened(language="fr", rating=2, helpful=2, unhelpful=1, helped_by="person", person_s=120)
    await happened(language="en", first_s=9)
    found = await table(await desk("luc"), "languages")
    assert found["Conversations"] == ["2", "1"]
    assert found["L’assistant a répondu"] == ["0,5000", "1,0000"]
    assert found["Note moyenne sur 5"] == ["3,50", ""]
    assert found["Réponses qui ont aidé"] == ["0,7500", ""]
    assert found["Réponse d’une personne"] == ["120", ""]
    assert found["Première réponse"] == ["1", "9"]


async def test_what_was_asked_most_stands_first_by_its_title_and_what_was_not_understood_is_counted(desk, happened):
    for _ in range(2):
        await happened(outcomes=["primus/account-limit", "do/check_balance"])
    await happened(outcomes=["do/latest_bill", "do/out_of_scope"])
    luc = await desk("luc")
    assert list((await table(luc, "requests")).items())[1:] == [
        ("Consulter mon solde", ["2"]),
        ("Voir ma dernière facture", ["1"]),
    ]
    assert [row[0] for row in (await table(luc, "questions")).values()][1:] == ["2"]
    assert "1 conversation contient une question que l’assistant n’a pas comprise." in plain(
        await luc.get("/desk/dashboard")
    )
    assert 'href="/desk/knowledge/questions"' in luc.text
    await luc.get("/desk/knowledge/questions")
    assert luc.status == 200


async def test_requests_late_and_missed_are_counted(desk, gateway, clock):
    await open_one(await gateway.talk())
    luc = await desk("luc")
    found = await table(luc, "due")
    assert [found[name][0] for name in ("Ouvertes", "En cours", "En retard maintenant", "Échéance manquée")] == list(
        "1100"
    )
    clock.pass_(days=5)
    luc = await desk("luc")
    found = await table(luc, "due")
    assert [found[name][0] for name in ("Ouvertes", "En cours", "En retard maintenant", "Échéance manquée")] == list(
        "1111"
    )


async def test_text_messages_are_counted_with_their_parts_and_cost(desk, sessions, clock):
    luc = await desk("luc")
    letter = {
        "brand": "primus",
        "channel": "sms",
        "address": "+15145550101",
        "letter": "code",
        "values": {},
        "tries": 1,
        "next_at": clock.now,
        "expires_at": clock.now,
        "created_at": clock.now,
    }
    sent = [("fr", "sent", 1), ("fr", "sent", 3), ("en", "sent", 2), ("en", "failed", 5)]
    rows = [
        {**letter, "key": f"k{number}", "language": language, "state": state, "parts": parts}
        for number, (language, state, parts) in enumerate(sent)
    ]
    old = {**rows[0], "key": "old", "created_at": clock.now - datetime.timedelta(days=31)}
    async with sessions.begin() as session:
        await session.execute(insert(Outgoing), [*rows, old])
    found = await table(luc, "sms")
    assert found["Textos partis"] == ["2", "1"]
    assert found["Parties facturées"] == ["4", "2"]
    assert found["Parties par texto"] == ["2,00", "2,00"]
    assert found["Coût"] == ["0,04", "0,02"]
    assert (await table(luc, "sms", "?channel=web"))["Textos partis"] == ["0", "0"]


async def test_a_table_that_is_none_and_a_page_without_signing_in(desk):
    luc, outside = await desk("luc"), await desk("luc", signed=False)
    await luc.get("/desk/dashboard/nothing.csv")
    assert luc.status == 404
    for path in ("/desk/dashboard", "/desk/dashboard/days.csv"):
        await outside.get(path)
        assert outside.address == "/desk/sign-in"


async def test_english_has_its_own_words_and_commas(desk, happened, sessions):
    await happened()
    async with sessions.begin() as session:
        await session.execute(update(Agent).values(language="en"))
    luc = await desk("luc")
    text = await luc.get("/desk/dashboard/helped.csv")
    assert text.splitlines()[:2] == ["\ufeffWho,Conversations,Share", "The assistant answered,1,1.0000"]
    assert 'filename="helped-2026-10-25-2026-11-23.csv"' in luc.headers["Content-Disposition"]
    assert "Answered by the assistant" in await luc.get("/desk/dashboard")
