"""Every address of Wagtail's administration, and the rule it stands under. An address that is not listed is closed.

Wagtail brings views of its own with every release, and not all of them ask whose page or file they show. So each one
is looked at once and entered here; :mod:`tests.cms.test_entrances` fails for an address without an entry.
"""

from __future__ import annotations

from enum import Enum


class Scope(Enum):
    """The rule of an address."""

    OPEN = "open"  # words and icons of the interface, signing in and out
    OWN = "own"  # shows nothing but the asker's own account, or nothing of anybody
    PAGES = "pages"  # pages of the asker's programmes: listed by Wagtail's page policy, named under PageGuard
    FILES = "files"  # pictures and documents of the asker's units
    MODEL = "model"  # asks a permission on a model that groups of units do not hold
    TOP = "top"  # counts or lists over all units: administrators of the whole tree
    CLOSED = "closed"  # not used by this product


def _under(scope: Scope, prefix: str, names: str) -> dict[str, Scope]:
    return {f"{prefix}{name}": scope for name in names.split()}


# The actions that may be done with many rows at once, by the label of the model; pages count as one model.
BULK = {
    "page": frozenset({"delete", "move", "publish", "unpublish"}),
    "sen_media.senimage": frozenset({"delete", "add_tags", "add_to_collection"}),
    "sen_media.sendocument": frozenset({"delete", "add_tags", "add_to_collection"}),
    "people.user": frozenset({"set_active_state"}),
}

_MODEL_VIEWS = "index index_results add edit delete history history_results usage"

