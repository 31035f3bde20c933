"""Makes one call of a table: parameters in, answer out, errors that name the property at fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jmespath
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.model import ListShape, OperationModel, Shape, StructureShape

from awsmodel.clients import Clients
from awsmodel.convert import Converter, Properties
from awsmodel.errors import ModelError
from awsmodel.resource import Call, Params


class AwsError(ModelError):
    """What AWS answered: `code` is its error code, the message its own words."""

    def __init__(self, code: str, message: str, operation: str, *, property_path: str = "") -> None:
        super().__init__(f"{operation}: {code}: {message}", property_path=property_path)
        self.code = code

    @classmethod
    def of(cls, error: ClientError, operation: str, *, property_path: str = "") -> AwsError:
        detail = error.response.get("Error", {})
        message = detail.get("Message") or "no message"
        return cls(detail.get("Code") or "Unknown", message, operation, property_path=property_path)

    @classmethod
    def timeout(cls, operation: str) -> AwsError:
        return cls("Timeout", "no answer in time", operation)


class Caller:
    """Makes the calls of one resource type."""

    def __init__(self, service: str, clients: Clients, converter: Converter) -> None:
        self._service = service
        self._clients = clients
        self._converter = converter
        self._taken: dict[int, frozenset[str]] = {}

    def takes(self, call: Call) -> frozenset[str]:
        """The properties that the call sends."""
        known = self._taken.get(id(call))
        if known is None:
            known = call.properties
            if known is None:
                shape = _input(self._model(call))
                # what names the resource is no property that the call could change
                known = frozenset(
                    name
                    for name in self._converter.taken_by(shape)
                    if not call.identify.keys() & set(self._converter.members_of(shape, name)[:1])
                )
            self._taken[id(call)] = known
        return known

    def call(
        self,
        call: Call,
        sent: Mapping[str, Any],
        known: Mapping[str, Any],
        *,
        region: str | None = None,
        extra: Params | None = None,
    ) -> dict[str, Any] | None:
        """Makes the call with the `sent` properties; `known` are all, for what identifies and what is built.

        Gives the answer, or None when there was nothing to call for.

        A property that is sent as None is taken away: an update that left it out would leave it as it is.

        Raises AwsError with AWS's own code and message.
        """
        client = self._clients.get(call.service or self._service, region or known.get("region"))
        known = {**known, "region": client.meta.region_name}
        if call.look_up:
            known |= self.properties(call.look_up, self.result(call.look_up, known, region=region))
        built = call.build(known) if call.build else {}
        shape = _input(self._model(call))
        taken = {name: sent[name] for name in self.takes(call) if name in sent}
        # what is put as a whole loses what is left out; what is changed keeps it
        taken_away = [] if call.whole else [name for name, value in taken.items() if value is None]
        params = self._converter.to_api(shape, taken, taken_away)
        answer = None
        for part in built if isinstance(built, list) else [built]:
            if part is not None:
                whole = params | self._identity(call, shape, known) | part | dict(call.fixed) | (extra or {})
                answer = self._made(call, client, whole, known, shape)
        return answer

    def _made(
        self, call: Call, client: Any, params: Params, known: Properties, shape: StructureShape
    ) -> dict[str, Any]:
        try:
            if call.before:
                call.before(client, known)
            answer: dict[str, Any] = getattr(client, call.operation)(**params)
        except ClientError as error:
            raise self._explained(error, call, params, shape) from error
        except ParamValidationError as error:
            message = " ".join(str(error).split())
            raise AwsError(
                "ParamValidation", message, call.operation, property_path=self._fault(message, params, shape)
            ) from error
        except BotoCoreError as error:
            raise AwsError(type(error).__name__, " ".join(str(error).split()), call.operation) from error
        # EC2's calls over several resources succeed although one of them failed
        for failed in answer.get("Unsuccessful") or ():
            detail = failed.get("Error") or {}
            raise AwsError(detail.get("Code", "Unknown"), detail.get("Message", "no message"), call.operation)
        return answer

    def result(self, call: Call, known: Mapping[str, Any], *, region: str | None = None) -> Any:
        """The part of the answer that `call.result` points to, or None."""
        found = jmespath.search(filled(call.result, known), self.call(call, {}, known, region=region))
        return call.pick(found, dict(known)) if call.pick and found is not None else found

    def properties(self, call: Call, item: Any) -> Properties:
        """What a result says in Pulumi's properties."""
        shown: Properties = {}
        shape = _shape_at(self._model(call).output_shape, call.result)
        if isinstance(item, Mapping) and isinstance(shape, StructureShape):
            shown = self._converter.from_api(shape, item)
            if call.properties is not None:
                shown = {name: value for name, value in shown.items() if name in call.properties}
        if call.decode:
            shown |= call.decode(item)
        return shown

    def pages(self, call: Call) -> Iterator[str]:
        """What `call.result` finds on every page of a listing, as texts."""
        client = self._clients.get(call.service or self._service)
        params = dict(call.fixed)
        if client.can_paginate(call.operation):
            answers: Iterator[Any] = iter(client.get_paginator(call.operation).paginate(**params))
        else:
            answers = iter((getattr(client, call.operation)(**params),))
        for answer in answers:
            for found in jmespath.search(call.result, answer) or ():
                yield call.decode(found)["id"] if call.decode else str(found)

    def _model(self, call: Call) -> OperationModel:
        client = self._clients.get(call.service or self._service)
        model: OperationModel = client.meta.service_model.operation_model(
            client.meta.method_to_api_mapping[call.operation]
        )
        return model

    def _identity(self, call: Call, shape: StructureShape, known: Mapping[str, Any]) -> Params:
        identity: Params = {}
        for member, source in call.identify.items():
            value = filled(source, known) if "{" in source else known.get(source)
            if value is not None:
                identity[member] = [value] if isinstance(shape.members.get(member), ListShape) else value
        return identity

    def _explained(self, error: ClientError, call: Call, params: Params, shape: StructureShape) -> AwsError:
        message = error.response.get("Error", {}).get("Message") or "no message"
        return AwsError.of(error, call.operation, property_path=self._fault(message, params, shape))

    def _fault(self, message: str, params: Params, shape: StructureShape) -> str:
        """The property whose member or value AWS's message names, or nothing."""
        words = set(re.findall(r"[\w./:-]+", message.replace("'", " ")))
        folded = {word.lower() for word in words}
        for name in self._converter.schema:
            member = next(iter(self._converter.members_of(shape, name)), None)
            if member in params and member.lower() in folded:
                return name
        for name in self._converter.schema:
            member = next(iter(self._converter.members_of(shape, name)), None)
            value = params.get(member) if member else None
            if isinstance(value, str) and len(value) > 2 and value in words:
                return name
        return ""


def _input(model: OperationModel) -> StructureShape:
    return model.input_shape if model.input_shape is not None else StructureShape("Empty", {"members": {}})


def filled(text: str, known: Mapping[str, Any]) -> str:
    """The text with the properties in its braces; one that is not known is empty."""
    return re.sub(r"\{(\w+)\}", lambda match: str(known.get(match[1], "")), text) if "{" in text else text


def _shape_at(shape: Shape | None, path: str) -> Shape | None:
    """The shape that a path such as `Vpcs[0]` or `Routes[?x=='y'] | [0]` leads to."""
    for step in re.findall(r"[A-Za-z_]\w*", re.sub(r"\[[^\]]*\]", "", path)):
        while isinstance(shape, ListShape):
            shape = shape.member
        if not isinstance(shape, StructureShape) or step not in shape.members:
            return None
        shape = shape.members[step]
    while isinstance(shape, ListShape) and "[" in path:
        shape = shape.member
    return shape
