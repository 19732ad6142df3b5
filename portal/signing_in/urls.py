"""Addresses under /accounts/: the second factor always, the house's directory only when it is set."""

from django.conf import settings
from django.urls import URLPattern, path

from portal.signing_in import views

urlpatterns: list[URLPattern] = [
    path("security/", views.security, name="security"),
    path("security/end-sessions/", views.end_sessions, name="end_sessions"),
    path("second-factor/", views.challenge, name="second_factor"),
    path("second-factor/set-up/", views.set_up, name="second_factor_set_up"),
    path("second-factor/codes/", views.renew_codes, name="recovery_codes"),
]


def of_the_directory() -> list[URLPattern]:
    from portal.signing_in import oidc_views

    return [
        path("directory/", oidc_views.Begin.as_view(), name="oidc_authentication_init"),
        path("directory/back/", oidc_views.Callback.as_view(), name="oidc_authentication_callback"),
        path("directory/sign-out/", oidc_views.sign_out_there, name="oidc_logout"),
        path("directory/signed-out/", oidc_views.signed_out_there, name="oidc_signed_out"),
    ]


if settings.OIDC_ISSUER:
    urlpatterns += of_the_directory()
