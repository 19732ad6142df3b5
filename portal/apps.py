from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Wissensportal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance import signals
        from portal import checks  # noqa: F401 - importing registers them
        from portal.index import writing

        signals.entries_written.connect(writing.on_written)
        signals.entries_removed.connect(writing.on_removed)
