"""Of docs/reference, what is refused before anything is made: each rule with its source."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from awsmodel.catalogue import resource_types
from awsmodel.rule import Rule, TypeRules
from awsmodel.rulebook import rulebook


def rules() -> str:
    """The page: what is checked without a table, then a table for each type, then the types without one."""
    return "\n".join([*_head(), *_tables(), *_without()]) + "\n"


def _head() -> Iterator[str]:
    written = sum(len(each.rules) for each in rulebook().values())
    yield "# Rules of the official provider"
    yield ""
    yield "<!-- printed by `make reference` from awsmodel/rules; change it there -->"
    yield ""
    yield "A program that the sandbox takes should be one that the official pulumi-aws plugin takes. So the"
    yield "sandbox's provider checks the inputs of each resource at `pulumi preview`, by three sources:"
    yield ""
    yield "- **the SDK**: the kind of each property, at every depth; names that do not exist; properties that"
    yield "  an object needs."
    yield "- **AWS's service models**, as botocore has them: enumerations, lengths, ranges, patterns, numbers"
    yield "  of items, required members, for each property that [the model](resource-types.md) maps to a"
    yield "  member. They are read where they are and not written down a second time."
    yield f"- **the {written} rules below**, of {len(rulebook())} types, for what neither says:"
    yield "  exclusive and required arguments, formats, JSON documents, networks, names."
    yield ""
    yield "A source is the file and the validator of the Terraform AWS provider, which the official plugin"
    yield "is made of; or the page and the argument in the SDK's documentation; or, after `AWS:`, the page of"
    yield "AWS that says so: such a value passes the official plugin's preview and fails in its `pulumi up`."
    yield "The provider changes; where it takes more than a rule here, the rule is wrong, and goes."
    yield ""
    yield "What is not known before a deployment is not judged. In a path, `[]` is each item of a list, `.*`"
    yield "each value of a map, and an empty path the resource itself."


def _tables() -> Iterator[str]:
    for module, each in groupby(rulebook().values(), key=lambda known: known.of.split(":")[1].split("/")[0]):
        yield from ("", f"## {module}")
        for known in each:
            yield from ("", f"### {known.of.rpartition(':')[2]}", "", f"`{known.of}`", "")
            yield from _table(known)


def _table(known: TypeRules) -> Iterator[str]:
    yield "| property | kind | it must | source |"
    yield "| --- | --- | --- | --- |"
    for rule in known.sourced:
        yield f"| {_path(rule)} | {rule.check.kind} | {_cell(rule.check.allowed)} | {_cell(rule.source)} |"


def _path(rule: Rule) -> str:
    return f"`{rule.path}`" if rule.path else ""


def _cell(text: str) -> str:
    """Text that a table takes: a bar would end the cell, and an angle bracket begin a tag."""
    return text.replace("|", r"\|").replace("<", "&lt;")


def _without() -> Iterator[str]:
    yield from ("", "## Types without rules of their own", "")
    yield "The SDK and the service models alone are what is known of them:"
    yield ""
    yield from (f"- `{token}`" for token in resource_types() if token not in rulebook())
