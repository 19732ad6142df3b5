"""The second factor beside a password that the portal itself keeps: a time-based code, or one of ten spare ones.

Checked between password and session, so that whoever has a session has shown both, and no page asks again. Wrong
codes count as failed attempts to sign in, by name and address, and each makes the device wait longer, whatever the
address.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import b32encode
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from governance import clock
from governance.audit import record_event
from governance.errors import WrongState
from governance.models import User
from governance.rules import Standing, load_standing
from portal.signing_in.models import RecoveryCode

LOCAL_BACKEND = "django.contrib.auth.backends.ModelBackend"
CODES = 10
# 80 bits: as long as a fast hash needs. Without letters and digits that look alike.
CODE_LENGTH, CODE_LETTERS = 16, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SHOWN = "second_factor_shown"
KEY_BYTES = 20


def device_of(user: User) -> TOTPDevice | None:
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    return found


def is_required(standing: Standing) -> bool:
    """For whom a password alone is too little: committee and administration."""
    return settings.SECOND_FACTOR_REQUIRED and (
        standing.is_admin or standing.user.is_superuser or standing.is_committee
    )


def is_missing(user: User, backend: str) -> bool:
    """Whether something is still to be shown, or set up, before this way of signing in gives a session."""
    if backend != LOCAL_BACKEND:
        return False
    return device_of(user) is not None or is_required(load_standing(user))


def session_lacks_it(request: HttpRequest, standing: Standing) -> bool:
    """The same for a session that exists, without a question to the database: who became a member since, or a setting
    that was switched on."""
    if not settings.SECOND_FACTOR_REQUIRED or request.session.get(BACKEND_SESSION_KEY) != LOCAL_BACKEND:
        return False
    return not request.session.get(SHOWN) and is_required(standing)


# -- showing it ------------------------------------------------------------------------------------


def is_locked(request: HttpRequest, user: User) -> bool:
    return not AxesProxyHandler.is_allowed(request, {"username": user.get_username()})


def is_right(request: HttpRequest, user: User, typed: str) -> bool:
    """Whether this is the code of now, or a spare code not used yet. A wrong one is counted."""
    code = "".join(character for character in typed.upper() if character.isalnum())
    right = _is_time_code(user, code) if len(code) == 6 and code.isdecimal() else _use_spare_code(user, code)
    if not right:
        user_login_failed.send(sender=__name__, credentials={"username": user.get_username()}, request=request)
    return right


@transaction.atomic
def _is_time_code(user: User, code: str) -> bool:
    """Each code once, also for two who send it at the same moment; and none while the device has to wait."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    return device is not None and bool(device.verify_token(code))


@transaction.atomic
def _use_spare_code(user: User, code: str) -> bool:
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None or not device.verify_is_allowed()[0]:
        return False
    unused = RecoveryCode.objects.filter(user=user, used_at=None, code_hash=_hash(user, code))
    if not unused.update(used_at=clock.now()):
        device.throttle_increment()
        return False
    device.throttle_reset()
    record_event("use_recovery_code", actor=user, left=spare_codes_left(user))
    return True


def spare_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _hash(user: User, code: str) -> str:
    """Not keyed with SECRET_KEY: a new one must not lock out whoever has lost the device."""
    return hashlib.sha256(f"{user.pk}:{code}".encode()).hexdigest()


# -- setting it up ---------------------------------------------------------------------------------


def new_key() -> str:
    return secrets.token_hex(KEY_BYTES)


def typed_key(key: str) -> str:
    """As an app asks for it where no camera is at hand, in groups of four."""
    letters = b32encode(bytes.fromhex(key)).decode()
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def address_of(user: User, key: str) -> str:
    """What the QR code says."""
    address: str = TOTPDevice(user=user, key=key).config_url
    return address


@transaction.atomic
def set_up(*, user: User, key: str, code: str) -> list[str]:
    """Take the device into use, in place of an earlier one, and make new spare codes. `code` proves that it works."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    device = TOTPDevice(user=user, key=key, name="TOTP", confirmed=True)
    TOTPDevice.objects.filter(user=user).delete()
    device.save()
    if not device.verify_token(code):
        raise WrongState(
            _("Dieser Code passt nicht. Stimmt die Uhrzeit Ihres Geräts? Sie sollte automatisch gestellt werden.")
        )
    record_event("set_up_second_factor", actor=user, person=user.pk)
    return _make_codes(user)


@transaction.atomic
def renew_codes(*, user: User) -> list[str]:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    record_event("renew_recovery_codes", actor=user, person=user.pk)
    return _make_codes(user)


def _make_codes(user: User) -> list[str]:
    codes = ["".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH)) for _code in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=_hash(user, code)) for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4)) for code in codes]


@transaction.atomic
def take_away(*, actor: User | None, user: User) -> bool:
    """Device and codes are gone, and with them every session; whoever needs the factor sets up a new one next time."""
    from governance.directory import end_sessions

    had = TOTPDevice.objects.filter(user=user).delete()[0] + RecoveryCode.objects.filter(user=user).delete()[0]
    if had:
        end_sessions(user)
        record_event("reset_second_factor", actor=actor, person=user.pk)
    return bool(had)


def forget(sender: object, user: User, **kwargs: Any) -> None:
    """A person is erased."""
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
