"""Forms of governance: explicit fields only, texts cleaned at the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from governance import kinds, tags
from governance.models import Attachment, CatalogueEntry, Comment, Meeting, Membership, Record, Tag, Team, User
from governance.places import FileOf
from governance.text.clean import LineField, MarkdownField
from governance.upkeep import dates
from governance.workflow import NewComment

MEETINGS_OFFERED = 20
CANDIDATES_NAMED = 10


class NoteForm(forms.Form):
    """What goes with a submission: later the reason of the publication."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = LineField(
        label=_("Was ist neu?"),
        max_length=300,
        required=False,
        help_text=_("Ein Satz. Das Gremium liest ihn zuerst, später steht er bei der Ausgabe."),
    )


class PairNoteForm(NoteForm):
    """As NoteForm, with the offer to submit the other record of a pair, too."""

    # Empty when the form was opened before the other could be submitted.
    partner_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    together = forms.BooleanField(required=False, help_text=_("Das Gremium liest dann beide auf einer Seite."))

    def __init__(self, *args: Any, partner: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        title = partner.current_version.title if partner.current_version else ""
        label = gettext("%(number)s „%(title)s“ gleich mit vorlegen")
        self.fields["together"].label = label % {"number": partner.short_number, "title": title}


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
        # What the browser files its copy under, beside the person.
        self.backup_name = f"comment-{comment.pk}"


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
    """One of the newest sessions; `only_open`: whose minutes are not closed."""

    def __init__(self, *, only_open: bool = False, **kwargs: Any) -> None:
        # The queryset is not sliced itself: a choice is looked up in it by its key.
        known = Meeting.objects.filter(closed_at=None) if only_open else Meeting.objects.all()
        newest = known.values("pk")[:MEETINGS_OFFERED]
        super().__init__(queryset=Meeting.objects.filter(pk__in=newest), **kwargs)


class MeetingChoiceForm(forms.Form):
    """For which session the queue is printed."""

    meeting = MeetingField(label=_("Sitzung"), required=False, empty_label=_("ohne Angabe"))


DECISIONS = [("approve", _("Freigeben")), ("request_changes", _("Zur Überarbeitung zurückgeben"))]
LATER = "later"


class DecisionForm(forms.Form):
    """The committee's decision, with remarks on single fields.

    `joint`: one of two on a page, of which one may wait.
    """

    verdict = forms.ChoiceField(
        label=_("Was soll mit dem Text geschehen?"),
        choices=DECISIONS,
        widget=forms.RadioSelect,
    )
    reason = MarkdownField(
        label=_("Begründung"),
        max_length=2000,
        rows=3,
        required=False,
        help_text=_("Das Team liest sie zuerst."),
    )
    meeting = MeetingField(
        label=_("Entschieden in der Sitzung"),
        required=False,
        only_open=True,
        empty_label=_("nicht in einer Sitzung"),
    )

    def __init__(self, *args: Any, kind: kinds.Kind, joint: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verdict = self.fields["verdict"]
        assert isinstance(verdict, forms.ChoiceField)
        if joint:
            verdict.choices = [*DECISIONS, (LATER, _("Noch nicht entscheiden"))]
        self.labels = {"": _("Zum ganzen Text")} | {f.name: f.label for f in kind.fields}
        for name, label in self.labels.items():
            self.fields[f"remark_{name}"] = MarkdownField(label=label, max_length=2000, rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("verdict") == "request_changes" and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Bitte sagen Sie dem Team, was zu überarbeiten ist."))
        if self.waits and any(field.value() for field in self.texts):
            self.add_error(
                "verdict",
                _("Sie haben zu diesem Text etwas geschrieben. Bitte entscheiden Sie, oder löschen Sie Ihre Worte."),
            )
        return data

    @property
    def waits(self) -> bool:
        """Whether the person decides on this text another time."""
        return bool(self.cleaned_data.get("verdict") == LATER)

    def comments(self) -> list[NewComment]:
        return [
            NewComment(name, self.cleaned_data[f"remark_{name}"])
            for name in self.labels
            if self.cleaned_data[f"remark_{name}"]
        ]

    @property
    def whole(self) -> forms.BoundField:
        """The remark on the text as a whole."""
        return self["remark_"]

    def remarks(self, values: Mapping[str, Any]) -> dict[str, forms.BoundField]:
        """The remarks to offer for a text, by field: nothing can be said of a field that was left empty."""
        fields = {name: self[f"remark_{name}"] for name in self.labels if name}
        return {name: field for name, field in fields.items() if values.get(name) or field.value()}

    @property
    def texts(self) -> list[forms.BoundField]:
        """All that a person types here."""
        return [self["reason"], *(self[f"remark_{name}"] for name in self.labels)]


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


class IntervalForm(forms.Form):
    """How often the team is asked whether the record still holds."""

    months = forms.TypedChoiceField(
        label=_("Wie oft soll das Team bestätigen, dass der Eintrag gilt?"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Die nächste Wiedervorlage zählt dann neu, von der letzten Bestätigung an."),
    )

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"months": record.check_up_months or ""}, "prefix": "interval"})
        field = self.fields["months"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = dates.choices()


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
    """Who is taken into a team: by full name, mail address or account."""

    person = LineField(
        label=_("Person"), max_length=254, help_text=_("Vor- und Nachname, E-Mail-Adresse oder Anmeldename.")
    )

    def clean_person(self) -> User:
        typed = " ".join(self.cleaned_data["person"].split())
        account = User.objects.filter(username=typed, is_active=True).first()
        if account is not None:
            return account
        known = Q(full_name__iexact=typed) | Q(email__iexact=typed) | Q(username__iexact=typed)
        found = list(User.objects.filter(known, is_active=True).order_by("username")[:CANDIDATES_NAMED])
        if not found:
            raise forms.ValidationError(_("Diese Person hat kein Konto. Die Administration legt es an."))
        if len(found) > 1:
            accounts = ", ".join(user.username for user in found)
            raise forms.ValidationError(
                _("Das trifft auf mehrere Konten zu: %(accounts)s. Bitte geben Sie den Anmeldenamen an."),
                params={"accounts": accounts},
            )
        return found[0]


class AbsenceForm(forms.Form):
    away_from = forms.DateField(
        label=_("Abwesend ab"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    away_until = forms.DateField(
        label=_("Abwesend bis"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    substitute = forms.ModelChoiceField(
        label=_("Vertretung"), queryset=User.objects.none(), required=False, empty_label=_("niemand")
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        initial = {name: getattr(membership, name) for name in ("away_from", "away_until", "substitute")}
        super().__init__(*args, **kwargs | {"initial": initial, "prefix": f"absence{membership.pk}"})
        self.membership = membership
        field = self.fields["substitute"]
        assert isinstance(field, forms.ModelChoiceField)
        others = Membership.objects.current().filter(team_id=membership.team_id)
        field.queryset = User.objects.filter(pk__in=others.values("user_id")).exclude(pk=membership.user_id)

    def clean(self) -> dict[str, Any]:
        """Says at the field what is wrong with a period; no dates at all means back again."""
        data = super().clean() or {}
        if set(self.errors) & {"away_from", "away_until"}:
            return data
        begins, ends = data.get("away_from"), data.get("away_until")
        if ends and not begins:
            self.add_error("away_from", _("Bitte auch angeben, ab wann."))
        elif begins and not ends:
            self.add_error(
                "away_until", _("Bitte auch angeben, bis wann. Ist es noch offen, genügt ein vorläufiger Tag.")
            )
        elif begins and ends and ends < begins:
            self.add_error("away_until", _("Das Ende liegt vor dem Beginn."))
        return data


class TagForm(forms.Form):
    name = LineField(label=_("Schlagwort"), max_length=60)


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(label=_("zusammenführen mit"), queryset=Tag.objects.none())

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Tag.objects.filter(merged_into=None).exclude(pk=tag.pk).order_by("name")


class DivideForm(forms.Form):
    """The narrower words that a word is split into."""

    words = LineField(
        label=_("Neue Schlagwörter"),
        max_length=300,
        help_text=_("Mindestens zwei, mit einem Komma dazwischen. Das bisherige Wort kann eines davon sein."),
    )

    def clean_words(self) -> list[str]:
        return tags.split(self.cleaned_data["words"])


class RedactionForm(forms.Form):
    """What is to be blanked in one record: passages, one of its files, or both."""

    passages = MarkdownField(
        label=_("Textstellen"),
        rows=4,
        required=False,
        help_text=_("Eine in jeder Zeile, so geschrieben wie im Text. Ob ein Wort fett oder kursiv steht, ist gleich."),
    )
    attachment = forms.ChoiceField(label=_("Datei"), required=False)
    reason = LineField(
        label=_("Grund"),
        max_length=400,
        help_text=_("Steht im Protokoll. Bitte ohne die Textstelle selbst."),
    )

    def __init__(self, *args: Any, files: Sequence[FileOf], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(file.attachment.pk): file for file in files}
        field = self.fields["attachment"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("keine Datei")), *((key, _file_label(file)) for key, file in self.known.items())]

    def clean_passages(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["passages"].splitlines() if line.strip()]

    def clean_attachment(self) -> Attachment | None:
        file = self.known.get(self.cleaned_data["attachment"])
        return file.attachment if file else None


def _file_label(file: FileOf) -> str:
    numbers = ", ".join(map(str, file.versions))
    name = file.name or gettext("Datei %(number)d") % {"number": file.attachment.pk}
    size = filesizeformat(file.attachment.size)
    return gettext("%(name)s (%(size)s), in Version %(numbers)s") % {"name": name, "size": size, "numbers": numbers}


class RecordChoiceForm(forms.Form):
    """Which record, by its short number."""

    record = LineField(label=_("Kurznummer"), max_length=20, help_text=_("Zum Beispiel L-17."))

    def clean_record(self) -> Record:
        letter, _dash, number = self.cleaned_data["record"].upper().partition("-")
        kind = kinds.by_letter(letter) if letter else None
        record = None
        if kind and number.isdecimal() and len(number) < 9:
            record = Record.objects.filter(kind=kind.key, number=int(number)).first()
        if record is None:
            raise forms.ValidationError(_("Diesen Eintrag gibt es nicht."))
        return record
