""" "Hat mir geholfen": one click, counted for the department; nobody can tell who it was.

A second click of the same person is known by a hash of person and record, made with the portal's key. Whoever has the
tables alone cannot read it back. There is no event in the audit trail, which would name the person.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from governance import queries as records
from governance.errors import WrongState
from governance.models import CatalogueEntry, Record
from governance.rules import Standing
from transfer.asking import rules
from transfer.models import HelpedMark

_COUNT = """
INSERT INTO transfer_helped (record_id, department_id, count) VALUES (%s, %s, 1)
ON CONFLICT (record_id, coalesce(department_id, 0)) DO UPDATE SET count = transfer_helped.count + 1
"""


def mark(user_id: int, record_id: int) -> str:
    return salted_hmac("transfer.asking.helping", f"{user_id}:{record_id}", algorithm="sha256").hexdigest()


@transaction.atomic
def say_helped(*, standing: Standing, record: Record) -> bool:
    """Count it for the person's department, once; whether it is new. Raises Gone, Http404, WrongState."""
    if not CatalogueEntry.objects.filter(pk=record.pk).exists():
        raise records.not_there(record)
    if not rules.may_say_helped(standing, record):
        raise WrongState(_("Das ist ein Eintrag Ihres eigenen Teams. Gezählt wird, wem er anderswo hilft."))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {HelpedMark._meta.db_table} (mark) VALUES (%s) ON CONFLICT DO NOTHING",  # noqa: S608
            [mark(standing.user_id, record.pk)],
        )
        if cursor.rowcount == 0:
            return False
        cursor.execute(_COUNT, [record.pk, standing.department_id])
    return True
