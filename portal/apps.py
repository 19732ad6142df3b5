from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Wissensportal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from governance.writing import hints
        from portal import checks  # noqa: F401 - importing registers them
        from portal.attachment_text import services as attachment_text
        from portal.following import digest
        from portal.index import building
        from portal.index import writing as index
        from portal.missing import services as missing
        from portal.search import similar
        from portal.signing_in import upkeep as signing_in
        from portal.upkeep import calling, comparing
        from portal.upkeep import writing as links

        attachment_text.connect()
        # The index reads which files a record has, so it comes second.
        index.connect()
        building.connect()
        digest.connect()
        hints.register(similar.alike)
        missing.connect()
        signing_in.connect()
        links.connect()
        comparing.connect()
        calling.connect()
