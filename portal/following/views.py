"""The pages of what one follows: the list, saving a search, the address of one's feeds."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from governance import clock
from governance.http import posted_from, standing_of, taken, told_ok, told_refused
from governance.models import CatalogueEntry
from portal.asked import Query
from portal.following import addresses, services
from portal.following.forms import SavedSearchForm, SeenForm
from portal.following.models import Subscription
from portal.following.queries import followed_by, news

NEWS_SHOWN = 100


def _page(**_arguments: Any) -> str:
    return reverse("following")


@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """What is new of what I follow, and what I follow."""
    now = clock.now()
    mine = followed_by(standing_of(request).user_id)
    found = news([(one, one.subscription.seen_until) for one in mine], NEWS_SHOWN)
    new = {one.subscription.pk: sum(one in entry.because for entry in found) for one in mine}
    searches: list[dict[str, Any]] = []
    things: list[dict[str, Any]] = []
    for one in mine:
        rows = searches if one.subscription.what == "saved_search" else things
        rows.append({"followed": one, "new": new[one.subscription.pk]})
    context = {
        "news": found,
        "is_cut": len(found) == NEWS_SHOWN,
        "shown_at": now.isoformat(),
        "searches": searches,
        "things": things,
        "rhythms": Subscription.Rhythm.choices,
        "kinds_of_things": {"tag": _("Schlagwort"), "department": _("Bereich"), "record": _("Eintrag")},
        "address": services.address_of(standing_of(request).user_id),
    }
    return render(request, "portal/following/following.html", context)


@posted_from(_page)
def follow(request: HttpRequest, what: str, key: int) -> HttpResponse:
    """The button on the page of a tag, a department, a record; leads back to it."""
    standing = standing_of(request)
    if request.POST.get("do") == "unfollow":
        services.unfollow(standing=standing, what=what, key=key)
        told_ok(request, _("Sie folgen dem nicht mehr."))
    else:
        try:
            services.follow(standing=standing, what=what, key=key)
        except ValidationError as error:
            told_refused(request, error)
        else:
            told_ok(request, _("Sie folgen dem jetzt. Neues steht unter „Meine Abonnements“, auf Wunsch per E-Mail."))
    try:
        found = services.target(what, key)
    except Http404:
        return redirect("following")
    return redirect(found.url if isinstance(found, CatalogueEntry) else found.get_absolute_url())


@posted_from(_page)
def subscription(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how often mails tell of it, or remove it."""
    standing = standing_of(request)
    try:
        if request.POST.get("do") == "remove":
            services.remove(standing=standing, pk=pk)
            told_ok(request, _("Entfernt. Sie bekommen davon nichts Neues mehr gemeldet."))
        else:
            services.set_rhythm(standing=standing, pk=pk, rhythm=request.POST.get("rhythm", ""))
            told_ok(request, _("Gespeichert. Die Änderung gilt ab der nächsten Zusammenfassung."))
    except ValidationError as error:
        told_refused(request, error)
    return redirect("following")


@posted_from(_page)
def seen(request: HttpRequest) -> HttpResponse:
    """Nothing that stood in the list is new any more."""
    form = SeenForm(request.POST)
    if taken(form, lambda data: services.mark_seen(standing=standing_of(request), until=data["until"])):
        told_ok(request, _("Erledigt. Hier erscheint wieder, was ab jetzt veröffentlicht wird."))
    else:
        again = _("Das hat nicht geklappt. Bitte versuchen Sie es auf dieser Seite noch einmal.")
        told_refused(request, ValidationError(again))
    return redirect("following")


@require_http_methods(["GET", "HEAD", "POST"])
def save_search(request: HttpRequest) -> HttpResponse:
    """Give a search a name and keep it; the search stands in the address, as on the page of results."""
    if request.method != "POST":
        query = Query.read(request.GET)
        form = SavedSearchForm(initial={"query": query.url_query(), "name": query.text[:120]})
        return _save_search(request, form, query)
    form = SavedSearchForm(request.POST)
    if taken(form, lambda data: services.save_search(standing=standing_of(request), **data)):
        told_ok(request, _("Gespeichert. Neue Treffer stehen künftig hier."))
        return redirect("following")
    return _save_search(request, form, Query.read(QueryDict(request.POST.get("query", ""))), 422)


def _save_search(request: HttpRequest, form: SavedSearchForm, query: Query, code: int = 200) -> HttpResponse:
    context = {"form": form, "query": query, "results_query": query.url_query()}
    return render(request, "portal/following/save_search.html", context, status=code)


@require_http_methods(["GET", "HEAD", "POST"])
def feed_address(request: HttpRequest) -> HttpResponse:
    """The address of one's feeds: make it, which shows it this once, renew it, revoke it."""
    standing = standing_of(request)
    if request.method != "POST":
        return _feed_address(request)
    if request.POST.get("do") == "revoke":
        services.revoke_address(standing=standing)
        told_ok(request, _("Widerrufen. Unter der Adresse ist ab sofort nichts mehr abrufbar."))
        return redirect("feed_address")
    shown = request.POST.get("replaces", "")
    try:
        token = services.new_address(standing=standing, replaces=int(shown) if shown.isdecimal() else None)
    except ValidationError as error:
        return _feed_address(request, refused=error.messages[0])
    return _feed_address(request, token=token)


def _feed_address(request: HttpRequest, token: str = "", refused: str = "") -> HttpResponse:
    user_id = standing_of(request).user_id
    valid = services.address_of(user_id)
    begin = addresses.beginning(token, valid)
    context = {
        "way": [(_("Meine Abonnements"), reverse("following")), (_("Feeds"), None)],
        "valid": valid,
        "is_new": bool(token),
        "refused": refused,
        "begin": begin,
        "wanted": addresses.wanted(request.GET.get("feed", ""), begin),
        "addresses": addresses.every(user_id, begin),
    }
    return render(request, "portal/following/feeds.html", context, status=409 if refused else 200)
