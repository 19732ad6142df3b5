"""Following, saving a search, and the address of one's feeds.

Everybody for themselves: what is another's is not found.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.dispatch import receiver
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from governance import clock, signals
from governance.errors import WrongState
from governance.models import CatalogueEntry, Department, Tag, User
from governance.people import lock_person, person_erased
from governance.rules import Standing
from portal.asked import Query
from portal.following.models import QUERY_LENGTH, Digest, FeedAddress, SavedSearch, Subscription

# So that a page and a digest of one person stay small; nobody reads more.
MOST_FOLLOWED = 200
MOST_SEARCHES = 30
TOKEN_BYTES = 16  # 128 bits
Target = Tag | Department | CatalogueEntry


def target(what: str, key: int) -> Target:
    """What can be followed, as everybody sees it: a word in use, a living department, a published record.

    Raises Http404 for all else.
    """
    found: Target | None = None
    match what:
        case "tag":
            found = Tag.objects.filter(pk=key, merged_into=None, tagged_entries__isnull=False).first()
        case "department":
            found = Department.objects.filter(pk=key, dissolved_on=None).first()
        case "record":
            found = CatalogueEntry.objects.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def follow(*, standing: Standing, what: str, key: int) -> Subscription:
    """Follow it from now on, in the list only; nothing happens when one follows it already."""
    target(what, key)
    lock_person(standing.user_id)
    mine = Subscription.objects.filter(user_id=standing.user_id)
    if found := mine.filter(**{f"{what}_id": key}).first():
        return found
    return _subscribe(standing, **{f"{what}_id": key})


def unfollow(*, standing: Standing, what: str, key: int) -> None:
    """Follow it no longer; also when it is not published any more, or was not followed."""
    if what not in ("tag", "department", "record"):
        raise Http404
    Subscription.objects.filter(user_id=standing.user_id, **{f"{what}_id": key}).delete()


@transaction.atomic
def save_search(*, standing: Standing, name: str, query: str, rhythm: str) -> SavedSearch:
    """Keep a search as it stands in the URL, and follow what it finds."""
    kept = Query.read(QueryDict(query)).url_query()
    if len(kept) > QUERY_LENGTH:
        raise ValidationError(_("Diese Suche ist zu lang zum Speichern. Bitte verwenden Sie weniger Wörter."))
    lock_person(standing.user_id)
    mine = SavedSearch.objects.filter(user_id=standing.user_id)
    if same := mine.filter(query=kept).first():
        raise WrongState(_("Diese Suche haben Sie schon gespeichert: „%s“.") % same.name)
    if mine.count() >= MOST_SEARCHES:
        raise WrongState(
            _("Mehr als %d Suchen lassen sich nicht speichern. Bitte entfernen Sie zuerst eine.") % MOST_SEARCHES
        )
    search = SavedSearch.objects.create(user_id=standing.user_id, name=name, query=kept, created_at=clock.now())
    _subscribe(standing, saved_search=search, rhythm=rhythm)
    return search


def _subscribe(standing: Standing, **values: Any) -> Subscription:
    if Subscription.objects.filter(user_id=standing.user_id).count() >= MOST_FOLLOWED:
        raise WrongState(
            _("Mehr als %d Abonnements sind nicht möglich. Bitte entfernen Sie zuerst eines.") % MOST_FOLLOWED
        )
    now = clock.now()
    return Subscription.objects.create(
        user_id=standing.user_id, created_at=now, seen_until=now, digested_until=now, **values
    )


def mine(standing: Standing, pk: int) -> Subscription:
    """One's own subscription, or Http404."""
    found = Subscription.objects.select_related("saved_search").filter(pk=pk, user_id=standing.user_id).first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def set_rhythm(*, standing: Standing, pk: int, rhythm: str) -> None:
    """Whether and how often the digest tells of it. When mails begin, what is old news by then is not told."""
    if rhythm not in Subscription.Rhythm.values:
        raise WrongState(_("Diesen Rhythmus gibt es nicht. Bitte wählen Sie einen aus der Liste."))
    subscription = mine(standing, pk)
    locked = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if locked.rhythm == Subscription.Rhythm.NONE:
        locked.digested_until = clock.now()
    locked.rhythm = rhythm
    locked.save(update_fields=["rhythm", "digested_until"])


