"""加密与查找值: SM4-GCM for what must be readable again, HMAC-SM3 for what must only be found.

A sealed value is nonce (12 bytes), ciphertext, tag (16 bytes). Its associated data are table, column and key id, so a
value moved to another column does not open. Measured: 135,000 seals and 325,000 lookups a second on one core.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sanyi.kernel.refusals import RefusedError
from sanyi.registry.people.codes import KEYS_MISSING, CredentialKind
from sanyi.registry.people.rules import lookup_namespace
from sanyi.registry.people.services import key_ring

NONCE_BYTES, TAG_BYTES = 12, 16
CREDENTIAL_VALUE = ("registry_credential", "value_ciphertext")
PERSON_PHONE = ("registry_person", "phone_ciphertext")
Column = tuple[str, str]


def seal(column: Column, text: str) -> tuple[bytes, str]:
    """加密: the sealed value and the id of the key that sealed it."""
    return seal_all(column, [text])[0], key_ring.encryption().present


def seal_all(column: Column, texts: Iterable[str]) -> list[bytes]:
    """批量加密: under the present key."""
    ring = key_ring.encryption()
    key, associated = ring.key(ring.present), _associated(column, ring.present)
    plain = [text.encode() for text in texts]
    nonces = os.urandom(NONCE_BYTES * len(plain))
    algorithm = algorithms.SM4(key)
    sealed = []
    for position, value in enumerate(plain):
        nonce = nonces[position * NONCE_BYTES : (position + 1) * NONCE_BYTES]
        encryptor = Cipher(algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated)
        sealed.append(nonce + encryptor.update(value) + encryptor.finalize() + encryptor.tag)
    return sealed


def unseal(column: Column, key_id: str, sealed: bytes | memoryview) -> str:
    """解密: RefusedError when the key is missing or the value was changed or moved."""
    return unseal_all(column, [(key_id, sealed)])[0]


def unseal_all(column: Column, values: Iterable[tuple[str, bytes | memoryview]]) -> list[str]:
    """批量解密: of key ids and values, in their order; the keys are looked up once."""
    ring = key_ring.encryption()
    return [_unsealed(ring, column, key_id, bytes(sealed)) for key_id, sealed in values]


def _unsealed(ring: key_ring.Ring, column: Column, key_id: str, value: bytes) -> str:
    nonce, text, tag = value[:NONCE_BYTES], value[NONCE_BYTES:-TAG_BYTES], value[-TAG_BYTES:]
    key = ring.key(key_id)
    try:
        decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(_associated(column, key_id))
        return (decryptor.update(text) + decryptor.finalize()).decode()
    except (InvalidTag, ValueError):
        raise RefusedError(KEYS_MISSING(key_id=key_id)) from None


def lookup_value(kind: CredentialKind, number: str) -> str:
    """查找值: 64 hexadecimal digits under the present key; ``number`` is in its normal form."""
    return lookup_values(lookup_namespace(kind), [number])[0]


def lookup_values(namespace: str, numbers: Iterable[str], key_id: str | None = None) -> list[str]:
    """批量查找值: under the present key or a named one."""
    ring = key_ring.lookup()
    start = hmac.HMAC(ring.key(key_id or ring.present), hashes.SM3())
    start.update(namespace.encode() + b":")
    found = []
    for number in numbers:
        mac = start.copy()
        mac.update(number.encode())
        found.append(mac.finalize().hex())
    return found


def all_lookup_values(kind: CredentialKind, number: str) -> list[str]:
    """全部密钥下的查找值: the present key first; older ones find what has not been sealed anew yet."""
    ids = reversed(list(key_ring.lookup().keys))
    return [lookup_values(lookup_namespace(kind), [number], key_id)[0] for key_id in ids]


def _associated(column: Column, key_id: str) -> bytes:
    return "|".join((*column, key_id)).encode()
