"""The clock of the program; tests bring one of their own."""

import datetime


def utc_now() -> datetime.datetime:
    """This moment."""
    return datetime.datetime.now(datetime.UTC)
