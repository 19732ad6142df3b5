"""Asking, the page of a question or hint, answering, publishing, deleting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance import queries as records
from governance.http import posted_from, standing_of, told_ok, told_refused
from governance.models import CatalogueEntry, Record
from governance.rules import Standing
from governance.writing import desk
from transfer.asking import helping, queries, rules, services
from transfer.asking.forms import AnswerForm, AskForm, DeleteForm, HintForm, PassOnForm, PublishForm
from transfer.asking.rules import Asked
from transfer.http import Attempt, attempt
from transfer.models import Hint, Question
from transfer.published import parse

form_page = require_http_methods(["GET", "HEAD", "POST"])


# -- asking ----------------------------------------------------------------------------------------


def _page_of(short_number: str) -> str:
    """The block on the published record's page; what is none is left to the short number."""
    entry = records.catalogue().filter(short_number=short_number).first()
    return f"{entry.url}#fragen" if entry else f"/{short_number}"


def _published(standing: Standing, short_number: str) -> tuple[Record, CatalogueEntry]:
    """Raises Gone when it was published and is not now, else Http404."""
    kind, number = parse(short_number)
    record = records.fetch_readable_record(standing, kind.key, number)
    entry = records.catalogue().filter(pk=record.pk).first()
    if entry is None:
        raise records.not_there(record)
    return record, entry


@form_page
def ask(request: HttpRequest, short_number: str) -> HttpResponse:
    """ "Rückfrage an das Team"."""
    standing = standing_of(request)
    record, entry = _published(standing, short_number)
    form = AskForm(request.POST if request.method == "POST" else None)
    key = f"{standing.user_id}:ask-{short_number}"
    tried = attempt(request, form, lambda data: services.ask(standing=standing, record=record, **data))
    if tried.done:
        told_ok(request, _("Ihre Rückfrage ist beim Team. Die Antwort bekommen Sie per E-Mail."), saved=key)
        return redirect("transfer:questions")
    context = {
        "form": form,
        "entry": entry,
        "backup_key": key,
        "heading": _("Rückfrage an das Team"),
        "way": [(f"{entry.short_number} {entry.title}", entry.url), (_("Rückfrage"), None)],
    }
    return render(request, "transfer/asking/ask.html", context, status=tried.status)


@form_page
def give_hint(request: HttpRequest) -> HttpResponse:
    """ "Hinweis geben"."""
    standing = standing_of(request)
    form = HintForm(request.POST if request.method == "POST" else None)
    key = f"{standing.user_id}:hint"
    tried = attempt(request, form, lambda data: services.give_hint(standing=standing, **data))
    if tried.done:
        told_ok(request, _("Danke. Ihr Hinweis ist angekommen; was daraus wird, erfahren Sie per E-Mail."), saved=key)
        return redirect("transfer:questions")
    context = {
        "form": form,
        "teams": queries.teams_of(standing.department_id) if standing.department_id else [],
        "backup_key": key,
        "heading": _("Hinweis geben"),
        "way": [_overview(), (_("Hinweis geben"), None)],
    }
    return render(request, "transfer/asking/ask.html", context, status=tried.status)


@posted_from(_page_of)
def helped(request: HttpRequest, short_number: str) -> HttpResponse:
    """ "Hat mir geholfen"."""
    standing = standing_of(request)
    record, entry = _published(standing, short_number)
    try:
        is_new = helping.say_helped(standing=standing, record=record)
    except ValidationError as error:
        told_refused(request, error)
    else:
        text = _("Danke, das zählt. Ihr Name steht nirgends.") if is_new else _("Danke, das zählt schon.")
        # The reader is at the end of a long page and stays there: so is the answer.
        told_ok(request, text, is_here=True)
    return redirect(f"{entry.url}#fragen")


# -- reading ---------------------------------------------------------------------------------------


def _overview() -> tuple[str, str]:
    return _("Rückfragen und Hinweise"), reverse("transfer:questions")


