"""The list of people in the administration."""

from __future__ import annotations

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin.auth import require_admin_access
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.users.views.users import UserViewSet

from lms.people.access import is_root_administrator
from lms.people.backoffice.forms import EditPersonForm, NewPersonForm
from lms.people.enums import Role
from lms.people.models import User
from lms.people.services.accounts import create_person
from lms.people.services.activation import ActivationError, issue_activation_codes
from lms.people.services.disclosure import read_sensitive
from lms.people.services.editing import settle_edit
from lms.people.services.factors import FactorError, has_factor, reset


class PersonFilterSet(WagtailFilterSet):
    role = django_filters.MultipleChoiceFilter(
        field_name="memberships__role", choices=Role.choices, label=gettext_lazy("role"), distinct=True
    )

    contested = django_filters.BooleanFilter(
        label=gettext_lazy("contact or citizen ID stands with another account"), method="with_contested"
    )

    class Meta:
        model = User
        fields = ["is_active"]

    def with_contested(self, queryset: Any, name: str, value: bool) -> Any:
        """Pairs of accounts that somebody has to tell apart, or both of one person."""
        contested = Q(email_contested=True) | Q(phone_contested=True) | Q(sensitive__citizen_id_contested=True)
        return queryset.filter(contested if value else ~contested)


class PersonIndexView(generic.IndexView):
    """People by name; the search finds names with and without accents."""

    any_permission_required = ["change"]
    search_fields = ["search_text"]
    default_ordering = "sort_key"
    list_export = ["username", "family_name", "middle_name", "given_name", "email", "phone", "is_active", "last_login"]
    export_filename = "people"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column_class(TitleColumn)(
                "name", accessor="get_full_name", label=_("name"), sort_key="sort_key", get_url=self.get_edit_url
            ),
            Column("username", label=_("username"), sort_key="username"),
            Column("email", label=_("e-mail")),
            Column("phone", label=_("phone")),
            BooleanColumn("is_active", label=_("active")),
            DateColumn("last_login", label=_("Last sign-in"), sort_key="last_login"),
        ]

    def get_base_queryset(self) -> Any:
        people = User.objects.visible_to(self.request.user).filter(erased_at__isnull=True)
        mine = User.objects.administered_by(self.request.user).filter(pk=OuterRef("pk"))
        return people.annotate(administered=Exists(mine))

    def get_edit_url(self, instance: Any) -> str | None:
        """None for people whose roles reach further: they are listed, not opened."""
        if instance.administered or instance.pk == self.request.user.pk:
            url: str | None = super().get_edit_url(instance)
            return url
        return None

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.named_like(self.search_query) if self.is_searching else queryset


class PersonCreateView(generic.CreateView):
    def save_instance(self) -> User:
        data = self.form.cleaned_data
        person = create_person(
            full_name=" ".join(part for part in (data["family_name"], data["middle_name"], data["given_name"]) if part),
            username=data["username"] or None,
            email=data["email"],
            phone=data["phone"],
            unit=data["home"],
            actor=self.request.user,
        )
        log(instance=person, action="wagtail.create", user=self.request.user)
        return person


class PersonEditView(generic.EditView):
    context_object_name = "user"

    def get_queryset(self) -> Any:
        return _opened_by(self.request.user, own=True)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"editing_self": self.request.user == self.object}

    def save_instance(self) -> User:
        """Save the form; what ends sessions goes through the service that ends them."""
        wanted = self.form.cleaned_data.get("is_active", self.form.instance.is_active)
        before = User.objects.visible_to(self.request.user).get(pk=self.form.instance.pk)
        self.form.instance.is_active = before.is_active
        person: User = super().save_instance()
        assert isinstance(self.request.user, User)
        settle_edit(
            person=person,
            changed=self.form.changed_data,
            active=wanted,
            home=self.form.cleaned_data.get("home"),
            actor=self.request.user,
        )
        return person

    @cached_property
    def header_more_buttons(self) -> list[HeaderButton]:
        buttons: list[HeaderButton] = list(super().header_more_buttons)
        buttons.append(
            HeaderButton(
                _("My sensitive data") if self.request.user == self.object else _("Sensitive data"),
                url=reverse("wagtailusers_users:sensitive", args=[self.object.pk]),
                icon_name="lock",
            )
        )
        return buttons


@never_cache
@require_GET
def sensitive(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's sensitive data, for administrators; each reading is recorded before it is shown."""
    person = _person(request, pk, own=True)
    assert isinstance(request.user, User)
    sensitive = read_sensitive(person=person, actor=request.user)
    context = {"person": person, "sensitive": sensitive, "factor": has_factor(person)}
    return render(request, "people/backoffice/sensitive.html", context)


@never_cache
@require_POST
def new_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an activation code and show it, this once."""
    person = _person(request, pk)
    assert isinstance(request.user, User)
    try:
        codes = issue_activation_codes([person], actor=request.user)
    except ActivationError as error:
        messages.error(request, str(error))
        return redirect("wagtailusers_users:edit", person.pk)
    return render(request, "people/backoffice/code.html", {"person": person, "code": codes[person.pk]})


@never_cache
@require_POST
def reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lost second factor away."""
    person = _person(request, pk)
    assert isinstance(request.user, User)
    try:
        reset(user=person, actor=request.user, reason=request.POST.get("reason", "").strip()[:250])
    except FactorError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The second factor is gone. The person can set up a new one."))
    return redirect("wagtailusers_users:edit", person.pk)


def _opened_by(user: Any, *, own: bool = False) -> Any:
    """People whom a root administrator may open: those of no further role, and with ``own`` the person too."""
    people = User.objects.filter(erased_at__isnull=True)
    if not is_root_administrator(user):
        return people.none()
    found = Q(pk__in=User.objects.administered_by(user).order_by().values("pk"))
    return people.filter(found | Q(pk=user.pk)) if own else people.filter(found)


def _person(request: HttpRequest, pk: int, *, own: bool = False) -> User:
    person: User = get_object_or_404(_opened_by(request.user, own=own), pk=pk)
    return person


class PersonViewSet(UserViewSet):
    """In place of Wagtail's list of users; accounts are closed, never deleted."""

    menu_label = gettext_lazy("People")
    ordering = "sort_key"
    template_prefix = ""
    filterset_class = PersonFilterSet
    copy_view_enabled = False
    index_view_class = PersonIndexView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView

    def get_form_class(self, for_update: bool = False) -> Any:
        return EditPersonForm if for_update else NewPersonForm

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("sensitive/<int:pk>/", require_admin_access(sensitive), name="sensitive"),
            path("factor/<int:pk>/", require_admin_access(reset_factor), name="factor"),
            path("code/<int:pk>/", require_admin_access(new_code), name="code"),
        ]
