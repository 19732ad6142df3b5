"""Composing an issue: what is in it, in which order, with which words around."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance import clock
from governance.http import standing_of, told_ok, told_refused
from governance.models import Record
from transfer import rules
from transfer.errors import Stale
from transfer.http import Attempt, attempt
from transfer.models import ExchangeFormat, NewsletterIssue, NewsletterPiece
from transfer.newsletter import letter, queries, services
from transfer.newsletter.forms import (
    IssueForm,
    OpenedTextForm,
    RecordForm,
    TextForm,
    initial_of,
    initial_of_text,
)
from transfer.newsletter.views.reading import way_to

SUGGESTED = 30
# What a button asks for, followed by the key of a record.
TAKE = "take-"
form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """A new issue; what was published since the last one is in it already."""
    standing = standing_of(request)
    shown = get_object_or_404(ExchangeFormat.objects.select_related("team"), slug=slug)
    if not rules.may_prepare(standing, shown) or not shown.is_newsletter:
        raise PermissionDenied
    title = _("Neues im %s") % date_format(clock.today(), "F Y")
    form = IssueForm(request.POST or None, initial={"opened_on": 0, "title": title})
    made: list[NewsletterIssue] = []

    def step(data: dict[str, Any]) -> None:
        made.append(services.begin(standing=standing, exchange_format=shown, **form.values()))

    tried = attempt(request, form, step)
    if tried.done:
        told_ok(request, _("Begonnen. Was seit der letzten Ausgabe veröffentlicht wurde, steht schon darin."))
        return redirect("transfer:issue_edit", made[0].pk)
    here = _("Neue Ausgabe")
    way = [(_("Weitergeben"), reverse("transfer:formats")), (shown.name, shown.get_absolute_url()), (here, None)]
    context = {"form": form, "heading": here, "way": way}
    return render(request, "transfer/form.html", context, status=tried.status)


@form_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """All of an issue on one page; each button does one thing at once."""
    standing = standing_of(request)
    found = queries.fetch(standing, pk)
    if not rules.may_prepare(standing, found.format):
        raise PermissionDenied
    if found.is_released:
        return redirect(found)
    do = request.POST.get("do", "")
    if request.method == "POST" and do.startswith(TAKE):
        return _take(request, found, do.removeprefix(TAKE))
    if do == "drop":
        return _drop(request, found)
    return _forms(request, found, do if request.method == "POST" else None)


def _forms(request: HttpRequest, found: NewsletterIssue, do: str | None) -> HttpResponse:
    """The three forms of the page, of which one may have been posted."""
    standing = standing_of(request)

    def data(name: str) -> Any:
        return request.POST if do == name else None

    head = IssueForm(data("save"), initial=initial_of(found), prefix="issue")
    record = RecordForm(data("record"), prefix="record")
    text = TextForm(data("text"), prefix="text")
    steps: dict[str, tuple[forms.Form, Callable[[dict[str, Any]], Any], str]] = {
        "save": (head, lambda posted: _save(request, found, head), _("Gespeichert.")),
        "record": (
            record,
            lambda posted: services.add_record(standing=standing, issue=found, record=posted["short_number"]),
            _("Aufgenommen."),
        ),
        "text": (text, lambda posted: services.add_text(standing=standing, issue=found, **posted), _("Aufgenommen.")),
    }
    tried = Attempt()
    if do in steps:
        form, step, told = steps[do]
        tried = attempt(request, form, step)
        if tried.done:
            told_ok(request, told, saved=_backup_key(request, found) if do == "text" else "")
            return redirect(request.path)
    return _page(request, found, {"head": head, "record": record, "text": text}, tried)


def _save(request: HttpRequest, found: NewsletterIssue, head: IssueForm) -> None:
    try:
        services.change(
            standing=standing_of(request), issue=found, opened_on=head.cleaned_data["opened_on"], **head.values()
        )
    except Stale as error:
        # The hidden field has a prefix here.
        error.newest = {head.add_prefix(name): value for name, value in error.newest.items()}
        raise


def _page(request: HttpRequest, found: NewsletterIssue, shown: dict[str, forms.Form], tried: Attempt) -> HttpResponse:
    told = letter.of(found)
    context = {
        "issue": found,
        "forms": shown,
        "letter": told,
        "backup_key": _backup_key(request, found),
        "suggested": list(queries.suggested(found)[:SUGGESTED]),
        "since": queries.since(found),
        "conflict": tried.conflict,
        "now": _now(tried),
        "may_release": rules.may_organise(standing_of(request), found.format),
        "way": way_to(found, _("Bearbeiten")),
    }
    return render(request, "transfer/newsletter/edit.html", context, status=tried.status)


def _backup_key(request: HttpRequest, found: NewsletterIssue) -> str:
    """What the browser files its own copy of a text for this issue under."""
    return f"{request.user.pk}:issue-{found.pk}"


def _now(tried: Attempt) -> list[tuple[str, Any]]:
    current = tried.current
    if isinstance(current, NewsletterPiece):
        return [(_("Überschrift"), current.title), (_("Text"), current.text)]
    if isinstance(current, NewsletterIssue):
        readers = current.department.name if current.department else _("alle Bereiche")
        return [(_("Titel"), current.title), (_("Für wen?"), readers), (_("Begrüßung"), current.intro)]
    return []


def _take(request: HttpRequest, found: NewsletterIssue, key: str) -> HttpResponse:
    """One of the suggestions."""
    record = get_object_or_404(Record, pk=int(key) if key.isascii() and key.isdecimal() and len(key) < 18 else 0)
    return _done(request, found, lambda: services.add_record(standing=standing_of(request), issue=found, record=record))


def _drop(request: HttpRequest, found: NewsletterIssue) -> HttpResponse:
    try:
        services.drop(standing=standing_of(request), issue=found)
    except ValidationError as error:
        told_refused(request, error)
        return redirect(found)
    told_ok(request, _("„%s“ ist verworfen.") % found.title)
    return redirect(found.format)


def _done(request: HttpRequest, found: NewsletterIssue, step: Callable[[], Any], place: str = "") -> HttpResponse:
    """Do it, tell what was refused, and go back to the page."""
    try:
        step()
    except ValidationError as error:
        told_refused(request, error)
    return redirect(f"{reverse('transfer:issue_edit', args=[found.pk])}{place}")


@form_page
def piece(request: HttpRequest, pk: int) -> HttpResponse:
    """Another place or length for a piece, leaving it out; of a text of one's own other words."""
    standing = standing_of(request)
    found = queries.fetch_piece(standing, pk)
    if not rules.may_prepare(standing, found.issue.format):
        raise PermissionDenied
    common: dict[str, Any] = {"standing": standing, "piece": found}
    do = request.POST.get("do", "")
    if do in (services.UP, services.DOWN):
        return _done(request, found.issue, lambda: services.move(**common, way=do), f"#beitrag-{found.pk}")
    if do in services.Length.values:
        return _done(request, found.issue, lambda: services.set_length(**common, length=do), f"#beitrag-{found.pk}")
    if do == "out":
        return _done(request, found.issue, lambda: services.leave_out(**common), "#beitraege")
    if found.record_id is not None or found.issue.is_released:
        return redirect(found.issue)
    return _text(request, found)


def _text(request: HttpRequest, found: NewsletterPiece) -> HttpResponse:
    form = OpenedTextForm(request.POST or None, initial=initial_of_text(found))
    tried = attempt(
        request, form, lambda data: services.change_text(standing=standing_of(request), piece=found, **data)
    )
    if tried.done:
        told_ok(request, _("Gespeichert."))
        return redirect(f"{reverse('transfer:issue_edit', args=[found.issue_id])}#beitrag-{found.pk}")
    here = _("Text ändern")
    context = {
        "form": form,
        "conflict": tried.conflict,
        "now": _now(tried),
        "heading": here,
        "way": way_to(found.issue, here),
    }
    return render(request, "transfer/form.html", context, status=tried.status)
