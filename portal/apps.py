from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Wissensportal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance import mail, periodic
        from portal import checks  # noqa: F401 - importing registers them
        from portal.following import digest, services

        mail.register_letter(digest.LETTER, digest.body_of)
        periodic.register(periodic.Job("digests", periodic.Period.DAY, digest.send_due))
        periodic.register(periodic.Job("forget_feed_use", periodic.Period.HOUR, services.forget_use))
