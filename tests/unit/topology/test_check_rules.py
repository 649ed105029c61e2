import pytest

from tests.unit.topology.conftest import Break

EXPECT = "        expect: {status: 200, json: {response: fine}}"
KEY = "services.orders.checks[0].expect.json_schema"


def schema(text: str) -> tuple[str, str]:
    return (EXPECT, f"        expect: {{json_schema: {text}}}")


def test_a_schema_that_refers_to_itself_is_one(breaking: Break) -> None:
    assert breaking(schema('{$ref: "#/$defs/a", $defs: {a: {type: object}}}')) == ()


@pytest.mark.parametrize(
    ("text", "message", "got"),
    [
        ("{type: thing}", "is not a JSON Schema, at $.type: 'thing' is not valid", None),
        (
            '{items: [{$ref: "https://example.com/a.json"}]}',
            "refers to something outside",
            "https://example.com/a.json",
        ),
        ('{$ref: "other.json#/a"}', "refers to something outside of itself", "other.json#/a"),
    ],
)
def test_what_is_no_schema_of_its_own_is_refused(
    breaking: Break, text: str, message: str, got: str | None
) -> None:
    problems = breaking(schema(text))
    assert problems[-1].key == KEY
    assert problems[-1].got == got
    assert problems[-1].message.startswith(message)
