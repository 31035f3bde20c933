"""Which resource types the program uses, read from its source: what it needs is known before it ever ran."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import infra
from awsmodel.catalogue import resource_types
from awsmodel.resource import ResourceType

_SDK = "pulumi_aws"
# What the program looks up, and the engine and the provider for themselves: who they are, zones, a login.
_LOOKED_UP = frozenset({"ec2", "ecr", "kms", "s3", "sts"})


@cache
def program_types() -> tuple[ResourceType, ...]:
    """The modelled types that some module of `infra/` makes, by token."""
    tokens = set()
    for path in Path(infra.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tokens |= {token for node in ast.walk(tree) if (token := _token(node))}
    return tuple(each for token, each in resource_types().items() if token in tokens)


@cache
def program_services() -> tuple[str, ...]:
    """The services that the program calls, as boto3 names them."""
    return tuple(sorted({each.service for each in program_types()} | _LOOKED_UP))


def _token(node: ast.AST) -> str:
    """The type that a node names such as `aws.ec2.Vpc`, or nothing."""
    path = [*_path(node)]
    if len(path) < 3 or path[0] != "aws":
        return ""
    found: Any = importlib.import_module(_SDK)
    for name in path[1:]:
        found = getattr(found, name, None)
    token = getattr(found, "pulumi_type", "")
    return token if isinstance(token, str) else ""


def _path(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield from _path(node.value)
        yield node.attr
    elif isinstance(node, ast.Name):
        yield node.id
