"""What the properties of one object may be to each other: each check is a kind of rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from awsmodel.rule import is_known, listed, number_of, shown


@dataclass(frozen=True)
class Exclusive:
    """At most one of some properties."""

    names: tuple[str, ...]
    kind = "exclusive"

    @property
    def allowed(self) -> str:
        return f"have at most one of {listed(self.names)}"

    def given(self, value: Any) -> str | None:
        found = [name for name in self.names if _is_set(value, name)]
        return f"has {' and '.join(found)}" if len(found) > 1 else None


@dataclass(frozen=True)
class ExactlyOneOf:
    """One of some properties, and no more."""

    names: tuple[str, ...]
    kind = "exactly one of"

    @property
    def allowed(self) -> str:
        return f"have exactly one of {listed(self.names)}"

    def given(self, value: Any) -> str | None:
        found = [name for name in self.names if _is_set(value, name)]
        if len(found) > 1:
            return f"has {' and '.join(found)}"
        return None if found or _may_be_set(value, self.names) else "has none"


@dataclass(frozen=True)
class AtLeastOneOf:
    """One of some properties, or more."""

    names: tuple[str, ...]
    kind = "at least one of"

    @property
    def allowed(self) -> str:
        return f"have at least one of {listed(self.names)}"

    def given(self, value: Any) -> str | None:
        return None if _may_be_set(value, self.names) else "has none"


@dataclass(frozen=True)
class Requires:
    """Where one property is, and has one of the `values` if there are any, others are needed, or not allowed.

    Of properties with a bar between them, one is enough. `absent_as` is the value that an absent one has.
    """

    name: str
    values: tuple[Any, ...] = ()
    needs: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    absent_as: Any = None
    kind = "requires"

    @property
    def allowed(self) -> str:
        needs = " and ".join(self.needs).replace("|", " or ")
        what = [f"have {needs}"] if self.needs else []
        what += [f"not have {' or '.join(self.forbids)}"] if self.forbids else []
        when = (
            f"{self.name} is {' or '.join(shown(each) for each in self.values)}" if self.values else self.name
        )
        return f"{' and '.join(what)} where {when}{'' if self.values else ' is given'}"

    def given(self, value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return None
        it = value.get(self.name)
        it = self.absent_as if it is None else it
        if it is None or not is_known(it) or (self.values and it not in self.values):
            return None
        missing = [
            names.replace("|", " or ")
            for names in self.needs
            if not _may_be_set(value, tuple(names.split("|")))
        ]
        extra = [name for name in self.forbids if _is_set(value, name)]
        said = [f"lacks {' and '.join(missing)}"] if missing else []
        said += [f"has {' and '.join(extra)}"] if extra else []
        return " and ".join(said) or None


@dataclass(frozen=True)
class NotAbove:
    """One number that is not above another of the same object; `apart` is how much less it is at least.

    A zero of the larger one, or of one that has to be apart, is as none: so the provider leaves it out.
    With `where`, only objects whose property of that name has one of the `values` are looked at.
    """

    smaller: str
    larger: str
    apart: int = 0
    where: str = ""
    values: tuple[str, ...] = ()
    kind = "order"

    @property
    def allowed(self) -> str:
        apart = f", and {self.apart} less" if self.apart else ""
        when = f" where {self.where} is {' or '.join(self.values)}" if self.where else ""
        return f"have {self.smaller} not above {self.larger}{apart}{when}"

    def given(self, value: Any) -> str | None:
        if not isinstance(value, Mapping):
            return None
        if self.where and value.get(self.where) not in self.values:
            return None
        smaller, larger = number_of(value.get(self.smaller)), number_of(value.get(self.larger))
        if smaller is None or not larger or (self.apart and not smaller) or smaller + self.apart <= larger:
            return None
        return f"has {self.smaller} {smaller:g} and {self.larger} {larger:g}"


def _is_set(value: Any, name: str) -> bool:
    """Whether an object is known to have a property. A path of several steps leads into objects."""
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value is not None and is_known(value) and value != []


def _may_be_set(value: Any, names: tuple[str, ...]) -> bool:
    """Whether an object has one of the properties, or will have: what is not known yet counts."""
    if not isinstance(value, Mapping):
        return True
    for name in names:
        inner: Any = value
        for step in name.split("."):
            inner = inner.get(step) if isinstance(inner, Mapping) else inner
        if inner is not None and (_is_set(value, name) or not is_known(inner)):
            return True
    return False
