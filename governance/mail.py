"""Mails: written in the transaction of the step that causes them, sent by the task queue after commit.

A mail holds titles and links, no text of a record. A mail server that is away loses none: the row
waits, the task comes back after a growing pause, and `run_due` sends whatever is left over.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task

from governance import accounts, clock
from governance.addresses import absolute
from governance.models import Membership, OutgoingMail, Record, Team, User

logger = logging.getLogger(__name__)
LONGEST_PAUSE = dt.timedelta(hours=6)
ORIGINS_KEPT = dt.timedelta(days=1)
# What goes wrong with one mail only; everything else is the server or the way to it.
OF_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError)


# -- who -------------------------------------------------------------------------------------------


def recipients(team: Team, exclude: Collection[int] = ()) -> list[User]:
    """The members of `team`; for one who is away, the substitute. `exclude` holds keys of persons.

    When the substitute is away too, has left the team, or is excluded, the member gets the mail.
    """
    return stand_ins(Membership.objects.filter(team=team), exclude)


def stand_ins(memberships: Iterable[Membership], exclude: Collection[int] = ()) -> list[User]:
    """The persons of the given memberships of one team that are in force, absent ones replaced."""
    wanted = list(memberships)
    today = clock.today()
    teams = {membership.team_id for membership in wanted}
    current = list(Membership.objects.current().filter(team_id__in=teams).select_related("user").order_by("pk"))
    at_work = {m.user_id: m.user for m in current if not m.is_away_on(today)}
    keys = {membership.pk for membership in wanted}
    found: dict[int, User] = {}
    for membership in current:
        if membership.pk not in keys or membership.user_id in exclude:
            continue
        person = membership.user
        substitute = membership.substitute_id
        if membership.is_away_on(today) and substitute and substitute not in exclude:
            person = at_work.get(substitute, person)
        found[person.pk] = person
    return list(found.values())


def contact_of(record: Record, exclude: Collection[int] = ()) -> list[User]:
    """Whom to write to when a record's contact is asked: while that person is away, the substitute."""
    if record.contact_id in exclude:
        return []
    return stand_ins(Membership.objects.filter(team=record.owner_id, user=record.contact_id)) or [record.contact]


# -- writing ---------------------------------------------------------------------------------------


def tell(
    users: Iterable[User],
    *,
    subject: str,
    path: str,
    record: Record | None = None,
    lines: Iterable[str] = (),
) -> list[OutgoingMail]:
    """Write one mail to each of `users` and send it once the transaction is committed."""
    mails = OutgoingMail.objects.bulk_create(
        OutgoingMail(
            to=user,
            record=record,
            subject=one_line(subject)[:250],
            body=_body(subject, path, lines),
            created_at=clock.now(),
            next_attempt_at=clock.now(),
        )
        for user in {user.pk: user for user in users if user.is_active}.values()
    )
    for mail in mails:
        _send_after_commit(mail)
    return mails


def tell_link(user: User, *, subject: str, asked_from: str = "") -> OutgoingMail:
    """Write a mail whose body, with a link for setting the password, is made when it is sent."""
    mail = OutgoingMail.objects.create(to=user, subject=subject, password_link=True, asked_from=asked_from)
    _send_after_commit(mail)
    return mail


# By name, what makes the body of a mail at the moment of sending; an empty one is not sent.
Letter = Callable[[OutgoingMail], str]
_letters: dict[str, Letter] = {}


def register_letter(name: str, letter: Letter) -> None:
    """Add a letter; other apps do so in their `apps.py`."""
    if name in _letters:
        raise ValueError(f"letter {name!r} is registered already")
    _letters[name] = letter


def tell_letter(user: User, *, letter: str, subject: str) -> OutgoingMail:
    """Write a mail whose body `letter` makes when it is sent, from what its reader may see then."""
    mail = OutgoingMail.objects.create(
        to=user, subject=one_line(subject)[:250], letter=letter, created_at=clock.now(), next_attempt_at=clock.now()
    )
    _send_after_commit(mail)
    return mail


def _send_after_commit(mail: OutgoingMail) -> None:
    # Robust: a queue that fails costs only the speed, `run_due` finds the row.
    transaction.on_commit(partial(deliver.enqueue, mail.pk), robust=True)


