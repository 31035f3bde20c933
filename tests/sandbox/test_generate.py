"""Python from the engine's description of imported resources."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.languagehost.generate import GenerateError, generate

DESCRIPTION = """
resource net "aws:ec2/vpc:Vpc" {
  __logicalName = "the net"
  cidrBlock = "10.0.0.0/16"
  enableDnsSupport = true
  tags = {
    "Cost-Center" = "a$${b}"
  }
  options {
    protect = true
  }
}

resource tier "aws:ec2/subnet:Subnet" {
  vpcId = net.id
  cidrBlock = "10.0.1.0/24"
}
"""


def test_an_imported_resource_becomes_the_python_that_declares_it() -> None:
    assert generate(DESCRIPTION) == (
        "import pulumi\n"
        "import pulumi_aws as aws\n"
        "\n"
        "net = aws.ec2.Vpc(\n"
        '    "the net",\n'
        '    cidr_block="10.0.0.0/16",\n'
        "    enable_dns_support=True,\n"
        "    tags={\n"
        '        "Cost-Center": "a${b}",\n'
        "    },\n"
        "    opts=pulumi.ResourceOptions(protect=True),\n"
        ")\n"
        "tier = aws.ec2.Subnet(\n"
        '    "tier",\n'
        "    vpc_id=net.id,\n"
        '    cidr_block="10.0.1.0/24",\n'
        ")\n"
    )


def test_the_fields_of_an_object_are_spelled_as_python_spells_them() -> None:
    program = generate(
        'resource s "aws:ecs/service:Service" {\n deploymentConfiguration = {\n'
        "  canaryConfiguration = { canaryPercent = 10 }\n }\n}\n"
    )
    assert '"canary_configuration": {' in program
    assert '"canary_percent": 10' in program


@given(
    st.recursive(
        st.booleans() | st.integers(-1000, 1000) | st.text(st.characters(exclude_categories=["Cs", "Cc"])),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z]+", fullmatch=True), inner)
        ),
        max_leaves=8,
    )
)
def test_every_literal_becomes_the_same_value_in_python(value: Any) -> None:
    program = generate(f'resource it "other:a:B" {{\n  tags = {_hcl(value)}\n}}\n')
    call = ast.parse(program).body[-1]
    assert isinstance(call, ast.Assign)
    assert isinstance(call.value, ast.Call)
    assert ast.literal_eval(call.value.keywords[0].value) == value


def _hcl(value: Any) -> str:
    if isinstance(value, dict):
        return "{\n" + "".join(f"{key} = {_hcl(entry)}\n" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_hcl(entry) for entry in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    return json.dumps(value)


@pytest.mark.parametrize("source", ["resource", "resource a {", 'resource a "b" { c = }', "§"])
def test_what_no_import_describes_is_refused(source: str) -> None:
    with pytest.raises(GenerateError):
        generate(source)
