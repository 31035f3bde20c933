"""What keys of a stack file must be to each other, and what an environment needs of them."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from infra.settings.sections import StackConfig
from infra.settings.values import FARGATE_MEMORY_MIB, Environment
from infra.topology import Nat

# For how many minutes an alarm looks before it stops a release.
DETECTION_MINUTES = 3
# What alarms need beside it: metrics of a load balancer arrive a minute or two late.
_DETECTION_MARGIN_MINUTES = 2


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One demand on a configuration.

    `reads` are the keys that it looks at, the first of which is told as the wrong one; while one of them is
    wrong by itself the rule is not asked. `demand` says what is right; `finds` gives what is wrong, or an
    empty text.
    """

    reads: tuple[str, ...]
    demand: str
    finds: Callable[[StackConfig], str]


def value_at(config: StackConfig, key: str) -> object:
    """The value of a key such as `service.tasks.min`."""
    value: object = config
    for step in key.split("."):
        value = getattr(value, step)
    return value


def _size(section: str) -> Rule:
    cpu_key, memory_key = f"{section}.cpu_units", f"{section}.memory_mib"

    def finds(config: StackConfig) -> str:
        cpu, memory = value_at(config, cpu_key), value_at(config, memory_key)
        allowed = next(sizes for units, sizes in FARGATE_MEMORY_MIB.items() if units == cpu)
        if memory in allowed:
            return ""
        return f"for {cpu} CPU units must be one of {', '.join(map(str, allowed))}, got {memory}"

    return Rule(reads=(memory_key, cpu_key), demand="what Fargate has for so many `cpu_units`", finds=finds)


def _task_counts(section: str) -> Rule:
    min_key, max_key = f"{section}.tasks.min", f"{section}.tasks.max"

    def finds(config: StackConfig) -> str:
        least, most = value_at(config, min_key), value_at(config, max_key)
        assert isinstance(least, int)
        assert isinstance(most, int)
        return f"must not be above {max_key}, got {least} and {most}" if least > most else ""

    return Rule(reads=(min_key, max_key), demand=f"not above `{max_key}`", finds=finds)


def _bake(config: StackConfig) -> str:
    given, needed = config.service.canary.canary_bake_minutes, DETECTION_MINUTES + _DETECTION_MARGIN_MINUTES
    if given >= needed:
        return ""
    return f"must be at least {needed}, which is what the alarms need to see a bad release, got {given}"


def _test_clients(config: StackConfig) -> str:
    wide = [each for each in config.entrance.test_client_cidrs if ipaddress.IPv4Network(each).prefixlen < 8]
    return (
        f"must name who tests, not the whole internet: at least a /8, got {', '.join(wide)}" if wide else ""
    )


def _secrets(config: StackConfig) -> str:
    known = ", ".join(config.secrets) or "there is none"
    faults = [
        f"{variable} names {entry!r}, which is no entry of secrets: {known}"
        for variable, entry in config.service.secrets.items()
        if entry not in config.secrets
    ]
    return "; ".join(faults)


def _storage(config: StackConfig) -> str:
    least, most = config.database.storage_gib, config.database.max_storage_gib
    # RDS user guide, "Managing capacity automatically with Amazon RDS storage autoscaling".
    if most * 10 >= least * 11:
        return ""
    return f"must be at least a tenth more than database.storage_gib, got {most} and {least}"


def _decommission(config: StackConfig) -> str:
    if config.decommission in (None, config.environment):
        return ""
    return f"must be the environment's own name, {config.environment}, got {config.decommission}"


def _deletion(config: StackConfig) -> str:
    if config.deletion_protection or config.environment is not Environment.PROD:
        return ""
    if config.decommission is Environment.PROD:
        return ""
    return "prod needs true, got false; only with `decommission: prod` may prod be made to be destroyed"


def _needs(
    environments: tuple[Environment, ...], key: str, met: Callable[[object], bool], needed: str, why: str
) -> Rule:
    def finds(config: StackConfig) -> str:
        value = value_at(config, key)
        if config.environment not in environments or met(value):
            return ""
        return f"{config.environment} needs {needed}, got {_spell(value)}: {why}"

    whose = "every environment" if environments == tuple(Environment) else ", ".join(environments)
    return Rule(reads=(key, "environment"), demand=f"{whose}: {needed}; {why}", finds=finds)


def _at_least(number: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and value >= number


def _spell(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case ():
            return "none"
        case _:
            return str(value)


_PROD = (Environment.PROD,)

RULES: tuple[Rule, ...] = (
    _size("service"),
    _size("worker"),
    _task_counts("service"),
    _task_counts("worker"),
    Rule(
        reads=("service.canary.canary_bake_minutes",),
        demand="at least what the alarms need to see a bad release",
        finds=_bake,
    ),
    Rule(
        reads=("entrance.test_client_cidrs",),
        demand="at least a /8: who tests, not the whole internet",
        finds=_test_clients,
    ),
    Rule(
        reads=("service.secrets", "secrets"),
        demand="entries of `secrets`",
        finds=_secrets,
    ),
    Rule(
        reads=("database.max_storage_gib", "database.storage_gib"),
        demand="at least a tenth more than `database.storage_gib`",
        finds=_storage,
    ),
    Rule(
        reads=("decommission", "environment"),
        demand="the environment's own name",
        finds=_decommission,
    ),
    Rule(
        reads=("deletion_protection", "decommission", "environment"),
        demand="prod: true; false only with `decommission: prod`",
        finds=_deletion,
    ),
    _needs(
        tuple(Environment),
        "network.zones",
        _at_least(2),
        "at least 2",
        # Elastic Load Balancing, "Availability Zones and Application Load Balancers".
        "with the loss of its only zone all would be lost, and a load balancer takes no fewer than two",
    ),
    _needs(
        _PROD,
        "network.nat",
        lambda value: value is not Nat.NONE,
        "single or one_per_az",
        "without a way out nothing reaches the helpdesk or any service that has no endpoint",
    ),
    _needs(
        _PROD,
        "service.tasks.min",
        _at_least(2),
        "at least 2",
        "one task lost would be the whole service lost",
    ),
    _needs(
        _PROD,
        "service.wait_for_steady_state",
        bool,
        "true",
        "an up that does not wait says yes to a release that is rolled back later",
    ),
    _needs(
        _PROD,
        "database.multi_az",
        bool,
        "true",
        "without a standby the loss of a zone is an outage until a restore",
    ),
    _needs(
        _PROD,
        "database.backup_retention_days",
        _at_least(35),
        "at least 35",
        "damage that is found after a month must still be undone",
    ),
    _needs(
        (Environment.STAGING,),
        "database.backup_retention_days",
        _at_least(7),
        "at least 7",
        "restores are practised there, on a week of data",
    ),
    _needs(_PROD, "alerts.emails", bool, "at least one address", "an alarm that nobody gets is none"),
    _needs(
        _PROD,
        "audit_retention_days",
        _at_least(365),
        "at least 365",
        "an audit looks back over a year",
    ),
)


def broken(config: StackConfig, wrong_keys: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The first key of each rule that is broken, and what is wrong; rules over `wrong_keys` are left out."""
    for rule in RULES:
        if any(touches(key, wrong) for key in rule.reads for wrong in wrong_keys):
            continue
        if said := rule.finds(config):
            yield rule.reads[0], said


def touches(key: str, wrong: str) -> bool:
    """Whether a fault in `wrong` is one in `key` too: in itself, in its section, or in a key of its own."""
    return key == wrong or key.startswith(f"{wrong}.") or wrong.startswith(f"{key}.")
