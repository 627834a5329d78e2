from __future__ import annotations

from wagtail_medborgare.core.personal_data import undeclared_fields, unknown_fields


def test_every_field_of_ours_is_declared_as_personal_or_not():
    assert undeclared_fields() == []


def test_no_field_is_declared_that_does_not_exist():
    assert unknown_fields() == []
