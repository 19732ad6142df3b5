"""Hostile Markdown: nothing active gets through, whatever is typed, and nothing breaks."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.text.markdown import ATTRIBUTES, TAGS, reads_the_same, render, to_plain

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//x.example/a.js></ScRiPt>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<style>body{background:url(javascript:alert(1))}</style>",
    '<p style="background:url(x)">x</p>',
    "<form action=//x.example><input name=password></form>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<object data=x></object><embed src=x>",
    '<a href="javascript:alert(1)">x</a>',
    "<!-- --><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<![",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "<?php echo 1 ?>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x]( javascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](//x.example/path)",
    '[x](https://x.example "onmouseover=alert(1)")',
    '[x](https://x.example"onmouseover="alert(1))',
    "<javascript:alert(1)>",
    '<https://x.example/"onclick=alert(1)>',
    "[x][1]\n\n[1]: javascript:alert(1)",
    "![x](https://x.example/tracker.png)",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![x](javascript:alert(1))",
    '!["onerror=alert(1)](anlage:1)',
    '![x](anlage:1"onerror="alert(1))',
    "![x](anlage:../../etc/passwd)",
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | 2 |",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "# <script>alert(1)</script>",
    "> > > <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>",
    "a<b onmouseover=alert(1)>c</b>",
    "\\<script>alert(1)\\</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


class Reader(HTMLParser):
    """Every element and attribute must be on the allow-list, every address harmless."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, []), f"{tag} {name}"
            if name in ("href", "src"):
                assert value is not None
                assert value.startswith(("http://", "https://", "mailto:", "/", "#")), value
                assert not value.startswith("//")
                assert name != "src" or value.startswith("/files/")

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment came through")


def read(html: str) -> None:
    reader = Reader()
    reader.feed(html)
    reader.close()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_active_gets_through(text: str) -> None:
    read(render(text, image_url=lambda place: f"/files/{place}"))
    assert "<" not in to_plain("plain text")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(alphabet="<>[]()!*_`#|-&;:\"'/ \n\tabjscript=on", max_size=120))
def test_random_markup_gives_clean_html(text: str) -> None:
    read(render(text, image_url=lambda place: f"/files/{place}"))
    to_plain(text)


@pytest.mark.parametrize(
    "text", ["[" * 50_000, "> " * 5_000 + "x", "*" * 50_000, "    " * 5_000 + "x", "`" * 40_001, "a" * 2_000_000]
)
def test_absurd_text_becomes_plain_paragraphs(text: str) -> None:
    read(render(text))


def test_what_people_write_is_kept() -> None:
    html = render("# Titel\n\n- eins\n- **zwei**\n\n[Seite](https://a.example) und [hier](/L-3)")
    assert "<h3>Titel</h3>" in html
    assert "<strong>zwei</strong>" in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert 'href="/L-3"' in html


def test_pictures_need_an_attachment_and_a_description() -> None:
    def url(place: str) -> str | None:
        return "/files/1" if place == "1" else None

    assert '<img alt="Plan" src="/files/1">' in render("![Plan](anlage:1)", image_url=url)
    assert "<img" not in render("![](anlage:1)", image_url=url)
    assert "<img" not in render("![Plan](anlage:2)", image_url=url)


@pytest.mark.parametrize(
    ("text", "other", "same"),
    [
        ("eine\nZeile", "eine Zeile", True),
        ("* a\n* b", "- a\n- b", True),
        ("3 * 4 [x]", "3 \\* 4 \\[x\\]", True),
        ("| a | b |\n|---|---|\n|1|2|", "| a | b |\n| --- | --- |\n| 1 | 2 |", True),
        ("a\n- b", "a\n\n- b", False),
        ("1) a", "1. a", False),
        ("**a**", "a", False),
        ("![x](anlage:1)", "![x](anlage:2)", False),
        ("```\na  b\n```", "```\na b\n```", False),
        ("- a\n\n    b", "- a b", False),
    ],
)
def test_two_spellings_read_the_same_or_not(text: str, other: str, same: bool) -> None:
    assert reads_the_same(text, other) is same
