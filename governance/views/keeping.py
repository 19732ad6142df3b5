"""What the committee and the administrator keep: vocabulary, audit trail, redactions."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance import audit, kinds, places, queries, redaction, rules, tags
from governance.forms import DivideForm, MergeForm, RecordChoiceForm, RedactionForm, TagForm
from governance.http import standing_of, taken, told_ok, told_refused
from governance.models import AuditEvent, Record, Redaction, Tag

AUDIT_SIZE = 50
TAGGED_SHOWN = 200


@require_safe
def tags_page(request: HttpRequest) -> HttpResponse:
    """The vocabulary: new words first, then those that may be one, then all with their use."""
    if not rules.may_keep_vocabulary(standing_of(request)):
        raise PermissionDenied
    words = list(Tag.objects.filter(merged_into=None).annotate(entries=Count("tagged_entries")).order_by("name"))
    by_key = {word.pk: word for word in words}
    context = {
        "new": [word for word in words if word.confirmed_at is None],
        # The one of fewer entries goes into the other.
        "alike": [
            sorted((by_key[one], by_key[other]), key=lambda word: word.entries)
            for one, other in tags.alike()
            if one in by_key and other in by_key
        ],
        "unused": [word for word in words if word.confirmed_at is not None and not word.entries],
        "known": [word for word in words if word.confirmed_at is not None],
    }
    return render(request, "governance/tags.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    """One word: confirm, rename, merge, split."""
    standing = standing_of(request)
    if not rules.may_keep_vocabulary(standing):
        raise PermissionDenied
    word = get_object_or_404(Tag, pk=pk, merged_into=None)
    do = request.POST.get("do", "")
    name_form = TagForm(request.POST if do == "rename" else None, initial={"name": word.name})
    merge_form = MergeForm(request.POST if do == "merge" else None, tag=word, initial={"into": request.GET.get("into")})
    divide_form = DivideForm(request.POST if do == "divide" else None)
    if _change_tag(request, word, do, name_form, merge_form):
        told_ok(request, _("Das Vokabular ist geändert. Alle Einträge zeigen es sofort."))
        return redirect("governance:tags")
    if do == "divide" and taken(divide_form, lambda data: _divide(request, word, data["words"]), "words"):
        return redirect("governance:tag", pk=word.pk)
    entries = word.tagged_entries.select_related("content_object")[:TAGGED_SHOWN]
    context = {
        "tag": word,
        "name_form": name_form,
        "merge_form": merge_form,
        "divide_form": divide_form,
        "entries": entries,
    }
    return render(request, "governance/tag.html", context, status=422 if request.method == "POST" else 200)


def _divide(request: HttpRequest, word: Tag, names: list[str]) -> None:
    tags.divide(tag=word, names=names, standing=standing_of(request))
    told_ok(
        request, _("Die Wörter stehen im Vokabular. Die Teams der Einträge unten sind gebeten, das passende zu wählen.")
    )


def _change_tag(request: HttpRequest, word: Tag, do: str, name_form: TagForm, merge_form: MergeForm) -> bool:
    """Whether something was changed; if not, a form or a message says why."""
    standing = standing_of(request)
    if do == "rename":
        return taken(name_form, lambda data: tags.rename(tag=word, name=data["name"], standing=standing), "name")
    if do == "merge":
        return taken(merge_form, lambda data: tags.merge(tag=word, into=data["into"], standing=standing), "into")
    if do == "confirm":
        try:
            tags.confirm(tag=word, standing=standing)
        except ValidationError as error:
            told_refused(request, error)
        else:
            return True
    return False


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
    readable = queries.readable_among(standing, {event.record_id for event in page})
    rows = [
        {"event": event, "sentence": audit.sentence(event), "is_open": event.record_id in readable} for event in page
    ]
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


@require_safe
def redactions(request: HttpRequest) -> HttpResponse:
    """What is proposed and what was decided; the way to a proposal (administrator) or a decision (chair)."""
    standing = standing_of(request)
    proposes, decides = rules.may_propose_redaction(standing), rules.may_confirm_redaction(standing)
    if not (proposes or decides):
        raise PermissionDenied
    asked = RecordChoiceForm(request.GET if "record" in request.GET else None)
    if proposes and asked.is_bound and asked.is_valid():
        return redirect("governance:redaction_new", pk=asked.cleaned_data["record"].pk)
    proposals = Redaction.objects.select_related("record", "proposed_by", "decided_by").order_by("-pk")[:50]
    context = {"form": asked if proposes else None, "redactions": proposals, "decides": decides}
    return render(request, "governance/redactions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def redaction_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The administrator names the passages or the file of one record."""
    standing = standing_of(request)
    if not rules.may_propose_redaction(standing):
        raise PermissionDenied
    record = get_object_or_404(Record, pk=pk)
    form = RedactionForm(request.POST or None, files=places.files_of(record, standing))
    if taken(form, lambda data: redaction.propose(standing=standing, record=record, **data)):
        told_ok(request, _("Vorgeschlagen. Der Vorsitz des Gremiums entscheidet."))
        return redirect("governance:redactions")
    code = 422 if request.method == "POST" else 200
    return render(request, "governance/redaction_new.html", {"form": form, "record": record}, status=code)


@require_http_methods(["GET", "HEAD", "POST"])
def redaction_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair sees each place before it goes for ever, then confirms or refuses."""
    standing = standing_of(request)
    if not rules.may_confirm_redaction(standing):
        raise PermissionDenied
    proposal = get_object_or_404(Redaction.objects.select_related("record__owner", "proposed_by"), pk=pk)
    if request.method == "POST":
        return _decide_redaction(request, proposal)
    if proposal.status != Redaction.Status.PROPOSED:
        return redirect("governance:redactions")
    found = places.find(proposal.record, proposal.passages, standing)
    files = places.files_of(proposal.record, standing)
    context = {
        "redaction": proposal,
        "places": found,
        "told": places.told(len(found), len({place.version for place in found if place.version})),
        "file": next((file for file in files if file.attachment.pk == proposal.attachment_id), None),
    }
    return render(request, "governance/redaction.html", context)


def _decide_redaction(request: HttpRequest, proposal: Redaction) -> HttpResponse:
    standing, short = standing_of(request), proposal.record.short_number
    try:
        if request.POST.get("do") == "confirm":
            event = redaction.confirm(standing=standing, redaction=proposal)
            told_ok(request, _redacted(short, event))
        else:
            redaction.refuse(standing=standing, redaction=proposal)
            told_ok(request, _("Abgelehnt. Der Text von %(record)s bleibt, wie er ist.") % {"record": short})
    except ValidationError as error:
        told_refused(request, error, "conflict")
    return redirect("governance:redactions")


def _redacted(short: str, event: AuditEvent) -> str:
    what = [places.told(event.data["places"], event.data["versions"])] if event.data["places"] else []
    what += [_("1 Datei")] if event.data["file"] else []
    return _("In %(record)s geschwärzt: %(what)s.") % {"record": short, "what": _(" und ").join(what)}