ENTRANCES: dict[str, Scope] = {
    **_under(Scope.OPEN, "wagtailadmin_", "sprite login logout javascript_catalog"),
    "django.views.generic.base.RedirectView": Scope.OPEN,  # quan-tri/login/, in place of Wagtail's
    **_under(Scope.OWN, "wagtailadmin_", "home account dismissibles block_preview"),
    **_under(
        Scope.OWN,
        "wagtailadmin_choose_page_",
        "external_link email_link phone_link anchor_link",
    ),
    "wagtailadmin_editing_sessions:release": Scope.OWN,
    "wagtail.admin.views.home.default": Scope.OWN,  # whatever is left: not found
    # Pages
    **_under(Scope.PAGES, "wagtailadmin_", "explore_root explore explore_results"),
    **_under(Scope.PAGES, "wagtailadmin_choose_page", "_child _search _chosen_multiple"),
    "wagtailadmin_choose_page": Scope.PAGES,
    **_under(Scope.PAGES, "wagtailadmin_api:pages:", "listing detail"),
    **_under(
        Scope.PAGES,
        "wagtailadmin_pages:",
        "add preview_on_add type_use type_use_results choose_parent usage edit preview_on_edit view_draft add_subpage "
        "delete unpublish convert_alias search search_results move move_confirm set_page_position copy "
        "workflow_action collect_workflow_action_data confirm_workflow_cancellation workflow_preview lock unlock "
        "revisions_index revisions_view revisions_revert revisions_unschedule revisions_compare workflow_history "
        "workflow_history_detail history history_results",
    ),
    "wagtailadmin_editing_sessions:ping": Scope.PAGES,
    "wagtail_bulk_action": Scope.PAGES,  # files too; see BULK
    **_under(
        Scope.PAGES,
        "wagtailadmin_reports:",
        "locked_pages locked_pages_results workflow workflow_results workflow_tasks workflow_tasks_results "
        "aging_pages aging_pages_results",
    ),
    **_under(Scope.PAGES, "cms_programmes:", "index index_results choose_parent"),
    "cms-new-programme": Scope.PAGES,
    **_under(
        Scope.PAGES,
        "programmes-",
        "freeze editions edition items item-add item-edit item-delete",
    ),
    # Pictures and documents
    **_under(
        Scope.FILES,
        "wagtailimages:",
        "index index_results edit delete preview add image_usage add_multiple edit_multiple "
        "create_multiple_from_uploaded_image delete_multiple delete_upload_multiple",
    ),
    **_under(
        Scope.FILES,
        "wagtaildocs:",
        "index index_results add edit delete add_multiple edit_multiple create_multiple_from_uploaded_document "
        "delete_multiple delete_upload_multiple document_usage",
    ),
    **_under(
        Scope.FILES,
        "wagtailimages_chooser:",
        "choose choose_results chosen chosen_multiple create select_format",
    ),
    **_under(
        Scope.FILES,
        "wagtaildocs_chooser:",
        "choose choose_results chosen chosen_multiple create",
    ),
    **_under(
        Scope.FILES,
        "cms-",
        "tags image-delete image-delete-uploaded document-delete document-delete-uploaded",
    ),
    # Units, roles and people; the lists are narrowed by lms.people.backoffice
    **_under(
        Scope.MODEL,
        "people_unit_chooser:",
        "choose choose_results chosen chosen_multiple",
    ),
    **_under(Scope.MODEL, "unit:", _MODEL_VIEWS),
    **_under(Scope.MODEL, "membership:", _MODEL_VIEWS),
    **_under(
        Scope.MODEL,
        "wagtailusers_users:",
        f"{_MODEL_VIEWS} sensitive factor code",
    ),
    # What only superusers hold permissions for
    **_under(Scope.MODEL, "wagtailusers_groups:", _MODEL_VIEWS),
    **_under(Scope.MODEL, "wagtailsites:", f"{_MODEL_VIEWS} copy"),
    **_under(Scope.MODEL, "wagtailadmin_collections:", "index add edit delete"),
    **_under(Scope.MODEL, "wagtailredirects:", "index index_results add edit delete"),
    **_under(
        Scope.MODEL,
        "wagtailadmin_workflows:",
        "index index_results add enable disable edit usage usage_results remove add_task select_task_type task_index "
        "task_index_results edit_task disable_task enable_task",
    ),
    **_under(
        Scope.TOP,
        "wagtailadmin_workflows:",
        "task_chooser task_chooser_results task_chooser_create task_chosen",
    ),
    **_under(
        Scope.TOP,
        "wagtailadmin_reports:",
        "site_history site_history_results page_types_usage page_types_usage_results",
    ),
    # Not used
    "django.views.generic.base.TemplateView": Scope.CLOSED,  # quan-tri/test404/
    "wagtailadmin_error_test": Scope.CLOSED,
    **_under(Scope.CLOSED, "wagtailadmin_api:", "pages:find pages:action"),
    **_under(
        Scope.CLOSED,
        "wagtailadmin_api:",
        "images:listing images:detail images:find documents:listing documents:detail documents:find",
    ),
    "wagtailadmin_pages:set_privacy": Scope.CLOSED,  # lessons are private anyway, public pages have no sign-in
    "wagtailadmin_collections:set_privacy": Scope.CLOSED,
    **_under(Scope.CLOSED, "wagtailadmin_tag_", "autocomplete model_autocomplete"),  # cms-tags stands in their place
    **_under(
        Scope.CLOSED,
        "wagtailadmin_password_",
        "reset reset_done reset_confirm reset_complete",
    ),
    **_under(Scope.CLOSED, "wagtailimages:", "url_generator url_generator_output"),
    **_under(
        Scope.CLOSED,
        "wagtailforms:",
        "index index_results list_submissions list_submissions_results delete_submissions",
    ),
    **_under(Scope.CLOSED, "wagtailembeds:", "chooser chooser_upload"),
    **_under(Scope.CLOSED, "wagtailredirects:", "start_import process_import"),
    **_under(Scope.CLOSED, "wagtailsettings:", "edit preview_on_edit"),
    "wagtailsnippets:index": Scope.CLOSED,
    "people_unit_chooser:create": Scope.CLOSED,
}
