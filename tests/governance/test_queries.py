"""Statements written as plain SQL say the same as the tables they read."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import queries, status
from governance.models import CatalogueEntry
from tests.factories import Cast, approve, make_draft, make_published, submit

pytestmark = pytest.mark.django_db


def test_the_entry_for_its_page_has_every_column_but_the_long_ones(cast: Cast) -> None:
    record = make_published(cast)
    entry = queries.fetch_entry("learning", record.number)
    assert entry is not None
    assert entry.get_deferred_fields() == {"weighted", "facets", "folded"}
    stored = CatalogueEntry.objects.get(pk=record.pk)
    for field in CatalogueEntry._meta.concrete_fields:
        if field.name not in ("weighted", "facets", "folded"):
            assert getattr(entry, field.attname) == getattr(stored, field.attname), field.name


def test_the_entry_for_its_page_knows_contact_addresses_and_standing_without_a_further_query(cast: Cast) -> None:
    record = make_published(cast)
    entry = queries.fetch_entry("learning", record.number)
    assert entry is not None
    department = cast.team.department
    assert department is not None
    shown, contact = vars(entry), record.contact.full_name
    with CaptureQueriesContext(connection) as captured:
        assert shown["contact_name"] == contact
        assert shown["owner_slug"] == cast.team.slug
        assert shown["department_slug"] == department.slug
        assert status.sentence(entry.record)
    assert not captured.captured_queries


def test_neighbours_are_found_in_both_directions_and_only_when_published(cast: Cast) -> None:
    target, draft = make_published(cast), make_draft(cast)
    source = make_draft(cast, related=[target.pk, draft.pk])
    approve(cast, submit(cast, source))
    of_source = queries.fetch_entry("learning", source.number)
    of_target = queries.fetch_entry("learning", target.number)
    assert of_source is not None
    assert of_target is not None
    assert [entry.pk for entry in queries.neighbours(of_source)] == [target.pk]
    assert [entry.pk for entry in queries.neighbours(of_target)] == [source.pk]
