"""Spreadsheets that only hold data: no cell of ours is a formula where it is opened."""

import csv
import re
from collections.abc import Iterator
from typing import Any

from wagtail.admin.views.mixins import Echo, SpreadsheetExportMixin

# What begins a formula, also as the full-width letters that spreadsheets take for them;
# a pipe calls another program (DDE).
_BEGINS_FORMULA = "=+\\-@|＝＋－＠｜"
_SEPARATORS = ";,\t\r\n"

# A program may be told of another separator than ours: then a cell begins after any.
_FORMULA = re.compile(
    rf"(?P<before>^|[{_SEPARATORS}])(?P<blank>[\s\"'’]*)(?=[{_BEGINS_FORMULA}])"
)

# No cell of a workbook may hold these (ECMA-376, section 22.9.2.19), and in a text file
# some programs end a cell there.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain_cell(value: Any) -> Any:
    """Return what to write for a value: a text with an apostrophe where it would compute.

    Follows "CSV injection" of OWASP. Numbers and dates are what they are.
    """
    if not isinstance(value, str):
        return value
    text = _FORMULA.sub(r"\g<before>\g<blank>'", _CONTROL.sub("", value))
    # What a program trims from the beginning does not begin a cell that is safe.
    return f"'{text}" if text[:1] in ("\t", "\r", "\n") else text


class PlainExportMixin(SpreadsheetExportMixin):
    """Guard each cell and heading of a view's exports. Put it before the view class."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return plain_cell(super().preprocess_field_value(field, value, export_format))

    def get_heading(self, queryset: Any, field: str) -> str:
        return str(plain_cell(super().get_heading(queryset, field)))

    def stream_csv(self, queryset: Any) -> Any:
        """Quote every cell, which Wagtail leaves to each cell's own signs.

        Written at once: what is written while the response is sent is not in the
        editor's language any more.
        """
        return list(self._csv_rows(queryset))

    def _csv_rows(self, queryset: Any) -> Iterator[Any]:
        writer = csv.DictWriter(
            Echo(), fieldnames=self.list_export, quoting=csv.QUOTE_ALL
        )
        yield writer.writerow(
            {field: self.get_heading(queryset, field) for field in self.list_export}
        )
        for item in queryset:
            yield self.write_csv_row(writer, self.to_row_dict(item))
