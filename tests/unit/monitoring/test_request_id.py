"""The id of a request: taken up where it has its form, made where it has not, carried on, in every log line."""

import asyncio
import contextvars
import json
import logging

import pytest

from monitoring import logs, request_id

GIVEN = "0123456789abcdef" * 2


def in_a_request(work):
    return contextvars.copy_context().run(work)


def test_an_id_of_its_form_is_taken_up_and_carried_on():
    def work():
        return request_id.begin_from({"X-Request-Id": GIVEN}), request_id.current(), request_id.carried()

    assert in_a_request(work) == (GIVEN, GIVEN, {"X-Request-Id": GIVEN})


@pytest.mark.parametrize(
    "given", [None, "", "x", GIVEN[:-1], GIVEN.upper(), GIVEN + "\n", "0" * 32, f"{GIVEN},{GIVEN}"]
)
def test_another_is_replaced(given):
    def work():
        return request_id.begin(given)

    made = in_a_request(work)
    assert made != given
    assert len(made) == 32
    assert int(made, 16)


def test_outside_a_request_nothing_is_carried():
    assert in_a_request(lambda: (request_id.current(), request_id.carried())) == ("", {})


async def test_tasks_keep_theirs_apart():
    async def serve():
        mine = request_id.begin()
        await asyncio.sleep(0)
        return mine == request_id.current()

    assert all(await asyncio.gather(*(asyncio.create_task(serve()) for _ in range(20))))


def record(message="une ligne %s", *args, **extra):
    made = logging.LogRecord("gateway.app", logging.WARNING, "", 1, message, args, None)
    made.__dict__.update(extra)
    logs.NamesRequest().filter(made)
    return made


def test_a_json_line_says_who_when_what_and_for_which_request():
    def work():
        request_id.begin(GIVEN)
        return json.loads(
            logs.formatter("gateway", {"LOG_FORMAT": "json"}).format(record("é %s\n", 1, fields={"ms": 2.5}))
        )

    line = in_a_request(work)
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "WARNING", "process": "gateway", "logger": "gateway.app", "request": GIVEN, "message": "é 1\n", "ms": 2.5,
    }  # fmt: skip


def test_an_error_stays_one_line_of_json():
    made = record("failed")
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        made.exc_info = (type(error), error, error.__traceback__)
    line = logs.formatter("billing", {"LOG_FORMAT": "json"}).format(made)
    assert "\n" not in line
    assert "ValueError: two\nlines" in json.loads(line)["error"]


def test_a_line_of_text_names_the_request_too():
    def work():
        request_id.begin(GIVEN)
        return logs.formatter("gateway", {}).format(record("une ligne"))

    assert f"WARNING gateway.app [{GIVEN}] une ligne" in in_a_request(work)
    assert "[-] une ligne" in logs.formatter("gateway", {}).format(record("une ligne"))


def test_a_wrong_format_is_said_at_the_start():
    with pytest.raises(SystemExit, match="LOG_FORMAT must be text or json"):
        logs.set_up("gateway", {"LOG_FORMAT": "yaml"})
