"""Links of results that are counted when opened, and the form for what is missing."""

from __future__ import annotations

from urllib.parse import urlencode

from django import template
from django.urls import reverse

from governance.models import CatalogueEntry
from portal.asked import Query
from portal.missing.forms import AskForm
from portal.missing.models import TEXT_LENGTH
from portal.missing.words import words_of

register = template.Library()


@register.simple_tag
def hit_url(query: Query, entry: CatalogueEntry) -> str:
    """Where the link of a result leads: by way of the count, when the question is one that is counted."""
    if words := words_of(query.text):
        return f"{reverse('search_open')}?{urlencode({'q': words, 'to': entry.short_number})}"
    return entry.url


@register.simple_tag
def ask_form(question: str, form: AskForm | str | None = None) -> AskForm:
    """The form as it was posted, or a new one with the question filled in."""
    return form if isinstance(form, AskForm) else AskForm(initial={"text": question[:TEXT_LENGTH]})
