"""The whole demo in one transaction: a country with 68 centres, three programmes, 42 classes, 1,500 learners."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

from django.core.cache import cache
from django.db import transaction

from cms.models import LessonPage
from lms.certificates.services import issue_many
from lms.classes.enums import ClassState, EnrolmentStatus
from lms.classes.models import Enrolment, TrainingClass
from lms.classes.services import requests
from lms.classes.services.enrolments import enrol_many, needing_consent
from lms.classes.services.tallies import repair
from lms.common.errors import DomainError
from lms.demo.loader.banks import enliven_bank
from lms.demo.loader.classes import DemoClass, make_class, plans
from lms.demo.loader.essays import load_essays, plan_essay
from lms.demo.loader.exams import freeze, load_bank, plan_items
from lms.demo.loader.history import Batch, live_through
from lms.demo.loader.kinds import plan_kinds
from lms.demo.loader.pages import Library, load_programme, load_site
from lms.demo.loader.papers import draw_an_exam
from lms.demo.loader.people import Cast, Namer, load_cast, load_lecturers, load_people
from lms.demo.loader.planning import load_former_centre, load_plans
from lms.demo.loader.sittings import load_sitting
from lms.demo.texts import load_kinds, load_names, load_news, load_programmes
from lms.demo.texts import load_site as site_text
from lms.notifications.services import notify
from lms.people.models import Profile, Unit, User
from lms.people.services.country import load_country
from lms.programmes.models import Edition
from lms.reports.services.settling import mark_all, settle
from quizzes.models import ItemBank

SEED = 20260203
LEARNERS = 1500
HOME_PROVINCE = "Cần Thơ"


class NotEmptyError(DomainError):
    """The database holds people already; demo data never mixes with real ones."""

    code = "not_empty"


def is_empty() -> bool:
    """Whether nobody has an account yet."""
    return not User.objects.exists()


def load(*, say: Callable[[str], None] = lambda _text: None) -> None:
    """Load everything, or nothing.

    Raises:
        NotEmptyError: somebody has an account already.
    """
    if not is_empty():
        raise NotEmptyError("The database is not empty.")
    with transaction.atomic():
        _load(say)
    cache.clear()


def _load(say: Callable[[str], None]) -> None:
    rng = random.Random(SEED)  # noqa: S311 (made-up data)
    say("Units …")
    load_country(centres=2)
    root = Unit.objects.filter(depth=1).get()
    province = Unit.objects.current().get(kind="province", search_text__contains="can tho")
    centres = list(Unit.objects.current().filter(kind="centre").order_by("path"))
    home = next(centre for centre in centres if centre.path.startswith(province.path))
    others = [centre for centre in centres if centre.pk != home.pk]
    rng.shuffle(others)
    say("People …")
    cast = load_cast(root=root, province=province, centre=home)
    namer = Namer(load_names(), rng)
    used = [home, *others[:34]]
    former = load_former_centre(home, cast.admin)
    lecturers = load_lecturers(namer, used)
    lecturers[former.pk] = lecturers[home.pk]
    learners = load_people(namer, used, LEARNERS)
    say("Programmes …")
    editions = _programmes(root=root, home=home, cast=cast)
    say("Classes …")
    _classes(
        rng,
        home=home,
        others=others,
        former=former,
        cast=cast,
        lecturers=lecturers,
        learners=learners,
        editions=editions,
    )
    load_plans(used, home=home, editions=editions.values(), actor=cast.admin)


def _programmes(*, root: Unit, home: Unit, cast: Cast) -> dict[str, Edition]:
    libraries = {unit.pk: Library(unit) for unit in (root, home)}
    pages = load_site(site_text(), load_news(), libraries[root.pk])
    editions = {}
    for text in load_programmes():
        # The two programmes of the regulation are written by the centre of the country, the third by one centre.
        unit, author = (home, cast.lecturer) if text.slug == "nghiep-vu-can-bo-co-so" else (root, cast.admin)
        library = libraries[unit.pk]
        page, modules, lessons = load_programme(text, pages=pages, unit=unit, author=author, library=library)
        approver = cast.nation if author == cast.admin else cast.officer
        items = load_bank(text, unit=unit, author=author, approver=approver)
        plan_items(text, page=page, modules=modules, lessons=lessons, items=items, unit=unit)
        if text.slug == "nhan-thuc-ve-dang":
            first = text.modules[0]
            title, questions = load_kinds()
            plan_kinds(
                title,
                questions,
                page=page,
                module=modules[first.key],
                lesson=lessons[first.lessons[0].slug],
                unit=unit,
                author=author,
                approver=approver,
            )
            last = text.modules[-1]
            plan_essay(
                page=page,
                module=modules[last.key],
                lesson=lessons[last.lessons[-1].slug],
                unit=unit,
                author=author,
                approver=approver,
            )
        editions[text.slug] = freeze(page, actor=author)
        if unit == home:
            enliven_bank(next(iter(items.values())).bank, author=cast.lecturer, officer=cast.officer)
    drawn_from = ItemBank.objects.filter(unit=root).order_by("pk").first()
    if drawn_from is not None:
        draw_an_exam(bank=drawn_from, unit=home, officer=cast.officer)
    return editions


def _classes(
    rng: random.Random,
    *,
    home: Unit,
    others: list[Unit],
    former: Unit,
    cast: Cast,
    lecturers: dict[int, list[User]],
    learners: list[User],
    editions: dict[str, Edition],
) -> None:
    minutes = {lesson.pk: lesson.reading_minutes for lesson in LessonPage.objects.only("pk", "word_count")}
    # Repeats are wanted (some people attend two classes); nobody is twice in one class.
    pool = iter([*learners, *rng.sample(learners, 200)])
    batch = Batch()
    made: list[tuple[DemoClass, TrainingClass]] = []
    numbers: dict[tuple[int, int], int] = {}
    placed: set[int] = set()  # an account's home is the unit of the first class
    for plan in plans(home, others, former, rng):
        key = (plan.unit.pk, plan.starts_on.year)
        numbers[key] = numbers.get(key, 0) + 1
        staff = lecturers[plan.unit.pk]
        homeroom = cast.lecturer if plan.unit.pk in (home.pk, former.pk) else staff[0]
        actor = cast.manager if plan.unit.pk in (home.pk, former.pk) else cast.admin
        training_class = make_class(
            plan, numbers[key], edition=editions[plan.slug], lecturers=staff, homeroom=homeroom, actor=actor
        )
        ids = {user.pk for _index, user in zip(range(plan.size), pool, strict=False)}
        fixed = _learner_of_the_demo(plan, made, cast, ids)
        Profile.objects.filter(user__in=ids - placed - {cast.learner.pk}).update(unit=plan.unit)
        placed |= ids
        guests = set(needing_consent(actor, sorted(ids)))  # who came from another unit was enrolled from above
        enrol_many(training_class=training_class, learner_ids=sorted(ids - guests), actor=actor)
        enrol_many(training_class=training_class, learner_ids=sorted(guests), actor=cast.admin)
        _settle_state(training_class, plan)
        if plan.state not in (ClassState.PLANNED, ClassState.CANCELLED):
            enrolments = list(Enrolment.objects.filter(training_class=training_class).order_by("pk"))
            live_through(training_class, enrolments, minutes=minutes, rng=rng, batch=batch, fixed=fixed)
        made.append((plan, training_class))
    batch.write()
    repair()
    _certificates(batch)
    load_sitting(made[0][1], lecturer=cast.lecturer, learner=cast.learner, rng=rng)
    colleague = next(one for one in lecturers[home.pk] if one.pk != cast.lecturer.pk)
    load_essays(
        made[0][1],
        next(one for plan, one in made if plan.unit.pk == home.pk and plan.state == ClassState.CLOSED),
        markers=[cast.lecturer, colleague],
        officer=cast.officer,
        learner=cast.learner,
    )
    mark_all()
    settle()
    _requests([one for plan, one in made if plan.state == ClassState.OPEN], home=home, cast=cast)
    notify(
        recipients=[cast.learner.pk],
        kind="message",
        params={"sender": str(cast.lecturer)},
        text="Chào mừng đồng chí đến với lớp học. Có gì chưa rõ, đồng chí cứ nhắn cho tôi.",
        sender=cast.lecturer,
    )


def _requests(running: list[TrainingClass], *, home: Unit, cast: Cast) -> None:
    """Let two classes wait for learners of each other's unit: the home centre's, and one elsewhere."""
    here = next(one for one in running if one.unit_id == home.pk)
    there = next(one for one in running if one.unit_id != home.pk)
    people = User.objects.active().filter(memberships=None).order_by("pk")
    guests = people.filter(profile__unit=there.unit_id).exclude(enrolments__training_class=here)[:2]
    ours = people.filter(profile__unit=home).exclude(enrolments__training_class=there).exclude(pk=cast.learner.pk)[:2]
    requests.ask(training_class=here, learner_ids=[user.pk for user in guests], actor=cast.manager)
    requests.ask(
        training_class=there, learner_ids=[cast.learner.pk, *(user.pk for user in ours)], actor=there.created_by
    )


def _learner_of_the_demo(
    plan: DemoClass, made: list[tuple[DemoClass, TrainingClass]], cast: Cast, ids: set[int]
) -> dict[int, float]:
    """Put ``hocvien`` into a running class that is well begun, and into a completed one of last year."""
    if not made:
        ids.add(cast.learner.pk)
        return {cast.learner.pk: 5.46 / 14}  # in the middle of the third lesson
    if plan.slug == "nghiep-vu-can-bo-co-so" and plan.state == ClassState.RECOGNISED and len(made) == 3:
        ids.add(cast.learner.pk)
        return {cast.learner.pk: 1.0}
    return {}


def _settle_state(training_class: TrainingClass, plan: DemoClass) -> None:
    """Bring the class to the state it has today, with the decision of recognition where there is one."""
    fields = ["state"]
    training_class.state = plan.state
    if plan.state == ClassState.RECOGNISED:
        training_class.recognition_decision = f"{training_class.pk + 200}-QĐ/TTCT"
        training_class.recognised_on = plan.ends_on + dt.timedelta(days=7)
        fields += ["recognition_decision", "recognised_on"]
    training_class.save(update_fields=fields)


def _certificates(batch: Batch) -> None:
    """Enter the completed in the registers, in the order in which they completed."""
    done = [enrolment for enrolment in batch.enrolments if enrolment.status == EnrolmentStatus.COMPLETED]
    done.sort(key=lambda one: (one.completed_at, one.pk))
    issue_many(enrolments=done, on={one.pk: one.completed_at.date() for one in done if one.completed_at})
