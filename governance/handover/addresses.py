"""Addresses of departments, also the former ones: they go on answering, and lead to the one that is valid now.

All redirects here are temporary: a department may take its former address back, and a browser that had kept the
other direction for ever would then turn in a circle.
"""

from __future__ import annotations

from collections.abc import Collection

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect

from governance.models import Department, DepartmentAddress

# Nobody chooses more at once.
MOST = 20


def find(slug: str) -> Department:
    """The department that this address leads to, of today or of earlier; raises Http404."""
    found = Department.objects.select_related("head", "parent").filter(addresses__slug=slug).first()
    if found is None:
        raise Http404
    return found


def moved(slugs: Collection[str]) -> dict[str, str]:
    """Those of the addresses that are not valid any more, with the one that is."""
    rows = DepartmentAddress.objects.filter(slug__in=list(slugs)[:MOST]).values_list("slug", "department__slug")
    return {old: now for old, now in rows if old != now}


def redirected(request: HttpRequest, known: Collection[str], *names: str) -> HttpResponseRedirect | None:
    """To the same page with valid addresses, when a filter names a former one; asks the database only about addresses
    that the page does not know. `names` are the filters that hold departments."""
    data = request.GET.copy()
    unknown = {value for name in names for value in data.getlist(name) if value} - set(known)
    now = moved(unknown) if unknown else {}
    if not now:
        return None
    for name in names:
        values = dict.fromkeys(now.get(value, value) for value in data.getlist(name))
        if values:
            data.setlist(name, list(values))
    return redirect(f"{request.path}?{data.urlencode()}")
