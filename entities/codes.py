"""Numbers that a company gives: accounts, bills, support requests, serial numbers, firmware versions, error codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entities.reading import Entity, Reading
from entities.words import any_of
from knowledge import Brand

DIGITS = re.compile(r"\d(?:[ .\u00a0\u202f-]?\d)*")
LINK = rf"(?:[ :#.=]| {any_of('links')})*"
ACCOUNT_WORD = re.compile(rf"(?<!\w)(?:comptes?|accounts?|acct|acc|cpte|client|customer|dossier client)(?:'s)?{LINK}$")
PHONE_WORD = re.compile(r"(?<!\w)(?:tel\w*|phone|cell\w*|appel\w*|call|text|rappel\w*|poste)[^\d]{0,25}$")
NETWORK = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")  # 192.168.0.1
ANY_ACCOUNT = r"\d{8,10}"

# Seven digits with single blanks or dashes between; without its R, no part of a longer number (a phone, an account).
REQUEST_NUMBERS = (
    re.compile(r"\br[ \u2010-\u2015-]?(\d(?:[ -]?\d){6})(?!\d)", re.I),
    re.compile(r"(?<!\d)(?<!\d[ .)-])(?<!\d\) )(\d{7}(?!\d)|\d(?:[ -]?\d){6}(?![ .-]?\d))"),
)
REQUEST_WORD = re.compile(
    r"(?<!\w)(?:demandes?|requests?|tickets?|billets?|dossiers?|cases?|reclamations?|plaintes?)(?:\W| \w+\W?){0,4}$"
)

BILL_WORD = r"(?:factures?|bills?|invoices?|facturation|inv|fact)"
BILLS = re.compile(
    rf"(?<![\w.-])(?P<letter>[a-qs-z])(?:-| - |)(?P<digits>\d{{5}})(?![\w-]|[.,]\d)"
    rf"|(?<!\w){BILL_WORD}{LINK} (?P<letter_apart>[a-qs-z]) (?P<digits_apart>\d{{5}})(?![\w-]|[.,]\d)"
    rf"|(?<!\w){BILL_WORD}{LINK} ?#?(?P<alone>\d{{5}})(?![\w-]|[.,]\d| ?\$)"
)

SERIAL_WORD = re.compile(
    r"(?<!\w)(?:serial(?: ?(?:number|no|num|nr|#))?|(?:numero|no|num|n°|#) ?(?:de )?serie|serie|s/n|sn|n/s)(?!\w)"
    rf"(?:[ :#.=]| {any_of('links')}| {any_of('serial_links')})*"
    r"(?<!\w)(?P<code>(?=[a-z]{0,6}-?\d)[a-z0-9]{1,24}(?:[ -](?=[a-z]{0,6}\d)[a-z0-9]{1,12}){0,5})(?![\w@])"
)
# A letter and seven digits at least, in the shapes that machines bear: 3A01234567, SW-2290017.
SERIAL = re.compile(
    r"(?<![\w@.+-])(?P<code>\d[a-z]-?\d{2}-?\d{6}|\d[a-z] ?\d{4} ?\d{4}|[a-z]{2}-?\d{7}|sw \d{7})(?![\w@-])"
)

VERSION = (
    r"v?\d+(?:\.\d+[a-z]?\d*){1,5}(?:-[a-z0-9.]*\d[a-z0-9.]*)?"  # 7.1.1.2.2b9, 70.12.42-190604
    r"|[a-z]{2,6}\d*(?:\.\d+){1,4}[a-z0-9]*"  # STAB.02.53
    r"|\d+-\d+(?:\.\d+)+"  # 8611-19.2.18
)
NAMED_FIRMWARE = re.compile(
    rf"(?<!\w){any_of('firmware')}(?:[ :#.(=]| {any_of('links')}| {any_of('firmware_links')})*(?<!\w)(?P<code>{VERSION})(?![\w@]|\.\d)"
)
# "2.50 comme micrologiciel", "7.1.1 is the firmware".
FIRMWARE_BEFORE = re.compile(
    rf"(?<![\w.@/-])(?P<code>{VERSION})(?: comme| est| as| is| for)?(?: le| la| the| my| mon)? (?:firmware|micrologiciel|fw)(?!\w)"
)
FIRMWARE = re.compile(
    r"(?<![\w.@/-])(?P<code>v?\d{1,2}\.\d{1,3}\.\d{1,3}\.\d{1,4}(?:\.\d+)*[a-z]?\d*|\d{1,2}(?:\.\d{1,3}){2}-\d{4,8}"
    r"|[a-z]{2,5}\d?(?:\.\d+){2,4})(?![\w@]|\.\d)"
)
ADDRESS_WORD = re.compile(r"(?<!\w)(?:ip|ping\w*|dns|adresse|address|passerelle|gateway|subnet|masque)(?!\w)")
PRIVATE = re.compile(r"(?:10|127|192\.168|172\.\d\d|255|8\.8|1\.1\.1)\.")

ERROR_CODE = r"[a-z]{1,4}-?\d{1,5}[a-z]?|\d{1,2}[a-z]\d{1,3}|\d{3,5}"
NAMED_ERROR = re.compile(
    rf"(?<!\w){any_of('errors')}(?:[ :#.\"'«»(=-]| {any_of('error_links')})*(?<!\w)(?P<code>{ERROR_CODE})(?![\w@]|[.,-]\d| ?[$%])"
)
# "691 error", "flashes 2012".
ERROR_BEFORE = re.compile(rf"(?<![\w@.,$-])(?P<code>{ERROR_CODE}) (?:errors?|erreurs?|err)(?!\w)")
SHOWN_NUMBER = re.compile(
    r"(?<!\w)(?:flash\w*|display\w*|affiche\w*|clignote\w*|shows?)[ \"«]+(?P<code>\d{3,4})"
    r"(?= *(?:$|[,;!?\"»]|\.(?!\d)| (?:on|sur|et|and|then|puis)(?!\w)))"
)
HTTP = re.compile(
    rf"(?<!\w){any_of('giving')}(?: me| us)?(?: an?| une?| du| des| le)?[ \"'«“]+(?P<code>40[0134589]|429|50[0234])(?!\w| ?[$%]|[.,]\d)"
)
# A browser's symbols, and Windows's numbers.
SYMBOL = re.compile(r"(?<![\w@.])(?P<code>(?:[a-z]+_){2,}[a-z]+|err_[a-z_]+|0x[0-9a-f]{4,8})(?!\w)")
SHOWN = re.compile(rf"(?<!\w){any_of('showing')}(?!\w)")
BARE_ERROR = re.compile(r"(?<![\w@.-])(?P<code>\d[a-f]\d{2}|e-?\d{2,4}|t[1-6])(?![\w@-]|\.\d)")
CAPITALS = re.compile(r"\d[A-F]\d{2}|E-?\d{2,4}")


def accounts(text: str, brand: Brand | None) -> Iterator[tuple[str, int, int]]:
    """The runs of digits that are an account number of the brand, separators taken out, with their places.

    A run counts whole, and each of its groups that a blank may have joined. Without a brand: eight to ten digits.
    """
    pattern = re.compile(brand.accounts["number"] if brand else ANY_ACCOUNT)
    for run in DIGITS.finditer(text):
        if pattern.fullmatch(re.sub(r"\D", "", run.group())):
            yield re.sub(r"\D", "", run.group()), run.start(), run.end()
            continue
        for part in re.finditer(r"\d+", run.group()):
            if pattern.fullmatch(part.group()):
                yield part.group(), run.start() + part.start(), run.start() + part.end()


def account_number(text: str, brand: Brand) -> str | None:
    """The first account number of the brand in an answer to the question for one."""
    return next((value for value, _, _ in accounts(text, brand)), None)


def request_number(text: str) -> str | None:
    """ "R-4821937" from "r4821937", "482 1937", "ma demande R-482-1937", in an answer to the question for one."""
    match = next((found for pattern in REQUEST_NUMBERS if (found := pattern.search(text))), None)
    return _request(match) if match else None


def _request(match: re.Match[str]) -> str:
    return f"R-{re.sub(r'[ -]', '', match[1])}"


def named_accounts(reading: Reading) -> Iterator[Entity]:
    """Account numbers that are called so: "compte 1002003001". These win over phones."""
    for value, start, end in accounts(reading.plain, reading.brand):
        if ACCOUNT_WORD.search(reading.plain, 0, start):
            yield reading.entity("account", value, start, end)


def bare_accounts(reading: Reading) -> Iterator[Entity]:
    """Account numbers by their pattern alone; without a brand there is none."""
    if reading.brand:
        for value, start, end in accounts(reading.plain, reading.brand):
            if not PHONE_WORD.search(reading.plain, 0, start) and not NETWORK.fullmatch(reading.plain, start, end):
                yield reading.entity("account", value, start, end)


def requests(reading: Reading) -> Iterator[Entity]:
    """Support requests; without their R only where the message calls them so."""
    for match in REQUEST_NUMBERS[0].finditer(reading.plain):
        yield reading.entity("request", _request(match), match.start(), match.end())
    for match in REQUEST_NUMBERS[1].finditer(reading.plain):
        if REQUEST_WORD.search(reading.plain, 0, match.start()):
            yield reading.entity("request", _request(match), match.start(), match.end())


def bills(reading: Reading) -> Iterator[Entity]:
    """Bill numbers. Without its letter, a number has the brand's where the brand is known."""
    brand_mark = reading.brand.accounts.get("bill", "") if reading.brand else ""
    if brand_mark:  # "W 38002": a letter and a blank, if it is the brand's
        for match in re.finditer(
            rf"(?<![\w'-]){re.escape(brand_mark.strip('-').lower())} (\d{{5}})(?![\w-]|[.,]\d| ?\$)", reading.plain
        ):
            yield reading.entity("bill", f"{brand_mark}{match[1]}", *match.span())
    for match in BILLS.finditer(reading.plain):
        letter, digits = match["letter"] or match["letter_apart"], match["digits"] or match["digits_apart"]
        start = match.start() if match["letter"] else match.start("letter_apart" if letter else "alone")
        mark = f"{letter.upper()}-" if letter else brand_mark
        yield reading.entity("bill", f"{mark}{digits or match['alone']}", start, match.end())


