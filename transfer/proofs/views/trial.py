"""The page of a trial, for its team: where it stands, what comes next, notes, announcement, and what is made of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance import clock, status, versions
from governance.http import posted_from, standing_of, told_ok, told_refused
from governance.models import CatalogueEntry, Record
from governance.rules import may_submit
from governance.text.clean import slugify_de
from governance.writing.desk import url_of
from learnings.models import KIND as LEARNING
from processmodels.models import KIND as PROCESS_MODEL
from transfer.http import Attempt, attempt
from transfer.models import Announcement, Trial
from transfer.proofs import announcing, carrying, kind, measure, queries, rules
from transfer.proofs.forms.trial import AnnouncementForm
from transfer.proofs.page import outcome_of
from transfer.proofs.reminding import path_of

TAKE_BACK = "take_back"


def way_to(record: Record, here: str = "") -> list[tuple[str, str | None]]:
    """The way to a page of the trial."""
    title = record.current_version.title if record.current_version else record.short_number
    way: list[tuple[str, str | None]] = [
        (_("Nachnutzen"), reverse("transfer:adoptions")),
        (_("Proofs of Concept"), reverse("proofs:list")),
        (title, path_of(record)),
    ]
    return [*way, (here, None)] if here else way


@require_safe
def trial(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """All there is to a trial, and its next step."""
    standing = standing_of(request)
    record = queries.fetch_own(standing, number)
    found = queries.trial_of(record)
    text = versions.content_of(record)
    context = {
        "record": record,
        "trial": found,
        "text": text,
        "slug": slugify_de(text.title),
        "status": status.of(standing, record),
        "facts": _facts(found),
        "measures": measure.read(text.measures),
        "outcome": outcome_of(text),
        "decision": text.get_decision_display() if text.decision else "",
        "is_overdue": found.is_overdue_on(clock.today()),
        "notes": list(found.notes.select_related("author")) if found.measures else [],
        "announcement": queries.announcement_of(record),
        "is_published": CatalogueEntry.objects.filter(pk=record.pk).exists(),
        "may_announce": rules.may_announce(standing, record),
        "signs": may_submit(standing, record),
        "may_submit": not kind.missing(versions.values_of(text, kind.PROOF_OF_CONCEPT)),
        "drafts": _drafts(found),
        "way": way_to(record),
    }
    return render(request, "transfer/proofs/trial.html", context)


def _facts(found: Trial) -> list[tuple[str, Any]]:
    rows = [
        (_("Beginn"), found.started_on),
        (_("Ende"), found.ends_on),
        (_("Abgeschlossen am"), found.finished_on),
        (_("Entschieden am"), found.decided_on),
    ]
    return [(name, date_format(day, "j. F Y")) for name, day in rows if day]


def _drafts(found: Trial) -> list[dict[str, Any]]:
    """What can be made of a finished trial, or was."""
    if not found.has_ended:
        return []
    made = ((LEARNING, _("Learning"), found.learning), (PROCESS_MODEL, _("Prozessmodell"), found.process))
    return [
        {"kind": key, "label": label, "record": record, "url": url_of(record, "record") if record else ""}
        for key, label, record in made
    ]


def page_of(number: int, slug: str) -> str:
    return reverse("proofs:trial", args=[number, slug])


@posted_from(page_of)
def carry(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Make a draft learning or process model; the person goes on writing there."""
    standing = standing_of(request)
    record = queries.fetch_own(standing, number)
    wanted = PROCESS_MODEL if request.POST.get("into") == PROCESS_MODEL else LEARNING
    try:
        key = carrying.carry_over(standing=standing, record=record, kind=wanted)
    except ValidationError as error:
        told_refused(request, error)
        return redirect(path_of(record))
    made = Record.objects.select_related("current_version").get(pk=key)
    told_ok(request, _("Der Entwurf ist angelegt, mit Text, Zahlen und Anlagen. Er nennt den Proof of Concept."))
    return redirect(url_of(made, "edit"))


# -- the announcement ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Show the trial to all staff, or no longer: for the team's lead."""
    standing = standing_of(request)
    record = queries.fetch_own(standing, number)
    if not rules.may_announce(standing, record):
        raise PermissionDenied
    if request.POST.get("do") == TAKE_BACK:
        announcing.take_back(standing=standing, record=record)
        told_ok(request, _("Zurückgenommen. Die Ankündigung ist auf der Übersicht nicht mehr zu sehen."))
        return redirect(path_of(record))
    now = queries.announcement_of(record)
    posted = request.POST if request.method == "POST" else None
    form = AnnouncementForm(posted, record=record, initial=_initial(record, now))
    tried = attempt(request, form, lambda data: announcing.release(standing=standing, record=record, **data))
    if tried.done:
        told_ok(request, _("Freigegeben. Alle Beschäftigten sehen die Ankündigung unter „In Erprobung“."))
        return redirect(path_of(record))
    return _announcement_page(request, record, now, form, tried)


def _initial(record: Record, now: Announcement | None) -> dict[str, Any]:
    if now:
        return {"title": now.title, "question": now.question, "contact": now.contact_id}
    text = versions.content_of(record)
    return {"title": text.title, "question": text.question, "contact": record.contact_id}


def _announcement_page(
    request: HttpRequest, record: Record, now: Announcement | None, form: AnnouncementForm, tried: Attempt
) -> HttpResponse:
    context = {
        "form": form,
        "record": record,
        "announcement": now,
        "back": path_of(record),
        "way": way_to(record, _("Ankündigung")),
    }
    return render(request, "transfer/proofs/announcement.html", context, status=tried.status)
