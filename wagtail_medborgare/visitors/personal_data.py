"""What a visitor's own device keeps; nothing about an anonymous visitor is kept here."""

from wagtail_medborgare.core.personal_data import PersonalCookie, declare_cookie
from wagtail_medborgare.visitors.cookies import DEVICE, VISIT

_BASIS = (
    "Strictly necessary for what the visitor has asked for "
    "(LEK 2022:482 chapter 9 section 28; ePrivacy directive article 5(3))"
)

declare_cookie(
    PersonalCookie(
        name=VISIT.name,
        purpose="Keep the chosen situations, saved and dismissed things for this visit",
        legal_basis=_BASIS,
        retention="Until the browser is closed, two days at most; "
        "a sensitive choice one hour",
    )
)
declare_cookie(
    PersonalCookie(
        name=DEVICE.name,
        purpose="Remember the same on this device, when the visitor has ticked so",
        legal_basis=_BASIS,
        retention="90 days after the last change at most; never anything sensitive",
    )
)
