"""Pages of the second factor, and the page that shows how one signs in and ends sessions elsewhere."""

from __future__ import annotations

import segno
from django.contrib.auth import BACKEND_SESSION_KEY, authenticate, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from governance import directory
from governance.audit import record_event
from governance.http import posted_from, standing_of, told_ok
from governance.models import User
from portal import errors
from portal.signing_in import pending, second_factor, ways
from portal.signing_in.config import LDAP_BACKEND, OIDC_BACKEND
from portal.signing_in.forms import CodeForm, PasswordForm, SetUpForm
from portal.signing_in.pending import Subject

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _subject(request: HttpRequest) -> Subject | None:
    return pending.subject_of(request, ways.safe(request, request.GET.get("next", "")))


@login_not_required
@never_cache
@form_page
def challenge(request: HttpRequest) -> HttpResponse:
    """Asks for the code, after the password and before the session."""
    subject = _subject(request)
    if subject is None:
        return redirect("home" if request.user.is_authenticated else "login")
    if second_factor.device_of(subject.user) is None:
        return redirect(f"{reverse('second_factor_set_up')}?{request.GET.urlencode()}")
    if subject.is_signed_in and request.session.get(second_factor.SHOWN):
        return redirect(ways.onward(subject.next))
    if request.method != "POST":
        return render(request, "portal/signing_in/challenge.html", {"form": CodeForm()})
    if second_factor.is_locked(request, subject.user):
        return errors.locked_out(request)
    form = CodeForm(request.POST)
    if form.is_valid():
        if second_factor.is_right(request, subject.user, form.cleaned_data["code"]):
            return _let_in(request, subject)
        text = _("Dieser Code stimmt nicht. Warten Sie auf den nächsten in Ihrer App und geben Sie ihn dann ein.")
        form.add_error("code", text)
    return render(request, "portal/signing_in/challenge.html", {"form": form})


def _let_in(request: HttpRequest, subject: Subject) -> HttpResponse:
    pending.let_in(request, subject)
    left = second_factor.spare_codes_left(subject.user)
    if left < 3:
        text = _("Sie haben noch %d Ersatzcodes. Neue gibt es unter „Anmeldung und Geräte“.") % left
        told_ok(request, text)
    return redirect(ways.onward(subject.next))


@login_not_required
@never_cache
@form_page
def set_up(request: HttpRequest) -> HttpResponse:
    """A new device: QR code, key to type, and a first code that proves that it works."""
    subject = _subject(request)
    if subject is None:
        return redirect("security" if request.user.is_authenticated else "login")
    if second_factor.device_of(subject.user) is not None and not request.session.get(second_factor.SHOWN):
        return redirect("second_factor")  # only who can show the old one may exchange it
    key = request.session.setdefault(pending.KEY, second_factor.new_key())
    form = SetUpForm(request.POST or None, ask_password=subject.is_signed_in)
    if request.method == "POST":
        if second_factor.is_locked(request, subject.user):
            return errors.locked_out(request)
        if form.is_valid() and (codes := _new_device(request, subject, form, key)):
            pending.let_in(request, subject)
            target = reverse("security") if subject.is_signed_in and not subject.next else ways.onward(subject.next)
            return _codes_page(request, _("Der zweite Faktor ist eingerichtet"), codes, target)
    return render(request, "portal/signing_in/set_up.html", _set_up_context(subject, key, form))


def _new_device(request: HttpRequest, subject: Subject, form: SetUpForm, key: str) -> list[str]:
    if subject.is_signed_in and not _password_is_right(request, form):
        return []
    try:
        return second_factor.set_up(user=subject.user, key=key, code=form.cleaned_data["code"])
    except ValidationError as error:
        form.add_error("code", error.messages)
        return []


def _password_is_right(request: HttpRequest, form: PasswordForm) -> bool:
    """Counted like signing in."""
    name = request.user.get_username()
    if authenticate(request, username=name, password=form.cleaned_data["password"]) == request.user:
        return True
    form.add_error("password", _("Das Passwort stimmt nicht."))
    return False


def _set_up_context(subject: Subject, key: str, form: SetUpForm) -> dict[str, object]:
    picture = segno.make(second_factor.address_of(subject.user, key), error="m")
    return {
        "form": form,
        "qr": picture.svg_data_uri(scale=5, border=4, light="#fff"),
        "key": second_factor.typed_key(key),
        "account": subject.user.get_username(),
        "is_signed_in": subject.is_signed_in,
    }


def _codes_page(request: HttpRequest, title: str, codes: list[str], target: str) -> HttpResponse:
    """The only time that they are shown."""
    response = render(request, "portal/signing_in/codes.html", {"title": title, "codes": codes, "next": target})
    response.headers["Cache-Control"] = "no-store, private"
    return response


@never_cache
@form_page
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New spare codes, in place of those that are left."""
    subject = _subject(request)
    if subject is None or second_factor.device_of(subject.user) is None:
        return redirect("security")
    if not request.session.get(second_factor.SHOWN):
        return redirect("second_factor")
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _password_is_right(request, form):
        codes = second_factor.renew_codes(user=subject.user)
        return _codes_page(request, _("Sie haben neue Ersatzcodes"), codes, reverse("security"))
    return render(request, "portal/signing_in/renew_codes.html", {"form": form})


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """How this person signs in, and what can be done about it."""
    user = request.user
    assert isinstance(user, User)
    backend = request.session.get(BACKEND_SESSION_KEY, "")
    has_device = second_factor.device_of(user) is not None
    context = {
        "by_directory": backend in (OIDC_BACKEND, LDAP_BACKEND),
        "has_password": user.has_usable_password(),
        "has_device": has_device,
        "codes_left": second_factor.spare_codes_left(user) if has_device else 0,
        "is_required": second_factor.is_required(standing_of(request)),
    }
    return render(request, "portal/signing_in/security.html", context)


@posted_from(lambda: reverse("security"))
def end_sessions(request: HttpRequest) -> HttpResponse:
    """All sessions but this one."""
    user = request.user
    assert isinstance(user, User)
    directory.end_sessions(user)
    update_session_auth_hash(request, user)
    record_event("end_sessions", actor=user, person=user.pk)
    told_ok(request, _("An allen anderen Geräten sind Sie abgemeldet."))
    return redirect("security")
