"""What the documentation tells a person to type exists."""

import re
import shlex

import pytest

from scripts.command_reference import commands, options
from tests.docs.pages import ROOT, shell_lines

COMMANDS = dict(commands())
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
# Programs of the machine that the pages use beside ours.
OTHERS = {"terraform", "aws", "curl", "ls", "export", "printf", "rm", "sh", "cd", "git", "npx"}
LINES = shell_lines()


def _ours(line: str) -> list[list[str]]:
    """The calls of `hatchway` in a line, each without the command that it hands over after `--`."""
    words = shlex.split(line)
    starts = [number for number, word in enumerate(words) if word.endswith("bin/hatchway")]
    calls = []
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        call = words[start + 1 : end]
        calls.append(call[: call.index("--")] if "--" in call else call)
    return calls


@pytest.mark.parametrize(("page", "line"), LINES)
def test_every_program_in_the_documentation_is_one_we_know(page: str, line: str) -> None:
    program = shlex.split(line)[0]
    known = program in OTHERS | {"make"} or re.fullmatch(r"\.venv/bin/\w+", program) or "=" in program
    assert known, f"{page}: {line}"


@pytest.mark.parametrize(("page", "line"), [each for each in LINES if each[1].startswith("make")])
def test_every_make_target_in_the_documentation_exists(page: str, line: str) -> None:
    targets = [word for word in shlex.split(line)[1:] if "=" not in word]
    assert set(targets) <= TARGETS, page


@pytest.mark.parametrize(("page", "line"), [each for each in LINES if "bin/hatchway" in each[1]])
def test_every_hatchway_command_and_option_in_the_documentation_exists(page: str, line: str) -> None:
    for call in _ours(line):
        if call == ["--help"]:
            continue
        words = ("hatchway", *call[: 2 if call[0] == "sandbox" else 1])
        assert words in COMMANDS, f"{page}: {line}"
        known = {name for option in options(COMMANDS[words]) for name in option.opts}
        used = {word for word in call if word.startswith("-")}
        assert used <= known, f"{page}: {line}"


def test_every_command_says_what_it_does_and_gives_an_example() -> None:
    assert [words for words, command in COMMANDS.items() if not command.help or not command.epilog] == []


def test_every_option_says_what_it_does() -> None:
    silent = [
        (words, option.opts)
        for words, command in COMMANDS.items()
        for option in options(command)
        if not option.help
    ]
    assert silent == []
