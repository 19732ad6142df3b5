"""Whole numbers as people type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from governance.rows import decimal_string
from governance.text.clean import clean_line

MOST = 2**31 - 1


class WholeNumberField(forms.CharField):
    """A whole number of at least 0, also written 1.200; None when empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        typed = clean_line(str(value), 40) if value not in self.empty_values else ""
        if not typed:
            return None
        text = decimal_string(typed)
        if not text.isdecimal() or int(text) > MOST:
            raise ValidationError(_("Bitte geben Sie hier eine ganze Zahl an, zum Beispiel 1.200."))
        return int(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "numeric"}
