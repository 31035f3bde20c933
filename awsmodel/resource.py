"""How one pulumi-aws resource type maps to the AWS API: a table of differences, not a program.

Everything that botocore's service models and the SDK's schema already say is left out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from awsmodel.names import Names, Properties

Params = dict[str, Any]
Pick = Callable[[Any, Properties], Any]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One operation of the API: what is sent, and what is taken from the answer.

    What is sent:

    - `operation`: botocore's method name.
    - `properties`: the properties that the call sends; without it, all that the operation has a member for.
      Of a read, the ones that are taken from the answer.
    - `identify`: member → property, for the members that say which resource is meant (`id` is the physical
      id, `account_id` the account's number). A member that is a list gets a list of one.
    - `fixed`: members that are sent as they are.
    - `inside`: the member, a list, whose one item holds the properties.
    - `build`: computes members from the properties, `id`, `region`, `account_id` and, in an update, `live`:
      what AWS shows now. A list makes a call for each of its items, and None makes no call.
    - `look_up`: a read that comes first; `identify` and `build` know what it shows.
    - `before`: a step that must come first, such as emptying a bucket. It gets boto3's client and the
      properties.
    - `whole`: an update that sends all properties and not the changed ones alone, because AWS forgets what is
      left out.

    What is taken from the answer:

    - `after`: a step that completes the answer with further calls, such as one for each of its items. It gets
      boto3's client, the parameters that were sent and the answer, and gives the whole answer.
    - `result`: the path (JMESPath) to the resource in the answer; of a listing, to the ids, with `region` and
      `account_id` in braces filled in.
    - `pick`: takes the resource from the result, by the properties, where no path can. It gives None when it
      is not there.
    - `decode`: gives the properties of the result that the names of its members do not give; of a listing,
      the `id` of each item.
    - `unless`: the error codes that mean that there is nothing to read.
    """

    operation: str
    properties: frozenset[str] | None = None
    identify: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    inside: str = ""
    build: Callable[[Properties], Params | list[Params] | None] | None = None
    look_up: Call | None = None
    before: Callable[[Any, Properties], None] | None = None
    whole: bool = False
    after: Callable[[Any, Params, Any], Any] | None = None
    result: str = "@"
    pick: Pick | None = None
    decode: Callable[[Any], Properties] | None = None
    unless: frozenset[str] = frozenset()


def with_member(member: str, name: str) -> Pick:
    """Picks the item whose `member` is what the property `name` says."""
    return lambda items, known: next((item for item in items if item[member] == known.get(name)), None)


@dataclass(frozen=True, kw_only=True)
class Tags:
    """How a service tags; how it spells keys and values is read off the service model.

    - `tag`, `untag`: the operations that add tags and take them away.
    - `read`: the operation that lists the tags, where describing the resource does not show them.
    - `target`: the member of these operations that names the resource.
    - `by`: the property that `target` holds.
    - `untag_keys`: the member of `untag` that holds the keys.
    - `fixed`: members that go with each of these operations.
    - `whole`: `tag` sets all tags at once, and `untag` takes all away.
    - `unless`: the error codes of `read` that mean that there are no tags.
    - `specification`: EC2's word for the type of resource, for calls that tag by `TagSpecifications`.
    """

    tag: str
    untag: str
    read: str = ""
    target: str
    by: str = "arn"
    untag_keys: str = "TagKeys"
    fixed: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False
    unless: frozenset[str] = frozenset()
    specification: str = ""


@dataclass(frozen=True, kw_only=True)
class AutoName:
    """The name that a resource gets when the program gives none: `<name>-<7 hex digits>`.

    - `property`: the property that holds the name.
    - `limit`: the most characters that AWS takes.
    - `prefix`: what the name must begin with.
    - `suffix`: gives what the name must end with, from the other inputs.
    - `lowercase`: AWS takes small letters only.
    """

    property: str = "name"
    limit: int = 64
    prefix: str = ""
    suffix: Callable[[Properties], str] | None = None
    lowercase: bool = False

    def made(self, stem: str, distinction: str, inputs: Properties) -> str:
        """A name that begins like `stem` and ends in `distinction`, within the limit."""
        end = distinction + (self.suffix(inputs) if self.suffix else "")
        start = f"{self.prefix}{stem.lower() if self.lowercase else stem}"
        return start[: self.limit - len(end)] + end


