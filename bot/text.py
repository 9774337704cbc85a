"""A message as understanding reads it, and what a ranking is. Standard library only."""

from __future__ import annotations

import re
import unicodedata
from typing import List, Tuple

Ranking = List[Tuple[str, float]]

MARKS = (
    (re.compile(r"\S+@\S+"), " addresstoken "),
    (re.compile(r"https?://\S+"), " linktoken "),
    (re.compile(r"\b[a-z]\d[a-z] ?\d[a-z]\d\b"), " postaltoken "),
    (re.compile(r"\d{5,}"), " longnumber "),
)
APOSTROPHES = str.maketrans({"’": "'", "`": "'", "´": "'", "ʼ": "'"})


# "e-bill", "e bill" and "ebill" are one word; so are "e-facture", "e-Transfer", "e-service".
E_WORD = re.compile(r"\be[ -](?=(?:bill|factur|servic|transf|mail|invoic)\w*)")
# What people say before and after what they want. It must not weigh against it; alone it stays.
HELLO = re.compile(
    r"^(?:(?:bonjour|bonsoir|bon matin|allo|salut|hello|hi|hey|good (?:morning|afternoon|evening|day))(?: there| all| again| a tous"
    r"| a vous| madame| monsieur| team| folks| l'equipe)?[ ,.!:;-]+)+"
)
THANKS = re.compile(
    r"[ ,.!;-]+(?:(?:merci|thanks|thank you|thx|tks|svp|stp|please|pls|s'il vous plait|s'il te plait)(?: beaucoup| bien| a lot| so much"
    r"| d'avance| in advance| much)?[ ,.!;-]*)+$"
)
WORDS_LEFT = 3  # a message of fewer words after that is taken as it stands


def without_courtesies(text: str) -> str:
    """A folded text without the greeting before and the thanks after it, where enough is left."""
    short = THANKS.sub("", HELLO.sub("", text))
    return short if len(short.split()) >= WORDS_LEFT else text


def fold(text: str) -> str:
    """Lower case, no accents, one kind of apostrophe; addresses and long numbers as what they are, not which."""
    text = text.lower().translate(APOSTROPHES).replace("œ", "oe")
    text = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    for pattern, mark in MARKS:
        text = pattern.sub(mark, text)
    if "longnumber" in text:  # an account or a request with its proofs: who one is, not what one wants
        text = text.replace("postaltoken", " ")
    return without_courtesies(re.sub(r"\s+", " ", E_WORD.sub("e", text)).strip())
