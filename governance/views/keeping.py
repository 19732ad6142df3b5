"""What the committee and the administrator keep: vocabulary, audit trail, redactions."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance import audit, kinds, queries, redaction, rules, tags
from governance.forms import MergeForm, RedactionForm, TagForm
from governance.http import standing_of, told_ok, told_refused
from governance.models import Redaction, Tag

AUDIT_SIZE = 50


@require_safe
def tags_page(request: HttpRequest) -> HttpResponse:
    """The vocabulary: new words first, then all with their use."""
    if not rules.may_keep_vocabulary(standing_of(request)):
        raise PermissionDenied
    words = Tag.objects.filter(merged_into=None).annotate(entries=Count("tagged_entries")).order_by("name")
    context = {
        "new": [word for word in words if word.confirmed_at is None],
        "known": [word for word in words if word.confirmed_at is not None],
    }
    return render(request, "governance/tags.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    """One word: confirm, rename, merge."""
    standing = standing_of(request)
    if not rules.may_keep_vocabulary(standing):
        raise PermissionDenied
    word = get_object_or_404(Tag, pk=pk, merged_into=None)
    do = request.POST.get("do", "")
    name_form = TagForm(request.POST if do == "rename" else None, initial={"name": word.name})
    merge_form = MergeForm(request.POST if do == "merge" else None, tag=word)
    try:
        if do == "confirm":
            tags.confirm(tag=word, standing=standing)
        elif do == "rename" and name_form.is_valid():
            tags.rename(tag=word, name=name_form.cleaned_data["name"], standing=standing)
        elif do == "merge" and merge_form.is_valid():
            tags.merge(tag=word, into=merge_form.cleaned_data["into"], standing=standing)
        else:
            do = ""
    except ValidationError as error:
        told_refused(request, error)
        do = ""
    if do:
        told_ok(request, _("Das Vokabular ist geändert. Alle Einträge zeigen es sofort."))
        return redirect("governance:tags")
    entries = word.tagged_entries.select_related("content_object")[:20]
    context = {"tag": word, "name_form": name_form, "merge_form": merge_form, "entries": entries}
    return render(request, "governance/tag.html", context)


@require_safe
def audit_trail(request: HttpRequest) -> HttpResponse:
    """Who did what, when, with which version; for committee and administrator."""
    standing = standing_of(request)
    if not rules.may_see_audit(standing):
        raise PermissionDenied
    events = queries.audit_events(standing)
    short = request.GET.get("record", "").strip().upper()[:20]
    letter, _dash, number = short.partition("-")
    kind = kinds.by_letter(letter) if letter else None
    if short:
        known = kind is not None and number.isdecimal() and len(number) < 9
        events = events.filter(record__kind=kind.key, record__number=int(number)) if known and kind else events.none()
    verb = request.GET.get("verb", "")
    if verb in audit.VERBS:
        events = events.filter(verb=verb)
    page = Paginator(events, AUDIT_SIZE).get_page(request.GET.get("page"))
    rows = [{"event": event, "sentence": audit.sentence(event)} for event in page]
    query = f"record={short}&verb={verb if verb in audit.VERBS else ''}"
    context = {
        "page": page,
        "rows": rows,
        "record": short,
        "verb": verb,
        "verbs": audit.VERBS,
        "query": query,
    }
    return render(request, "governance/audit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def redactions(request: HttpRequest) -> HttpResponse:
    """The administrator proposes, the chair decides; both see what is proposed."""
    standing = standing_of(request)
    proposes, decides = rules.may_propose_redaction(standing), rules.may_confirm_redaction(standing)
    if not (proposes or decides):
        raise PermissionDenied
    form = RedactionForm(request.POST or None) if proposes else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                redaction.propose(standing=standing, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                told_ok(request, _("Vorgeschlagen. Der Vorsitz des Gremiums entscheidet."))
                return redirect("governance:redactions")
    proposals = Redaction.objects.select_related("record", "proposed_by", "decided_by")[:50]
    context = {"form": form, "redactions": proposals, "decides": decides}
    return render(request, "governance/redactions.html", context)


@require_POST
def redaction_decision(request: HttpRequest, pk: int) -> HttpResponse:
    standing = standing_of(request)
    if not rules.may_confirm_redaction(standing):
        raise PermissionDenied
    proposal = get_object_or_404(Redaction, pk=pk)
    try:
        if request.POST.get("do") == "confirm":
            redaction.confirm(standing=standing, redaction=proposal)
            told_ok(request, _("Geschwärzt, in allen Versionen."))
        else:
            redaction.refuse(standing=standing, redaction=proposal)
            told_ok(request, _("Abgelehnt. Der Text bleibt, wie er ist."))
    except ValidationError as error:
        told_refused(request, error, "conflict")
    return redirect("governance:redactions")
