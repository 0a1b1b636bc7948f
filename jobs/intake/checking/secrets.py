"""Find secrets that were pasted into a text: keys for services, tokens, private keys, passwords."""

import re
from collections.abc import Iterator

Span = tuple[int, int, str]

_WORD = "[secret]"

# How the keys of services begin, with the whole form of each. The beginnings are looked for first: that is quick.
_KEYS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (start, re.compile(rf"(?<![\w-])(?:{form})(?![\w-])"))
    for start, form in (
        ("AKIA", r"AKIA[0-9A-Z]{16}"),  # Amazon Web Services
        ("ASIA", r"ASIA[0-9A-Z]{16}"),
        ("AIza", r"AIza[\w-]{35}"),  # Google
        ("ya29.", r"ya29\.[\w-]{20,}"),
        ("gh", r"gh[oprsu]_[A-Za-z0-9]{36,}"),  # GitHub
        ("github_pat_", r"github_pat_\w{22,}"),
        ("glpat-", r"glpat-[\w-]{20,}"),  # GitLab
        ("xox", r"xox[abeoprs]-[\w-]{10,}"),  # Slack
        ("hooks.slack.com", r"hooks\.slack\.com/services/[\w/]{20,}"),
        ("sk-", r"sk-(?:ant-|proj-|svcacct-|or-)?[\w-]{20,}"),  # OpenAI, Anthropic
        ("sk_", r"sk_(?:live|test)_\w{16,}"),  # Stripe
        ("rk_", r"rk_(?:live|test)_\w{16,}"),
        ("whsec_", r"whsec_\w{20,}"),
        ("hf_", r"hf_[A-Za-z0-9]{30,}"),  # Hugging Face
        ("npm_", r"npm_[A-Za-z0-9]{36}"),
        ("pypi-", r"pypi-[\w-]{50,}"),
        ("SG.", r"SG\.[\w-]{16,}\.[\w-]{16,}"),  # SendGrid
        ("key-", r"key-[0-9a-f]{32}"),  # Mailgun
        ("shp", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),  # Shopify
        ("dop_v1_", r"dop_v1_[0-9a-f]{64}"),  # DigitalOcean
        ("eyJ", r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"),  # a signed web token
    )
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?P<kind>[A-Z ]*PRIVATE KEY(?: BLOCK)?)-----.*?(?:-----END (?P=kind)-----|\Z)", re.DOTALL
)
_IN_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,64}:(?P<value>[^\s/@]{3,128})@")
_BEARER = re.compile(r"\bBearer\s+(?P<value>[\w.~+/-]{20,}=*)")
_ASSIGNED = re.compile(
    r"(?<![^\W_])(?:pass(?:word|wd|phrase|code)?|pwd|passwort|kennwort|l[öo]senord|contrase[ñn]a|mot de passe|secret|"
    r"token|(?:api|access|private|client|auth|secret)[_ -]?(?:key|token|secret))[\"']?"
    r"[^\S\n]*(?P<sign>=>?|:=?|\bis\b)[^\S\n]*[\"'`]?(?P<value>[^\s\"'`<>,;]{6,200})",
    re.IGNORECASE,
)
_ASSIGNED_WORDS = ("pass", "pwd", "secret", "token", "key", "kennwort", "senord", "contrase")
_STANDS_FOR_ONE = re.compile(
    r"[x*•.·_#-]+|[$%{(\[].*|.*(?:\.\.\.|…)|[\w.]+\(.*|https?:.*|www\..*|changeme.*|"
    r"(?:your|my|example|sample|test|dummy|placeholder|none|null|true|false|undefined|env|process|os)(?:[\W_].*|\d*)",
    re.IGNORECASE,
)


def secret_spans(text: str) -> Iterator[Span]:
    """Yield where a secret stands, with what takes its place when it is masked; spans may overlap."""
    for start, form in _KEYS:
        if start in text:
            yield from ((*found.span(), _WORD) for found in form.finditer(text))
    if "PRIVATE KEY" in text:
        yield from ((*found.span(), _WORD) for found in _PRIVATE_KEY.finditer(text))
    if "://" in text:
        yield from _values(_IN_ADDRESS, text)
    if "Bearer" in text:
        yield from _values(_BEARER, text)
    low = text.lower()
    if ("=" in text or ":" in text or " is " in low) and any(word in low for word in _ASSIGNED_WORDS):
        yield from _assigned(text)


def _values(form: re.Pattern[str], text: str) -> Iterator[Span]:
    for found in form.finditer(text):
        if not _STANDS_FOR_ONE.fullmatch(found["value"]):
            yield *found.span("value"), _WORD


def _assigned(text: str) -> Iterator[Span]:
    """Yield the values of passwords and keys that are written as key=value, not what is merely said about them."""
    for found in _ASSIGNED.finditer(text):
        value = found["value"].rstrip(".!?)")
        if _looks_secret(value, tight="=" in found["sign"]):
            start = found.start("value")
            yield start, start + len(value), _WORD


def _looks_secret(value: str, *, tight: bool) -> bool:
    """Tell whether a value is no ordinary word. After a colon or "is" more is asked for: digits among letters."""
    if len(value) < 6 or _STANDS_FOR_ONE.fullmatch(value):
        return False
    digits, letters = any(map(str.isdigit, value)), any(map(str.isalpha, value))
    return letters and (digits or (tight and not value.isalpha()) or (tight and len(value) >= 12))
