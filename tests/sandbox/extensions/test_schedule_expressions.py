from __future__ import annotations

import pytest

from sandbox.extensions.schedule_expressions import is_time_zone, problem_with


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 7 * * ? *)",
        "cron(0/15 8-18 ? * MON-FRI *)",
        "cron(0 10 L * ? *)",
        "cron(15 12 3W JAN,jul ? 2027-2030)",
        "cron(0 9 ? * 2#1 *)",
        "rate(1 minute)",
        "rate(12 hours)",
        "at(2027-02-28T23:59:59)",
    ],
)
def test_what_aws_takes_is_taken(expression: str) -> None:
    assert problem_with(expression) == ""


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("cron(0 7 * * *)", "six fields"),
        ("cron(0 7 * * ? *", "six fields"),
        ("cron(0 7 * * * *)", "has to be ?"),
        ("cron(0 7 ? * ? *)", "has to be ?"),
        ("cron(60 7 * * ? *)", "60 is no minutes"),
        ("cron(0 24 * * ? *)", "24 is no hours"),
        ("cron(0 7 32W * ? *)", "32W is no day of month"),
        ("cron(0 7 * JANUARY ? *)", "JANUARY is no month"),
        ("cron(0 7 ? * 0 *)", "0 is no day of week"),
        ("cron(0 7 * * ? 1969)", "1969 is no year"),
        ("cron(*/0 7 * * ? *)", "is no minutes"),
        ("cron(1-2-3 7 * * ? *)", "is no minutes"),
        ("rate(0 minutes)", "a rate is"),
        ("rate(1 minutes)", "1 goes with minute"),
        ("rate(5 minute)", "5 goes with minutes"),
        ("rate(5 seconds)", "a rate is"),
        ("at(2027-02-30T00:00:00)", "an instant is"),
        ("every(5 minutes)", "none of"),
        ("", "none of"),
    ],
)
def test_what_aws_refuses_is_refused_with_the_reason(expression: str, problem: str) -> None:
    assert problem in problem_with(expression)


def test_a_time_zone_is_one_of_the_iana() -> None:
    assert is_time_zone("Europe/Berlin")
    assert is_time_zone("UTC")
    assert not is_time_zone("Europe/Bonn")
    assert not is_time_zone("CEST")
