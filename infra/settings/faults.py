"""Finds every fault of one `slipway:stack`, and says each in words."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from infra.settings import rules
from infra.settings.sections import StackConfig


class ConfigError(ValueError):
    """What a person wrote is wrong. The message lists every fault at once."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One wrong key of a stack file, and what is wrong with it."""

    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.key}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What one value of `slipway:stack` comes to.

    With faults, `config` has a stand-in for each of `wrong_keys`, so that the others can be looked at.
    """

    config: StackConfig
    faults: tuple[Fault, ...]
    wrong_keys: frozenset[str]


# For keys that have no default, when a file has no right value.
_STAND_INS: Mapping[str, Any] = {
    "environment": "dev",
    "domain": "dev.example.com",
    "owner": "nobody",
    "cost_center": "nothing",
    "repository": "nobody/nothing",
    "network": {"cidr": "10.0.0.0/16"},
    "models": {"text": ["none.none"]},
    "budget": {"monthly_usd": 1},
}


def check(value: Mapping[str, Any], moved: Mapping[str, str]) -> Checked:
    """Every fault of a value: unknown keys, wrong values, and values that do not go together.

    `moved` names keys of older templates, and where they are now.
    """
    left = _with_text_keys(value)
    try:
        config = StackConfig.model_validate(left)
        found = []
    except ValidationError as error:
        found = _without_echoes(error.errors(include_url=False))
        for fault in found:
            if fault["type"] != "missing":
                _remove(left, fault["loc"])
        config = StackConfig.model_validate(_merge(_STAND_INS, left))
    wrong_keys = frozenset(_key(fault["loc"]) for fault in found)
    faults = [
        *(Fault(key=_key(fault["loc"]), message=_explain(fault, moved)) for fault in found),
        *(Fault(key=key, message=message) for key, message in rules.broken(config, wrong_keys)),
    ]
    return Checked(config=config, faults=tuple(faults), wrong_keys=wrong_keys)


def _without_echoes(found: list[Any]) -> list[Any]:
    """A list is too short as well when its only entry is wrong; that is told once."""
    places = [fault["loc"] for fault in found]
    return [
        fault
        for fault in found
        if fault["type"] != "too_short" or not any(place[:-1] == fault["loc"] for place in places)
    ]


def _key(location: tuple[str | int, ...]) -> str:
    # pydantic marks a wrong name in a mapping by a step of its own
    return ".".join(str(step) for step in location if step != "[key]")


def _with_text_keys(value: Any) -> Any:
    """A copy whose keys are all texts: YAML reads `on:` and `1:` as something else."""
    if isinstance(value, Mapping):
        return {str(key): _with_text_keys(inner) for key, inner in value.items()}
    return value


def _remove(section: dict[str, Any], location: Sequence[str | int]) -> None:
    """Take what is wrong out of a section; of a list with a wrong entry nothing is left."""
    name, *rest = map(str, location)
    inner = section.get(name)
    if rest and isinstance(inner, dict) and rest[0] in inner:
        _remove(inner, rest)
    else:
        section.pop(name, None)


def _merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {
        key: _merge(under[key], over[key])
        for key in under.keys() & over.keys()
        if isinstance(under[key], Mapping) and isinstance(over[key], Mapping)
    }
    return {**under, **over, **both}


def _explain(fault: Any, moved: Mapping[str, str]) -> str:
    message = str(fault["msg"]).removeprefix("Value error, ")
    match fault["type"]:
        case "extra_forbidden":
            return _explain_unknown(fault["loc"], moved)
        case "missing":
            return "is missing"
        case "value_error":
            return message
        case "model_type":
            return f"must be a section with the keys {_names(fault['loc'])}, got {fault['input']!r}"
        case _:
            return f"{message[0].lower()}{message[1:]}, got {fault['input']!r}"


def _explain_unknown(location: tuple[str | int, ...], moved: Mapping[str, str]) -> str:
    name = str(location[-1])
    if _key(location) in moved:
        return f"is called {moved[_key(location)]} now"
    here = section_at(location[:-1]).model_fields
    elsewhere = [key for key in keys(StackConfig) if key.rpartition(".")[2] == name]
    if guesses := elsewhere or difflib.get_close_matches(name, here, n=1):
        return f"is not a key here; did you mean {' or '.join(guesses)}?"
    return f"is not a key here; the keys are {_names(location[:-1])}"


def _names(location: tuple[str | int, ...]) -> str:
    return ", ".join(section_at(location).model_fields)


def section_at(location: tuple[str | int, ...]) -> type[BaseModel]:
    """The section that a path of keys leads to."""
    model: type[BaseModel] = StackConfig
    for step in location:
        found = section_of(model.model_fields[str(step)].annotation)
        assert found is not None, location
        model = found
    return model


def section_of(annotation: Any) -> type[BaseModel] | None:
    """The section that a field holds, if it holds one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(section_of, get_args(annotation))), None)


def keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Every key of a section, those of its own sections included: `service.tasks.min`."""
    found: list[str] = []
    for name, field in model.model_fields.items():
        inner = section_of(field.annotation)
        found += keys(inner, f"{prefix}{name}.") if inner else [f"{prefix}{name}"]
    return found
