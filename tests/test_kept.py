"""What is put back is what was built, and what was emptied is empty."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import TransactionTestCase

from governance.models import Record, User
from tests import factories, kept
from tests.factories import Cast


@kept.once
def filled() -> tuple[Cast, Record]:
    cast = factories.make_cast()
    return cast, factories.make_published(cast)


def rows() -> dict[str, list[str]]:
    found = {}
    with connection.cursor() as cursor:
        for table in kept._filled():
            cursor.execute(f'SELECT row::text FROM "{table}" AS row ORDER BY 1')
            found[table] = [text for (text,) in cursor.fetchall()]
    return found


@pytest.mark.django_db(transaction=True)
def test_a_world_is_put_back_as_it_was_built_and_goes_on_from_there() -> None:
    built, written = filled(), rows()
    kept.empty(TransactionTestCase())
    assert rows() == {}
    again = filled()
    assert rows() == written
    assert again == built
    assert again[0].author is not built[0].author
    factories.make_published(again[0], title="Danach")
    assert Record.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_constraints_and_triggers_hold_after_it() -> None:
    _cast, record = filled()
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute("UPDATE governance_record SET owner_id = 0 WHERE id = %s", [record.pk])
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)


@pytest.mark.django_db
def test_a_change_to_a_world_is_gone_in_the_next_one() -> None:
    for _time in range(2):
        cast, _record = filled()
        assert User.objects.get(pk=cast.author.pk).full_name == cast.author.full_name != "Anders"
        with transaction.atomic():
            cast.author.full_name = "Anders"
            cast.author.save()
