"""Makes one call of a table: parameters in, answer out, errors that name the property at fault."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jmespath
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.model import ListShape, OperationModel, Shape, StructureShape

from awsmodel.clients import Clients
from awsmodel.convert import Converter
from awsmodel.errors import ModelError
from awsmodel.names import Properties
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


# what AWS answers where the caller is at fault, or the moment
_REFUSED = re.compile(
    "AccessDenied|Unauthorized|AuthFailure|ExpiredToken|Throttl|LimitExceeded|TooManyRequests"
)
# a member in quotes, or after a word that announces it
_NAMED = r"(['\"`]|(parameter|member|field|attribute|argument|at) +)%s\b"


class Caller:
    """Makes the calls of one resource type."""

    def __init__(self, service: str, clients: Clients, converter: Converter) -> None:
        self._service = service
        self._clients = clients
        self.converter = converter
        self._taken: dict[int, frozenset[str]] = {}

    def takes(self, call: Call) -> frozenset[str]:
        """The properties that the call sends."""
        known = self._taken.get(id(call))
        if known is None:
            known = call.properties
            if known is None:
                shape = self.structure(call)
                # what names the resource is no property that the call could change
                known = frozenset(
                    name
                    for name in self.converter.taken_by(shape)
                    if not call.identify.keys() & set(self.converter.members_of(shape, name)[:1])
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
        client = self._clients.get(self._service, region or known.get("region"))
        known = {**known, **self._place(client)}
        if call.look_up:
            known |= self.properties(call.look_up, self.result(call.look_up, known, region=region))
        built = call.build(known) if call.build else {}
        shape = _input(self._model(call))
        taken = {name: sent[name] for name in self.takes(call) if name in sent}
        # what is put as a whole loses what is left out; what is changed keeps it
        taken_away = [] if call.whole else [name for name, value in taken.items() if value is None]
        params = self.converter.to_api(self.structure(call), taken, taken_away)
        if call.inside:
            params = {call.inside: [params]}
        answer = None
        for part in built if isinstance(built, list) else [built]:
            if part is not None:
                whole = params | self._identity(call, shape, known) | part | dict(call.fixed) | (extra or {})
                answer = self._made(call, client, whole, known, taken.keys())
        return answer

    def _made(
        self, call: Call, client: Any, params: Params, known: Properties, sent: Iterable[str]
    ) -> dict[str, Any]:
        try:
            if call.before:
                call.before(client, known)
            answer: dict[str, Any] = getattr(client, call.operation)(**params)
            if call.after:
                answer = call.after(client, params, answer)
        except ClientError as error:
            fault = self._at_fault(call, error, params, sent)
            raise AwsError.of(error, call.operation, property_path=fault) from error
        except ParamValidationError as error:
            message = " ".join(str(error).split())
            raise AwsError(
                "ParamValidation", message, call.operation, property_path=self._invalid(call, message)
            ) from error
        except BotoCoreError as error:
            raise AwsError(type(error).__name__, " ".join(str(error).split()), call.operation) from error
        # calls over several resources succeed although one of them failed: those of EC2, and of EventBridge
        for failed in answer.get("Unsuccessful") or answer.get("FailedEntries") or ():
            detail = failed.get("Error") or {key.removeprefix("Error"): text for key, text in failed.items()}
            raise AwsError(detail.get("Code", "Unknown"), detail.get("Message", "no message"), call.operation)
        return answer

    def result(self, call: Call, known: Mapping[str, Any], *, region: str | None = None) -> Any:
        """The part of the answer that `call.result` points to, or None."""
        found = jmespath.search(call.result, self.call(call, {}, known, region=region))
        return call.pick(found, dict(known)) if call.pick and found is not None else found

    def properties(self, call: Call, item: Any) -> Properties:
        """What a result says in Pulumi's properties."""
        shown: Properties = {}
        shape = _shape_at(self._model(call).output_shape, call.result)
        if isinstance(item, Mapping) and isinstance(shape, StructureShape):
            shown = self.converter.from_api(shape, item)
            if call.properties is not None:
                shown = {name: value for name, value in shown.items() if name in call.properties}
        if call.decode:
            shown |= call.decode(item)
        return shown

    def pages(self, call: Call) -> Iterator[str]:
        """What `call.result` finds on every page of a listing, as texts."""
        client = self._clients.get(self._service)
        place = self._place(client)
        params = self._identity(call, _input(self._model(call)), place) | dict(call.fixed)
        if client.can_paginate(call.operation):
            answers: Iterator[Any] = iter(client.get_paginator(call.operation).paginate(**params))
        else:
            answers = (getattr(client, call.operation)(**each) for each in (params,))
        try:
            for answer in answers:
                for found in jmespath.search(filled(call.result, place), answer) or ():
                    yield call.decode(found)["id"] if call.decode else str(found)
        except ClientError as error:
            refused = AwsError.of(error, call.operation)
            if refused.code not in call.unless:
                raise refused from error

    def _place(self, client: Any) -> Properties:
        return {"region": client.meta.region_name, "account_id": self._clients.scope.account_id}

    def _model(self, call: Call) -> OperationModel:
        client = self._clients.get(self._service)
        model: OperationModel = client.meta.service_model.operation_model(
            client.meta.method_to_api_mapping[call.operation]
        )
        return model

    def structure(self, call: Call) -> StructureShape:
        """The structure that holds the properties that the call sends."""
        shape = _input(self._model(call))
        if not call.inside:
            return shape
        item = shape.members[call.inside].member  # type: ignore[attr-defined]  # a list of structures
        assert isinstance(item, StructureShape)
        return item

    def _identity(self, call: Call, shape: StructureShape, known: Mapping[str, Any]) -> Params:
        identity: Params = {}
        for member, source in call.identify.items():
            value = known.get(source)
            if value is not None:
                identity[member] = [value] if isinstance(shape.members.get(member), ListShape) else value
        return identity

    def _at_fault(self, call: Call, error: ClientError, params: Params, sent: Iterable[str]) -> str:
        """The property, among those sent, that AWS's answer names by its member or by its value.

        Nothing where AWS refuses the caller and not what was sent. A member that is a word of the language,
        such as `Policy`, counts only where it is named as a member.
        """
        code, message = (str(error.response.get("Error", {}).get(key) or "") for key in ("Code", "Message"))
        if _REFUSED.search(code):
            return ""
        members = {name: member for name, member in self._members(call, sent) if member in params}
        words = {word.strip(".:") for word in re.findall(r"[\w./:-]+", message)}
        folded = {word.lower() for word in words}
        for name, member in members.items():
            is_compound = re.search(r"[a-z][A-Z]", member) is not None
            if member.lower() in folded and (is_compound or re.search(_NAMED % member, message, re.I)):
                return name
        values = {str(params[member]): name for name, member in members.items()}
        found = [value for value in values if len(value) > 2 and value in words]
        if found:
            return values[max(found, key=len)]
        # InvalidSubnetID.NotFound, MalformedPolicyDocument
        return next((name for name, member in members.items() if _is_in_code(member, code)), "")

    def _invalid(self, call: Call, message: str) -> str:
        """The property whose member botocore found to be wrong or missing before anything was sent."""
        wrong = re.search(r"parameter (?!in input)(?:in )?(\w+)|parameter in input: \"(\w+)\"", message)
        at_fault = (wrong[1] or wrong[2]) if wrong else ""
        named = dict(self._members(call, self.converter.schema))
        return next((name for name, member in named.items() if member == at_fault), "")

    def _members(self, call: Call, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Each property that the call has a member for, with that member."""
        shape = self.structure(call)
        for name in sorted(names):
            if path := self.converter.members_of(shape, name):
                yield name, path[0]


def _is_in_code(member: str, code: str) -> bool:
    """Whether the words of an error code hold a member: `SubnetId` in `InvalidSubnetID.NotFound`."""
    return re.search(f"{member[0].upper()}(?i:{re.escape(member[1:])})", code) is not None


def _input(model: OperationModel) -> StructureShape:
    return (
        model.input_shape if model.input_shape is not None else StructureShape("Empty", {"type": "structure"})
    )


def filled(path: str, known: Mapping[str, Any]) -> str:
    """The path with the properties in its braces, which stand in quotes; one that is not known is empty."""
    return re.sub(r"\{(\w+)\}", lambda match: str(known.get(match[1], "")).replace("'", r"\'"), path)


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
