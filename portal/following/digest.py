"""Digests: one mail for each reader with what was published of what the reader follows.

Which entries belong to a digest is written down in one transaction with its mail and with how far the
subscriptions have come; a stop in between loses nothing and sends nothing twice. What stands in the mail is made
when it is sent: an entry that was archived meanwhile, while the mail server was away, is left out.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import clock, mail, periodic, queries
from governance.addresses import absolute
from governance.models import CatalogueEntry, OutgoingMail, User
from governance.people import lock_person
from portal.following import services
from portal.following.models import Digest, Subscription
from portal.following.queries import Followed, followed_by, news

logger = logging.getLogger(__name__)
LETTER = "digest"
# A publication counts from the moment at which it began; its transaction may end after a digest has looked. So each
# digest looks back a little further, and leaves out what was told already.
LOOKS_BACK = dt.timedelta(hours=1)
MOST_TOLD = 1000
SHOWN = 50


def connect() -> None:
    """Called once from `apps.py`."""
    mail.register_letter(LETTER, body_of)
    periodic.register(periodic.Job("digests", periodic.Period.DAY, send_due))
    periodic.register(periodic.Job("forget_feed_use", periodic.Period.HOUR, services.forget_use))


def send_due() -> None:
    """Daily: write the digest of everybody for whom one is due.

    Raises RuntimeError at the end when one of them failed: the others are done, and the next hour tries it again.
    """
    readers = Subscription.objects.exclude(rhythm=Subscription.Rhythm.NONE).filter(user__is_active=True)
    failed = 0
    for user_id in list(readers.order_by("user_id").values_list("user_id", flat=True).distinct()):
        try:
            write(user_id)
        except Exception:
            logger.exception("digest of person %s failed", user_id)
            failed += 1
    if failed:
        raise RuntimeError(f"{failed} digests failed")


@transaction.atomic
def write(user_id: int) -> Digest | None:
    """Write one reader's digest if one is due and there is something to tell."""
    # A second timer waits here, and then finds nothing due.
    user = lock_person(user_id)
    now = clock.now()
    mine = Subscription.objects.exclude(rhythm=Subscription.Rhythm.NONE).filter(user=user)
    due = {subscription.pk for subscription in mine if subscription.is_due(now)}
    if not due or not user.is_active:
        return None
    versions = _news_for(followed_by(user_id, *due), told=_told(user))
    Subscription.objects.filter(pk__in=due).update(digested_until=now)
    if not versions:
        return None
    letter = mail.tell_letter(user, letter=LETTER, subject=_("Neues zu Ihren Abonnements im Wissensportal"))
    return Digest.objects.create(user=user, mail=letter, versions=versions, created_at=now)


def _news_for(due: Iterable[Followed], told: set[int]) -> list[int]:
    """The versions to tell of, newest first, each once."""
    pairs = [(followed, _since(followed.subscription)) for followed in due]
    found = [one.entry.version_id for one in news(pairs, MOST_TOLD)]
    return [version for version in found if version not in told]


def _since(subscription: Subscription) -> dt.datetime:
    """Where its last digest ended and a little before, but nothing from before it was followed."""
    return max(subscription.digested_until - LOOKS_BACK, subscription.created_at)


def _told(user: User) -> set[int]:
    """What earlier digests told of, as long as their mails are kept."""
    lists = Digest.objects.filter(user=user).values_list("versions", flat=True)
    return {version for versions in lists for version in versions}


# -- the mail --------------------------------------------------------------------------------------


def body_of(outgoing: OutgoingMail) -> str:
    """The text of a digest as of now; empty when nothing of it is published any more.

    Titles and links as in all mails, no text of a record.
    """
    digest = Digest.objects.filter(mail=outgoing).first()
    entries = list(queries.catalogue().filter(version_id__in=digest.versions)) if digest else []
    if not entries:
        return ""
    more = len(entries) - SHOWN
    parts = [
        _("Guten Tag,"),
        ngettext(
            "zu Ihren Abonnements ist %d Eintrag neu freigegeben:",
            "zu Ihren Abonnements sind %d Einträge neu freigegeben:",
            len(entries),
        )
        % len(entries),
        *map(_line, entries[:SHOWN]),
    ]
    if more > 0:
        parts.append(ngettext("Dazu kommt %d weiterer Eintrag.", "Dazu kommen %d weitere Einträge.", more) % more)
    here = absolute(reverse("following"))
    parts += [
        _("Alles Neue und Ihre Abonnements, auch zum Ändern und Abbestellen:") + f"\n{here}",
        _("Diese Nachricht kommt vom Wissensportal. Sie öffnen die Seiten nach der Anmeldung."),
    ]
    return "\n\n".join(parts)


def _line(entry: CatalogueEntry) -> str:
    day = date_format(clock.local(entry.published_at), "j. F Y")
    return "\n".join(
        [
            mail.one_line(f"{entry.short_number} {entry.title}"),
            mail.one_line(f"{entry.kind_label}, {entry.department_name}, {day}"),
            absolute(entry.url),
        ]
    )
