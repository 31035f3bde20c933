"""The registry of a stack, and the image of the service in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_docker as docker

from infra.iam import Allow
from infra.naming import Label

# How far back a release can be rolled back to.
_IMAGES_KEPT = 30
_UNTAGGED_DAYS = 7
_REVISION_LENGTH = 12


@dataclass(frozen=True, kw_only=True)
class RegistryArgs:
    label: Label
    key_arn: pulumi.Input[str]
    platform: str  # "linux/arm64"
    # Relative to the folder in which the program runs, as the engine and the provider read it.
    context: str
    username: pulumi.Input[str]
    password: pulumi.Input[str]
    # What was promoted into this repository: "repository@sha256:…". None builds it from `context`.
    image: str | None = None
    # True lets the repository be deleted with its images: only where they can be built again.
    force_delete: bool = False


class Registry(pulumi.ComponentResource):
    """An ECR repository whose tags never move, and the image that is to run.

    `image` is the reference by digest; nothing should run an image by its tag. An image that is built here
    has a hash of what it is made from as its tag and as its `revision`, so that a change of the source is
    another; one that was promoted has the beginning of its digest.
    """

    image: pulumi.Output[str]
    revision: str
    repository_arn: pulumi.Output[str]
    repository_url: pulumi.Output[str]

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:registry:Registry", name, None, opts)
        self._name = name
        child = pulumi.ResourceOptions(parent=self)

        repository = aws.ecr.Repository(
            f"{name}-repository",
            name=args.label.name("triage"),
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            encryption_configurations=[
                aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=args.key_arn)
            ],
            force_delete=args.force_delete,
            tags=args.label.tags("triage"),
            opts=pulumi.ResourceOptions(parent=self, protect=not args.force_delete),
        )
        aws.ecr.LifecyclePolicy(
            f"{name}-lifecycle",
            repository=repository.name,
            policy=lifecycle(kept=_IMAGES_KEPT, untagged_days=_UNTAGGED_DAYS),
            opts=child,
        )
        if args.image is None:
            self.revision = source_revision(Path(args.context))
            self.image = self._build(args, repository.repository_url)
        else:
            self.revision = args.image.rpartition(":")[2][:_REVISION_LENGTH]
            self.image = pulumi.Output.from_input(args.image)

        self.repository_arn = repository.arn
        self.repository_url = repository.repository_url
        self.register_outputs(
            {
                "image": self.image,
                "repository_arn": self.repository_arn,
                "repository_url": self.repository_url,
            }
        )

    def _build(self, args: RegistryArgs, repository_url: pulumi.Output[str]) -> pulumi.Output[str]:
        return docker.Image(
            f"{self._name}-image",
            image_name=pulumi.Output.concat(repository_url, ":", self.revision),
            build=docker.DockerBuildArgs(
                context=args.context, dockerfile=f"{args.context}/Dockerfile", platform=args.platform
            ),
            registry=docker.RegistryArgs(
                server=repository_url,
                username=args.username,
                password=pulumi.Output.secret(args.password),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        ).repo_digest

    def pull_access(self) -> list[Allow]:
        """Pulls images of this repository. The token is for the whole registry: AWS knows no narrower one."""
        return [
            Allow(
                ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                [self.repository_arn],
            ),
            Allow(["ecr:GetAuthorizationToken"], ["*"]),
        ]


def source_revision(context: Path) -> str:
    """A short hash of all that decides what an image holds: the Dockerfile and what `.dockerignore` lets in.

    Raises ValueError if `.dockerignore` is not a list of what to let in, since the hash would miss files.
    """
    lines = (context / ".dockerignore").read_text(encoding="utf-8").split()
    allowed = [line.removeprefix("!") for line in lines if line.startswith("!")]
    if "*" not in lines or not allowed:
        raise ValueError(f"{context}/.dockerignore must refuse '*' and then let in what the image needs")
    files = [context / "Dockerfile"]
    for entry in (context / name for name in allowed):
        files += [file for file in entry.rglob("*") if file.is_file()] if entry.is_dir() else [entry]
    digest = hashlib.sha256()
    for file in sorted(files):
        if "__pycache__" in file.parts:
            continue
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(context).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:_REVISION_LENGTH]


def lifecycle(*, kept: int, untagged_days: int) -> str:
    """The lifecycle policy that keeps the newest images and drops what lost its tag."""
    rules = [
        {
            "rulePriority": 1,
            "description": f"drop untagged images after {untagged_days} days",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": untagged_days,
            },
            "action": {"type": "expire"},
        },
        {
            "rulePriority": 2,
            "description": f"keep the newest {kept} images",
            "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": kept},
            "action": {"type": "expire"},
        },
    ]
    return json.dumps({"rules": rules}, sort_keys=True, separators=(",", ":"))
