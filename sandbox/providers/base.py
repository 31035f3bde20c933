"""A resource provider over plain Python values: the engine speaks gRPC, a provider here dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Properties = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What is wrong with one property, in words for a person."""

    property: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What new inputs mean for a resource. `changed` and `replaces` are property names."""

    changed: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()
    delete_before_replace: bool = False


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The resource that a request is about: its type's token, its name in the program, its URN."""

    token: str
    name: str
    urn: str


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A resource as it is: the physical id, the inputs that would make it, and its state."""

    physical_id: str
    inputs: Properties
    state: Properties


class Provider(Protocol):
    """One configured provider instance."""

    def check(
        self, wish: Wish, old: Properties, new: Properties, random_seed: bytes
    ) -> tuple[Properties, list[Failure]]: ...

    def diff(self, wish: Wish, old: Properties, new: Properties, state: Properties) -> Difference: ...

    def preview(self, wish: Wish, inputs: Properties, state: Properties) -> Properties: ...

    def create(self, wish: Wish, inputs: Properties, timeout_seconds: float) -> tuple[str, Properties]: ...

    def read(
        self, wish: Wish, physical_id: str, inputs: Properties, state: Properties
    ) -> Snapshot | None: ...

    def present(self, wish: Wish) -> frozenset[str]:
        """The ids of all resources of that type."""

    def find(
        self, wish: Wish, inputs: Properties, present: frozenset[str], taken: frozenset[str]
    ) -> str | None:
        """The id of a resource that a create of the inputs may have made: one of those `present`, or known by
        its name, and none of those `taken`."""

    def update(
        self,
        wish: Wish,
        physical_id: str,
        old: Properties,
        new: Properties,
        state: Properties,
        timeout_seconds: float,
    ) -> Properties: ...

    def delete(self, wish: Wish, physical_id: str, state: Properties, timeout_seconds: float) -> None: ...

    def invoke(self, token: str, arguments: Properties) -> Properties: ...

    def cancel(self) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Package:
    """What a port serves: the package's name and version, and how an instance of it is made.

    `schema` is the package schema as JSON text, where resources can be imported.
    """

    name: str
    version: str
    configure: Callable[[Mapping[str, Any]], Provider]
    check_config: Callable[[Mapping[str, Any]], list[Failure]]
    schema: Callable[[], str] | None = None
