from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransferConfig(AppConfig):
    name = "transfer"
    verbose_name = _("Weitergeben")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance import kinds, panels, signals, uses
        from governance.people import person_erased
        from transfer import tasklists
        from transfer.adoption import keeping, panel
        from transfer.adoption import queries as adoptions
        from transfer.agenda import services as agenda
        from transfer.asking import keeping as asking
        from transfer.asking import panel as asking_panel
        from transfer.asking import reminding as asking_reminding
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
        panels.register(asking_panel.PANEL)
        panels.register(panel.PANEL)
        signals.team_hands_over.connect(asking.on_hand_over)
        signals.words_redacted.connect(asking.redact)
        person_erased.connect(asking.forget_person, dispatch_uid="transfer.asking")
        signals.words_redacted.connect(redacting.redact)
        asking_reminding.register_all()
        tasklists.register_all()
        reminding.register_all()
        choosing.register_job()
        connecting.connect()
