"""What pages of a record show of countersigning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from governance import kinds, rules, versions
from governance.countersigning import queries
from governance.countersigning.forms import PutForwardForm
from governance.countersigning.queries import Lead
from governance.models import Countersigning, Record
from governance.rules import Standing
from governance.text.clean import slugify_de
from governance.transitions import TABLE, Verb


@dataclass(frozen=True)
class Shown:
    """How it stands with countersigning of one record, for somebody of its team."""

    last: Countersigning | None
    leads: Sequence[Lead]
    # The pages of putting forward, giving back and comparing; "" where it is not this person's to do.
    put_forward_url: str
    give_back_url: str
    compare_url: str

    @property
    def waits(self) -> bool:
        return self.last is not None and self.last.status == Countersigning.Status.OPEN

    @property
    def was_given_back(self) -> bool:
        return self.last is not None and self.last.status == Countersigning.Status.GIVEN_BACK

    @property
    def away_until(self) -> dt.date | None:
        return queries.back_on(self.leads)


def shown(standing: Standing, record: Record) -> Shown | None:
    """None for everybody outside of the team, and where the department does without."""
    if not rules.may_edit(standing, record) or record.owner_id not in standing.countersigned_team_ids:
        return None
    if record.state not in TABLE[Verb.SUBMIT].sources:
        return None
    last, kind = queries.latest(record), kinds.get(record.kind)
    slug = slugify_de(record.current_version.title if record.current_version else "")
    leads = rules.leads_owner(standing, record)
    waits = last is not None and last.status == Countersigning.Status.OPEN
    return Shown(
        last=last,
        leads=queries.leads_of(record.owner_id),
        put_forward_url="" if leads else kind.url("put_forward", record.number, slug),
        give_back_url=kind.url("give_back", record.number, slug) if leads and waits else "",
        compare_url=_compare_url(record, last, slug) if waits and last else "",
    )


def _compare_url(record: Record, last: Countersigning, slug: str) -> str:
    current = record.current_version
    if current is None or not last.is_changed_since:
        return ""
    return kinds.get(record.kind).url("compare", record.number, slug, last.version.number, current.number)


def put_forward_context(
    standing: Standing, record: Record, form: PutForwardForm | None = None, note: str = ""
) -> dict[str, Any]:
    """The page on which a member puts the saved text forward."""
    version, kind = versions.current_of(record), kinds.get(record.kind)
    values = versions.values_of(versions.text_of(version), kind)
    return {
        "form": form or PutForwardForm(initial={"version": version.pk, "note": note}),
        "version": version,
        "missing": kind.missing(values),
        "doubts": kind.doubts(values),
        "buffer": versions.buffer_of(record=record, standing=standing),
        "countersigning": shown(standing, record),
    }
