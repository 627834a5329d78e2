"""What a browser may say about its language, and what the site makes of it."""

# Accept-Language (None: not sent) and the language of the answer, the usual ones first.
ACCEPTED: tuple[tuple[str | None, str], ...] = (
    (None, "sv"),
    ("sv", "sv"),
    ("sv-SE,sv;q=0.9,en-US;q=0.8,en;q=0.7", "sv"),
    ("en-GB,en;q=0.9", "en"),
    ("fi", "fi"),
    ("de-DE,de;q=0.9", "sv"),
    ("*", "sv"),
    ("", "sv"),
    (";;;=,q=\x7f", "sv"),
    ("sv," * 200, "sv"),
)
# The language cookie (None: not sent) and the language of the answer, if it decides.
COOKIES: tuple[tuple[str | None, str | None], ...] = (
    (None, None),
    (None, None),
    (None, None),
    ("en", "en"),
    ("fi", "fi"),
    ("sv", "sv"),
    ("xx", None),
)
