"""Who may do what with packages."""

from __future__ import annotations

from governance.models import Team
from governance.rules import Standing, may_create
from transfer.models import PackageExport, PackageImport


def may_export(standing: Standing) -> bool:
    """To make packages of what the committee lets out: the committee itself, and change teams."""
    return standing.is_committee or standing.is_change_team_member


def may_fetch(standing: Standing, export: PackageExport) -> bool:
    """The one who asked for it, and the committee; as long as they may make packages at all."""
    return may_export(standing) and (standing.is_committee or export.requested_by_id == standing.user_id)


def may_import(standing: Standing) -> bool:
    return standing.is_change_team_member


def may_import_for(standing: Standing, team: Team) -> bool:
    """A package becomes drafts of the own team."""
    return may_create(standing, team)


def may_see_import(standing: Standing, package: PackageImport) -> bool:
    """What a team brings in are drafts: others know nothing of it."""
    return package.team_id in standing.team_ids
