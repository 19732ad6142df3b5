"""The work lists of governance: texts to countersign, returned texts, open comments, reviews, drafts, check-ups."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance import clock, kinds, queries, worklists
from governance.countersigning import queries as countersigning
from governance.models import Comment, Countersigning, Record, Redaction, Review, Tag
from governance.rules import Standing
from governance.text.clean import slugify_de
from governance.upkeep import dates


def _team_records(standing: Standing, state: str) -> QuerySet[Record] | None:
    if not standing.is_change_team_member:
        return None
    return (
        Record.objects.filter(owner_id__in=standing.team_ids, state=state)
        .select_related("owner", "current_version")
        .order_by("state_since")
    )


def returned(standing: Standing) -> QuerySet[Record] | None:
    return _team_records(standing, Record.State.CHANGES_REQUESTED)


def drafts(standing: Standing) -> QuerySet[Record] | None:
    found = _team_records(standing, Record.State.DRAFT)
    return countersigning.with_last(found) if found is not None and standing.countersigned_team_ids else found


def notes(standing: Standing) -> QuerySet[Comment] | None:
    """Notes on approval are tasks for the next version."""
    if not standing.is_change_team_member:
        return None
    return (
        Comment.objects.unresolved()
        .filter(review__record__owner_id__in=standing.team_ids, review__status="approved")
        .exclude(review__record__state=Record.State.ARCHIVED)
        .select_related("review__record", "review__version")
    )


def reviews(standing: Standing) -> QuerySet[Review] | None:
    return queries.decidable_reviews(standing) if standing.is_committee else None


def check_ups(standing: Standing) -> QuerySet[Record] | None:
    """From four weeks before the day on, when the mail comes as well."""
    if not standing.led_team_ids:
        return None
    return queries.due_for_check_up(standing, clock.today() + dates.AHEAD).order_by("check_up_on", "pk")


def new_tags(standing: Standing) -> QuerySet[Tag] | None:
    if not standing.is_committee:
        return None
    return Tag.objects.filter(confirmed_at=None, merged_into=None).order_by("created_at")


def redactions(standing: Standing) -> QuerySet[Redaction] | None:
    if not standing.is_chair:
        return None
    proposed = Redaction.objects.filter(status=Redaction.Status.PROPOSED)
    return proposed.select_related("record").order_by("proposed_at")


def _redaction_row(redaction: Redaction) -> dict[str, Any]:
    return {
        "short_number": redaction.record.short_number,
        "title": redaction.reason,
        "url": reverse("governance:redaction", args=[redaction.pk]),
        "detail": "",
        "since": redaction.proposed_at,
    }


def _record_row(record: Record, page: str = "edit") -> dict[str, Any]:
    version = record.current_version
    title = version.title if version else record.short_number
    kind = kinds.get(record.kind)
    return {
        "short_number": record.short_number,
        "title": title,
        "url": kind.url(page, record.number, slugify_de(title)),
        "detail": record.owner.name,
        "since": record.state_since,
    }


def _draft_row(record: Record) -> dict[str, Any]:
    """Where the lead signs, what the lead did with it."""
    row, put = _record_row(record), getattr(record, "last_put", None)
    if put == Countersigning.Status.OPEN:
        row["detail"] = gettext("liegt zur Mitzeichnung vor")
    elif put == Countersigning.Status.GIVEN_BACK:
        row["detail"] = gettext("von der Teamleitung zurückgegeben: %s") % getattr(record, "last_answer", "")
    return row


def _check_up_row(record: Record) -> dict[str, Any]:
    return {**_record_row(record, "check_up"), "since": None, "due_on": record.check_up_on}


def _review_row(review: Review) -> dict[str, Any]:
    return {
        "short_number": review.record.short_number,
        "title": review.version.title,
        "url": reverse("governance:review", args=[review.pk]),
        "detail": review.record.owner.name,
        "since": review.submitted_at,
        "due_on": review.due_on,
    }


def _countersigning_row(row: Countersigning) -> dict[str, Any]:
    """What was changed since it was put forward is said; and a substitute is told what they cannot do."""
    parts = [row.note or row.record.owner.name]
    if row.is_changed_since:
        parts.append(gettext("seither geändert"))
    return {**_record_row(row.record, "submit"), "detail": " · ".join(parts), "since": row.put_at}


def _note_row(comment: Comment) -> dict[str, Any]:
    record = comment.review.record
    title = comment.review.version.title
    return {
        "short_number": record.short_number,
        "title": title,
        "url": kinds.get(record.kind).url("edit", record.number, slugify_de(title)),
        "detail": comment.text,
        "since": comment.created_at,
    }


def _tag_row(tag: Tag) -> dict[str, Any]:
    return {
        "title": tag.name,
        "url": reverse("governance:tags"),
        "detail": "",
        "since": tag.created_at,
    }


def register_all() -> None:
    """Called once from `apps.py`."""
    for key, title, explanation, query, row in (
        (
            "reviews",
            _("Zur Freigabe vorgelegt"),
            _("Das Gremium entscheidet."),
            reviews,
            _review_row,
        ),
        (
            "returned",
            _("Zur Überarbeitung zurückgegeben"),
            _("Ihr Team überarbeitet."),
            returned,
            _record_row,
        ),
        (
            "notes",
            _("Hinweise für die nächste Version"),
            _("Beim Freigeben notiert."),
            notes,
            _note_row,
        ),
        (
            "redactions",
            _("Vorgeschlagene Schwärzungen"),
            _("Der Vorsitz entscheidet."),
            redactions,
            _redaction_row,
        ),
        (
            "countersigning",
            _("Zur Mitzeichnung"),
            _("Die Teamleitung legt vor oder gibt zurück; wer sie vertritt, sieht es nur."),
            countersigning.waiting,
            _countersigning_row,
        ),
        ("drafts", _("Entwürfe Ihres Teams"), _("Noch nicht vorgelegt."), drafts, _draft_row),
        (
            "check_ups",
            _("Wiedervorlage"),
            _("Gilt das noch? Ein Klick bestätigt es; sonst überarbeiten oder archivieren."),
            check_ups,
            _check_up_row,
        ),
        (
            "new_tags",
            _("Neue Schlagwörter"),
            _("Das Gremium pflegt das Vokabular."),
            new_tags,
            _tag_row,
        ),
    ):
        worklists.register(worklists.WorkList(key, title, explanation, query, row, is_own_work=key == "drafts"))
