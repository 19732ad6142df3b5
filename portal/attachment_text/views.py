"""For committee and administration: what the search could not read, and trying it again."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from governance import rules
from governance.http import standing_of, told_ok
from governance.models import Attachment
from portal.attachment_text import services
from portal.attachment_text.words import REASONS

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def unread_files(request: HttpRequest) -> HttpResponse:
    """Each file with its records and the reason; a post has one of them read again."""
    standing = standing_of(request)
    if not rules.may_keep_search(standing):
        raise PermissionDenied
    if request.method == "POST":
        key = request.POST.get("attachment", "")
        attachment = get_object_or_404(Attachment, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
        if services.retry(attachment=attachment, standing=standing):
            told_ok(request, _("Die Anlage wird noch einmal gelesen. Das Ergebnis steht in wenigen Minuten hier."))
        else:
            told_ok(request, _("Diese Anlage ist inzwischen gelesen oder wartet schon darauf. Es ist nichts zu tun."))
        return redirect("unread_files")
    page = Paginator(services.failures(), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"text": text, "files": text.attachment.published.all(), "reason": REASONS[text.reason]} for text in page]
    context = {"rows": rows, "page": page, "waiting": services.waiting()}
    return render(request, "portal/unread_files.html", context)
