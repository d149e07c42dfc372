"""Pages that check for robots instead of giving what was asked for (pure)."""

import re

SHORT = 1_500
"""Characters of text up to which a page may be such a check; an article about them is longer."""

_TITLES = re.compile(
    r"(?:just a moment|einen moment|un instant|un momento|attention required!|access denied|ddos-guard|are you a robot"
    r"|are you human|robot check|bot verification|security check|security checkpoint|pardon our interruption"
    r"|checking your browser|human verification|verify you are human|client challenge|please wait\W+\w*cloudflare"
    r"|vercel security)",
    re.IGNORECASE,
)
_TEXTS = re.compile(
    r"verif(?:y|ying)(?: that)? you are (?:a )?(?:human|not a (?:ro)?bot)|confirm(?: that)? you are (?:a )?human"
    r"|checking (?:your browser|if the site connection is secure)|needs to review the security of your connection"
    r"|enable javascript and cookies to continue|complete the (?:security check|captcha)|solve (?:the|this) captcha"
    r"|(?:prove|confirm|show us|make sure)(?: that)? you(?: a|')re not a (?:ro)?bot|press (?:&|and) hold"
    r"|unusual traffic"
    r"|made us think you were a bot|performing security verification|protects? against malicious bots"
    r"|ddos protection by"
    r"|überprüfen?,? (?:ob|dass) sie ein mensch|vérif\w+ que vous êtes (?:un )?humain"
    r"|verificar que (?:usted )?es humano"
    r"|one more step before you proceed",
    re.IGNORECASE,
)
_SCRIPTS = re.compile(
    r"_cf_chl_opt|_Incapsula_Resource|px-captcha|geo\.captcha-delivery\.com|awsWafCookieDomainList|/\.well-known/sgcaptcha"
    r"|id=\"challenge-(?:form|running|error-text)\"|anubis_challenge"
)


def is_challenge(title: str, text: str, markup: str) -> bool:
    """Whether a page is a check for robots: it is short, and its title, its text or its script says so."""
    if len(text) > SHORT:
        return False
    if _SCRIPTS.search(markup[:200_000]):
        return True
    words = " ".join(text.split())
    return bool(_TEXTS.search(words)) or (_TITLES.match(title.strip()) is not None and len(words) < SHORT // 3)
