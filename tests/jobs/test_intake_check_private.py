"""Personal data and secrets: what is found and masked, and what only looks like it."""

import pytest

from jobs.intake.checking.masking import masked
from jobs.intake.checking.personal import personal_spans
from jobs.intake.checking.secrets import secret_spans
from jobs.intake.checks import sift
from storage.records import Example
from tests.jobs.examples import rows

# Put together here, so that no search for secrets takes this file for a leak.
LETTERS = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC2dE3f"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to ann.lee+x@home.co.uk.", "Write to [e-mail]."),
        ("<ann@home.net>, bob@work.org", "<[e-mail]>, [e-mail]"),
        ("jörg@müller.de", "[e-mail]"),
        ("Call +46 8 123 456 78 now", "Call [phone number] now"),
        ("+1 (415) 555-2671", "[phone number]"),
        ("0049 30 901820", "[phone number]"),
        ("Ring 08-123 456 78.", "Ring [phone number]."),
        ("020 7946 0958, office", "[phone number], office"),
        ("01 42 68 53 00", "[phone number]"),
        ("(415) 867-5309 or 415-867-5309", "[phone number] or [phone number]"),
        ("My phone number is 4158675309", "My phone number is [phone number]"),
        ("teléfono: 912345678", "teléfono: [phone number]"),
        ("Llame al 612 345 678", "Llame al [phone number]"),
        ("tel.: 070-123 45 67", "tel.: [phone number]"),
        ("4111 1111 1111 1111", "[card number]"),
        ("card 5500005555555559!", "card [card number]!"),
        ("3782-822463-10005", "[card number]"),
        ("IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [IBAN] please"),
        ("GB82WEST12345698765432", "[IBAN]"),
        ("SE45 5000 0000 0583 9825 7466.", "[IBAN]."),
    ],
)
def test_what_belongs_to_persons_is_masked(text: str, expected: str) -> None:
    assert masked(text, personal_spans) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Order LC-4106 from 2024-05-17, invoice 2024051701",
        "Order number 1234567890, order 4158675309",
        "order #4158675309 or 112-1234567-1234567",
        "ISBN 978-0-306-40615-7, ISBN 0-306-40615-2, EAN 4006381333931",
        "EAN 4006381333931 and 5901234123457",
        "from -15 to 37.5 degrees, 1,250,000 people, 3.141592653",
        "$1,299.00, 25 000-50 000 kr, 1 234 567 SEK, EUR 1.234.567,00",
        "12:30-14:00 on 01/02/2023, 01-02-2023, 2023 01 02, 01.02.2023",
        "1990-1995, 2019-2020-2021, pages 123-4567",
        "IP 192.168.100.200, version 10.15.7.1234, 255.255.255.0",
        "0.1234567 or 00012345, 100 200 3000 mg",
        "tracking 1Z999AA10123456784, IMEI 490154203237518",
        "4111 1111 1111 1112 fails its check, 1234567890123456 too",
        "DE89 3704 0044 0532 0130 01 has a wrong check",
        "https://shop.example/item/41586753090?id=4158675309",
        "UUID 123e4567-e89b-12d3-a456-426614174000",
        "call 1-800-555-0199 or 0800 123 4567, toll-free",
        "support@shop.example, no-reply@shop.example, Info@shop.example",
        "PMID 10808977; NCT01234567; 10.1000/j.jmb.1994.1234567",
        "the text @ 3pm, a@b, user@localhost",
        "call us within 14 days, phone 5 times, call 112",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert list(personal_spans(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"AKIA{LETTERS[:16].upper()} is the key", "[secret] is the key"),
        (f"key AIza{LETTERS[:35]}", "key [secret]"),
        (f"ghp_{LETTERS[:36]}", "[secret]"),
        (f"github_pat_{LETTERS[:30]}", "[secret]"),
        (f"glpat-{LETTERS[:20]}", "[secret]"),
        (f"xoxb-{LETTERS[:24]}", "[secret]"),
        (f"sk-{LETTERS[:32]}", "[secret]"),
        (f"sk-ant-api03-{LETTERS[:32]}", "[secret]"),
        (f"sk_live_{LETTERS[:24]}", "[secret]"),
        (f"hf_{LETTERS[:34]}", "[secret]"),
        (f"Authorization: Bearer {LETTERS}", "Authorization: Bearer [secret]"),
        (f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{LETTERS}", "[secret]"),
        ("postgres://app:s3cr3t@db.local/shop", "postgres://app:[secret]@db.local/shop"),
        (f"-----BEGIN RSA PRIVATE KEY-----\n{LETTERS}\n-----END RSA PRIVATE KEY-----!", "[secret]!"),
        ("-----BEGIN PRIVATE KEY-----\ncut off", "[secret]"),
        ("password=hunter2", "password=[secret]"),
        ("DB_PASSWORD='correct-horse'", "DB_PASSWORD='[secret]'"),
        ("The password is Tr0ub4dor.", "The password is [secret]."),
        ('"api_key": "9f8e7d6c5b4a"', '"api_key": "[secret]"'),
        ("contraseña: gato1234", "contraseña: [secret]"),
        ("Lösenord: sommar2024", "Lösenord: [secret]"),
        ("pwd := x9!y8?z7", "pwd := [secret]"),
    ],
)
def test_secrets_are_masked(text: str, expected: str) -> None:
    assert masked(text, secret_spans) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The password is required. Password: must have 8 characters",
        "Your password is too short; my password is wrong",
        "password=<your password>, password=$PASSWORD, token={token}, secret=********",
        "api_key=YOUR_API_KEY_123, password=example123, secret = None",
        "Passwords: see the manual. The key is under the mat. The secret is patience",
        "password = getpass(), token: string",
        "the risk-management task-force sk-iing, Asia and AKIA",
        "https://shop.example:8080/a@b, http://user@host",
        "-----BEGIN CERTIFICATE-----",
        "A bearer of news, the Bearer token, eyJ alone",
        "key-value pairs, key-board, hf_ and npm_ and gh_",
        "pass: 4 of 10, passport: AB1234567",
    ],
)
def test_talk_about_secrets_is_left_alone(text: str) -> None:
    assert list(secret_spans(text)) == []


def test_secrets_are_masked_at_first_and_personal_data_is_used() -> None:
    given_rows = rows(
        ("I am ann@home.net", "Fine", "Ask ann@home.net", "Text of ann@home.net"), ("Log in?", "password=hunter2")
    )
    sifted = sift(given_rows)
    assert [(one.id, one.rows, one.chosen) for one in sifted.findings] == [
        ("secret", (2,), "mask"),
        ("personal", (1,), "use"),
    ]
    assert sifted.examples == [given_rows[0], Example(2, "Log in?", "password=[secret]")]
    chosen = sift(given_rows, {"secret": "use", "personal": "mask"})
    assert chosen.examples == [
        Example(1, "I am [e-mail]", "Fine", "Ask [e-mail]", "Text of [e-mail]"),
        given_rows[1],
    ]
    assert sift(given_rows, {"secret": "use"}).examples == given_rows
    assert sift(given_rows, {"secret": "leave out", "personal": "leave out"}).examples == []


def test_overlapping_finds_are_masked_once() -> None:
    assert masked("abcdef", lambda _: [(1, 3, "x"), (2, 5, "y"), (1, 4, "z"), (4, 6, "w")]) == "azw"


def test_what_was_said_before_is_masked_too() -> None:
    said = Example(2, "Well?", "Yes", history=(("I am ann@home.net", "password=hunter2"),))
    (example,) = sift([said], {"personal": "mask"}).examples
    assert example.history == (("I am [e-mail]", "password=[secret]"),)
