"""Why a file could not be read, in German, and what to do about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.attachment_text.reading import Reason

REASONS: dict[str, str | Promise] = {
    Reason.ENCRYPTED: _("Die Datei ist mit einem Passwort geschützt. Bitte hängen Sie sie ohne Passwort an."),
    Reason.DAMAGED: _(
        "Die Datei ist beschädigt oder hat ein anderes Format, als ihr Name sagt. Bitte speichern Sie sie in dem "
        "Programm, aus dem sie stammt, noch einmal und hängen Sie sie neu an."
    ),
    Reason.DTD: _(
        "Die Datei enthält eine Dokumenttyp-Definition (DOCTYPE). Darüber könnten fremde Inhalte geladen werden, "
        "deshalb wird sie nicht gelesen. Bitte speichern Sie sie in einem Büroprogramm noch einmal und hängen Sie sie "
        "neu an."
    ),
    Reason.NO_TEXT: _(
        "Die Datei enthält keinen Text, zum Beispiel nur eingescannte Seiten. Bitte hängen Sie eine Fassung mit "
        "Texterkennung (OCR) an."
    ),
    Reason.TOO_LARGE: _("Die Datei ist zu groß für die Suche. Bitte teilen Sie sie auf."),
    Reason.TOO_SLOW: _("Das Lesen hat zu lange gedauert. Bitte teilen Sie die Datei auf oder vereinfachen Sie sie."),
    Reason.TOO_MUCH_MEMORY: _(
        "Zum Lesen braucht die Datei zu viel Arbeitsspeicher. Bitte teilen Sie sie auf oder vereinfachen Sie sie."
    ),
    Reason.CRASHED: _(
        "Das Lesen ist mehrmals abgebrochen. Bitte versuchen Sie es später erneut oder hängen Sie die Datei neu "
        "gespeichert an."
    ),
    Reason.MISSING: _("Die Datei ist im Speicher nicht zu finden. Bitte prüfen Sie die Ablage der Anlagen."),
}
