from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransferConfig(AppConfig):
    name = "transfer"
    verbose_name = _("Weitergeben")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance import kinds, panels, signals, uses
        from governance.handover import parts
        from governance.people import person_erased
        from transfer import tasklists
        from transfer.adoption import keeping, panel, passing_on
        from transfer.adoption import queries as adoptions
        from transfer.agenda import services as agenda
        from transfer.asking import keeping as asking
        from transfer.asking import panel as asking_panel
        from transfer.asking import reminding as asking_reminding
        from transfer.formats import services as formats
        from transfer.newsletter import merging
        from transfer.newsletter import services as newsletter
        from transfer.packages import connecting
        from transfer.packages import passing_on as packages
        from transfer.proofs import contact, redacting, reminding
        from transfer.proofs.kind import PROOF_OF_CONCEPT
        from transfer.week import choosing

        kinds.register(PROOF_OF_CONCEPT)
        signals.team_hands_over.connect(formats.hand_over)
        signals.team_dissolving.connect(formats.keep_from_dissolving)
        signals.words_redacted.connect(agenda.redact)
        signals.words_redacted.connect(newsletter.redact)
        signals.entries_written.connect(keeping.on_written)
        signals.entries_removed.connect(keeping.on_removed)
        signals.team_hands_over.connect(passing_on.on_hand_over)
        signals.team_hands_over.connect(packages.on_hand_over)
        signals.department_merging.connect(passing_on.on_merging)
        signals.department_merging.connect(merging.on_merging)
        signals.contact_changed.connect(contact.on_contact_changed)
        for part in (formats.part, passing_on.part, packages.part, asking.part):
            parts.register(part)
        signals.words_redacted.connect(keeping.redact)
        uses.register(adoptions.used_by)
        panels.register(asking_panel.PANEL)
        panels.register(panel.PANEL)
        signals.team_hands_over.connect(asking.on_hand_over)
        signals.department_merging.connect(asking.on_merging)
        signals.words_redacted.connect(asking.redact)
        person_erased.connect(asking.forget_person, dispatch_uid="transfer.asking")
        signals.words_redacted.connect(redacting.redact)
        asking_reminding.register_all()
        tasklists.register_all()
        reminding.register_all()
        choosing.register_job()
        connecting.connect()
