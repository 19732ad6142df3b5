"""What a person asked the search for: read from the URL, and written back into it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from governance.text import excerpt

MAX_WORDS = 24
MAX_LENGTH = 400
MAX_PAGE = 1000

SORTS = {
    "best": gettext_lazy("Beste Treffer zuerst"),
    "newest": gettext_lazy("Neueste zuerst"),
    "title": gettext_lazy("Nach Titel"),
}
FILTERS = {
    "kind": gettext_lazy("Art"),
    "department": gettext_lazy("Bereich"),
    "tag": gettext_lazy("Schlagwort"),
    "audience": gettext_lazy("Zielgruppe"),
    "year": gettext_lazy("Jahr"),
}
_TOKEN = re.compile(r'(-?)"([^"]+)"|(-?)(\S+)')


@dataclass(frozen=True)
class Words:
    """What was typed, taken apart: words and phrases to find, words to leave out."""

    wanted: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.wanted or self.phrases)

    @classmethod
    def read(cls, text: str) -> Words:
        wanted: list[str] = []
        phrases: list[str] = []
        unwanted: list[str] = []
        for match in list(_TOKEN.finditer(text))[:MAX_WORDS]:
            minus_phrase, phrase, minus, word = match.groups()
            if phrase:
                (unwanted if minus_phrase else phrases).append(phrase)
            elif word.strip("-\"'.,;:!?()"):
                (unwanted if minus else wanted).append(word.strip("\"'"))
        return cls(tuple(wanted), tuple(phrases), tuple(unwanted))


@dataclass(frozen=True)
class Query:
    """A search as it stands in the URL."""

    text: str = ""
    kind: str = ""
    department: str = ""
    tag: str = ""
    audience: str = ""
    year: str = ""
    sort: str = ""
    page: int = 1

    @classmethod
    def read(cls, data: QueryDict) -> Query:
        """From the URL; unknown sorts and pages out of range fall back to sensible ones."""

        def get(name: str) -> str:
            text = data.get(name, "")[:MAX_LENGTH].replace("\x00", "")
            return excerpt.strip(text.encode(errors="ignore").decode()).strip()

        page = get("page")
        return cls(
            text=get("q"),
            kind=get("kind"),
            department=get("department"),
            tag=get("tag"),
            audience=get("audience"),
            year=get("year") if get("year").isdecimal() and len(get("year")) == 4 else "",
            sort=get("sort") if get("sort") in SORTS else "",
            page=min(max(int(page), 1), MAX_PAGE) if page.isdecimal() and len(page) < 7 else 1,
        )

    @property
    def order(self) -> str:
        return self.sort or ("best" if self.text else "newest")

    def url_query(self, **changes: str) -> str:
        """The query string of this search with changes; the page goes back to the first."""
        values = {
            "q": self.text,
            "kind": self.kind,
            "department": self.department,
            "tag": self.tag,
            "audience": self.audience,
            "year": self.year,
            "sort": self.sort,
            **changes,
        }
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in values.items() if value})
        return query.urlencode()

    @property
    def filters(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in FILTERS if getattr(self, name)}