def named_serials(reading: Reading) -> Iterator[Entity]:
    """Serial numbers that are called so; at least four digits."""
    for match in SERIAL_WORD.finditer(reading.plain):
        value = _serial(match["code"])
        if sum(letter.isdigit() for letter in value) >= 4:
            yield reading.entity("serial", value, *match.span("code"))


def _serial(written: str) -> str:
    """In capitals without blanks; two letters before seven digits have a dash between, as software licences bear it."""
    value = written.upper().replace(" ", "")
    return f"{value[:2]}-{value[2:]}" if re.fullmatch(r"[A-Z]{2}\d{7}", value) else value


def bare_serials(reading: Reading) -> Iterator[Entity]:
    """Serial numbers by their shape alone."""
    for match in SERIAL.finditer(reading.plain):
        yield reading.entity("serial", _serial(match["code"]), *match.span("code"))


def firmwares(reading: Reading) -> Iterator[Entity]:
    """Firmware versions, without a leading v; of four numbers or of letters and numbers also where nothing calls them so."""
    for pattern in (NAMED_FIRMWARE, FIRMWARE_BEFORE):
        for match in pattern.finditer(reading.plain):
            yield _version(reading, match)
    if not ADDRESS_WORD.search(reading.plain):
        for match in FIRMWARE.finditer(reading.plain):
            if not PRIVATE.match(match["code"]):
                yield _version(reading, match)