def _line(asked: Asked) -> dict[str, Any]:
    return {"asked": asked, "is_question": isinstance(asked, Question)}


def _lines(*lists: Any) -> list[dict[str, Any]]:
    """Questions and hints together, what is open first, then the newest."""
    rows = [asked for rows in lists for asked in rows[: queries.LISTED]]
    rows.sort(key=lambda asked: (not asked.is_open, -asked.created_at.timestamp()))
    return [_line(asked) for asked in rows]


@require_http_methods(["GET", "HEAD"])
def questions(request: HttpRequest) -> HttpResponse:
    """What a person asked, and what was asked of the person's teams."""
    standing = standing_of(request)
    ours = _lines(queries.asked_of(standing, Question), queries.asked_of(standing, Hint)) if standing.teams else None
    mine = _lines(queries.mine(standing, Question), queries.mine(standing, Hint))
    is_cut = max(len(mine), len(ours or ())) >= queries.LISTED
    context = {"mine": mine, "ours": ours, "listed": queries.LISTED, "is_cut": is_cut}
    return render(request, "transfer/asking/list.html", context)


@form_page
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question, for who asked and who may answer; the team takes back here what it has published."""
    standing = standing_of(request)
    found = queries.fetch(standing, Question, pk)
    if request.method == "POST":
        services.take_back(standing=standing, question=found)
        told_ok(request, _("Zurückgenommen. Unter dem Eintrag steht sie nicht mehr."))
        return redirect(found)
    entry = records.catalogue().filter(pk=found.record_id).first()
    return render(request, "transfer/asking/question.html", _context(standing, found) | {"entry": entry})


@form_page
def hint(request: HttpRequest, pk: int) -> HttpResponse:
    """One hint, for who gave it and who may answer; the team makes a draft of it here."""
    standing = standing_of(request)
    found = queries.fetch(standing, Hint, pk)
    if request.method == "POST":
        return _write_learning(request, found)
    learning = found.learning
    is_known = learning is not None and learning.pk in records.readable_among(standing, [learning.pk])
    context = _context(standing, found) | {"learning": learning if is_known else None}
    return render(request, "transfer/asking/hint.html", context)


def _context(standing: Standing, found: Asked) -> dict[str, Any]:
    teams = queries.addressees(found)
    keys = [team.pk for team in teams]
    may: dict[str, Any] = {
        "may_answer": rules.may_answer(standing, found, keys),
        "may_delete": rules.may_delete(standing, found, keys) and not found.is_deleted,
    }
    if isinstance(found, Question):
        may["may_publish"] = rules.may_publish(standing, found, keys)
    else:
        may["may_draft"] = rules.may_draft(standing, found, keys) and not found.is_deleted
        may["may_pass_on"] = rules.may_pass_on(standing, found, keys) and not found.is_deleted
    asker = found.asked_by
    is_mine = found.asked_by_id == standing.user_id
    return {
        "asked": found,
        "teams": teams,
        "is_mine": is_mine,
        "asker": asker,
        "is_told": asker is not None and asker.is_active,
        "way": [_overview(), (_named(found), None)],
        **may,
    }


def _named(asked: Asked) -> str:
    return _("Rückfrage zu %s") % asked.named if isinstance(asked, Question) else asked.title or _("Hinweis")


def _write_learning(request: HttpRequest, found: Hint) -> HttpResponse:
    try:
        key = services.write_learning(standing=standing_of(request), hint=found)
    except ValidationError as error:
        told_refused(request, error)
        return redirect(found)
    record = Record.objects.select_related("current_version").get(pk=key)
    told_ok(request, _("Aus dem Hinweis ist ein Entwurf geworden. Wer ihn gab, erfährt es."))
    return redirect(desk.url_of(record, "edit"))


# -- the team's steps ------------------------------------------------------------------------------


def _open(request: HttpRequest, model: Any, pk: int, rule: Callable[..., bool]) -> tuple[Standing, Any]:
    """One of them for those to whom `rule` allows the step; raises Http404 and PermissionDenied."""
    standing = standing_of(request)
    found = queries.fetch(standing, model, pk)
    if not rule(standing, found, queries.addressee_ids(found)):
        raise PermissionDenied
    return standing, found


def _form(
    request: HttpRequest, found: Asked, form: Any, tried: Attempt, heading: str, label: str, **more: Any
) -> HttpResponse:
    current = tried.current
    now: list[tuple[str, str]] = []
    if isinstance(current, Question):
        shown = [(_("Unter dem Eintrag: Frage"), current.shown_question), (_("und Antwort"), current.shown_answer)]
        now = [(_("Antwort"), current.answer or "–"), *((name, text) for name, text in shown if text)]
    elif isinstance(current, Hint):
        now = [(_("Stand"), current.get_state_display()), (_("Antwort"), current.answer or "–")]
    context = {
        "asked": found,
        "form": form,
        "heading": heading,
        "label": label,
        "conflict": tried.conflict,
        "now": now,
        "way": [_overview(), (_named(found), found.get_absolute_url()), (heading, None)],
        **more,
    }
    return render(request, "transfer/asking/form.html", context, status=tried.status)


def _answer(request: HttpRequest, model: Any, pk: int) -> HttpResponse:
    standing, found = _open(request, model, pk, rules.may_answer)
    form = AnswerForm(request.POST if request.method == "POST" else None, asked=found)
    key = f"{standing.user_id}:answer-{model.__name__.lower()}-{pk}"
    tried = attempt(request, form, lambda data: services.answer(standing=standing, asked=found, **data))
    if tried.done:
        is_told = found.asked_by is not None and found.asked_by.is_active
        told_ok(request, _("Beantwortet. Wer gefragt hat, erfährt es.") if is_told else _("Gespeichert."), saved=key)
        return redirect(found)
    return _form(request, found, form, tried, _("Antworten"), _("Antwort speichern"), backup_key=key)


def _delete(request: HttpRequest, model: Any, pk: int) -> HttpResponse:
    standing, found = _open(request, model, pk, rules.may_delete)
    form = DeleteForm(request.POST if request.method == "POST" else None, asked=found)
    tried = attempt(request, form, lambda data: services.delete(standing=standing, asked=found, **data))
    if tried.done:
        told_ok(request, _("Gelöscht. Wer gefragt hat, liest den Grund."))
        return redirect(found)
    return _form(request, found, form, tried, _("Löschen"), _("Endgültig löschen"), is_deleting=True)


@form_page
def answer_question(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, Question, pk)


@form_page
def answer_hint(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, Hint, pk)


@form_page
def delete_question(request: HttpRequest, pk: int) -> HttpResponse:
    return _delete(request, Question, pk)


@form_page
def delete_hint(request: HttpRequest, pk: int) -> HttpResponse:
    return _delete(request, Hint, pk)


@form_page
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """The team puts question and answer under the record, in its own words."""
    standing, found = _open(request, Question, pk, rules.may_publish)
    form = PublishForm(request.POST if request.method == "POST" else None, question=found)
    tried = attempt(request, form, lambda data: services.publish(standing=standing, question=found, **data))
    if tried.done:
        told_ok(request, _("Frage und Antwort stehen jetzt unter dem Eintrag."))
        return redirect(found)
    return _form(request, found, form, tried, _("Unter dem Eintrag veröffentlichen"), _("Veröffentlichen"))


@form_page
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """The committee gives a hint to a department that has a team."""
    standing, found = _open(request, Hint, pk, rules.may_pass_on)
    form = PassOnForm(request.POST if request.method == "POST" else None)
    tried = attempt(request, form, lambda data: services.pass_on(standing=standing, hint=found, department=data["to"]))
    if tried.done:
        told_ok(request, _("Weitergegeben. Das Team dort hat eine E-Mail bekommen."))
        return redirect("transfer:questions")
    return _form(request, found, form, tried, _("An einen Bereich weitergeben"), _("Weitergeben"))
