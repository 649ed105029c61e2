"""Rules of the house that no other tool checks."""

import re
import stat

from tests.house.repository import ROOT, files, name, numbered_lines, text

LIMIT = 500
USUAL = 200
# Long by nature: they are looked things up in, not read.
WRITTEN_BY_TOOLS = {"Pipfile.lock", "package-lock.json", "LICENSE"}


def test_every_file_is_text_in_the_house_form() -> None:
    wrong = [
        name(path)
        for path in files()
        if (content := path.read_bytes())
        and (b"\r" in content or not content.endswith(b"\n") or b"\0" in content)
    ]
    assert wrong == []


def test_no_line_ends_in_blanks() -> None:
    assert [place for place, line in numbered_lines() if line != line.rstrip()] == []


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    lengths = {
        name(path): len(text(path).splitlines()) for path in files() if name(path) not in WRITTEN_BY_TOOLS
    }
    code = {place: lines for place, lines in lengths.items() if place.endswith(".py")}
    assert {place: lines for place, lines in code.items() if lines > LIMIT} == {}
    product = {place: lines for place, lines in code.items() if not place.startswith("tests/")}
    long = sorted(place for place, lines in product.items() if lines > USUAL)
    assert len(long) <= len(product) / 5, f"more than a fifth of the modules is over {USUAL} lines: {long}"


def test_modules_are_named_after_what_they_do() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "info", "tools", "stuff"}
    assert [name(path) for path in files(".py") if path.stem in vague or path.parent.name in vague] == []


def test_every_suppression_has_its_code_and_its_reason() -> None:
    marker = re.compile(r"# *(?:noqa|type: *ignore)\b(.*)")
    code = re.compile(r"(?:: *[A-Z]+\d+(?:, *[A-Z]+\d+)*|\[[a-z-]+(?:, *[a-z-]+)*\])(.*)")
    wrong = []
    for path in files(".py"):
        lines = text(path).splitlines()
        for number, line in enumerate(lines):
            found = marker.search(line)
            if found is None or '"' in found[1]:
                continue
            coded = code.fullmatch(found[1])
            first = number  # one comment may speak for several lines
            while first > 0 and marker.search(lines[first - 1]):
                first -= 1
            above = first > 0 and lines[first - 1].strip().startswith("# ")
            in_a_test = name(path).startswith("tests/")
            if coded is None or not (in_a_test or above or re.search(r"(#|--?|—) *\S", coded[1])):
                wrong.append(f"{name(path)}:{number + 1}")
    assert wrong == [], "\n".join(wrong)


def test_nothing_is_left_for_later_in_the_code() -> None:
    later = re.compile(r"\b(TO" + "DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    assert [
        place for place, line in numbered_lines(".py", ".sh", ".toml", ".cjs") if later.search(line)
    ] == []


def test_no_file_names_the_machine_it_was_written_on() -> None:
    machine = re.compile(r"(?<![\w.~}-])/(root|work|home/\w+|Users/\w+)/")
    assert [place for place, line in numbered_lines() if machine.search(line)] == []


def test_no_file_names_a_package_index() -> None:
    hosts = re.compile(
        r"(py" + r"pi\.org|python" + r"hosted\.org|registry\.npm" + r"js\.org|registry\.yarn" + "pkg)"
    )
    assert [place for place, line in numbered_lines() if hosts.search(line)] == []


def test_only_programs_are_executable() -> None:
    def executable(path_name: str) -> bool:
        return bool((ROOT / path_name).stat().st_mode & stat.S_IXUSR)

    programs = {name(path) for path in files() if text(path).startswith("#!")}
    assert {name(path) for path in files() if executable(name(path))} == programs


def test_the_license_is_apache_2_in_full() -> None:
    license_text = text(ROOT / "LICENSE")
    assert "Apache License\n                           Version 2.0, January 2004" in license_text
    assert "END OF TERMS AND CONDITIONS" in license_text
    assert re.search(r"Copyright \d{4} Hatchway contributors", license_text)
