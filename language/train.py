"""Makes `model.json` from the project's own phrasings and articles (and sentence pairs, where a file of them is given).

    python -m language.train [--pairs en_fr.tsv]

The result is committed: it changes rarely, and the gateway must be able to tell the language before anything is trained.
Only counts of words and of their letters are kept, no sentence.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
from pathlib import Path

import yaml

from knowledge import Shelf
from language.evidence import grams_of, parts_of, plain, words_of

ROOT = Path(__file__).resolve().parent.parent
WORD_LIMIT = 4.0
GRAM_LIMIT = 2.0


def texts(pairs: Path | None) -> collections.Counter[tuple[str, str]]:
    """(language, word) -> how often, over all texts at hand."""
    count: collections.Counter[tuple[str, str]] = collections.Counter()

    def add(language: str, text: str) -> None:
        for word, name in words_of(text):
            if not name:
                for part in {*parts_of(word), word}:
                    count[language, part] += 1
                    if plain(part) != part:
                        count[language, plain(part)] += 1

    for article in Shelf(ROOT / "knowledge_base").articles():
        for text in (article.title, article.body, *article.phrasings):
            add(article.language, text)
    for language in ("fr", "en"):
        for path in sorted((ROOT / "data" / "nlu" / language).glob("*.yml")):
            for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
                for line in block["examples"].splitlines():
                    add(language, line.removeprefix("- "))
    if pairs:
        for line in pairs.read_text(encoding="utf-8").splitlines()[1:]:
            english, french, _ = line.split("\t")
            add("en", english)
            add("fr", french)
    return count


def main() -> None:
    """Counts, turns counts into log-odds, writes the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, help="a table of columns en, fr, source")
    count = texts(parser.parse_args().pairs)
    totals = {language: sum(n for (of, _), n in count.items() if of == language) for language in ("fr", "en")}
    vocabulary = {word for _, word in count}
    words = {}
    grams: collections.Counter[tuple[str, str]] = collections.Counter()
    for word in vocabulary:
        french, english = count["fr", word], count["en", word]
        if french + english >= 3:
            odds = math.log((french + 0.3) / totals["fr"]) - math.log((english + 0.3) / totals["en"])
            words[word] = round(max(-WORD_LIMIT, min(WORD_LIMIT, odds)), 2)
        for gram in grams_of(word):
            # Types count more than tokens: the shape of rare words is what has to be told apart.
            grams["fr", gram] += round(10 * math.log1p(french))
            grams["en", gram] += round(10 * math.log1p(english))
    gram_totals = {language: sum(n for (of, _), n in grams.items() if of == language) for language in ("fr", "en")}
    table = {}
    for gram in {gram for _, gram in grams}:
        french, english = grams["fr", gram], grams["en", gram]
        odds = math.log((french + 10) / gram_totals["fr"]) - math.log((english + 10) / gram_totals["en"])
        if french + english >= 60 and abs(odds) >= 0.3:
            table[gram] = round(max(-GRAM_LIMIT, min(GRAM_LIMIT, odds)), 2)
    model = {"words": dict(sorted(words.items())), "grams": dict(sorted(table.items()))}
    path = Path(__file__).parent / "model.json"
    path.write_text(json.dumps(model, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{path}: {len(words)} words, {len(table)} shapes, {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
