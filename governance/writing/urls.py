"""Addresses of writing, the same for every kind; included by the app of the kind."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from governance.record_urls import RECORD
from governance.writing import pages, saving
from governance.writing.writing import Writing


def writing_patterns(writing: Writing) -> list[URLPattern]:
    """Starting a text, its steps, conflicts and the files on the desk."""

    def at(rest: str, view: Any, name: str) -> URLPattern:
        return path(rest, view, {"writing": writing}, name=name)

    return [
        at("new/", pages.quick, "new"),
        path("preview/", pages.preview, name="preview"),
        path("same/", pages.same, name="same"),
        at(f"{RECORD}edit/", pages.edit, "edit"),
        at(f"{RECORD}edit/<int:step>/", pages.edit, "edit_step"),
        at(f"{RECORD}edit/all/", pages.edit_all, "edit_all"),
        at(f"{RECORD}edit/conflict/", saving.conflict, "conflict"),
        at(f"{RECORD}edit/drop/", pages.drop, "drop"),
        at(f"{RECORD}edit/files/<str:name>/", pages.draft_file, "draft_file"),
    ]
