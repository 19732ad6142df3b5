"""How learnings are written: forms, steps, and what only they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.http import standing_of
from governance.rules import Standing
from governance.writing import editing
from governance.writing.desk import url_of
from governance.writing.editing import Work
from governance.writing.rows import LinkForm, formset_of
from governance.writing.writing import SHORT_TEXTS, Writing
from learnings import checks, pictures
from learnings.fields import LABELS
from learnings.forms.figures import FigureForm
from learnings.forms.quick import QuickForm
from learnings.forms.steps import STEPS
from learnings.forms.text import MESSAGES, LearningForm, initial_of
from learnings.kind import LEARNING
from learnings.models import Audience
from learnings.schemas import basis

# What a button asks for, followed by the audience.
FITS = "fits-"
# Pages and files that can be made of a draft, by the names of their routes.
TAKEN = ("presentation", "handout", "audience")


def without_file(values: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    """Pictures after the attachment at `place` keep their place in the text; one that the text shows stays."""
    if used := pictures.fields_with(values, place):
        raise ValidationError(
            _(
                "Die Anlage „%(name)s“ steht als Bild noch im Text (%(fields)s). Bitte löschen Sie dort zuerst "
                "die Stelle mit „anlage:%(place)d“ und entfernen Sie die Anlage danach."
            ),
            params={
                "name": values["attachments"][place - 1]["name"],
                "fields": ", ".join(str(LABELS[name]) for name in used),
                "place": place,
            },
        )
    return pictures.without(values, place)


def part_doubts(values: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """The messages that are older than the answer, each at its own field."""
    return {f"message_{audience}": [audience] for audience in checks.outdated(values)}


def context(work: Work) -> Mapping[str, Any]:
    return {"audiences": Audience.choices}


def still_fits(work: Work, standing: Standing, audience: str) -> None:
    """Note that the message for `audience` was read again and holds beside the present answer."""
    now = basis(work.values["answer"])
    messages = [row | {"based_on": now} if row["audience"] == audience else row for row in work.values["messages"]]
    editing.keep(work, standing, {"messages": messages})


def go_on(request: HttpRequest, work: Work, go: str) -> HttpResponse | None:
    """The buttons for what is made of the draft, and beside a message that is older than the answer."""
    if go.startswith(FITS):
        still_fits(work, standing_of(request), go.removeprefix(FITS))
    if go not in TAKEN:
        return None
    query = urlencode({"text": "draft", "audience": request.POST.get("audience", "")[:30]})
    return redirect(f"{url_of(work.record, go)}?{query}")


LEARNING_WRITING = Writing(
    kind=LEARNING,
    quick_form=QuickForm,
    quick_lead=gettext_lazy(
        "Titel und ein Satz genügen für den Anfang. Danach führen vier Schritte weiter, jetzt oder später."
    ),
    quick_template="learnings/_from_word.html",
    text_form=LearningForm,
    steps=STEPS,
    rows={"figures": formset_of(FigureForm), "links": formset_of(LinkForm)},
    edit_template="learnings/edit.html",
    initial_of=initial_of,
    part_templates={**dict.fromkeys(MESSAGES, "learnings/_message.html"), **SHORT_TEXTS},
    part_doubts=part_doubts,
    shows_pictures=True,
    shown_at={"messages": "audiences"},
    # A message makes no sense without its audience.
    together={"audiences": ("audiences", "messages")},
    form_names={"audiences": ("audiences", *MESSAGES)},
    labels={"audiences": gettext_lazy("Zielgruppen und Kernaussagen")},
    without_file=without_file,
    context=context,
    go_on=go_on,
)
