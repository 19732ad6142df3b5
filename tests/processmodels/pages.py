"""The pages of writing a process model, as a browser uses them."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from governance import versions
from governance.models import DraftBuffer, Record
from tests.factories import Cast, reload
from tests.learnings.pages import client_of, fields_of, send

__all__ = ["address", "client_of", "fields_of", "kept", "send", "start", "text_of", "upload"]


def address(record: Record, rest: str = "") -> str:
    return f"/processmodels/{record.number}-hund-anmelden/{rest}"


def start(cast: Cast, by: str = "author") -> Record:
    """A record as the first page makes it."""
    send(client_of(cast, by), "/processmodels/new/", title="Hund anmelden", purpose="Hunde zur Steuer anmelden.")
    return Record.objects.get(kind="process_model")


def kept(cast: Cast, record: Record, by: str = "author") -> dict[str, Any]:
    return DraftBuffer.objects.get(record=record, user=getattr(cast, by)).data


def text_of(record: Record) -> Any:
    return versions.content_of(reload(record))


def upload(
    cast: Cast, record: Record, data: bytes, state: str = "to_be", name: str = "modell.bpmn", **more: Any
) -> Any:
    file = {f"{state}__file": SimpleUploadedFile(name, data)}
    return send(client_of(cast, "author"), address(record, "edit/2/"), go=more.pop("go", "stay"), **file, **more)
