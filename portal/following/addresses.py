"""Which feeds there are for a person, and where. The token is known only at the moment at which it is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from governance import kinds
from governance.addresses import absolute
from portal.following.models import FeedAddress
from portal.following.queries import Followed, followed_by
from transfer.models import ExchangeFormat

_TOKEN = "TOKEN"  # noqa: S105 - stands for one


@dataclass(frozen=True)
class Address:
    """One feed: what it tells of, and its whole address, or one with dots where the token stands."""

    label: str
    address: str


def beginning(token: str, valid: FeedAddress | None) -> str:
    """What the addresses of all feeds of a person begin with."""
    shown = token or (f"····{valid.last_four}" if valid else "····")
    return absolute(reverse("feeds:everything", args=[_TOKEN])).replace(_TOKEN, shown)


def every(user_id: int, begin: str) -> list[Address]:
    """All feeds that this person is likely to want."""
    return [Address(label, begin + rest) for label, rest in _lists(user_id)]


def wanted(rest: str, begin: str) -> Address | None:
    """The feed of the list that the person comes from; None if there is no such feed."""
    try:
        match = resolve(reverse("feeds:everything", args=[_TOKEN]) + rest)
    except Resolver404:
        return None
    return Address(_("Die Liste, von der Sie kommen"), begin + rest) if match.namespace == "feeds" and rest else None


def _lists(user_id: int) -> Iterator[tuple[str, str]]:
    yield _("Alles, was ich abonniert habe"), "following/"
    yield _("Alles, was neu veröffentlicht wird"), ""
    for kind in kinds.every():
        yield str(kind.label_plural), f"kind/{kind.key}/"
    for newsletter in ExchangeFormat.objects.living().filter(kind=ExchangeFormat.Kind.NEWSLETTER):
        yield newsletter.name, f"newsletter/{newsletter.slug}/"
    for followed in followed_by(user_id):
        if rest := rest_of(followed):
            yield followed.label, rest


def rest_of(followed: Followed) -> str:
    """The end of the address of the feed of one thing; empty when nothing of it is published now."""
    subscription = followed.subscription
    if subscription.saved_search_id is not None:
        return f"search/{subscription.saved_search_id}/"
    if subscription.department is not None:
        return f"department/{subscription.department.slug}/"
    if followed.tag_key is not None:
        return f"tag/{followed.url.rstrip('/').rpartition('/')[2]}/"
    return f"record/{followed.label.partition(' ')[0]}/" if followed.record_key is not None else ""
