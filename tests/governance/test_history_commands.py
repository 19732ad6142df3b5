"""simple-history's own commands would touch the words of versions; none of them runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import simple_history
from django.core.management import CommandError, call_command, find_commands, get_commands, load_command_class

COMMANDS = find_commands(str(Path(simple_history.__file__).parent / "management"))


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_of_simple_history_is_refused_with_a_message(name: str) -> None:
    with pytest.raises(CommandError, match="abgeschaltet"):
        call_command(name)


@pytest.mark.parametrize("name", COMMANDS)
def test_it_is_refused_with_options_too(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = load_command_class(str(get_commands()[name]), name)
    with pytest.raises(SystemExit):
        command.run_from_argv(["manage.py", name, "--auto", "--days", "0"])
    assert "abgeschaltet" in capsys.readouterr().err
