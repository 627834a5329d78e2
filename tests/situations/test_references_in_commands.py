"""What a command or a worker saves is found as a use, as what the admin saves is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ASK = """
import django
django.setup()
from django.apps import apps
from wagtail.models import ReferenceIndex
names = ("Service", "Unit", "Module")
kinds = [apps.get_model("medborgare_services", name) for name in names]
kinds += [
    apps.get_model("medborgare_situations", name) for name in ("LifeSituation", "Persona")
]
print([kind.__name__ for kind in kinds if not ReferenceIndex.is_indexed(kind)])
"""


def test_references_are_indexed_where_no_hook_is_ever_read():
    tests = Path(__file__).resolve().parents[1]
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "testapp.settings",
            "PYTHONPATH": os.pathsep.join([str(tests), *sys.path]),
        },
        check=True,
        capture_output=True,
        text=True,
    )

    assert found.stdout.strip() == "[]"
