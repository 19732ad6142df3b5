"""Whom the house's directory knows: the stable key of a person there, and what the portal took over from it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models.people import User


class DirectoryIdentity(models.Model):
    """One person in one directory. The key is what the directory never gives to anybody else: issuer and subject.

    Names and mail addresses are no keys: they change, and a later colleague may get the same.
    """

    user = models.ForeignKey(User, verbose_name=_("Person"), on_delete=models.PROTECT, related_name="identities")
    issuer = models.CharField(_("Verzeichnis"), max_length=255)
    subject = models.CharField(_("Kennung im Verzeichnis"), max_length=255)
    linked_at = models.DateTimeField(_("verbunden am"))
    # When the directory last let the person in, or was asked and found them.
    confirmed_at = models.DateTimeField(_("zuletzt bestätigt am"))
    # Set when the directory said that the person has left; an account locked by hand has none.
    left_at = models.DateTimeField(_("ausgeschieden am"), null=True, blank=True)
    # What the directory calls the department, while the portal knows none of that name.
    named_department = models.CharField(_("Bereich laut Verzeichnis"), max_length=150, blank=True)
    # Whether a group made the person an administrator; what was given by hand is not taken by the directory.
    gives_administration = models.BooleanField(_("Administration durch Gruppe"), default=False)

    class Meta:
        verbose_name = _("Verbindung zum Verzeichnis")
        verbose_name_plural = _("Verbindungen zum Verzeichnis")
        constraints = [
            models.UniqueConstraint(name="one_person_per_subject", fields=["issuer", "subject"]),
            models.UniqueConstraint(name="one_subject_per_person", fields=["user", "issuer"]),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.issuer}"
