"""The administration: Django's admin, with one sign-in (the portal's) and our own tables only."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

OURS = "governance"


class Administration(AdminSite):
    site_header = _("Verwaltung des Wissensportals")
    site_title = _("Verwaltung des Wissensportals")
    index_title = _("Personen, Bereiche und Teams")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what `governance/admin.py` names. Packages bring pages of their own that ask Django's
        permissions instead of our rules, and delete."""
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        ours = [model for model in models if model._meta.app_label == OURS]
        if ours:
            super().register(ours, admin_class, **options)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """A second page for signing in would need the same care as the first."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect(f"{reverse('login')}?{urlencode({'next': request.GET.get('next', '')})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]
        return redirect("password_change")


class AdministrationConfig(AdminConfig):
    default_site = "governance.admin_site.Administration"
