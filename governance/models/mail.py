"""Mails that wait to be sent: written in the transaction of the step that causes them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from governance import clock
from governance.models.records import Record


class OutgoingMail(models.Model):
    """One mail to one person: title and link, no text of a record. The address is read when sending."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.CharField(max_length=250)
    body = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    # The body is made when it is sent and holds a link for setting the password: no table keeps that link.
    password_link = models.BooleanField(default=False)
    # The name of the letter (`mail.register_letter`) that makes the body when it is sent, from what may be read then.
    letter = models.CharField(max_length=20, blank=True)
    # For a password link: a keyed hash of the address it was asked for from, kept for a day.
    asked_from = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                name="mail_waiting",
                fields=["id"],
                condition=models.Q(sent_at=None, dropped_at=None),
            )
        ]


class PeriodicJob(models.Model):
    """When each job of `run_due` ran last; its row lock keeps two timers apart."""

    name = models.CharField(max_length=60, primary_key=True)
    last_run_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
