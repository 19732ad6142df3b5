"""Asking, answering, publishing and deleting. A question locks its record first, as every step about one does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from governance import clock, versions
from governance import queries as records
from governance.audit import record_event
from governance.errors import NotAllowed, WrongState
from governance.models import CatalogueEntry, Department, Record, Team
from governance.people import lock_person
from governance.rules import Standing, load_standing
from learnings.models import KIND
from transfer.asking import letters, queries, rules
from transfer.asking.rules import Asked
from transfer.errors import Changed
from transfer.models import Hint, Question
from transfer.models.asking import State

DUE_WORKING_DAYS = 10
A_DAY = 5
Row = TypeVar("Row", bound=Asked)
Rule = Callable[[Standing, Any, Collection[int]], bool]


# -- asking ----------------------------------------------------------------------------------------


@transaction.atomic
def ask(*, standing: Standing, record: Record, text: str) -> Question:
    """Ask the team of a published record. Asked twice by the same person, it is one question as long as it is open.

    Raises Gone or Http404 for what is not published, WrongState when the person has asked as often as one may.
    """
    lock_person(standing.user_id)
    locked = versions.lock(record)
    entry = CatalogueEntry.objects.only("title").filter(pk=locked.pk).first()
    if entry is None:
        raise records.not_there(locked)
    mine = Question.objects.filter(asked_by=standing.user_id)
    if same := mine.filter(record=locked, text=text, state=State.OPEN).first():
        return same
    if mine.filter(created_at__gte=clock.midnight()).count() >= A_DAY:
        raise WrongState(_("Heute haben Sie schon %d Rückfragen gestellt. Morgen geht es weiter.") % A_DAY)
    question = Question.objects.create(
        record=locked, title=entry.title, text=text, asked_by=standing.user, created_at=clock.now(), due_on=_due()
    )
    # Without the person: the trail is for ever and read by the committee, who asked is neither.
    record_event("ask_team", actor=None, record=locked, question=question.pk)
    letters.asked(question, standing.user)
    return question


@transaction.atomic
def give_hint(*, standing: Standing, title: str, text: str) -> Hint:
    """Tell the own department's team of something; the committee, where there is no team. Given twice, it is one.

    Raises WrongState when the person has given as many as one may.
    """
    lock_person(standing.user_id)
    mine = Hint.objects.filter(asked_by=standing.user_id)
    if same := mine.filter(title=title, text=text, state=State.OPEN).first():
        return same
    if mine.filter(created_at__gte=clock.midnight()).count() >= A_DAY:
        raise WrongState(_("Heute haben Sie schon %d Hinweise gegeben. Morgen geht es weiter.") % A_DAY)
    given = Hint.objects.create(
        department_id=standing.department_id,
        title=title,
        text=text,
        asked_by=standing.user,
        created_at=clock.now(),
        due_on=_due(),
    )
    record_event("give_hint", actor=None, hint=given.pk)
    letters.hinted(given, standing.user)
    return given


def _due() -> dt.date:
    return clock.add_working_days(clock.today(), DUE_WORKING_DAYS)


# -- answering -------------------------------------------------------------------------------------


@transaction.atomic
def answer(*, standing: Standing, asked: Row, opened_on: int, text: str) -> Row:
    """Answer, or correct the answer; who asked is told. Raises NotAllowed, Changed, WrongState."""
    locked = _lock(standing, asked, rules.may_answer)
    _must_be_of(locked, opened_on)
    anew = not locked.is_open and bool(locked.answer)
    if locked.answer == text:
        return locked
    locked.answer, locked.answered_by = text, standing.user
    if locked.is_open:
        locked.state, locked.closed_at = State.ANSWERED, clock.now()
    _save(locked)
    _record("answer_question", standing, locked)
    letters.answered(locked, standing.user, anew=anew)
    if not rules.is_addressed(standing, queries.addressee_ids(locked)):
        letters.answered_for_you(locked)
    return locked


@transaction.atomic
def publish(*, standing: Standing, question: Question, opened_on: int, shown_question: str, shown_answer: str) -> None:
    """Show question and answer, in these words and without the asker, under the record; or change the words.

    Raises NotAllowed, Changed, WrongState.
    """
    locked = _lock(standing, question, rules.may_publish)
    _must_be_of(locked, opened_on)
    if locked.state != State.ANSWERED:
        raise WrongState(_("Bitte beantworten Sie die Rückfrage zuerst."))
    if not CatalogueEntry.objects.filter(pk=locked.record_id).exists():
        raise WrongState(_("Der Eintrag ist zurzeit nicht veröffentlicht. Unter ihm kann nichts stehen."))
    is_new = locked.published_at is None
    locked.shown_question, locked.shown_answer = shown_question, shown_answer
    locked.published_at = locked.published_at or clock.now()
    _save(locked)
    _record("publish_question", standing, locked)
    if is_new:
        letters.published(locked, standing.user)


@transaction.atomic
def take_back(*, standing: Standing, question: Question) -> None:
    """Readers no longer see it; the words stay with the team. Taken back twice is taken back once."""
    locked = _lock(standing, question, rules.may_publish)
    if locked.published_at is None:
        return
    locked.published_at = None
    _save(locked)
    _record("take_back_question", standing, locked)


@transaction.atomic
def delete(*, standing: Standing, asked: Asked, opened_on: int, reason: str) -> None:
    """Blank all words, for a reason that who asked is told; readers no longer see it. Raises NotAllowed, Changed."""
    locked = _lock(standing, asked, rules.may_delete)
    _must_be_of(locked, opened_on)
    locked.text = locked.answer = ""
    if isinstance(locked, Question):
        locked.shown_question = locked.shown_answer = ""
        locked.published_at = None
    else:
        locked.title = ""
    locked.state, locked.reason = State.DELETED, reason
    locked.closed_at = locked.closed_at or clock.now()
    _save(locked)
    _record("delete_question", standing, locked)
    letters.deleted(locked, standing.user)


# -- what becomes of a hint ------------------------------------------------------------------------


@transaction.atomic
def write_learning(*, standing: Standing, hint: Hint) -> int:
    """A draft that begins with the hint's words; returns its record's key. Asked twice, there is one."""
    locked = _lock(standing, hint, rules.may_draft)
    if locked.learning_id:
        return int(locked.learning_id)
    _must_not_be_deleted(locked)
    asked = [key for key in queries.addressee_ids(locked) if key in standing.team_ids]
    owner = Team.objects.get(pk=(asked or standing.team_ids)[0])
    values = {"title": locked.title, "answer": locked.text}
    version = versions.create(
        kind=KIND, owner=owner, standing=standing, values=values, note=_("Aus einem Hinweis aus dem Haus")
    )
    locked.learning_id, locked.state = version.record_id, State.DRAFTED
    locked.closed_at = locked.closed_at or clock.now()
    _save(locked)
    record_event("write_from_hint", actor=standing.user, record=version.record, hint=locked.pk)
    letters.drafted(locked, standing.user)
    return int(version.record_id)


@transaction.atomic
def pass_on(*, standing: Standing, hint: Hint, department: Department) -> Hint:
    """The committee gives a hint that has no team to a department that has one. Raises NotAllowed, WrongState."""
    locked = _lock(standing, hint, rules.may_pass_on)
    _must_not_be_deleted(locked)
    if not queries.departments_with_a_team().filter(pk=department.pk).exists():
        raise WrongState(_("Dieser Bereich hat kein Team. Bitte wählen Sie einen anderen."))
    locked.department, locked.due_on = department, clock.add_working_days(clock.today(), DUE_WORKING_DAYS)
    locked.reminded_on = locked.escalated_on = None
    _save(locked)
    record_event("pass_on_hint", actor=standing.user, hint=locked.pk, to=department.pk)
    letters.hinted(locked, None)
    return locked


# -- what the steps share --------------------------------------------------------------------------


def _lock(standing: Standing, asked: Row, rule: Rule) -> Row:
    """Locked and read anew, for those to whom `rule` allows the step by the standing of now; raises NotAllowed."""
    record = versions.lock(asked.record_id) if isinstance(asked, Question) else None
    model = type(asked)
    rows: Any = model._default_manager.select_for_update(of=("self",)).select_related("asked_by")
    locked = rows.get(pk=asked.pk)
    if record is not None:
        locked.record = record
    if not rule(load_standing(standing.user), locked, queries.addressee_ids(locked)):
        raise NotAllowed
    return locked


def _must_be_of(asked: Asked, opened_on: int) -> None:
    _must_not_be_deleted(asked)
    if asked.version != opened_on:
        raise Changed(asked)


def _must_not_be_deleted(asked: Asked) -> None:
    if asked.is_deleted:
        raise WrongState(_("Das ist inzwischen gelöscht."))


def _save(asked: Asked) -> None:
    asked.version += 1
    asked.save()


def _record(verb: str, standing: Standing, asked: Asked) -> None:
    if isinstance(asked, Question):
        record_event(verb, actor=standing.user, record=asked.record, question=asked.pk)
    else:
        record_event(verb, actor=standing.user, hint=asked.pk)
