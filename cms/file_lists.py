"""The tags that Wagtail's lists and choosers of files offer: those of the files that the asker may use.

Wagtail 8.0 offers the ten most frequent of the whole library.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from taggit.models import Tag
from wagtail.documents.views.documents import DocumentsFilterSet
from wagtail.documents.views.documents import IndexView as DocumentIndexView
from wagtail.images.views.chooser import ImageChooserViewSet, ImageChooseView
from wagtail.images.views.images import ImagesFilterSet
from wagtail.images.views.images import IndexView as ImageIndexView
from wagtail.permissions import policy_registry

from media.models import SenDocument, SenImage

OFFERED = 10


def own_tags(user: Any, *models: type[Any]) -> Any:
    """Return the tags on files of ``models`` that ``user`` may use, the most frequent first."""
    used = Q()
    for model in models:
        policy = policy_registry.get_by_type(model)
        files = policy.instances_user_has_any_permission_for(user, ["change", "choose"]).order_by().values("pk")
        kind = ContentType.objects.get_for_model(model)
        used |= Q(taggit_taggeditem_items__content_type=kind, taggit_taggeditem_items__object_id__in=files)
    tags = Tag.objects.filter(used)
    return tags.annotate(times=Count("taggit_taggeditem_items")).order_by("-times", "name")


class _OwnTags:
    """A set of filters that offers own tags."""

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)  # type: ignore[call-arg]  # a mixin of Wagtail's filters
        filters: dict[str, Any] = self.filters  # type: ignore[attr-defined]
        if "tag" in filters:
            names = own_tags(request.user, self._meta.model)[:OFFERED].values_list("name", flat=True)  # type: ignore[attr-defined]
            filters["tag"].extra["choices"] = [(name, name) for name in names]
            if not names:
                del filters["tag"]


class OwnImagesFilterSet(_OwnTags, ImagesFilterSet):
    class Meta(ImagesFilterSet.Meta):
        model = SenImage


class OwnDocumentsFilterSet(_OwnTags, DocumentsFilterSet):
    class Meta(DocumentsFilterSet.Meta):
        model = SenDocument


class OwnImageChooseView(ImageChooseView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "popular_tags": own_tags(self.request.user, SenImage)[:OFFERED]}


def narrow() -> None:
    """Put these in place of Wagtail's."""
    ImageIndexView.filterset_class = OwnImagesFilterSet
    DocumentIndexView.filterset_class = OwnDocumentsFilterSet
    ImageChooserViewSet.choose_view_class = OwnImageChooseView
