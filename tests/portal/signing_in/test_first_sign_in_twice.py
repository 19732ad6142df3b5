"""Two windows, one person, the first time: one account comes of it."""

from __future__ import annotations

import pytest
from django.db import transaction

from governance import directory
from governance.models import DirectoryIdentity, User
from tests.racing import Second


@pytest.mark.django_db(transaction=True)
def test_two_first_sign_ins_at_once_make_one_account() -> None:
    person = directory.Person(issuer="https://haus.example", subject="1", user_name="kim", full_name="Kim Beispiel")
    second = Second(lambda: directory.sign_in(person))
    with transaction.atomic():
        first = directory.sign_in(person)
        second.start_and_wait_for_us()
    result = second.finish()
    assert result.user == first.user
    assert (first.is_new, result.is_new) == (True, False)
    assert User.objects.count() == DirectoryIdentity.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_of_the_same_name_at_once_get_one_each() -> None:
    kim = directory.Person(issuer="https://haus.example", subject="1", user_name="kim")
    other = directory.Person(issuer="https://haus.example", subject="2", user_name="kim")
    second = Second(lambda: directory.sign_in(other))
    with transaction.atomic():
        directory.sign_in(kim)
        second.start_and_wait_for_us()
    assert second.finish().user.username == "kim-2"
