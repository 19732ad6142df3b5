"""Forms of governance: explicit fields only, texts cleaned at the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance import kinds
from governance.models import CatalogueEntry, Comment, Meeting, Membership, Record, Tag, Team, User
from governance.text.clean import LineField, MarkdownField
from governance.workflow import NewComment

MEETINGS_OFFERED = 20


class NoteForm(forms.Form):
    """What goes with a submission: later the reason of the publication."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = LineField(
        label=_("Was ist neu?"),
        max_length=300,
        required=False,
        help_text=_("Ein Satz. Das Gremium liest ihn zuerst, später steht er bei der Ausgabe."),
    )


class ReasonForm(forms.Form):
    """A reason that must be given."""

    reason = MarkdownField(label=_("Begründung"), max_length=2000, rows=4)


class AnswerForm(forms.Form):
    """The team's answer to a comment. `comment` gives each of several forms on a page its own ids."""

    text = MarkdownField(label=_("Antwort"), max_length=2000, rows=2)

    def __init__(self, *args: Any, comment: Comment, **kwargs: Any) -> None:
        defaults = {"auto_id": f"kommentar-{comment.pk}-%s", "initial": {"text": comment.answer}}
        super().__init__(*args, **defaults | kwargs)
        self.comment = comment


class ArchiveForm(ReasonForm):
    successor = LineField(
        label=_("Nachfolger"),
        max_length=20,
        required=False,
        help_text=_("Kurznummer des Eintrags, der stattdessen gilt, zum Beispiel L-17."),
    )

    def clean_successor(self) -> Record | None:
        number = self.cleaned_data["successor"].upper()
        if not number:
            return None
        entry = CatalogueEntry.objects.select_related("record").filter(short_number=number).first()
        if entry is None:
            raise forms.ValidationError(_("Diese Kurznummer ist nicht veröffentlicht."))
        return entry.record


class MeetingField(forms.ModelChoiceField):
    """One of the newest sessions."""

    def __init__(self, **kwargs: Any) -> None:
        # The queryset is not sliced itself: a choice is looked up in it by its key.
        newest = Meeting.objects.values("pk")[:MEETINGS_OFFERED]
        super().__init__(queryset=Meeting.objects.filter(pk__in=newest), **kwargs)


class MeetingChoiceForm(forms.Form):
    """For which session the queue is printed."""

    meeting = MeetingField(label=_("Sitzung"), required=False, empty_label=_("ohne Angabe"))


class DecisionForm(forms.Form):
    """The committee's decision, with remarks on single fields."""

    verdict = forms.ChoiceField(
        label=_("Entscheidung"),
        choices=[
            ("approve", _("Freigeben")),
            ("request_changes", _("Zur Überarbeitung zurückgeben")),
        ],
        widget=forms.RadioSelect,
    )
    reason = MarkdownField(
        label=_("Begründung"),
        max_length=2000,
        rows=3,
        required=False,
        help_text=_("Beim Zurückgeben nötig. Das Team liest sie zuerst."),
    )
    meeting = MeetingField(
        label=_("Entschieden in der Sitzung"), required=False, empty_label=_("nicht in einer Sitzung")
    )

    def __init__(self, *args: Any, kind: kinds.Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.remarks = {"": _("Zum ganzen Text")} | {f.name: f.label for f in kind.fields}
        for name, label in self.remarks.items():
            self.fields[f"remark_{name}"] = MarkdownField(label=label, max_length=2000, rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("verdict") == "request_changes" and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Bitte sagen Sie dem Team, was zu überarbeiten ist."))
        return data

    def comments(self) -> list[NewComment]:
        return [
            NewComment(name, self.cleaned_data[f"remark_{name}"])
            for name in self.remarks
            if self.cleaned_data[f"remark_{name}"]
        ]

    @property
    def remark_fields(self) -> list[forms.BoundField]:
        return [self[f"remark_{name}"] for name in self.remarks]

    @property
    def texts(self) -> list[forms.BoundField]:
        """All that a person types here."""
        return [self["reason"], *self.remark_fields]


class MeetingForm(forms.ModelForm[Meeting]):
    title = LineField(label=_("Titel"), max_length=120)
    held_on = forms.DateField(label=_("Datum"), widget=forms.DateInput(attrs={"type": "date"}))

    class Meta:
        model = Meeting
        fields = ["title", "held_on"]


class ContactForm(forms.Form):
    contact = forms.ModelChoiceField(label=_("Ansprechperson"), queryset=User.objects.none())

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"contact": record.contact_id}, "prefix": "contact"})
        field = self.fields["contact"]
        assert isinstance(field, forms.ModelChoiceField)
        members = Membership.objects.current().filter(team_id=record.owner_id)
        field.queryset = User.objects.filter(pk__in=members.values("user_id"))


class CheckUpForm(forms.Form):
    day = forms.DateField(
        label=_("Nächste Wiedervorlage"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"day": record.check_up_on}, "prefix": "check_up"})


class ReachForm(forms.Form):
    reach = forms.ChoiceField(label=_("Weitergabe"), choices=Record.Reach.choices)

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"reach": record.reach}, "prefix": "reach"})


class AboutForm(forms.ModelForm[Team]):
    about = LineField(label=_("Aufgabe in einem Satz"), max_length=400, required=False)

    class Meta:
        model = Team
        fields = ["about"]


class NewMemberForm(forms.Form):
    username = LineField(label=_("Anmeldename"), max_length=150)

    def clean_username(self) -> User:
        user = User.objects.filter(username=self.cleaned_data["username"], is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("Dieses Konto gibt es nicht. Die Administration legt es an."))
        return user


class AbsenceForm(forms.Form):
    away_from = forms.DateField(
        label=_("abwesend ab"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    away_until = forms.DateField(
        label=_("abwesend bis"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    substitute = forms.ModelChoiceField(label=_("Vertretung"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        initial = {name: getattr(membership, name) for name in ("away_from", "away_until", "substitute")}
        super().__init__(*args, **kwargs | {"initial": initial, "prefix": f"absence{membership.pk}"})
        self.membership = membership
        field = self.fields["substitute"]
        assert isinstance(field, forms.ModelChoiceField)
        others = Membership.objects.current().filter(team_id=membership.team_id)
        field.queryset = User.objects.filter(pk__in=others.values("user_id")).exclude(pk=membership.user_id)


class TagForm(forms.Form):
    name = LineField(label=_("Schlagwort"), max_length=60)


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(label=_("zusammenführen mit"), queryset=Tag.objects.none())

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Tag.objects.filter(merged_into=None).exclude(pk=tag.pk).order_by("name")


class RedactionForm(forms.Form):
    record = LineField(label=_("Kurznummer"), max_length=20)
    passages = MarkdownField(
        label=_("Textstellen"),
        rows=4,
        help_text=_("Eine in jeder Zeile, genau so geschrieben wie im Text."),
    )
    reason = LineField(
        label=_("Grund"),
        max_length=400,
        help_text=_("Steht im Protokoll. Bitte ohne die Textstelle selbst."),
    )

    def clean_record(self) -> Record:
        letter, _dash, number = self.cleaned_data["record"].upper().partition("-")
        kind = kinds.by_letter(letter) if letter else None
        record = None
        if kind and number.isdecimal() and len(number) < 9:
            record = Record.objects.filter(kind=kind.key, number=int(number)).first()
        if record is None:
            raise forms.ValidationError(_("Diesen Eintrag gibt es nicht."))
        return record

    def clean_passages(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["passages"].splitlines() if line.strip()]
