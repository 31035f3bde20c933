"""A check of what whoever runs this may do, against what the program needs."""

from __future__ import annotations

from typing import Any

from infra.ci.withheld import WITHHELD
from scripts.aws.permissions import denied_actions, needed_actions
from scripts.aws.shell import Caller
from scripts.checks.finding import Check, Finding, Patient, well, wrong

_SHOWN = 12


def rights(patient: Patient) -> Finding:
    caller, scope = patient.caller(), patient.place.scope
    if caller.is_root:
        return well("the root user may do everything; deploy by a role all the same")
    iam = patient.shell.client("iam")
    denied = denied_actions(iam, _principal_arn(caller, iam), scope)
    kept = [
        action for action in denied if caller.role_name == scope.role_name("deploy") and action in WITHHELD
    ]
    missing = [action for action in denied if action not in kept]
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        return wrong(
            f"{len(missing)} of the actions that the program needs are not allowed: "
            f"{', '.join(missing[:_SHOWN])}{more}",
            f"take a role that may, such as {scope.role_name('deploy')}, or let somebody give the rights",
        )
    withheld = f", and {len(kept)} are withheld from this role (infra/ci/withheld.py)" if kept else ""
    return well(f"{len(needed_actions()) - len(kept)} actions are allowed{withheld}")


def _principal_arn(caller: Caller, iam: Any) -> str:
    """The role behind a session: the session's ARN does not say the role's path."""
    if not caller.role_name:
        return caller.arn
    return str(iam.get_role(RoleName=caller.role_name)["Role"]["Arn"])


CHECKS = (Check(name="permissions", look=rights),)
