"""Accounts and the two profiles: the ordinary one, and the sensitive one in a table of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from lms.common.models import TimeStampedModel
from lms.common.text import fold, normalise
from lms.people.enums import Gender
from lms.people.names import full_name, sort_key
from lms.people.validators import validate_name_letters


class UserQuerySet(models.QuerySet["User"]):
    """Vocabulary for people. What a viewer may see is added by :mod:`lms.people.access`."""

    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)

    def visible_to(self, user: Any) -> UserQuerySet:
        """``user`` itself, the people of the units that ``user`` runs, and those of their classes: by name."""
        from lms.people.access import people_visible_to

        return people_visible_to(user, self)

    def run_by(self, user: Any) -> UserQuerySet:
        """People whose home unit ``user`` runs."""
        from lms.people.access import people_run_by

        return people_run_by(user, self)

    def administered_by(self, user: Any) -> UserQuerySet:
        """People whose account and data ``user`` may handle."""
        from lms.people.access import people_administered_by

        return people_administered_by(user, self)

    def editable_by(self, user: Any) -> UserQuerySet:
        """People about whose data ``user`` may decide, as a manager of their home unit."""
        from lms.people.access import people_managed_by

        return people_managed_by(user, self)

    def named_like(self, text: str) -> UserQuerySet:
        """People whose name or username holds ``text``, with or without accents."""
        return self.filter(search_text__contains=fold(text))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = False

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Create and save an account; ``password=None`` leaves it unusable until activated."""
        user: User = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by username, e-mail or phone (:class:`lms.people.backends.IdentifierBackend`)."""

    username = models.CharField(_("username"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    email = models.EmailField(_("e-mail"), null=True, blank=True)
    phone = models.CharField(
        _("phone"), max_length=16, null=True, blank=True, help_text=_("E.164, for example +84912345678.")
    )
    # An office wrote an address or a number that an account out of its sight has. The account was made all the same,
    # so that nobody learns what exists elsewhere (docs/adr/0030); it does not sign in with it.
    email_contested = models.BooleanField(_("e-mail stands with another account"), default=False, editable=False)
    phone_contested = models.BooleanField(_("phone stands with another account"), default=False, editable=False)
    family_name = models.CharField(_("family name"), max_length=60, blank=True, validators=[validate_name_letters])
    middle_name = models.CharField(_("middle name"), max_length=80, blank=True, validators=[validate_name_letters])
    given_name = models.CharField(_("given name"), max_length=60, blank=True, validators=[validate_name_letters])
    own_sort_key = models.CharField(
        _("own sort key"),
        max_length=120,
        blank=True,
        help_text=_("Only for names that do not sort by their last word, for example H'Hen Niê."),
    )
    sort_key = models.CharField(max_length=250, editable=False, default="", db_index=True)
    search_text = models.CharField(max_length=400, editable=False, default="")
    is_active = models.BooleanField(_("active"), default=True)
    # Somebody who gave a name at one sitting and has nothing but its test; never a learner (lms.people.guests).
    is_guest = models.BooleanField(_("guest of a sitting"), default=False, editable=False)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    must_change_password = models.BooleanField(_("must change the password at the next sign-in"), default=False)
    # Raised to end every session at once (lms.people.services.sessions); what was signed in under it stays ended.
    session_epoch = models.PositiveIntegerField(editable=False, default=0)
    # What was kept about the person is gone; the row stays for the records that point at it.
    erased_at = models.DateTimeField(_("erased at"), null=True, editable=False)
    date_joined = models.DateTimeField(_("date joined"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(email_contested=False),
                name="people_user_email_ci",
                violation_error_message=_("This e-mail is in use."),
            ),
            models.UniqueConstraint(
                fields=["phone"],
                condition=models.Q(phone_contested=False),
                name="people_user_phone",
                violation_error_message=_("This phone number is in use."),
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="people_user_username_ci",
                violation_error_message=_("This username is in use."),
            ),
            models.CheckConstraint(
                condition=models.Q(email__isnull=True) | ~models.Q(email=""),
                name="people_user_email_not_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(phone__isnull=True) | models.Q(phone__startswith="+"),
                name="people_user_phone_e164",
            ),
        ]
        indexes = [
            # Lists of learners look for many at once, contested or not.
            models.Index(Lower("email"), name="people_user_email"),
            models.Index(fields=["phone"], name="people_user_phone_any"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """The name in Vietnamese order: family, middle, given."""
        return full_name(self.family_name, self.middle_name, self.given_name)

    def get_short_name(self) -> str:
        return self.given_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session must carry to be this person's: of the password, and of the epoch once it was raised.

        An account whose epoch was never raised keeps Django's own hash, so that an upgrade signs nobody out.
        """
        own: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if not self.session_epoch:
            return own
        return salted_hmac(
            f"lms.people.session_epoch:{self.session_epoch}", own, secret, algorithm="sha256"
        ).hexdigest()

    def derive(self) -> None:
        """Bring the stored forms (NFC, sort key, search text) in line with the name."""
        self.username = self.username.strip()
        self.email = self.email or None
        self.phone = self.phone or None
        self.family_name, self.middle_name, self.given_name = map(
            normalise, (self.family_name, self.middle_name, self.given_name)
        )
        self.sort_key = sort_key(self.family_name, self.middle_name, self.given_name, own=self.own_sort_key)
        self.search_text = fold(f"{self.get_full_name()} {self.username}")

    def save(self, *args: Any, **kwargs: Any) -> None:
        names = {"family_name", "middle_name", "given_name", "own_sort_key", "username"}
        update_fields = kwargs.get("update_fields")
        if update_fields is None or names & set(update_fields):
            self.derive()
            if update_fields is not None:
                kwargs["update_fields"] = {*update_fields, "sort_key", "search_text"}
        super().save(*args, **kwargs)


