"""Two people at one issue at the same moment, each on a connection of their own."""

from __future__ import annotations

import pytest

from governance import workflow
from governance.errors import WrongState
from tests import factories
from tests.factories import make_published, reload
from tests.racing import overtake
from tests.transfer.factories import make_issue
from transfer.models import NewsletterIssue
from transfer.newsletter import services

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_releases_second_is_told_and_there_is_one_release() -> None:
    cast = factories.make_cast()
    make_published(cast)
    issue, lead = make_issue(cast), cast.standing("lead")

    def let_out() -> object:
        return services.release(standing=lead, issue=issue, seen=1)

    assert isinstance(overtake(let_out, let_out), WrongState)
    assert NewsletterIssue.objects.get().number == 1


def test_a_record_that_is_archived_meanwhile_is_not_released() -> None:
    cast = factories.make_cast()
    record = make_published(cast)
    issue, lead = make_issue(cast), cast.standing("lead")
    result = overtake(
        lambda: workflow.archive(record=reload(record), standing=lead, reason="Alt"),
        lambda: services.release(standing=lead, issue=issue, seen=1),
    )
    assert isinstance(result, WrongState)
    assert not NewsletterIssue.objects.get().is_released
