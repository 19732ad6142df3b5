from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = _("Bereiche, Teams und Freigaben")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance import periodic, tasklists
        from governance.handover import names
        from governance.upkeep import reminding

        tasklists.register_all()
        periodic.register_all()
        periodic.register(periodic.Job("refresh_names", periodic.Period.HOUR, names.refresh_stale))
        reminding.register_all()
