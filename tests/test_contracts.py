"""What code and data name of each other exists: responses, slots, actions, fields of requests."""

import ast
import functools
import re
import string
from pathlib import Path

import pytest
import yaml

from actions.app import create_app
from actions.details_form import IDENTITY_FIELDS
from actions.form_fields import ATTEMPTS, EARLY, READERS, REFUSED_WITH, SHOWN, TRY_AGAIN
from actions.operations import operations
from actions.requests import read_live_answers, read_requests
from actions.settings import Settings
from actions.wording import WORDS
from knowledge import Shelf

ROOT = Path(__file__).resolve().parent.parent
REQUESTS = read_requests()
SPECS = REQUESTS | read_live_answers()
# Rasa's own.
RASA_ACTIONS = {"action_listen", "action_deactivate_loop"}
RASA_SLOTS = {"requested_slot"}


@functools.cache
def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def domain(kind):
    """The names of one kind in all domain files."""
    found = set()
    for path in (ROOT / "domain").glob("*.yml"):
        for item in read(path).get(kind) or {}:
            found |= set(item) if isinstance(item, dict) else {item}
    return found


RESPONSES, ACTIONS, SLOTS, FORMS, INTENTS = (
    domain(kind) for kind in ("responses", "actions", "slots", "forms", "intents")
)
CODE = {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "actions").glob("*.py"))}
RULES = [rule for path in sorted((ROOT / "data" / "rules").glob("*.yml")) for rule in read(path)["rules"]]
STEPS = [step for rule in RULES for step in [*rule.get("condition", []), *rule["steps"]]]


def named(node):
    """The responses that an expression of the code may name; one that is made from parts as a pattern."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {re.escape(node.value)}
    if isinstance(node, ast.IfExp):
        return named(node.body) | named(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return {
            "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in node.values)
        }
    return set()


def responses_named():
    """(file, pattern of a response's name) of all that the actions say."""
    for file, tree in CODE.items():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"utter_\w*[a-z]", node.value)
            ):
                yield file, re.escape(node.value)
            if isinstance(node, ast.JoinedStr):
                yield from ((file, pattern) for pattern in named(node) if pattern.startswith("utter_"))


NAMED = sorted(set(responses_named()))


@pytest.mark.parametrize(("file", "pattern"), NAMED)
def test_a_response_that_an_action_names_exists(file, pattern):
    assert any(re.fullmatch(pattern, response) for response in RESPONSES)


def test_every_response_is_said_by_somebody():
    patterns = {pattern for _, pattern in NAMED} | {spec.confirm for spec in SPECS.values() if spec.confirm}
    assert len(NAMED) > 40
    assert not {name for name in RESPONSES if not any(re.fullmatch(pattern, name) for pattern in patterns)}


@pytest.mark.parametrize("response", WORDS["otherwise_by_text"])
def test_a_reply_that_is_said_otherwise_by_text_message_has_that_variant_with_the_same_values(response):
    def places(name):
        return [{place for _, place, _, _ in string.Formatter().parse(text) if place} for text in texts_of(name)]

    assert {response, f"{response}_sms"} <= RESPONSES
    assert places(response) == places(f"{response}_sms")


@functools.cache
def texts_of(response):
    return [
        variant["text"]
        for path in (ROOT / "domain").glob("*.yml")
        for variant in (read(path).get("responses") or {}).get(response, [])
    ]


def calls_that_say():
    """(file and line, response, names of the values) of each call whose values stand in the call."""
    for file, tree in CODE.items():
        for function in ast.walk(tree):
            if not isinstance(function, ast.AsyncFunctionDef | ast.FunctionDef):
                continue
            chosen = {
                t.id: named(n.value)
                for n in ast.walk(function)
                if isinstance(n, ast.Assign)
                for t in n.targets
                if isinstance(t, ast.Name)
            }
            for node in ast.walk(function):
                if not (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr == "say"
                    and node.args
                ):
                    continue
                values = {keyword.arg for keyword in node.keywords}
                first = node.args[0]
                if None in values:  # **values: not to be read here
                    continue
                for pattern in chosen.get(first.id, set()) if isinstance(first, ast.Name) else named(first):
                    for response in RESPONSES:
                        if re.fullmatch(pattern, response):
                            yield f"{file}:{node.lineno}", response, frozenset(values)


@pytest.mark.parametrize(("place", "response", "values"), sorted(set(calls_that_say()), key=str))
def test_a_response_gets_all_the_values_that_it_has_places_for(place, response, values):
    """Rasa would say « {reference} » as it stands."""
    if response in ASKED_BY_OTHER_CALLS.get(place.partition(":")[0], ()):
        return
    for text in texts_of(response):
        places = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert places <= values


# f"utter_question_{field}" matches these too; they have calls of their own above it, with their values.
ASKED_BY_OTHER_CALLS = {
    "details_form.py": {"utter_question_account_number", "utter_question_request_number", "utter_question_repeat"}
}


