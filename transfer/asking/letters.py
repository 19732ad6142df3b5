"""Who is told what of questions and hints: titles of records and links, never the words themselves."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance import mail
from governance.models import Membership, Team, User
from transfer.asking.queries import addressees
from transfer.asking.rules import Asked
from transfer.models import Hint, Question


def answerers(asked: Asked, exclude: User | None = None) -> list[User]:
    """The members of the teams that are asked; of the committee, where there is none."""
    teams = addressees(asked)
    keys = {exclude.pk} if exclude else set()
    return mail.stand_ins(Membership.objects.filter(team__in=teams), keys) if teams else _committee(keys)


def _committee(exclude: set[int]) -> list[User]:
    members = Membership.objects.filter(team__kind=Team.Kind.STEERING_COMMITTEE, team__dissolved_on=None)
    return mail.stand_ins(members, exclude)


def asked(question: Question, actor: User) -> None:
    _tell(answerers(question, actor), _("Rückfrage an Ihr Team: %s") % question.named, question)


def hinted(hint: Hint, actor: User | None) -> None:
    _tell(answerers(hint, actor), _("Ein neuer Hinweis für Ihr Team"), hint)


def answered(asked: Asked, actor: User, *, anew: bool) -> None:
    if isinstance(asked, Question):
        what = _("Antwort geändert: Ihre Rückfrage zu %s") if anew else _("Beantwortet: Ihre Rückfrage zu %s")
        _tell_asker(asked, what % asked.named, actor)
    else:
        _tell_asker(asked, _("Antwort geändert: Ihr Hinweis") if anew else _("Beantwortet: Ihr Hinweis"), actor)


def answered_for_you(asked: Asked) -> None:
    """The team, when the committee has helped."""
    _tell(answerers(asked), _("Das Gremium hat für Sie geantwortet: %s") % _name(asked), asked)


def published(question: Question, actor: User) -> None:
    told = _("Jetzt unter dem Eintrag zu lesen, ohne Ihren Namen: Ihre Rückfrage zu %s")
    _tell_asker(question, told % question.named, actor)


def drafted(hint: Hint, actor: User) -> None:
    _tell_asker(hint, _("Aus Ihrem Hinweis schreibt das Team ein Learning"), actor)


def deleted(asked: Asked, actor: User) -> None:
    if isinstance(asked, Question):
        _tell_asker(asked, _("Gelöscht, mit Begründung: Ihre Rückfrage zu %s") % asked.named, actor)
    else:
        _tell_asker(asked, _("Gelöscht, mit Begründung: Ihr Hinweis"), actor)


def late(asked: Asked) -> None:
    """The reminder, once."""
    _tell(answerers(asked), _("Wartet seit zehn Arbeitstagen auf Antwort: %s") % _name(asked), asked)


def escalated(asked: Asked) -> None:
    _tell(_committee(set()), _("Noch immer ohne Antwort: %s") % _name(asked), asked)


def handed_over(team: Team, number: int) -> None:
    """The team that got open questions and hints together with records."""
    told = ngettext(
        "Mit der Übergabe wartet eine Rückfrage oder ein Hinweis auf Ihr Team",
        "Mit der Übergabe warten %d Rückfragen und Hinweise auf Ihr Team",
        number,
    )
    mail.tell(mail.recipients(team), subject=told % number if "%d" in told else told, path="/tasks/")


def _name(asked: Asked) -> str:
    return _("Rückfrage zu %s") % asked.named if isinstance(asked, Question) else _("ein Hinweis")


def _tell_asker(asked: Asked, subject: str, actor: User) -> None:
    if asked.asked_by is not None and asked.asked_by_id != actor.pk:
        _tell([asked.asked_by], subject, asked)


def _tell(people: list[User], subject: str, asked: Asked) -> None:
    record = asked.record if isinstance(asked, Question) else None
    mail.tell(people, subject=subject, path=asked.get_absolute_url(), record=record)
