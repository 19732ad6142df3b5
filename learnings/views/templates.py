"""The town hall's own slide template: what the administration brings in, and the empty one for everybody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from governance import rules
from governance.http import posted_from, standing_of, taken, told_ok, told_refused
from learnings import templates
from learnings.models import SlideTemplate
from learnings.presentation.checking import too_large
from learnings.views.taking import PPTX, file_response

# Beside the file the form has a token and boundaries.
_BESIDE = 64 * 2**10
_CHUNK = 2**20
# So much of a body that is refused is taken off the line, so that the browser listens to the answer.
_MOST_READ = 2**30


class TemplateForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Folienvorlage"),
        widget=forms.FileInput(attrs={"accept": ".pptx,.potx"}),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "PowerPoint-Datei (.pptx oder .potx) im Format 16:9 oder 4:3. Ihre Folien darin bleiben weg."
        ),
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def template_list(request: HttpRequest) -> HttpResponse:
    """What is there, and the way to bring one in. A file that is far too large is refused before anything is read."""
    if not rules.may_keep_templates(standing_of(request)):
        raise PermissionDenied
    if request.method == "POST" and _length(request) > settings.TEMPLATE_MAX_BYTES + _BESIDE:
        _take_off_the_line(request)
        form = TemplateForm({}, MultiValueDict({"file": [SimpleUploadedFile("x.pptx", b"")]}))
        form.add_error("file", too_large())
        return _page(request, form)
    return _bring_in(request)


@csrf_protect
def _bring_in(request: HttpRequest) -> HttpResponse:
    form = TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm()

    def add(data: dict[str, Any]) -> None:
        kept = templates.add(standing=standing_of(request), data=data["file"].read(), name=data["file"].name)
        name = kept.name
        told_ok(request, _("„%(name)s“ ist geprüft und ab jetzt die Vorlage aller Präsentationen.") % {"name": name})

    if taken(form, add, "file"):
        return redirect("learnings:templates")
    return _page(request, form)


def _page(request: HttpRequest, form: TemplateForm) -> HttpResponse:
    context = {"form": form, "templates": templates.known(), "max": settings.TEMPLATE_MAX_BYTES // 2**20}
    return render(request, "learnings/templates.html", context, status=422 if form.errors else 200)


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def _take_off_the_line(request: HttpRequest) -> None:
    """Read and forget: nothing is parsed, nothing is kept."""
    read = 0
    try:
        while read < _MOST_READ and (chunk := request.read(_CHUNK)):
            read += len(chunk)
    except UnreadablePostError:
        return


def _template_list_url(**arguments: Any) -> str:
    return reverse("learnings:templates")


@posted_from(_template_list_url)
def template_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one into use again, or the one in use out of it."""
    standing = standing_of(request)
    if not rules.may_keep_templates(standing):
        raise PermissionDenied
    row = get_object_or_404(SlideTemplate.objects.defer("data"), pk=pk)
    if request.POST.get("do") == "withdraw":
        templates.withdraw(standing=standing)
        told_ok(request, _("Präsentationen entstehen jetzt wieder auf der Vorlage des Portals."))
        return redirect("learnings:templates")
    try:
        templates.use(standing=standing, template=row)
    except ValidationError as error:
        told_refused(request, error)
    else:
        told_ok(request, _("„%(name)s“ ist ab jetzt die Vorlage aller Präsentationen.") % {"name": row.name})
    return redirect("learnings:templates")


@require_safe
def template_empty(request: HttpRequest) -> HttpResponse:
    """The template in use, without slides: for whoever makes a presentation by hand."""
    return file_response(templates.in_use().data, PPTX, f"{_('Folienvorlage')}.pptx")
