from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProcessmodelsConfig(AppConfig):
    name = "processmodels"
    verbose_name = _("Prozesse")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance import kinds
        from processmodels.kind import PROCESS_MODEL

        kinds.register(PROCESS_MODEL)
