"""What a lifecycle does when AWS is slow, busy, silent or against it."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from awsmodel.calls import AwsError
from awsmodel.catalogue import resource_type
from awsmodel.errors import ModelError
from awsmodel.lifecycle import IncompleteError, Lifecycle
from awsmodel.names import Properties
from awsmodel.patience import CancelledError, Patience
from awsmodel.resource import Call, ResourceType
from tests.awsmodel.fakes import Logs, RefusedError, clients_of

LOG_GROUP = resource_type("aws:cloudwatch/logGroup:LogGroup")
BUSY = replace(LOG_GROUP, busy=frozenset({"OperationAbortedException"}))
# a group is usable once somebody has put a metric filter on it, and on its way out once it has a class
SLOW = replace(LOG_GROUP, ready="metricFilterCount==`1`", gone_when="logGroupClass=='DELIVERY'")
INPUTS: Properties = {"name": "/app", "retentionInDays": 7, "tags": {"A": "1"}, "tagsAll": {"A": "1"}}

NO_TIME = Patience.of(0)


def soon() -> Patience:
    return Patience.of(60)


@pytest.fixture
def logs() -> Logs:
    return Logs()


def lifecycle(logs: Logs, resource: ResourceType = LOG_GROUP) -> Lifecycle:
    return Lifecycle(resource, logs.clients)


def made(logs: Logs, resource: ResourceType = LOG_GROUP, **changes: Any) -> tuple[Lifecycle, Properties]:
    one = lifecycle(logs, resource)
    return one, one.create({**INPUTS, **changes}, soon())[1]


class TestCreate:
    def test_what_aws_refuses_was_not_made(self, logs: Logs) -> None:
        logs.refusals["CreateLogGroup"] = [RefusedError("LimitExceededException", "too many groups")]
        with pytest.raises(AwsError, match="create_log_group: LimitExceededException: too many groups"):
            lifecycle(logs).create(INPUTS, soon())

    def test_a_deadline_that_passes_keeps_what_was_made(self, logs: Logs) -> None:
        with pytest.raises(IncompleteError, match="the readiness of /app did not happen in time") as caught:
            lifecycle(logs, SLOW).create(INPUTS, NO_TIME)
        assert caught.value.physical_id == "/app"
        assert caught.value.state["name"] == "/app"
        assert logs.times_asked("DescribeLogGroups") == 1

    def test_a_cancel_during_the_wait_keeps_what_was_made(self, logs: Logs) -> None:
        cancelled = threading.Event()
        cancelled.set()
        with pytest.raises(IncompleteError, match="cancelled while waiting for the readiness") as caught:
            lifecycle(logs, SLOW).create(INPUTS, Patience.of(600, cancelled))
        assert caught.value.physical_id == "/app"

    def test_what_will_never_be_ready_says_why_at_once(self, logs: Logs) -> None:
        failing = replace(SLOW, failed="'the moon is wrong'")
        with pytest.raises(IncompleteError, match="/app will not become ready: the moon is wrong"):
            lifecycle(logs, failing).create(INPUTS, Patience.of(600))

    def test_one_that_fails_half_way_carries_its_id_its_state_and_the_property_at_fault(
        self, logs: Logs
    ) -> None:
        logs.refusals["PutRetentionPolicy"] = [
            RefusedError("InvalidParameterException", "retentionInDays must be one of 1, 3, 5, 7")
        ]
        with pytest.raises(IncompleteError) as caught:
            lifecycle(logs).create(INPUTS, soon())
        assert caught.value.physical_id == "/app"
        assert caught.value.state["arn"].endswith(":log-group:/app")
        assert "retentionInDays" not in caught.value.state
        assert caught.value.property_path == "retentionInDays"

    @pytest.mark.parametrize("operation", ["DescribeLogGroups", "PutRetentionPolicy"])
    def test_the_next_update_repairs_one_that_failed_half_way(self, logs: Logs, operation: str) -> None:
        logs.refusals[operation] = [RefusedError("ServiceUnavailableException")]
        one = lifecycle(logs)
        with pytest.raises(IncompleteError) as caught:
            one.create(INPUTS, soon())
        assert one.update("/app", INPUTS, INPUTS, caught.value.state, soon())["retentionInDays"] == 7

    def test_the_next_update_sets_the_tags_that_it_did_not_come_to(self, logs: Logs) -> None:
        logs.refusals["DescribeLogGroups"] = [RefusedError("ServiceUnavailableException")]
        one = lifecycle(logs)
        with pytest.raises(IncompleteError) as caught:
            one.create(INPUTS, soon())
        logs.tags = {arn: {} for arn in logs.tags}
        assert one.update("/app", INPUTS, INPUTS, caught.value.state, soon())["tagsAll"] == {"A": "1"}

    def test_a_write_only_value_is_not_in_the_state_of_one_that_failed_half_way(self) -> None:
        def answer(operation: str, params: Properties) -> Properties:
            if operation == "PutSecretValue":
                return {"ARN": params["SecretId"], "VersionId": "v1"}
            raise RefusedError("InternalServiceError")

        version = Lifecycle(
            resource_type("aws:secretsmanager/secretVersion:SecretVersion"), clients_of(answer)
        )
        inputs = {"secretId": "one", "secretStringWo": "hidden", "secretStringWoVersion": 1}
        with pytest.raises(IncompleteError) as caught:
            version.create(inputs, soon())
        assert caught.value.physical_id == "one|v1"
        assert "hidden" not in str(caught.value.state)


class TestRead:
    def test_what_goes_away_between_two_reads_is_gone(self, logs: Logs) -> None:
        one, _ = made(logs, replace(LOG_GROUP, more_reads=(Call(operation="describe_log_groups"),)))
        describe = logs._DescribeLogGroups

        def once(params: Properties) -> Properties:
            logs.refusals["DescribeLogGroups"] = [RefusedError("ResourceNotFoundException")]
            return describe(params)

        logs._DescribeLogGroups = once  # type: ignore[method-assign]
        assert one.read("/app") is None

    def test_an_error_that_does_not_mean_gone_is_an_error(self, logs: Logs) -> None:
        one, _ = made(logs)
        logs.refusals["DescribeLogGroups"] = [RefusedError("AccessDeniedException")]
        with pytest.raises(AwsError, match="AccessDeniedException"):
            one.read("/app")


class TestUpdate:
    def test_what_does_not_exist_any_more_says_what_to_do(self, logs: Logs) -> None:
        one, state = made(logs)
        logs.groups.clear()
        with pytest.raises(ModelError, match="pulumi refresh"):
            one.update("/app", INPUTS, {**INPUTS, "retentionInDays": 30}, state, soon())

    def test_one_that_fails_half_way_tells_how_far_it_came(self, logs: Logs) -> None:
        one, state = made(logs)
        logs.refusals["TagResource"] = [RefusedError("InternalFailure")]
        new = {**INPUTS, "retentionInDays": 30, "tags": {"A": "2"}, "tagsAll": {"A": "2"}}
        with pytest.raises(IncompleteError) as caught:
            one.update("/app", INPUTS, new, state, soon())
        assert caught.value.physical_id == "/app"
        assert caught.value.state["retentionInDays"] == 30
        assert caught.value.state["tagsAll"] == {"A": "1"}
        repaired = one.update("/app", new, new, caught.value.state, soon())
        assert repaired["tagsAll"] == {"A": "2"}

    def test_one_that_fails_in_silence_keeps_the_reason_and_what_was_known(self, logs: Logs) -> None:
        one, state = made(logs)
        new = {**INPUTS, "retentionInDays": 30}
        # the read before the change works, the one after it does not
        describe = logs._DescribeLogGroups

        def once(params: Properties) -> Properties:
            logs.refusals["DescribeLogGroups"] = [RefusedError("ServiceUnavailableException")]
            return describe(params)

        logs._DescribeLogGroups = once  # type: ignore[method-assign]
        logs.refusals["PutRetentionPolicy"] = [RefusedError("OperationAbortedException", "another change")]
        with pytest.raises(IncompleteError, match="another change") as caught:
            one.update("/app", INPUTS, new, state, soon())
        assert caught.value.state == state

    def test_nothing_is_called_for_when_nothing_changed(self, logs: Logs) -> None:
        one, state = made(logs)
        logs.asked.clear()
        one.update("/app", INPUTS, INPUTS, state, soon())
        assert {name for name, _ in logs.asked} == {"DescribeLogGroups", "ListTagsForResource"}

    def test_what_is_put_as_a_whole_keeps_what_somebody_else_changed_in_the_rest(self) -> None:
        alarm = {"AlarmName": "slow", "AlarmArn": "arn:a", "Threshold": 1.0, "AlarmDescription": "old"}
        alarm |= {"EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold"}

        def answer(operation: str, params: Properties) -> Properties:
            if operation == "PutMetricAlarm":
                alarm.update(params)
            return {"MetricAlarms": [alarm], "Tags": []}

        one = Lifecycle(resource_type("aws:cloudwatch/metricAlarm:MetricAlarm"), clients_of(answer))
        old = {"name": "slow", "threshold": 1.0, "evaluationPeriods": 1}
        state = one.read("slow", old)
        assert state is not None
        alarm["AlarmDescription"] = "somebody's own words"
        tagged = {"tags": {"A": "1"}, "tagsAll": {"A": "1"}}
        one.update("slow", old, {**old, "threshold": 2.0, **tagged}, state, soon())
        assert "Tags" not in alarm, "tags have calls of their own; some services refuse them here"
        assert (alarm["Threshold"], alarm["AlarmDescription"]) == (2.0, "somebody's own words")


class TestTags:
    def test_a_default_tag_that_the_provider_no_longer_gives_goes(self, logs: Logs) -> None:
        old = {**INPUTS, "tagsAll": {"A": "1", "Owner": "platform"}}
        one, state = made(logs, tagsAll=old["tagsAll"])
        assert state["tags"] == {"A": "1"}
        new = {**INPUTS, "tagsAll": {"A": "1"}}
        assert one.change(old, new).changed == {"tagsAll"}
        assert one.update("/app", old, new, state, soon())["tagsAll"] == {"A": "1"}

    def test_a_tag_that_was_added_by_hand_is_drift_and_goes(self, logs: Logs) -> None:
        one, _ = made(logs)
        logs.tags[next(iter(logs.tags))]["Hand"] = "made"
        refreshed = one.read("/app", INPUTS)
        assert refreshed is not None
        assert refreshed["tags"] == {"A": "1", "Hand": "made"}
        assert not one.compare.covers("tagsAll", INPUTS["tagsAll"], refreshed["tagsAll"])
        drifted = {**INPUTS, "tags": refreshed["tags"], "tagsAll": refreshed["tagsAll"]}
        assert one.change(drifted, INPUTS).changed == {"tags", "tagsAll"}
        assert one.update("/app", drifted, INPUTS, refreshed, soon())["tagsAll"] == {"A": "1"}

    def test_a_tag_of_somebody_else_stays_until_a_refresh_takes_it_up(self, logs: Logs) -> None:
        one, state = made(logs)
        logs.tags[next(iter(logs.tags))]["Hand"] = "made"
        new = {**INPUTS, "tags": {"A": "2"}, "tagsAll": {"A": "2"}}
        assert one.update("/app", INPUTS, new, state, soon())["tagsAll"] == {"A": "2", "Hand": "made"}

    def test_an_update_that_saw_a_tag_of_somebody_else_leaves_it_to_the_next(self, logs: Logs) -> None:
        one, state = made(logs)
        logs.tags[next(iter(logs.tags))]["Hand"] = "made"
        new = {**INPUTS, "retentionInDays": 30}
        state = one.update("/app", INPUTS, new, state, soon())
        assert state["tagsAll"] == {"A": "1", "Hand": "made"}
        assert one.update("/app", new, INPUTS, state, soon())["tagsAll"] == {"A": "1"}

    def test_a_tag_of_a_create_that_was_never_read_can_be_taken_away(self, logs: Logs) -> None:
        logs.refusals["DescribeLogGroups"] = [RefusedError("ServiceUnavailableException")]
        one = lifecycle(logs)
        with pytest.raises(IncompleteError) as caught:
            one.create(INPUTS, soon())
        new = {**INPUTS, "tags": {}, "tagsAll": {}}
        assert one.update("/app", INPUTS, new, caught.value.state, soon())["tagsAll"] == {}

    def test_a_tag_that_was_taken_away_by_hand_comes_back_after_a_refresh(self, logs: Logs) -> None:
        one, _ = made(logs)
        logs.tags[next(iter(logs.tags))].clear()
        refreshed = one.read("/app", INPUTS)
        assert refreshed is not None
        drifted = {**INPUTS, "tags": refreshed.get("tags"), "tagsAll": refreshed["tagsAll"]}
        assert one.update("/app", drifted, INPUTS, refreshed, soon())["tagsAll"] == {"A": "1"}


class TestDelete:
    def test_one_that_is_busy_works_later(self, logs: Logs) -> None:
        one, state = made(logs, BUSY)
        logs.refusals["DeleteLogGroup"] = [RefusedError("OperationAbortedException")] * 2
        one.delete("/app", state, soon())
        assert logs.groups == {}
        assert logs.times_asked("DeleteLogGroup") == 3

    def test_one_that_stays_busy_shows_the_error_of_aws(self, logs: Logs) -> None:
        one, state = made(logs, BUSY)
        logs.refusals["DeleteLogGroup"] = [RefusedError("OperationAbortedException", "in use by a task")]
        with pytest.raises(AwsError, match="OperationAbortedException: in use by a task"):
            one.delete("/app", state, NO_TIME)

    def test_one_that_is_refused_for_good_is_not_tried_again(self, logs: Logs) -> None:
        one, state = made(logs, BUSY)
        logs.refusals["DeleteLogGroup"] = [RefusedError("AccessDeniedException", "not you")]
        with pytest.raises(AwsError, match="delete_log_group: AccessDeniedException: not you"):
            one.delete("/app", state, soon())
        assert logs.times_asked("DeleteLogGroup") == 1

    def test_a_cancel_ends_the_tries(self, logs: Logs) -> None:
        one, state = made(logs, BUSY)
        logs.refusals["DeleteLogGroup"] = [RefusedError("OperationAbortedException")] * 2
        cancelled = threading.Event()
        cancelled.set()
        with pytest.raises(CancelledError, match="the deletion of /app"):
            one.delete("/app", state, Patience.of(600, cancelled))
        assert logs.times_asked("DeleteLogGroup") == 1

    def test_one_that_is_gone_already_is_no_error(self, logs: Logs) -> None:
        one, state = made(logs)
        logs.groups.clear()
        one.delete("/app", state, soon())

    def test_what_is_to_stay_is_not_waited_for(self, logs: Logs) -> None:
        one, state = made(logs, replace(SLOW, ready=""))
        one.delete("/app", {**state, "skipDestroy": True}, NO_TIME)
        assert list(logs.groups) == ["/app"]

    def test_what_does_not_disappear_is_an_error(self, logs: Logs) -> None:
        one, state = made(logs, replace(SLOW, ready=""))
        logs._DeleteLogGroup = lambda params: None  # type: ignore[method-assign]
        with pytest.raises(ModelError, match="the disappearance of /app did not happen in time"):
            one.delete("/app", state, NO_TIME)

    def test_a_fault_of_the_model_is_not_taken_for_a_late_answer(self, logs: Logs) -> None:
        def broken(known: Properties) -> Properties:
            raise ModelError("the window is no number", property_path="window")

        delete = Call(operation="delete_log_group", identify={"logGroupName": "id"}, build=broken)
        one, state = made(logs, replace(LOG_GROUP, delete=delete))
        with pytest.raises(ModelError, match="the window is no number"):
            one.delete("/app", state, soon())


class TestList:
    def test_every_page_is_listed(self, logs: Logs) -> None:
        one = lifecycle(logs)
        for name in ("/a", "/b", "/c"):
            one.create({**INPUTS, "name": name}, soon())
        logs.page_size = 2
        assert list(one.list()) == ["/a", "/b", "/c"]

    def test_what_is_on_its_way_out_is_not_listed(self, logs: Logs) -> None:
        one, _ = made(logs, replace(SLOW, ready=""))
        logs.groups["/app"]["logGroupClass"] = "DELIVERY"
        assert list(one.list()) == []

    def test_a_listing_that_aws_refuses_carries_its_error(self, logs: Logs) -> None:
        logs.refusals["DescribeLogGroups"] = [RefusedError("AccessDeniedException", "not you")]
        with pytest.raises(AwsError, match="describe_log_groups: AccessDeniedException: not you"):
            list(lifecycle(logs).list())
