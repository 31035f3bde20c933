"""The bucket of the state.

The engine's lock is an object of the bucket too, under `.pulumi/locks`: it lists, writes its own and lists
again. That takes a store that shows at once what was written, which S3 is; no table, and no setting.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.aws import documents
from scripts.aws.place import Place
from scripts.aws.shell import Shell, unless
from scripts.aws.state_key import StateKey
from scripts.aws.steps import Step
from scripts.errors import CommandError

# The one region whose name S3 does not take with a new bucket.
_UNNAMED_REGION = "us-east-1"
_MISSING = (
    "404",
    "NoSuchBucket",
    "NoSuchBucketPolicy",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
)


@dataclass(frozen=True, kw_only=True)
class _Setting:
    """A setting of the bucket; `read` and `write` are methods of the client."""

    meaning: str
    read: str
    answer: str  # where in the answer the value is
    write: str
    argument: Callable[[Any], Mapping[str, Any]]
    wanted: Callable[[], Any]
    kept: Callable[[Any], Any] = lambda found: found


class StateBucket:
    """A bucket of the account; every call names the owner, so that nobody else's is ever touched."""

    def __init__(self, place: Place, shell: Shell, key: StateKey) -> None:
        self._place, self._s3, self._key = place, shell.client("s3"), key
        self._name = place.scope.state_bucket_name

    def steps(self) -> list[Step]:
        made = Step(look=self._look, change=self._make)
        return [made, *(self._step(setting) for setting in self._settings())]

    def is_there(self) -> bool:
        """Whether the account has the bucket. Raises CommandError if it is another's or elsewhere."""
        try:
            found = unless(lambda: self._s3.head_bucket(**self._own), *_MISSING)
        except self._s3.exceptions.ClientError as error:
            if str(error.response["Error"]["Code"]) in ("403", "AccessDenied"):
                raise self._taken() from None
            raise
        if found is None:
            return False
        region = found.get("BucketRegion") or self._region()
        if region != self._place.account.region:
            raise CommandError(
                f"the bucket {self._name} is in {region}, and the stack is in {self._place.account.region}",
                "a bucket cannot move: take the state along to another account, or set aws:region back",
            )
        return True

    def holds_state(self, stack: str) -> bool:
        """Whether there is a state of the stack, which the engine keeps under this name."""
        if not self.is_there():
            return False
        name = f".pulumi/stacks/{self._place.label.project}/{stack}.json"
        return unless(lambda: self._s3.head_object(**self._own, Key=name), *_MISSING) is not None

    def _look(self) -> str:
        return "" if self.is_there() else f"make the bucket {self._name} for the state"

    def _make(self) -> None:
        region = self._place.account.region
        where = {} if region == _UNNAMED_REGION else {"LocationConstraint": region}
        more = {"CreateBucketConfiguration": where} if where else {}
        try:
            self._s3.create_bucket(Bucket=self._name, **more)
        except self._s3.exceptions.BucketAlreadyExists:
            raise self._taken() from None

    def _taken(self) -> CommandError:
        # S3 gives both one answer, so as not to say whose a bucket is
        return CommandError(
            f"the bucket name {self._name} is taken by somebody else, or this shell may not look at its own: "
            "all of AWS shares bucket names",
            "rename the project (`name` in Pulumi.yaml), from which every name is made; or, if the bucket is "
            "this account's, take credentials that have s3:ListBucket",
        )

    def _region(self) -> str:
        answer = self._s3.get_bucket_location(**self._own)["LocationConstraint"]
        return str(answer or _UNNAMED_REGION)

    def _step(self, setting: _Setting) -> Step:
        def look() -> str:
            read: Callable[..., Any] = getattr(self._s3, setting.read)
            answer = unless(lambda: read(**self._own), *_MISSING) or {}
            found = setting.kept(answer.get(setting.answer))
            is_same = documents.meaning(found) == documents.meaning(setting.wanted())
            return "" if is_same else f"{setting.meaning} ({self._name})"

        def change() -> None:
            write: Callable[..., Any] = getattr(self._s3, setting.write)
            write(**self._own, **setting.argument(setting.wanted()))

        return Step(look=look, change=change)

    @property
    def _own(self) -> dict[str, str]:
        return {"Bucket": self._name, "ExpectedBucketOwner": self._place.account.account_id}

    def _settings(self) -> list[_Setting]:
        ownership = [{"ObjectOwnership": "BucketOwnerEnforced"}]
        tags = self._place.label.tags("bucket")
        return [
            _Setting(
                meaning="let no list of rights of its own open an object of the bucket",
                read="get_bucket_ownership_controls",
                answer="OwnershipControls",
                write="put_bucket_ownership_controls",
                argument=lambda rules: {"OwnershipControls": {"Rules": rules}},
                wanted=lambda: ownership,
                kept=lambda found: (found or {}).get("Rules"),
            ),
            _Setting(
                meaning="block every public access to the bucket",
                read="get_public_access_block",
                answer="PublicAccessBlockConfiguration",
                write="put_public_access_block",
                argument=lambda block: {"PublicAccessBlockConfiguration": block},
                wanted=lambda: documents.PUBLIC_ACCESS_BLOCK,
            ),
            _Setting(
                meaning="keep the versions of what is written over in the bucket",
                read="get_bucket_versioning",
                answer="Status",
                write="put_bucket_versioning",
                argument=lambda status: {"VersioningConfiguration": {"Status": status}},
                wanted=lambda: "Enabled",
            ),
            _Setting(
                meaning="encrypt what is in the bucket with the key of the state",
                read="get_bucket_encryption",
                answer="ServerSideEncryptionConfiguration",
                write="put_bucket_encryption",
                argument=lambda rules: {"ServerSideEncryptionConfiguration": {"Rules": rules}},
                wanted=lambda: documents.encryption(self._key.arn()),
                kept=lambda found: [_known(rule) for rule in (found or {}).get("Rules", ())],
            ),
            _Setting(
                meaning="refuse all but TLS at the bucket",
                read="get_bucket_policy",
                answer="Policy",
                write="put_bucket_policy",
                argument=lambda document: {"Policy": json.dumps(document)},
                wanted=lambda: documents.bucket_policy(self._place.account, self._name),
                kept=lambda found: json.loads(found) if found else None,
            ),
            _Setting(
                meaning="let old versions go from the bucket after a time",
                read="get_bucket_lifecycle_configuration",
                answer="Rules",
                write="put_bucket_lifecycle_configuration",
                argument=lambda rules: {"LifecycleConfiguration": {"Rules": rules}},
                wanted=documents.lifecycle,
            ),
            _Setting(
                meaning="tag the bucket as this environment's",
                read="get_bucket_tagging",
                answer="TagSet",
                write="put_bucket_tagging",
                argument=lambda found: {
                    "Tagging": {"TagSet": [{"Key": key, "Value": value} for key, value in found.items()]}
                },
                wanted=lambda: tags,
                kept=lambda found: {each["Key"]: each["Value"] for each in found or ()},
            ),
        ]


def _known(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule without what S3 adds to it by itself."""
    return {key: rule.get(key) for key in ("ApplyServerSideEncryptionByDefault", "BucketKeyEnabled")}
