"""What nobody should write: the drills must find these out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class CacheByPath:
    """Store each page by its path, whatever its headers say."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.stored: dict[str, HttpResponse] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET":
            return self.get_response(request)
        if request.path not in self.stored:
            self.stored[request.path] = self.get_response(request)
        return self.stored[request.path]
