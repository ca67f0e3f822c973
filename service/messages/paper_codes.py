"""The code on a paper form: short enough to type, and a slip of the finger is seen before anything is looked up.

Nine signs from an alphabet of 29 in which no two look alike. 29 is a prime, so a weighted sum modulo 29 with nine
different weights sees every single wrong sign and every two signs that changed places (the principle of ISO/IEC 7064
and of ISBN-10, for a larger alphabet).
"""

from __future__ import annotations

#: Digits, and the letters that are not easily taken for a digit or for one another.
ALPHABET = "0123456789ACDEFGHJKMNPQRTVWXY"
#: What is typed for a sign that looks like it.
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5", "Z": "2", "B": "8", "U": "V"})
SIGNS = 9  # eight of the form, one to check


def make_code(raw: bytes) -> str:
    """Eight signs from these bytes (at least eight; 39 bits are used) and the sign that checks them."""
    number = int.from_bytes(raw)
    values = []
    for _ in range(SIGNS - 1):
        number, value = divmod(number, len(ALPHABET))
        values.append(value)
    # The last weight w must bring the sum to 0: w * check = -sum, and dividing is possible because 29 is a prime.
    check = -_weighted(values) * pow(SIGNS, -1, len(ALPHABET)) % len(ALPHABET)
    return "".join(ALPHABET[value] for value in (*values, check))


def read_code(typed: str) -> str | None:
    """The code in what was typed: any case, spaces and dashes, look-alikes. None when it cannot be a code."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(ALIKE)
    if len(signs) != SIGNS or any(sign not in ALPHABET for sign in signs):
        return None
    return signs if _weighted([ALPHABET.index(sign) for sign in signs]) == 0 else None


def spaced(code: str) -> str:
    """The code as it is printed: three by three."""
    return " ".join(code[start : start + 3] for start in range(0, len(code), 3))


def _weighted(values: list[int]) -> int:
    return sum(weight * value for weight, value in enumerate(values, start=1)) % len(ALPHABET)
