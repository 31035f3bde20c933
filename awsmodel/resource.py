"""How one pulumi-aws resource type maps to the AWS API: a table of differences, not a program.

Everything that botocore's service models and the SDK's schema already say is left out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from awsmodel.convert import Names, Properties

Params = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One operation of the API.

    `operation` is botocore's method name. The properties that the operation has members for are filled in;
    `properties` restricts that, or names the ones that `build` fills in. Of a read, it restricts what is
    taken from the answer.

    `identify` says which member names the resource: member → property, where `id` is the physical id. A
    member that is a list gets a list of one. `fixed` members are sent as they are, and `build` computes
    members from the properties (which hold `id` and `region` too, and on an update `live`, what AWS shows
    now); no members at all (None): no call; a list of them: a call for each.

    `look_up` is a call that comes first: what it shows is known to `identify` and `build`.

    `result` is the path (JMESPath) to the resource in the answer; properties in braces are filled in.
    `pick` chooses the resource out of that by its properties, where a path cannot say which one it is.
    `decode` turns that result into properties where names alone do not do it.

    `whole` (updates): send all properties, not only the changed ones. `unless` names the error codes that
    mean that there is nothing to read or to do.

    `before` is a step of its own that must come first, over the service's boto3 client and the properties:
    a bucket is emptied before it can be deleted. It makes room for the call and does nothing else.
    """

    operation: str
    service: str = ""
    identify: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    properties: frozenset[str] | None = None
    build: Callable[[Properties], Params | list[Params] | None] | None = None
    look_up: Call | None = None
    before: Callable[[Any, Properties], None] | None = None
    result: str = "@"
    pick: Callable[[Any, Properties], Any] | None = None
    decode: Callable[[Any], Properties] | None = None
    whole: bool = False
    unless: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Tags:
    """How a service tags. `key_member` and `value_member` are read off the service model.

    `target` is the member that names the resource in `tag` and `untag`, and `by` the property it holds.
    `read` lists the tags where describing the resource does not show them. `specification` is EC2's own
    resource type, for the services that tag by `TagSpecifications`. `whole`: `tag` sets all tags at once, and
    `untag` takes all away. `none` is the error code that means that there are no tags. `fixed` members go
    with each of these calls.
    """

    tag: str
    untag: str
    target: str
    by: str = "arn"
    untag_keys: str = "TagKeys"
    read: str = ""
    specification: str = ""
    whole: bool = False
    none: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AutoName:
    """The property that gets a name when the program gives none: `<name>-<7 hex digits>`.

    `limit` is the longest name that AWS takes, `prefix` and `suffix` what the name must begin and end with;
    `lowercase` where AWS takes no other letters.
    """

    property: str = "name"
    limit: int = 64
    prefix: str = ""
    suffix: str | Callable[[Properties], str] = ""
    lowercase: bool = False

    def made(self, stem: str, distinction: str, inputs: Properties) -> str:
        """A name that begins like `stem` and ends in `distinction`, within the limit."""
        suffix = self.suffix(inputs) if callable(self.suffix) else self.suffix
        end = f"{distinction}{suffix}"
        start = f"{self.prefix}{stem.lower() if self.lowercase else stem}"
        return start[: self.limit - len(end)] + end


@dataclass(frozen=True, kw_only=True)
class Example:
    """What the conformance test makes: inputs, a change in place, and a change that replaces.

    Each is a function of `need`, which makes the example of another type and gives one of its properties:
    `lambda need: {"vpcId": need("aws:ec2/vpc:Vpc", "id"), "cidrBlock": "10.0.1.0/24"}`. With other inputs
    than the example's, it makes another: `need("aws:ec2/subnet:Subnet", "id", cidrBlock="10.0.2.0/24")`.
    """

    inputs: Callable[[Need], Properties]
    update: Callable[[Need], Properties] | None = None
    replace: Callable[[Need], Properties] | None = None


class Need(Protocol):
    """Makes the example of a type, once, and gives one of its properties or its `id`."""

    def __call__(self, token: str, name: str, /, **changes: Any) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """One pulumi-aws resource type.

    `id` builds the physical id: a path (JMESPath) into the answer of `create`, or, with braces, a text over
    the properties (`"{role}:{name}"`), or a function of them. An imported id is taken apart by `parse_id`.
    Where AWS gives another id on an update, or imports are by another one, a read shows the `id` that holds.

    A changed property that no call in `updates` takes forces a replacement, and so does one in
    `replace_on`. After a create, what the resource shows is compared with what was asked for, and the
    updates that make up the difference are made.

    `canonical` gives, for a property that AWS keeps in another arrangement than the program wrote it, the one
    form that all arrangements of the same meaning have. `initial` is what an absent property is made when the
    resource is created, where AWS would start with something else; from then on it is not managed.

    `defaults` are the values that an absent property has, in the provider's documentation. `unreadable`
    says why a property cannot be read back; it is kept as it was written. `derive` computes outputs that
    no call shows, from the properties read and the account and region; what it gives as None stays out of the
    state.

    `gone` are the error codes that mean that the resource does not exist; `gone_when`, `ready` and `failed`
    are paths (JMESPath) over the result of `read` that say that it is going, that it is usable, and why it
    will never be; properties in braces are filled into the last two. `busy` are the error codes of a delete
    that works later. `leaves` says what a delete leaves behind where AWS cannot take it away: the resource is
    then still shown.
    """

    token: str
    service: str
    create: Call
    id: str | Callable[[Properties], str]
    read: Call
    more_reads: tuple[Call, ...] = ()
    updates: tuple[Call, ...] = ()
    delete: Call | None
    list: Call | None = None
    parse_id: Callable[[str], Properties] | None = None
    names: Names = field(default_factory=dict)
    flat: frozenset[str] = frozenset()
    canonical: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    initial: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    auto_name: AutoName | None = None
    tags: Tags | None = None
    replace_on: frozenset[str] = frozenset()
    unreadable: Mapping[str, str] = field(default_factory=dict)
    not_modelled: Mapping[str, str] = field(default_factory=dict)
    derive: Callable[[Properties, Scope], Properties] | None = None
    gone: frozenset[str] = frozenset()
    gone_when: str = ""
    ready: str = ""
    failed: str = ""
    busy: frozenset[str] = frozenset()
    leaves: str = ""
    delete_before_replace: bool = False
    example: Example


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Where a resource lives: the twelve digits of the account, the region, the partition (`aws`)."""

    account_id: str
    region: str
    partition: str = "aws"
