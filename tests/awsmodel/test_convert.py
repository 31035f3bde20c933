"""Names and values between Pulumi and the API."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.model import DenormalizedStructureBuilder, StructureShape
from hypothesis import given
from hypothesis import strategies as st

from awsmodel.convert import Converter
from awsmodel.errors import ModelError
from awsmodel.names import JSON_TEXT, Field, Names
from awsmodel.schema import Kind, Property

TEXT = Property(kind=Kind.STRING)
NUMBER = Property(kind=Kind.INTEGER)
FLAG = Property(kind=Kind.BOOLEAN)


class ObjectProperty(Property):
    """An object with given fields, where the SDK's would be read from its source."""

    def __init__(self, fields: dict[str, Property]) -> None:
        super().__init__(kind=Kind.OBJECT)
        object.__setattr__(self, "_fields", fields)

    @property
    def fields(self) -> dict[str, Property]:
        return self._fields  # type: ignore[attr-defined, no-any-return]


def shape(members: dict[str, Any]) -> StructureShape:
    return DenormalizedStructureBuilder().with_members(members).build_model()


def converter(schema: dict[str, Property], names: Names | None = None, *flat: str) -> Converter:
    return Converter(schema=schema, names=names or {}, flat=frozenset(flat))


STRING = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "names", "flat", "members", "properties", "params"),
    [
        pytest.param(
            {"cidrBlock": TEXT},
            {},
            (),
            {"CidrBlock": STRING},
            {"cidrBlock": "a"},
            {"CidrBlock": "a"},
            id="the same name in another case",
        ),
        pytest.param(
            {"name": TEXT},
            {"name": "LoadBalancerName"},
            (),
            {"LoadBalancerName": STRING},
            {"name": "a"},
            {"LoadBalancerName": "a"},
            id="another name",
        ),
        pytest.param(
            {"kmsKey": TEXT},
            {"kmsKey": "Encryption.Key"},
            (),
            {"Encryption": {"type": "structure", "members": {"Key": STRING}}},
            {"kmsKey": "a"},
            {"Encryption": {"Key": "a"}},
            id="one level deeper in the API",
        ),
        pytest.param(
            {"check": ObjectProperty({"interval": NUMBER})},
            {"check.interval": "CheckIntervalSeconds"},
            ("check",),
            {"CheckIntervalSeconds": {"type": "integer"}},
            {"check": {"interval": 5}},
            {"CheckIntervalSeconds": 5},
            id="an object that only Pulumi has",
        ),
        pytest.param(
            {"rule": ObjectProperty({"kind": TEXT})},
            {"rule.kind": "Type"},
            (),
            {"Rule": {"type": "list", "member": {"type": "structure", "members": {"Type": STRING}}}},
            {"rule": {"kind": "a"}},
            {"Rule": [{"Type": "a"}]},
            id="an object that is a list of one in the API",
        ),
        pytest.param(
            {"rules": Property(kind=Kind.LIST, item=ObjectProperty({"kind": TEXT}))},
            {},
            (),
            {"Rules": {"type": "structure", "members": {"Kind": STRING}}},
            {"rules": [{"kind": "a"}]},
            {"Rules": {"Kind": "a"}},
            id="a list that is an object in the API",
        ),
        pytest.param(
            {"bakeTime": TEXT},
            {},
            (),
            {"BakeTime": {"type": "integer"}},
            {"bakeTime": "5"},
            {"BakeTime": 5},
            id="a text that is a number in the API",
        ),
        pytest.param(
            {"documents": TEXT},
            {"documents": Field("Documents", JSON_TEXT)},
            (),
            {"Documents": {"type": "list", "member": STRING}},
            {"documents": '["a"]'},
            {"Documents": ["a"]},
            id="a JSON text that is a structure in the API",
        ),
        pytest.param(
            {"enabled": FLAG},
            {},
            (),
            {"Enabled": {"type": "structure", "members": {"Value": {"type": "boolean"}}}},
            {"enabled": True},
            {"Enabled": {"Value": True}},
            id="a flag that EC2 wraps",
        ),
        pytest.param(
            {"labels": Property(kind=Kind.MAP, item=TEXT)},
            {},
            (),
            {"Labels": {"type": "map", "key": STRING, "value": STRING}},
            {"labels": {"A-b": "c"}},
            {"Labels": {"A-b": "c"}},
            id="a map keeps the case of its keys",
        ),
    ],
)
def test_properties_become_parameters_and_come_back(
    schema: dict[str, Property],
    names: Names,
    flat: tuple[str, ...],
    members: dict[str, Any],
    properties: dict[str, Any],
    params: dict[str, Any],
) -> None:
    both = converter(schema, names, *flat)
    assert both.to_api(shape(members), properties) == params
    assert both.from_api(shape(members), params) == properties
    assert both.taken_by(shape(members)) == schema.keys()


def test_a_property_that_the_operation_does_not_have_is_left_out() -> None:
    one = converter({"name": TEXT, "other": TEXT})
    assert one.to_api(shape({"Name": STRING}), {"name": "a", "other": "b"}) == {"Name": "a"}
    assert one.taken_by(shape({"Name": STRING})) == {"name"}


def test_a_value_of_the_wrong_kind_names_its_property() -> None:
    with pytest.raises(ModelError) as caught:
        converter({"size": NUMBER}).to_api(shape({"Size": {"type": "integer"}}), {"size": "many"})
    assert caught.value.property_path == "size"
    assert "many" in caught.value.message


def test_a_policy_that_botocore_parsed_reads_back_as_text() -> None:
    one = converter({"policy": TEXT})
    assert one.from_api(shape({"Policy": STRING}), {"Policy": {"Statement": []}}) == {
        "policy": '{"Statement":[]}'
    }


@given(st.dictionaries(st.sampled_from(["one", "two", "three"]), st.text(min_size=1)))
def test_what_is_written_is_what_is_read(properties: dict[str, str]) -> None:
    one = converter({"one": TEXT, "two": TEXT, "three": TEXT}, {"two": "Deep.Er", "three": "Other"})
    members = {
        "One": STRING,
        "Deep": {"type": "structure", "members": {"Er": STRING}},
        "Other": STRING,
    }
    assert one.from_api(shape(members), one.to_api(shape(members), properties)) == properties
