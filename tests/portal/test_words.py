"""One word for one thing, also where Django speaks; nothing English is left in what people read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as live
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from governance.models import Department, Team, User
from tests.factories import Cast

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"
OWN = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', CATALOGUE.read_text(), re.MULTILINE))
NOT_OURS = re.compile(r"[Kk]ennw[oö]rt|Benutzername|\bdas selbe|zwingend erforderlich")


@pytest.mark.parametrize("text", OWN)
def test_our_words_for_djangos_are_compiled_and_used(text: str) -> None:
    assert gettext(text) == OWN[text]


def test_no_text_of_ours_uses_a_second_word_for_the_same() -> None:
    texts = [
        path
        for folder in ("governance", "learnings", "portal", "transfer", "templates", "docs", "fixtures")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".md", ".toml"}
    ]
    assert len(texts) > 100
    found = [str(path.relative_to(ROOT)) for path in [*texts, ROOT / "README.md"] if NOT_OURS.search(path.read_text())]
    assert found == []


@pytest.mark.django_db
def test_an_empty_field_is_asked_for_in_the_same_words_everywhere(cast: Cast) -> None:
    asked = "Bitte füllen Sie dieses Feld aus."
    assert asked in Client().post(reverse("login"), {}).content.decode()
    client = Client()
    client.force_login(cast.admin, live.AUTHENTICATION_BACKENDS[1])
    assert asked in client.post(reverse("admin:governance_team_add"), {}).content.decode()
    assert asked in client.post(reverse("password_change"), {}).content.decode()


@pytest.mark.django_db
def test_the_pages_of_passwords_and_of_the_administration_speak_our_german(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.admin, live.AUTHENTICATION_BACKENDS[1])
    pages = [reverse("admin:index"), reverse("password_change")]
    for model in (User, Department, Team):
        name = f"admin:governance_{model._meta.model_name}"
        key = model._default_manager.values_list("pk", flat=True)[0]
        pages += [reverse(f"{name}_changelist"), reverse(f"{name}_add"), reverse(f"{name}_change", args=[key])]
    english = re.compile(r"\b(the|After|user|users|Tasks|Locked|Database|password|delete|Save|Please|Enter)\b")
    for page in pages:
        shown = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", client.get(page).content.decode(), flags=re.DOTALL)
        # On paper each page names its address, and addresses are English.
        shown = re.sub(r"\S+/\S*", " ", shown)
        assert english.search(shown) is None, page
        assert NOT_OURS.search(shown) is None, page
