"""审计链密钥: the key of the chain's digests, so that whoever can only write the database cannot forge the chain."""

import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from django.conf import settings

VARIABLE = "SANYI_AUDIT_KEY"


@dataclass(frozen=True, slots=True)
class ChainKey:
    """密钥: the secret and the eight hexadecimal digits by which entries name it."""

    secret: bytes
    key_id: str


def current() -> ChainKey:
    """当前密钥: from the environment (hexadecimal), or kept in the keys folder with mode 0600."""
    return _load(os.environ.get(VARIABLE, ""), Path(settings.KEYS_ROOT))


@lru_cache(maxsize=4)
def _load(given: str, folder: Path) -> ChainKey:
    secret = bytes.fromhex(given) if given else _kept(folder / "audit-trail")
    if len(secret) < 32:
        raise ValueError(f"{VARIABLE} 至少需要 64 个十六进制字符。")
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"key id" + secret)
    return ChainKey(secret, digest.finalize().hex()[:8])


def _kept(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return bytes.fromhex(path.read_text().strip())
