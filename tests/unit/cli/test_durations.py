import pytest
import typer

from hatchway.cli.durations import per_second_up_to, seconds_up_to, share


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


@pytest.mark.parametrize(
    ("text", "rate"), [("50", 50), ("50/s", 50), ("90/m", 1.5), ("0.5", 0.5), ("36/h", 0.01)]
)
def test_reads_rates(text: str, rate: float) -> None:
    assert per_second_up_to(100)(text) == pytest.approx(rate)


@pytest.mark.parametrize("text", ["", "0", "-1", "5/d", "5 /s", "many", "1e3", "٣"])
def test_says_what_a_rate_looks_like(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is not a rate above 0 such as 50, 50/s or 90/m"):
        per_second_up_to(100)(text)


def test_says_where_the_limit_of_rates_is() -> None:
    with pytest.raises(typer.BadParameter, match="is more than 100 calls per second, got '101'"):
        per_second_up_to(100)("101")


@pytest.mark.parametrize(("text", "part"), [("0", 0), ("0.1%", 0.001), ("5", 0.05), ("100%", 1)])
def test_reads_percentages_as_shares(text: str, part: float) -> None:
    assert share(text) == pytest.approx(part)


@pytest.mark.parametrize("text", ["", "101%", "-1%", "1 %", "a%"])
def test_says_what_a_percentage_looks_like(text: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"is not a percentage from 0 to 100 such as 0\.1%"):
        share(text)
