"""Access to exams, banks and questions.

Authors, lecturers, editors and exam officers work in the banks of the very unit where they hold the role; managers in
those of the whole subtree. The banks of units above are shared down the tree: their approved questions may be used,
but neither changed nor read with their keys. Learners and strangers see nothing here.

Whatever the role, nobody reads or makes the key of a question that the person may still be asked, as a learner or as a
guest of a sitting (:func:`key_waits`, docs/adr/0029).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from lms.people.access import ROOT_LENGTH, memberships_of, role_paths, within
from lms.people.enums import CONTENT_ROLES, MANAGER_ROLES, OFFICE_ROLES, Role
from quizzes import policy

if TYPE_CHECKING:
    from collections.abc import Collection

    from lms.people.models.units import UnitQuerySet
    from quizzes.models.bank import ItemBankQuerySet, ItemQuerySet
    from quizzes.models.blueprints import BlueprintQuerySet
    from quizzes.models.exams import ExamQuerySet
    from quizzes.models.imports import QuestionImportQuerySet
    from quizzes.models.pictures import QuestionPictureQuerySet
    from quizzes.models.statistics import ExamStatisticsQuerySet

# Who works in the banks of the subtree, and who in those of the unit itself.
BANK_MANAGERS = MANAGER_ROLES | {Role.ADMINISTRATOR}
BANK_WRITERS = CONTENT_ROLES | {Role.EXAM_OFFICER}
# Who of the writers also keeps the bank: topics, the questions of others, reviewing.
BANK_KEEPERS = frozenset({Role.EDITOR, Role.EXAM_OFFICER})
BANK_ROLES = BANK_MANAGERS | BANK_WRITERS
STATISTICS_ROLES = BANK_MANAGERS | BANK_KEEPERS


def key_waits(user: Any, item_id: int) -> bool:
    """Whether ``user`` may still be asked this question, so that its key waits; no query for most people."""
    sets = policy.sets_sat_by(user)
    return bool(sets) and _uses(sets).filter(item_id=item_id).exists()


def _uses(sets: Collection[tuple[int, int]]) -> Any:
    mine = Q()
    for exam_id, set_number in sets:
        mine |= Q(exam_id=exam_id, set_number=set_number)
    return apps.get_model("quizzes", "ItemUse")._default_manager.filter(mine).order_by()


def key_open(user: Any, field: str = "pk") -> Q:
    """A condition for what shows no key that waits for ``user``; ``field`` leads to the question."""
    sets = policy.sets_sat_by(user)
    return ~Q(**{f"{field}__in": _uses(sets).values("item_id")}) if sets else Q()


def use_open(user: Any, field: str = "exam") -> Q:
    """A condition for uses of questions in exams that ``user`` will not sit any more: "used" is what they ask.

    ``field`` leads from a use to its exam; no query for most people.
    """
    sets = policy.sets_sat_by(user)
    return ~Q(**{f"{field}__in": {exam_id for exam_id, _number in sets}}) if sets else Q()


def _exam_key_open(user: Any, field: str = "pk") -> Q:
    """The same for exams: those whose papers ask none of these questions. ``field`` leads to the exam."""
    sets = policy.sets_sat_by(user)
    if not sets:
        return Q()
    uses = apps.get_model("quizzes", "ItemUse")._default_manager.order_by()
    return ~Q(**{f"{field}__in": uses.filter(item_id__in=_uses(sets).values("item_id")).values("exam_id")})


def exams_visible_to(user: Any, queryset: ExamQuerySet) -> ExamQuerySet:
    """Exams of units where ``user`` authors content, runs exams or runs the office."""
    roles = CONTENT_ROLES | OFFICE_ROLES | {Role.EXAM_OFFICER}
    return queryset.filter(within(role_paths(user, roles), "unit__path"))


def exams_correctable_by(user: Any, queryset: ExamQuerySet) -> ExamQuerySet:
    """Exams of the units where ``user`` is exam officer, editor or manager."""
    roles = MANAGER_ROLES | {Role.EXAM_OFFICER, Role.EDITOR, Role.ADMINISTRATOR}
    return queryset.filter(within(role_paths(user, roles), "unit__path"), _exam_key_open(user))


def statistics_visible_to(user: Any, queryset: ExamStatisticsQuerySet) -> ExamStatisticsQuerySet:
    """Statistics show keys: for those who make an exam (editors, exam officers of its unit) and those who run units."""
    return queryset.filter(within(role_paths(user, STATISTICS_ROLES), "exam__unit__path"), _exam_key_open(user, "exam"))


def banks_visible_to(user: Any, queryset: ItemBankQuerySet) -> ItemBankQuerySet:
    """Banks in which ``user`` works, and those of the units above."""
    return queryset.filter(_at_home(user, "unit__path", BANK_WRITERS) | _shared(user, "unit__path"))


def banks_editable_by(user: Any, queryset: ItemBankQuerySet) -> ItemBankQuerySet:
    """Banks for which ``user`` may write questions."""
    return queryset.filter(_at_home(user, "unit__path", BANK_WRITERS))


def banks_manageable_by(user: Any, queryset: ItemBankQuerySet) -> ItemBankQuerySet:
    """Banks that ``user`` keeps."""
    return queryset.filter(_at_home(user, "unit__path", BANK_KEEPERS))


def items_visible_to(user: Any, queryset: ItemQuerySet) -> ItemQuerySet:
    """Every question at home; of the banks above only what may be used."""
    usable = Q(approved_version__isnull=False) & ~Q(state="retired")
    return queryset.filter(
        _at_home(user, "bank__unit__path", BANK_WRITERS) | (_shared(user, "bank__unit__path") & usable)
    )


def items_readable_by(user: Any, queryset: ItemQuerySet) -> ItemQuerySet:
    """Of the questions seen, those whose newest text ``user`` may read: drafts of the banks above stay there."""
    return queryset.filter(_at_home(user, "bank__unit__path", BANK_WRITERS) | Q(state="approved"))


def imports_visible_to(user: Any, queryset: QuestionImportQuerySet) -> QuestionImportQuerySet:
    """Own question files at home, and all of a bank that ``user`` keeps: they hold keys."""
    own = _at_home(user, "bank__unit__path", BANK_WRITERS) & Q(created_by_id=getattr(user, "pk", None) or 0)
    return queryset.filter(_at_home(user, "bank__unit__path", BANK_KEEPERS) | own, _imports_open(user))


def _imports_open(user: Any) -> Q:
    """A condition for the question files none of whose questions ``user`` may still be asked."""
    sets = policy.sets_sat_by(user)
    if not sets:
        return Q()
    rows = apps.get_model("quizzes", "ImportedQuestion")._default_manager.order_by()
    return ~Q(pk__in=rows.filter(item_id__in=_uses(sets).values("item_id")).values("batch_id"))


def items_editable_by(user: Any, queryset: ItemQuerySet) -> ItemQuerySet:
    """Own questions and, for those who keep a bank, all of it. Whoever may edit sees the key; nobody else does."""
    own = _at_home(user, "bank__unit__path", BANK_WRITERS) & Q(author_id=getattr(user, "pk", None) or 0)
    return queryset.filter(_at_home(user, "bank__unit__path", BANK_KEEPERS) | own, key_open(user))


def items_reviewable_by(user: Any, queryset: ItemQuerySet) -> ItemQuerySet:
    """Questions in review in banks that ``user`` keeps, written by somebody else."""
    mine = Q(author_id=user.pk) | Q(current__author_id=user.pk)
    kept = _at_home(user, "bank__unit__path", BANK_KEEPERS)
    return queryset.filter(kept, key_open(user), state="in_review").exclude(mine)


def shares_down(user: Any) -> list[str]:
    """Return the paths of the units above those where ``user`` holds a role in banks."""
    paths = {path for role, _unit, path in memberships_of(user) if role in BANK_ROLES}
    return sorted({path[:end] for path in paths for end in range(ROOT_LENGTH, len(path), ROOT_LENGTH)})


def _at_home(user: Any, field: str, roles: Collection[str]) -> Q:
    """A condition for the banks where ``user`` works: by ``roles`` at the unit itself, as a manager also below."""
    exact = sorted({path for role, _unit, path in memberships_of(user) if role in roles})
    return Q(**{f"{field}__in": exact}) | within(role_paths(user, BANK_MANAGERS), field)


def _shared(user: Any, field: str) -> Q:
    return Q(**{f"{field}__in": shares_down(user)})


def units_to_keep_banks_in(user: Any) -> Q:
    """A condition for the units for which ``user`` may make a bank."""
    return _at_home(user, "path", BANK_KEEPERS)


# Who makes papers: chooses questions, draws, freezes, prints. Papers hold what nobody else may know beforehand.
PAPER_MAKERS = frozenset({Role.EXAM_OFFICER, Role.EDITOR})


def exams_editable_by(user: Any, queryset: ExamQuerySet) -> ExamQuerySet:
    """Exams of units where ``user`` makes papers, and of the subtree that ``user`` manages."""
    return queryset.filter(_at_home(user, "unit__path", PAPER_MAKERS), _exam_key_open(user))


def blueprints_visible_to(user: Any, queryset: BlueprintQuerySet) -> BlueprintQuerySet:
    """Blueprints of the units where ``user`` works on questions, and of the units above them."""
    return queryset.filter(_at_home(user, "unit__path", BANK_WRITERS) | _shared(user, "unit__path"))


def blueprints_editable_by(user: Any, queryset: BlueprintQuerySet) -> BlueprintQuerySet:
    """Blueprints of the units where ``user`` writes questions or makes papers."""
    return queryset.filter(_at_home(user, "unit__path", BANK_WRITERS))


def units_of_writers(user: Any, queryset: UnitQuerySet) -> UnitQuerySet:
    """Units for which ``user`` may make blueprints and, as far as the role goes, papers."""
    return queryset.filter(_at_home(user, "path", BANK_WRITERS))


def units_of_paper_makers(user: Any, queryset: UnitQuerySet) -> UnitQuerySet:
    """Units for which ``user`` may make exams."""
    return queryset.filter(_at_home(user, "path", PAPER_MAKERS))


def pictures_visible_to(user: Any, queryset: QuestionPictureQuerySet) -> QuestionPictureQuerySet:
    """Pictures of banks at home and of questions that ``user`` sees; of the papers that ``user`` sits or sat; of the
    exams that ``user`` makes, runs, teaches or marks.
    """
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    rows = {name: apps.get_model("quizzes", name)._default_manager for name in _PICTURE_READS}
    uses = rows["ItemUse"].filter(item__pictures=OuterRef("pk"))
    exams = Q(exam__in=exams_visible_to(user, rows["Exam"].order_by()).values("pk"))
    items = items_visible_to(user, rows["Item"].filter(pictures=OuterRef("pk")))
    return queryset.filter(
        Q(uploaded_by_id=user.pk)
        | _at_home(user, "bank__unit__path", BANK_WRITERS)
        | Exists(items)
        | Exists(uses.filter(exams | policy.use_scope(user)))
    )


_PICTURE_READS = ("Exam", "Item", "ItemUse")


def opens_picture(user: Any, name: str) -> bool | None:
    """Whether ``user`` may see the picture of a question stored as ``name``; ``None`` when there is none."""
    pictures = apps.get_model("quizzes", "QuestionPicture")._default_manager
    number = pictures.filter(file=name).values_list("pk", flat=True).first()
    return None if number is None else bool(pictures.visible_to(user).filter(pk=number).exists())
