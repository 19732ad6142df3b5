"""Atom feeds: every list of what is published, under the personal address of a reader.

`/feeds/<token>/` needs no session: feed programs have none. It answers with what is published and nothing else, to
whoever knows the token, as long as the person's account is active.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance import kinds, queries
from governance.addresses import absolute
from governance.handover import addresses
from governance.mail import one_line
from governance.models import CatalogueEntry, Publication, Tag
from portal.following import services
from portal.following.models import SavedSearch
from portal.following.queries import followed_by, news
from transfer.models import ExchangeFormat, NewsletterIssue
from transfer.newsletter import queries as newsletters

LENGTH = 50
# What a feed says of its time while nothing stands in it; a fixed one, so that it stays the same to the byte.
NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Item:
    """One entry of a feed: an issue of a record."""

    short_number: str
    issue: int
    title: str
    summary: str
    path: str
    department: str
    kind: str
    tags: Sequence[str]
    at: dt.datetime
    # Of what is no record: the end of the address that names it for ever.
    uid: str = ""


@dataclass(frozen=True)
class Feed:
    """A list as a feed; `path` is the page in the portal that shows the same."""

    title: str
    path: str
    items: Sequence[Item]


Maker = Callable[..., Feed]


def of_reader(make: Maker) -> Callable[..., HttpResponse]:
    """Makes the view of a feed: `make` gets the reader's key and what else stands in the address."""

    @login_not_required
    @require_safe
    @wraps(make)
    def view(request: HttpRequest, token: str, **where: Any) -> HttpResponse:
        asked = services.ask(token)
        if asked is None:
            return _plain(_("Diese Feed-Adresse gilt nicht (mehr). Eine neue finden Sie nach der Anmeldung."), 404)
        user_id, times = asked
        if times > settings.FEED_REQUESTS_PER_MINUTE:
            response = _plain(_("Zu viele Abrufe. Bitte in einer Minute noch einmal."), 429)
            response.headers["Retry-After"] = "60"
            return response
        try:
            feed = make(user_id, **where)
        except Http404:
            return _plain(_("Diese Liste gibt es nicht (mehr)."), 404)
        return _answer(request, feed, token)

    return view


