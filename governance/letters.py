"""Who is told of a step: one mail each, with title and link and no text of the record. And links for passwords."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from governance import clock, kinds, mail
from governance.models import Membership, OutgoingMail, Publication, Review, Team, User
from governance.text.clean import slugify_de

PAUSE_BETWEEN_LINKS = dt.timedelta(minutes=5)
HOUR = dt.timedelta(hours=1)


@transaction.atomic
def password_link(user: User, address: str = "") -> bool:
    """Send a link for setting the password; False, and nothing done, when too many were asked for lately.

    `address` is the network address of a stranger who asks; without limits one could fill all mailboxes.
    """
    User.objects.select_for_update().get(pk=user.pk)  # two at once are counted one after the other
    origin = salted_hmac("governance.letters", address, algorithm="sha256").hexdigest() if address else ""
    now = clock.now()
    links = OutgoingMail.objects.filter(password_link=True, created_at__gt=now - HOUR)
    to_this_person = links.filter(to=user)
    if to_this_person.filter(created_at__gt=now - PAUSE_BETWEEN_LINKS).exists():
        return False
    if to_this_person.count() >= settings.PASSWORD_LINKS_PER_HOUR:
        return False
    if origin and links.filter(asked_from=origin).count() >= settings.PASSWORD_LINKS_PER_ADDRESS:
        return False
    mail.tell_link(user, subject=_("Ihr Passwort für das Wissensportal"), asked_from=origin)
    return True


def review_path(review: Review) -> str:
    from django.urls import reverse

    return reverse("governance:review", args=[review.pk])


def submitted(review: Review) -> None:
    """The committee (without those who wrote the text or are biased), and the head of the department."""
    committee = Team.objects.filter(kind=Team.Kind.STEERING_COMMITTEE, dissolved_on=None).first()
    people: list[User] = []
    if committee is not None:
        people += mail.recipients(committee, exclude=[*review.authors, *review.biased])
    department = review.record.owner.department
    if department is not None and department.head is not None:
        people.append(department.head)
    _tell(people, _("Zur Freigabe vorgelegt"), review, review_path(review))


def withdrawn(review: Review) -> None:
    """Who had taken care of it, when the team takes its text back."""
    if review.claimed_by is None:
        return
    members = Membership.objects.filter(team__kind=Team.Kind.STEERING_COMMITTEE, user=review.claimed_by)
    _tell(mail.stand_ins(members, exclude=review.authors), _("Zurückgezogen"), review, review_path(review))


def returned(review: Review) -> None:
    """The owning team, when a text comes back."""
    people = mail.recipients(review.record.owner)
    _tell(people, _("Zur Überarbeitung zurückgegeben"), review, review_path(review))


def published(publication: Publication) -> None:
    """The owning team, when a text is published."""
    record = publication.record
    path = kinds.get(record.kind).record_url(record.number, slugify_de(publication.version.title))
    _tell(mail.recipients(record.owner), _("Freigegeben und veröffentlicht"), publication.review, path)


def _tell(people: list[User], what: str, review: Review, path: str) -> None:
    record, title = review.record, review.version.title
    mail.tell(
        {person.pk: person for person in people}.values(),
        subject=f"{what}: {record.short_number} {title}",
        path=path,
        record=record,
    )
