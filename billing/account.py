"""Rules on accounts: how account numbers and postal codes compare, and in which province a postal code lies.

A rule file: it imports the standard library only.
"""

from __future__ import annotations

import unicodedata

# First letter of a Canadian postal code -> province or territory (Canada Post's districts). X is shared by the
# Northwest Territories and Nunavut, which tax alike.
_DISTRICTS = {
    "A": "NL",
    "B": "NS",
    "C": "PE",
    "E": "NB",
    "G": "QC",
    "H": "QC",
    "J": "QC",
    "K": "ON",
    "L": "ON",
    "M": "ON",
    "N": "ON",
    "P": "ON",
    "R": "MB",
    "S": "SK",
    "T": "AB",
    "V": "BC",
    "X": "NT",
    "Y": "YT",
}
PROVINCES = frozenset(_DISTRICTS.values()) | {"NU"}


def normal_account_number(text: str) -> str:
    """The account number as it is kept: letters and digits only, capitals ("1002-003 001" -> "1002003001")."""
    return _letters_and_digits(text)


def normal_postal_code(text: str) -> str:
    """The postal code as it is kept: "h2x 1y4" -> "H2X1Y4". A US ZIP+4 gives its five digits, as bills show."""
    code = _letters_and_digits(text)
    return code[:5] if len(code) == 9 and code.isdigit() else code


def province(country: str, postal_code: str) -> str | None:
    """The province or territory ("QC") of a Canadian postal code; None outside Canada or for an unknown district."""
    if country != "CA":
        return None
    return _DISTRICTS.get(normal_postal_code(postal_code)[:1])


def _letters_and_digits(text: str) -> str:
    # NFKC first: a phone's keyboard may send full-width digits.
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isascii() and sign.isalnum())
