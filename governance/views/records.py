"""The steps of the workflow on a record's pages: fetch or 404, form, service, message, redirect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from governance import administration as administrative
from governance import kinds, pairs, queries, reviewing, rules, status, versions, workflow
from governance.countersigning import page as countersigning
from governance.errors import Conflict, Incomplete, NotCountersigned, Renewed, WrongState
from governance.forms import (
    AnswerForm,
    ArchiveForm,
    CheckUpForm,
    ContactForm,
    IntervalForm,
    NoteForm,
    PairNoteForm,
    ReachForm,
    ReasonForm,
)
from governance.http import backup_key, posted_from, standing_of, taken, told_ok, told_refused
from governance.models import Comment, Record
from governance.text.clean import slugify_de
from governance.transitions import TABLE
from governance.upkeep import dates
from governance.views import history
from governance.workflow import Verb

_BOTH = gettext_lazy("Beide vorgelegt. Das Gremium hat Mitteilungen bekommen.")
_NOT_BOTH = gettext_lazy(
    "Die beiden Texte ließen sich nicht zusammen vorlegen: Einer von ihnen hat sich inzwischen geändert. "
    "Vorgelegt ist keiner. Bitte sehen Sie, was jetzt hier steht, und entscheiden Sie noch einmal."
)
form_page = require_http_methods(["GET", "HEAD", "POST"])


def _history(kind: str, number: int, slug: str, pk: int | None = None) -> str:
    """The page on which the buttons stand; `pk` is the comment it is about."""
    return kinds.get(kind).url("versions", number, slug) + (f"#kommentar-{pk}" if pk else "")


from_history = posted_from(_history)


def url_of(request: HttpRequest, record: Record, name: str) -> str:
    title = queries.title_for(standing_of(request), record)
    return kinds.get(record.kind).url(name, record.number, slugify_de(title))


def fetch_for(request: HttpRequest, kind: str, number: int, verb: Verb) -> Record:
    """The record, when this person may use `verb` on it at all: 404 for outsiders, else 403."""
    standing = standing_of(request)
    record = queries.fetch_record(standing, kind, number)
    submitted = workflow.was_submitted(record)
    may = {
        Verb.CONFIRM: rules.leads_owner(standing, record),
        Verb.REOPEN: rules.leads_owner(standing, record),
        Verb.ARCHIVE: rules.may_archive(standing, record, was_submitted=submitted),
    }.get(verb, rules.may_edit(standing, record))
    if not may:
        raise PermissionDenied
    return record


def context_of(request: HttpRequest, record: Record, **more: Any) -> dict[str, Any]:
    title, kind = queries.title_for(standing_of(request), record), kinds.get(record.kind)
    slug = slugify_de(title)
    return {
        "record": record,
        "kind": kind,
        "title": title,
        "slug": slug,
        "status": status.of(standing_of(request), record),
        "back": kind.url("versions", record.number, slug),
        **more,
    }


def _do(request: HttpRequest, record: Record, step: Callable[[], Any], done: str, *, dropped: str = "") -> HttpResponse:
    """Take the step, tell how it ended, go back to the record."""
    try:
        step()
    except (Conflict, Renewed) as error:
        told_refused(request, error, "conflict")
    except ValidationError as error:
        told_refused(request, error)
    else:
        return _done(request, record, done, dropped)
    return redirect(url_of(request, record, "versions"))


def _done(request: HttpRequest, record: Record, text: str, dropped: str = "") -> HttpResponse:
    told_ok(request, text, dropped=dropped)
    record = queries.fetch_record(standing_of(request), record.kind, record.number)
    return redirect(url_of(request, record, "versions"))


@form_page
def submit(request: HttpRequest, kind: str, number: int, slug: str) -> HttpResponse:
    """Lay the saved text before the committee, with the other of its pair if wanted; says what is still missing."""
    record, standing = fetch_for(request, kind, number, Verb.SUBMIT), standing_of(request)
    if request.method != "POST" and not rules.may_submit(standing, record):
        return redirect(url_of(request, record, "put_forward"))
    page = _submission(request, record, request.POST or None)
    form, partner = page["form"], page["partner"]
    code = 422 if form.is_bound else 200
    if form.is_valid():
        data, both = form.cleaned_data, form.cleaned_data.get("together", False)
        texts = {record: data["version"]} | ({partner["record"]: data["partner_version"] or 0} if both else {})
        try:
            if "together" in request.POST and not both:
                raise WrongState(_NOT_BOTH)
            pairs.submit(texts=texts, standing=standing, note=data["note"])
        except Incomplete:
            page |= _submission(request, record, request.POST)  # names what is missing
        except NotCountersigned as error:
            told_refused(request, error, "conflict")
            page = context_of(request, record) | countersigning.put_forward_context(standing, record, note=data["note"])
            return render(request, "governance/countersigning/put_forward.html", page, status=409)
        except ValidationError as error:
            told_refused(request, error, "conflict")
            page, code = _submission(request, fetch_for(request, kind, number, Verb.SUBMIT), note=data["note"]), 409
        else:
            told_ok(request, str(_BOTH) if both else _("Vorgelegt. Das Gremium hat eine Mitteilung bekommen."))
            return redirect(url_of(request, record, "versions"))
    return render(request, "governance/submit.html", page, status=code)


def _submission(request: HttpRequest, record: Record, posted: Any = None, note: str = "") -> dict[str, Any]:
    version, kind = versions.current_of(record), kinds.get(record.kind)
    values = versions.values_of(versions.text_of(version), kind)
    partner = _partner(request, record, values)
    initial = {"version": version.pk, "note": note}
    if partner and partner["is_ready"]:
        initial |= {"partner_version": partner["record"].current_version_id, "together": not partner["buffer"]}
        form: NoteForm = PairNoteForm(posted, initial=initial, partner=partner["record"])
    else:
        form = NoteForm(posted, initial=initial)
    return context_of(
        request,
        record,
        form=form,
        version=version,
        missing=kind.missing(values),
        doubts=kind.doubts(values),
        buffer=versions.buffer_of(record=record, standing=standing_of(request)),
        comments=list(reviewing.open_comments(record)),
        partner=partner,
        countersigning=countersigning.shown(standing_of(request), record),
    )


def _partner(request: HttpRequest, record: Record, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The other record of the pair, as far as it is not published, and what keeps it from being submitted, too."""
    found = pairs.partner_of(record, values["related"], [*TABLE[Verb.SUBMIT].sources, Record.State.IN_REVIEW])
    if found is None:
        return None
    version, kind = versions.current_of(found), kinds.get(found.kind)
    waits = found.state == Record.State.IN_REVIEW
    missing = [] if waits else kind.missing(versions.values_of(versions.text_of(version), kind))
    return {
        "record": found,
        "kind": kind,
        "slug": slugify_de(version.title),
        "waits": waits,
        "missing": missing,
        "is_ready": not waits and not missing and rules.may_submit(standing_of(request), found),
        "buffer": versions.buffer_of(record=found, standing=standing_of(request)),
    }


