"""Why the directory's answer let nobody in, each with words for the person and a status for machines."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Problem(Exception):
    """Nothing is known of an account yet, or nothing that the person may not know."""

    status = 403
    title: Promise | str = _("Die Anmeldung hat nicht geklappt")
    text: Promise | str = ""


class Away(Problem):
    status = 503
    title = _("Das Verzeichnis antwortet nicht")
    text = _(
        "Das Portal erreicht das Verzeichnis Ihrer Verwaltung gerade nicht. Bitte versuchen Sie es in einigen Minuten "
        "noch einmal. Besteht das Problem weiter, hilft Ihnen die Administration."
    )


class WrongClock(Problem):
    status = 503
    title = _("Die Uhren gehen auseinander")
    text = _(
        "Die Uhr des Portals und die des Verzeichnisses weichen voneinander ab, deshalb gilt die Anmeldung nicht. Das "
        "lässt sich nur auf den Servern beheben. Bitte sagen Sie der Administration Bescheid."
    )


class BadAnswer(Problem):
    status = 502
    title = _("Das Verzeichnis hat anders geantwortet als erwartet")
    text = _(
        "Die Antwort des Verzeichnisses ließ sich nicht prüfen. Bitte versuchen Sie es noch einmal; hilft das nicht, "
        "sagen Sie der Administration Bescheid."
    )


class Expired(Problem):
    status = 400
    title = _("Diese Anmeldung ist abgelaufen")
    text = _(
        "Sie wurde schon benutzt, in einem anderen Fenster begonnen oder hat zu lange gedauert. Bitte beginnen Sie neu."
    )


class Declined(Problem):
    title = _("Das Verzeichnis hat Sie nicht angemeldet")
    text = _("Die Anmeldung wurde dort abgebrochen oder abgelehnt. Sie können es noch einmal versuchen.")


class NotReleased(Problem):
    title = _("Das Portal ist für Sie nicht freigeschaltet")
    text = _(
        "Ihre Anmeldung im Verzeichnis ist in Ordnung, aber das Portal ist dort nicht für Sie freigeschaltet. Das "
        "ändert die Administration."
    )


class Deactivated(Problem):
    title = _("Ihr Konto im Portal ist stillgelegt")
    text = _("Ihre Anmeldung im Verzeichnis ist in Ordnung. Das Konto im Portal öffnet die Administration wieder.")
