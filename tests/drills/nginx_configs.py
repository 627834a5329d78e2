"""The nginx configuration of the how-to page, and what nobody should write."""

from __future__ import annotations

import re
from pathlib import Path

from drills.servers import ROOT

HOW_TO = ROOT / "docs" / "how-to" / "nginx.md"
_NGINX_BLOCK = re.compile(r"^```nginx\n(.*?)^```$", re.DOTALL | re.MULTILINE)

# What a site changes; everything else of the page is run as it stands there.
PLACES = {
    "listen": "listen 80;",
    "cache": "/var/cache/nginx/pages",
    "gunicorn": "unix:/run/site/gunicorn.sock",
    "inner": "unix:/run/nginx/pages.sock",
}


def documented(*, port: int, folder: Path, gunicorn: str) -> str:
    """Return the configuration of the how-to page, with the addresses of a drill."""
    config = blocks()[0]
    put = {
        "listen": f"listen 127.0.0.1:{port};",
        "cache": f"{folder}/cache",
        "gunicorn": f"unix:{gunicorn}",
        "inner": f"unix:{folder}/pages.sock",
    }
    for name, text in PLACES.items():
        if text not in config:
            raise ValueError(f"{HOW_TO.name} no longer says {text!r}")
        config = config.replace(text, put[name])
    return config


def blocks() -> list[str]:
    """Return every nginx block of the page; the first is the one to use."""
    return _NGINX_BLOCK.findall(HOW_TO.read_text(encoding="utf-8"))


_WRONG = """
proxy_cache_path {folder}/cache keys_zone=wrong:10m;
upstream wrong {{ server unix:{gunicorn}; keepalive 8; }}
server {{
    listen 127.0.0.1:{port};
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    add_header X-Cache-Status $upstream_cache_status always;
    proxy_cache_key $host$uri;
    proxy_cache_valid 200 10m;
    {locations}
}}
"""
_IGNORES = "proxy_ignore_headers Cache-Control Vary Set-Cookie Expires;"
# The endings that a well-known content network caches when nobody says otherwise.
_ENDINGS = (
    "7z|avi|avif|apk|bin|bmp|bz2|class|css|csv|doc|docx|dmg|ejs|eot|eps|exe|flac|gif|gz|"
    "ico|iso|jar|jpg|jpeg|js|mid|midi|mkv|mp3|mp4|ogg|otf|pdf|pict|pls|png|ppt|pptx|ps|"
    "rar|svg|svgz|swf|tar|tif|tiff|ttf|webm|webp|woff|woff2|xls|xlsx|zip|zst"
)


def ignoring_headers(*, port: int, folder: Path, gunicorn: str) -> str:
    """Store everything, whatever the response says: this must leak."""
    location = (
        f"location / {{ proxy_cache wrong; {_IGNORES} proxy_pass http://wrong; }}"
    )
    return _WRONG.format(
        port=port, folder=folder, gunicorn=gunicorn, locations=location
    )


def ignoring_headers_by_ending(*, port: int, folder: Path, gunicorn: str) -> str:
    """Store whatever looks like a file: the configuration of cache deception."""
    locations = (
        "location / { proxy_pass http://wrong; }\n"
        f"    location ~* \\.({_ENDINGS})$ "
        f"{{ proxy_cache wrong; {_IGNORES} proxy_pass http://wrong; }}"
    )
    return _WRONG.format(
        port=port, folder=folder, gunicorn=gunicorn, locations=locations
    )
