"""What a person asked the search for: read from the URL, and written back into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext_lazy

MAX_LENGTH = 10_000
MAX_VALUE = 100
MAX_VALUES = 20
MAX_PAGE = 1000

SORTS = {
    "best": gettext_lazy("Beste Treffer zuerst"),
    "newest": gettext_lazy("Neueste zuerst"),
    "used": gettext_lazy("Am meisten nachgenutzt"),
    "title": gettext_lazy("Nach Titel"),
}
# In the order of the page. A record may carry several values of each; several chosen ones mean "one of them".
FILTERS = {
    "kind": gettext_lazy("Art"),
    "department": gettext_lazy("Bereich"),
    "tag": gettext_lazy("Schlagwort"),
    "audience": gettext_lazy("Zielgruppe"),
    "life_cycle": gettext_lazy("Stand der Maßnahme"),
    "adopted_by": gettext_lazy("Nachgenutzt von"),
    "year": gettext_lazy("Jahr"),
}
# What no form takes either (governance/text/clean.py).
_NOT_IN_TEXT = str.maketrans("", "", "\x00\ue000\ue001")
Chosen = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Query:
    """A search as it stands in the URL; `filters` has the names of FILTERS with the values chosen."""

    text: str = ""
    filters: Chosen = field(default_factory=dict)
    sort: str = ""
    page: int = 1

    @classmethod
    def read(cls, data: QueryDict) -> Query:
        """From the URL; unknown sorts and pages out of range fall back to sensible ones."""
        page = clean(data.get("page", ""))
        sort = clean(data.get("sort", ""))
        return cls(
            text=clean(data.get("q", ""))[:MAX_LENGTH],
            filters={name: values for name in FILTERS if (values := _values(data, name))},
            sort=sort if sort in SORTS else "",
            page=min(max(int(page), 1), MAX_PAGE) if page.isdecimal() and len(page) < 7 else 1,
        )

    @property
    def order(self) -> str:
        return self.sort or ("best" if self.text else "newest")

    def url_query(self, *, text: str | None = None, sort: str | None = None, filters: Chosen | None = None) -> str:
        """The query string of this search with changes; the page goes back to the first."""
        query = QueryDict(mutable=True)
        if wanted := self.text if text is None else text:
            query["q"] = wanted
        for name, values in (self.filters if filters is None else filters).items():
            query.setlist(name, list(values))
        if order := self.sort if sort is None else sort:
            query["sort"] = order
        return query.urlencode()

    def toggled(self, name: str, value: str) -> str:
        """The query string with one value of a filter added, or taken away when it is chosen."""
        values = self.filters.get(name, ())
        changed = tuple(v for v in values if v != value) if value in values else (*values, value)
        return self.url_query(filters={**self.filters, name: changed})


def clean(text: str) -> str:
    """What was typed without what no text may hold, and without blanks around it."""
    return text.translate(_NOT_IN_TEXT).encode(errors="ignore").decode().strip()


def _values(data: QueryDict, name: str) -> tuple[str, ...]:
    values = [clean(value)[:MAX_VALUE] for value in data.getlist(name)]
    return tuple(dict.fromkeys(value for value in values if value))[:MAX_VALUES]