def remove(*, standing: Standing, pk: int) -> None:
    """Follow it no longer; a saved search goes with it."""
    subscription = mine(standing, pk)
    (subscription.saved_search or subscription).delete()


def mark_seen(*, standing: Standing, until: dt.datetime) -> None:
    """Everything published up to that moment is no longer new: the moment at which the list was shown."""
    until = min(until, clock.now())
    Subscription.objects.filter(user_id=standing.user_id, seen_until__lt=until).update(seen_until=until)


# -- the address of the feeds ----------------------------------------------------------------------


def hash_of(token: str) -> str:
    """A token has 128 random bits, so that a plain hash is enough; the table never holds the token."""
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(user_id: int) -> FeedAddress | None:
    """The one that is valid now, if there is one."""
    return FeedAddress.objects.filter(user_id=user_id).first()


@transaction.atomic
def new_address(*, standing: Standing, replaces: int | None) -> str:
    """Make a new address and return its token, which nobody can read again; the one before ends at once.

    `replaces` is the one that the page showed. Raises WrongState when it is not the valid one any more, as
    when the answer with the new one is loaded again.
    """
    lock_person(standing.user_id)
    current = address_of(standing.user_id)
    if (current.pk if current else None) != replaces:
        raise WrongState(_("Die Adresse hat sich inzwischen geändert. Unten steht der jetzige Stand."))
    revoke_address(standing=standing)
    token = secrets.token_hex(TOKEN_BYTES)
    FeedAddress.objects.create(
        user_id=standing.user_id, token_hash=hash_of(token), last_four=token[-4:], created_at=clock.now()
    )
    return token


def revoke_address(*, standing: Standing) -> None:
    """End the address: every feed program that knows it gets nothing from now on."""
    FeedAddress.objects.filter(user_id=standing.user_id).delete()


# Finds the address and counts in one statement. A hash that is not known matches no row, and how long that takes
# tells nothing about others: what is compared is the hash, which the one who asks cannot steer.
_ASK = """
UPDATE portal_feedaddress AS address
SET asked = CASE WHEN address.minute = %(minute)s THEN address.asked + 1 ELSE 1 END, minute = %(minute)s
FROM governance_user person
WHERE address.token_hash = %(hash)s
    AND person.id = address.user_id AND person.is_active
RETURNING address.user_id, address.asked
"""


def ask(token: str) -> tuple[int, int] | None:
    """Whose address this is and how often it was asked for in this minute; None if it is nobody's.

    Only the newest minute is kept, so no table tells when somebody reads.
    """
    minute = clock.now().replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"minute": minute, "hash": hash_of(token)})
        found: tuple[int, int] | None = cursor.fetchone()
    return found


def forget_use() -> None:
    """Hourly: forget when feeds were asked for."""
    before = clock.now() - dt.timedelta(hours=1)
    FeedAddress.objects.filter(minute__lt=before).update(minute=None, asked=0)


# -- when the house changes ------------------------------------------------------------------------


@receiver(signals.department_merging, dispatch_uid="portal.following.merging")
def follow_into(department: Department, into: Department, **kwargs: Any) -> None:
    """Who follows a department that becomes part of another one follows that one from now on."""
    has_it = Subscription.objects.filter(department=into).values("user")
    Subscription.objects.filter(department=department).exclude(user__in=has_it).update(department=into)
    Subscription.objects.filter(department=department).delete()


@receiver(signals.person_leaving, dispatch_uid="portal.following.leaving")
def end_address(user: User, **kwargs: Any) -> None:
    """The address of the feeds ends for good: it would answer again if the account were ever opened anew."""
    FeedAddress.objects.filter(user=user).delete()


# -- the end of an account -------------------------------------------------------------------------


@receiver(person_erased, dispatch_uid="portal.following")
def forget_person(user: User, **kwargs: Any) -> None:
    """Everything that is kept here of a person goes when the person is erased."""
    for table in (Digest, Subscription, SavedSearch, FeedAddress):
        table.objects.filter(user=user).delete()
