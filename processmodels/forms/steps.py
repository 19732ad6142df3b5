"""The four steps of writing a process model; only what submission requires stands open."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from governance import short_texts
from governance.writing.steps import FILES, NOTE, Fold, Step

STEPS: dict[int, Step] = {
    1: Step(gettext_lazy("Prozess"), ("title", "purpose", "tags", "life_cycle")),
    2: Step(gettext_lazy("Ablauf"), ("as_is", "to_be")),
    3: Step(
        gettext_lazy("Veränderung und Kennzahlen"),
        (),
        (
            Fold(
                gettext_lazy("Mehr dazu: Was wurde geändert, warum, und was war nötig?"),
                ("what_was_done", "occasion", "prerequisites"),
            ),
            Fold(gettext_lazy("Mehr dazu: Kennzahlen vorher und nachher"), ("key_figures",)),
        ),
    ),
    4: Step(
        gettext_lazy("Steckbrief, prüfen und vorlegen"),
        (NOTE,),
        (
            Fold(
                gettext_lazy("Mehr dazu: Auslöser, Ergebnis und Beteiligte"),
                ("trigger", "result", "participants", "responsible_unit"),
            ),
            Fold(
                gettext_lazy("Mehr dazu: Recht und Einordnung"),
                ("legal_basis", "service_key", "classification", "cases_a_year", "maturity"),
            ),
            Fold(
                gettext_lazy("Mehr dazu: Unterlagen, Systeme, Daten und Risiken"),
                ("inputs", "systems", "data_used", "risks"),
            ),
            Fold(gettext_lazy("Mehr dazu: Verwandtes und Anlagen"), ("related", FILES)),
            Fold(gettext_lazy("Mehr dazu: Newsletter und Intranet"), short_texts.NAMES),
        ),
    ),
}
