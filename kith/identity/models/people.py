"""Users and teams."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kith.kernel import clock


class UserManager(BaseUserManager["User"]):
    """Makes users; e-mail addresses are compared without regard to case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user who signs in with this e-mail address."""
        return self.get(email__iexact=(username or "").strip())

    def make(self, email: str, name: str, password: str | None = None, **fields: Any) -> User:
        """A saved user."""
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in."""

    email = models.EmailField(_("E-mail"), max_length=254, unique=True)
    name = models.CharField(pgettext_lazy("of a person", "Name"), max_length=200)
    is_active = models.BooleanField(_("May sign in"), default=True)
    is_admin = models.BooleanField(_("Administrator"), default=False)
    language = models.CharField(_("Language"), max_length=10, default="", blank=True)
    zone = models.CharField(_("Time zone"), max_length=64, default="UTC")
    country = models.CharField(_("Country"), max_length=2, default="", blank=True)
    currency = models.CharField(_("Currency"), max_length=3, default="EUR")
    #: How dates and numbers are written: a CLDR locale, "" for that of the language.
    locale = models.CharField(_("Region format"), max_length=24, default="", blank=True)
    #: Key of a calendar, or numbering system of CLDR; "" for what is usual in the country, or the locale's own digits.
    calendar = models.CharField(_("Calendar"), max_length=16, default="", blank=True)
    digits = models.CharField(_("Digits"), max_length=16, default="", blank=True)
    #: Monday as 0; None for what is usual in the country.
    first_weekday = models.SmallIntegerField(_("First day of the week"), null=True, blank=True)
    #: Keys of the keyboard as she wants them: the key of a shortcut → what is pressed, "" for nothing; "off" for single keys at all.
    shortcuts = models.JSONField(default=dict, blank=True)
    #: Raised by every change of password, role or state: sessions made before it are over.
    auth_epoch = models.PositiveIntegerField(default=0, editable=False)
    #: The password is shorter than what is enough without a second factor, so the last factor must stay.
    short_password = models.BooleanField(default=False, editable=False)
    password_at = models.DateTimeField(null=True, editable=False)
    #: The last step of thirty seconds whose code was used: no code counts twice.
    code_step = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    @classmethod
    def object_key(cls) -> str:
        """What the ledger calls users."""
        return "identity.user"

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        # Django binds sessions to the password; here a change of role or state ends them, too.
        told = f"{self.password}:{self.auth_epoch}"
        return salted_hmac("kith.identity.session", told, secret=secret, algorithm="sha256").hexdigest()

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who work together; members see each other's records where a role says "team"."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    manager = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="managed_teams")
    members = models.ManyToManyField(User, related_name="teams")
    #: The team above: its manager manages this one, too.
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Deputy(models.Model):
    """That somebody is away, and who stands in for her: from one day to another in her zone, both included."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()
    until = models.DateField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["deputy", "until"], name="deputy_until")]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="deputy_dates"),
            models.CheckConstraint(condition=~models.Q(user=models.F("deputy")), name="deputy_other"),
        ]


class SkippedStep(models.Model):
    """A step of setting the house up that somebody does not want to be reminded of. That a step is done is never kept: it is seen."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=40)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "step"], name="skipped_step_once")]
