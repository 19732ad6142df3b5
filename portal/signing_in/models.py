"""The codes for whoever has lost the device of the second factor."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from governance import clock


class RecoveryCode(models.Model):
    """One code, for one use. The code itself is shown once and kept nowhere."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="recovery_code_once", fields=["user", "code_hash"])]

    def __str__(self) -> str:
        return f"{self.user_id}"
