"""Numbers and e-mail addresses as people write them -> as providers want them, or what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from service.followup.problem import Problem, Refusal

#: Numbers that exist nowhere, for practice (docs/reference/practice-numbers.md): ten thousand of each.
PRACTICE_MOBILE = "+3160000"
PRACTICE_LANDLINE = "+3178000"
PRACTICE_DIGITS = 12  # the plus sign counted
PRACTICE_DOMAIN = ".invalid"

REGION = "NL"
MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
LANDLINE = (PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.UAN, PhoneNumberType.VOIP)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Which kinds of number are meant, and which sentence says that it is another."""

    wanted: tuple[int, ...]
    impossible: str
    other: tuple[int, ...]
    mixed_up: str


AS_MOBILE = _Rule(MOBILE, "mobile_impossible", LANDLINE, "mobile_is_landline")
AS_LANDLINE = _Rule(LANDLINE, "landline_impossible", MOBILE, "landline_is_mobile")


def mobile_number(text: str, practice: bool, where: str = "mobile") -> str:
    """A mobile number in E.164 ("+31612345678"). Raises Refusal; practice numbers only when `practice`."""
    return _number(text, practice, where, AS_MOBILE)


def landline_number(text: str, practice: bool, where: str = "landline") -> str:
    """A landline number in E.164. Raises Refusal; practice numbers only when `practice`."""
    return _number(text, practice, where, AS_LANDLINE)


def email_address(text: str, practice: bool, where: str = "email") -> str:
    """An e-mail address with its domain in lower case. Raises Refusal; `.invalid` only when `practice`.

    Nothing is looked up: an address that can exist is accepted, the test message shows whether it does.
    """
    text = text.strip().strip("<>").strip()
    if "@" not in text:
        raise Refusal(Problem("email_without_at", where))
    pretend = text.lower().endswith(PRACTICE_DOMAIN)
    if pretend and not practice:
        raise Refusal(Problem("practice_only", where))
    # The domain is reserved; everything before it must still be well formed.
    asked = text[: -len(PRACTICE_DOMAIN)] + ".nl" if pretend else text
    try:
        found = validate_email(asked, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Refusal(Problem("email_impossible", where)) from error
    return found[: -len(".nl")] + PRACTICE_DOMAIN if pretend else found


def as_dialled(number: str) -> str:
    """A number in E.164 as people in the Netherlands dial it ("078 000 0137"); other words stay as they are."""
    if is_practice_number(number):
        return f"06 {number[4:8]} {number[8:]}" if number.startswith(PRACTICE_MOBILE) else _in_groups(number)
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return number
    dutch = parsed.country_code == phonenumbers.country_code_for_region(REGION)
    form = PhoneNumberFormat.NATIONAL if dutch else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def _in_groups(number: str) -> str:
    return f"0{number[3:5]} {number[5:8]} {number[8:]}"


def is_practice_number(number: str) -> bool:
    """Whether a number in E.164 is one of the practice range, which cannot exist."""
    return len(number) == PRACTICE_DIGITS and number.startswith((PRACTICE_MOBILE, PRACTICE_LANDLINE))


def _number(text: str, practice: bool, where: str, rule: _Rule) -> str:
    parsed = _parsed(text, where, rule.impossible)
    number = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    if is_practice_number(number):
        kind: int = PhoneNumberType.MOBILE if number.startswith(PRACTICE_MOBILE) else PhoneNumberType.FIXED_LINE
        if not practice:
            raise Refusal(Problem("practice_only", where))
    else:
        if not phonenumbers.is_valid_number(parsed):
            raise Refusal(Problem(rule.impossible, where))
        kind = phonenumbers.number_type(parsed)
    if kind in rule.wanted:
        return number
    raise Refusal(Problem(rule.mixed_up if kind in rule.other else rule.impossible, where))


def _parsed(text: str, where: str, impossible: str) -> PhoneNumber:
    # Spreadsheets put an apostrophe before a number that must stay text.
    try:
        return phonenumbers.parse(text.strip().lstrip("'’").replace("(0)", ""), REGION)
    except NumberParseException as error:
        raise Refusal(Problem(impossible, where)) from error
