"""Everything that is said exists in both languages, with the same places to fill, and French is set as French is."""

import json
import re
import string
from pathlib import Path

import pytest
import yaml
from jinja2 import Environment, meta

ROOT = Path(__file__).resolve().parent.parent
BOTH = {"fr", "en"}
NB = "\u00a0"


def read(path):
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def domain_responses():
    """(file, response, variants) of every domain file, in order."""
    files = sorted((ROOT / "domain").glob("*.yml"))
    assert len(files) > 5
    return [
        (path.name, name, variants)
        for path in files
        for name, variants in (yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {}).items()
    ]


RESPONSES = domain_responses()


def placeholders(text):
    """The names in braces of a text, each as often as it stands there."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def pairs(value, place):
    """Each {fr: …, en: …} in a structure with its place; also the values of a language's own block of names."""
    if isinstance(value, dict):
        if set(value) & BOTH:
            yield place, value
        else:
            for key, inner in value.items():
                yield from pairs(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from pairs(inner, f"{place}[{number}]")


WORD_FILES = [
    "gateway/data/sentences.yml",
    "gateway/data/statements.yml",
    "actions/words.yml",
    "actions/requests.yml",
    "billing/data/problems.yml",
    "billing/data/bill_lines.yml",
    "billing/data/carriers.yml",
    "billing/data/coverage.yml",
    "billing/data/documents.yml",
    "billing/data/pages.yml",
    "billing/data/plans.yml",
    "desk/data/canned.yml",
    "desk/data/console.yml",
    "desk/data/drafts.yml",
    "desk/data/handover.yml",
    "desk/data/knowledge.yml",
    "desk/data/teams.yml",
    "desk/data/triage.yml",
    "knowledge_base/sms.yml",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "knowledge_base").glob("*/brand.yml")),
]
LETTERS = "gateway/data/letters.yml"  # sentences of Jinja, in blocks of one language
# Words that customers text are no sentences: a language may have more of them than the other.
KEYWORDS = "knowledge_base/sms.yml.keywords."
PAIRS = [pair for path in WORD_FILES for pair in pairs(read(path), path) if not pair[0].startswith(KEYWORDS)]
# Matched as written, whatever the customer's language: no sentence.
SAME_IN_BOTH = {"knowledge_base/wrs/brand.yml.figures.e_transfer_memo_word"}


def jinja_names(block):
    """The values that the sentences of a block name."""
    environment = Environment(autoescape=True)
    environment.filters |= dict.fromkeys(("money", "day", "word"), str)
    return meta.find_undeclared_variables(environment.parse(json.dumps(block, ensure_ascii=False)))


@pytest.mark.parametrize("letter", sorted(read(LETTERS)["letters"]))
def test_a_letter_says_the_same_in_both_languages(letter):
    french, english = (read(LETTERS)["letters"][letter][language] for language in ("fr", "en"))
    assert set(french) == set(english)
    assert len(french["lines"]) == len(english["lines"])
    for part in ("sms", "subject", "lines"):
        assert jinja_names(french[part]) == jinja_names(english[part]), part


def test_the_files_of_words_are_all_looked_at():
    without_words = ("brands", "networks", "modems", "bases")
    known = {*WORD_FILES, LETTERS, *(f"billing/data/{name}.yml" for name in without_words)}
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("gateway/data", "billing/data")
        for path in (ROOT / folder).glob("*.yml")
    }
    assert found <= known
    assert all(sum(place.startswith(path) for place, _ in PAIRS) > 1 for path in WORD_FILES)


