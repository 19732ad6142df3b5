"""Every step that matters writes one event, every verb has its sentence, and nobody reads too much."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from governance import administration, clock, people, queries, redaction, reviewing, tags, workflow
from governance.audit import VERBS, record_event, sentence
from governance.countersigning import services as countersigning
from governance.handover import departments
from governance.meetings import services as meetings
from governance.models import AuditEvent, Comment, Meeting, Membership, Record, User
from governance.workflow import NewComment
from learnings import templates
from learnings.presentation import blank
from portal.missing import services as missing
from portal.missing.models import SearchCount
from portal.missing.queries import FEWEST_DAYS
from portal.synonyms import services as synonyms
from portal.upkeep import services as upkeep
from portal.upkeep.models import LikePair, PageLink
from tests.factories import Cast, approve, make_draft, make_published, reload, save, submit, tag
from tests.portal.signing_in import audited as signing_in
from tests.transfer import audited
from tests.transfer.asking.audited import of_asking
from tests.transfer.factories import add_topic, make_format, make_occurrence, note
from tests.transfer.packages import factories as packages
from transfer.afterwards import services as afterwards
from transfer.agenda import services as agenda
from transfer.formats import services as formats
from transfer.models import AgendaItem
from transfer.newsletter import services as newsletter
from transfer.occurrences import services as occurrences
from transfer.reflection import services as reflection
from transfer.sources import services as sources

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


def recorded_verbs() -> set[str]:
    found = set()
    for app in ("governance", "learnings", "processmodels", "transfer", "portal"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record_event":
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        found.add(str(first.value))
    return found


def test_every_recorded_verb_has_a_sentence() -> None:
    verbs = recorded_verbs()
    assert {"create", "erase_person", "redact"} <= verbs
    assert verbs <= set(VERBS)


def test_an_event_tells_what_happened() -> None:
    assert sentence(record_event("archive", actor=None)) == "hat den Eintrag archiviert"
    assert sentence(record_event("old_verb", actor=None)) == "old_verb"


# -- one event for each step -----------------------------------------------------------------------

Step = Callable[[], Any]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def commented(cast: Cast) -> Comment:
    review = submit(cast, make_draft(cast))
    approve(cast, review, notes=[NewComment("answer", "Bitte kürzer")])
    return review.comments.get()


def answered(cast: Cast) -> Comment:
    return reviewing.answer(comment=commented(cast), standing=cast.standing("author"), text="Ja.")


def resolved(cast: Cast) -> Comment:
    comment = answered(cast)
    reviewing.resolve(comment=comment, standing=cast.standing("author"))
    return comment


def proposal(cast: Cast, record: Record) -> redaction.Redaction:
    return redaction.propose(standing=cast.standing("admin"), record=record, reason="Name", passages=["Formular"])


def membership(user: User) -> Membership:
    return Membership.objects.get(user=user)


def of_the_text(cast: Cast, verb: str) -> Step | None:
    author, lead = cast.standing("author"), cast.standing("lead")
    match verb:
        case "create":
            return lambda: make_draft(cast)
        case "save":
            record = make_draft(cast)
            return lambda: save(cast, record, answer="Neu.")
        case "submit":
            record = make_draft(cast)
            return lambda: submit(cast, record)
        case "withdraw":
            record = submit(cast, make_draft(cast)).record
            return lambda: workflow.withdraw(record=record, standing=author)
        case "discard":
            record = make_published(cast)
            save(cast, record, answer="Neu.")
            return lambda: workflow.discard(record=record, standing=author)
        case "roll_back":
            record = make_published(cast)
            first = record.versions.get()
            return lambda: workflow.roll_back(record=record, standing=author, version=first, note="Gilt doch")
        case "confirm":
            record = make_published(cast)
            return lambda: workflow.confirm(record=record, standing=lead)
        case "archive":
            record = make_published(cast)
            return lambda: workflow.archive(record=record, standing=lead, reason="Alt")
        case "reopen":
            record = make_draft(cast)
            workflow.archive(record=record, standing=lead, reason="Alt")
            return lambda: workflow.reopen(record=record, standing=lead)
    return None


def of_the_review(cast: Cast, verb: str) -> Step | None:
    author, committee = cast.standing("author"), cast.standing("committee")
    match verb:
        case "request_changes":
            review = submit(cast, make_draft(cast))
            return lambda: workflow.request_changes(review=review, standing=committee, reason="Kürzer")
        case "approve":
            review = submit(cast, make_draft(cast))
            return lambda: approve(cast, review)
        case "claim":
            review = submit(cast, make_draft(cast))
            return lambda: workflow.claim(review=review, standing=committee)
        case "release":
            review = workflow.claim(review=submit(cast, make_draft(cast)), standing=committee)
            return lambda: workflow.claim(review=review, standing=committee, give_back=True)
        case "answer":
            comment = commented(cast)
            return lambda: reviewing.answer(comment=comment, standing=author, text="Ja.")
        case "resolve":
            comment = answered(cast)
            return lambda: reviewing.resolve(comment=comment, standing=author)
        case "open_again":
            comment = resolved(cast)
            return lambda: reviewing.open_again(comment=comment, standing=committee)
        case "create_meeting":
            form = {"title": "Sitzung", "held_on": "2026-12-01"}
            return lambda: client_of(cast.committee).post(reverse("governance:meetings"), form)
    return None


def of_sessions(cast: Cast, verb: str) -> Step | None:
    chair = cast.standing("chair")
    if not verb.endswith(("_meeting", "_minutes")) or verb == "create_meeting":
        return None
    review = submit(cast, make_draft(cast))
    meeting = Meeting.objects.create(title="Sitzung", held_on="2026-01-15", present=[cast.chair.pk])
    if verb == "put_on_meeting":
        return lambda: meetings.put_on(meeting=meeting, standing=chair, reviews=[review.pk])
    (item,) = meetings.put_on(meeting=meeting, standing=chair, reviews=[review.pk])
    match verb:
        case "change_meeting":
            return lambda: meetings.change(
                meeting=meeting, standing=chair, opened_on=1, title="Neu", held_on=meeting.held_on
            )
        case "take_off_meeting":
            return lambda: meetings.take_off(item=item, standing=chair)
        case "note_in_meeting":
            return lambda: meetings.note(item=item, standing=chair, opened_on=1, note="Gut", parts={})
        case "close_minutes":
            return lambda: meetings.close(meeting=meeting, standing=chair, opened_on=1)
        case "open_minutes":
            meetings.close(meeting=meeting, standing=chair, opened_on=1)
            return lambda: meetings.open_again(meeting=meeting, standing=chair)
    return None


def of_countersigning(cast: Cast, verb: str) -> Step | None:
    lead, department = cast.standing("lead"), cast.team.department
    if verb not in ("switch_countersigning", "put_forward", "give_back"):
        return None
    assert department is not None
    if verb == "switch_countersigning":
        return lambda: countersigning.switch(department=department, standing=lead, on=True)
    record = make_draft(cast)
    countersigning.switch(department=department, standing=lead, on=True)
    form = {"record": record, "standing": cast.standing("author"), "version_id": record.current_version_id or 0}
    if verb == "put_forward":
        return lambda: countersigning.put_forward(**form)
    countersigning.put_forward(**form)
    return lambda: countersigning.give_back(record=record, standing=lead, answer="Kürzer")


def of_the_vocabulary(cast: Cast, verb: str) -> Step | None:
    committee = cast.standing("committee")
    match verb:
        case "create_tag":
            return lambda: tags.resolve_names(["Neues Wort"], committee)
        case "confirm_tag":
            return lambda: tags.confirm(tag=tag(), standing=committee)
        case "rename_tag":
            return lambda: tags.rename(tag=tag(), name="Anders", standing=committee)
        case "merge_tag":
            return lambda: tags.merge(tag=tag(), into=tag("Anders"), standing=committee)
        case "split_tag":
            # Both words are known, so that no new one is made along with it.
            names = [tag("Anders").name, tag("Ganz anders").name]
            return lambda: tags.divide(tag=tag(), names=names, standing=committee)
    return None


def of_the_search(cast: Cast, verb: str) -> Step | None:
    committee = cast.standing("committee")
    match verb:
        case "ask_missing":
            return lambda: missing.ask(standing=cast.standing("staff"), text="Pferd anmelden")
        case "want_learning":
            for day in range(FEWEST_DAYS):
                on = clock.today() - dt.timedelta(days=day)
                SearchCount.objects.create(day=on, words="baumkataster", fruitless=1)
            return lambda: missing.want(standing=committee, words="baumkataster")
        case "answer_missing":
            note = missing.ask(standing=cast.standing("staff"), text="Pferd anmelden")
            return lambda: missing.decide(standing=committee, note=note, shown="open", status="taken")
    return None


def of_synonyms(cast: Cast, verb: str) -> Step | None:
    committee, words = cast.standing("committee"), ["Perso", "Personalausweis"]
    if verb == "add_synonyms":
        return lambda: synonyms.add(standing=committee, words=words)
    if verb not in ("change_synonyms", "remove_synonyms"):
        return None
    group = synonyms.add(standing=committee, words=words)
    if verb == "change_synonyms":
        return lambda: synonyms.change(standing=committee, group=group, opened_on=1, words=[*words, "Ausweis"])
    return lambda: synonyms.remove(standing=committee, group=group, opened_on=1)


def of_formats(cast: Cast, verb: str) -> Step | None:
    lead = cast.standing("lead")
    if verb == "found_format":
        words = {"name": "Jour fixe", "kind": "jour_fixe", "purpose": "x", "audience": "alle", "rhythm": "montags"}
        return lambda: formats.found(standing=lead, team=cast.team.pk, **words)
    if verb in ("change_format", "end_format", "set_date"):
        shown = make_format(cast)
        return {
            "change_format": lambda: formats.change(
                standing=lead, exchange_format=shown, opened_on=1, team=cast.team.pk, name="Anders"
            ),
            "end_format": lambda: formats.end(standing=lead, exchange_format=shown),
            "set_date": lambda: make_occurrence(cast, shown),
        }[verb]
    return None


def of_occurrences(cast: Cast, verb: str) -> Step | None:
    lead, occurrence = cast.standing("lead"), make_occurrence(cast)
    match verb:
        case "change_date":
            begins = occurrence.starts_at + dt.timedelta(days=1)
            return lambda: occurrences.change(standing=lead, occurrence=occurrence, opened_on=1, starts_at=begins)
        case "cancel_date":
            return lambda: occurrences.cancel(standing=lead, occurrence=occurrence)
        case "put_on_agenda":
            return lambda: add_topic(cast, occurrence)
        case "reflect":
            lines = {"keep": ["Offene Tür"]}
            return lambda: reflection.reflect(standing=lead, occurrence=occurrence, lines=lines, seen=[], became={})
    return of_items(cast, verb, add_topic(cast, occurrence))


def of_items(cast: Cast, verb: str, item: AgendaItem) -> Step | None:
    lead = cast.standing("lead")
    match verb:
        case "change_agenda":
            return lambda: agenda.change(standing=lead, item=item, opened_on=1, aim="ask")
        case "take_off_agenda":
            return lambda: agenda.take_off(standing=lead, item=item)
        case "note_outcome":
            return lambda: note(cast, item)
        case "add_follow_up":
            return lambda: afterwards.add_follow_up(standing=lead, item=item, text="Tun")
        case "tick_follow_up":
            follow_up = afterwards.add_follow_up(standing=lead, item=item, text="Tun")
            return lambda: afterwards.tick(standing=lead, follow_up=follow_up, done=True)
        case "write_from_note":
            noted = note(cast, item)
            return lambda: afterwards.write_from_note(standing=lead, source=noted)
    return None


def of_upkeep(cast: Cast, verb: str) -> Step | None:
    lead, chair = cast.standing("lead"), cast.standing("chair")
    record = make_published(cast)
    match verb:
        case "change_contact":
            return lambda: administration.change_contact(record=record, standing=lead, contact=cast.member)
        case "change_reach":
            return lambda: administration.change_reach(record=record, standing=chair, reach="public")
        case "change_check_up":
            day = clock.add_months(clock.today(), 3)
            return lambda: administration.change_check_up(record=record, standing=lead, day=day)
        case "change_interval":
            return lambda: administration.change_interval(record=record, standing=lead, months=12)
        case "check_link":
            named = make_published(cast, what_was_done="[x](https://beispiel.de/)")
            key = PageLink.objects.get(entry_id=named.pk, is_outside=True).key
            return lambda: upkeep.check_address(standing=lead, key=key, is_reached=True)
        case "tell_apart":
            pair = LikePair.objects.create(first_id=record.pk, second_id=make_published(cast, title="Zwei").pk)
            return lambda: upkeep.tell_apart(standing=lead, pair=pair)
        case "propose_redaction":
            return lambda: proposal(cast, record)
        case "refuse_redaction":
            proposed = proposal(cast, record)
            return lambda: redaction.refuse(standing=chair, redaction=proposed)
        case "redact":
            proposed = proposal(cast, record)
            return lambda: redaction.confirm(standing=chair, redaction=proposed)
    return None


def of_people(cast: Cast, verb: str) -> Step | None:
    lead, administrator = cast.standing("lead"), cast.standing("admin")
    match verb:
        case "add_member":
            return lambda: people.add_member(standing=lead, team=cast.team, user=cast.staff)
        case "change_role":
            return lambda: people.change_role(standing=lead, membership=membership(cast.author), role="lead")
        case "end_membership":
            return lambda: people.end_membership(standing=lead, membership=membership(cast.author))
        case "set_absence":
            return lambda: people.set_absence(
                standing=lead, membership=membership(cast.author), away_from=clock.today(), away_until=clock.today()
            )
        case "change_team":
            edit = reverse("governance:team_edit", args=[cast.team.slug])
            return lambda: client_of(cast.lead).post(edit, {"do": "about", "about": "Wir helfen."})
        case "hand_over" | "change_owner":
            record = make_draft(cast)
            assert record.owner == cast.team
            return lambda: people.hand_over(standing=administrator, team=cast.team, to=cast.other_team)
        case "dissolve":
            return lambda: people.dissolve(standing=administrator, team=cast.other_team)
        case "leave":
            return lambda: people.leave(standing=administrator, user=cast.staff)
        case "rename_department":
            names = {"name": "Abgabenamt", "short_name": "Abgaben", "slug": "abgaben"}
            return lambda: departments.rename(standing=administrator, department=cast.team.department, **names)
        case "move_department":
            place = {"department": cast.team.department, "parent": cast.other_team.department}
            return lambda: departments.move(standing=administrator, **place)
        case "merge_department":
            both = {"department": cast.team.department, "into": cast.other_team.department}
            return lambda: departments.merge(standing=administrator, **both)
        case "hand_over_format":
            make_format(cast)
            return lambda: people.hand_over(standing=administrator, team=cast.team, to=cast.other_team)
        case "hand_over_package":
            packages.uploaded(cast)
            return lambda: people.hand_over(standing=administrator, team=cast.team, to=cast.other_team)
        case "erase_person":
            return lambda: people.erase_person(standing=administrator, user=cast.staff)
        case "admin_add":
            form = {"title": "Sitzung", "held_on": "2026-11-02"}
            return lambda: client_of(cast.admin).post(reverse("admin:governance_meeting_add"), form)
        case "admin_change":
            meeting = Meeting.objects.create(title="Sitzung", held_on="2026-11-02")
            change = reverse("admin:governance_meeting_change", args=[meeting.pk])
            return lambda: client_of(cast.admin).post(change, {"title": "Anders", "held_on": "2026-11-02"})
    return None


def of_templates(cast: Cast, verb: str) -> Step | None:
    administrator = cast.standing("admin")
    if verb == "add_template":
        return lambda: templates.add(standing=administrator, data=blank(), name="Stadt.pptx")
    if verb not in ("use_template", "withdraw_template"):
        return None
    kept = templates.add(standing=administrator, data=blank(), name="Stadt.pptx")
    if verb == "use_template":
        return lambda: templates.use(standing=administrator, template=kept)
    return lambda: templates.withdraw(standing=administrator)


# Some steps are several: these come along, each with what it is about.
ALONG = {
    "write_from_note": {"create"},
    "write_from_hint": {"create"},
    "hand_over": {"change_owner", "change_contact"},
    "change_owner": {"hand_over", "change_contact"},
    "hand_over_format": {"hand_over"},
    "hand_over_package": {"hand_over"},
    "dissolve": {"end_membership"},
    "add_template": {"use_template"},
    "import_package": {"create"},
    "write_from_adoption": {"create"},
    "carry_over": {"create"},
}


def of_newsletters(cast: Cast, verb: str) -> Step | None:
    lead = cast.standing("lead")
    begun = {"begin_issue", "change_issue", "drop_issue", "release_issue"}
    if verb not in begun:
        return None
    letter = make_format(cast, kind="newsletter", minutes=None)
    if verb == "begin_issue":
        return lambda: newsletter.begin(standing=lead, exchange_format=letter, title="Neues")
    make_published(cast)
    issue = newsletter.begin(standing=lead, exchange_format=letter, title="Neues")
    match verb:
        case "change_issue":
            return lambda: newsletter.add_text(standing=lead, issue=issue, title="", text="Hallo")
        case "drop_issue":
            return lambda: newsletter.drop(standing=lead, issue=issue)
    return lambda: newsletter.release(standing=lead, issue=issue, seen=issue.changes)


def of_packages(cast: Cast, verb: str) -> Step | None:
    if verb not in ("ask_for_package", "bring_in_package", "import_package"):
        return None
    record = packages.let_out(cast, make_published(cast))
    if verb == "ask_for_package":
        return lambda: packages.export(cast, record)
    data = packages.bytes_of(packages.export(cast, record))
    if verb == "bring_in_package":
        return lambda: packages.bring_in(cast, data)
    brought = packages.bring_in(cast, data)
    return lambda: packages.take_over(cast, brought)


def of_sources(cast: Cast, verb: str) -> Step | None:
    committee = cast.standing("committee")
    if verb == "add_source":
        return lambda: packages.make_source(cast)
    if verb not in ("change_source", "remove_source"):
        return None
    source = packages.make_source(cast)
    if verb == "change_source":
        return lambda: sources.change(standing=committee, source=source, opened_on=1, finds="Anderes.")
    return lambda: sources.remove(standing=committee, source=source)


STEPS = (of_the_text, of_the_review, of_the_vocabulary, of_synonyms, of_the_search, of_people, of_upkeep)
STEPS += (of_formats, of_occurrences, of_newsletters, of_templates, of_packages, of_sources, *audited.STEPS)
STEPS += (of_asking, of_sessions, of_countersigning)
STEPS += (signing_in.of_the_directory, signing_in.of_the_second_factor)


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_written_by_its_step_exactly_once(cast: Cast, verb: str) -> None:
    found = (of(cast, verb) for of in STEPS)
    step = next((step for step in found if step is not None), None)
    assert step is not None, f"nobody writes {verb!r}"
    last = AuditEvent.objects.latest("pk").pk if AuditEvent.objects.exists() else 0
    step()
    written = list(AuditEvent.objects.filter(pk__gt=last).values_list("verb", flat=True))
    assert written.count(verb) == 1
    assert set(written) - {verb} == ALONG.get(verb, set())


# -- who reads what --------------------------------------------------------------------------------


def seen(cast: Cast, who: str, record: Record) -> list[str]:
    events = queries.audit_events(cast.standing(who)).filter(record=record)
    return [event.verb for event in reversed(events)]


def test_the_committee_does_not_learn_of_what_was_never_submitted(cast: Cast) -> None:
    record = make_draft(cast)
    save(cast, record, title="Vertraulich")
    workflow.archive(record=record, standing=cast.standing("lead"), reason="Doppelt")
    assert seen(cast, "committee", record) == []
    assert seen(cast, "chair", record) == []
    assert seen(cast, "admin", record) == ["create", "save", "archive"]
    Membership.objects.create(user=cast.committee, team=cast.team, role="member", starts_on="2020-01-01")
    assert seen(cast, "committee", record) == ["create", "save", "archive"]


def test_the_committee_sees_events_of_versions_that_were_submitted_and_not_of_those_between(cast: Cast) -> None:
    record = make_draft(cast)
    save(cast, record, answer="Zweite.")
    approve(cast, submit(cast, record))
    save(cast, record, answer="Dritte.")
    workflow.discard(record=reload(record), standing=cast.standing("author"))
    assert seen(cast, "committee", record) == ["save", "submit", "approve"]
    assert seen(cast, "admin", record) == ["create", "save", "submit", "approve", "save", "discard"]
    visible = set(queries.versions_visible_to(cast.standing("committee"), record).values_list("pk", flat=True))
    assert {event.version_id for event in queries.audit_events(cast.standing("committee"))} <= visible | {None}


def test_events_without_a_record_are_for_all_who_may_read_the_trail(cast: Cast) -> None:
    tags.resolve_names(["Neues Wort"], cast.standing("author"))
    assert queries.audit_events(cast.standing("committee")).filter(verb="create_tag").exists()


def test_the_page_of_the_trail_keeps_to_it(cast: Cast) -> None:
    make_published(cast)
    hidden = f">{make_draft(cast).short_number}<"

    def page(user: User) -> str:
        return client_of(user).get(reverse("governance:audit")).content.decode()

    assert hidden in page(cast.admin)
    assert hidden not in page(cast.committee)
    assert ">L-1<" in page(cast.committee)
