"""Find what belongs to persons: e-mail addresses, phone numbers, card numbers, account numbers."""

import re
from collections.abc import Callable, Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType
from stdnum import iban, luhn

Span = tuple[int, int, str]

_MAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
# Nobody's own: mailboxes of a desk.
_DESKS = re.compile(
    "info|support|help|helpdesk|service|contact|sales|office|hello|hi|admin|team|mail|no-?reply|donotreply|press|jobs|"
    "billing|orders|returns|privacy|security|webmaster|postmaster|feedback|care|customer[._-]?(?:service|care|support)|"
    "kontakt|kundservice|kundtjanst|kundendienst|atencion|ayuda|soporte|contacto|aide|bonjour|accueil",
    re.IGNORECASE,
)

_FEWEST_DIGITS = 7
_NOT_IN_A_NUMBER = r"(?<![\w.,/$€£#-])"
_NO_MORE = r"(?![\w/@%-]|[.,:]\d)"
_INTERNATIONAL = re.compile(r"(?<![\w+])(?P<number>(?:\+|00(?=[1-9]))\(?\d(?:[ ().\u00a0-]{0,2}\d){6,14})" + _NO_MORE)
_AMERICAN = re.compile(
    _NOT_IN_A_NUMBER + r"(?P<number>(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4})" + _NO_MORE
)
_NATIONAL = re.compile(_NOT_IN_A_NUMBER + r"(?P<number>\(?0\d{1,4}\)?(?:[ /-]\d{2,8}){1,4})" + _NO_MORE)
_SAID_TO_BE_ONE = re.compile(
    r"\b(?:(?:tele)?phone|call|tel|mobile|cell|fax|whatsapp|telefon\w*|tel[eé]fono|m[oó]vil|t[eé]l[eé]phone|mobil\w*|"
    r"ring|llame|appelez|rufen)\b(?:[\s:.=-]+(?:number|no|nr|nummer|me|us|him|her|at|on|under|is|är|ist|es|est|au|al))*"
    r"[\s:.=]*(?P<number>\d(?:[ ().-]{0,2}\d){6,14})" + _NO_MORE,
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,4}[ ./-]\d{1,2}[ ./-]\d{1,4}")
# Tried in turn for a number without a country in front: where the languages of our models are spoken.
_REGIONS = ("US", "GB", "SE", "DE", "FR", "ES", "IT", "NL", "AU", "IN", "BR", "MX")
_NOBODYS = frozenset({PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})

_TOLL_FREE = frozenset(("800", "833", "844", "855", "866", "877", "888", "900"))

_CARD = re.compile(
    r"(?<![\w.,-])(?:\d{13,16}|\d{19}|(?:\d{4}([ -]))\d{4}\1\d{4}\1\d{1,4}|\d{4}([ -])\d{6}\2\d{4,5})" + _NO_MORE
)
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7]|35|62)\d{14}|6(?:011|4[4-9]\d|5\d\d)\d{12}|3[47]\d{13}|3[068]\d{12}"
)
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3}\b)?")


def personal_spans(text: str) -> Iterator[Span]:
    """Yield where something personal stands, with what takes its place when it is masked; spans may overlap."""
    if "@" in text:
        yield from _mails(text)
    if sum(map(text.count, "0123456789")) < _FEWEST_DIGITS:
        return
    yield from ((*found.span(), "[IBAN]") for found in _ACCOUNT.finditer(text) if iban.is_valid(found[0], False))
    yield from ((*found.span(), "[card number]") for found in _CARD.finditer(text) if _is_card(found[0]))
    yield from ((start, end, "[phone number]") for start, end in _phones(text))


def _mails(text: str) -> Iterator[Span]:
    for found in _MAIL.finditer(text):
        if not _DESKS.fullmatch(found[1]):
            yield *found.span(), "[e-mail]"


def _is_card(written: str) -> bool:
    number = re.sub("[ -]", "", written)
    return _ISSUERS.fullmatch(number) is not None and luhn.is_valid(number)


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for form, is_one in _PHONES:
        for found in form.finditer(text):
            written = found["number"]
            if not _DATE.fullmatch(written) and is_one(written):
                yield found.span("number")


def _is_phone(written: str) -> bool:
    """Tell whether this is a number that somebody may have, in the country that it names or in one of ours."""
    written = re.sub("^00", "+", written)
    regions = (None,) if written.startswith("+") else _REGIONS
    numbers = [number for region in regions if (number := _parsed(written, region)) is not None]
    valid = [number for number in numbers if phonenumbers.is_valid_number(number)]
    return bool(valid) and not any(phonenumbers.number_type(number) in _NOBODYS for number in valid)


def _is_american(written: str) -> bool:
    """Tell whether this has the form of an American number; those of films (555) are in nobody's hand."""
    number = _parsed(written, "US")
    if number is None or str(number.national_number)[:3] in _TOLL_FREE:
        return False
    # Spaces alone may stand between three numbers.
    said_so = any(sign in written for sign in "().-") and phonenumbers.is_possible_number(number)
    return said_so or phonenumbers.is_valid_number(number)


def _parsed(written: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(written, region)
    except NumberParseException:
        return None


_PHONES: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (_INTERNATIONAL, _is_phone),
    (_AMERICAN, _is_american),
    (_NATIONAL, _is_phone),
    (_SAID_TO_BE_ONE, lambda written: _is_phone(written) or _is_american(written)),
)
