from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningsConfig(AppConfig):
    name = "learnings"
    verbose_name = _("Learnings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance import kinds
        from learnings.kind import LEARNING

        kinds.register(LEARNING)
