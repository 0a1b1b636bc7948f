"""Recognise an answer that says it does not know, or that its sources do not tell."""

import re

_NOT = r"(?:n['’]t|not|never)"
_KNOW = (
    r"(?:know|say|tell|answer|determine|find|help|sure|certain|able to|"
    r"have (?:access|any|enough|that|this|the|information|details))"
)
_SOURCE = (
    r"(?:documents?|documentation|manuals?|texts?|passages?|context|sources?|pages?|articles?|information|guide|faq|it|"
    r"they|this|that|these|those|which)"
)
_TOLD = r"(?:say|tell|mention(?:ed)?|state[ds]?|specif(?:y|ied)|known|answer(?:ed)?|give[ns]?)"
_DECLINES = re.compile(
    r"\b(?:"
    # A person's or a model's own ignorance: "I don't know", "we cannot say", "I'm afraid I have no information".
    rf"(?:i|we)\b[^.!?]{{0,30}}{_NOT}\b[^.!?]{{0,25}}\b{_KNOW}"
    r"|(?:i|we)\b[^.!?]{0,15}(?:have no|unable to|no idea)"
    rf"|(?:can|could)(?:not|n['’]t) (?:\w+ )?be (?:known|answered|determined|said|told|found)"
    # Silent sources: "your documents don't say", "that is not mentioned".
    rf"|{_SOURCE} (?:do|does|did|is|are|was|were)(?: ?{_NOT})(?: \w+)? {_TOLD}"
    rf"|not (?:yet )?(?:known|mentioned|specified|stated)"
    r"|no (?:information|details?|mention)(?: (?:is|was|are))?"
    r"(?: (?:about|on|regarding|of|in|available|given|here)\b|[.!]|$)"
    # Nobody can know.
    r"|(?:nobody|no one) (?:can |could )?(?:know|say|tell)s?|no way (?:of knowing|to (?:know|tell|say))"
    r"|impossible to (?:know|say|tell|answer)|(?:is|are|remains?|it['’]s) (?:\w+ )?(?:unknown|unanswerable)"
    r"|(?:weiß|wissen) (?:\w+ )?(?:\w+ )?nicht|nicht bekannt|keine (?:angaben?|informationen?)"
    r"|no (?:lo )?s[ée]\b|no se sabe|no hay información|je ne sais pas|aucune information|non lo so"
    r")",
    re.IGNORECASE,
)


def abstained(given: str) -> bool:
    """Whether the answer says that it does not know, or that its sources do not tell.

    A list of wordings: it knows the usual ones of English and a few of German, Spanish, French and Italian.
    """
    return _DECLINES.search(" ".join(given.split())) is not None
