"""What guards the secrets of a stack's state, as its file says: a passphrase, or a key of a cloud.

The engine rewrites a stack file as a whole where it changes these lines, and loses comments; so these lines
are changed here, and nothing else of the file.
"""

from __future__ import annotations

import re

import yaml

_LINES = ("encryptionsalt", "secretsprovider", "encryptedkey")
_LINE = re.compile(rf"^(?:{'|'.join(_LINES)}):.*\n?", re.MULTILINE)
# What stands above the line in the files of this project, and is about it alone.
_ABOUT = re.compile(r"^#.*\bpassphrase of this salt\b.*\n", re.MULTILINE)
_CONFIG = re.compile(r"^config:", re.MULTILINE)


def provider(text: str) -> str:
    """The secrets provider that a stack file names, or nothing where a passphrase guards it."""
    named = _document(text).get("secretsprovider") or ""
    return "" if named in ("default", "passphrase") else str(named)


def encrypted_key(text: str) -> str:
    """The key of a stack's secrets, which the provider has encrypted, in base64; or nothing."""
    return str(_document(text).get("encryptedkey") or "")


def by_cloud(text: str, provider: str, encrypted_key: str) -> str:
    """A stack file whose secrets are guarded by a key of a cloud."""
    return _with_lines(text, f"secretsprovider: {provider}\nencryptedkey: {encrypted_key}\n")


def by_passphrase(text: str, salt: str) -> str:
    """A stack file whose secrets are guarded by the passphrase of a salt."""
    return _with_lines(text, f"encryptionsalt: {salt}\n")


def _with_lines(text: str, lines: str) -> str:
    text = _ABOUT.sub("", text)
    found = _LINE.search(text) or _CONFIG.search(text)
    where = found.start() if found else 0
    return f"{text[:where]}{lines}{_LINE.sub('', text[where:])}"


def _document(text: str) -> dict[str, object]:
    document = yaml.safe_load(text)
    return document if isinstance(document, dict) else {}
