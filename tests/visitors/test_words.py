"""Words that residents read: names are joined as people join them."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from wagtail_medborgare.visitors.templatetags.medborgare_choices import names


@pytest.mark.parametrize(
    ("situations", "expected"),
    [
        ([], ""),
        (["Få barn"], "Få barn"),
        (["Få barn", "Bygga"], "Få barn och Bygga"),
        (["A", "B", "C"], "A, B och C"),
        (["Gifta sig, skiljas"], "Gifta sig, skiljas"),
        (["Gifta sig, skiljas", "Bygga"], "”Gifta sig, skiljas” och ”Bygga”"),
    ],
)
def test_names_are_joined_and_quoted_where_they_must(situations, expected):
    with override("sv"):
        assert names(situations) == expected
