"""One stack in one process: ``python -m drills.in_process STACK SITE N SEED``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from drills.exchange import WsgiTransport
from drills.isolation import run
from drills.site import Site


def main(stack: str, where: str, n: str, seed: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "drills.settings"
    from django.core.wsgi import get_wsgi_application

    transport = WsgiTransport(get_wsgi_application())
    site = Site.read(Path(where))
    result = run(stack, lambda: transport, site, n=int(n), seed=int(seed))
    print(json.dumps(result.as_dict()))


if __name__ == "__main__":
    main(*sys.argv[1:])
