import pytest
import typer

from hatchway.cli.durations import seconds_up_to


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("1.5s", 1.5), ("5m", 300), ("1h30m", 5400), ("1m30s", 90), ("0", 0)],
)
def test_reads_what_people_write(text: str, seconds: float) -> None:
    assert seconds_up_to(7200)(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5 m", "-1", "5x", "m", "1.5m", "1e3", "٣"])
def test_says_what_a_duration_looks_like(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is not a duration such as 90s, 5m or 1h30m"):
        seconds_up_to(7200)(text)


def test_says_where_the_limit_is() -> None:
    with pytest.raises(typer.BadParameter, match="is more than 60 seconds, got '2m'"):
        seconds_up_to(60)("2m")
