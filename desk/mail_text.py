"""What somebody wrote, out of an e-mail, a voicemail text or a note as it is pasted: without quoted replies, notices and formulas.

A rule: it reads one text and knows no customer. The signature is kept apart, as it says who writes and how to reach them.
"""

from __future__ import annotations

import dataclasses
import re

HEADER = re.compile(r"\s*(?:objet|subject|sujet|re|fw|fwd|tr)\s*:\s*(?P<subject>.*)", re.I)
ADDRESS_HEADER = re.compile(r"\s*(?:de|from|a|à|to|cc|date|envoy[ée]+|sent)\s*:\s*\S", re.I)
REPLY_PREFIX = re.compile(r"^(?:\s*(?:re|fw|fwd|tr)\s*:\s*)+", re.I)
# Where the words of others begin.
QUOTE_STARTS = (
    re.compile(r"^\s*(?:le|on)\b.{0,120}(?:a [ée]crit|wrote)\s*:?\s*$", re.I),
    re.compile(
        r"^\s*[-_]{3,}\s*(?:original message|message d'origine|message original|forwarded message|message transf[ée]r[ée])",
        re.I,
    ),
    re.compile(r"^\s*(?:d[ée]but du message (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée])|begin forwarded message)", re.I),
    re.compile(r"^\s*_{10,}\s*$"),
)
QUOTED_LINE = re.compile(r"^\s*(?:>|\|\s)")
NOTICE = re.compile(
    r"^\W*(?:avis de confidentialit|confidentiality notice|avertissement\s*:|disclaimer|ce (?:message|courriel).{0,80}confidentiel"
    r"|this (?:e-?mail|message).{0,80}confidential|pensez à l'environnement|please consider the environment)",
    re.I,
)
DEVICE = re.compile(
    r"^\s*(?:envoy[ée] (?:de|depuis|à partir de) |sent from |get outlook|t[ée]l[ée]chargez outlook|provenance\s*:).{0,60}$",
    re.I,
)
GREETING = re.compile(
    r"^\s*(?:bonjour|bonsoir|bon matin|all[oô]|salut|hello|hi|hey|dear|cher|ch[eè]re|good (?:morning|afternoon|evening|day)"
    r"|to whom it may concern|[àa] qui de droit|madame|monsieur)\b"
    r"(?:[^.!?,;]{0,40}(?:, (?:monsieur|madame))?[,!:;]|(?: [^\s.!?,;]+){0,2}[.]?)\s*$",
    re.I,
)
CLOSING = re.compile(
    r"^\s*(?:bien |tr[eè]s |most |very |yours |warm(?:est)? |kind(?:est)? |best |with )?"
    r"(?:cordialement|cordiales? salutations|(?:mes |nos )?(?:meilleures |sinc[eè]res )?salutations(?: distingu[ée]es| cordiales)?"
    r"|amicalement|respectueusement|sinc[eè]rement|bonne (?:journ[ée]e|soir[ée]e|fin de journ[ée]e|semaine|fin de semaine)"
    r"|(?:un grand |mille )?merci(?: (?:beaucoup|d'avance|bien|[àa] vous|de votre (?:aide|attention|collaboration)|et bonne journ[ée]e))*"
    r"|veuillez (?:agr[ée]er|recevoir|accepter).*|au plaisir.*|[àa] bient[oô]t|bien [àa] vous"
    r"|(?:best|kind|warm|with) (?:regards|wishes)|regards|wishes|sincerely|cheers|truly|faithfully|respectfully|best"
    r"|(?:many |so many )?thanks(?: (?:so much|a lot|again|in advance|for your (?:help|time)|and have a (?:nice|good|great) day))*"
    r"|thank you(?: (?:so much|very much|again|in advance|for your (?:help|time)))*|have a (?:nice|good|great) (?:day|one|weekend)"
    r"|take care|talk soon)\s*[,.!]*\s*$",
    re.I,
)
SIGNATURE_LINES = 12
IDENTIFIER = re.compile(r"@|\d{3}")
SIGNATURE_MARK = re.compile(r"^--\s*$")
NAME = r"[A-ZÀ-ÖØ-Þ][\w'’-]+(?:(?: (?:de|du|la|le|von|van))? (?:[A-Z]\.|[A-ZÀ-ÖØ-Þ][\w'’-]+)){0,3}"
NO_NAME = re.compile(
    r"account|payable|compta|service|[ée]quipe|team|depart|d[ée]part|office|bureau|support|soutien", re.I
)
SAID_NAME = re.compile(
    rf"(?:\b(?:[Mm]y name is|[Tt]his is|[Ii]t['’]s|[Mm]on nom est|[Jj]e m['’]appelle|[Cc]['’]est|[Ii]ci)) (?P<name>(?:Mme |M\. )?{NAME})"
)
SIGNED = re.compile(rf"^\s*(?:(?:Me|Dre?|Mr|Mrs|Ms|M|Mme|Sœur|Sr|Prof)\.? )?(?P<name>{NAME})(?:\s*[,|–-].*)?\s*$")
JOINED = 55  # characters from which on a line is taken as broken by the mail program, not by its writer
LONG = 28  # words from which on a sentence without punctuation is cut at its connectors
CONNECTORS = re.compile(r"\s+(?=(?:et|pis|puis|mais|alors|and|but|so|because|car|euh|um|uh)\s)", re.I)
LEAST = 3  # words of a sentence that may say something


