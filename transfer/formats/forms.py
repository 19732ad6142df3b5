"""Founding and changing a format, ending it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import Team
from governance.text.clean import LineField
from transfer.forms import DayField, MinutesField, OpenedForm
from transfer.models import ExchangeFormat
from transfer.models.formats import LINE_LENGTH, NAME_LENGTH, TEXT_LENGTH

FIELDS = ("name", "purpose", "audience", "rhythm", "minutes", "place", "since", "is_new")


class FormatForm(OpenedForm):
    """What a format is; `teams` are those for which the person organises."""

    name = LineField(label=_("Name"), max_length=NAME_LENGTH)
    # Not `kind`: that name is watched, because no form may post the kind of a record.
    sort = forms.ChoiceField(label=_("Art"), choices=[("", _("bitte wählen")), *ExchangeFormat.Kind.choices])
    purpose = LineField(label=_("Wozu gibt es das?"), max_length=TEXT_LENGTH, help_text=_("Ein Satz."))
    audience = LineField(
        label=_("Für wen?"),
        max_length=LINE_LENGTH,
        help_text=_("Zum Beispiel: alle Beschäftigten des Bauordnungsamts."),
    )
    rhythm = LineField(
        label=_("Wie oft?"),
        max_length=LINE_LENGTH,
        help_text=_("In Worten, zum Beispiel: jeden ersten Dienstag im Monat."),
    )
    minutes = MinutesField(label=_("Übliche Dauer in Minuten"), required=False)
    place = LineField(
        label=_("Ort oder Link"),
        max_length=TEXT_LENGTH,
        required=False,
        help_text=_("Raum oder Adresse der Videokonferenz. Jeder Termin kann davon abweichen."),
    )
    team = forms.TypedChoiceField(label=_("Welches Team organisiert?"), coerce=int)
    since = DayField(label=_("Seit wann?"), required=False)
    is_new = forms.BooleanField(label=_("Neu gegründet, um Wissen weiterzugeben"), required=False)

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(team.pk, team.name) for team in teams]

    def values(self) -> dict[str, Any]:
        """What the services take."""
        data = self.cleaned_data
        return {name: data[name] for name in FIELDS} | {"kind": data["sort"], "team": data["team"]}

    def clean_since(self) -> Any:
        day = self.cleaned_data["since"]
        if day and day > clock.today():
            raise forms.ValidationError(_("Dieser Tag liegt in der Zukunft."))
        return day


def initial_of(exchange_format: ExchangeFormat) -> dict[str, Any]:
    values = {name: getattr(exchange_format, name) for name in FIELDS}
    return values | {
        "sort": exchange_format.kind,
        "team": exchange_format.team_id,
        "opened_on": exchange_format.version,
    }
