"""`python -m billing`: serve the billing backend at the host and port of its settings."""

from __future__ import annotations

import logging
import os
import re
import sys

from aiohttp import web

from billing.app import create_app
from billing.settings import Settings, SettingsError

# Who knows the address of a payment page or a document may use it: a log must not hold it.
_LINKS = re.compile(r"(/(?:pay|documents)/)[^\s?\"]+")
_QUERIES = re.compile(r"\?[^\s\"]+")  # postal codes and serial numbers


def hide_links(record: logging.LogRecord) -> bool:
    """A filter of the log: takes the secret part of links, and what is asked for, out of a line."""
    record.msg, record.args = _QUERIES.sub("?...", _LINKS.sub(r"\1...", record.getMessage())), ()
    return True


def main() -> int:
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("aiohttp.access").addFilter(hide_links)
    web.run_app(create_app(settings=settings, jobs=True), host=settings.host, port=settings.port, print=None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
