"""Finding the people of a list among the accounts: citizen ID, phone, e-mail, username, then name and birth date."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from lms.classes.enums import EnrolmentStatus
from lms.classes.models import Enrolment, EnrolmentRequest, TrainingClass
from lms.classes.roster.parsing import Learner, RosterProblem
from lms.common.text import fold
from lms.people.models import Unit, User
from lms.people.names import full_name, sort_key, split_full_name
from lms.people.queries import home_units
from lms.people.services.authority import run_by

_BATCH = 900


@dataclass(frozen=True, slots=True)
class Account:
    """Fields of an account that matching needs."""

    id: int
    username: str
    name: str
    is_active: bool
    citizen_id: str
    birth_date: dt.date | None


@dataclass(slots=True)
class Match:
    """The decision about one row: ``new``, ``existing``, ``consent`` (of another unit, asked for), ``asked`` (so
    already), ``enrolled``, ``withdrawn`` or ``problem``.
    """

    status: str
    user_id: int | None = None
    by: str = ""
    shown: str = ""


def match_learners(
    *, training_class: TrainingClass, learners: Sequence[Learner], actor: Any
) -> tuple[list[Match], list[RosterProblem]]:
    """Return what becomes of each row, and the rows that cannot be decided.

    Among the people whom ``actor`` runs a person is found by a number or an address, or by name and birth date; a
    number that one of them has under another name is a problem. Anybody else is found only by a row that shows that
    the office knows the person: the name with the birth date and with a citizen ID, a phone or an e-mail, all as in
    the account (somebody of the own classes: the name with one of these). Any other row, whatever it holds, is
    somebody new: it must not tell who exists elsewhere (docs/adr/0030).
    """
    lookups = _Lookups(training_class, learners, actor)
    matches, problems = [], []
    for learner in learners:
        account, by, field, complaint = lookups.find(learner)
        if complaint:
            problems.append(RosterProblem(learner.line, field, complaint))
            matches.append(Match("problem"))
        elif account is None:
            matches.append(Match("new"))
        else:
            status = lookups.status_of(account)
            if status == "existing" and not account.is_active:
                problems.append(RosterProblem(learner.line, field, _("this person's account is closed")))
            shown = "" if status in {"consent", "asked"} else f"{account.name} ({account.username})"
            matches.append(Match(status, account.id, by, shown))
    problems += _doubles(learners, matches)
    _name_units(matches)
    return matches, problems


def _name_units(matches: Sequence[Match]) -> None:
    """Write at the rows that ask for somebody whose unit that is; nothing else of the account is shown."""
    asking = [match for match in matches if match.status in {"consent", "asked"}]
    homes: dict[int, int] = {}
    for ids in batched([match.user_id or 0 for match in asking] or [0], _BATCH):
        homes |= home_units(ids)
    names = dict(Unit.objects.filter(pk__in=set(homes.values()) or {0}).values_list("pk", "name"))
    for match in asking:
        match.shown = names.get(homes.get(match.user_id or 0, 0), "")


def name_key(name: str) -> str:
    """Return the stored sort key of a name: equal for equal names, tones included."""
    return sort_key(*split_full_name(name))


def _person_of(learner: Learner) -> tuple[str, str | None]:
    """Return what a row says of a person apart from numbers and addresses."""
    return fold(learner.full_name), learner.birth_date


class _Lookups:
    """Every account that a list may mean, read in a few queries, as many whether or not somebody is found."""

    def __init__(self, training_class: TrainingClass, learners: Sequence[Learner], actor: Any) -> None:
        self.enrolled: dict[int, str] = dict(
            Enrolment.objects.filter(training_class=training_class).values_list("learner_id", "status")
        )
        self.requested = set(
            EnrolmentRequest.objects.open().filter(training_class=training_class).values_list("learner_id", flat=True)
        )
        self.told = Counter(_person_of(learner) for learner in learners)
        self.accounts: dict[int, Account] = {}
        self.by_citizen_id = self._unique("sensitive__citizen_id", (learner.citizen_id for learner in learners))
        self.by_phone = self._unique("phone", (learner.phone for learner in learners))
        self.by_email = self._unique("email", (learner.email.lower() for learner in learners), lower=True)
        self.by_username = self._unique("username", (learner.username.lower() for learner in learners), lower=True)
        found = sorted(self.accounts)
        self.own = run_by(actor, found)
        self.known = {pk for pk, status in self.enrolled.items() if status != EnrolmentStatus.WITHDRAWN}
        for ids in batched(found or [0], _BATCH):
            seen = User.objects.visible_to(actor).filter(pk__in=ids).order_by()
            self.known.update(seen.values_list("pk", flat=True))
        self.keys = {learner.line: name_key(learner.full_name) for learner in learners}
        self.by_name: dict[str, list[Account]] = defaultdict(list)
        self._names(actor)

    def _unique(self, column: str, wanted: Iterable[str], *, lower: bool = False) -> dict[str, list[Account]]:
        found: dict[str, list[Account]] = defaultdict(list)
        people = User.objects.annotate(key=Lower(column)) if lower else User.objects.all()
        lookup = "key" if lower else column
        for values in batched(sorted({value for value in wanted if value}), _BATCH):
            for account, value in self._read(people.filter(**{f"{lookup}__in": values}), lookup):
                found[value].append(account)
        return found

    def _names(self, actor: Any) -> None:
        """Only among the class and the people whom ``actor`` runs."""
        inside = [pk for pk in self.enrolled if pk not in self.own]
        for keys in batched(sorted(set(self.keys.values())), _BATCH):
            read = dict(self._read(User.objects.run_by(actor).filter(sort_key__in=keys), "sort_key"))
            self.own.update(account.id for account in read)
            for ids in batched(inside or [0], _BATCH):
                people = User.objects.filter(pk__in=ids, sort_key__in=keys)
                read.update(self._read(people, "sort_key"))
            for account, key in read.items():
                self.by_name[key].append(account)

    def _read(self, people: Any, column: str) -> Iterator[tuple[Account, str]]:
        columns = ("id", "username", "family_name", "middle_name", "given_name", "is_active")
        secret = ("sensitive__citizen_id", "sensitive__birth_date")
        for row in people.order_by("pk").values_list(*columns, *secret, column):
            account = self.accounts.get(row[0])
            if account is None:
                account = Account(row[0], row[1], full_name(row[2], row[3], row[4]), row[5], row[6] or "", row[7])
                self.accounts[account.id] = account
            yield account, row[8]

    def status_of(self, account: Account) -> str:
        """Return what becomes of a row that means ``account``."""
        status = self.enrolled.get(account.id)
        if status is not None:
            return "withdrawn" if status == EnrolmentStatus.WITHDRAWN else "enrolled"
        if account.id in self.own:
            return "existing"
        return "asked" if account.id in self.requested else "consent"

    def find(self, learner: Learner) -> tuple[Account | None, str, str, str]:
        """Return (account, how it was found, column, complaint)."""
        name = fold(learner.full_name)
        elsewhere: tuple[Account, str] | None = None
        for by, value, index in (
            ("citizen_id", learner.citizen_id, self.by_citizen_id),
            ("phone", learner.phone, self.by_phone),
            ("email", learner.email.lower(), self.by_email),
            ("username", learner.username.lower(), self.by_username),
        ):
            accounts = index.get(value, ()) if value else ()
            for account in accounts:
                other_number = learner.citizen_id and account.citizen_id and learner.citizen_id != account.citizen_id
                same = fold(account.name) == name and not other_number
                if account.id in self.own:
                    complaint = "" if same else _("“%(value)s” belongs to somebody else's account") % {"value": value}
                    return (account if same else None), by, by, complaint
                if same and elsewhere is None and self._is_known(account, learner, by):
                    elsewhere = account, by
        if elsewhere:
            account, by = elsewhere
            return account, by, by, ""
        return self._by_name(learner)

    def _is_known(self, account: Account, learner: Learner, by: str) -> bool:
        """Whether a row that names somebody of another unit shows that the office knows the person.

        A username is no evidence: it is made from the name.
        """
        if by == "username":
            return False
        if account.id in self.known:
            return True
        # Many rows of one person with a number each are a search for the number: they show that it is not known.
        if self.told[_person_of(learner)] > 1:
            return False
        return account.birth_date is not None and learner.birth_date == account.birth_date.isoformat()

    def _by_name(self, learner: Learner) -> tuple[Account | None, str, str, str]:
        namesakes = [
            account
            for account in self.by_name.get(self.keys[learner.line], [])
            if not (learner.citizen_id and account.citizen_id)
        ]
        if learner.birth_date:
            born = dt.date.fromisoformat(learner.birth_date)
            found = [account for account in namesakes if account.birth_date == born]
        elif learner.citizen_id or learner.phone or learner.email or learner.username:
            found = []
        else:  # a bare name means the one of that name in this class, so that a repeated list changes nothing
            found = [account for account in namesakes if account.id in self.enrolled]
        if len(found) > 1:
            return None, "", "full_name", _("several accounts have this name; add the citizen ID number")
        return (found[0], "name", "full_name", "") if found else (None, "", "", "")


def _doubles(learners: Sequence[Learner], matches: Sequence[Match]) -> list[RosterProblem]:
    """Return the rows that repeat an earlier one."""
    problems = []
    seen: dict[tuple[str, Any], int] = {}
    for learner, match in zip(learners, matches, strict=True):
        keys: list[tuple[str, Any]] = [
            (field, value.lower())
            for field in ("citizen_id", "phone", "email", "username")
            if (value := getattr(learner, field))
        ]
        if not learner.citizen_id:
            keys.append(("full_name", (fold(learner.full_name), learner.birth_date)))
        if match.user_id:
            keys.append(("", match.user_id))
        first = next(((field, seen[field, value]) for field, value in keys if (field, value) in seen), None)
        if first is not None:
            field, line = first
            bare = field == "full_name" and not learner.birth_date
            message = (
                _("the same name stands in row %(line)s; add a birth date or citizen ID to tell them apart")
                if bare
                else _("the same person stands in row %(line)s")
            )
            problems.append(RosterProblem(learner.line, field, message % {"line": line}))
        for key in keys:
            seen.setdefault(key, learner.line)
    return problems