@dataclasses.dataclass(frozen=True)
class Mail:
    """`body`: what the writer says now; `signature` and `headers` hold identifiers, no matter; `name`: None where none is signed."""

    subject: str
    body: str
    headers: str
    signature: str
    name: str | None

    @property
    def own(self) -> str:
        """All of the writer's own words, in which identifiers are looked for."""
        return "\n".join(part for part in (self.headers, self.subject, self.body, self.signature) if part)


def read_mail(text: str) -> Mail:
    """Takes a pasted text apart. Where nothing but a forwarded message is left, that one is read."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    mail = _read(_until_quote(lines))
    if len(mail.body.split()) >= LEAST or len(mail.subject.split()) >= LEAST:
        return mail
    others = [re.sub(r"^[\s>|]+", "", line) for line in lines if not any(q.match(line) for q in QUOTE_STARTS)]
    return _read(others)


def sentences(text: str) -> list[str]:
    """The sentences of a body, those of a voicemail without punctuation cut where a new thought begins."""
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        joined = ""
        for line in paragraph.split("\n"):
            joined += line.strip() + (" " if len(line.strip()) >= JOINED else "\n")
        for part in re.split(r"(?<=[.!?])\s+|\n", joined):
            found += _pieces(part.strip())
    return [part for part in found if len(re.findall(r"[^\W\d_]{2,}", part)) >= LEAST]


def _pieces(sentence: str) -> list[str]:
    if len(sentence.split()) <= LONG:
        return [sentence]
    pieces: list[str] = []
    for part in CONNECTORS.split(sentence):
        if pieces and len(pieces[-1].split()) + len(part.split()) <= LONG // 2:
            pieces[-1] += f" {part}"
        else:
            pieces.append(part)
    return pieces


def _until_quote(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for number, line in enumerate(lines):
        wrapped = f"{line} {lines[number + 1]}" if number + 1 < len(lines) else line
        starts = any(pattern.match(line) or (len(line) > 40 and pattern.match(wrapped)) for pattern in QUOTE_STARTS)
        header = (
            kept
            and not _only_headers(kept)
            and ADDRESS_HEADER.match(line)
            and ADDRESS_HEADER.match(_next(lines, number))
        )
        if starts or header:
            break
        if not QUOTED_LINE.match(line):
            kept.append(line)
    return kept


def _only_headers(kept: list[str]) -> bool:
    return all(not line.strip() or HEADER.match(line) or ADDRESS_HEADER.match(line) for line in kept)


def _next(lines: list[str], number: int) -> str:
    return next((line for line in lines[number + 1 : number + 3] if line.strip()), "")


def _read(lines: list[str]) -> Mail:
    subject, headers, rest = "", [], list(lines)
    while rest and (not rest[0].strip() or HEADER.match(rest[0]) or ADDRESS_HEADER.match(rest[0])):
        line = rest.pop(0)
        match = HEADER.match(line)
        if match:
            subject = REPLY_PREFIX.sub("", match["subject"]).strip()
        elif line.strip():
            headers.append(line.strip())
    rest = [line for line in _without_notice(rest) if not DEVICE.match(line)]
    while len(rest) > 1 and any(line.strip() for line in rest[1:]) and (not rest[0].strip() or GREETING.match(rest[0])):
        rest.pop(0)
    body, signature = _signature(rest)
    text = "\n".join(body).strip()
    return Mail(subject, text, "\n".join(headers), "\n".join(signature).strip(), _name(signature, text))


def _without_notice(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if NOTICE.match(line):
            return lines[:number]
    return lines


def _signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """Body and signature: what follows "--", or the first formula that closes, near the end."""
    for number, line in enumerate(lines):
        left = [after for after in lines[number + 1 :] if after.strip()]
        if SIGNATURE_MARK.match(line) or (number and CLOSING.match(line) and len(left) <= SIGNATURE_LINES):
            # "Au plaisir, luc@example.ca": how to reach them is kept.
            reached = [line] if IDENTIFIER.search(line) else []
            return lines[:number], [*lines[number + 1 :], *reached]
    # Without a formula: a last paragraph that begins with a name.
    blank = max(
        (number for number, line in enumerate(lines) if not line.strip() and any(lines[number + 1 :])), default=0
    )
    last = lines[blank + 1 :]
    if blank and len(last) <= SIGNATURE_LINES and SIGNED.match(last[0]) and not re.search(r"[.!?]\s*$", last[0]):
        return lines[:blank], last
    return lines, []


def _name(signature: list[str], body: str) -> str | None:
    for line in [line for line in signature if line.strip()][:2]:
        match = SIGNED.match(line.strip())
        if match and not NO_NAME.search(match["name"]):
            return match["name"].strip()
    said = SAID_NAME.search(body)
    return said["name"] if said else None
