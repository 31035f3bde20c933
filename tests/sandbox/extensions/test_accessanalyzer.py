from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def analyzers(client: Callable[[str], Any]) -> Any:
    return client("accessanalyzer")


def test_an_analyzer_is_made_and_deleted(analyzers: Any) -> None:
    arn = analyzers.create_analyzer(analyzerName="outside", type="ACCOUNT")["arn"]
    assert arn == "arn:aws:access-analyzer:eu-west-1:111111111111:analyzer/outside"
    analyzer = analyzers.get_analyzer(analyzerName="outside")["analyzer"]
    assert (analyzer["arn"], analyzer["type"], analyzer["status"]) == (arn, "ACCOUNT", "ACTIVE")
    assert analyzers.list_analyzers()["analyzers"] == [analyzer]
    analyzers.delete_analyzer(analyzerName="outside")
    for call in (analyzers.get_analyzer, analyzers.delete_analyzer):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            call(analyzerName="outside")


def test_what_an_analyzer_is_told_reads_back(analyzers: Any) -> None:
    configuration = {"unusedAccess": {"unusedAccessAge": 90}}
    analyzers.create_analyzer(
        analyzerName="unused", type="ACCOUNT_UNUSED_ACCESS", configuration=configuration
    )
    assert analyzers.get_analyzer(analyzerName="unused")["analyzer"]["configuration"] == configuration


def test_a_region_has_one_analyzer_of_each_type(analyzers: Any) -> None:
    analyzers.create_analyzer(analyzerName="outside", type="ACCOUNT")
    with pytest.raises(ClientError, match="ConflictException"):
        analyzers.create_analyzer(analyzerName="outside", type="ACCOUNT")
    with pytest.raises(ClientError, match="ServiceQuotaExceededException"):
        analyzers.create_analyzer(analyzerName="second", type="ACCOUNT")
    analyzers.create_analyzer(analyzerName="unused", type="ACCOUNT_UNUSED_ACCESS")


def test_an_analyzer_has_tags(analyzers: Any) -> None:
    arn = analyzers.create_analyzer(analyzerName="outside", type="ACCOUNT", tags={"a": "b"})["arn"]
    analyzers.tag_resource(resourceArn=arn, tags={"c": "d"})
    assert analyzers.list_tags_for_resource(resourceArn=arn)["tags"] == {"a": "b", "c": "d"}
    analyzers.untag_resource(resourceArn=arn, tagKeys=["a", "c"])
    assert analyzers.list_tags_for_resource(resourceArn=arn)["tags"] == {}
