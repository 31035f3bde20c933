"""Every account's backends as one file, and back.

One pickle of all backends, so that what they share stays shared. It is bound to the versions of moto and
Python: it names moto's classes and fields, and holds code of its default factories. A line of JSON before it
says what it is, and proves that it is whole.
"""

from __future__ import annotations

import hashlib
import io
import json
import marshal
import pickle
import sys
import threading
import types
import weakref
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import moto
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend
from moto.s3.models import s3_backends
from moto.ssm.models import ParameterDict

from sandbox.controlplane.moto_host import backends

FORMAT = 1
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True, kw_only=True)
class Header:
    """What a snapshot says of itself, and the number of the first journal that goes on from it."""

    format: int
    moto: str
    python: str
    sha256: str
    journal: int


class SnapshotError(Exception):
    """The file cannot be used; the text says why."""


@dataclass(frozen=True)
class _State:
    backend_by_place: dict[tuple[str, str, str, str], BaseBackend]
    """By module and name of moto's dictionary (a service's name is not unique), account and region."""
    account_by_bucket: dict[str, tuple[str, str]]


def dump(account_ids: Iterable[str]) -> bytes:
    """Return what the accounts hold now. Nothing may write meanwhile."""
    account_ids = tuple(account_ids)
    state = _State(
        {
            (*_place(dictionary), account, region): backend
            for dictionary, account, region, backend in backends(account_ids)
        },
        {bucket: owner for bucket, owner in s3_backends.bucket_accounts.items() if owner[1] in account_ids},
    )
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=pickle.HIGHEST_PROTOCOL).dump(state)
    return buffer.getvalue()


def install(payload: bytes) -> None:
    """Put what `dump` returned into moto. Raises SnapshotError if it is not of this moto's making."""
    try:
        state: _State = pickle.loads(payload)  # noqa: S301 - our own file, private to the user, checked by its digest
    except Exception as error:
        raise SnapshotError(
            f"its content does not fit this sandbox ({type(error).__name__}: {error})"
        ) from error
    for (module, name, account_id, region), backend in state.backend_by_place.items():
        dict.__setitem__(_dictionary(module, name)[account_id], region, backend)
    s3_backends.bucket_accounts.update(state.account_by_bucket)


def pack(payload: bytes, journal: int) -> bytes:
    """Return the file for a payload; `journal` is the number of the first journal that is not in it."""
    header = Header(
        format=FORMAT,
        moto=moto.__version__,
        python=PYTHON,
        sha256=hashlib.sha256(payload).hexdigest(),
        journal=journal,
    )
    return json.dumps(asdict(header)).encode() + b"\n" + payload


def unpack(content: bytes) -> tuple[Header, bytes]:
    """Return the header and the payload of a file.

    Raises SnapshotError if it is not whole, or not for this version.
    """
    line, _, payload = content.partition(b"\n")
    try:
        document = json.loads(line)
        if document["format"] != FORMAT:
            raise SnapshotError(f"it has format {document['format']}; this sandbox reads format {FORMAT}")
        header = Header(**document)
    except (ValueError, KeyError, TypeError) as error:
        raise SnapshotError("it is not a snapshot, or its beginning is damaged") from error
    if (header.moto, header.python) != (moto.__version__, PYTHON):
        raise SnapshotError(
            f"it was made with moto {header.moto} on Python {header.python}; "
            f"here is moto {moto.__version__} on Python {PYTHON}"
        )
    if header.sha256 != hashlib.sha256(payload).hexdigest():
        raise SnapshotError("it is damaged or cut short: its checksum differs")
    return header, payload


def set_aside(folder: Path) -> Path:
    """Rename an unusable folder so that nothing overwrites it, make an empty one, and return its new path."""
    for number in range(1, 1000):
        aside = folder.with_name(f"{folder.name}.unusable-{number}")
        if not aside.exists():
            folder.rename(aside)
            folder.mkdir(mode=0o700)
            return aside
    raise FileExistsError(f"{folder.parent} is full of unusable states")


def _place(dictionary: BackendDict[Any]) -> tuple[str, str]:
    module = sys.modules[dictionary.backend.__module__]
    for candidate in (module, sys.modules[module.__name__.rpartition(".")[0]]):
        for name, value in vars(candidate).items():
            if value is dictionary:
                return candidate.__name__, name
    raise SnapshotError(f"moto keeps {dictionary.service_name} in a place unknown to the sandbox")


def _dictionary(module: str, name: str) -> BackendDict[Any]:
    __import__(module)
    dictionary: BackendDict[Any] = getattr(sys.modules[module], name)
    return dictionary


def _account_backend(module: str, name: str, account_id: str) -> AccountSpecificBackend[Any]:
    return _dictionary(module, name)[account_id]


def _load_private_key(data: bytes) -> object:
    return load_der_private_key(data, password=None)


def _load_certificate(data: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(data)


def _weak_values(items: dict[Any, Any]) -> weakref.WeakValueDictionary[Any, Any]:
    return weakref.WeakValueDictionary(items)


def _local_function(module: str, code: bytes) -> types.FunctionType:
    return types.FunctionType(marshal.loads(code), vars(sys.modules[module]))  # noqa: S302 - see install


def _reduce_function(function: types.FunctionType) -> Any:
    # moto's default factories: lambdas inside a constructor, which pickle cannot find by name.
    if "<locals>" not in function.__qualname__ or function.__closure__:
        return NotImplemented
    return _local_function, (function.__module__, marshal.dumps(function.__code__))


def _reduce_parameters(parameters: ParameterDict) -> Any:
    # A defaultdict whose constructor takes something else than a factory.
    place = (parameters.account_id, parameters.region_name)
    return ParameterDict, place, vars(parameters), None, iter(dict.items(parameters))


def _reduce_private_key(key: Any) -> tuple[Any, ...]:
    return _load_private_key, (key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),)


# What pickle cannot write by itself, and moto keeps in its backends.
_REDUCERS: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    (types.FunctionType, _reduce_function),
    (ParameterDict, _reduce_parameters),
    (type(threading.Lock()), lambda _: (threading.Lock, ())),
    (type(threading.RLock()), lambda _: (threading.RLock, ())),
    ((rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey), _reduce_private_key),
    (x509.Certificate, lambda certificate: (_load_certificate, (certificate.public_bytes(Encoding.DER),))),
    (weakref.WeakValueDictionary, lambda values: (_weak_values, (dict(values),))),
    (BackendDict, lambda dictionary: (_dictionary, _place(dictionary))),
)


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: Any) -> Any:
        for kind, reduce in _REDUCERS:
            if isinstance(obj, kind):
                return reduce(obj)
        return NotImplemented