@pytest.mark.parametrize(
    ("file", "name", "variants"), RESPONSES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_response_has_one_french_and_one_english_variant(file, name, variants):
    assert [variant["condition"] for variant in variants] == [
        [{"type": "slot", "name": "language", "value": language}] for language in ("fr", "en")
    ]
    # A variant of a channel but no language would win over the language.
    assert all(set(variant) <= {"condition", "text", "buttons"} and variant["text"].strip() for variant in variants)


@pytest.mark.parametrize(
    ("file", "name", "variants"), RESPONSES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_both_variants_of_a_response_have_the_same_places_to_fill(file, name, variants):
    french, english = (placeholders(variant["text"]) for variant in variants)
    assert french == english


@pytest.mark.parametrize("kind", ["responses", "slots", "forms", "intents", "actions", "entities"])
def test_nothing_of_the_domain_is_defined_twice(kind):
    """Rasa takes the last of two without a word, also within one file, where YAML does the same."""
    found = []
    for path in sorted((ROOT / "domain").glob("*.yml")):
        root = yaml.compose(path.read_text(encoding="utf-8"))
        for key, value in root.value:
            if key.value == kind:
                entries = value.value
                found += [
                    (e[0] if isinstance(e, tuple) else e.value[0][0] if isinstance(e.value, list) else e).value
                    for e in entries
                ]
    assert found or kind == "forms"
    assert sorted(found) == sorted(set(found))


@pytest.mark.parametrize(
    "path", [*WORD_FILES, *(f"domain/{file}" for file in sorted({file for file, _, _ in RESPONSES}))]
)
def test_no_name_stands_twice_in_a_file_of_words(path):
    def check(node):
        if isinstance(node, yaml.MappingNode):
            names = [key.value for key, _ in node.value]
            assert sorted(names) == sorted(set(names))
            for _, value in node.value:
                check(value)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                check(value)

    check(yaml.compose((ROOT / path).read_text(encoding="utf-8")))


@pytest.mark.parametrize(("place", "texts"), PAIRS, ids=[place for place, _ in PAIRS])
def test_words_are_there_in_both_languages_with_the_same_places_to_fill(place, texts):
    assert set(texts) >= BOTH
    if isinstance(texts["fr"], dict):  # a problem document: title and detail
        assert set(texts["fr"]) == set(texts["en"]) == {"title", "detail"}
        both = [(texts["fr"][part], texts["en"][part]) for part in ("title", "detail")]
    else:
        both = [(texts["fr"], texts["en"])]
    for french, english in both:
        assert isinstance(french, str), "quoted: yes, no and on are truth values in YAML"
        assert isinstance(english, str)
        assert french.strip()
        assert english.strip()
        assert placeholders(french) == placeholders(english)
        assert len(french) < 25 or french != english or place in SAME_IN_BOTH


@pytest.mark.parametrize("request_id", read("actions/requests.yml"))
def test_a_requests_title_fits_a_button(request_id, language):
    assert len(read("actions/requests.yml")[request_id]["title"][language]) <= 40


def test_no_two_buttons_of_a_language_are_called_alike(language):
    titles = [request["title"][language].lower() for request in read("actions/requests.yml").values()]
    assert sorted(titles) == sorted(set(titles))


def phrasings(language):
    """{topic: [intents]} of data/nlu."""
    files = sorted((ROOT / "data" / "nlu" / language).glob("*.yml"))
    return {
        path.stem: [block["intent"] for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]]
        for path in files
    }


def test_both_languages_have_the_same_topics_and_the_same_intents_in_them():
    french, english = phrasings("fr"), phrasings("en")
    assert french.keys() == english.keys()
    for topic, intents in french.items():
        assert sorted(intents) == sorted(english[topic]), topic
    everything = [intent for intents in french.values() for intent in intents]
    assert sorted(everything) == sorted(set(everything)), "an intent stands in one topic only"


def french_texts():
    """(place, text) of every French sentence that is said."""
    for file, name, variants in RESPONSES:
        for variant in variants:
            if variant["condition"][0]["value"] == "fr":
                yield f"{file}.{name}", variant["text"]
    for place, texts in PAIRS:
        for part in texts["fr"].values() if isinstance(texts.get("fr"), dict) else [texts.get("fr")]:
            yield place, part


SPACING = {
    "a no-break space before a colon": re.compile(rf"(?<![{NB}\d])(?<!https):(?!\d)"),
    "a no-break space within « »": re.compile(rf"«(?!{NB})|(?<!{NB})»"),
    "« » for quotations": re.compile(r"[\"“”]"),
    "no space before ? ! ;": re.compile(r"\s[?!;]"),
    "a no-break space before % and $": re.compile(r"(?<=\d)[ ]?[%$]|(?<=})[ ][%$]|(?<=})%"),
    "a no-break space in 8 h": re.compile(r"\d h\b"),
    "… for three points": re.compile(r"\.\.\."),
}


def misset(text):
    """The rules of French typography that a text breaks."""
    return [rule for rule, pattern in SPACING.items() if pattern.search(text)]


@pytest.mark.parametrize(("place", "text"), list(french_texts()), ids=[place for place, _ in french_texts()])
def test_french_is_set_as_french_is(place, text):
    assert not misset(text), text


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        (f"Voici{NB}: «{NB}oui{NB}». À 8{NB}h 30, 12{NB}%, 5,00{NB}$. Ça va? Oui!", False),
        ("Voici : oui", True),
        ("Voici: oui", True),
        ("« oui »", True),
        ('dites "oui"', True),
        ("Ça va ?", True),
        (f"Ça va{NB}!", True),
        ("à 8 h", True),
        ("12 %", True),
        ("12$", True),
        ("Attendez...", True),
        ("À 10:30, voir https://pie.primus.ca", False),
    ],
)
def test_the_typesetters_rules_find_what_they_are_for(text, broken):
    assert bool(misset(text)) is broken
