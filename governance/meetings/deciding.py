"""Several texts of one session approved in one step: still one decision each, with all of its own checks.

Each decision is a transaction of its own. So one that fails takes none of the others back, and each is locked no
longer than when it is taken on its own page.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from governance import rules, versions, workflow
from governance.errors import WrongState
from governance.meetings import services
from governance.meetings.errors import OffTheList, TookNoPart
from governance.models import Meeting, MeetingItem, Review
from governance.rules import Standing

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How it went with one line; `refused` says why it was not approved, or is empty."""

    item: MeetingItem
    refused: str = ""


def approve_several(*, meeting: Meeting, standing: Standing, chosen: Mapping[int, int]) -> list[Outcome]:
    """Approve the chosen items (key of the item: key of the version that was shown), each on its own.

    Items of another session are not there; those that are chosen come in the order of the list.
    """
    found = meeting.items.filter(pk__in=chosen).select_related("review__record", "review__version")
    return [_outcome(item, standing, chosen[item.pk]) for item in found.order_by("position", "pk")]


def _outcome(item: MeetingItem, standing: Standing, seen: int) -> Outcome:
    try:
        _approve(item, standing, seen)
    except ValidationError as error:
        return Outcome(item, " ".join(error.messages))
    except PermissionDenied:
        why = why_not(standing, Review.objects.get(pk=item.review_id))
        return Outcome(item, why or _("Das war gerade nicht erlaubt. Bitte sehen Sie sich den Text noch einmal an."))
    except DatabaseError:
        logger.exception("item %s of session %s could not be approved", item.pk, item.meeting_id)
        return Outcome(item, _("Das ließ sich nicht speichern. Bitte entscheiden Sie diesen Text auf seiner Seite."))
    return Outcome(item)


@transaction.atomic
def _approve(item: MeetingItem, standing: Standing, seen: int) -> None:
    versions.lock(item.review.record_id)
    meeting = services.lock(item.meeting_id)
    held = MeetingItem.objects.filter(pk=item.pk).select_related("review").first()
    if held is None:
        raise OffTheList
    if held.review.version_id != seen:
        raise WrongState(_("Gezeigt wurde eine andere Version. Bitte sehen Sie den Text noch einmal an."))
    if held.attendances.filter(person_id=standing.user_id).exists():
        raise TookNoPart
    workflow.approve(review=held.review, standing=standing, meeting=meeting)


def why_not(standing: Standing, review: Review) -> str:
    """Why this person may not decide on it; empty when they may."""
    now = rules.load_standing(standing.user)
    if not now.is_committee:
        return _("Sie gehören nicht mehr zum Gremium.")
    if rules.is_author(now, review):
        return _("Sie haben an diesem Text mitgeschrieben. Ein anderes Mitglied entscheidet.")
    if rules.is_biased(now, review):
        return _("Sie sind bei diesem Text als befangen notiert. Ein anderes Mitglied entscheidet.")
    return ""
