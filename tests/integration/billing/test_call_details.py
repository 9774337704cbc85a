"""Call details: what the last calls come to, and the list as a spreadsheet opens it."""

import csv
import io
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from billing.demo import load_demo
from billing.money import CAD, total
from billing.money_models import CallRow

NORTHGATE = "1002003002"


@pytest.fixture
def download(client, write):
    async def get(language):
        status, answer = await write("POST", "/v1/call-details/document", {"language": language}, account=NORTHGATE)
        assert status == 201
        return await client.get(urlsplit(answer["url"]).path)

    return get


async def test_the_calls_of_thirty_days_are_summed(read, today):
    status, answer = await read("/v1/call-details/summary?days=30", NORTHGATE)
    assert (status, answer["calls"]) == (200, 240)
    assert (answer["from"], answer["to"]) == ((today - timedelta(days=29)).isoformat(), today.isoformat())
    assert sum(part["calls"] for part in answer["by_kind"]) == 240
    assert sum(part["minutes"] for part in answer["by_kind"]) == answer["minutes"]
    assert total(CAD(part["cost"]["amount"]) for part in answer["by_kind"]) == CAD(answer["cost"]["amount"])
    assert answer["longest"]["minutes"] <= answer["minutes"]
    assert answer["longest"]["at"].endswith("-05:00")
    assert await read("/v1/call-details/summary", NORTHGATE) == (status, answer)


async def test_fewer_days_have_fewer_calls(read, rows):
    _, week = await read("/v1/call-details/summary?days=7", NORTHGATE)
    _, day = await read("/v1/call-details/summary?days=1", NORTHGATE)
    assert 0 < week["calls"] < 240
    assert (day["calls"], day["by_kind"], day["longest"]) == (0, [], None)


@pytest.mark.parametrize("days", ["0", "31", "-1", "all", "1.5", ""])
async def test_no_more_days_than_are_kept(client, bearer, days):
    response = await client.get("/v1/call-details/summary", params={"days": days}, headers=bearer(NORTHGATE))
    assert (response.status, (await response.json())["field"]) == (422, "days")


@pytest.mark.parametrize(("account", "brand"), [("1002003001", "primus"), ("50010001", "wrs")])
async def test_an_account_without_them_is_told_so(read, write, account, brand):
    status, problem = await read("/v1/call-details/summary", account, brand=brand)
    assert (status, problem["type"]) == (409, "urn:billing:problem:no-pie")
    status, problem = await write("POST", "/v1/call-details/document", {"language": "fr"}, account=account, brand=brand)
    assert (status, problem["type"]) == (409, "urn:billing:problem:no-pie")


async def test_the_french_file_has_semicolons_and_decimal_commas(download, read):
    response = await download("fr")
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="detail-des-appels.csv"'
    content = await response.read()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 241
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert lines[0] == ["Date", "Heure", "Numéro composé", "Genre d’appel", "Minutes facturées", "Coût ($ CA)"]
    _, summary = await read("/v1/call-details/summary", NORTHGATE)
    assert sum(int(line[4]) for line in lines[1:]) == summary["minutes"]
    assert total(CAD(line[5].replace(",", ".")) for line in lines[1:]) == CAD(summary["cost"]["amount"])
    assert [line[:2] for line in lines[1:]] == sorted(line[:2] for line in lines[1:])
    # What a spreadsheet would take for a formula is in no field.
    assert not any(field[:1] in "=+-@" for line in lines for field in line if field)


async def test_the_english_file_has_commas_and_points(download):
    content = (await (await download("en")).read()).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(content)))
    assert lines[0] == ["Date", "Time", "Number called", "Kind of call", "Minutes charged", "Cost (CA$)"]
    assert {len(line) for line in lines} == {6}
    assert all("." in line[5] for line in lines[1:])


async def test_loading_the_demonstration_later_moves_the_calls(database, demo_accounts, read, clock, today):
    _, before = await read("/v1/call-details/summary", NORTHGATE)
    clock.now += timedelta(days=40)
    assert (await read("/v1/call-details/summary", NORTHGATE))[1]["calls"] == 0
    await load_demo(database, demo_accounts, today=today + timedelta(days=40))
    _, after = await read("/v1/call-details/summary", NORTHGATE)
    assert (after["calls"], after["cost"], after["minutes"]) == (240, before["cost"], before["minutes"])


async def test_no_account_without_call_details_has_calls(rows):
    assert len({row.account_id for row in await rows(CallRow)}) == 1
