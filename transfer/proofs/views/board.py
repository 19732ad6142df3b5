"""All measures on their way from idea to scaled, as a board or as a table."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from governance.handover import addresses
from governance.http import standing_of
from transfer.proofs import board

TABLE_SIZE = 50
TABLE = "table"


@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """The board; with `view=table` the same as a table, where a single stage can be read in full."""
    department, stage = request.GET.get("department", "")[:80], request.GET.get("stage", "")
    stage = stage if stage in board.STAGES else ""
    as_table = request.GET.get("view") == TABLE
    departments = list(board.departments())
    if moved := addresses.redirected(request, {one.slug for one in departments}, "department"):
        return moved
    department = department if department in {one.slug for one in departments} else ""
    context: dict[str, Any] = {
        "as_table": as_table,
        "department": department,
        "departments": departments,
        "stage": stage,
        "stages": board.STAGES.items(),
        "of_department": f"&{urlencode({'department': department})}" if department else "",
        "way": [(_("Nachnutzen"), reverse("transfer:adoptions")), (_("Maßnahmen"), None)],
        "may_write": standing_of(request).is_change_team_member,
    }
    if as_table:
        page = Paginator(board.table(department=department, stage=stage), TABLE_SIZE).get_page(request.GET.get("page"))
        query = {"view": TABLE, "department": department, "stage": stage}
        context |= {"page": page, "cards": board.cards(page.object_list), "query": urlencode(query)}
    else:
        context["columns"] = board.columns(department=department)
    return render(request, "transfer/proofs/board.html", context)
