"""Log lines, as text for people or as JSON for a log store (`LOG_FORMAT`); each names the request that it belongs to."""

from __future__ import annotations

import datetime
import json
import logging
import os
from collections.abc import Mapping

from monitoring import request_id

TEXT, JSON = "text", "json"
LINE = "%(asctime)s %(levelname)s %(name)s [%(request)s] %(message)s"


class NamesRequest(logging.Filter):
    """Puts the request's id on each record; lets all pass. Where a record has one already, as of a request that is over, it stays."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not getattr(record, "request", ""):
            record.request = request_id.current() or "-"
        return True


class JsonLines(logging.Formatter):
    """One line of JSON for each record: `at`, `level`, `process`, `logger`, `request`, `message`, and `error` with the traceback.

    What was given as `extra={"fields": {…}}` stands beside them.
    """

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.timezone.utc)
        line = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "process": self._process,
            "logger": record.name,
            "request": getattr(record, "request", "-"),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_format(env: Mapping[str, str] = os.environ) -> str:
    """What `LOG_FORMAT` says; text where it is not set. Raises ValueError where it is neither."""
    found = env.get("LOG_FORMAT") or TEXT
    if found not in (TEXT, JSON):
        raise ValueError(f"LOG_FORMAT must be {TEXT} or {JSON}, not {found!r}")
    return found


def formatter(process: str, env: Mapping[str, str] = os.environ) -> logging.Formatter:
    """How the lines of a process are written."""
    return JsonLines(process) if log_format(env) == JSON else logging.Formatter(LINE)


def set_up(process: str, env: Mapping[str, str] = os.environ) -> bool:
    """Writes this process's log lines to standard error from now on; True where they are JSON, with a line for each request."""
    try:
        handler = logging.StreamHandler()
        handler.setFormatter(formatter(process, env))
    except ValueError as error:
        raise SystemExit(f"The {process} cannot start:\n- {error}") from error
    handler.addFilter(NamesRequest())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    return log_format(env) == JSON
