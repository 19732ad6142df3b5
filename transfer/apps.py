from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransferConfig(AppConfig):
    name = "transfer"
    verbose_name = _("Weitergeben")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance import kinds, panels, signals, uses
        from transfer import tasklists
        from transfer.adoption import keeping, panel
        from transfer.adoption import queries as adoptions
        from transfer.agenda import services as agenda
        from transfer.formats import services as formats
        from transfer.newsletter import services as newsletter
        from transfer.packages import connecting
        from transfer.proofs import redacting, reminding
        from transfer.proofs.kind import PROOF_OF_CONCEPT
        from transfer.week import choosing

        kinds.register(PROOF_OF_CONCEPT)
        signals.team_hands_over.connect(formats.hand_over)
        signals.team_dissolving.connect(formats.keep_from_dissolving)
        signals.words_redacted.connect(agenda.redact)
        signals.words_redacted.connect(newsletter.redact)
        signals.entries_written.connect(keeping.on_written)
        signals.entries_removed.connect(keeping.on_removed)
        signals.team_hands_over.connect(keeping.on_hand_over)
        signals.words_redacted.connect(keeping.redact)
        uses.register(adoptions.used_by)
        panels.register(panel.PANEL)
        signals.words_redacted.connect(redacting.redact)
        tasklists.register_all()
        reminding.register_all()
        choosing.register_job()
        connecting.connect()
