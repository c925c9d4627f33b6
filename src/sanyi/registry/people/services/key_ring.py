"""密钥: which keys seal and find personal numbers.

Two rings, never mixed: ``encryption`` (SM4, 16 bytes) seals values, ``lookup`` (HMAC-SM3, 32 bytes) makes the value by
which a number is found. A ring holds several keys under their ids; the last one is the present one, the older ones
stay so that what they sealed can be opened and found until it has been sealed anew.

Keys come from ``SANYI_PEOPLE_ENCRYPTION_KEYS`` and ``SANYI_PEOPLE_LOOKUP_KEYS`` or from the files
``people-encryption`` and ``people-lookup`` in the keys folder (mode 0600), one ``id:hexadecimal`` per line or comma.
Without either, a first key is made, but never while the database holds numbers sealed with a key that is gone.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.people.codes import KEYS_MISSING, KEYS_WRONG
from sanyi.registry.people.models import Credential

ENCRYPTION, LOOKUP = "encryption", "lookup"
_BYTES = {ENCRYPTION: 16, LOOKUP: 32}
_KEY = re.compile(r"([A-Za-z0-9_-]{1,16}):([0-9a-fA-F]+)")


@dataclass(frozen=True, slots=True)
class Ring:
    """密钥环: keys by id, in order; ``present`` is the id of the last one."""

    name: str
    keys: Mapping[str, bytes]

    @property
    def present(self) -> str:
        """当前密钥编号."""
        return list(self.keys)[-1]

    def key(self, key_id: str) -> bytes:
        """取密钥: RefusedError when it is not in the ring."""
        found = self.keys.get(key_id)
        if found is None:
            raise RefusedError(KEYS_MISSING(key_id=key_id))
        return found


def encryption() -> Ring:
    """加密密钥环."""
    return _ring(ENCRYPTION)


def lookup() -> Ring:
    """查找密钥环."""
    return _ring(LOOKUP)


def parse(name: str, text: str, source: str) -> Ring:
    """读取密钥: RefusedError when a key is written wrongly, has a wrong length, or an id occurs twice."""
    keys: dict[str, bytes] = {}
    parts = [part for part in re.split(r"[\s,]+", text) if part]
    for part in parts:
        match = _KEY.fullmatch(part)
        if match is None or len(match[2]) != 2 * _BYTES[name] or match[1] in keys:
            raise RefusedError(KEYS_WRONG(source=source))
        keys[match[1]] = bytes.fromhex(match[2])
    if not keys:
        raise RefusedError(KEYS_WRONG(source=source))
    return Ring(name, keys)


def forget() -> None:
    """重读密钥: the next use reads the environment and the files again."""
    _parsed.cache_clear()
    _from_file.cache_clear()


def _ring(name: str) -> Ring:
    variable = f"SANYI_PEOPLE_{name.upper()}_KEYS"
    given = os.environ.get(variable, "")
    if given:
        return _parsed(name, given, variable)
    path = Path(settings.KEYS_ROOT) / f"people-{name}"
    if not path.exists():
        _make(name, path)
    return _from_file(name, str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _parsed(name: str, text: str, source: str) -> Ring:
    return parse(name, text, source)


@lru_cache(maxsize=16)
def _from_file(name: str, path: str, _changed: int) -> Ring:
    return parse(name, Path(path).read_text(encoding="ascii"), Path(path).name)


def _make(name: str, path: Path) -> None:
    """Write a first key beside the file and link it into place: nobody reads half a key or makes a second one."""
    column = "key_id" if name == ENCRYPTION else "lookup_key_id"
    orphan = Credential.objects.values_list(column, flat=True).first()
    if orphan is not None:
        raise RefusedError(KEYS_MISSING(key_id=orphan))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"k{secrets.token_hex(4)}:{secrets.token_hex(_BYTES[name])}\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        draft.unlink()
