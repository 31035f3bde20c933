from __future__ import annotations

import json

from tests.infra.conftest import ROOT
from tests.infra.recorder import Recording

FUNCTION = "judge-function-function"


def test_the_function_is_the_judge_of_the_app(built: Recording) -> None:
    function = built.one("lambda/function:Function", FUNCTION).inputs
    assert function["handler"] == "judge.handler.handler"
    assert "judge/handler.py" in function["code"].assets


def test_the_function_is_told_the_table_of_releases_and_nothing_else(built: Recording) -> None:
    table = built.one("dynamodb/table:Table").inputs["name"]
    environment = built.one("lambda/function:Function", FUNCTION).inputs["environment"]
    assert environment == {"variables": {"RELEASE_TABLE": table}}


def test_the_function_adds_to_the_record_of_releases_and_changes_nothing_in_it(built: Recording) -> None:
    policy = built.one("iam/rolePolicy:RolePolicy", "judge-function-role-grants").inputs["policy"]
    actions = {action for each in json.loads(policy)["Statement"] for action in each["Action"]}
    assert {action for action in actions if action.startswith("dynamodb:")} == {"dynamodb:PutItem"}


def test_ecs_calls_the_function_by_a_role_that_can_do_nothing_else(built: Recording) -> None:
    policy = built.one("iam/rolePolicy:RolePolicy", "judge-hook-role-grants").inputs["policy"]
    (statement,) = json.loads(policy)["Statement"]
    assert statement["Action"] == ["lambda:InvokeFunction"]
    assert [arn.rpartition("/")[2] for arn in statement["Resource"]] == [FUNCTION]


def test_the_paths_in_the_archive_do_not_depend_on_where_the_project_lies(built: Recording) -> None:
    code = built.one("lambda/function:Function", FUNCTION).inputs["code"]
    assert not [asset.path for asset in code.assets.values() if str(ROOT) in asset.path]
