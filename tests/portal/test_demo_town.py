"""The demo municipality loads through the services, once, and leaves alone what was changed since."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.core.serializers import serialize
from django.test import Client, TestCase, override_settings

from governance import clock, kinds, versions
from governance.models import (
    AuditEvent,
    CatalogueEntry,
    Comment,
    Department,
    DepartmentAddress,
    Membership,
    Publication,
    Record,
    Review,
    Tag,
    Team,
    User,
    Version,
)
from governance.rules import load_standing
from governance.upkeep.scope import scope_for
from learnings.models import Learning
from portal import demo_town
from portal.management.commands.demo import ACCOUNTS
from portal.upkeep.lists import Asked, counts
from transfer.formats.queries import sleeping
from transfer.models import Adoption, AgendaItem, Assessment, ExchangeFormat, FollowUp, Occurrence, ReflectionNote

FILES = demo_town.FOLDER / "files"


def fingerprint() -> dict[str, tuple[int, str]]:
    """Of each table: how many rows, and the hash of all they hold."""
    from django.apps import apps

    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in ("governance", "learnings", "transfer"):
            rows = model._base_manager.order_by("pk")
            text = serialize("json", rows)
            found[model._meta.label] = (rows.count(), hashlib.sha256(text.encode()).hexdigest())
    return found


class TestDemoTown(TestCase):
    """Loaded once; each test is rolled back."""

    @classmethod
    def setUpTestData(cls) -> None:
        demo_town.load()

    def test_loading_again_changes_nothing(self) -> None:
        before = fingerprint()
        assert before["governance.Record"][0] >= 40
        assert before["governance.Membership"][0] >= 30
        assert demo_town.load() == 0
        after = fingerprint()
        assert {label for label in before if before[label] != after[label]} == set()

    def test_ten_formats_have_a_year_of_dates_and_outcomes(self) -> None:
        today = clock.today()
        assert ExchangeFormat.objects.count() == 10
        days = [clock.local(at).date() for at in Occurrence.objects.values_list("starts_at", flat=True)]
        assert (today - min(days)).days > 330
        assert max(days) > today
        assert AgendaItem.objects.exclude(record=None).exclude(notes="").count() >= 15
        assert FollowUp.objects.filter(done_at=None).count() >= 3
        assert AgendaItem.objects.exclude(learning=None).count() == 1
        assert ReflectionNote.objects.exclude(became="").count() >= 3
        assert [row.format.slug for row in sleeping()] == ["ag-nachforderungen"]
        assert AgendaItem.objects.filter(is_draft=True).exists()

    def test_fifteen_adoptions_stand_in_all_states_and_four_processes_are_assessed(self) -> None:
        assert Adoption.objects.count() == 15
        assert set(Adoption.objects.values_list("state", flat=True)) == set(Adoption.State.values)
        assert Adoption.objects.exclude(fit={}).exclude(plan="").count() == 2
        assert any(row["to_be_number"] for one in Adoption.objects.exclude(figures=[]) for row in one.figures)
        assert Assessment.objects.count() == 4
        assert CatalogueEntry.objects.exclude(used_by=[]).count() >= 4

    def test_every_list_of_upkeep_has_something_and_some_records_were_confirmed(self) -> None:
        standing = load_standing(User.objects.get(username="committee"))
        found = counts(Asked(standing, scope_for(standing)))
        assert {key for key, count in found.items() if not count} == set()
        assert sum(entry.was_confirmed for entry in CatalogueEntry.objects.all()) >= 5

    def test_what_was_changed_since_stays_changed(self) -> None:
        department = Department.objects.get(slug="steueramt")
        other = User.objects.get(username="hauptamt-1")
        Department.objects.filter(pk=department.pk).update(name="Amt für Abgaben", parent=None, head=other)
        User.objects.filter(username="staff").update(full_name="Anders", is_active=False)
        Team.objects.filter(slug="cmt-steueramt").update(about="Anders")
        ended = Membership.objects.get(user__username="member")
        Membership.objects.filter(pk=ended.pk).update(ended_at=clock.now(), ends_on=clock.today())
        Tag.objects.filter(pk=Tag.objects.earliest("pk").pk).update(confirmed_at=None)
        # As after a hand-over: an adoption goes along to another department, and nobody begins it again.
        elsewhere = Department.objects.exclude(adoptions__record=Adoption.objects.earliest("pk").record_id).first()
        Adoption.objects.filter(pk=Adoption.objects.earliest("pk").pk).update(department=elsewhere)
        before = fingerprint()
        assert demo_town.load() == 0
        after = fingerprint()
        assert {label for label in before if before[label] != after[label]} == set()

    def test_what_is_missing_is_added(self) -> None:
        Department.objects.filter(slug="umwelt").update(slug="umwelt-alt")
        demo_town.load()
        # Renamed is not missing: the address that it had leads to it.
        assert not Department.objects.filter(slug="umwelt").exists()
        DepartmentAddress.objects.filter(slug__in=["umwelt", "tiefbau"]).delete()
        demo_town.load()
        added = Department.objects.get(slug="umwelt")
        assert added.head is not None
        assert added.head.username == "head-umwelt"

    def test_a_team_has_handed_over_and_a_renamed_department_is_found_at_its_old_address(self) -> None:
        gone = Team.objects.get(slug="cmt-organisation")
        assert gone.dissolved_on is not None
        assert not gone.records.exists()
        assert AuditEvent.objects.get(verb="hand_over").data["published"] == 1
        assert [str(one) for one in Department.objects.get(slug="umwelt").former_names.all()] == ["Tiefbauamt"]
        client = Client()
        client.force_login(User.objects.get(username="staff"), backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/governance/departments/tiefbau/").headers["Location"] == "/governance/departments/umwelt/"

    def test_every_state_and_kind_of_story_is_there(self) -> None:
        assert set(Record.objects.values_list("state", flat=True)) == set(Record.State.values)
        assert set(Review.objects.values_list("status", flat=True)) == set(Review.Status.values)
        assert Comment.objects.exclude(answer="").exists()
        assert Comment.objects.filter(resolved_in=None).exists()
        assert Publication.objects.filter(number__gte=3).exists()
        assert Record.objects.exclude(successor=None).exists()
        assert Tag.objects.filter(confirmed_at=None).exists()
        assert Department.objects.exclude(parent=None).count() >= 2
        assert CatalogueEntry.objects.count() >= 25

    def test_every_version_is_what_its_hash_says_and_nothing_happened_in_the_future(self) -> None:
        assert all(versions.verify(version) for version in Version.objects.select_related("record"))
        assert AuditEvent.objects.filter(at__gt=clock.now() + dt.timedelta(minutes=1)).count() == 0

    def test_the_audit_trail_stands_in_the_order_of_time(self) -> None:
        moments = list(AuditEvent.objects.order_by("pk").values_list("at", flat=True))
        assert len(moments) > 200
        assert moments == sorted(moments)

    def test_every_remark_is_on_a_field_that_the_text_has(self) -> None:
        for kind in kinds.every():
            remarks = Comment.objects.filter(review__record__kind=kind.key).values_list("field", flat=True)
            assert set(remarks) <= {field.name for field in kind.fields} | {""}
            assert remarks

    def test_memberships_went_through_the_service(self) -> None:
        events = AuditEvent.objects.filter(verb="add_member")
        assert events.count() == Membership.objects.count()
        first = events.earliest("pk")
        assert clock.today() - first.at.date() > dt.timedelta(days=365)
        assert Membership.objects.exclude(substitute=None).exclude(away_until=None).exists()

    @override_settings(DEMO=True)
    def test_each_account_signs_in_with_demo_and_the_page_names_it(self) -> None:
        for name, _what in ACCOUNTS:
            client = Client()
            assert f"<dt>{name}</dt>" in client.get("/accounts/login/").content.decode()
            answer = client.post("/accounts/login/", {"username": name, "password": "demo"})
            assert answer["Location"] == "/"
            assert client.get("/").status_code == 200

    def test_attachments_are_served_and_a_picture_stands_in_its_text(self) -> None:
        client = Client()
        client.post("/accounts/login/", {"username": "staff", "password": "demo"})
        found = {}
        for text in Learning.objects.exclude(attachments=[]):
            entry = CatalogueEntry.objects.get(pk=text.record_id)
            page = client.get(entry.url).content.decode()
            for place, row in enumerate(text.attachments, start=1):
                address = entry.url + f"versions/{entry.version.number}/files/{place}/"
                answer = client.get(address)
                assert answer.status_code == 200
                assert b"".join(answer.streaming_content) == (FILES / row["name"]).read_bytes()  # type: ignore[attr-defined]
                assert row["description"]
                found[row["media_type"]] = page
        assert set(found) == {"image/png", "text/plain"}
        assert '<img alt="Balkendiagramm' in found["image/png"]

    def test_every_file_is_used_and_its_licence_is_written_down(self) -> None:
        used = "".join(path.read_text() for path in demo_town.FOLDER.glob("*/*.toml"))
        licences = (FILES / "README.md").read_text()
        for file in FILES.iterdir():
            if file.name != "README.md":
                assert f'"{file.name}"' in used
                assert f"`{file.name}`" in licences

    @override_settings(DEMO=False)
    def test_without_the_switch_it_is_refused(self) -> None:
        before = fingerprint()
        with pytest.raises(CommandError, match="DEMO=1"):
            call_command("load_demo")
        assert fingerprint() == before


@pytest.mark.parametrize(
    "step",
    [
        'do = "save"\ncontent = { titel = "x" }',
        'do = "save"\ncontent = { state = "settled" }',
        'do = "request_changes"\ncomments = [{ field = "tags", text = "x" }]',
        'do = "approve"\nnotes = [{ field = "fazit", text = "x" }]',
    ],
)
def test_a_story_that_names_a_field_there_is_not_is_refused(tmp_path: Path, step: str) -> None:
    path = tmp_path / "neu.toml"
    path.write_text(f'key = "neu"\n[[steps]]\n{step}\n')
    with pytest.raises(ValueError, match=r"neu\.toml: .+ unknown fields"):
        demo_town._read(path)
