"""Derives a key for each line that comes, and answers how many milliseconds it took."""

from __future__ import annotations

import secrets
import sys
import time

from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13

for _ in sys.stdin:
    salt = secrets.token_bytes(16)
    start = time.perf_counter()
    crypto_pwhash_alg(
        32, b"correct horse battery staple", salt, 3, 64 * 1024 * 1024, crypto_pwhash_ALG_ARGON2ID13
    )
    print((time.perf_counter() - start) * 1000, flush=True)
