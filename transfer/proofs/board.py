"""All measures on their way from idea to scaled: published process models, and proofs of concept without one.

What stands here is published or announced; of a trial that is only announced nothing shows but its phase.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.models import CatalogueEntry, Department, PublishedLink, Record
from processmodels.models import LifeCycle
from transfer.models import Announcement, Trial
from transfer.models.proofs import KIND, Decision
from transfer.proofs import adopted

# Beside the stages of a process model's life cycle.
SCALED = "scaled"
UNKNOWN = "unknown"
STAGES: Mapping[str, str | Promise] = {
    LifeCycle.IDEA: _("Idee"),
    LifeCycle.TRIAL: _("In Erprobung"),
    LifeCycle.INTRODUCED: _("Eingeführt"),
    LifeCycle.EVALUATED: _("Ausgewertet"),
    SCALED: _("Skaliert"),
    LifeCycle.ENDED: _("Beendet"),
    UNKNOWN: _("Stand nicht angegeben"),
}
SHOWN_OF_EACH = 6
_LONG = ("weighted", "facets", "folded", "page")


@dataclass(frozen=True)
class Linked:
    """A published record that belongs to a measure."""

    short_number: str
    title: str
    url: str


@dataclass
class Card:
    """One measure as the board shows it."""

    short_number: str
    title: str
    url: str
    summary: str
    department: str
    stage: str
    kind: str
    # Where a trial stands, in words.
    detail: str = ""
    contact: str = ""
    contact_email: str = ""
    linked: list[Linked] = field(default_factory=list)

    @property
    def stage_label(self) -> str:
        return str(STAGES[self.stage])


@dataclass(frozen=True)
class Column:
    """The measures of one stage: the newest of them, and how many there are."""

    key: str
    label: str
    count: int
    cards: Sequence[Card]

    @property
    def has_more(self) -> bool:
        return self.count > len(self.cards)


def measures(*, department: str = "", stage: str = "") -> QuerySet[Any]:
    """All measures with their stage, as `stage`; a proof of concept of a process model on the board stands there."""
    announced = Exists(Announcement.objects.standing().filter(record=OuterRef("pk")))
    found: QuerySet[Any] = (
        Record.objects.filter(Q(entry__process__isnull=False) | Q(Q(entry__proof__isnull=False) | announced, kind=KIND))
        .exclude(Q(entry__proof__isnull=False) & _stands_elsewhere())
        .annotate(adopters=adopted.by_other_departments())
        .annotate(stage=_stage())
    )
    if department:
        found = found.filter(owner__department__slug=department)
    return found.filter(stage=stage) if stage in STAGES else found


def _stands_elsewhere() -> Q:
    """Linked, in either direction, to a published process model."""
    names = PublishedLink.objects.filter(source=OuterRef("pk"), target__entry__process__isnull=False)
    named = PublishedLink.objects.filter(target=OuterRef("pk"), source__process__isnull=False)
    return Q(Exists(names)) | Q(Exists(named))


def _stage() -> Case:
    """Of an announced trial its phase alone decides: what was decided is not approved yet."""
    introduced = Q(entry__process__life_cycle__in=[LifeCycle.INTRODUCED, LifeCycle.EVALUATED])
    planned = Q(trial=None) | Q(trial__phase=Trial.Phase.PLANNED)
    return Case(
        When(introduced & Q(adopters__gte=adopted.SCALED_FROM), then=Value(SCALED)),
        When(Q(entry__process__life_cycle=""), then=Value(UNKNOWN)),
        When(entry__process__isnull=False, then=F("entry__process__life_cycle")),
        When(entry__proof__decision=Decision.STOP, then=Value(LifeCycle.ENDED.value)),
        When(Q(entry__proof=None) & planned, then=Value(LifeCycle.IDEA.value)),
        default=Value(LifeCycle.TRIAL.value),
        output_field=CharField(),
    )


def columns(*, department: str = "") -> list[Column]:
    """The board: every stage with its newest measures. Two queries for the measures, two for what hangs on them."""
    found = measures(department=department)
    counts = dict(found.order_by().values_list("stage").annotate(n=Count("pk")))
    place = Window(RowNumber(), partition_by=F("stage"), order_by=F("pk").desc())
    rows = cards(_with_all(found.annotate(place=place).filter(place__lte=SHOWN_OF_EACH).order_by("-pk")))
    return [
        Column(key, str(label), counts.get(key, 0), [card for card in rows if card.stage == key])
        for key, label in STAGES.items()
        if key != UNKNOWN or counts.get(key)
    ]


def table(*, department: str = "", stage: str = "") -> QuerySet[Any]:
    """The same as a list, along the way from idea to scaled."""
    order = Case(*(When(stage=key, then=Value(at)) for at, key in enumerate(STAGES)))
    return _with_all(measures(department=department, stage=stage).order_by(order, "-pk"))


def _with_all(found: QuerySet[Any]) -> QuerySet[Any]:
    standing = Prefetch("announcements", Announcement.objects.standing().select_related("contact"), to_attr="told")
    found = found.select_related("owner__department", "entry__process", "entry__proof", "trial")
    return found.prefetch_related(standing).defer(*(f"entry__{name}" for name in _LONG))


def cards(records: Iterable[Record]) -> list[Card]:
    """What the board shows of these measures, with the published records that belong to each."""
    rows = list(records)
    linked = _linked([record.pk for record in rows])
    made = [_card(record) for record in rows]
    for record, card in zip(rows, made, strict=True):
        card.linked = linked.get(record.pk, [])
    return made


def _card(record: Record) -> Card:
    entry: CatalogueEntry | None = getattr(record, "entry", None)
    shared: dict[str, Any] = {"short_number": record.short_number, "stage": vars(record)["stage"]}
    if entry is not None:
        proof = getattr(entry, "proof", None)
        return Card(
            title=entry.title,
            url=entry.url,
            summary=entry.summary,
            department=entry.department_name,
            kind=entry.kind_label,
            detail=_outcome(proof) if proof else "",
            **shared,
        )
    [told, *_rest] = vars(record)["told"]
    trial = getattr(record, "trial", None) or Trial()
    return Card(
        title=told.title,
        url="",
        summary=told.question,
        department=record.owner.department.name if record.owner.department else "",
        kind=str(_("Proof of Concept")),
        detail=str(trial.get_phase_display()),
        contact=told.contact.full_name,
        contact_email=told.contact.email,
        **shared,
    )


def _outcome(proof: Any) -> str:
    met = _("Erfolgsmaß erreicht") if proof.is_met else _("Erfolgsmaß nicht erreicht")
    return f"{met}; {Decision(proof.decision).label}"


def _linked(keys: Sequence[int]) -> dict[int, list[Linked]]:
    """The published records that each of these names, or that name it."""
    wanted = set(keys)
    links = PublishedLink.objects.filter(Q(source__in=wanted) | Q(target__in=wanted)).order_by("pk")
    pairs = list(links.values_list("source_id", "target_id"))
    entries = CatalogueEntry.objects.filter(pk__in={key for pair in pairs for key in pair}).defer(*_LONG)
    known = {entry.pk: Linked(entry.short_number, entry.title, entry.url) for entry in entries}
    found: dict[int, list[Linked]] = {}
    for source, target in pairs:
        for here, there in ((source, target), (target, source)):
            if here in wanted and there in known and known[there] not in found.setdefault(here, []):
                found[here].append(known[there])
    return found


def departments() -> QuerySet[Department]:
    """Those that own anything on the board, for the filter."""
    owners = measures().order_by().values("owner__department")
    return Department.objects.filter(pk__in=owners).order_by("name")
