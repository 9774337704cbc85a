"""Sorts what comes in: facts -> category, team, urgency with its reasons, what is known and what is missing. A rule: it asks nobody.

Each reason is a name whose weight and sentences stand in `data/triage.yml`; the weights add up, two thresholds make "high" and "urgent",
one below zero "low", and temper alone makes nothing urgent. Teams, categories and what each needs stand in `data/teams.yml`.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from desk.signals import Lexicon

URGENCIES = ("urgent", "high", "normal", "low")
SUBJECTLESS = "support"  # the category of what has no subject
TODAY, SOON, WEEK = 1, 3, 7  # days until a named date
WAITS_LONG = datetime.timedelta(minutes=30)
WORD_WEIGHT, WORDS_COUNTED = 0.12, 4  # what a word of a category weighs beside a confidence
SIGNAL_WEIGHT = 0.7  # and a signal that speaks for it: customers name a fault in words, understanding often takes it for a neighbour
AGAIN_WEIGHT = 0.25  # what a further sentence of the same category adds, of its confidence
REQUEST_SHARE = 0.5  # of an article's confidence: from there on a request of the same category is meant
# A date alone makes money urgent only together with one of these.
MONEY = frozenset({"disconnection_threat", "disconnected", "account_past_due"})
# Of several that say the same, the strongest counts.
ONE_OF = (
    ("no_service", "machine_down"),
    ("disconnected", "account_disconnected"),
    ("disconnected", "disconnection_threat"),
    ("disconnected", "no_service"),
    ("repeated", "contacts_3", "came_back", "contacts_2"),
    ("says_urgent", "hurry"),
    ("insult", "upset"),
    ("settled", "praise"),
)
DONE = {"settled": ("no_service", "machine_down", "disconnected", "says_urgent", "business_stopped")}


@dataclasses.dataclass(frozen=True)
class Rules:
    """The two data files, read."""

    lexicon: Lexicon
    weights: Mapping[str, int]
    sentences: Mapping[str, Mapping[str, str]]  # reason -> language -> sentence
    speaks_for: Mapping[str, str]  # signal -> category
    thresholds: Mapping[str, int]
    teams: Mapping[str, Mapping[str, str]]  # team -> language -> name
    categories: Mapping[str, Mapping[str, Any]]
    category_of: Mapping[str, str]  # outcome -> category
    team_of: Mapping[str, str]
    needs: Mapping[str, Sequence[str]]
    without_subject: frozenset[str]
    small_talk: frozenset[str]
    temper: frozenset[str]

    @classmethod
    def of(cls, triage: Mapping[str, Any], teams: Mapping[str, Any]) -> Rules:
        """From the structures of triage.yml and teams.yml. Raises KeyError where a part is missing."""
        return cls(
            lexicon=Lexicon.of(triage),
            weights={name: entry["weight"] for name, entry in triage["signals"].items()},
            sentences={
                name: {language: entry[language] for language in ("fr", "en")}
                for name, entry in triage["signals"].items()
            },
            speaks_for={
                name: entry["speaks_for"] for name, entry in triage["signals"].items() if "speaks_for" in entry
            },
            thresholds=triage["thresholds"],
            teams=teams["teams"],
            categories=teams["categories"],
            category_of={outcome: name for name, outcomes in teams["outcomes"].items() for outcome in outcomes},
            team_of=teams["team_of"],
            needs=teams["needs"],
            without_subject=frozenset(teams["without_subject"]),
            small_talk=frozenset(teams["small_talk"]),
            temper=frozenset(triage["temper"]),
        )


@dataclasses.dataclass(frozen=True)
class Facts:
    """What is known of a conversation, a request or a pasted text.

    `topics`: outcomes with their confidence, of each message or sentence. `signals` and `words`: what `desk.signals` found in the
    customer's words. `due`: the nearest last day that the customer names. `contacts`: conversations and requests of the same customer
    in seven days, this one included. `past_due`, `disconnected`: None where the account is not known. `known`: names of what was found;
    `offered`: the requests of the brand.
    """

    today: datetime.date
    topics: Sequence[tuple[str, float]] = ()
    signals: Collection[str] = ()
    words: Mapping[str, int] = dataclasses.field(default_factory=dict)
    premier: bool = False
    waited: datetime.timedelta = datetime.timedelta()
    due: datetime.date | None = None
    overdue: bool = False
    contacts: int = 1
    past_due: bool | None = None
    disconnected: bool | None = None
    known: Collection[str] = ()
    offered: Collection[str] = ()


@dataclasses.dataclass(frozen=True)
class Sorting:
    """The outcome of `sort`: `reasons` by their weight, the heaviest first; `topic` None where nothing was understood."""

    topic: str | None
    category: str
    team: str
    urgency: str
    reasons: tuple[str, ...]
    missing: tuple[str, ...]


def sort(rules: Rules, facts: Facts) -> Sorting:
    """How something is sorted, by the facts alone."""
    category = category_for(rules, facts)
    topic = topic_for(rules, facts.topics, category)
    reasons = reasons_for(rules, facts)
    return Sorting(
        topic=topic,
        category=category,
        team=team_for(rules, topic, category, "premier" in reasons),
        urgency=urgency_for(rules, reasons, category),
        reasons=reasons,
        missing=missing_for(rules, topic, category, facts),
    )


def category_for(rules: Rules, facts: Facts) -> str:
    """The category that topics, signals and words speak for most; "support" where none names a subject."""
    named: dict[str, list[float]] = {}
    spoken_for = {rules.speaks_for[signal] for signal in facts.signals if signal in rules.speaks_for}
    for outcome, confidence in facts.topics:
        # "I have a problem" names no subject: where a fault is named in words, it is that.
        own = spoken_for if outcome in rules.without_subject else {rules.category_of.get(outcome, SUBJECTLESS)}
        for name in own if outcome not in rules.small_talk else ():
            named.setdefault(name, []).append(confidence)
    # One sentence beside the matter may be the surest of a mail: sentences that agree outweigh it.
    scores = {name: max(found) + AGAIN_WEIGHT * (sum(found) - max(found)) for name, found in named.items()}
    for name, count in facts.words.items():
        scores[name] = scores.get(name, 0.0) + WORD_WEIGHT * min(count, WORDS_COUNTED)
    for name in spoken_for:
        scores[name] = scores.get(name, 0.0) + SIGNAL_WEIGHT
    return max(scores, key=lambda name: scores[name]) if scores else SUBJECTLESS


def topic_for(rules: Rules, topics: Sequence[tuple[str, float]], category: str) -> str | None:
    """The most certain outcome of the category, else one without a subject, else any.

    A request goes before an article that is about as certain.
    """
    meant = [pair for pair in topics if pair[0] not in rules.small_talk]
    of_category = [pair for pair in meant if rules.category_of.get(pair[0]) == category]
    likely = of_category or [pair for pair in meant if pair[0] in rules.without_subject] or meant
    if not likely:
        return None
    first, confidence = max(likely, key=lambda pair: pair[1])
    requests = [pair for pair in likely if pair[0].startswith("do/") and pair[1] >= REQUEST_SHARE * confidence]
    return max(requests, key=lambda pair: pair[1])[0] if requests else first


def reasons_for(rules: Rules, facts: Facts) -> tuple[str, ...]:
    """The names of all that makes it more or less urgent, the heaviest first."""
    found = set(facts.signals)
    days = (facts.due - facts.today).days if facts.due else None
    if days is not None and days <= WEEK:
        found.add("due_today" if days <= TODAY else "due_soon" if days <= SOON else "due_week")
    by_facts = {
        "premier": facts.premier,
        "overdue": facts.overdue,
        "contacts_3": facts.contacts >= 3,
        "contacts_2": facts.contacts == 2,
        "waiting_long": facts.waited > WAITS_LONG,
        "account_past_due": bool(facts.past_due),
        "account_disconnected": bool(facts.disconnected),
    }
    found |= {name for name, holds in by_facts.items() if holds}
    if days is not None and days <= SOON and found & MONEY:
        found.add("money_soon")
    for name, ended in DONE.items():
        if name in found:
            found -= set(ended)
    for group in ONE_OF:
        for weaker in [name for name in group if name in found][1:]:
            found.discard(weaker)
    return tuple(sorted(found, key=lambda name: (-abs(rules.weights[name]), name)))


def urgency_for(rules: Rules, reasons: Collection[str], category: str) -> str:
    """The class of the sum of the reasons' weights. What somebody must act on is never low, unless the customer says it is settled."""
    temper = sum(rules.weights[name] for name in reasons if name in rules.temper)
    score = min(temper, rules.thresholds["temper_most"])
    score += sum(rules.weights[name] for name in reasons if name not in rules.temper)
    if score >= rules.thresholds["urgent"]:
        return "urgent"
    if score >= rules.thresholds["high"]:
        return "high"
    acts = rules.categories[category].get("acts", False) and "settled" not in reasons
    return "low" if score <= rules.thresholds["low"] and not acts else "normal"


def team_for(rules: Rules, topic: str | None, category: str, premier: bool) -> str:
    """Who looks after it: level 2 for a premier PIN, else the topic's own team, else the category's."""
    if premier:
        return "level2"
    return rules.team_of.get(topic or "", rules.categories[category]["team"])


def missing_for(rules: Rules, topic: str | None, category: str, facts: Facts) -> tuple[str, ...]:
    """What somebody who acts on it must know and does not; `facts.offered` are the requests of the brand."""
    needed: Sequence[str] = rules.needs.get(topic or "") or next(
        entry["names"]
        for entry in rules.categories[category]["needs"]
        if "where" not in entry or entry["where"] in facts.offered
    )
    return tuple(name for name in needed if name not in facts.known)
