"""The steps of signing in that the audit trail tells of, for the test that plays each of them once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client, override_settings
from django.utils import timezone
from django_otp.oath import TOTP

from governance import directory
from governance.models import DirectoryIdentity
from portal.signing_in import second_factor
from tests.factories import Cast

Step = Callable[[], Any]


def of_the_directory(cast: Cast, verb: str) -> Step | None:
    kim = directory.Person(issuer="https://haus.example", subject="1", user_name="kim")
    match verb:
        case "join_by_directory":
            return lambda: directory.sign_in(kim)
        case "link_directory":
            by_mail = directory.Person(
                issuer="https://haus.example", subject="2", email=cast.author.email, email_is_verified=True
            )

            def link() -> None:
                with override_settings(DIRECTORY_LINK_BY_MAIL=True):
                    directory.sign_in(by_mail)

            return link
        case "follow_directory":
            directory.sign_in(kim)
            moved = directory.Person(**{**kim.__dict__, "departments": ("Steueramt",)})
            return lambda: directory.sign_in(moved)
        case "left_directory" | "back_in_directory":
            directory.sign_in(kim)
            identity = DirectoryIdentity.objects.get(subject="1")
            if verb == "left_directory":
                return lambda: directory.leave(identity)
            directory.leave(identity)
            return lambda: directory.sign_in(kim)
    return None


def of_the_second_factor(cast: Cast, verb: str) -> Step | None:
    user = cast.staff
    if verb == "end_sessions":
        client = Client()
        client.force_login(user, second_factor.LOCAL_BACKEND)
        return lambda: client.post("/accounts/security/end-sessions/")
    if verb not in ("set_up_second_factor", "use_recovery_code", "renew_recovery_codes", "reset_second_factor"):
        return None
    key = second_factor.new_key()
    totp = TOTP(bytes.fromhex(key))
    totp.time = timezone.now().timestamp()
    if verb == "set_up_second_factor":
        return lambda: second_factor.set_up(user=user, key=key, code=f"{totp.token():06d}")
    codes = second_factor.set_up(user=user, key=key, code=f"{totp.token():06d}")
    match verb:
        case "use_recovery_code":
            return lambda: second_factor._use_spare_code(user, codes[0].replace("-", ""))
        case "renew_recovery_codes":
            return lambda: second_factor.renew_codes(user=user)
    return lambda: second_factor.take_away(actor=cast.admin, user=user)
