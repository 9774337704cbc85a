"""Rules on the e-service profile: who is the administrator, and how many people and accounts one may have.

A rule file: it imports the standard library only. Source: PRIMUS, one administrator and up to four secondary users, at
most 50 accounts.
"""

from __future__ import annotations


class TooMany(Exception):
    """The profile is full. `most`: how many it may have in all."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


def role_of_next(registered: int, secondary_users: int) -> str:
    """ "administrator" for the first person of an account, "secondary" for those after. Raises TooMany."""
    if registered >= 1 + secondary_users:
        raise TooMany(1 + secondary_users)
    return "secondary" if registered else "administrator"


def require_room(accounts: int, most: int) -> None:
    """Raises TooMany where a profile of that many accounts takes no other."""
    if accounts >= most:
        raise TooMany(most)


def is_same_person(name: str, email: str, other_name: str, other_email: str | None) -> bool:
    """Whether two registrations are one: the same name and address, whatever capitals and blanks."""
    return other_email is not None and _plain(name) == _plain(other_name) and _plain(email) == _plain(other_email)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
