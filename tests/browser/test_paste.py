"""What Word, Outlook and a browser put on the clipboard, pasted into a field: its shape stays, nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from governance.text.markdown import render
from tests.browser.conftest import Visit
from tests.factories import Cast, make_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Abridged from the clipboard of the program, its own markup kept.
CLIPBOARD = Path(__file__).parent / "clipboard"
EXPECTED = {
    "word": """## Hundesteuer online

Das Formular wurde **deutlich** _kürzer_.

## Vorgehen

-   Felder gestrichen
    -   Geburtsdatum
    -   Rasse
-   Bescheid verschickt

Reihenfolge:

1.  Antrag
2.  Marke

| Jahr | Anträge |
| --- | --- |
| 2025 | 310 |

Siehe [die Seite](https://www.stadt.example/hundesteuer).""",
    "outlook": """Hallo zusammen,

-   Frist bis Freitag
-   Unterlagen im Ordner

Mehr unter [post@stadt.example](mailto:post@stadt.example) oder hier.""",
    "web": """## Leitfaden

Schritt für **Schritt**:

1.  Lesen
    -   gründlich
2.  Machen

> Weniger ist mehr.

| Amt | Stand |
| --- | --- |
| Steueramt | fertig \\| gut |

[Quelle](https://www.beispiel.example/a_%28b%29)""",
}
PASTE = """([html, plain, where]) => {
  const area = document.querySelector(where);
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", plain);
  area.focus();
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


# In the editor and in the plain field.
PLACES = ("#id_everyday_benefit_editor", "#id_everyday_benefit")
PLAIN = "localStorage.setItem('portal-editor', 'markdown')"


def in_the_editor(text: str) -> str:
    """As the editor spells it: one blank behind the mark of a list, brackets in pairs as they are."""
    return re.sub(r"(?m)^( *)(-|\d+\.) +", r"\1\2 ", text).replace("%28b%29", "(b)")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("source", EXPECTED)
def test_pasted_text_keeps_headings_lists_tables_and_links_as_markdown(
    visit: Visit, cast: Cast, source: str, place: str
) -> None:
    html, expected = (CLIPBOARD / f"{source}.html").read_text(), EXPECTED[source]
    record = make_draft(cast, everyday_benefit="")
    page = visit("author")
    if place == PLACES[1]:
        page.evaluate(PLAIN)
    else:
        expected = in_the_editor(expected)
    page.goto(f"/learnings/{record.number}-x/edit/2/")
    page.evaluate(PASTE, [html, "ohne Gestalt", place])
    area = page.locator("#id_everyday_benefit")
    assert area.input_value() == expected
    page.get_by_role("button", name="Zwischenstand festhalten").click()
    expect(page.locator("[data-outcome=ok]")).to_be_visible()
    assert area.input_value() == expected


def test_what_was_pasted_is_shown_to_readers_as_it_was_meant() -> None:
    html = render(EXPECTED["word"])
    assert html.count("<h4>") == 2
    assert html.count("<ul>") == 2 and html.count("<li>") == 6
    assert html.index("<ol>") < html.index("<table>")
    assert '<a href="https://www.stadt.example/hundesteuer"' in html
    assert "<td>fertig | gut</td>" in render(EXPECTED["web"])


def test_plain_text_is_pasted_as_it_is(visit: Visit, cast: Cast) -> None:
    record = make_draft(cast, everyday_benefit="")
    page = visit("author")
    page.evaluate(PLAIN)
    page.goto(f"/learnings/{record.number}-x/edit/2/")
    page.evaluate(PASTE, ["<span>nur Text</span>", "nur Text", PLACES[1]])
    # Nothing of ours stood in the way; a made-up event pastes nothing of itself.
    expect(page.locator("#id_everyday_benefit")).to_have_value("")