@from_history
def withdraw(request: HttpRequest, kind: str, number: int, slug: str) -> HttpResponse:
    record = fetch_for(request, kind, number, Verb.WITHDRAW)
    return _do(
        request,
        record,
        lambda: workflow.withdraw(record=record, standing=standing_of(request)),
        _("Zurückgezogen. Der Text kann wieder bearbeitet werden."),
    )


@from_history
def discard(request: HttpRequest, kind: str, number: int, slug: str) -> HttpResponse:
    record = fetch_for(request, kind, number, Verb.DISCARD)
    return _do(
        request,
        record,
        lambda: workflow.discard(record=record, standing=standing_of(request)),
        _("Die Änderungen sind verworfen. Es gilt wieder der veröffentlichte Text."),
        dropped=backup_key(request, record),
    )


@from_history
def confirm(request: HttpRequest, kind: str, number: int, slug: str) -> HttpResponse:
    """ "Gilt weiterhin", from the history page or from the page of the check-up, which names the day it showed."""
    record = fetch_for(request, kind, number, Verb.CONFIRM)
    try:
        due_on = dt.date.fromisoformat(request.POST.get("due_on", ""))
    except ValueError:
        due_on = None
    return _do(
        request,
        record,
        lambda: workflow.confirm(record=record, standing=standing_of(request), due_on=due_on),
        _("Danke. Der Eintrag gilt weiterhin; die nächste Wiedervorlage ist am %(day)s.")
        % {"day": date_format(dates.next_day(record), "j. F Y")},
    )


@from_history
def reopen(request: HttpRequest, kind: str, number: int, slug: str) -> HttpResponse:
    record = fetch_for(request, kind, number, Verb.REOPEN)
    return _do(
        request,
        record,
        lambda: workflow.reopen(record=record, standing=standing_of(request)),
        _("Wieder geöffnet als Entwurf. Veröffentlicht wird erst nach einer Freigabe."),
    )


def _with_reason(
    request: HttpRequest, record: Record, form: forms.Form, step: Callable[[dict[str, Any]], Any], **texts: str
) -> HttpResponse:
    if taken(form, step):
        return _done(request, record, texts["done"])
    code = 422 if form.is_bound else 200
    return render(request, "governance/reason.html", context_of(request, record, form=form, **texts), status=code)


