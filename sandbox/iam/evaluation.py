"""The decision about one call: an explicit deny wins, and what nobody allows is denied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sandbox.iam.conditions import base_of, holds
from sandbox.iam.documents import Statement
from sandbox.iam.matching import Context, MissingVariableError, fill_in, is_action, is_arn_like


class Effect(StrEnum):
    """In the words of the API's EvalDecision."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicitDeny"
    IMPLICIT_DENY = "implicitDeny"


@dataclass(frozen=True, kw_only=True)
class Request:
    """A call of one action on one resource; `resource` is an ARN, or `*` for actions that have none."""

    action: str
    resource: str
    context: Context


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is decided, by which statements, and what the boundary says alone (None: there is none)."""

    effect: Effect
    matched: tuple[Statement, ...]
    allowed_by_boundary: bool | None
    # Keys that conditions ask for and the call says nothing of, in the spelling of the policies.
    missing_keys: tuple[str, ...]


def context(values: Mapping[str, Sequence[str]]) -> Context:
    """What is known of a call, by key; a policy may spell a key in upper or lower case."""
    return {key.lower(): tuple(each) for key, each in values.items()}


def decide(
    request: Request, identity: Sequence[Statement], boundary: Sequence[Statement] | None = None
) -> Decision:
    """Decide by a principal's own policies, all of them together, and by its permissions boundary.

    The boundary gives nothing: what it does not allow is denied, whatever the policies say.
    """
    by_identity = [each for each in identity if matches(each, request)]
    by_boundary = None if boundary is None else [each for each in boundary if matches(each, request)]
    denying = [each for each in (*by_identity, *(by_boundary or ())) if not each.allows]
    allowed = _allows(by_identity) and (by_boundary is None or _allows(by_boundary))
    if denying:
        effect, matched = Effect.EXPLICIT_DENY, denying
    elif allowed:
        effect, matched = Effect.ALLOWED, by_identity
    else:
        effect, matched = Effect.IMPLICIT_DENY, []
    return Decision(
        effect=effect,
        matched=tuple(matched),
        allowed_by_boundary=None if by_boundary is None else _allows(by_boundary),
        missing_keys=tuple(sorted(_missing([*identity, *(boundary or ())], request))),
    )


def matches(statement: Statement, request: Request) -> bool:
    """Whether a statement is about a call: its action, its resource and all its conditions."""
    try:
        return (
            _is_about_action(statement, request.action)
            and _is_about_resource(statement, request)
            and all(
                holds(operator, key, wanted, request.context, has_variables=statement.has_variables)
                for operator, keys in statement.conditions.items()
                for key, wanted in keys.items()
            )
        )
    except MissingVariableError:
        return False


def _allows(matched: Iterable[Statement]) -> bool:
    effects = {each.allows for each in matched}
    return effects == {True}


def _is_about_action(statement: Statement, action: str) -> bool:
    if statement.not_actions:
        return not any(is_action(pattern, action) for pattern in statement.not_actions)
    return any(is_action(pattern, action) for pattern in statement.actions)


def _is_about_resource(statement: Statement, request: Request) -> bool:
    def named(patterns: Sequence[str]) -> bool:
        filled = (
            fill_in(pattern, request.context) if statement.has_variables else pattern for pattern in patterns
        )
        return any(is_arn_like(pattern, request.resource) for pattern in filled)

    return not named(statement.not_resources) if statement.not_resources else named(statement.resources)


def _missing(statements: Iterable[Statement], request: Request) -> set[str]:
    """The keys of the statements about this action; a condition that wants no value misses none."""
    return {
        key
        for statement in statements
        if _is_about_action(statement, request.action)
        for operator, keys in statement.conditions.items()
        for key in keys
        if base_of(operator) != "Null" and key.lower() not in request.context
    }