def slots_named():
    for file, tree in CODE.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if called in ("SlotSet", "slot", "get_slot"):
                    yield file, node.args[0].value


@pytest.mark.parametrize(("file", "slot"), sorted(set(slots_named())))
def test_a_slot_that_an_action_names_exists(file, slot):
    assert slot in SLOTS | RASA_SLOTS


def test_the_rules_name_only_what_exists():
    assert len(RULES) > 60
    actions = {step["action"] for step in STEPS if "action" in step}
    assert actions <= ACTIONS | RESPONSES | FORMS | RASA_ACTIONS
    assert {step["intent"] for step in STEPS if "intent" in step} <= INTENTS
    assert {step["active_loop"] for step in STEPS if "active_loop" in step} - {None} <= FORMS
    slots = {name for step in STEPS for slot in step.get("slot_was_set", []) for name in slot}
    assert slots <= SLOTS | RASA_SLOTS


def test_every_intent_has_a_rule_and_no_two_rules_have_one_name():
    assert {step["intent"] for step in STEPS if "intent" in step} == INTENTS
    names = [rule["rule"] for rule in RULES]
    assert sorted(names) == sorted(set(names))


def test_every_request_that_is_gathered_for_starts_the_form_by_a_rule_and_no_other_does():
    start = {
        rule["steps"][0]["intent"]
        for rule in RULES
        if rule["steps"][-1] == {"active_loop": "details_form"} and not rule.get("condition")
    }
    assert start == {spec.id for spec in REQUESTS.values() if spec.by_form}


async def test_the_actions_of_the_domain_are_those_that_the_server_has(aiohttp_client):
    settings = Settings(internal_secret="x" * 16, assistant_secret="y" * 16, knowledge_base=ROOT / "knowledge_base")
    client = await aiohttp_client(await create_app(settings=settings))
    served = set((await (await client.get("/healthz")).json())["actions"])
    assert served == ACTIONS
    assert {f"validate_{form}" for form in FORMS} <= served


def test_an_action_that_is_called_next_exists():
    for tree in CODE.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "FollowupAction",
                "ActionExecutionRejected",
            ):
                (argument,) = node.args
                name = argument.value if isinstance(argument, ast.Constant) else "details_form"
                assert name in ACTIONS | FORMS


ASKED = sorted(
    {field for spec in SPECS.values() for field in spec.fields} | set(IDENTITY_FIELDS) | {"confirmation", TRY_AGAIN}
)
FIELDS = {*ASKED, *(field for spec in SPECS.values() for field in spec.takes)}
CHOSEN = set(WORDS["choices"])
DONE_HERE = operations(SPECS, billing=None, gateway=None)
BY_THE_DESK = {"open_request", "request_status", "add_to_request"}


@pytest.mark.parametrize("field", ASKED)
def test_a_field_has_a_reader_a_question_and_a_refusal(field):
    assert field in set(READERS) | CHOSEN
    assert REFUSED_WITH.get(field, f"utter_wrong_{field}") in RESPONSES
    if field != "confirmation":  # asked by each request's own response
        assert f"utter_question_{field}" in RESPONSES


def test_nothing_is_read_or_refused_that_no_request_has():
    assert set(READERS) | CHOSEN == FIELDS
    assert set(REFUSED_WITH) | set(ATTEMPTS) | set(EARLY) | set(SHOWN) <= FIELDS


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.id)
def test_a_request_is_carried_out_by_something_that_exists(spec):
    assert spec.access in ("none", "verified")
    assert spec.scope in ("account", "catalogue", "locate")
    assert spec.confirm is None or spec.confirm in RESPONSES
    assert {spec.prepare, spec.begin} - {None} <= set(DONE_HERE.prepare)
    assert spec.do is None or spec.do in set(DONE_HERE.carry_out) | BY_THE_DESK
    if spec.do in DONE_HERE.carry_out and spec.scope == "account":
        assert spec.access == "verified", "what is done on an account is for who has proved who they are"


def test_a_live_answer_is_some_articles_and_no_request_has_its_name():
    live = {name for article in Shelf(ROOT / "knowledge_base").articles() for name in article.live}
    assert live == set(read_live_answers())
    assert not live & set(REQUESTS)


def test_every_function_is_some_requests():
    assert set(DONE_HERE.prepare) == {name for spec in SPECS.values() for name in (spec.prepare, spec.begin) if name}
    assert set(DONE_HERE.carry_out) | BY_THE_DESK >= {spec.do for spec in SPECS.values() if spec.do}
    assert set(DONE_HERE.carry_out) <= {spec.do for spec in SPECS.values()}


@pytest.mark.parametrize("intent", ["greet", "goodbye", "thank", "affirm", "deny", "help", "who_are_you"])
def test_small_talk_has_its_response(intent):
    assert f"utter_{intent}" in RESPONSES
