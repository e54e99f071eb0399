from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "media"
    label = "sen_media"
    verbose_name = _("Media library")

    def ready(self) -> None:
        from wagtail.admin.forms.account import AvatarPreferencesForm

        from media.forms import PictureField

        # Wagtail offers no other way to say how the picture of a person's own account is read.
        made = AvatarPreferencesForm.base_fields["avatar"]
        AvatarPreferencesForm.base_fields["avatar"] = PictureField(label=made.label, required=False)
