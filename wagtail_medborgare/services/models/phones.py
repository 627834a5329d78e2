class PhoneMixin:
    """Something with a phone number that people press on a phone."""

    phone: str

    @property
    def tel(self) -> str:
        """The number as a ``tel:`` link wants it (RFC 3966: no spaces, no brackets)."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")