@dataclass(frozen=True, kw_only=True)
class Example:
    """What the conformance tests make of a type.

    - `inputs`: what it is created with.
    - `update`: the inputs that change in place.
    - `replace`: the inputs whose change makes another resource.

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

    What it is, and the calls that make it, show it, change it and take it away:

    - `token`: the type in Pulumi's words, such as `aws:ec2/vpc:Vpc`.
    - `service`: the client in boto3's words, such as `ec2`.
    - `create`: makes it. What this call does not send is set by the updates right after it.
    - `id`: the physical id: a path (JMESPath) into the answer of `create`, a text with properties in braces
      (`"{role}:{name}"`), or a function of the properties, that `answer`, `region` and `account_id`.
    - `parse_id`: the properties that an imported id holds.
    - `read`: shows it.
    - `more_reads`: show the properties that `read` does not; they know what was read before them.
    - `updates`: change it in place, in this order. Each sends the changed properties that it takes; a changed
      property that none takes forces a replacement.
    - `delete`: takes it away. None: there is nothing to take away.
    - `list`: finds all of this type in the account and region. None: AWS cannot list them.

    How its properties are spelled (`awsmodel.names` explains the first two):

    - `names`: property → API member, where they differ by more than case.
    - `flat`: objects that only Pulumi has: their properties are members of the surrounding structure.
    - `canonical`: property → a function that gives one form to all values that mean the same to AWS.
    - `derive`: gives properties that no call shows, from those read and the account and region. An `id` among
      them stands for the physical id from then on, and what is None stays out of the state.
    - `tags`: how it is tagged. None: it has no tags.
    - `auto_name`: the name that it gets when the program gives none. None: it gets none.

    What its properties mean:

    - `defaults`: property → the value that an absent one has, in the provider's documentation.
    - `initial`: property → what an absent one is set to right after the create, where AWS starts with
      something else. From then on it is not managed.
    - `unreadable`: property → why AWS does not show it; it is kept as it was written.
    - `not_modelled`: property → why a program that sets it is refused.
    - `replace_on`: properties whose change forces a replacement although an update takes them.
    - `delete_before_replace`: AWS refuses a second one beside the first, whatever changed.

    How its life shows:

    - `gone`: the error codes that mean that it does not exist.
    - `gone_when`: a path into what `read` found that is true when it is on its way out.
    - `ready`: a path that is true when it can be used. Properties in braces are filled in.
    - `failed`: a path to the reason why it will never be ready. Properties in braces are filled in.
    - `busy`: the error codes of a delete that works later.
    - `leaves`: what a delete leaves behind, where AWS cannot take it away and goes on showing it.

    - `example`: what the conformance tests make of it.
    """

    token: str
    service: str
    create: Call
    id: str | Callable[[Properties], str]
    parse_id: Callable[[str], Properties] | None = None
    read: Call
    more_reads: tuple[Call, ...] = ()
    updates: tuple[Call, ...] = ()
    delete: Call | None
    list: Call | None = None
    names: Names = field(default_factory=dict)
    flat: frozenset[str] = frozenset()
    canonical: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    derive: Callable[[Properties, Scope], Properties] | None = None
    tags: Tags | None = None
    auto_name: AutoName | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    initial: Mapping[str, Any] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    not_modelled: Mapping[str, str] = field(default_factory=dict)
    replace_on: frozenset[str] = frozenset()
    delete_before_replace: bool = False
    gone: frozenset[str] = frozenset()
    gone_when: str = ""
    ready: str = ""
    failed: str = ""
    busy: frozenset[str] = frozenset()
    leaves: str = ""
    example: Example


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Where a resource lives: the twelve digits of the account, the region, the partition (`aws`)."""

    account_id: str
    region: str
    partition: str = "aws"
