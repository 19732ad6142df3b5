"""The quick note: title and one sentence start a draft."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from governance.text.clean import MarkdownField
from governance.writing import notes


class QuickForm(notes.QuickForm):
    """The sentence is the answer to the leading question."""

    answer = MarkdownField(
        label=gettext_lazy("Was haben Sie gelernt? Ein Satz genügt."),
        max_length=600,
        rows=3,
        help_text=gettext_lazy("So, wie Sie es in der Kaffeeküche erzählen würden."),
    )
