"""How facts become category, team, urgency, reasons and what is missing; and that the data says all of it in both languages."""

import csv
import datetime
from pathlib import Path

import pytest
import yaml

from desk.triage import URGENCIES, Facts, Rules, sort
from desk.triage_data import read_rules

ROOT = Path(__file__).resolve().parents[3]
RULES = read_rules()
MONDAY = datetime.date(2026, 11, 23)


def sorted_by(**facts):
    return sort(RULES, Facts(today=MONDAY, **facts))


@pytest.mark.parametrize(
    ("facts", "urgency"),
    [
        ({}, "normal"),
        ({"premier": True}, "urgent"),
        ({"signals": {"safety"}}, "urgent"),
        ({"signals": {"no_service"}}, "high"),
        ({"signals": {"no_service", "business_stopped"}}, "urgent"),
        ({"signals": {"no_service", "vulnerable"}}, "urgent"),
        ({"signals": {"disconnection_threat"}}, "high"),
        ({"signals": {"disconnection_threat"}, "due": MONDAY}, "urgent"),
        ({"signals": {"no_hurry"}}, "low"),
        ({"signals": {"no_hurry", "no_service"}}, "normal"),
        ({"signals": {"no_hurry"}, "words": {"billing": 2}}, "normal"),  # somebody must act
        ({"signals": {"settled"}, "words": {"billing": 2}}, "low"),
        ({"signals": {"upset"}}, "normal"),
        ({"contacts": 3}, "high"),
        ({"contacts": 2}, "normal"),
        ({"due": MONDAY + datetime.timedelta(days=1)}, "high"),
        ({"due": MONDAY + datetime.timedelta(days=6)}, "normal"),
        ({"disconnected": True}, "high"),
        ({"past_due": True}, "normal"),
        ({"overdue": True}, "high"),
    ],
)
def test_urgency_follows_from_the_facts(facts, urgency):
    assert sorted_by(**facts).urgency == urgency


def test_temper_alone_makes_high_and_never_urgent():
    angry = {"repeated", "insult", "leaving", "says_urgent", "asks_for_lead"}
    assert sorted_by(signals=angry).urgency == "high"
    assert sorted_by(signals=angry | {"no_service"}).urgency == "high"
    assert sorted_by(signals=angry | {"no_service", "business_stopped"}).urgency == "urgent"


def test_the_heaviest_reason_stands_first_and_one_matter_is_told_once():
    found = sorted_by(signals={"upset", "insult", "no_service", "machine_down", "safety"})
    assert found.reasons[0] == "safety"
    assert "machine_down" not in found.reasons
    assert "upset" not in found.reasons


def test_what_is_settled_is_no_fault_any_more():
    found = sorted_by(signals={"settled", "no_service"})
    assert (found.urgency, found.reasons) == ("low", ("settled",))


def test_money_counts_where_a_near_day_threatens_it():
    near = MONDAY + datetime.timedelta(days=2)
    assert "money_soon" in sorted_by(signals={"disconnection_threat"}, due=near).reasons
    assert "money_soon" not in sorted_by(due=near).reasons


@pytest.mark.parametrize(
    ("topics", "words", "category", "topic"),
    [
        ((("do/check_balance", 0.9),), {}, "billing", "do/check_balance"),
        ((("primus/move-services", 0.8), ("do/move_services", 0.6)), {}, "moves", "do/move_services"),
        ((("primus/move-services", 0.8), ("do/move_services", 0.2)), {}, "moves", "primus/move-services"),
        ((("do/talk_to_agent", 0.99),), {"technical": 2}, "technical", "do/talk_to_agent"),
        ((("do/greet", 0.99),), {}, "support", None),
        ((), {"sales": 3, "billing": 1}, "sales", None),
        ((("wrs/unknown-article", 0.9),), {}, "support", "wrs/unknown-article"),
    ],
)
def test_the_matter_is_that_of_topic_and_words(topics, words, category, topic):
    found = sorted_by(topics=topics, words=words)
    assert (found.category, found.topic) == (category, topic)


def test_the_team_is_the_topic_s_own_or_the_category_s():
    assert sorted_by(topics=[("do/check_balance", 0.9)]).team == "billing"
    assert sorted_by(topics=[("do/request_technician", 0.9)]).team == "field_service"
    assert sorted_by(topics=[("do/check_balance", 0.9)], premier=True).team == "level2"


def test_what_is_missing_is_what_the_matter_needs_and_nobody_knows():
    technical = {"words": {"technical": 3}}
    assert sorted_by(**technical).missing == ("account", "contact")
    assert sorted_by(**technical, known={"contact"}).missing == ("account",)
    machines = {**technical, "offered": ("request_technician",)}
    assert sorted_by(**machines).missing == ("model", "serial", "error_code", "contact")
    assert "bill" in sorted_by(topics=[("do/bill_adjustment", 0.9)]).missing


def test_every_request_and_article_has_one_category():
    outcomes = [outcome for names in read_yaml("teams.yml")["outcomes"].values() for outcome in names]
    assert len(outcomes) == len(set(outcomes))
    with (ROOT / "knowledge_base" / "requests.csv").open(encoding="utf-8") as file:
        wanted = {f"do/{row['id']}" for row in csv.DictReader(file)}
    with (ROOT / "knowledge_base" / "catalog.csv").open(encoding="utf-8") as file:
        wanted |= {row["id"] for row in csv.DictReader(file)}
    assert set(outcomes) == wanted


def read_yaml(name):
    return yaml.safe_load((ROOT / "desk" / "data" / name).read_text(encoding="utf-8"))


def test_names_that_the_data_refers_to_exist():
    signals, teams, drafts = read_yaml("triage.yml"), read_yaml("teams.yml"), read_yaml("drafts.yml")
    known = set(RULES.weights)
    assert set(signals["temper"]) <= known
    assert set(drafts["acknowledged"]) <= known
    assert set(signals["categories"]) <= set(teams["categories"]) == set(drafts["taken_up"])
    assert {entry["team"] for entry in teams["categories"].values()} | set(teams["team_of"].values()) <= set(
        teams["teams"]
    )
    needed = {name for entry in teams["categories"].values() for need in entry["needs"] for name in need["names"]}
    assert needed | {name for names in teams["needs"].values() for name in names} == set(drafts["missing"])
    outcomes = set(RULES.category_of)
    assert {*teams["team_of"], *teams["needs"], *teams["without_subject"], *teams["small_talk"]} <= outcomes


def test_every_reason_is_a_sentence_in_both_languages():
    for name, sentences in RULES.sentences.items():
        assert set(sentences) == {"fr", "en"}, name
        assert all(text.endswith(".") and text[0].isupper() for text in sentences.values()), name
        assert sentences["fr"] != sentences["en"]


def test_the_urgencies_are_those_that_all_parts_know():
    assert URGENCIES == ("urgent", "high", "normal", "low")
    assert isinstance(RULES, Rules)
