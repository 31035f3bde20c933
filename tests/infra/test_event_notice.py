from __future__ import annotations

import json

from infra.alarms.alarm import Alert, Owner, Severity
from infra.components.event_notice import EventNotice, EventNoticeArgs
from tests.infra.parts import TOPIC, label
from tests.infra.recorder import Recording, record


def _recorded() -> Recording:
    args = EventNoticeArgs(
        label=label("watch"),
        alert=Alert(role="news", meaning="There is news", severity=Severity.TICKET, owner=Owner.PLATFORM),
        pattern={"source": ["aws.news"], "detail-type": ["News"], "detail": {"state": ["BAD"]}},
        sentence="Something is <state>.",
        paths={"state": "$.detail.state"},
        topic_arn=TOPIC,
        dead_letter_queue_arn="undelivered",
    )
    return record(lambda: {"arn": EventNotice("watch", args).rule_arn})


def test_an_event_of_the_pattern_goes_to_the_topic() -> None:
    recorded = _recorded()
    rule = recorded.one("cloudwatch/eventRule:EventRule").inputs
    target = recorded.one("cloudwatch/eventTarget:EventTarget").inputs
    assert json.loads(rule["eventPattern"]) == {
        "source": ["aws.news"],
        "detail-type": ["News"],
        "detail": {"state": ["BAD"]},
    }
    assert rule["state"] == "ENABLED"
    assert (target["rule"], target["arn"]) == (rule["name"], TOPIC)


def test_a_notice_carries_its_runbook_and_is_kept_where_the_topic_does_not_take_it() -> None:
    recorded = _recorded()
    rule = recorded.one("cloudwatch/eventRule:EventRule").inputs
    target = recorded.one("cloudwatch/eventTarget:EventTarget").inputs
    assert rule["description"] == "There is news. Owner: platform. Runbook: docs/runbooks/news.md"
    assert target["deadLetterConfig"] == {"arn": "undelivered"}


def test_a_notice_is_one_sentence_that_fills_in_what_happened() -> None:
    transformer = _recorded().one("cloudwatch/eventTarget:EventTarget").inputs["inputTransformer"]
    assert json.loads(transformer["inputTemplate"]) == "Something is <state>."
    assert transformer["inputPaths"] == {"state": "$.detail.state"}
