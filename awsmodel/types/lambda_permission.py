"""Who may invoke a Lambda function."""

import json
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, ResourceType

_CONDITIONS = {
    "aws:sourcearn": "sourceArn",
    "aws:sourceaccount": "sourceAccount",
    "aws:principalorgid": "principalOrgId",
}


def _parsed(physical_id: str) -> Properties:
    """`function/statement` or `function:qualifier/statement`; a function may be named by its ARN."""
    function, _, statement_id = physical_id.rpartition("/")
    parts = function.split(":")
    # an ARN has six colons before it can have a qualifier
    unqualified = 7 if function.startswith("arn:") else 1
    qualifier = {"qualifier": parts[unqualified]} if len(parts) > unqualified else {}
    return {"function": ":".join(parts[:unqualified]), "statementId": statement_id, **qualifier}


def _identity(known: Properties) -> str:
    qualifier = f":{known['qualifier']}" if known.get("qualifier") else ""
    return f"{known['function']}{qualifier}/{known['statementId']}"


def _statement(policy: str, known: Properties) -> Any:
    statements = json.loads(policy)["Statement"]
    return next((each for each in statements if each.get("Sid") == known["statementId"]), None)


def _decoded(statement: Any) -> Properties:
    principal = statement["Principal"]
    conditions = {
        key.lower(): value
        for operands in (statement.get("Condition") or {}).values()
        for key, value in operands.items()
    }
    return {
        "action": statement["Action"],
        "principal": next(iter(principal.values())) if isinstance(principal, dict) else principal,
    } | {name: conditions[key] for key, name in _CONDITIONS.items() if key in conditions}


def _account(principal: str) -> str:
    """An account's number and its root are the same principal."""
    return (
        principal.split(":")[4] if principal.startswith("arn:") and principal.endswith(":root") else principal
    )


PERMISSION = ResourceType(
    token="aws:lambda/permission:Permission",
    service="lambda",
    create=Call(operation="add_permission"),
    # the documented import id; the statement's alone does not say of which function
    id=_identity,
    read=Call(
        operation="get_policy",
        identify={"FunctionName": "function", "Qualifier": "qualifier"},
        result="Policy",
        pick=_statement,
        decode=_decoded,
    ),
    delete=Call(
        operation="remove_permission",
        identify={"FunctionName": "function", "StatementId": "statementId", "Qualifier": "qualifier"},
    ),
    parse_id=_parsed,
    names={"function": "FunctionName"},
    canonical={"principal": _account},
    auto_name=AutoName(property="statementId", limit=100),
    not_modelled={
        "eventSourceToken": "Alexa skills are outside of this model",
        "functionUrlAuthType": "function URLs are outside of this model",
        "invokedViaFunctionUrl": "function URLs are outside of this model",
    },
    gone=frozenset({"ResourceNotFoundException"}),
    example=Example(
        inputs=lambda need: {
            "statementId": "schedule",
            "function": need("aws:lambda/function:Function", "name"),
            "action": "lambda:InvokeFunction",
            "principal": "scheduler.amazonaws.com",
            "sourceArn": "arn:aws:scheduler:eu-west-1:111111111111:schedule/default/example",
            "sourceAccount": "111111111111",
        },
        replace=lambda need: {"principal": "events.amazonaws.com", "statementId": "other"},
    ),
)
