"""Published answers against what the Python side calls: NaCl's box and secretbox, RFC 9106."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_connector.errors import ProtocolError
from kernel_connector.protocol import Request, Want
from kernel_connector.vault import keys
from kernel_connector.vault.suites import NACL, open_sealed, seal

# "Cryptography in NaCl" (Bernstein, 2009), sections 4 to 10; in NaCl (public domain): tests/box.c,
# box2.c, secretbox.c, secretbox2.c.
ALICE_PUBLIC = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
BOB_SECRET = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
FIRST_KEY = "1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389"
NONCE = "69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37"
TEXT = (
    "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc"
    "e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31"
    "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde"
    "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864"
    "5e0705"
)
BOX = (
    "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce"
    "48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972"
    "71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae"
    "90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3"
    "7973f622a43d14a6599b1f654cb45a74e355a5"
)


def test_secretbox_of_nacl() -> None:
    key, nonce, text = (bytes.fromhex(one) for one in (FIRST_KEY, NONCE, TEXT))
    assert seal(NACL, key, nonce, text).hex() == NONCE + BOX
    assert open_sealed(NACL, key, bytes.fromhex(NONCE + BOX)) == text


def bobs() -> Request:
    return Request([Want("db")], secret_key=bytes.fromhex(BOB_SECRET))


def test_box_of_nacl() -> None:
    reply = bytes.fromhex("01" + "00" * 16 + ALICE_PUBLIC + NONCE + BOX)
    assert bobs()._decrypt(reply).hex() == TEXT


@pytest.mark.parametrize("at", range(17, 73 + len(BOX) // 2))
def test_box_of_nacl_altered(at: int) -> None:
    reply = bytearray.fromhex("01" + "00" * 16 + ALICE_PUBLIC + NONCE + BOX)
    reply[at] ^= 1
    with pytest.raises(ProtocolError):
        bobs()._decrypt(bytes(reply))


def test_argon2id_of_rfc_9106() -> None:
    # Section 5.3 has four lanes, a secret and associated data, which libsodium does not take: it
    # holds OpenSSL's Argon2id, and the next test holds libsodium to that.
    kdf = Argon2id(
        salt=b"\2" * 16,
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=32,
        ad=b"\4" * 12,
        secret=b"\3" * 8,
    )
    assert kdf.derive(b"\1" * 32).hex() == (
        "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    )


@settings(max_examples=20, deadline=None)
@given(
    passphrase=st.binary(min_size=8, max_size=200),
    salt=st.binary(min_size=16, max_size=16),
    memory=st.integers(8, 300),
    passes=st.integers(1, 4),
)
def test_argon2id_is_that_of_openssl(
    passphrase: bytes, salt: bytes, memory: int, passes: int
) -> None:
    other = Argon2id(salt=salt, length=32, iterations=passes, lanes=1, memory_cost=memory)
    assert keys.passphrase_ikm(passphrase, salt, memory, passes) == other.derive(passphrase)
