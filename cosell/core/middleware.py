"""Middleware for what every response needs."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

Respond = Callable[[HttpRequest], HttpResponseBase]


class RefuseTrace:
    """Plain views answer TRACE with 200, and echo cookies in some proxies."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "TRACE":
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        return self.get_response(request)


class ProbesAreNobodys:
    """Probes ask about the installation: with no session to read, they are answered without the
    database, from a browser that signed in as well."""

    paths = ("/healthz", "/readyz")

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in self.paths:
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)


class ReaderLanguage(LocaleMiddleware):
    """The language that a person chose; a stranger's by cookie or browser. After authentication,
    which reads the person anyway."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        chosen = getattr(request.user, "language", "")
        if chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen


class HtmxCaching:
    """A page and its fragment share a URL: without these headers Back shows a naked fragment."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponse):
            patch_vary_headers(response, ["HX-Request"])
            response.setdefault("Cache-Control", "no-store")
        return response
