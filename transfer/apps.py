from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransferConfig(AppConfig):
    name = "transfer"
    verbose_name = _("Weitergeben")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance import signals
        from transfer import tasklists
        from transfer.agenda import services as agenda
        from transfer.formats import services as formats
        from transfer.newsletter import services as newsletter
        from transfer.week import choosing

        signals.team_hands_over.connect(formats.hand_over)
        signals.team_dissolving.connect(formats.keep_from_dissolving)
        signals.words_redacted.connect(agenda.redact)
        signals.words_redacted.connect(newsletter.redact)
        tasklists.register_all()
        choosing.register_job()
