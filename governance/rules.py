"""Who may do what: predicates over a person's `Standing`, asked directly and never through `has_perm`.

Neither rank nor administration rights let anybody see drafts of a team or decide on an own text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import connection

from governance import clock
from governance.errors import NotAllowed
from governance.models import CatalogueEntry, Membership, Record, Review, Team, User, Version

Role = Membership.Role
# Both name owner and department, which is what most rules ask about.
Owned = Record | CatalogueEntry
Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Standing:
    """What a person is in which team, loaded once per request."""

    user: User
    teams: dict[int, str] = field(default_factory=dict)
    team_names: dict[int, str] = field(default_factory=dict)
    committee_id: int | None = None
    headed_department_ids: frozenset[int] = frozenset()
    # How the committee is called, for everybody.
    committee_name: str = ""
    # Own teams of departments in which the lead alone submits.
    countersigned_team_ids: frozenset[int] = frozenset()
    team_slugs: dict[int, str] = field(default_factory=dict)

    @property
    def user_id(self) -> int:
        return self.user.pk

    @property
    def department_id(self) -> int | None:
        return self.user.department_id

    @property
    def is_committee(self) -> bool:
        return self.committee_id is not None

    @property
    def is_chair(self) -> bool:
        return self.committee_id is not None and self.teams[self.committee_id] == Role.CHAIR

    @property
    def is_admin(self) -> bool:
        return self.user.is_staff and self.user.is_active

    @property
    def team_ids(self) -> list[int]:
        """The change teams this person is in, without the committee."""
        return [pk for pk in self.teams if pk != self.committee_id]

    @property
    def own_teams(self) -> list[tuple[str, str]]:
        """Where they are found, for links: the address's part and the name of each, the committee too."""
        return sorted(((self.team_slugs[pk], self.team_names[pk]) for pk in self.teams), key=lambda one: one[1])

    @property
    def led_team_ids(self) -> list[int]:
        return [pk for pk in self.team_ids if self.teams[pk] == Role.LEAD]

    @property
    def is_change_team_member(self) -> bool:
        return bool(self.team_ids)


# Plain SQL: this statement runs with every request, and building it anew each time took longer than
# running it. `tests/governance/test_rules.py` holds it against `Membership.objects.current()`.
_STANDING = """
SELECT m.team_id, m.role, t.kind, t.name, coalesce(d.countersigned, false), t.slug FROM governance_membership m
    JOIN governance_team t ON t.id = m.team_id JOIN governance_user u ON u.id = m.user_id
    LEFT JOIN governance_department d ON d.id = t.department_id
    WHERE m.user_id = %(user)s AND m.starts_on <= %(today)s AND m.ended_at IS NULL
        AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)
        AND t.dissolved_on IS NULL AND u.is_active
UNION ALL
SELECT id, NULL, NULL, name, false, NULL FROM governance_department WHERE head_id = %(user)s
UNION ALL
SELECT id, NULL, kind, name, false, NULL FROM governance_team WHERE kind = 'steering_committee' AND dissolved_on IS NULL
"""


def load_standing(user: User) -> Standing:
    """Memberships in force today, headed departments and the committee's name, in one query."""
    teams: dict[int, str] = {}
    names: dict[int, str] = {}
    slugs: dict[int, str] = {}
    committee, committee_name, heads, countersigned = None, "", set(), set()
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"user": user.pk, "today": clock.today()})
        rows = cursor.fetchall()
    for pk, role, kind, name, is_countersigned, slug in rows:
        if role is None and kind is None:
            heads.add(pk)
            continue
        if role is None:
            committee_name = name
            continue
        teams[pk], names[pk], slugs[pk] = role, name, slug
        if kind == Team.Kind.STEERING_COMMITTEE:
            committee = pk
        if is_countersigned:
            countersigned.add(pk)
    return Standing(user, teams, names, committee, frozenset(heads), committee_name, frozenset(countersigned), slugs)


def require(rule: Callable[[Standing, Subject], bool], standing: Standing, subject: Subject) -> None:
    """Raises NotAllowed unless `rule` allows it by the standing of now, which is read anew.

    For steps that have waited for a lock: a membership may have ended meanwhile.
    """
    if not rule(load_standing(standing.user), subject):
        raise NotAllowed


# -- writing ---------------------------------------------------------------------------------------


def may_create(standing: Standing, team: Team) -> bool:
    return team.pk in standing.team_ids


def may_import(standing: Standing) -> bool:
    """Lists of processes: for change teams, and for the chair, who brings in the list of the whole house."""
    return standing.is_change_team_member or standing.is_chair


