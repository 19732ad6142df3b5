"""A learning's text in review or archived is locked."""

from django.db import migrations

from governance.integrity import lock_of_text


class Migration(migrations.Migration):
    dependencies = [("learnings", "0002_integrity"), ("governance", "0006_locked_texts")]
    operations = [lock_of_text("learnings", "learning")]
