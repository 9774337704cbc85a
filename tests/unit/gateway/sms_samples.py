"""Random texts as people and the assistant write them: French, English, emoji, figures, links, typography."""

from __future__ import annotations

import random

FRENCH_WORDS = (
    "À ça être où déjà reçu français œuvre cœur naïf Noël île forêt août sûr hôtel tâche aperçu payé facture crédit l’été n’est s’il "
    "jusqu’à « oui » c’est-à-dire… « Ça va? » 12,95 $ 1 250,00 $ 8 h 30 99,9 % n° 5 1er"
)
ENGLISH_WORDS = (
    "balance due by please don’t can’t “quoted” — see your bill, e-mail us; re-enter 5 p.m. it’s $1,284.50 OK? [urgent] {x} ~10 a|b "
    "C:\\path 100€ ^top naïve café"
)
FRENCH, ENGLISH = FRENCH_WORDS.split(" "), ENGLISH_WORDS.split(" ")
EMOJI = ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🇨🇦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "❤️", "🧑🏿‍🚀", "🏳️‍🌈", "©️", "🇫🇷🇨🇦", "☎", "✅"]
ODD = [
    "e\u0301te\u0301",
    "\u200b",
    "\u00a0",
    "\u202f",
    "\r\n",
    "\n",
    "\t",
    "½",
    "™",
    "№",
    "→",
    "•",
    "ｆｕｌｌ",
    "x²",
    "–",
    "\u2028",
    "ﬁn",
]
WHOLE = [
    "https://aide.example.ca/b/3kT9vQx2LmPz",
    "comptabilite@groupe-laurier.example",
    "1 888 576-4899",
    "(514) 555-0101",
    "1 250,00 $",
    "$1,284.50",
    "P-1002003001",
    "R-1234567",
    "H2X 1Y4",
    "8 h 30",
    "www.example.ca/aide/a(b)",
    "30 Stonemount Cres, Angus ON L0M 1B4",
]


def text(chance: random.Random) -> str:
    """One text of any length up to some pages, of one or several kinds of words."""
    kinds = chance.sample([FRENCH, ENGLISH, EMOJI, ODD, WHOLE], chance.randint(1, 3))
    between = chance.choice([" ", " ", " ", "", ". ", "\n"])
    words = [chance.choice(chance.choice(kinds)) for _ in range(int(chance.expovariate(1 / 25)))]
    return between.join(words)


def texts(count: int, seed: int = 2026) -> list[str]:
    """The same texts each time."""
    chance = random.Random(seed)
    return [text(chance) for _ in range(count)]