@form_page
def roll_back(request: HttpRequest, kind: str, number: int, slug: str, version: int) -> HttpResponse:
    """Make an older version the newest and submit it, with a reason."""
    record = fetch_for(request, kind, number, Verb.ROLL_BACK)
    older = record.versions.filter(number=version).first()
    if older is None:
        raise Http404
    if request.method != "POST" and not rules.may_roll_back(standing_of(request), record):
        told_refused(request, NotCountersigned(), "denied")
        return redirect(url_of(request, record, "versions"))
    form = ReasonForm(request.POST or None)
    return _with_reason(
        request,
        record,
        form,
        lambda data: workflow.roll_back(
            record=record, standing=standing_of(request), version=older, note=data["reason"]
        ),
        heading=_("Zu Version %(number)d zurückkehren") % {"number": version},
        explanation=_("Der ältere Text wird als neue Version gespeichert und gleich vorgelegt. Nichts geht verloren."),
        action=_("Zurückkehren und vorlegen"),
        done=_("Die ältere Fassung liegt jetzt zur Freigabe vor."),
    )


@form_page
def archive(request: HttpRequest, kind: str, number: int, slug: str) -> HttpResponse:
    """Take the record out of use, with a reason and perhaps a successor."""
    record = fetch_for(request, kind, number, Verb.ARCHIVE)
    form = ArchiveForm(request.POST or None)
    return _with_reason(
        request,
        record,
        form,
        lambda data: workflow.archive(record=record, standing=standing_of(request), **data),
        heading=_("Archivieren"),
        explanation=_("Der Eintrag verschwindet aus Suche und Listen. Wer seine Adresse kennt, liest den Grund."),
        action=_("Archivieren"),
        done=_("Archiviert. Die Teamleitung kann den Eintrag wieder öffnen."),
    )


@form_page
def administration(request: HttpRequest, kind: str, number: int, slug: str) -> HttpResponse:
    """Contact, next check-up and reach: changed at once, without review."""
    standing = standing_of(request)
    record = queries.fetch_record(standing, kind, number)
    leads, committee = rules.leads_owner(standing, record), rules.may_change_reach(standing, record)
    if not (leads or committee):
        raise PermissionDenied
    which = request.POST.get("change", "")
    contact = ContactForm(request.POST if which == "contact" else None, record=record) if leads else None
    check_up = CheckUpForm(request.POST if which == "check_up" else None, record=record) if leads else None
    interval = IntervalForm(request.POST if which == "interval" else None, record=record) if leads else None
    reach = ReachForm(request.POST if which == "reach" else None, record=record) if committee else None
    steps: dict[str, tuple[forms.Form | None, Callable[[Any], Any]]] = {
        "contact": (
            contact,
            lambda d: administrative.change_contact(record=record, standing=standing, contact=d["contact"]),
        ),
        "check_up": (
            check_up,
            lambda d: administrative.change_check_up(record=record, standing=standing, day=d["day"]),
        ),
        "interval": (
            interval,
            lambda d: administrative.change_interval(record=record, standing=standing, months=d["months"]),
        ),
        "reach": (
            reach,
            lambda d: administrative.change_reach(record=record, standing=standing, reach=d["reach"]),
        ),
    }
    if request.method == "POST":
        form, step = steps.get(which, (None, lambda d: None))
        if form is None:
            raise PermissionDenied
        if taken(form, step):
            return _done(request, record, _("Gespeichert. Die Änderung gilt sofort."))
    context = context_of(
        request, record, contact_form=contact, check_up_form=check_up, interval_form=interval, reach_form=reach
    )
    code = 422 if request.method == "POST" else 200
    return render(request, "governance/administration.html", context, status=code)


@from_history
def comment(request: HttpRequest, kind: str, number: int, slug: str, pk: int) -> HttpResponse:
    """Answer a comment, mark it as met, or open it again."""
    standing = standing_of(request)
    record = queries.fetch_record(standing, kind, number)
    found = Comment.objects.filter(pk=pk, review__record=record).select_related("review").first()
    if found is None:
        raise Http404
    match request.POST.get("do"):
        case "answer" | "resolve" as do:
            return _answer(request, record, found, do)
        case "open_again":
            return _do(
                request,
                record,
                lambda: reviewing.open_again(comment=found, standing=standing),
                _("Der Kommentar ist wieder offen."),
            )
    raise Http404


def _answer(request: HttpRequest, record: Record, found: Comment, do: str) -> HttpResponse:
    """Both buttons stand beside one field: what is typed there is kept whichever is pressed."""
    standing = standing_of(request)
    if not rules.may_answer(standing, record):
        raise PermissionDenied
    form = AnswerForm(request.POST, comment=found)
    form.fields["text"].required = do == "answer"
    step = reviewing.answer if do == "answer" else reviewing.resolve
    if not taken(form, lambda data: step(comment=found, standing=standing, text=data["text"]), "text"):
        return history.render_versions(request, record, form, code=422)
    done = _("Ihre Antwort ist gespeichert.") if do == "answer" else _("Als erledigt gekennzeichnet.")
    told_ok(request, done, saved=f"{request.user.pk}:{form.backup_name}")
    return redirect(url_of(request, record, "versions"))
