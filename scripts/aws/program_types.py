"""Which resource types the program uses, read from its source: what it needs is known before it ever ran."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import infra
from awsmodel.catalogue import resource_types
from awsmodel.resource import ResourceType

# What the program looks up, and the engine and the provider for themselves: who they are, zones, a login.
_LOOKED_UP = frozenset({"ec2", "ecr", "kms", "s3", "sts"})


@cache
def program_types() -> tuple[ResourceType, ...]:
    """The modelled types that some module of `infra/` makes, by token."""
    named = set[tuple[str, ...]]()
    for path in Path(infra.__file__).parent.rglob("*.py"):
        named |= _names(ast.parse(path.read_text(encoding="utf-8")))
    return tuple(each for token, each in resource_types().items() if _name(token) in named)


@cache
def program_services() -> tuple[str, ...]:
    """The services that the program calls, as boto3 names them."""
    return tuple(sorted({each.service for each in program_types()} | _LOOKED_UP))


def _names(tree: ast.AST) -> set[tuple[str, ...]]:
    """What a module names of the SDK, such as `aws.ec2.Vpc`: ("ec2", "Vpc")."""
    paths = (tuple(_path(node)) for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return {(path[1].rstrip("_"), path[2]) for path in paths if len(path) == 3 and path[0] == "aws"}


def _path(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield from _path(node.value)
        yield node.attr
    elif isinstance(node, ast.Name):
        yield node.id


def _name(token: str) -> tuple[str, ...]:
    """How the SDK calls the type `aws:ec2/vpc:Vpc`: ("ec2", "Vpc")."""
    _, module, kind = token.split(":")
    return module.split("/")[0], kind
