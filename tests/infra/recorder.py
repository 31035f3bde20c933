"""A mock engine that remembers what a program asked for."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import mocks, rpc, settings
from pulumi.runtime.stack import run_pulumi_func
from pulumi.runtime.sync_await import _sync_await

PROJECT = "slipway"
ACCOUNT_ID = "111111111111"
REGION = "eu-west-1"
ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")

_CALLS: Mapping[str, Mapping[str, Any]] = {
    "aws:index/getPartition:getPartition": {"partition": "aws"},
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT_ID},
    "aws:index/getRegion:getRegion": {"region": REGION},
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": {"userName": "AWS", "password": "short-lived"},
}


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource as the program asked for it."""

    type: str
    name: str
    inputs: Mapping[str, Any]
    parent_type: str
    parent_name: str
    ignore_changes: tuple[str, ...]
    protect: bool
    dependencies: frozenset[str]  # names of the resources that have to be there first
    timeouts: Mapping[str, str]
    is_component: bool


@dataclass
class Recording:
    """All that a program asked for."""

    resources: list[Resource] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    registered_outputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of(self, *types: str) -> list[Resource]:
        """The resources of these types, by the end of their tokens: `of("ec2/subnet:Subnet")`."""
        return [each for each in self.resources if each.type.endswith(types)]

    def one(self, kind: str, name: str | None = None) -> Resource:
        """The only resource of a type, or the only one of that name."""
        found = [each for each in self.of(kind) if name in (None, each.name)]
        assert len(found) == 1, f"{kind} {name}: {[each.name for each in found]}"
        return found[0]


class Recorder(mocks.MockMonitor):
    """Answers like an engine whose provider makes everything at once, and refuses unknown look-ups."""

    def __init__(self, zones: Sequence[str]) -> None:
        super().__init__(_Provider(zones))
        self.recording = Recording()
        self._lock = threading.Lock()

    def RegisterResource(self, request: Any) -> Any:
        if request.type != "pulumi:pulumi:Stack":
            _, parent_type, parent_name = f"::::{request.parent}".rsplit("::", 2)
            resource = Resource(
                type=request.type,
                name=request.name,
                inputs=rpc.deserialize_properties(request.object),
                parent_type=parent_type.split("$")[-1],
                parent_name=parent_name,
                ignore_changes=tuple(request.ignoreChanges),
                protect=request.protect,
                dependencies=frozenset(urn.rsplit("::", 1)[1] for urn in request.dependencies),
                timeouts={
                    key: value
                    for key in ("create", "update", "delete")
                    if (value := getattr(request.customTimeouts, key))
                },
                is_component=not request.custom,
            )
            with self._lock:
                self.recording.resources.append(resource)
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]

    def RegisterResourceOutputs(self, request: Any) -> Any:
        with self._lock:
            self.recording.registered_outputs[request.urn] = rpc.deserialize_properties(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]

    def Invoke(self, request: Any) -> Any:
        with self._lock:
            self.recording.calls.append(request.tok)
        return super().Invoke(request)  # type: ignore[no-untyped-call]


class _Provider(mocks.Mocks):
    def __init__(self, zones: Sequence[str]) -> None:
        # No promise of AWS says in which order it names them.
        names = {"aws:index/getAvailabilityZones:getAvailabilityZones": {"names": list(reversed(zones))}}
        self._results = {**_CALLS, **names}

    def call(self, args: mocks.MockCallArgs) -> Any:
        assert args.token in self._results, f"no look-up {args.token} is expected"
        return dict(self._results[args.token])

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if not args.custom:
            return None, {}
        return f"{args.name}-id", {**computed(args.typ, args.name, args.inputs), **args.inputs}


def computed(kind: str, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What a provider adds to the inputs; addresses that can be told from one another are enough."""
    service, _, rest = kind.removeprefix("aws:").partition("/")
    image = str(inputs.get("imageName", "")).rpartition(":")[0]
    return {
        "name": f"{name}-0000000",
        "arn": f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{rest.split(':')[-1].lower()}/{name}",
        "address": f"{name}.rds.amazonaws.com",
        "arnSuffix": f"suffix/{name}",
        "configurationProfileId": f"{name}-profile-id",
        "dnsName": f"{name}.elb.amazonaws.com",
        "domainValidationOptions": [
            {
                "domainName": inputs.get("domainName"),
                "resourceRecordName": "_proof.example.com",
                "resourceRecordType": "CNAME",
                "resourceRecordValue": "_proof.acm-validations.aws",
            }
        ],
        "environmentId": f"{name}-environment-id",
        "fqdn": "_proof.example.com",
        "guardrailArn": f"arn:aws:bedrock:{REGION}:{ACCOUNT_ID}:guardrail/{name}",
        "guardrailId": f"{name}-guardrail-id",
        "keyId": f"{name}-key-id",
        "masterUserSecrets": [
            {"secretArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT_ID}:secret:rds!db-{name}"}
        ],
        "nameServers": ["ns-1.example.net", "ns-2.example.net"],
        "prefixListId": f"pl-{name}",
        "resourceId": f"{name}-resource-id",
        "repoDigest": f"{image}@sha256:{'0' * 64}",
        "repositoryUrl": f"{ACCOUNT_ID}.dkr.ecr.{REGION}.amazonaws.com/{inputs.get('name')}",
        "url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT_ID}/{inputs.get('name')}",
        "version": "1",
        "versionNumber": 1,
        "zoneId": f"{name}-zone-id",
    }


def record(
    program: Callable[[], Mapping[str, Any] | None],
    stack: str = "dev",
    zones: Sequence[str] = ZONES,
    project: str = PROJECT,
) -> Recording:
    """Run a program to its end, and return what it asked for; what it returns is resolved into `outputs`."""
    recorder = Recorder(zones)
    mocks.set_mocks(recorder.mocks, project=project, stack=stack, preview=False, monitor=recorder)
    settings.SETTINGS.rpc_manager.clear()
    settings.SETTINGS.outputs.clear()

    def run() -> None:
        def keep(values: Any) -> None:
            recorder.recording.outputs.update(values)

        pulumi.Output.from_input(dict(program() or {})).apply(keep)

    # The SDK makes objects by the hundred thousand, and looking through them all again and again takes half
    # of the time.
    gc.disable()
    try:
        _sync_await(run_pulumi_func(run))
    finally:
        gc.enable()
    return recorder.recording
