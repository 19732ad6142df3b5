"""The administration's pages for people, departments, teams and meetings.

Records, versions, reviews and tags are not here: whoever administers the portal has no way past the workflow,
and the vocabulary is the committee's. Every change goes to the portal's own audit trail; the log of Django's
admin stays empty, because it would repeat names that erasing a person has to remove.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from axes.models import AccessAttempt
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextInputWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Case, Model, QuerySet, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from governance import directory, letters, people, queries
from governance.admin_forms import DepartmentForm, MembershipForm, PersonForm, TeamForm
from governance.audit import record_event
from governance.countersigning import services as countersigning
from governance.handover import departments
from governance.models import Department, Meeting, Membership, Team, User
from governance.rules import Standing, load_standing, may_manage_people
from governance.text.clean import AddressField, LineField, MarkdownField

security = logging.getLogger("portal.security")


def standing_of(request: HttpRequest) -> Standing:
    return load_standing(request.user)  # type: ignore[arg-type]


class AuditedAdmin(admin.ModelAdmin[Any]):
    """Asks our own predicate, cleans what is typed, deletes nothing, records every change."""

    settled_fields: tuple[str, ...] = ()
    formfield_overrides = {
        models.CharField: {"form_class": LineField},
        models.EmailField: {"form_class": AddressField},
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
        models.SlugField: {"form_class": forms.SlugField, "widget": AdminTextInputWidget},
        models.TextField: {"form_class": MarkdownField},
    }
    view_on_site = False
    list_per_page = 50

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": self.opts.verbose_name_plural, **(extra_context or {})})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the small icons that change the other object in a window of its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.ModelChoiceField) and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def _may(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and may_manage_people(Standing(user))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What identifies an object is set when it is added and stays."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields + self.settled_fields if obj else fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._record("admin_add", request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._record("admin_change", request, obj, message)

    def _record(self, verb: str, request: HttpRequest, obj: Model, message: Any) -> None:
        """Names of fields only, never what was typed."""
        fields = [
            name
            for part in (message if isinstance(message, list) else [])
            for change in part.values()
            for name in change.get("fields", [])
        ]
        record_event(
            verb,
            actor=request.user,  # type: ignore[arg-type]
            model=obj._meta.model_name,
            key=obj.pk,
            fields=[str(name) for name in fields],
        )

    def _try(self, request: HttpRequest, step: Callable[..., object], **given: Any) -> bool:
        """Run a service; a refusal becomes a message."""
        try:
            step(standing=standing_of(request), **given)
        except ValidationError as error:
            for text in error.messages:
                self.message_user(request, text, messages.ERROR)
        except PermissionDenied:
            security.warning("refused actor=%s administration %s", request.user.pk, getattr(step, "__name__", "-"))
            self.message_user(request, gettext("Das dürfen Sie nicht."), messages.ERROR)
        else:
            return True
        return False


class StillThere(admin.SimpleListFilter):
    """What lives and what has ended; the subclass names the field that is set at the end."""

    parameter_name = "stand"
    field = ""
    living: Any = ""
    ended: Any = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("da", self.living), ("beendet", self.ended)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        return queryset.filter(**{f"{self.field}__isnull": self.value() == "da"})


class Administers(admin.BooleanFieldListFilter):
    """Django calls it the staff status."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = gettext("Administration")


class NotDissolved(StillThere):
    title = _("Bestand")
    field, living, ended = "dissolved_on", _("besteht"), _("aufgelöst")


class NotEnded(StillThere):
    title = _("Mitgliedschaft")
    field, living, ended = "ended_at", _("nicht vorzeitig beendet"), _("vorzeitig beendet")


