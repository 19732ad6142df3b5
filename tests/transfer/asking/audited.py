"""Steps of asking that the audit trail keeps, each with what must be there before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.factories import Cast, make_published
from tests.transfer.asking import factories as asking
from transfer.asking import services

Step = Callable[[], Any]


def of_asking(cast: Cast, verb: str) -> Step | None:
    if verb == "give_hint":
        return lambda: asking.hint(cast)
    if verb in ("write_from_hint", "pass_on_hint"):
        given = asking.hint(cast, by="author" if verb == "write_from_hint" else "admin")
        if verb == "write_from_hint":
            return lambda: services.write_learning(standing=cast.standing("author"), hint=given)
        to, committee = cast.team.department, cast.standing("committee")
        assert to is not None
        return lambda: services.pass_on(standing=committee, hint=given, department=to)
    if verb == "ask_team":
        record = make_published(cast)
        return lambda: asking.ask(cast, record)
    if verb not in ("answer_question", "publish_question", "take_back_question", "delete_question"):
        return None
    question = asking.ask(cast, make_published(cast))
    if verb == "answer_question":
        return lambda: asking.answer(cast, question)
    lead = cast.standing("lead")
    if verb == "delete_question":
        return lambda: services.delete(standing=lead, asked=question, opened_on=1, reason="Unsachlich")
    asking.answer(cast, question)
    if verb == "publish_question":
        return lambda: asking.publish(cast, question)
    asking.publish(cast, question)
    return lambda: services.take_back(standing=lead, question=question)