def may_import_for(standing: Standing, team: Team) -> bool:
    """The chair makes drafts for every team; they are an author of these texts, and never decide on them."""
    return may_create(standing, team) or standing.is_chair


def may_edit(standing: Standing, record: Owned) -> bool:
    return record.owner_id in standing.team_ids


may_withdraw = may_discard = may_answer = may_edit


def leads_owner(standing: Standing, record: Record) -> bool:
    return record.owner_id in standing.led_team_ids


def may_submit(standing: Standing, record: Record) -> bool:
    """The owning team; where its department wants texts countersigned, the lead alone."""
    is_free = record.owner_id not in standing.countersigned_team_ids
    return may_edit(standing, record) and (is_free or leads_owner(standing, record))


# Rolling back submits, too.
may_roll_back = may_submit


def may_put_forward(standing: Standing, record: Record) -> bool:
    """A member of the owning team who may not submit."""
    return may_edit(standing, record) and not may_submit(standing, record)


may_confirm = may_reopen = may_change_contact = may_change_check_up = leads_owner


def may_archive(standing: Standing, record: Record, *, was_submitted: bool) -> bool:
    return leads_owner(standing, record) or (standing.is_committee and was_submitted)


# -- deciding --------------------------------------------------------------------------------------


def is_author(standing: Standing, review: Review) -> bool:
    return standing.user_id in review.authors


def is_biased(standing: Standing, review: Review) -> bool:
    """Whether a session has noted this person as biased."""
    return standing.user_id in review.biased


def may_decide(standing: Standing, review: Review) -> bool:
    """Committee members who did not help to write the text and are not biased; open reviews only are theirs."""
    return standing.is_committee and not is_author(standing, review) and not is_biased(standing, review)


may_claim = may_decide


def may_keep_meetings(standing: Standing) -> bool:
    """The list of a session, who was there, and the minutes."""
    return standing.is_committee


def may_open_minutes(standing: Standing) -> bool:
    """To open minutes that were closed."""
    return standing.is_chair


def may_give_back(standing: Standing, review: Review) -> bool:
    """The own claim; the chair also that of somebody who cannot."""
    own = review.claimed_by_id in (None, standing.user_id)
    return standing.is_committee and (own or standing.is_chair)


def may_open_again(standing: Standing, record: Record) -> bool:
    return standing.is_committee


def may_change_reach(standing: Standing, record: Record) -> bool:
    return standing.is_committee


# -- seeing ----------------------------------------------------------------------------------------


def may_see_working_text(standing: Standing, record: Record) -> bool:
    return may_edit(standing, record)


def heads_owner(standing: Standing, record: Owned) -> bool:
    return record.department_id in standing.headed_department_ids


def may_see_submitted(standing: Standing, record: Owned) -> bool:
    """Versions that were submitted, reviews and comments: team, committee, head of the department."""
    return may_edit(standing, record) or standing.is_committee or heads_owner(standing, record)


def may_see_names(standing: Standing, record: Owned) -> bool:
    return may_edit(standing, record) or standing.is_committee


def may_see_version(
    standing: Standing, version: Version, *, was_submitted: bool, was_published: bool, is_record_published: bool
) -> bool:
    """Visibility is per version. Of a record that is not published now, staff see nothing (410)."""
    record = version.record
    if may_edit(standing, record):
        return True
    if was_submitted and may_see_submitted(standing, record):
        return True
    return was_published and is_record_published


def may_see_audit(standing: Standing) -> bool:
    return standing.is_committee or standing.is_admin


# -- keeping ---------------------------------------------------------------------------------------


def may_keep_vocabulary(standing: Standing) -> bool:
    return standing.is_committee


def may_keep_search(standing: Standing) -> bool:
    """To see what the search could not read, and to have it tried again."""
    return standing.is_committee or standing.is_admin


def may_answer_missing(standing: Standing) -> bool:
    """To see what is searched in vain, and to answer who asks for it."""
    return standing.is_committee


def may_manage_team(standing: Standing, team: Team) -> bool:
    return team.pk in standing.led_team_ids


def may_manage_people(standing: Standing) -> bool:
    return standing.is_admin


def may_hand_over(standing: Standing) -> bool:
    """All that a team has to another one: who keeps the house's order, without any right to the texts."""
    return standing.is_admin or standing.is_chair


def may_keep_templates(standing: Standing) -> bool:
    """To bring in the town hall's own slide template, and to take it back."""
    return standing.is_admin


def may_propose_redaction(standing: Standing) -> bool:
    return standing.is_admin


def may_confirm_redaction(standing: Standing) -> bool:
    return standing.is_chair
