"""What every part of a stack stands on."""

from __future__ import annotations

from dataclasses import dataclass

from infra.account import Account
from infra.components.encryption import Encryption
from infra.components.identity import Boundary
from infra.components.log_group import LogPolicy
from infra.config import StackConfig
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What is there before anything else, and where it all goes."""

    config: StackConfig
    account: Account
    label: Label
    keys: Encryption
    boundary: Boundary
    log_policy: LogPolicy
    # Relative to where the program runs, so that the state is the same whichever folder the project lies in.
    app_folder: str