def _version(reading: Reading, match: re.Match[str]) -> Entity:
    start, end = match.span("code")
    if re.match(r"v\d", match["code"]):
        start += 1
    found = reading.entity("firmware", "", start, end)
    # Letters within a version keep their case (7.1.1.2.2b9); a name in front is in capitals (STAB.02.53).
    name = re.match(r"[A-Za-z]*", found.text)
    leading = name.group() if name else ""
    return reading.entity("firmware", leading.upper() + found.text[len(leading) :], start, end)


def error_codes(reading: Reading) -> Iterator[Entity]:
    """Error codes: after "erreur", "error", "code"; symbols of a browser; the machines' shapes where something shows them."""
    for match in NAMED_ERROR.finditer(reading.plain):
        if match["code"].isdigit() and re.match(r"codes?(?!\w)(?! d'err)", match.group()):
            continue  # "le code 123456": a number that is only called a code is another one
        yield reading.entity("error_code", match["code"].upper(), *match.span("code"))
    for pattern in (SYMBOL, ERROR_BEFORE, HTTP, SHOWN_NUMBER):
        for match in pattern.finditer(reading.plain):
            yield reading.entity("error_code", match["code"].upper(), *match.span("code"))
    shown = SHOWN.search(reading.plain)
    for match in BARE_ERROR.finditer(reading.plain):
        found = reading.entity("error_code", match["code"].upper(), *match.span("code"))
        if shown or CAPITALS.fullmatch(found.text):
            yield found
