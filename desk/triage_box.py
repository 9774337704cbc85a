"""The triage box: a pasted e-mail, voicemail text or note becomes language, matter, urgency, identifiers, articles and a draft.

It writes nothing. Understanding runs in the assistant and may be away: then all but the articles is still told.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from desk.drafts import LANGUAGES, draft, words
from desk.mail_text import Mail, read_mail, sentences
from desk.message_facts import MessageFacts, local_day, read_message, values_in
from desk.signals import plain
from desk.triage import Facts, Rules, Sorting, sort
from knowledge import Brand, Shelf
from language import Detector

# The texts and the brand -> for each text its outcome, confidence and candidates; None where the assistant is away.
Understand = Callable[[Sequence[str], str], Awaitable[list[dict[str, Any]] | None]]

TEXTS = 12  # sentences that are understood of one mail: more would take longer than an agent waits
WHOLE_WORDS = 80  # a longer mail is told by its sentences; understanding was learned from messages of a chat
LIKELY = 0.25  # of what a sentence may mean, the least that counts
SHOWN = 0.2  # articles of at least this confidence are shown, the best first
SAID = 0.4  # of at least this it is put into the draft
ARTICLES = 3
PLURALS = {
    "account": "accounts",
    "amount": "amounts",
    "bill": "bills",
    "date": "dates",
    "email": "emails",
    "error_code": "error_codes",
    "firmware": "firmwares",
    "model": "models",
    "month": "months",
    "phone": "phones",
    "postal": "postal_codes",
    "request": "requests",
    "serial": "serials",
    "time": "times",
}


@dataclasses.dataclass(frozen=True)
class Understood:
    """What a brand makes of a text: `topics` of all its sentences, outcome and confidence, the surest first."""

    brand: str
    topics: tuple[tuple[str, float], ...]

    @property
    def surest(self) -> float:
        """The confidence of the first topic."""
        return self.topics[0][1] if self.topics else 0.0


class TriageBox:
    """Reads pasted texts. `understand` asks the assistant."""

    def __init__(
        self,
        *,
        rules: Rules,
        shelf: Shelf,
        detector: Detector,
        understand: Understand,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._rules = rules
        self._shelf = shelf
        self._detector = detector
        self._understand = understand
        self._now = now

    async def read(self, text: str, *, brand: str | None = None, language: str | None = None) -> dict[str, Any]:
        """What the API answers (`gateway/openapi.json`, Triage). `brand` and `language` are found where they are None.

        Raises KeyError for an unknown brand.
        """
        self._shelf.refresh()
        # Beside the loop: a long thread takes a moment to search, and customers' turns go on meanwhile.
        mail, candidates = await asyncio.to_thread(self._taken_apart, text, brand)
        said = "\n".join(part for part in (mail.subject, mail.body) if part)
        language = language or self._detector.decide(said).language
        asked = await asyncio.gather(*(self._understood(mail, said, one) for one in candidates))
        answered = [one for one in asked if one is not None]
        best = max(answered, key=lambda one: one.surest) if answered else None
        chosen = best.brand if best else candidates[0] if len(candidates) == 1 else None
        found = self._shelf.brands[chosen] if chosen else None
        facts = await asyncio.to_thread(self._facts, mail, said, language, found)
        sorting = self._sorting(facts, best, found)
        return self._answer(mail, language, found, facts, best, sorting)

    def _taken_apart(self, text: str, brand: str | None) -> tuple[Mail, list[str]]:
        mail = read_mail(text)
        return mail, [self._shelf.brands[brand].id] if brand else self._likely_brands(text, mail)

    def _likely_brands(self, text: str, mail: Mail) -> list[str]:
        """The brands that the text speaks of most: by name or address, by their numbers; all where none stands out."""
        scores = {one.id: self._score(text, mail, one) for one in self._shelf.brands.values()}
        most = max(scores.values())
        return sorted(name for name, score in scores.items() if score == most)

    def _score(self, text: str, mail: Mail, brand: Brand) -> int:
        folded = plain(text)
        names = {plain(brand.name), brand.id.replace("-", " "), plain(brand.name).split()[0]}
        score = 4 * any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) for name in names)
        score += 4 * bool(brand.contact.get("email") and brand.contact["email"].lower() in folded)
        found = values_in(mail.own, language="fr", today=local_day(self._now(), brand), brand=brand)
        score += 2 * any(bill.startswith(brand.accounts["bill"]) for bill in found.get("bill", ()))
        # A pattern with digits of its own fits few numbers: what fits it is rather this brand's.
        own_digits = re.search(r"\d", re.sub(r"\\d|\{[^}]*\}", "", brand.accounts["number"]))
        score += ("account" in found) * (2 if own_digits else 1)
        return score + ("serial" in found and "check_coverage" in brand.requests)

    async def _understood(self, mail: Mail, said: str, brand: str) -> Understood | None:
        texts = list(dict.fromkeys([mail.subject, *sentences(mail.body)]))
        if len(said.split()) <= WHOLE_WORDS:
            texts.insert(0, said)
        texts = [one for one in texts if one.strip()][:TEXTS]
        if not texts:
            return Understood(brand, ())
        answers = await self._understand(texts, brand)
        if answers is None:
            return None
        topics = [
            (outcome, confidence)
            for answer in answers
            if answer["outcome"] not in self._rules.small_talk
            for outcome, confidence in answer["candidates"]
            if confidence >= LIKELY and outcome not in self._rules.small_talk
        ]
        return Understood(brand, tuple(sorted(topics, key=lambda pair: -pair[1])))

    def _facts(self, mail: Mail, said: str, language: str, brand: Brand | None) -> MessageFacts:
        today = local_day(self._now(), brand or next(iter(self._shelf.brands.values())))
        return read_message(self._rules, said, identifiers=mail.own, language=language, today=today, brand=brand)

    def _sorting(self, facts: MessageFacts, best: Understood | None, brand: Brand | None) -> Sorting:
        today = local_day(self._now(), brand or next(iter(self._shelf.brands.values())))
        return sort(
            self._rules,
            Facts(
                today=today,
                topics=best.topics if best else (),
                signals=facts.signals,
                words=facts.counted,
                due=facts.due,
                known=facts.known,
                offered=brand.requests if brand else (),
            ),
        )

    def _answer(
        self,
        mail: Mail,
        language: str,
        brand: Brand | None,
        facts: MessageFacts,
        best: Understood | None,
        sorting: Sorting,
    ) -> dict[str, Any]:
        surest = dict(reversed(best.topics)) if best else {}
        articles = sorted(
            ((name, sure) for name, sure in surest.items() if not name.startswith("do/") and sure >= SHOWN),
            key=lambda pair: -pair[1],
        )[:ARTICLES]
        # An article of another matter, however sure, is no answer to this one.
        fitting = [name for name, sure in articles if sure >= SAID and self._is_about(name, sorting)]
        return {
            "language": language,
            "brand": brand.id if brand else None,
            "category": sorting.category,
            "outcome": sorting.topic,
            "confidence": round(surest.get(sorting.topic or "", 0.0), 4),
            "understood": best is not None,
            "urgency": sorting.urgency,
            "reasons": [{"name": name, **self._rules.sentences[name]} for name in sorting.reasons],
            "team": sorting.team,
            "name": mail.name,
            "due": facts.due.isoformat() if facts.due else None,
            "found": {plural: list(facts.found.get(kind, ())) for kind, plural in PLURALS.items()},
            "articles": [self._article(name, sure) for name, sure in articles],
            "draft": {
                one: draft(
                    one,
                    brand=brand,
                    name=mail.name,
                    reasons=sorting.reasons,
                    category=sorting.category,
                    article=self._shelf.article(fitting[0], one) if fitting else None,
                    missing=sorting.missing,
                )
                for one in LANGUAGES
            },
            "missing": [{"name": name, **words()["missing"][name]} for name in sorting.missing],
        }

    def _is_about(self, article: str, sorting: Sorting) -> bool:
        return self._rules.category_of.get(article) == sorting.category and all(
            self._shelf.article(article, language) for language in LANGUAGES
        )

    def _article(self, name: str, confidence: float) -> dict[str, Any]:
        titles = {language: self._shelf.article(name, language) for language in LANGUAGES}
        return {
            "id": name,
            **{f"title_{language}": found.title if found else None for language, found in titles.items()},
            "confidence": round(confidence, 4),
        }
