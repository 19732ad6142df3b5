"""The steps of a trial, each a form on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from governance import clock, rows, versions
from governance.http import standing_of, told_ok, told_refused
from governance.models import Record
from governance.rules import Standing
from transfer.http import Attempt, attempt
from transfer.models import Trial
from transfer.models.proofs import Decision
from transfer.proofs import measure, queries, services
from transfer.proofs.forms import trial as trial_forms
from transfer.proofs.forms.measure import MeasureFields, initial_of
from transfer.proofs.reminding import path_of
from transfer.proofs.views.trial import way_to

Initial = Callable[[Any, Trial], dict[str, Any]]
Phase = Trial.Phase


@dataclass(frozen=True)
class Step:
    """A verb of `transfer.proofs.services` as a page; `phases` are those in which it is offered."""

    form: type[forms.Form]
    heading: str | Promise
    told: str | Promise
    action: str | Promise
    done: str | Promise
    service: Callable[..., Any]
    initial: Initial
    phases: tuple[str, ...]


def _start(text: Any, trial: Trial) -> dict[str, Any]:
    return {"question": text.question} | initial_of(measure.current(text.measures))


def _result(text: Any, trial: Trial) -> dict[str, Any]:
    return {"result_number": rows.german(text.result_number), "result": text.result, "learnt": text.learnt}


def _decision(text: Any, trial: Trial) -> dict[str, Any]:
    return {"decision": text.decision, "decision_reason": text.decision_reason}


STEPS: Mapping[str, Step] = {
    "start": Step(
        form=trial_forms.StartForm,
        heading=gettext_lazy("Erprobung starten"),
        told=gettext_lazy(
            "Dafür braucht es keine Freigabe. Das Erfolgsmaß steht mit dem Start fest: So lässt sich am Ende ehrlich "
            "sagen, ob es gelungen ist."
        ),
        action=gettext_lazy("Jetzt starten"),
        done=gettext_lazy("Die Erprobung läuft. Das Erfolgsmaß steht fest."),
        service=services.start,
        initial=_start,
        phases=(Phase.PLANNED,),
    ),
    "measure": Step(
        form=trial_forms.MeasureForm,
        heading=gettext_lazy("Erfolgsmaß ändern"),
        told=gettext_lazy(
            "Das bisherige Erfolgsmaß und Ihre Begründung bleiben sichtbar, auch in der Veröffentlichung."
        ),
        action=gettext_lazy("Erfolgsmaß ändern"),
        done=gettext_lazy("Das Erfolgsmaß ist geändert. Das bisherige steht mit Ihrer Begründung daneben."),
        service=services.change_measure,
        initial=lambda text, trial: initial_of(trial.measure),
        phases=(Phase.RUNNING,),
    ),
    "end": Step(
        form=trial_forms.ExtendForm,
        heading=gettext_lazy("Ende verschieben"),
        told=gettext_lazy("Der Grund steht bei den Notizen Ihres Teams."),
        action=gettext_lazy("Ende verschieben"),
        done=gettext_lazy("Das Ende ist verschoben."),
        service=services.extend,
        initial=lambda text, trial: {"ends_on": trial.ends_on},
        phases=(Phase.RUNNING,),
    ),
    "finish": Step(
        form=trial_forms.FinishForm,
        heading=gettext_lazy("Ergebnis eintragen"),
        told=gettext_lazy("Ob das Erfolgsmaß erreicht ist, rechnet das Portal aus. Auch ein Nein ist ein Ergebnis."),
        action=gettext_lazy("Ergebnis festhalten"),
        done=gettext_lazy("Das Ergebnis ist festgehalten. Als Nächstes: Was wird daraus?"),
        service=services.finish,
        initial=_result,
        phases=(Phase.RUNNING, Phase.FINISHED, Phase.DECIDED),
    ),
    "decide": Step(
        form=trial_forms.DecideForm,
        heading=gettext_lazy("Entscheiden, was daraus wird"),
        told=gettext_lazy("Andere sehen die Entscheidung, wenn das Ergebnis freigegeben ist."),
        action=gettext_lazy("Entscheidung festhalten"),
        done=gettext_lazy("Die Entscheidung ist festgehalten. Sie können das Ergebnis jetzt zur Freigabe vorlegen."),
        service=services.decide,
        initial=_decision,
        phases=(Phase.FINISHED, Phase.DECIDED),
    ),
    "note": Step(
        form=trial_forms.TrialNoteForm,
        heading=gettext_lazy("Notiz eintragen"),
        told=gettext_lazy("Was Sie unterwegs festhalten, hilft am Ende beim Ergebnis."),
        action=gettext_lazy("Notiz eintragen"),
        done=gettext_lazy("Die Notiz ist eingetragen."),
        service=services.note,
        initial=lambda text, trial: {"day": clock.today()},
        phases=(Phase.RUNNING, Phase.FINISHED),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: int, slug: str, verb: str) -> HttpResponse:
    """One step; one that does not fit the phase any more leads back, with a word."""
    known = STEPS.get(verb)
    if known is None:
        raise Http404
    standing = standing_of(request)
    record = queries.fetch_own(standing, number)
    trial = queries.trial_of(record)
    text = versions.content_of(record)
    initial = {"opened_on": record.current_version_id} | known.initial(text, trial)
    form = known.form(request.POST if request.method == "POST" else None, initial=initial)
    if trial.phase not in known.phases and request.method != "POST":
        told = _("Dieser Schritt passt nicht: Die Erprobung ist „%(phase)s“.") % {"phase": trial.get_phase_display()}
        told_refused(request, ValidationError(told))
        return redirect(path_of(record))
    tried = attempt(request, form, lambda data: _take(known, standing, record, form, data))
    if tried.done:
        told_ok(request, str(known.done))
        return redirect(path_of(record))
    return _page(request, known, record, form, tried)


def _take(known: Step, standing: Standing, record: Record, form: forms.Form, data: dict[str, Any]) -> None:
    """Give what was typed to the service; the fields of a measure of success go as one."""
    values = dict(data)
    if isinstance(form, MeasureFields):
        values = {name: value for name, value in data.items() if name not in form.measure()}
        values["measure"] = form.measure()
    known.service(standing=standing, record=record, **values)


def _page(request: HttpRequest, known: Step, record: Record, form: forms.Form, tried: Attempt) -> HttpResponse:
    context = {
        "form": form,
        "heading": known.heading,
        "told": known.told,
        "action": known.action,
        "record": record,
        "back": path_of(record),
        "conflict": tried.conflict,
        "now": _now(record) if tried.conflict else [],
        "way": way_to(record, str(known.heading)),
    }
    return render(request, "transfer/proofs/step.html", context, status=tried.status)


def _now(record: Record) -> list[tuple[str, str]]:
    """The saved text of the fields that steps change, after somebody else has saved."""
    text = versions.content_of(record)
    last = measure.current(text.measures)
    said = [
        (_("Frage"), text.question),
        (_("Erfolgsmaß"), last.words if last else ""),
        (_("Gemessener Wert"), rows.german(text.result_number)),
        (_("Was haben wir gelernt?"), text.learnt),
        (_("Entscheidung"), str(dict(Decision.choices).get(text.decision, ""))),
        (_("Begründung der Entscheidung"), text.decision_reason),
    ]
    return [pair for pair in said if pair[1]]
