"""The slide templates that the administration has brought in: kept once by their bytes, at most one in use."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance import clock, rules
from governance.audit import record_event
from governance.errors import NotAllowed
from governance.rules import Standing
from learnings.models import SlideTemplate
from learnings.presentation import Template, blank, read
from learnings.presentation.checking import check

MAX_NAME = 120


def known() -> QuerySet[SlideTemplate]:
    """All of them, the newest first, without their bytes."""
    return SlideTemplate.objects.defer("data").select_related("added_by").order_by("-added_at", "-pk")


def in_use() -> Template:
    """The town hall's own template, else that of the portal."""
    key = SlideTemplate.objects.filter(is_in_use=True).values_list("sha256", flat=True).first()
    return _kept(key) if key else _own()


@lru_cache(maxsize=1)
def _own() -> Template:
    return read(blank())


@lru_cache(maxsize=2)
def _kept(sha256: str) -> Template:
    return read(bytes(SlideTemplate.objects.values_list("data", flat=True).get(sha256=sha256)))


@transaction.atomic
def add(*, standing: Standing, data: bytes, name: str) -> SlideTemplate:
    """Keep a template and use it from now on. Raises a ValidationError with every reason against it."""
    _require(standing)
    found = check(data)
    digest = hashlib.sha256(found.data).hexdigest()
    row, is_new = SlideTemplate.objects.get_or_create(
        sha256=digest,
        defaults={
            "name": name.strip()[:MAX_NAME] or _("ohne Namen"),
            "data": found.data,
            "size": len(found.data),
            "added_by": standing.user,
            "added_at": clock.now(),
        },
    )
    if is_new:
        record_event("add_template", actor=standing.user, sha256=digest)
    return use(standing=standing, template=row)


@transaction.atomic
def use(*, standing: Standing, template: SlideTemplate) -> SlideTemplate:
    """All presentations are made on this template from now on."""
    _require(standing)
    # Two who choose at once: the second waits here, and what it chose counts.
    rows = list(SlideTemplate.objects.defer("data").select_for_update().order_by("pk"))
    chosen = next((row for row in rows if row.pk == template.pk), None)
    if chosen is None:
        raise ValidationError(_("Diese Vorlage gibt es nicht mehr."))
    try:
        with transaction.atomic():
            SlideTemplate.objects.filter(is_in_use=True).update(is_in_use=False)
            SlideTemplate.objects.filter(pk=chosen.pk).update(is_in_use=True)
    except IntegrityError as error:
        # The very first two, brought in at the same moment: neither saw the other's row.
        text = _("Gerade hat noch jemand eine Vorlage gewählt. Bitte versuchen Sie es noch einmal.")
        raise ValidationError(text) from error
    record_event("use_template", actor=standing.user, sha256=chosen.sha256)
    return chosen


@transaction.atomic
def withdraw(*, standing: Standing) -> None:
    """Back to the portal's own template; what was brought in stays and can be used again."""
    _require(standing)
    for row in SlideTemplate.objects.defer("data").select_for_update().filter(is_in_use=True):
        SlideTemplate.objects.filter(pk=row.pk).update(is_in_use=False)
        record_event("withdraw_template", actor=standing.user, sha256=row.sha256)


def _require(standing: Standing) -> None:
    if not rules.may_keep_templates(standing):
        raise NotAllowed
