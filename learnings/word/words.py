"""What is said about a document that was taken over, or why it was not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy, ngettext

from learnings.word.reading import Reason

REASONS = {
    Reason.NOT_WORD: gettext_lazy("Das ist keine Word-Datei. Bitte wählen Sie eine Datei mit der Endung .docx."),
    Reason.OLD_WORD: gettext_lazy(
        "Das ist eine Datei im alten Word-Format (.doc). Bitte speichern Sie sie in Word als „Word-Dokument (.docx)“."
    ),
    Reason.MACROS: gettext_lazy(
        "Die Datei enthält Makros und wird darum nicht angenommen. "
        "Bitte speichern Sie sie in Word als „Word-Dokument (.docx)“ ohne Makros."
    ),
    Reason.ENCRYPTED: gettext_lazy(
        "Die Datei ist mit einem Passwort geschützt. Bitte speichern Sie sie in Word ohne Passwort."
    ),
    Reason.DAMAGED: gettext_lazy(
        "Die Datei ist beschädigt und lässt sich nicht lesen. "
        "Bitte öffnen Sie sie in Word, speichern Sie sie neu und versuchen Sie es noch einmal."
    ),
    Reason.TOO_LARGE: gettext_lazy(
        "Die Datei ist ausgepackt zu groß, um daraus einen Entwurf zu machen. Bitte nehmen Sie nur den Teil, um den es "
        "geht, und hängen Sie das Ganze als Anlage an."
    ),
    Reason.TOO_SLOW: gettext_lazy(
        "Die Datei zu lesen dauert zu lange. Bitte nehmen Sie nur den Teil, um den es geht, oder hängen Sie sie als "
        "Anlage an."
    ),
    Reason.EMPTY: gettext_lazy("In der Datei steht kein Text."),
    Reason.CRASHED: gettext_lazy(
        "Die Datei ließ sich nicht lesen. Bitte versuchen Sie es noch einmal, oder fügen Sie den Text über die "
        "Zwischenablage ein."
    ),
}


# In the order in which they are told; the first two are one sentence.
_PLAIN = {
    "inserted": gettext_lazy(
        "Änderungen im Überarbeitungsmodus gelten als angenommen: Eingefügtes ist da, Gelöschtes fehlt."
    ),
    "notes": gettext_lazy("Fuß- und Endnoten stehen als Liste am Ende von „Was wurde gemacht?“."),
    "text_boxes": gettext_lazy(
        "Text aus Textfeldern steht als gewöhnlicher Absatz im Text; bitte prüfen Sie die Reihenfolge."
    ),
    "merged_cells": gettext_lazy("Verbundene Tabellenzellen sind einzelne Zellen geworden."),
    "formulas": gettext_lazy("Formeln fehlen oder sind nur als Text da."),
    "struck": gettext_lazy("Durchgestrichenes steht ohne Strich im Text."),
    "headers": gettext_lazy("Kopf- und Fußzeilen wurden nicht übernommen."),
}


def lost(notes: Mapping[str, int]) -> Iterator[str]:
    """What of the document the draft does not hold, or holds otherwise; a sentence each."""
    found = dict(notes)
    found["inserted"] = found.get("inserted", 0) + found.pop("deleted", 0)
    yield from (str(text) for name, text in _PLAIN.items() if found.get(name))
    if count := found.get("comments", 0):
        text = ngettext("%(n)d Kommentar wurde nicht übernommen.", "%(n)d Kommentare wurden nicht übernommen.", count)
        yield text % {"n": count}
    if count := found.get("objects", 0):
        text = ngettext(
            "%(n)d Diagramm oder eingebettetes Objekt fehlt. Als Bild eingefügt geht es mit.",
            "%(n)d Diagramme oder eingebettete Objekte fehlen. Als Bild eingefügt gehen sie mit.",
            count,
        )
        yield text % {"n": count}
    if count := found.get("pictures_left", 0):
        text = ngettext("%(n)d Bild wurde nicht übernommen.", "%(n)d Bilder wurden nicht übernommen.", count)
        yield text % {"n": count}