def one_line(text: str) -> str:
    """`text` fit for a header: no line breaks, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _body(subject: str, path: str, lines: Iterable[str]) -> str:
    return "\n\n".join(
        [
            _("Guten Tag,"),
            one_line(subject),
            *(one_line(line) for line in lines),
            absolute(path),
            _("Diese Nachricht kommt vom Wissensportal. Sie öffnen die Seite nach der Anmeldung."),
        ]
    )


# -- sending ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waits:
    """A mail that could not be sent now. `alone`: it is about this mail, others may go."""

    until: dt.datetime
    alone: bool


@task()
def deliver(mail_id: int) -> None:
    """Try to send one mail; when the server is away, come back later."""
    waits = attempt(mail_id)
    if waits is not None and deliver.get_backend().supports_defer:
        deliver.using(run_after=waits.until).enqueue(mail_id)


def is_allowed(address: str) -> bool:
    """Whether mails may go there: anywhere, or to the domains of the setting and nowhere else."""
    domains = settings.MAIL_ALLOWED_DOMAINS
    return not domains or address.rpartition("@")[2].lower() in {domain.lower() for domain in domains}


def _body_of(mail: OutgoingMail) -> str:
    """What stands in it, as of now; empty when there is nothing left to tell."""
    if mail.password_link:
        return accounts.letter(mail.to)
    return _letters[mail.letter](mail) if mail.letter else mail.body


def _send(mail: OutgoingMail, body: str) -> None:
    """Hand one mail to the server of the settings; raises what goes wrong.

    When STARTTLS is asked for and fails, nothing is sent. The mail's id is always the same: a mailbox that gets it
    twice, since our note of having sent it was lost, can tell.
    """
    domain = urlsplit(settings.PORTAL_BASE_URL).hostname or "localhost"
    headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<{mail.pk}.{mail.created_at:%Y%m%d%H%M%S%f}@{domain}>",
    }
    EmailMessage(mail.subject, body, settings.DEFAULT_FROM_EMAIL, [mail.to.email], headers=headers).send()


def deliver_waiting() -> None:
    """Send what is due and still waits, oldest first; stop when the server is away."""
    due = OutgoingMail.objects.filter(sent_at=None, dropped_at=None, next_attempt_at__lte=clock.now())
    for pk in list(due.values_list("pk", flat=True)):
        waits = attempt(pk)
        if waits is not None and not waits.alone:
            return


@transaction.atomic
def attempt(mail_id: int) -> Waits | None:
    """Send one mail under its row lock; returns until when it has to wait, else None: it is sent or dropped.

    The lock keeps task and timer from sending it twice.
    """
    mail = (
        OutgoingMail.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("to")
        .filter(pk=mail_id, sent_at=None, dropped_at=None)
        .first()
    )
    if mail is None:
        return None
    if not mail.to.is_active or not mail.to.email:
        _drop(mail, "no address")
        return None
    if not is_allowed(mail.to.email):
        _drop(mail, "outside of MAIL_ALLOWED_DOMAINS")
        return None
    body = _body_of(mail)
    if not body:
        _drop(mail, "nothing left to tell")
        return None
    try:
        _send(mail, body)
    except (OSError, ValueError) as error:
        if codes := _refused_for_good(error):
            _drop(mail, f"refused by the server: {codes}")
            return None
        return _wait(mail, error)
    mail.sent_at, mail.last_error = clock.now(), ""
    mail.attempts += 1
    mail.save(update_fields=["sent_at", "last_error", "attempts"])
    return None


def _refused_for_good(error: Exception) -> list[int]:
    """The codes with which the server refused this one mail for ever; empty when another try may help."""
    codes: list[int] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _reason in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPDataError):
        codes = [error.smtp_code]
    return codes if all(code >= 500 for code in codes) else []


def _drop(mail: OutgoingMail, why: str) -> None:
    mail.dropped_at, mail.last_error = clock.now(), why[:200]
    mail.save(update_fields=["dropped_at", "last_error"])
    logger.warning("mail %s dropped: %s", mail.pk, why)


def _wait(mail: OutgoingMail, error: Exception) -> Waits:
    pause = min(dt.timedelta(minutes=2 ** min(mail.attempts, 10)), LONGEST_PAUSE)
    mail.attempts += 1
    mail.next_attempt_at = clock.now() + pause
    # The kind of error only: messages of a server may repeat addresses.
    mail.last_error = type(error).__name__
    mail.save(update_fields=["attempts", "next_attempt_at", "last_error"])
    logger.warning("mail %s waits after attempt %s: %s", mail.pk, mail.attempts, mail.last_error)
    return Waits(mail.next_attempt_at, alone=isinstance(error, OF_ONE_MAIL))


def purge(older_than: dt.timedelta) -> int:
    """Delete mails that were sent or dropped longer ago than that, and where links were asked for after a day."""
    lately = clock.now() - ORIGINS_KEPT
    OutgoingMail.objects.exclude(asked_from="").filter(created_at__lt=lately).update(asked_from="")
    limit = clock.now() - older_than
    sent = OutgoingMail.objects.filter(sent_at__lt=limit).delete()[0]
    return sent + OutgoingMail.objects.filter(dropped_at__lt=limit).delete()[0]
