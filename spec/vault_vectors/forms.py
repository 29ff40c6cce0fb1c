"""Vectors for what has a form of its own: base64url, JSON, padding, codes, keys, sealed texts."""

from __future__ import annotations

from kernel_connector.vault import canonical, padding, recovery_code
from kernel_connector.vault.errors import VaultError
from kernel_connector.vault.keys import (
    entry_label,
    header_mac,
    hkdf,
    passphrase_bytes,
    passphrase_ikm,
    recovery_ikm,
    subkey,
    wrapping_key,
)
from kernel_connector.vault.suites import SUITES, Suite, open_sealed, seal

from .common import CHEAP, PASSPHRASE, Drawn, Vectors, b64u, expect, present

_VAULT_KEY = Drawn("forms: vault key")(32)
_VAULT_ID = Drawn("forms: vault id")(16)
_ENTRY_ID = Drawn("forms: entry id")(16)
_SLOT_ID = Drawn("forms: slot id")(16)
_SALT = Drawn("forms: salt")(16)
_CODE = Drawn("forms: code")(16)


def canonical_json() -> Vectors:
    def case(description: str, text: str | bytes, fine: bool) -> dict[str, object]:
        data = text if isinstance(text, bytes) else text.encode()
        try:
            canonical.read(data)
            found = True
        except VaultError:
            found = False
        expect(found == fine, description)
        shown = {"text": text} if isinstance(text, str) else {"textHex": data.hex()}
        return {"description": description, **shown, "canonical": fine}

    def deep(levels: int) -> str:
        return (
            '{"a":[' * (levels // 2)
            + "[" * (levels % 2)
            + "]" * (levels % 2)
            + "]}" * (levels // 2)
        )

    return [
        case("an empty object", "{}", True),
        case("an empty array", "[]", True),
        case("a string alone", '"x"', True),
        case("null, true and false", "[null,true,false]", True),
        case("the largest integer, 2^53 - 1", "[0,9007199254740991]", True),
        case("the escapes that there are", r'"\"\\\b\f\n\r\t\u0000\u000b\u001f"', True),
        case(
            "characters that JSON.stringify does not escape", '"/\x7f\u2028\ufeff\U0001f511"', True
        ),
        case("names that are members of objects", '{"__proto__":1,"constructor":2}', True),
        case("a name that is empty", '{"":1}', True),
        case("names in no order", '{"b":1,"a":2}', True),
        case("array indices first, ascending", '{"0":1,"2":2,"10":3,"b":4,"a":5}', True),
        case("the largest array index, 2^32 - 2, first", '{"4294967294":1,"b":2}', True),
        case("2^32 - 1 is no array index", '{"b":1,"4294967295":2}', True),
        case("01 and -1 are no array indices", '{"b":1,"01":2,"-1":3}', True),
        case("32 deep", deep(32), True),
        case("33 deep", deep(33), False),
        case("2000 deep", "[" * 2000 + "]" * 2000, False),
        case("nothing", "", False),
        case("a space before", " {}", False),
        case("a line feed behind", "{}\n", False),
        case("a space after a colon", '{"a": 1}', False),
        case("a space after a comma", "[1, 2]", False),
        case("a byte order mark", b"\xef\xbb\xbf{}", False),
        case("a repeated member", '{"a":1,"a":1}', False),
        case("a repeated member, once escaped", '{"a":1,"\\u0061":1}', False),
        case("array indices descending", '{"2":1,"1":2}', False),
        case("an array index behind another name", '{"a":1,"0":2}', False),
        case("2^32 - 2 behind another name", '{"b":1,"4294967294":2}', False),
        case("2^53", "[9007199254740992]", False),
        case("a negative integer", "[-1]", False),
        case("minus zero", "[-0]", False),
        case("a fraction", "[1.5]", False),
        case("an integer with a fraction", "[1.0]", False),
        case("an exponent", "[1e3]", False),
        case("a leading zero", "[01]", False),
        case("NaN", "[NaN]", False),
        case("Infinity", "[Infinity]", False),
        case("a number of 400 digits", "[" + "1" * 400 + "]", False),
        case("an escaped letter", r'"\u0061"', False),
        case("an escaped slash", r'"\/"', False),
        case("an escaped DEL", r'"\u007f"', False),
        case("a line feed as \\u000a", r'"\u000a"', False),
        case("upper case in an escape", r'"\u001F"', False),
        case("a control character, not escaped", '"\x01"', False),
        case("an escaped surrogate", r'"\ud83d"', False),
        case("an escaped pair of surrogates", r'"\ud83d\udd11"', False),
        case("a surrogate in UTF-8", b'"\xed\xa0\xbd"', False),
        case("an overlong form in UTF-8", b'"\xc0\xaf"', False),
        case("a byte that is no UTF-8", b'"\xff"', False),
        case("a cut character", b'"\xf0\x9f\x94"', False),
        case("a trailing comma", "[1,]", False),
        case("a comment", "[1]/**/", False),
        case("single quotes", "['a']", False),
        case("no end", '{"a":1', False),
        case("two values", "{}{}", False),
    ]


def paddings() -> Vectors:
    lengths = {
        "entry": [
            *(0, 1, 254, 255, 256, 511, 512, 1023, 1024, 2047, 4095, 8191, 16383, 32767),
            *(32768, 65534, 65535, 65536, 131071, 131072, 1048575, 1048576),
        ],
        "index": [0, 1, 1022, 1023, 1024, 2047, 2048, 65535, 65536],
    }
    sizes = {"entry": padding.entry_size, "index": padding.index_size}
    return [
        {"kind": kind, "length": length, "padded": sizes[kind](length)}
        for kind in lengths
        for length in lengths[kind]
    ]


def unpaddings() -> Vectors:
    cases: list[tuple[str, bytes, bytes | None]] = [
        ("zeros behind the mark", b"{}\x80" + bytes(5), b"{}"),
        ("no zeros", b"{}\x80", b"{}"),
        ("a text that ends with a mark", b"\x80\x80\0", b"\x80"),
        ("a text that ends with a zero", b"a\0\x80\0\0", b"a\0"),
        ("an empty text", b"\x80\0\0\0", b""),
        ("no mark", b"{}" + bytes(6), None),
        ("zeros alone", bytes(8), None),
        ("nothing", b"", None),
        ("another byte behind the mark", b"{}\x80\0\x01", None),
        ("0x81 in place of the mark", b"{}\x81\0", None),
    ]
    for description, padded, text in cases:
        try:
            expect(padding.unpad(padded) == text, description)
        except VaultError:
            expect(text is None, description)
    return [
        {
            "description": description,
            "paddedHex": padded.hex(),
            "textHex": None if text is None else text.hex(),
        }
        for description, padded, text in cases
    ]


def recovery_codes() -> Vectors:
    codes = [bytes(16), b"\xff" * 16, *(Drawn(f"code {number}")(16) for number in range(4))]
    return [{"codeHex": code.hex(), "shown": recovery_code.show(code)} for code in codes]


def typed_codes() -> Vectors:
    code = bytes.fromhex("000102030405060708090a0b0c0d0e0f")
    shown = recovery_code.show(code)
    letters = shown.replace("-", "")
    expect("0" in letters and "1" in letters, "letters that have look-alikes")
    at = letters.index("0")
    other = "Z" if letters[7] != "Z" else "Y"
    fine = [
        ("as shown", shown),
        ("without -", letters),
        ("lower case", shown.lower()),
        ("white space around and between", f" \t{shown.replace('-', ' ')}\r\n"),
        ("no-break spaces", shown.replace("-", "\u00a0")),
        ("- anywhere", "-" + "-".join(letters) + "--"),
        ("O for 0", letters.replace("0", "O")),
        ("o for 0", letters.replace("0", "o")),
        ("I for 1", letters.replace("1", "I")),
        ("i for 1", letters.replace("1", "i")),
        ("L for 1", letters.replace("1", "L")),
        ("l for 1", letters.replace("1", "l")),
    ]
    faulty = [
        ("nothing", ""),
        ("one character replaced", letters[:7] + other + letters[8:]),
        ("two characters exchanged", letters[:3] + letters[4] + letters[3] + letters[5:]),
        ("one character missing", letters[:-1]),
        ("one character more", letters + "0"),
        ("the code twice", letters * 2),
        ("U, which no code has", letters[:at] + "U" + letters[at + 1 :]),
        ("a full-width digit", letters[:at] + "\uff10" + letters[at + 1 :]),
        ("\u0131, which is I in upper case", letters.replace("1", "\u0131")),
        ("an en dash", shown.replace("-", "\u2013")),
        ("an em space", shown.replace("-", "\u2003")),
        ("a zero-width space", letters[:4] + "\u200b" + letters[4:]),
        ("a vertical tab", letters[:4] + "\v" + letters[4:]),
        ("check characters of another code", letters[:-4] + recovery_code.show(_CODE)[-4:]),
    ]
    result: Vectors = []
    for cases, expected in ((fine, code), (faulty, None)):
        for description, typed in cases:
            try:
                expect(recovery_code.parse(typed) == expected, description)
            except VaultError as error:
                expect(expected is None and error.code == "mistyped-code", description)
            result.append(
                {
                    "description": description,
                    "typed": typed,
                    "codeHex": expected.hex() if expected else None,
                }
            )
    return result


def passphrases() -> Vectors:
    """What is derived from is UTF-8 of NFC."""
    cases = {
        "8 letters": "12345678",
        "7 letters": "1234567",
        "nothing": "",
        "1024 bytes": "x" * 1024,
        "1025 bytes": "x" * 1025,
        "spaces count": "  a b c  ",
        "8 bytes, 4 characters": "\u00e4" * 4,
        "not in NFC: 9 bytes, which become 6": "a\u0308" * 3,
        "not in NFC: 12 bytes, which become 8": "a\u0308" * 4,
        "a character that NFC makes longer": "\u0958bcdef",
        "compatibility characters stay": "\ufb01\u2460\u2460",
        "an emoji": "\U0001f511\U0001f511",
        "half a character": "1234567\ud800",
    }
    result: Vectors = []
    for description, text in cases.items():
        data = passphrase_bytes(text)
        shown = {"text": text}
        result.append(
            {"description": description, **shown, "bytesHex": data.hex() if data else None}
        )
    return result


def derivations() -> Vectors:
    """Argon2id."""
    result: Vectors = []
    for text, memory, passes in (
        (PASSPHRASE, CHEAP.memory, CHEAP.passes),
        (PASSPHRASE, CHEAP.memory + 1, CHEAP.passes),
        (PASSPHRASE, CHEAP.memory, CHEAP.passes + 1),
        ("p\u00e4ssw\u00f6rd \U0001f511", CHEAP.memory, CHEAP.passes),
    ):
        data = present(passphrase_bytes(text))
        result.append(
            {
                "passphrase": text,
                "saltHex": _SALT.hex(),
                "memory": memory,
                "passes": passes,
                "ikmHex": passphrase_ikm(data, _SALT, memory, passes).hex(),
            }
        )
    return result


def subkeys() -> Vectors:
    labels = {
        "header": b"header",
        "index": b"index",
        "entry, revision 1": entry_label(_ENTRY_ID, 1),
        "entry, revision 2": entry_label(_ENTRY_ID, 2),
        "entry, revision 2^53 - 1": entry_label(_ENTRY_ID, 2**53 - 1),
    }
    result: Vectors = []
    for name, suite in SUITES.items():
        for description, label in labels.items():
            info = f"credentialstore/1 {name} ".encode() + label
            key = subkey(_VAULT_KEY, _VAULT_ID, suite, label)
            expect(key == hkdf(_VAULT_KEY, _VAULT_ID, info), description)
            result.append(
                {
                    "description": f"{name}: {description}",
                    "suite": name,
                    "vaultKeyHex": _VAULT_KEY.hex(),
                    "vaultIdHex": _VAULT_ID.hex(),
                    "labelHex": label.hex(),
                    "infoHex": info.hex(),
                    "keyHex": key.hex(),
                }
            )
    return result


def macs() -> Vectors:
    text = '{"version":1,"\u00e9":"\U0001f511"}'
    return [
        {
            "suite": name,
            "vaultKeyHex": _VAULT_KEY.hex(),
            "vaultIdHex": _VAULT_ID.hex(),
            "header": text,
            "mac": b64u(header_mac(_VAULT_KEY, _VAULT_ID, suite, text.encode())),
        }
        for name, suite in SUITES.items()
    ]


def wraps() -> Vectors:
    secret = present(passphrase_bytes(PASSPHRASE))
    ikms = {
        "passphrase": passphrase_ikm(secret, _SALT, CHEAP.memory, CHEAP.passes),
        "recovery": recovery_ikm(_CODE, _SALT),
    }
    result: Vectors = []
    for name, suite in SUITES.items():
        for kind, ikm in ikms.items():
            key = wrapping_key(ikm, _VAULT_ID, suite, _SLOT_ID)
            nonce = Drawn(f"forms: wrap {name} {kind}")(suite.nonce_size)
            given = (
                {"passphrase": PASSPHRASE, "memory": CHEAP.memory} | {"passes": CHEAP.passes}
                if kind == "passphrase"
                else {"codeHex": _CODE.hex()}
            )
            result.append(
                {
                    "suite": name,
                    "type": kind,
                    **given,
                    "saltHex": _SALT.hex(),
                    "ikmHex": ikm.hex(),
                    "vaultIdHex": _VAULT_ID.hex(),
                    "slotIdHex": _SLOT_ID.hex(),
                    "wrappingKeyHex": key.hex(),
                    "nonceHex": nonce.hex(),
                    "vaultKeyHex": _VAULT_KEY.hex(),
                    "wrap": b64u(seal(suite, key, nonce, _VAULT_KEY)),
                }
            )
    return result


def sealed_texts() -> Vectors:
    return [vector for suite in SUITES.values() for vector in _sealed_texts(suite)]


def _sealed_texts(suite: Suite) -> Vectors:
    key = Drawn(f"forms: sealing {suite.name}")(32)
    result: Vectors = []

    def add(description: str, sealed: bytes, text: bytes | None) -> None:
        expect(open_sealed(suite, key, sealed) == text, description)
        result.append(
            {
                "description": f"{suite.name}: {description}",
                "suite": suite.name,
                "keyHex": key.hex(),
                "sealedHex": sealed.hex(),
                "textHex": None if text is None else text.hex(),
            }
        )

    for text, what in ((b"a text", "a text"), (b"", "nothing"), (bytes(range(64)), "64 bytes")):
        nonce = Drawn(f"forms: nonce {suite.name} {what}")(suite.nonce_size)
        add(what, seal(suite, key, nonce, text), text)
    sealed = bytes.fromhex(result[0]["sealedHex"])
    for at, what in (
        (0, "nonce"),
        (suite.nonce_size, "first byte behind the nonce"),
        (-1, "last byte"),
    ):
        flipped = bytearray(sealed)
        flipped[at] ^= 1
        add(f"a bit of the {what} flipped", bytes(flipped), None)
    add("a byte less", sealed[:-1], None)
    add("a byte more", sealed + b"\0", None)
    add("no more than nonce and tag, less one", sealed[: suite.overhead - 1], None)
    add("no bytes", b"", None)
    return result
