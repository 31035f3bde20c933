from __future__ import annotations

from pathlib import Path

import pulumi

from infra.components.judge import archive
from tests.infra.conftest import ROOT
from tests.infra.recorder import Recording


def test_the_function_is_the_package_of_the_app(built: Recording) -> None:
    function = built.one("lambda/function:Function").inputs
    assert function["handler"] == "judge.handler.handler"
    assert isinstance(function["code"], pulumi.AssetArchive)
    assert "judge/handler.py" in function["code"].assets


def test_the_function_is_bounded_traced_and_logs_to_its_own_group(built: Recording) -> None:
    function = built.one("lambda/function:Function").inputs
    assert function["runtime"] == "python3.13"
    assert function["reservedConcurrentExecutions"] > 0
    assert function["tracingConfig"] == {"mode": "Active"}
    group = built.one("cloudwatch/logGroup:LogGroup", "judge-logs-group").inputs["name"]
    assert function["loggingConfig"] == {"logFormat": "JSON", "logGroup": group}


def test_the_function_has_no_environment_that_could_hold_a_secret(built: Recording) -> None:
    assert "environment" not in built.one("lambda/function:Function").inputs


def test_the_archive_holds_the_source_and_no_cache(tmp_path: Path) -> None:
    package = tmp_path / "judge"
    (package / "__pycache__").mkdir(parents=True)
    (package / "handler.py").write_text("")
    (package / "__pycache__" / "handler.cpython-311.pyc").write_text("")
    assert list(archive(package).assets) == ["judge/handler.py"]


def test_the_paths_in_the_archive_do_not_depend_on_where_the_project_lies(built: Recording) -> None:
    code = built.one("lambda/function:Function").inputs["code"]
    assert not [asset.path for asset in code.assets.values() if str(ROOT) in asset.path]
