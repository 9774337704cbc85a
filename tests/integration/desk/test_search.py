"""Search over what was said, noted and asked for, on either database."""

import pytest

from tests.integration.gateway.desk_steps import open_one


@pytest.mark.parametrize("query", ["déménagement", "demenagement", "DÉMÉN", "demenagement samedi"])
async def test_words_are_found_without_their_accents_and_by_their_beginning(desk, waiting, query):
    luc, talk = await desk("luc"), await waiting("Mon déménagement est prévu pour samedi")
    await waiting("Ma facture")
    await luc.get(f"/desk/search?q={query}")
    assert luc.text.count(f"/desk/conversations/{talk.id}") >= 1
    assert "Ma facture" not in luc.text


async def test_notes_and_requests_are_found_too(desk, waiting):
    luc, talk = await desk("luc"), await waiting()
    await luc.get("/desk/")
    await luc.post(f"/desk/conversations/{talk.id}/note", text="Parler à Ghislaine du secteur")
    number = (await open_one(talk))["number"]
    await luc.get("/desk/search?q=ghislaine")
    assert f"/desk/conversations/{talk.id}" in luc.text
    await luc.get(f"/desk/search?q={number}")
    assert f"/desk/requests/{number}" in luc.text


@pytest.mark.parametrize("query", ["rien-de-tel", '"', "' OR 1=1 --", "***", "a&b|c:!()"])
async def test_what_is_not_there_and_signs_of_the_index_find_nothing_and_break_nothing(desk, waiting, query):
    luc = await desk("luc")
    await waiting("Mon solde")
    await luc.get(f"/desk/search?q={query.replace('&', '%26')}")
    assert luc.status == 200
    assert "Mon solde" not in luc.text
