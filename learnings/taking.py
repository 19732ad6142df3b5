"""What is taken along from published learnings and process models as files: for our pages, and for whoever puts several
together.

All take keys of records and leave out what is not published: several may have been chosen while it was.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from learnings import brief, presentation, templates
from learnings.models import Audience
from learnings.story import sources

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_BRIEFS = 40


def slides(keys: Iterable[int], audience: Audience, *, title: str = "") -> bytes:
    """The slides of these records in one file, in the order given; a `title` makes a first slide with what is in it.

    Raises a ValidationError when none of them is published.
    """
    found = sources.published(keys)
    if not found:
        raise ValidationError(_("Keiner der Einträge ist veröffentlicht. Es gibt nichts zu zeigen."))
    return presentation.make(found, audience, template=templates.in_use(), title=title)


def briefs(keys: Iterable[int]) -> bytes:
    """The briefs of these records in one file, in the order given. Raises a ValidationError for none or too many."""
    found = sources.published(keys)
    if not found:
        raise ValidationError(_("Bitte wählen Sie mindestens ein veröffentlichtes Learning."))
    if len(found) > MOST_BRIEFS:
        raise ValidationError(_("Höchstens %(max)d Learnings passen in eine Datei.") % {"max": MOST_BRIEFS})
    return brief.make(found)
