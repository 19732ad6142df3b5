"""Triggers and keys that hold content and history of learnings together with their versions."""

from django.db import migrations

from governance.integrity import content_operations


class Migration(migrations.Migration):
    dependencies = [("learnings", "0001_initial"), ("governance", "0002_integrity")]
    operations = content_operations("learnings", "learning", "learning")
