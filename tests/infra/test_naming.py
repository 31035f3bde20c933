from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.naming import Label

word = st.text("abcxyz019", min_size=1, max_size=20)
words = st.lists(word, min_size=1, max_size=5).map("-".join)
limits = st.integers(min_value=16, max_value=255)
LABEL = Label(project="slipway", environment="dev", owner="platform", cost_center="triage")


@given(component=words, role=words | st.just(""), limit=limits)
def test_no_name_is_longer_than_its_limit(component: str, role: str, limit: int) -> None:
    assert len(LABEL.of(component).name(role, limit=limit)) <= limit


@given(component=words, role=words | st.just(""), limit=limits)
def test_a_name_is_lower_case_words_joined_by_single_hyphens(component: str, role: str, limit: int) -> None:
    name = LABEL.of(component).name(role, limit=limit)
    assert all((part and part.isalnum() and part.islower()) or part.isdigit() for part in name.split("-"))


@given(first=words, second=words, limit=limits)
def test_two_roles_have_two_names_however_short_they_are_cut(first: str, second: str, limit: int) -> None:
    names = {LABEL.of("service").name(role, limit=limit) for role in (first, second)}
    assert len(names) == len({first, second})


@given(role=words, limit=limits)
def test_a_name_is_the_same_each_time(role: str, limit: int) -> None:
    assert LABEL.name(role, limit=limit) == LABEL.name(role, limit=limit)


def test_a_name_that_fits_says_project_environment_component_and_role() -> None:
    assert LABEL.of("network").name("flow-logs") == "slipway-dev-network-flow-logs"


def test_a_path_says_the_same() -> None:
    assert LABEL.of("network").path("flow-logs") == "/slipway/dev/network/flow-logs"
    assert LABEL.of("judge").path() == "/slipway/dev/judge"


@pytest.mark.parametrize("wrong", ["Upper", "two words", "trailing-", "-leading", "dou--ble", "under_score"])
def test_a_role_that_no_service_would_take_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="must be lower-case words"):
        LABEL.name(wrong)
    with pytest.raises(ValueError, match="must be lower-case words"):
        LABEL.of(wrong)


def test_a_limit_that_leaves_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="a limit of 15 is too short"):
        LABEL.name("role", limit=15)


def test_tags_say_who_owns_and_who_pays() -> None:
    assert LABEL.of("network").tags("vpc") == {
        "Name": "slipway-dev-network-vpc",
        "Project": "slipway",
        "Environment": "dev",
        "Component": "network",
        "Owner": "platform",
        "CostCenter": "triage",
        "ManagedBy": "pulumi",
    }
