from django.apps import AppConfig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    label = "cms"
    verbose_name = _("Curriculum and news")

    def ready(self) -> None:
        from wagtail.admin import auth

        from cms import receivers  # noqa: F401
        from cms.menu import site_menu
        from cms.policies import keepers_file, public_file
        from lms.common import menu
        from lms.notifications import kinds
        from media.access import register_policy

        # Wagtail answers a refusal with a redirect and absence with 404, so numbers could be probed (Wagtail 8.0).
        auth.permission_denied = forbidden_is_absent
        menu.register(site_menu, place=menu.SITE)
        register_policy(keepers_file)
        register_policy(public_file)
        kinds.register("cms_review_wanted", _("%(person)s asks for the review of “%(page)s”."))
        kinds.register("cms_review_approved", _("%(person)s approved “%(page)s”."))
        kinds.register("cms_review_changes", _("%(person)s asks for changes to “%(page)s”."))


def forbidden_is_absent(request: HttpRequest) -> HttpResponse:
    """Stand in for :func:`wagtail.admin.auth.permission_denied`.

    Raises:
        Http404: always.
    """
    raise Http404
