"""What a learning tells the workflow: its fields, what submission requires, its catalogue row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import related, short_texts, tags
from governance.kinds import Address, Kind, Projection
from governance.rows import AttachmentRow, Link, german
from governance.text.markdown import render, to_plain
from learnings.checks import doubts, missing
from learnings.fields import FIELDS, LABELS, SCHEMAS, SECTIONS
from learnings.models import KIND, Audience, Learning
from learnings.schemas import FIELDS as SHAPES
from learnings.schemas import Figure, Message


def project(text: Learning, address: Address) -> Projection:
    """The catalogue row of a published learning; fields left empty do not appear in it."""
    plain = {name: to_plain(getattr(text, name)) for name in SECTIONS}
    figures = [Figure.read(row) for row in text.figures]
    links = [Link.read(row) for row in text.links]
    return Projection(
        summary=text.answer,
        audiences=[audience for audience in Audience.values if audience in text.audiences],
        page=page_of(text, address),
        weighted={
            "B": f"{text.guiding_question} {text.answer}",
            "C": plain["everyday_benefit"],
            "D": "\n".join(
                [
                    *(plain[name] for name in SECTIONS if name != "everyday_benefit"),
                    *(message["text"] for message in _messages(text)),
                    *(f"{figure.label} {figure.shown} {figure.source}" for figure in figures),
                    *(f"{link.title} {link.repository}" for link in links),
                ]
            ),
        },
        related=text.related,
    )


def page_of(text: Any, address: Address) -> dict[str, Any]:
    """The rendered parts of a text as readers see it; reads nothing from the database.

    `text` has the fields of a learning; `address` tells where its attachments are.
    """
    files = [AttachmentRow.read(row) for row in text.attachments]

    def image_url(place: str) -> str | None:
        at = int(place) - 1
        is_picture = 0 <= at < len(files) and files[at].is_picture
        return address(str(at + 1)) if is_picture else None

    sections = [
        {
            "key": name,
            "label": str(LABELS[name]),
            "html": render(getattr(text, name), image_url=image_url),
        }
        for name in SECTIONS
        if getattr(text, name)
    ]
    effort = {
        str(_("Zeit")): text.effort_time,
        str(_("Kosten")): text.effort_money,
        str(_("Beteiligte")): text.effort_people,
    }
    return {
        "guiding_question": text.guiding_question,
        "answer": text.answer,
        "sections": sections,
        "has_results": bool(text.results),
        "messages": _messages(text),
        "figures": [
            {"label": f.label, "value": f.shown, "period": f.period, "source": f.source}
            for f in (Figure.read(row) for row in text.figures)
        ],
        "effort": [{"label": label, "text": value} for label, value in effort.items() if value],
        "links": [
            {
                "title": link.title or link.url,
                "url": link.url,
                "repository": link.repository,
                "retrieved_on": link.retrieved_on,
            }
            for link in (Link.read(row) for row in text.links)
        ],
        "attachments": [
            {"name": file.name, "description": file.description, "url": address(str(place))}
            for place, file in enumerate(files, start=1)
        ],
    }


def _messages(text: Any) -> list[dict[str, str]]:
    return [row for row in _every_message(text) if row["audience"] in text.audiences]


def _every_message(text: Any) -> list[dict[str, str]]:
    written = {row.audience: row.text for row in map(Message.read, text.messages)}
    return [
        {"audience": audience, "label": str(Audience(audience).label), "text": written[audience]}
        for audience in Audience.values
        if written.get(audience)
    ]


def whole_of(text: Any, address: Address, tag_names: Sequence[str] | None = None) -> dict[str, Any]:
    """Everything that a version consists of, for those who judge it: no field may be missing here.

    Beside `page_of` what a reader's page shows elsewhere, or not at all: all messages, and the rest in words.
    `tag_names` are the words of a text that is not saved yet, whose new tags have no key.
    """
    [words] = in_words([{field.name: getattr(text, field.name) for field in FIELDS}])
    if tag_names is not None:
        words = {**words, "tag_ids": tag_names}
    details = [
        {"label": str(LABELS[name]), "text": ", ".join(words[name])}
        for name in ("audiences", "tag_ids", "related")
        if words[name]
    ]
    details += [{"label": str(LABELS[name]), "text": words[name]} for name in short_texts.NAMES if words[name]]
    if text.difficulties or text.share_difficulties:
        shared = _("ja") if text.share_difficulties else _("nein")
        details.append({"label": str(LABELS["share_difficulties"]), "text": shared})
    return page_of(text, address) | {"every_message": _every_message(text), "details": details}


def in_words(texts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The values of each text with audiences, records, files and tags by name, for comparing."""
    numbers = related.titles({pk for values in texts for pk in values["related"]})
    names = tags.names_of(*(values["tag_ids"] for values in texts))
    return [_in_words(values, numbers, words) for values, words in zip(texts, names, strict=True)]


def _in_words(values: Mapping[str, Any], numbers: Mapping[int, str], words: Sequence[str]) -> Mapping[str, Any]:
    labels = dict(Audience.choices)
    return dict(values) | {
        "audiences": [str(labels.get(audience, audience)) for audience in values["audiences"]],
        "messages": [
            {"audience": str(labels.get(row["audience"], "")), "text": row["text"]} for row in values["messages"]
        ],
        "figures": [{**row, "number": german(row.get("number", ""))} for row in values["figures"]],
        "related": related.in_words(values["related"], numbers),
        "attachments": [{"name": row["name"], "description": row["description"]} for row in values["attachments"]],
        "tag_ids": words,
    }


LEARNING = Kind(
    key=KIND,
    letter="L",
    label=gettext_lazy("Learning"),
    label_plural=gettext_lazy("Learnings"),
    url_namespace="learnings",
    content=lambda: Learning,
    fields=FIELDS,
    schemas=SCHEMAS,
    missing=missing,
    doubts=doubts,
    in_words=in_words,
    text_template="learnings/_whole.html",
    page_of=whole_of,
    leads_with=("everyday_benefit", "answer", "results", "recommendation"),
    project=project,
    row_lengths={name: schema.LENGTHS for name, schema in SHAPES.items()},
)
