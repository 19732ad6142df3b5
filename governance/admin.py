"""Django's admin for people, departments, teams, meetings and tags. Records, versions and reviews are
not here: whoever administers the portal has no way past the workflow.

Every change goes to the portal's own audit trail; the log of Django's admin stays empty, because it
would repeat names that erasing a person has to remove.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.admin import Tag as PlainTag

from governance import people, tags
from governance.audit import record_event
from governance.models import Department, Meeting, Membership, Tag, Team, User
from governance.rules import Standing, load_standing, may_manage_people

admin.site.site_header = _("Verwaltung des Wissensportals")
admin.site.site_title = _("Verwaltung")
admin.site.index_title = _("Personen, Bereiche und Teams")
for model in (Group, PlainTag):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


def standing_of(request: HttpRequest) -> Standing:
    return load_standing(request.user)  # type: ignore[arg-type]


class AuditedAdmin(admin.ModelAdmin[Any]):
    """Asks our own predicate, deletes nothing, records every change."""

    settled_fields: tuple[str, ...] = ()

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

    def _try(self, request: HttpRequest, step: Any, **given: Any) -> bool:
        """Run a service; a refusal becomes a message."""
        try:
            step(standing=standing_of(request), **given)
        except ValidationError as error:
            for text in error.messages:
                self.message_user(request, text, messages.ERROR)
        except PermissionDenied:
            self.message_user(request, gettext("Das dürfen Sie nicht."), messages.ERROR)
        else:
            return True
        return False


@admin.register(User)
class PersonAdmin(AuditedAdmin, UserAdmin[User]):
    list_display = ("full_name", "username", "email", "department", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "department")
    list_select_related = ("department",)
    search_fields = ("full_name", "username", "email")
    ordering = ("full_name",)
    filter_horizontal = ()
    actions = ("erase",)
    fieldsets = (
        (None, {"fields": ("username", "password", "full_name", "email", "department")}),
        (_("Zugang"), {"fields": ("is_active", "is_staff", "last_login", "erased_at")}),
    )
    readonly_fields = ("last_login", "erased_at")
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "username",
                    "full_name",
                    "email",
                    "department",
                    "usable_password",
                    "password1",
                    "password2",
                )
            },
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request) and (obj is None or obj.erased_at is None)

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


@admin.register(Department)
class DepartmentAdmin(AuditedAdmin):
    list_display = ("name", "short_name", "parent", "head", "dissolved_on")
    list_select_related = ("parent", "head")
    search_fields = ("name", "short_name")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("short_name",)}
    settled_fields = ("slug",)

    def save_model(self, request: HttpRequest, obj: Department, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            people.refresh_names(department=obj)


class TeamForm(forms.ModelForm[Team]):
    hand_over_to = forms.ModelChoiceField(
        queryset=Team.objects.filter(kind=Team.Kind.CHANGE_TEAM, dissolved_on=None),
        label=_("Alle Einträge übergeben an"),
        help_text=_("Vor dem Auflösen: Das gewählte Team bekommt alle Einträge dieses Teams."),
        required=False,
    )


@admin.register(Team)
class TeamAdmin(AuditedAdmin):
    form = TeamForm
    list_display = ("name", "kind", "department", "dissolved_on")
    list_filter = ("kind", "department")
    list_select_related = ("department",)
    search_fields = ("name",)
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    settled_fields = ("slug", "kind")
    readonly_fields = ("dissolved_on",)
    actions = ("dissolve",)
    fields = ("name", "slug", "kind", "department", "email", "about", "dissolved_on")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        can_hand_over = obj is not None and not obj.is_committee
        return (*self.fields, "hand_over_to") if can_hand_over else self.fields

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"name", "department"} & set(form.changed_data):
            people.refresh_names(team=obj)
        if to := form.cleaned_data.get("hand_over_to"):
            self._try(request, people.hand_over, team=obj, to=to)

    @admin.action(description=_("Teams auflösen (nach der Übergabe)"))
    def dissolve(self, request: HttpRequest, queryset: QuerySet[Team]) -> None:
        for team in queryset:
            if self._try(request, people.dissolve, team=team):
                self.message_user(request, gettext("Aufgelöst: %s") % team, messages.SUCCESS)


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    list_display = ("user", "team", "role", "starts_on", "ends_on", "ended_at")
    list_filter = ("team", "role")
    list_select_related = ("user", "team")
    search_fields = ("user__full_name", "team__name")
    settled_fields = ("user", "team", "ended_at")
    actions = ("end",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request) and (obj is None or obj.ended_at is None)

    @admin.action(description=_("Mitgliedschaften sofort beenden"))
    def end(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            if self._try(request, people.end_membership, membership=membership):
                self.message_user(request, gettext("Beendet: %s") % membership, messages.SUCCESS)


@admin.register(Meeting)
class MeetingAdmin(AuditedAdmin):
    list_display = ("title", "held_on")
    date_hierarchy = "held_on"


@admin.register(Tag)
class TagAdmin(AuditedAdmin):
    """Merging is a step of the committee, on its own page."""

    list_display = ("name", "merged_into", "confirmed_at")
    list_select_related = ("merged_into",)
    search_fields = ("name",)
    fields = ("name", "slug", "merged_into", "confirmed_at")
    readonly_fields = ("merged_into",)
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    settled_fields = ("slug",)

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user
        elif "name" in form.changed_data:
            # First, because records are locked before the tag.
            tags.respell(obj, obj.name)
        super().save_model(request, obj, form, change)
