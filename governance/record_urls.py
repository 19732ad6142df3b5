"""Addresses that every kind of record has; included by the app of the kind."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from governance.countersigning import views as countersigning
from governance.upkeep import views as upkeep
from governance.views import files, history, records

RECORD = "<int:number>-<slug:slug>/"


def record_patterns(kind: str) -> list[URLPattern]:
    """History, comparison and the steps of the workflow for records of `kind`."""

    def at(rest: str, view: Any, name: str) -> URLPattern:
        return path(f"{RECORD}{rest}", view, {"kind": kind}, name=name)

    return [
        at("versions/", history.versions_page, "versions"),
        at("versions/<int:version>/", history.version_page, "version"),
        at("versions/<int:older>..<int:newer>/", history.compare, "compare"),
        at("versions/<int:version>/files/<str:name>/", files.file, "file"),
        at("compare/", history.choose, "choose"),
        at("submit/", records.submit, "submit"),
        at("put-forward/", countersigning.put_forward, "put_forward"),
        at("give-back/", countersigning.give_back, "give_back"),
        at("withdraw/", records.withdraw, "withdraw"),
        at("discard/", records.discard, "discard"),
        at("roll-back/<int:version>/", records.roll_back, "roll_back"),
        at("confirm/", records.confirm, "confirm"),
        at("check-up/", upkeep.check_up, "check_up"),
        at("archive/", records.archive, "archive"),
        at("reopen/", records.reopen, "reopen"),
        at("administration/", records.administration, "administration"),
        at("comments/<int:pk>/", records.comment, "comment"),
    ]
