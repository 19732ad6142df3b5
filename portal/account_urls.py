"""Signing in and out, changing and resetting the password: Django's own views and names."""

from django.contrib.auth import views
from django.urls import path
from django.views.decorators.cache import never_cache

from portal.account_forms import ChangeForm, ResetForm, SetForm
from portal.account_views import PasswordChange, SignIn, SignOut
from portal.signing_in.urls import urlpatterns as signing_in

urlpatterns = [
    path("login/", never_cache(SignIn.as_view()), name="login"),
    path("logout/", SignOut.as_view(), name="logout"),
    path("password/", PasswordChange.as_view(form_class=ChangeForm), name="password_change"),
    path("password/done/", views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("reset/", views.PasswordResetView.as_view(form_class=ResetForm), name="password_reset"),
    path("reset/sent/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "reset/<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(form_class=SetForm),
        name="password_reset_confirm",
    ),
    path("reset/done/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    *signing_in,
]
