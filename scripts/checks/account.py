"""Checks of who the shell is, and where."""

from __future__ import annotations

from scripts.checks.finding import Check, Finding, Patient, well, wrong
from scripts.errors import CommandError


def credentials(patient: Patient) -> Finding:
    try:
        caller = patient.caller()
    except CommandError as error:
        if error.exit_code == 2:
            raise
        return wrong(error.message, error.hint)
    return well(caller.arn)


def account(patient: Patient) -> Finding:
    caller, wanted = patient.caller(), patient.place.account.account_id
    if caller.account_id != wanted:
        return wrong(
            f"this shell is in {caller.account_id}, and {patient.place.stack_file.name} names {wanted}",
            "take credentials of that account, or correct aws:allowedAccountIds",
        )
    return well(wanted)


CHECKS = (Check(name="credentials", look=credentials), Check(name="account", look=account))
