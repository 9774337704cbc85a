"""What billing holds of an account, for the customer who asks for it; and the notices whose time is over."""

from datetime import timedelta

from billing.customer import purge, read_out
from billing.notice_models import NoticeRow


async def test_an_account_is_read_out_with_all_that_hangs_on_it_and_no_secret(database):
    async with database.reading() as session:
        found = await read_out(session, "primus", "1002003001")
        premier = await read_out(session, "pitney-bowes", "0012345681")
        nobody = await read_out(session, "wrs", "1002003001")
    assert found["account"][0]["name"] == "Imprimerie Laurier inc."
    assert [user["name"] for user in found["account_user"]] == ["Amélie Laurier", "Luc Roy", "Nadia Haddad"]
    assert len(found["bill"]) == 5
    assert {line["bill_id"] for line in found["bill_line"]} == {bill["id"] for bill in found["bill"]}
    assert len(found["payment"]) == 3
    assert "Northgate" not in str(found)
    assert "4821" not in str(premier), "the PIN opens a door"
    assert premier["account"][0]["extra"]
    assert nobody == {}


async def test_notices_that_were_taken_long_ago_go_and_others_stay(database, write, client, bearer, clock, rows):
    status, _ = await write("PUT", "/v1/ebill-email", {"email": "neuve@laurier.example"}, account="1002003002")
    assert status in (200, 201, 422)
    await write("POST", "/v1/ebill-enrolment", {"email": "neuve@laurier.example"})
    listed = await (await client.get("/v1/notices", headers=bearer(scope="notices"))).json()
    first = listed[0]["id"]
    await client.post("/v1/notices/taken", headers=bearer(scope="notices"), json={"ids": [first]})
    async with database.writing() as session:
        assert await purge(session, clock.now + timedelta(days=89)) == 0
        assert await purge(session, clock.now + timedelta(days=91)) == 1
    left = [row.id for row in await rows(NoticeRow)]
    assert first not in left
    assert len(left) == len(listed) - 1
