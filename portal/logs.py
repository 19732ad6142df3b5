"""Log lines as JSON, without personal data: for a log server, which keeps them longer and shows them to more people.

Our own messages name keys, never words; they are written whole. What a library says is written as its template,
without what it would fill in (Django fills in addresses with titles, gunicorn whole queries). Of an error its kind and
where it happened is told, not its text: PostgreSQL repeats the values of a row in it. What looks like a mail or network
address is blanked wherever it stands.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import traceback
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OURS = ("portal", "transfer", "learnings", "processmodels", "governance")
LONGEST = 500
FRAMES = 12
BLANK = "…"
_MAIL = re.compile(r"[^\s@<>\"'(=,;:]+@[^\s@<>\"'),;]+")
_IP = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![\w:])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])")


class JsonFormatter(logging.Formatter):
    """One object in one line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": _message(record),
        }
        if (status := getattr(record, "status_code", None)) is not None:
            line["status"] = status
        if (match := getattr(getattr(record, "request", None), "resolver_match", None)) is not None:
            line["route"] = match.view_name
        if record.exc_info and record.exc_info[1] is not None:
            line |= _error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    if not isinstance(record.msg, str):
        # Some log the error itself, whose words may be anybody's.
        return type(record.msg).__name__
    is_ours = record.name.partition(".")[0] in OURS
    return blanked(record.getMessage() if is_ours else record.msg)


def blanked(text: str) -> str:
    """The text in one line, not too long, without mail and network addresses."""
    shown = " ".join(_IP.sub(BLANK, _MAIL.sub(BLANK, text[: 4 * LONGEST])).split())
    return shown if len(shown) <= LONGEST else shown[:LONGEST] + BLANK


def _error(error: BaseException) -> dict[str, Any]:
    """Its kind, what caused it, and the way there: files and functions, without values."""
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < FRAMES:
        kinds.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return {"error": kinds, "trace": [f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]}


def _place(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])


def config(form: str, level: str) -> dict[str, Any]:
    """What `logging.config.dictConfig` takes, for Django and for gunicorn. `form`: line or json."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
            "json": {"()": "portal.logs.JsonFormatter"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Refusals are told by portal.security, with keys; Django's own lines repeat addresses with titles.
            "django.request": {"level": "ERROR"},
            # Django gives its own a handler for development, and mails errors with all their values.
            "django": {"handlers": [], "propagate": True, "level": level},
        },
    }