def _plain(text: str, status: int) -> HttpResponse:
    """For a program, whose reader never sees a page of ours. Nothing of it is kept."""
    response = HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _answer(request: HttpRequest, feed: Feed, token: str) -> HttpResponse:
    """The feed, or 304 when the program has just this text.

    Only the hash of the text decides: a new name of a tag or a blanked passage changes it, but no date.
    """
    body = _written(feed, request.path.replace(token, "personal"))
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    response.headers["Last-Modified"] = http_date(_updated(feed).timestamp())
    response.headers["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


class _Atom(Atom1Feed):
    """Without a moment of writing: a feed that did not change is the same text."""

    def latest_post_date(self) -> dt.datetime:
        moment: dt.datetime = self.feed["updated"]
        return moment


def _updated(feed: Feed) -> dt.datetime:
    return max((item.at for item in feed.items), default=NEVER)


def _written(feed: Feed, name: str) -> bytes:
    """As Atom. `name` stands for the feed's address, which is secret and is not repeated in the text."""
    atom = _Atom(
        title=one_line(f"{feed.title} – {settings.PORTAL_NAME}"),
        link=absolute(feed.path),
        description="",
        language="de",
        author_name=settings.PORTAL_NAME,
        feed_guid=absolute(name),
        updated=_updated(feed),
    )
    for item in feed.items:
        atom.add_item(
            title=one_line(f"{item.short_number} {item.title}"),
            link=absolute(item.path),
            # Feed programs read a summary as HTML.
            description=escape(one_line(item.summary)),
            unique_id=absolute(item.uid or f"/{item.short_number}?issue={item.issue}"),
            author_name=one_line(item.department),
            categories=[one_line(word) for word in (item.kind, *item.tags)],
            pubdate=item.at,
            updateddate=item.at,
        )
    return str(atom.writeString("utf-8")).encode()


# -- the lists -------------------------------------------------------------------------------------


def _item(entry: CatalogueEntry) -> Item:
    return Item(
        short_number=entry.short_number,
        issue=entry.issue,
        title=entry.title,
        summary=entry.summary,
        path=entry.url,
        department=entry.department_name,
        kind=entry.kind_label,
        tags=[tag["name"] for tag in entry.tag_names],
        at=entry.published_at,
    )


def _feed(title: str, path: str, **wanted: Any) -> Feed:
    return Feed(title, path, [_item(entry) for entry in queries.catalogue().filter(**wanted)[:LENGTH]])


@of_reader
def everything(reader: int) -> Feed:
    """All that is newly published."""
    return _feed(_("Neu veröffentlicht"), reverse("home"))


@of_reader
def kind(reader: int, key: str) -> Feed:
    """Of one kind."""
    found = next((one for one in kinds.every() if one.key == key), None)
    if found is None:
        raise Http404
    return _feed(str(found.label_plural), f"{reverse('search')}?kind={key}", kind=key)


@of_reader
def tag(reader: int, slug: str) -> Feed:
    """Under one tag; a merged one answers with its successor's."""
    word = Tag.objects.select_related("merged_into").filter(slug=slug).first()
    while word is not None and word.merged_into is not None:
        word = word.merged_into
    if word is None or not word.tagged_entries.exists():
        raise Http404
    return _feed(_("Schlagwort: %s") % word.name, word.get_absolute_url(), tag_keys__contains=[word.pk])


@of_reader
def department(reader: int, slug: str) -> Feed:
    """Of a department and everything below it; a former address goes on, since feed programs learn no new one."""
    found = addresses.find(slug)
    return _feed(found.name, found.get_absolute_url(), department_id__in=queries.with_subtree(found))


@of_reader
def record(reader: int, letter: str, number: int) -> Feed:
    """The issues of one published record."""
    of_kind = kinds.by_letter(letter)
    entry = queries.catalogue().filter(kind=of_kind.key if of_kind else "", number=number).first()
    if entry is None:
        raise Http404
    issues = Publication.objects.filter(record=entry.record_id).select_related("version", "review").order_by("-number")
    newest = _item(entry)
    items = [newest, *(_issue(newest, issue) for issue in issues if issue.number != entry.issue)]
    return Feed(str(entry), entry.url, items[:LENGTH])


def _issue(newest: Item, issue: Publication) -> Item:
    """An earlier issue, which everybody may read as long as the record is published."""
    return Item(
        short_number=newest.short_number,
        issue=issue.number,
        title=issue.version.title,
        summary=issue.review.note,
        path=newest.path,
        department=newest.department,
        kind=newest.kind,
        tags=(),
        at=issue.from_at,
    )


@of_reader
def saved_search(reader: int, pk: int) -> Feed:
    """What one of the reader's own saved searches finds, the newest first."""
    found = SavedSearch.objects.filter(pk=pk, user_id=reader).select_related("subscription").first()
    if found is None:
        raise Http404
    pairs = [(one, None) for one in followed_by(reader, found.subscription.pk)]
    return Feed(found.name, found.get_absolute_url(), [_item(one.entry) for one in news(pairs, LENGTH)])


@of_reader
def following(reader: int) -> Feed:
    """Everything that the reader follows, in one feed."""
    found = news([(one, None) for one in followed_by(reader)], LENGTH)
    return Feed(_("Meine Abonnements"), reverse("following"), [_item(one.entry) for one in found])


@of_reader
def newsletter(reader: int, slug: str) -> Feed:
    """The released issues of one newsletter."""
    found = ExchangeFormat.objects.filter(slug=slug, kind=ExchangeFormat.Kind.NEWSLETTER).first()
    if found is None:
        raise Http404
    issues = newsletters.released(found).prefetch_related("pieces")[:LENGTH]
    return Feed(found.name, found.get_absolute_url(), [_newsletter_issue(issue) for issue in issues])


def _newsletter_issue(issue: NewsletterIssue) -> Item:
    """With the titles of what is in it."""
    assert issue.released_at is not None
    return Item(
        short_number="",
        issue=issue.number or 0,
        title=issue.title,
        summary=" · ".join(piece.title for piece in issue.pieces.all() if piece.title),
        path=issue.get_absolute_url(),
        department=issue.department.name if issue.department else _("alle Bereiche"),
        kind=_("Newsletter"),
        tags=(),
        at=issue.released_at,
        uid=issue.get_absolute_url(),
    )
