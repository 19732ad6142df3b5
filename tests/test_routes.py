"""Every address of the portal × role × method. A new route without a row here fails.

What one may not see does not exist (404); who sees but may not act gets 403; nobody is a redirect to the
sign-in page. GET changes nothing but sessions and aggregated counters: asserted for each GET.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from governance import redaction, versions, workflow
from governance.meetings import services as meetings
from governance.models import Comment, Meeting, MeetingItem, Membership, Record, Redaction, Review, Tag
from governance.workflow import NewComment
from learnings.models import SlideTemplate
from portal.following import services
from portal.following.models import SavedSearch
from portal.missing import services as missing
from portal.missing.models import MissingNote
from portal.synonyms import services as synonyms
from portal.synonyms.models import SynonymGroup
from portal.upkeep.models import LikePair
from tests import factories, kept
from tests.factories import Cast, make_draft, make_published, reload, save, submit
from tests.processmodels.factories import make_process, publish
from tests.transfer.adoption.factories import interest
from tests.transfer.asking import factories as asking
from tests.transfer.factories import add_topic, make_format, make_issue, make_newsletter, make_occurrence, release, take
from tests.transfer.packages import factories as packages
from tests.transfer.proofs import factories as proofs
from transfer.models import (
    Adoption,
    AgendaItem,
    ExchangeFormat,
    ExternalSource,
    Hint,
    NewsletterIssue,
    NewsletterPiece,
    Occurrence,
    PackageExport,
    PackageImport,
    Question,
)
from transfer.newsletter import services as newsletters

ROLES = ("author", "lead", "outsider", "committee", "head", "staff", "admin")
# Shorthands for who gets what; roles in the order of ROLES.
ALL_OK = "200 " * 7
Row = tuple[str, str, str]


@dataclass(frozen=True)
class Town:
    cast: Cast
    published: Record
    draft: Record
    review: Review
    comment: Comment
    tag: Tag
    redaction: Redaction
    membership: Membership
    process: Record
    process_draft: Record
    process_review: Record
    process_comment: Comment
    search: SavedSearch
    token: str
    note: MissingNote
    synonyms: SynonymGroup
    format: ExchangeFormat
    occurrence: Occurrence
    item: AgendaItem
    draft_item: AgendaItem
    newsletter: ExchangeFormat
    issue: NewsletterIssue
    released: NewsletterIssue
    piece: NewsletterPiece
    template: SlideTemplate
    adoption: Adoption
    question: Question
    hint: Hint
    lonely_hint: Hint
    package: PackageExport
    package_import: PackageImport
    source: ExternalSource
    proof: Record
    proof_draft: Record
    proof_review: Record
    proof_comment: Comment
    meeting: Meeting
    meeting_item: MeetingItem
    pair: LikePair

    def args(self, what: str) -> list[Any]:
        def of(record: Record) -> list[Any]:
            return [record.number, "titel"]

        review_record = self.review.record
        return {
            "": [],
            "draft": of(self.draft),
            "published": of(self.published),
            "process": of(self.process),
            "process_draft": of(self.process_draft),
            "process_review": of(self.process_review),
            "proof": of(self.proof),
            "proof_draft": of(self.proof_draft),
            "proof_review": of(self.proof_review),
            "proof_file": [*of(self.proof), "docx"],
            "proof_draft_file": [*of(self.proof_draft), "pptx"],
            "proof_template": ["pptx"],
            "review": of(review_record),
            "team": [self.cast.team.slug],
            "department": ["steueramt"],
            "member": [self.cast.team.slug, self.membership.pk],
            "review_pk": [self.review.pk],
            "meeting": [self.meeting.pk],
            "meeting_item": [self.meeting.pk, self.meeting_item.pk],
            "tag": [self.tag.slug],
            "tag_pk": [self.tag.pk],
            "redaction": [self.redaction.pk],
            "record_pk": [self.published.pk],
            "help": ["staff"],
            "upkeep_list": ["outside"],
            "address": ["0" * 64],
            "pair": [self.pair.pk],
            "letter": ["L", self.published.number],
            "short_number": [self.published.short_number],
            "reset": ["Nw", "set-password"],
            "synonym": [self.synonyms.pk],
            "format": [self.format.slug],
            "occurrence": [self.occurrence.pk],
            "item": [self.item.pk],
            "newsletter": [self.newsletter.slug],
            "issue": [self.issue.pk],
            "issue_file": [self.issue.pk, "html"],
            "released": [self.released.pk],
            "released_file": [self.released.pk, "eml"],
            "piece": [self.piece.pk],
            "feed_newsletter": [self.token, self.newsletter.slug],
            "draft_item": [self.draft_item.pk],
            "adoption": [self.adoption.pk],
            "question": [self.question.pk],
            "hint": [self.hint.pk],
            "lonely_hint": [self.lonely_hint.pk],
            "process_number": [self.process.short_number],
            "factor": ["law"],
            "draft_number": [self.draft.short_number],
            "followed": ["tag", self.tag.pk],
            "subscription": [self.search.subscription.pk],
            "note": [self.note.pk],
            "template": [self.template.pk],
            "package": [self.package.pk],
            "package_import": [self.package_import.pk],
            "source": [self.source.pk],
            "feed": [self.token],
            "feed_kind": [self.token, "learning"],
            "feed_tag": [self.token, self.tag.slug],
            "feed_department": [self.token, "steueramt"],
            "feed_record": [self.token, "L", self.published.number],
            "feed_search": [self.token, self.search.pk],
        }[what]


@pytest.fixture
@kept.once
def town(cast: Cast) -> Town:
    return make_town(cast)


def make_town(cast: Cast) -> Town:
    """Something for each address to show."""
    published = make_published(cast)
    review = _returned_once(cast)
    comment = Comment.objects.get()
    process_review = _process_returned_once(cast)
    process_comment = Comment.objects.exclude(pk=comment.pk).get()
    proof_review = _proof_returned_once(cast)
    draft = make_draft(cast, title="Nur ein Entwurf")
    rounds = make_format(cast, kind=ExchangeFormat.Kind.REFLECTION_ROUND)
    occurrence = make_occurrence(cast, rounds)
    take(cast, occurrence, published)
    proposal = redaction.propose(
        standing=cast.standing("admin"), record=published, reason="Name", passages=["Formular"]
    )
    lead = cast.standing("lead")
    newsletter = make_newsletter(cast)
    released, issue = release(cast, make_issue(cast, newsletter)), make_issue(cast, newsletter)
    piece = newsletters.add_text(standing=lead, issue=issue, title="Dank", text="Danke.")
    meeting = Meeting.objects.create(title="15. Sitzung", held_on="2026-01-15")
    committee = cast.standing("committee")
    (meeting_item,) = meetings.put_on(meeting=meeting, standing=committee, reviews=[review.pk])
    return Town(
        meeting=meeting,
        meeting_item=meeting_item,
        package=packages.asked(cast),
        package_import=packages.uploaded(cast),
        source=packages.make_source(cast),
        newsletter=newsletter,
        issue=issue,
        released=released,
        piece=piece,
        cast=cast,
        search=services.save_search(standing=lead, name="Formulare", query="q=Formular", rhythm="daily"),
        token=services.new_address(standing=lead, replaces=None),
        note=missing.ask(standing=lead, text="Wie melde ich ein Pferd an?"),
        synonyms=synonyms.add(standing=cast.standing("committee"), words=["Perso", "Personalausweis"]),
        template=SlideTemplate.objects.create(sha256="0" * 64, name="Stadt.pptx", size=0, added_by=cast.admin),
        adoption=interest(cast, published),
        question=asking.ask(cast, published),
        hint=asking.hint(cast),
        lonely_hint=asking.hint(cast, by="admin"),
        published=reload(published),
        draft=draft,
        review=review,
        comment=comment,
        tag=factories.tag(),
        redaction=proposal,
        membership=Membership.objects.get(user=cast.member, team=cast.team),
        process=publish(cast, make_process(cast)),
        process_draft=make_process(cast, title="Nur ein Entwurf"),
        process_review=process_review.record,
        process_comment=process_comment,
        proof=proofs.publish(cast),
        proof_draft=proofs.start(cast, proofs.make_proof(cast, title="Nur ein Versuch")),
        proof_review=proof_review,
        proof_comment=Comment.objects.exclude(pk__in=[comment.pk, process_comment.pk]).get(),
        format=rounds,
        occurrence=occurrence,
        item=add_topic(cast, occurrence),
        draft_item=take(cast, occurrence, draft),
        pair=LikePair.objects.create(first_id=published.pk, second_id=review.record_id),
    )


def _returned_once(cast: Cast) -> Review:
    """An open review of a record that came back once, with an answered comment."""
    record = make_published(cast, title="Zweiter Eintrag")
    save(cast, record, answer="Neue Antwort.")
    workflow.request_changes(
        review=submit(cast, record),
        standing=cast.standing("committee"),
        reason="Bitte belegen",
        comments=[NewComment("answer", "Woher stammt das?")],
    )
    return submit(cast, record)


def _process_returned_once(cast: Cast) -> Review:
    record = publish(cast, make_process(cast, title="Zweites Modell"))
    save(cast, record, purpose="Ein neuer Zweck.")
    workflow.request_changes(
        review=submit(cast, record),
        standing=cast.standing("committee"),
        reason="Bitte belegen",
        comments=[NewComment("purpose", "Für wen?")],
    )
    return submit(cast, record)


def _proof_returned_once(cast: Cast) -> Record:
    record = proofs.publish(cast)
    save(cast, record, problem="Ein neuer Anlass.")
    workflow.request_changes(
        review=submit(cast, record),
        standing=cast.standing("committee"),
        reason="Bitte belegen",
        comments=[NewComment("problem", "Wie viele?")],
    )
    return submit(cast, record).record


# name, arguments, expected status by role (author lead outsider committee head staff admin)
TEAM = "200 200 404 403 403 404 404"
DRAFT = "200 200 404 404 404 404 404"
LEAD = "403 200 404 403 403 404 404"
COMMITTEE = "403 403 403 200 403 403 403"
ORGANISE = "403 200 403 403 403 403 403"
PREPARE = "200 200 403 403 403 403 403"
TEAMS = "200 200 200 403 403 403 403"
TEAMS_AND_COMMITTEE = "200 200 200 200 403 403 403"
ADMIN = "403 403 403 403 403 403 200"
ADOPTER = "403 403 200 403 403 403 403"
ASKED = "200 200 404 404 404 200 404"
ASKED_TEAM = "200 200 404 404 404 403 404"
IN_TEAM = "302 302 404 404 404 404 404"
DRAFTS = (("learnings", "draft"), ("processmodels", "process_draft"), ("proofs", "proof_draft"))
GETS: list[Row] = [
    ("home", "", ALL_OK),
    ("search", "", ALL_OK),
    ("suggest_search", "", ALL_OK),
    ("alike", "", "302 " * 7),
    ("similar", "short_number", ALL_OK),
    ("unread_files", "", "403 403 403 200 403 403 200"),
    ("search_open", "", "404 " * 7),
    ("missing", "", COMMITTEE),
    ("missing_ask", "", ALL_OK),
    ("missing_note", "note", COMMITTEE),
    ("synonyms", "", COMMITTEE),
    ("synonym_new", "", COMMITTEE),
    ("synonym", "synonym", COMMITTEE),
    ("synonyms_csv", "", COMMITTEE),
    ("synonyms_import", "", COMMITTEE),
    ("upkeep", "", TEAMS_AND_COMMITTEE),
    ("upkeep_list", "upkeep_list", TEAMS_AND_COMMITTEE),
    ("upkeep_csv", "upkeep_list", TEAMS_AND_COMMITTEE),
    ("tag_index", "", ALL_OK),
    ("suggest_tags", "", ALL_OK),
    ("tag", "tag", ALL_OK),
    ("tasks", "", ALL_OK),
    ("following", "", ALL_OK),
    ("save_search", "", ALL_OK),
    ("feed_address", "", ALL_OK),
    ("feeds:everything", "feed", ALL_OK),
    ("feeds:following", "feed", ALL_OK),
    ("feeds:kind", "feed_kind", ALL_OK),
    ("feeds:tag", "feed_tag", ALL_OK),
    ("feeds:department", "feed_department", ALL_OK),
    ("feeds:record", "feed_record", ALL_OK),
    ("feeds:search", "feed_search", ALL_OK),
    ("help", "", ALL_OK),
    ("help_page", "help", ALL_OK),
    ("privacy", "", ALL_OK),
    ("healthz", "", ALL_OK),
    ("short_number", "letter", "302 " * 7),
    ("login", "", "302 " * 7),
    ("password_change", "", ALL_OK),
    ("security", "", ALL_OK),
    ("second_factor", "", "302 " * 7),
    ("second_factor_set_up", "", ALL_OK),
    ("recovery_codes", "", "302 " * 7),
    ("password_change_done", "", ALL_OK),
    ("password_reset", "", ALL_OK),
    ("password_reset_done", "", ALL_OK),
    ("password_reset_confirm", "reset", ALL_OK),
    ("password_reset_complete", "", ALL_OK),
    ("learnings:list", "", ALL_OK),
    ("learnings:new", "", "200 200 200 403 403 403 403"),
    ("learnings:measure", "", "200 200 200 403 403 403 403"),
    ("learnings:from_word_new", "", "200 200 200 403 403 403 403"),
    ("learnings:record", "published", "302 " * 7),
    ("learnings:record", "draft", "302 302 404 404 404 404 404"),
    ("learnings:presentation", "published", ALL_OK),
    ("learnings:presentation", "draft", "404 " * 7),
    ("learnings:audience", "published", ALL_OK),
    ("learnings:audience", "draft", "404 " * 7),
    ("learnings:handout", "published", ALL_OK),
    ("learnings:handout", "draft", "404 " * 7),
    ("learnings:brief", "published", ALL_OK),
    ("learnings:brief", "draft", "404 " * 7),
    ("learnings:briefs", "", ALL_OK),
    ("learnings:briefs_file", "", "422 " * 7),
    ("learnings:templates", "", ADMIN),
    ("learnings:template_empty", "", ALL_OK),
    ("learnings:edit", "published", TEAM),
    ("learnings:edit", "draft", DRAFT),
    ("learnings:edit_step", "draft:2", DRAFT),
    ("learnings:edit_all", "draft", DRAFT),
    ("learnings:conflict", "draft", "302 302 404 404 404 404 404"),
    ("learnings:from_word", "draft", "302 302 404 404 404 404 404"),
    ("learnings:drop", "draft", DRAFT),
    ("learnings:draft_file", "draft:1", "404 " * 7),
    ("learnings:file", "published:1:1", "404 " * 7),
    ("learnings:versions", "published", ALL_OK),
    ("learnings:versions", "draft", DRAFT),
    ("learnings:version", "published:1", ALL_OK),
    ("learnings:version", "review:2", "200 200 404 200 200 404 404"),
    ("learnings:version", "draft:1", DRAFT),
    ("learnings:compare", "review:1:2", "200 200 404 200 200 404 404"),
    ("learnings:choose", "review", "404 " * 7),
    ("learnings:submit", "draft", DRAFT),
    ("learnings:submit", "published", TEAM),
    ("learnings:roll_back", "published:1", TEAM),
    ("learnings:archive", "published", "403 200 404 200 403 404 404"),
    ("learnings:archive", "draft", LEAD.replace("403 403", "404 404")),
    ("learnings:administration", "published", "403 200 404 200 403 404 404"),
    ("learnings:check_up", "published", TEAM),
    ("learnings:check_up", "draft", "302 302 404 404 404 404 404"),
    ("processmodels:list", "", ALL_OK),
    ("processmodels:csv", "", ALL_OK),
    ("processmodels:how_to_draw", "", ALL_OK),
    ("processmodels:import", "", "200 200 200 403 403 403 403"),
    ("processmodels:new", "", "200 200 200 403 403 403 403"),
    ("processmodels:record", "process", "302 " * 7),
    ("processmodels:record", "process_draft", "302 302 404 404 404 404 404"),
    ("processmodels:changes", "process", "302 " * 7),
    ("processmodels:changes", "process_draft", "302 302 404 404 404 404 404"),
    ("processmodels:poster", "process", ALL_OK),
    ("processmodels:poster", "process_draft", "404 " * 7),
    ("processmodels:edit", "process", TEAM),
    ("processmodels:edit", "process_draft", DRAFT),
    ("processmodels:edit_step", "process_draft:2", DRAFT),
    ("processmodels:edit_all", "process_draft", DRAFT),
    ("processmodels:draw", "process_draft:nachher", DRAFT),
    ("processmodels:draw", "process_draft:anders", "404 " * 7),
    ("processmodels:draw_source", "process_draft:vorher", DRAFT),
    ("processmodels:conflict", "process_draft", "302 302 404 404 404 404 404"),
    ("processmodels:drop", "process_draft", DRAFT),
    ("processmodels:draft_file", "process_draft:1", "404 " * 7),
    ("processmodels:draft_file", "process_draft:nachher.bpmn", DRAFT),
    ("processmodels:file", "process:1:nachher.svg", ALL_OK),
    ("processmodels:file", "process_draft:1:nachher.svg", DRAFT),
    ("processmodels:versions", "process", ALL_OK),
    ("processmodels:versions", "process_draft", DRAFT),
    ("processmodels:version", "process:1", ALL_OK),
    ("processmodels:version", "process_draft:1", DRAFT),
    ("processmodels:compare", "process_review:1:2", "200 200 404 200 200 404 404"),
    ("processmodels:choose", "process_review", "404 " * 7),
    ("processmodels:submit", "process_draft", DRAFT),
    ("processmodels:roll_back", "process:1", TEAM),
    ("processmodels:archive", "process", "403 200 404 200 403 404 404"),
    ("processmodels:administration", "process", "403 200 404 200 403 404 404"),
    ("processmodels:check_up", "process", TEAM),
    ("transfer:measures", "", ALL_OK),
    ("proofs:list", "", ALL_OK),
    ("proofs:template", "proof_template", ALL_OK),
    ("proofs:new", "", "200 200 200 403 403 403 403"),
    ("proofs:record", "proof", "302 " * 7),
    ("proofs:record", "proof_draft", "302 302 404 404 404 404 404"),
    ("proofs:filled", "proof_file", ALL_OK),
    ("proofs:filled", "proof_draft_file", DRAFT),
    ("proofs:trial", "proof_draft", DRAFT),
    ("proofs:trial", "proof", DRAFT),
    ("proofs:announcement", "proof_draft", "403 200 404 404 404 404 404"),
    ("proofs:step", "proof_draft:finish", DRAFT),
    ("proofs:step", "proof_draft:start", "302 302 404 404 404 404 404"),
    ("proofs:step", "proof_draft:anders", "404 " * 7),
    ("proofs:edit", "proof", TEAM),
    ("proofs:edit", "proof_draft", DRAFT),
    ("proofs:edit_step", "proof_draft:2", DRAFT),
    ("proofs:edit_all", "proof_draft", DRAFT),
    ("proofs:conflict", "proof_draft", "302 302 404 404 404 404 404"),
    ("proofs:drop", "proof_draft", DRAFT),
    ("proofs:draft_file", "proof_draft:1", "404 " * 7),
    ("proofs:file", "proof:1:1", "404 " * 7),
    ("proofs:versions", "proof", ALL_OK),
    ("proofs:versions", "proof_draft", DRAFT),
    ("proofs:version", "proof:4", ALL_OK),
    ("proofs:version", "proof_draft:1", DRAFT),
    ("proofs:compare", "proof_review:4:5", "200 200 404 200 200 404 404"),
    ("proofs:choose", "proof_review", "404 " * 7),
    ("proofs:submit", "proof_draft", DRAFT),
    ("proofs:roll_back", "proof:4", TEAM),
    ("proofs:archive", "proof", "403 200 404 200 403 404 404"),
    ("proofs:administration", "proof", "403 200 404 200 403 404 404"),
    ("proofs:check_up", "proof", TEAM),
    ("transfer:formats", "", ALL_OK),
    ("transfer:overview", "", ALL_OK),
    ("transfer:format_new", "", ORGANISE),
    ("transfer:format", "format", ALL_OK),
    ("transfer:format_edit", "format", ORGANISE),
    ("transfer:occurrence_new", "format", PREPARE),
    ("transfer:occurrence", "occurrence", ALL_OK),
    ("transfer:occurrence_edit", "occurrence", PREPARE),
    ("transfer:occurrence_cancel", "occurrence", PREPARE),
    ("transfer:calendar", "occurrence", ALL_OK),
    ("transfer:agenda_document", "occurrence", ALL_OK),
    ("transfer:slides", "occurrence", ALL_OK),
    ("transfer:item_new", "occurrence", PREPARE),
    ("transfer:reflection", "occurrence", PREPARE),
    ("transfer:item", "item", PREPARE),
    ("transfer:item", "draft_item", DRAFT),
    ("transfer:outcome", "item", PREPARE),
    ("transfer:outcome", "draft_item", DRAFT),
    ("transfer:packages", "", TEAMS_AND_COMMITTEE),
    ("transfer:package_new", "", TEAMS_AND_COMMITTEE),
    ("transfer:package_reach", "", COMMITTEE),
    ("transfer:package_upload", "", TEAMS),
    ("transfer:package_import", "package_import", DRAFT),
    ("transfer:package", "package", "200 404 404 200 404 404 404"),
    ("transfer:package_file", "package", "302 404 404 302 404 404 404"),
    ("transfer:sources", "", ALL_OK),
    ("transfer:source", "source", ALL_OK),
    ("transfer:source_new", "", COMMITTEE),
    ("transfer:source_edit", "source", COMMITTEE),
    ("transfer:source_find", "source", TEAMS),
    ("transfer:record", "short_number", ALL_OK),
    ("transfer:record", "draft_number", DRAFT),
    ("transfer:texts", "short_number", ALL_OK),
    ("transfer:texts", "draft_number", "404 " * 7),
    ("transfer:card", "short_number", ALL_OK),
    ("transfer:card", "draft_number", "404 " * 7),
    ("transfer:card_file", "short_number", ALL_OK),
    ("transfer:card_file", "draft_number", "404 " * 7),
    ("transfer:adoptions", "", ALL_OK),
    ("transfer:adoptions_csv", "", ALL_OK),
    ("transfer:adoption", "adoption", ALL_OK),
    ("transfer:adoption_edit", "adoption", ADOPTER),
    ("transfer:adoption_fit", "adoption", ADOPTER),
    ("transfer:questions", "", ALL_OK),
    ("transfer:question", "question", ASKED),
    ("transfer:question_answer", "question", ASKED_TEAM),
    ("transfer:question_publish", "question", ASKED_TEAM),
    ("transfer:question_delete", "question", "403 200 404 404 404 403 404"),
    ("transfer:hint_new", "", ALL_OK),
    ("transfer:hint", "hint", "404 404 200 404 404 200 404"),
    ("transfer:hint_answer", "hint", "404 404 200 404 404 403 404"),
    ("transfer:hint_delete", "hint", "404 404 403 404 404 403 404"),
    ("transfer:hint_pass_on", "hint", "404 404 403 404 404 403 404"),
    ("transfer:hint_pass_on", "lonely_hint", "404 404 404 200 404 404 403"),
    ("transfer:ask", "short_number", ALL_OK),
    ("transfer:ask", "draft_number", "404 " * 7),
    ("transfer:factors", "", ALL_OK),
    ("transfer:factor_new", "", COMMITTEE),
    ("transfer:factor", "factor", COMMITTEE),
    ("transfer:assessment", "process_number", ALL_OK),
    ("transfer:assessment", "short_number", "404 " * 7),
    ("transfer:assess", "process_number", PREPARE),
    ("transfer:issue_new", "newsletter", PREPARE),
    ("transfer:issue_new", "format", "403 " * 7),
    ("transfer:issue", "issue", DRAFT),
    ("transfer:issue", "released", ALL_OK),
    ("transfer:issue_file", "issue_file", DRAFT),
    ("transfer:issue_file", "released_file", ALL_OK),
    ("transfer:issue_edit", "issue", DRAFT),
    ("transfer:issue_edit", "released", "302 302 403 403 403 403 403"),
    ("transfer:piece", "piece", DRAFT),
    ("feeds:newsletter", "feed_newsletter", ALL_OK),
    ("governance:departments", "", ALL_OK),
    ("governance:department", "department", ALL_OK),
    ("governance:team", "team", ALL_OK),
    ("governance:team_edit", "team", "403 200 403 403 403 403 403"),
    ("governance:membership", "member", LEAD.replace("404", "403").replace("200", "302")),
    ("governance:absence", "team", DRAFT),
    ("governance:handover", "", ADMIN),
    ("governance:handover_team", "team", ADMIN),
    ("governance:handover_department", "department", ADMIN),
    ("governance:reviews", "", COMMITTEE),
    ("governance:reviews_print", "", COMMITTEE),
    ("governance:review", "review_pk", "200 200 404 200 200 404 404"),
    ("governance:meeting_list", "", COMMITTEE),
    ("governance:meeting", "meeting", COMMITTEE),
    ("governance:meeting_edit", "meeting", COMMITTEE),
    ("governance:meeting_item", "meeting_item", COMMITTEE),
    ("governance:minutes", "meeting", COMMITTEE),
    ("governance:countersigning", "department", "403 200 403 403 200 403 200"),
    *((f"{kind}:put_forward", draft, IN_TEAM) for kind, draft in DRAFTS),
    *((f"{kind}:give_back", draft, "403 302 404 404 404 404 404") for kind, draft in DRAFTS),
    ("desk", "", COMMITTEE),
    ("desk_decisions", "", COMMITTEE),
    ("desk_decisions_csv", "", COMMITTEE),
    ("desk_not_adopted", "", COMMITTEE),
    ("dashboard", "", ALL_OK),
    ("dashboard_csv", "", ALL_OK),
    ("dashboard_list", ":published", ALL_OK),
    ("dashboard_list", ":asked", ALL_OK),
    ("governance:tags", "", COMMITTEE),
    ("governance:tag", "tag_pk", COMMITTEE),
    ("governance:audit", "", "403 403 403 200 403 403 200"),
    ("governance:redactions", "", "403 403 403 403 403 403 200"),
    ("governance:redaction_new", "record_pk", "403 403 403 403 403 403 200"),
    ("governance:redaction", "redaction", "403 " * 7),
]
POSTS: list[Row] = [
    ("logout", "", "302 " * 7),
    ("end_sessions", "", "302 " * 7),
    ("follow", "followed", "302 " * 7),
    ("subscription", "subscription", "404 302 404 404 404 404 404"),
    ("seen", "", "302 " * 7),
    ("upkeep_link", "address", TEAMS_AND_COMMITTEE.replace("200", "302")),
    ("upkeep_pair", "pair", "302 302 403 302 403 403 403"),
    ("learnings:preview", "", ALL_OK),
    ("learnings:same", "", ALL_OK),
    ("learnings:drop", "draft", "302 302 404 404 404 404 404"),
    ("learnings:template", "template", ADMIN.replace("200", "302")),
    ("learnings:withdraw", "review", "302 302 404 403 403 404 404"),
    ("learnings:discard", "published", "302 302 404 403 403 404 404"),
    ("learnings:confirm", "published", "403 302 404 403 403 404 404"),
    ("learnings:reopen", "published", "403 302 404 403 403 404 404"),
    ("learnings:comment", "review:comment", "302 302 404 403 403 404 404"),
    ("processmodels:preview", "", ALL_OK),
    ("processmodels:same", "", ALL_OK),
    ("processmodels:drop", "process_draft", "302 302 404 404 404 404 404"),
    ("processmodels:withdraw", "process_review", "302 302 404 403 403 404 404"),
    ("processmodels:discard", "process", "302 302 404 403 403 404 404"),
    ("processmodels:confirm", "process", "403 302 404 403 403 404 404"),
    ("processmodels:reopen", "process", "403 302 404 403 403 404 404"),
    ("processmodels:comment", "process_review:process_comment", "302 302 404 403 403 404 404"),
    ("transfer:adopt", "short_number", "302 " * 7),
    ("transfer:helped", "short_number", "302 " * 7),
    ("transfer:issue_release", "issue", "403 409 404 404 404 404 404"),
    ("proofs:preview", "", ALL_OK),
    ("proofs:same", "", ALL_OK),
    ("proofs:drop", "proof_draft", "302 302 404 404 404 404 404"),
    ("proofs:carry", "proof", "302 302 404 404 404 404 404"),
    ("proofs:withdraw", "proof_review", "302 302 404 403 403 404 404"),
    ("proofs:discard", "proof", "302 302 404 403 403 404 404"),
    ("proofs:confirm", "proof", "403 302 404 403 403 404 404"),
    ("proofs:reopen", "proof", "403 302 404 403 403 404 404"),
    ("proofs:comment", "proof_review:proof_comment", "302 302 404 403 403 404 404"),
    ("governance:meetings", "", "403 403 403 302 403 403 403"),
    ("governance:meeting_agenda", "meeting", COMMITTEE.replace("200", "302")),
    ("governance:meeting_approve", "meeting", COMMITTEE.replace("200", "302")),
    ("governance:minutes_close", "meeting", COMMITTEE.replace("200", "302")),
    ("governance:decide", "review_pk", "403 403 404 422 403 404 404"),
    ("governance:claim", "review_pk", "403 403 404 302 403 404 404"),
    ("governance:membership", "member", "403 404 403 403 403 403 403"),
]


def url_of(town: Town, name: str, what: str) -> str:
    base, *more = what.split(":")
    comments = {
        "comment": town.comment.pk,
        "process_comment": town.process_comment.pk,
        "proof_comment": town.proof_comment.pk,
    }
    extra = [comments.get(part) or (int(part) if part.isdecimal() else part) for part in more]
    return reverse(name, args=[*town.args(base), *extra])


def client_of(town: Town, role: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(getattr(town.cast, role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _routes(patterns: Any, prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace == "admin":
                continue
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def test_every_route_has_a_row() -> None:
    named = {name for name, _what, _codes in (*GETS, *POSTS)}
    assert set(_routes(get_resolver().url_patterns)) == named


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_get_of_every_route(town: Town, role: str) -> None:
    client, at = client_of(town, role), ROLES.index(role)
    wrong = []
    for name, what, codes in GETS:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url_of(town, name, what))
        expected = int(codes.split()[at])
        if answer.status_code != expected:
            wrong.append(f"{name} {what}: {answer.status_code}, not {expected}")
        writes = [q["sql"] for q in queries if _writes(q["sql"])]
        if writes:
            wrong.append(f"{name} wrote: {writes[0][:80]}")
    assert not wrong, "\n".join(wrong)


def _writes(sql: str) -> bool:
    verb = sql.lstrip("( ").split(" ", 1)[0].upper()
    # Counted are, without persons, searches, and for its limit how often a feed was asked for in this minute.
    counters = ("django_session", "UPDATE portal_feedaddress AS address\nSET asked", "INSERT INTO portal_searchcount")
    return verb in {"INSERT", "UPDATE", "DELETE"} and not any(counter in sql for counter in counters)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("name", "what", "codes"), POSTS)
def test_post_of_every_route(town: Town, role: str, name: str, what: str, codes: str) -> None:
    data = {
        "do": "answer",
        "text": "Aus dem Register.",
        "title": "Sitzung",
        "held_on": "2026-01-01",
        "rhythm": "weekly",
        "until": "2026-01-01T12:00:00+01:00",
    }
    answer = client_of(town, role).post(url_of(town, name, what), data)
    assert answer.status_code == int(codes.split()[ROLES.index(role)])


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "what", "codes"), POSTS)
def test_posting_routes_send_a_get_to_the_page_they_are_posted_from(
    town: Town, name: str, what: str, codes: str
) -> None:
    client = client_of(town, "lead")
    answer = client.get(url_of(town, name, what))
    if name in WITHOUT_PAGE:
        assert answer.status_code in (200, 302, 405)
        return
    assert answer.status_code == 302
    if name == "learnings:template":
        assert client_of(town, "admin").get(answer["Location"]).status_code == 200
        return
    role = "committee" if name.startswith("governance:") and name != "governance:membership" else "lead"
    assert client_of(town, role).get(answer["Location"]).status_code == 200


@pytest.mark.django_db
def test_form_pages_refuse_posts_of_those_who_may_not(town: Town) -> None:
    clients = {role: client_of(town, role) for role in ROLES}
    for name, what, codes in GETS:
        for role, code in zip(ROLES, codes.split(), strict=True):
            if code in ("403", "404"):
                answer = clients[role].post(url_of(town, name, what), {})
                assert answer.status_code in (403, 404, 405), f"{name} as {role}"


# Posted from everywhere, or by a script; dropping work in progress belongs to the pages of writing.
WITHOUT_PAGE = {
    "logout",
    *(f"{app}:{name}" for app in ("learnings", "processmodels", "proofs") for name in ("preview", "same", "drop")),
}
OPEN = {
    "login",
    "healthz",
    "privacy",
    "password_reset",
    "password_reset_done",
    "password_reset_confirm",
    "password_reset_complete",
    # Without a session, for whoever knows the token.
    *(
        f"feeds:{name}"
        for name in ("everything", "following", "kind", "tag", "department", "record", "newsletter", "search")
    ),
}


@pytest.mark.django_db
def test_without_signing_in_only_the_open_list_answers(town: Town) -> None:
    client = Client()
    for name, what, _codes in (*GETS, *POSTS):
        answer = client.get(url_of(town, name, what))
        if name in OPEN:
            assert answer.status_code == 200, name
        else:
            assert answer.status_code in (302, 405), name
            if answer.status_code == 302:
                assert answer["Location"].startswith(reverse("login")), name


@pytest.mark.django_db
def test_posts_without_csrf_token_are_refused(town: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.cast.lead, backend="django.contrib.auth.backends.ModelBackend")
    for name, what, _codes in POSTS:
        assert client.post(url_of(town, name, what)).status_code == 403, name


@pytest.mark.django_db
def test_state_owner_and_decision_cannot_be_posted(town: Town) -> None:
    client = client_of(town, "author")
    current = town.draft.current_version_id
    url = reverse("learnings:edit_step", args=[town.draft.number, "x", 1])
    client.post(
        url,
        {
            "title": "Neu",
            "go": "save",
            "opened_on": current,
            "state": "settled",
            "owner": town.cast.other_team.pk,
            "contact": town.cast.staff.pk,
            "kind": "x",
            "reach": "public",
        },
    )
    record = reload(town.draft)
    assert record.current_version is not None and record.current_version.title == "Neu"
    assert (record.state, record.owner_id, record.reach) == ("draft", town.cast.team.pk, "internal")
    assert versions.verify(record.current_version)
