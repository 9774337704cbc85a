"""What billing tells of itself holds no address that is a key, no query, no account."""

import logging

from aiohttp import web

from monitoring.web import AccessLines

GIVEN = "0123456789abcdef" * 2
TOKEN = "a9T9-_" * 6
PATHS = (f"/pay/{TOKEN}?language=fr", f"/documents/{TOKEN}", "/v1/balance?postal_code=H2X1Y4", "/nowhere/secret")


async def test_the_figures_name_routes_and_no_addresses(client, bearer):
    for path in PATHS:
        response = await client.get(path, headers={**bearer(), "X-Request-Id": GIVEN})
        assert response.headers["X-Request-Id"] == GIVEN
    text = await (await client.get("/metrics")).text()
    assert 'route="/pay/{token}",status="404"' in text
    assert 'route="/v1/balance",status="200"' in text
    assert 'route="unknown",status="404"' in text
    for secret in (TOKEN, "H2X1Y4", "secret", "1002003001"):
        assert secret not in text


async def test_the_lines_name_the_request_and_no_address(client, bearer, caplog, aiohttp_client):
    runner = web.AppRunner(client.app, access_log=logging.getLogger("lines"), access_log_class=AccessLines)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    (_, port) = runner.addresses[0]
    with caplog.at_level(logging.INFO, "lines"):
        for path in (*PATHS, "/healthz", "/metrics"):
            url = f"http://127.0.0.1:{port}{path}"
            await client.session.get(url, headers={**bearer(), "X-Request-Id": GIVEN})
    await site.stop()
    lines = [record for record in caplog.records if record.name == "lines"]
    assert [line.fields["route"] for line in lines] == ["/pay/{token}", "/documents/{token}", "/v1/balance", "unknown"]
    assert {line.request for line in lines} == {GIVEN}
    for secret in (TOKEN, "H2X1Y4", "secret", "1002003001"):
        assert secret not in caplog.text