class Profile(TimeStampedModel):
    """Data that class lists print beside the name, readable by the class's staff.

    ``unit`` is the person's home: its office speaks for the person and handles the account (lms.people.access).
    """

    user = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="profile", verbose_name=_("person")
    )
    position = models.CharField(_("position"), max_length=160, blank=True)
    organisation = models.CharField(_("unit / Party cell"), max_length=200, blank=True)
    unit = models.ForeignKey(
        "people.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="profiles",
        verbose_name=_("unit of residence or work"),
    )

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return str(self.user)


class SensitiveProfile(TimeStampedModel):
    """Sensitive data under Luật 91/2025/QH15: read only for a stated purpose, each reading audited."""

    user = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="sensitive", verbose_name=_("person")
    )
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=8, choices=Gender, blank=True)
    ethnicity = models.CharField(_("ethnicity"), max_length=40, blank=True)
    hometown = models.CharField(_("hometown"), max_length=200, blank=True)
    citizen_id = models.CharField(_("citizen ID number"), max_length=12, null=True, blank=True, db_index=True)
    citizen_id_contested = models.BooleanField(
        _("citizen ID number stands with another account"), default=False, editable=False
    )
    party_card = models.CharField(_("Party card number"), max_length=20, blank=True)
    party_joined_on = models.DateField(_("date of admission to the Party"), null=True, blank=True)

    class Meta:
        verbose_name = _("sensitive profile")
        verbose_name_plural = _("sensitive profiles")
        constraints = [
            models.UniqueConstraint(
                fields=["citizen_id"],
                condition=models.Q(citizen_id_contested=False),
                name="people_sensitive_citizen_id",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class ActivationCode(models.Model):
    """A one-time code that lets a person set the first password. Only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="activation_codes", verbose_name=_("person"))
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True)

    class Meta:
        verbose_name = _("activation code")
        verbose_name_plural = _("activation codes")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(used_at__isnull=True), name="people_activation_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.expires_at:%Y-%m-%d})"
