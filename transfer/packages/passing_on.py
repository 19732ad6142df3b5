"""Packages that a team has brought in go with a hand-over: those that wait become drafts of the new team."""

from __future__ import annotations

from django.utils.translation import gettext as _

from governance.audit import record_event
from governance.handover.parts import Part
from governance.models import Team
from governance.rules import Standing
from transfer.models import PackageImport


def part(team: Team, to: Team) -> Part:
    """As a count: what is in a package that waits is its team's alone."""
    keys = list(PackageImport.objects.filter(team=team).values_list("pk", flat=True))
    note = _("Wer eines gerade übernimmt, wählt im neuen Team noch einmal aus; nichts geht verloren.")
    return Part("packages", _("Hochgeladene Pakete anderer Kommunen"), keys, note=note)


def on_hand_over(sender: object, team: Team, to: Team, standing: Standing, **_named: object) -> None:
    """Receives `governance.signals.team_hands_over`. Who brought a text in stays on its origin."""
    for package in PackageImport.objects.select_for_update().filter(team=team).order_by("pk"):
        PackageImport.objects.filter(pk=package.pk).update(team=to)
        record_event("hand_over_package", actor=standing.user, package=package.pk, before=team.pk, to=to.pk)