@admin.register(User)
class PersonAdmin(AuditedAdmin):
    form = PersonForm
    list_display = ("full_name", "sign_in_name", "email", "department", "active", "administers")
    list_filter = ("is_active", ("is_staff", Administers), "department")
    list_select_related = ("department",)
    search_fields = ("full_name", "username", "email")
    ordering = ("full_name",)
    actions: Sequence[Any] = ("send_link", "unlock", "leave", "erase")
    readonly_fields = ("in_directory", "last_login", "made_on", "erased_at")
    fieldsets = (
        (None, {"fields": ("full_name", "username", "email", "department")}),
        (_("Zugang"), {"fields": ("is_active", "is_staff", "in_directory", "last_login", "made_on", "erased_at")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("full_name", "username", "email", "department"),
                "description": _(
                    "Nach dem Sichern bekommt die Person eine E-Mail mit einem Link und legt ihr Passwort selbst fest."
                ),
            },
        ),
    )

    @admin.display(description=_("Anmeldename"), ordering="username")
    def sign_in_name(self, user: User) -> str:
        return user.username

    @admin.display(description=_("Hausverzeichnis"))
    def in_directory(self, user: User) -> str:
        return directory.in_words(user)

    @admin.display(description=_("Konto angelegt am"))
    def made_on(self, user: User) -> str:
        return date_format(timezone.localtime(user.date_joined), "j. F Y")

    @admin.display(description=_("aktiv"), ordering="is_active", boolean=True)
    def active(self, user: User) -> bool:
        return user.is_active

    @admin.display(description=_("Administration"), ordering="is_staff", boolean=True)
    def administers(self, user: User) -> bool:
        return user.is_staff

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request) and (obj is None or obj.erased_at is None)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return type("ActingPersonForm", (super().get_form(request, obj, change, **kwargs),), {"acting": request.user})

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        leaves = change and "is_active" in form.changed_data and not obj.is_active
        obj.is_active = obj.is_active or leaves
        super().save_model(request, obj, form, change)
        if leaves:
            self._leave(request, obj)
        if change and "is_active" in form.changed_data:
            # Set by hand from now on; and opened again, no session of before comes back.
            obj.identities.update(left_at=None)
            directory.end_sessions(obj)
        if change and obj.department_id and "department" in form.changed_data:
            obj.identities.update(named_department="")
        if not change and letters.password_link(obj):
            self.message_user(request, gettext("Der Link für das Passwort geht an %s.") % obj.email, messages.INFO)

    def _leave(self, request: HttpRequest, user: User) -> None:
        if self._try(request, people.leave, user=user):
            text = gettext(
                "%s kommt ab sofort auf keinem Gerät mehr herein; Mitgliedschaften und Feeds sind beendet. "
                "Rückfragen gehen an die Leitung des Teams, die eine Liste bekommen hat."
            )
            self.message_user(request, text % user, messages.SUCCESS)

    @admin.action(description=_("Zugang beenden (Person verlässt das Haus oder die Aufgabe)"))
    def leave(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            self._leave(request, user)

    @admin.action(description=_("Link zum Festlegen des Passworts senden"))
    def send_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Whom the directory lets in gets none: with a password of the portal they would not leave with it."""
        able = [user for user in queryset.filter(identities=None) if user.is_active and user.email]
        sent = sum(letters.password_link(user) for user in able)
        self.message_user(
            request,
            ngettext("%d Link ist unterwegs.", "%d Links sind unterwegs.", sent) % sent
            + gettext(
                " Keinen bekommt, wer stillgelegt ist, sich über das Verzeichnis anmeldet oder eben schon einen bekam."
            ),
            messages.SUCCESS if sent else messages.WARNING,
        )

    @admin.action(description=_("Sperre nach Fehlversuchen aufheben"))
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            AccessAttempt.objects.filter(username=user.username).delete()
            self._record("admin_change", request, user, [{"changed": {"fields": ["sign_in_lock"]}}])
        self.message_user(request, gettext("Die Anmeldung ist wieder möglich."), messages.SUCCESS)

    @admin.action(description=_("Stillgelegte Personen anonymisieren (endgültig)"))
    def erase(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Only who has been deactivated before, so that one wrong click erases nobody."""
        done = 0
        for user in queryset:
            if user.is_active:
                text = gettext("%s ist noch aktiv. Bitte zuerst stilllegen.") % user
                self.message_user(request, text, messages.ERROR)
            elif self._try(request, people.erase_person, user=user):
                done += 1
        if done:
            self.message_user(request, gettext("Anonymisiert: %s") % done, messages.SUCCESS)


class TreeList(ChangeList):
    """In the order of the tree, dissolved departments last."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return ["place", "name", "pk"]


@admin.register(Department)
class DepartmentAdmin(AuditedAdmin):
    form = DepartmentForm
    list_display = ("in_the_tree", "short_name", "head", "email", "dissolved_on")
    list_filter = (NotDissolved,)
    list_select_related = ("head",)
    search_fields = ("name", "short_name")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("short_name",)}
    settled_fields = ("slug",)
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        """With place and depth in the tree."""
        tree = queries.department_tree()
        place = [When(pk=department.pk, then=Value(at)) for at, (department, _depth) in enumerate(tree)]
        depth = [When(pk=department.pk, then=Value(deep)) for department, deep in tree]
        return (
            super()
            .get_queryset(request)
            .annotate(
                place=Case(*place, default=Value(len(tree)), output_field=models.IntegerField()),
                depth=Case(*depth, default=Value(0), output_field=models.IntegerField()),
            )
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TreeList

    @admin.display(description=_("Bereich"))
    def in_the_tree(self, department: Department) -> str:
        depth: int = department.depth  # type: ignore[attr-defined]
        return "\u2003" * (depth - 1) + ("└ " if depth else "") + department.name

    def save_model(self, request: HttpRequest, obj: Department, form: Any, change: bool) -> None:
        """A circle that two make at once is refused like one that is chosen; the form has looked at what was there."""
        if change and "parent" in form.changed_data:
            wanted, obj.parent_id = obj.parent, form.initial["parent"]
            if self._try(request, departments.move, department=obj, parent=wanted):
                obj.parent = wanted
        # The service tells who waits, and writes to the audit trail.
        countersigned, obj.countersigned = obj.countersigned, bool(form.initial.get("countersigned", False))
        super().save_model(request, obj, form, change)
        self._try(request, countersigning.switch, department=obj, on=countersigned)
        if change and "name" in form.changed_data:
            departments.note_name(obj, form.initial["name"])
            people.refresh_names(department=obj)


@admin.register(Team)
class TeamAdmin(AuditedAdmin):
    form = TeamForm
    list_display = ("name", "kind", "department", "email", "dissolved_on")
    list_filter = ("kind", NotDissolved, "department")
    list_select_related = ("department",)
    search_fields = ("name",)
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    settled_fields = ("slug", "kind")
    readonly_fields = ("dissolved_on",)
    actions = ("dissolve",)
    fields = ("name", "slug", "kind", "department", "email", "about")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fields
        return (*self.fields, "dissolved_on")

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"name", "department"} & set(form.changed_data):
            people.refresh_names(team=obj)

    @admin.action(description=_("Teams auflösen (nach der Übergabe)"))
    def dissolve(self, request: HttpRequest, queryset: QuerySet[Team]) -> None:
        for team in queryset:
            if self._try(request, people.dissolve, team=team):
                self.message_user(request, gettext("Aufgelöst: %s") % team, messages.SUCCESS)


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    """Joining, role and absence go through the services, which also write the audit trail."""

    form = MembershipForm
    list_display = ("user", "team", "role", "starts_on", "ends_on", "ended_at", "from_directory")
    list_filter = (NotEnded, "role", "from_directory", "team")
    list_select_related = ("user", "team")
    search_fields = ("user__full_name", "team__name")
    settled_fields = ("user", "team", "starts_on", "ended_at")
    actions = ("end",)
    add_fields = ("user", "team", "role", "starts_on")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*MembershipForm.Meta.fields, "ended_at") if obj else self.add_fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request) and (obj is None or obj.ended_at is None)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        standing, data = standing_of(request), form.cleaned_data
        if not change:
            obj.pk = people.add_member(standing=standing, **{name: data[name] for name in self.add_fields}).pk
            return
        changed = set(form.changed_data)
        if "role" in changed:
            people.change_role(standing=standing, membership=obj, role=data["role"])
        if absence := changed & {"away_from", "away_until", "substitute"}:
            names = ("away_from", "away_until", "substitute")
            people.set_absence(standing=standing, membership=obj, **{name: data[name] for name in names})
        if changed - absence - {"role"}:
            obj.save(update_fields=["ends_on"])
            super().log_change(request, obj, [{"changed": {"fields": ["ends_on"]}}])

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """The service has written it."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """The service, or `save_model`, has written it."""

    @admin.action(description=_("Mitgliedschaften sofort beenden"))
    def end(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            if self._try(request, people.end_membership, membership=membership):
                self.message_user(request, gettext("Beendet: %s") % membership, messages.SUCCESS)


@admin.register(Meeting)
class MeetingAdmin(AuditedAdmin):
    list_display = ("title", "held_on")
    search_fields = ("title",)
    fields = ("title", "held_on")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request) and (obj is None or not obj.is_closed)

    def save_model(self, request: HttpRequest, obj: Meeting, form: Any, change: bool) -> None:
        """Who has the committee's form of this session open is told that it has changed."""
        obj.version += change
        super().save_model(request, obj, form, change)
