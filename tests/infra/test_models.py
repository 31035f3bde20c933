from __future__ import annotations

from typing import Any

import pytest

from infra.components.models import Models, ModelsArgs
from infra.documents.guardrail import guardrail_rules
from infra.model_ids import resolve
from tests.infra.parts import ACCOUNT, BOUNDARY, KEY, LOG_POLICY, label, statements
from tests.infra.recorder import ACCOUNT_ID, Recording, record

PROFILE = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
HERE = "amazon.nova-lite-v1:0"
EMBEDDING = "amazon.titan-embed-text-v2:0"
GUARDRAIL = f"arn:aws:bedrock:eu-west-1:{ACCOUNT_ID}:guardrail/models-guardrail"
INVOKE = {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"}


def _recorded(**changes: Any) -> Recording:
    given: dict[str, Any] = {
        "label": label("models"),
        "account": ACCOUNT,
        "boundary_arn": BOUNDARY,
        "key_arn": KEY,
        "log_policy": LOG_POLICY,
        "text_model_ids": [PROFILE, HERE],
        "embedding_model_ids": [EMBEDDING],
        **changes,
    }

    def program() -> dict[str, Any]:
        models = Models("models", ModelsArgs(**given))
        return {
            "grants": [grant.to_dict() for grant in models.invoke_access()],
            "profiles": models.profile_arn_by_model,
        }

    return record(program)


def _grant(recording: Recording, sid: str) -> dict[str, Any]:
    (grant,) = [each for each in recording.outputs["grants"] if each["Sid"] == sid]
    assert isinstance(grant, dict)
    return grant


def test_text_is_asked_for_only_behind_a_published_version_of_the_guardrail() -> None:
    recorded = _recorded()
    for sid in ("AskByProfile", "AnswerProfile"):
        grant = _grant(recorded, sid)
        assert set(grant["Action"]) == INVOKE
        assert grant["Condition"]["StringLike"] == {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:*"}
        assert grant["Condition"]["StringNotEquals"] == {"bedrock:GuardrailIdentifier": f"{GUARDRAIL}:DRAFT"}


def test_a_model_answers_only_through_a_profile_of_the_stack() -> None:
    recorded = _recorded()
    profiles = list(recorded.outputs["profiles"].values())
    assert _grant(recorded, "AskByProfile")["Resource"] == profiles
    condition = _grant(recorded, "AnswerProfile")["Condition"]
    assert condition["ArnEquals"] == {"bedrock:InferenceProfileArn": profiles}


def test_a_profile_of_a_geography_may_be_answered_from_each_of_its_regions_and_nowhere_else() -> None:
    resources = _grant(_recorded(text_model_ids=[PROFILE]), "AnswerProfile")["Resource"]
    model = PROFILE.removeprefix("eu.")
    regions = ("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3")
    assert resources == [
        f"arn:aws:bedrock:eu-west-1:{ACCOUNT_ID}:inference-profile/{PROFILE}",
        *(f"arn:aws:bedrock:{region}::foundation-model/{model}" for region in regions),
    ]


def test_a_model_of_the_region_stays_in_it() -> None:
    resources = _grant(_recorded(text_model_ids=[HERE]), "AnswerProfile")["Resource"]
    assert resources == [f"arn:aws:bedrock:eu-west-1::foundation-model/{HERE}"]


def test_embeddings_come_from_the_listed_models_alone() -> None:
    grant = _grant(_recorded(), "MakeEmbeddings")
    assert grant["Action"] == ["bedrock:InvokeModel"]
    assert grant["Resource"] == [f"arn:aws:bedrock:eu-west-1::foundation-model/{EMBEDDING}"]


def test_nothing_is_asked_of_every_model_and_nothing_by_a_wildcard() -> None:
    for grant in _recorded().outputs["grants"]:
        if grant["Effect"] == "Allow":
            assert not [each for each in (*grant["Action"], *grant["Resource"]) if "*" in each], grant["Sid"]


def test_a_stack_without_models_may_ask_none() -> None:
    recorded = _recorded(text_model_ids=[], embedding_model_ids=[])
    allowed = {action for each in recorded.outputs["grants"] for action in each["Action"]}
    assert not INVOKE & allowed


def test_the_api_keys_of_bedrock_are_refused() -> None:
    deny = _grant(_recorded(), "NoBearerTokens")
    assert (deny["Effect"], deny["Action"], deny["Resource"]) == (
        "Deny",
        ["bedrock:CallWithBearerToken"],
        ["*"],
    )


@pytest.mark.parametrize(
    "model_id",
    ["global.anthropic.claude-sonnet-4-5-20250929-v1:0", "apac.amazon.nova-lite-v1:0", "*", "nova", ""],
)
def test_a_model_that_may_answer_from_anywhere_or_is_none_is_refused(model_id: str) -> None:
    with pytest.raises(ValueError, match="begins with eu\\. or us\\."):
        resolve(model_id, ACCOUNT)


@pytest.mark.parametrize("model_id", [PROFILE, HERE])
def test_each_model_has_a_profile_that_carries_the_tags_of_the_stack(model_id: str) -> None:
    recorded = _recorded()
    (profile,) = [
        each.inputs
        for each in recorded.of("bedrock/inferenceProfile:InferenceProfile")
        if each.inputs["modelSource"]["copyFrom"].endswith(f"/{model_id}")
    ]
    assert profile["tags"]["CostCenter"] == "triage-prod"
    assert len(profile["name"]) <= 64


def test_other_rules_make_another_version_and_the_old_one_stays_for_a_release_that_goes_back() -> None:
    version = _recorded().one("bedrock/guardrailVersion:GuardrailVersion").inputs
    assert version["description"].startswith("rules ")
    assert version["skipDestroy"] is True


def test_the_same_rules_make_the_same_version_and_a_changed_one_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def described() -> str:
        version = _recorded().one("bedrock/guardrailVersion:GuardrailVersion")
        return str(version.inputs["description"])

    before, again = described(), described()
    rules = guardrail_rules()
    rules["content_policy_config"]["filters_configs"][0]["output_strength"] = "LOW"
    monkeypatch.setattr("infra.components.models.guardrail_rules", lambda: rules)
    assert before == again != described()


def test_the_guardrail_is_kept_under_the_key() -> None:
    assert _recorded().one("bedrock/guardrail:Guardrail").inputs["kmsKeyArn"] == KEY


def test_what_customers_write_is_in_no_log_unless_it_is_asked_for() -> None:
    recorded = _recorded()
    logging = recorded.one(
        "bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration"
    ).inputs["loggingConfig"]
    kinds = ("text", "embedding", "image", "video")
    assert not any(logging[f"{kind}DataDeliveryEnabled"] for kind in kinds)
    assert "s3Config" not in logging
    group = recorded.one("cloudwatch/logGroup:LogGroup").inputs
    assert logging["cloudwatchConfig"]["logGroupName"] == group["name"] == "/slipway/prod/models"
    assert group["kmsKeyId"] == LOG_POLICY.key_arn


def test_bodies_that_are_asked_for_go_to_the_bucket_and_never_to_the_log_group() -> None:
    logging = (
        _recorded(body_bucket_name="slipway-prod-exports")
        .one("bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration")
        .inputs["loggingConfig"]
    )
    assert logging["textDataDeliveryEnabled"] is True
    assert logging["s3Config"] == {"bucketName": "slipway-prod-exports", "keyPrefix": "model-invocations"}
    assert "cloudwatchConfig" not in logging


def test_bedrock_writes_the_log_for_this_account_alone() -> None:
    recorded = _recorded()
    name = "models-logging-role"
    (trust,) = statements(recorded, "iam/role:Role", f"{name}-role", "assumeRolePolicy")
    assert trust["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT_ID}}
    (grant,) = statements(recorded, "iam/rolePolicy:RolePolicy", f"{name}-grants")
    assert not [action for action in grant["Action"] if not action.startswith("logs:")]
