"""Writing a question: one form for new ones and for the next version, working without JavaScript."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lms.common.errors import DomainError
from lms.common.html import clean_html
from lms.common.text import whole_number
from lms.portals.exams.bank import presentation
from lms.portals.exams.bank.editor_page import present
from lms.portals.exams.bank.editors import EDITORS, Built, Editor, State, kind_choices
from lms.portals.exams.bank.forms import DescribeForm
from lms.portals.exams.bank.pictures import own_picture
from lms.portals.exams.bank.views.common import ITEMS, bank_frame, find_bank_to_edit, find_item_to_edit
from lms.portals.exams.bank.views.pictures import PictureForm
from lms.portals.shared import take_errors
from quizzes.enums import ItemState, Level
from quizzes.errors import InvalidItemError, ItemStateError, VersionConflictError
from quizzes.kinds import get_kind
from quizzes.models import Item, ItemBank, ItemVersion, QuestionPicture
from quizzes.queries.bank.page import description_mark, description_words
from quizzes.queries.bank.search import TopicTree
from quizzes.queries.bank.versions import Change, compare_versions
from quizzes.services.bank.approval import submit_item
from quizzes.services.bank.duplicates import near
from quizzes.services.bank.items import create_item, describe_item, save_version
from quizzes.services.bank.pictures import add_picture

SAVE, SUBMIT, PREVIEW, OVERWRITE, PICTURE = "save", "submit", "preview", "overwrite", "picture"


@dataclass
class Draft:
    """The form as it came in, and what became of it."""

    bank: ItemBank
    editor: Editor
    state: State
    describe: DescribeForm
    item: Item | None = None
    base: int | None = None
    token: str = ""
    built: Built | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)
    conflict: list[Change] = field(default_factory=list)
    conflict_text: str = ""
    preview: dict[str, Any] | None = None
    problem: str = ""
    described: str = ""  # what was said about the question when the form was opened
    picture: QuestionPicture | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def item_new(request: HttpRequest, bank_id: int) -> HttpResponse:
    """Choose a kind, then write a question of it."""
    bank = find_bank_to_edit(request, bank_id)
    kind = request.POST.get("kind") or request.GET.get("loai", "")
    known = dict(kind_choices())
    if kind not in known:
        return render(request, "exams/bank/kinds.html", bank_frame(request, bank, ITEMS) | {"kinds": kind_choices()})
    editor, topics = EDITORS[kind], TopicTree.of([bank.pk]).rows
    if request.method != "POST":
        initial = {"topic": request.GET.get("topic", "")}
        draft = Draft(bank, editor, editor.blank(), DescribeForm(initial=initial, topics=topics))
        draft.token = str(uuid.uuid4())
        return _page(request, draft)
    draft = Draft(bank, editor, editor.read(request.POST), DescribeForm(request.POST, topics=topics))
    draft.token = request.POST.get("token", "")
    return _work(request, draft)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def item_edit(request: HttpRequest, item_id: int) -> HttpResponse:
    """Write the next version of a question."""
    item = find_item_to_edit(request, item_id)
    version = item.current
    if version is None or version.kind not in EDITORS:
        raise Http404
    editor, topics = EDITORS[version.kind], TopicTree.of([item.bank_id]).rows
    if request.method != "POST":
        initial = {
            "topic": item.topic_id or "",
            "level": item.level,
            "outcome": item.outcome,
            "source": version.source,
            "tags": ", ".join(tag.name for tag in item.tags.all()),
            "language": item.language,
            "code": item.code,
        }
        draft = Draft(item.bank, editor, editor.load(version), DescribeForm(initial=initial, topics=topics), item)
        draft.base, draft.described = version.number, description_mark(item)
        if "image" in draft.state.values:
            _find_picture(request, draft)
        return _page(request, draft)
    draft = Draft(item.bank, editor, editor.read(request.POST), DescribeForm(request.POST, topics=topics), item)
    raw = request.POST.get("base", "")
    draft.base = whole_number(raw) or 0
    draft.described = request.POST.get("described", "")
    return _work(request, draft)


def _work(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Do what the pressed button says."""
    command = request.POST.get("act", SAVE)
    _take_picture(request, draft)
    if command == PICTURE or draft.editor.act(draft.state, command):
        return _page(request, draft, touched=True)
    draft.built = draft.editor.build(draft.state)
    if command == PREVIEW:
        _preview(draft)
        return _page(request, draft, touched=True)
    draft.errors.update(draft.editor.problems(draft.state))
    if draft.describe.is_valid() and not draft.errors and _save(request, draft, overwrite=command == OVERWRITE):
        assert draft.item is not None
        if command == SUBMIT:
            try:
                submit_item(item=draft.item, actor=request.user)
                messages.success(request, _("Saved. The question is waiting for review."))
            except DomainError as error:
                messages.warning(request, str(error))
        else:
            messages.success(request, _("Saved."))
        if command == SAVE and "next" in request.POST:
            return redirect("exams:item-new", draft.bank.pk)
        return redirect("exams:item", draft.item.pk)
    _refuse_all(draft)
    return _page(request, draft, status=422, touched=True)


def _refuse_all(draft: Draft) -> None:
    """Name everything that is wrong at once, not only what the first check met."""
    if draft.conflict or draft.built is None:
        return
    if not clean_html(draft.state.values["stem"]):
        draft.errors["stem"] = [_("Write the question.")]
    try:
        get_kind(draft.editor.kind).clean_item(*draft.built)
    except InvalidItemError as error:
        for where, texts in error.fields.items():
            if where not in draft.errors:
                draft.errors[where] = list(texts)


def _save(request: HttpRequest, draft: Draft, *, overwrite: bool) -> bool:
    """Save; when that is refused, say why in ``draft`` and return ``False``."""
    assert draft.built is not None
    said = draft.describe.cleaned_data
    text: dict[str, Any] = {
        "kind": draft.editor.kind,
        "stem": draft.state.values["stem"],
        "content": draft.built.content,
        "key": draft.built.key,
        "feedback": draft.built.feedback,
        "source": said["source"],
        "author": request.user,
    }
    about: dict[str, Any] = {
        "topic": draft.describe.chosen_topic,
        "level": said["level"],
        "outcome": said["outcome"],
        "language": said["language"],
        "tags": draft.describe.tag_names,
        "code": said["code"],
    }
    others = "" if draft.item is None or overwrite else _described_meanwhile(draft, draft.item, about)
    try:
        with transaction.atomic():
            if draft.item is None:
                draft.item = create_item(bank=draft.bank, token=_token(draft.token), **text, **about)
            else:
                save_version(item=draft.item, expected=None if overwrite else draft.base, **text)
                if others:
                    raise ItemStateError(others)
                describe_item(item=draft.item, **about)
    except VersionConflictError as error:
        _show_conflict(draft, error)
        draft.problem = others
    except InvalidItemError as error:
        draft.errors.update({name: list(texts) for name, texts in error.fields.items()})
        take_errors(draft.describe, error) if set(error.fields) & set(draft.describe.fields) else None
    except DomainError as error:
        draft.problem = str(error)
    else:
        return True
    return False


def _described_meanwhile(draft: Draft, item: Item, about: dict[str, Any]) -> str:
    """Return what somebody else has changed of topic, level … since the form was opened, if it is not the same.

    It is said once: saving again puts in place what stands in the form.
    """
    now = description_mark(item)
    if not draft.described or draft.described == now:
        return ""
    draft.described = now
    theirs = description_words(item)
    mine = {
        "topic": str(about["topic"] or "—"),
        "level": str(Level(about["level"]).label),
        "outcome": about["outcome"],
        "tags": ", ".join(sorted(about["tags"], key=str.casefold)),
        "language": about["language"],
        "code": about["code"] or item.code,
    }
    other = [
        f"{draft.describe.fields[name].label}: {text or '—'}" for name, text in theirs.items() if text != mine[name]
    ]
    if not other:
        return ""
    return _("Somebody has changed this meanwhile: %(what)s. Save again to keep what stands in the form.") % {
        "what": "; ".join(other)
    }


def _show_conflict(draft: Draft, error: VersionConflictError) -> None:
    """Put the saved version beside the text of this form; the form itself stays as it is."""
    assert draft.built is not None
    assert draft.item is not None
    mine = ItemVersion(
        item=draft.item,
        number=error.current.number + 1,
        kind=draft.editor.kind,
        stem=clean_html(draft.state.values["stem"]),
        content=draft.built.content,
        key=draft.built.key,
        feedback={"general": draft.built.feedback["general"], "options": draft.built.feedback.get("options", {})},
        source=draft.describe.cleaned_data.get("source", ""),
    )
    draft.conflict_text = str(error)
    draft.conflict = [change for change in compare_versions(error.current, mine, with_key=True) if change.op != "same"]


def _preview(draft: Draft) -> None:
    assert draft.built is not None
    stem = clean_html(draft.state.values["stem"])
    try:
        authored = get_kind(draft.editor.kind).clean_item(*draft.built)
    except InvalidItemError as error:
        draft.errors.update({name: list(texts) for name, texts in error.fields.items()})
        return
    draft.preview = presentation.question_view(draft.editor.kind, stem, authored.content, authored.key)


def _take_picture(request: HttpRequest, draft: Draft) -> None:
    """Keep the picture of a hotspot that was sent with the form, and take no other's that the form names."""
    if "image" not in draft.state.values:
        return
    _find_picture(request, draft)
    file = request.FILES.get("image_file")
    if file is None:
        return
    form = PictureForm({"alt": draft.state.values.get("alt", "")[:250]}, MultiValueDict({"file": [file]}))
    if form.is_valid():
        data = form.cleaned_data
        picture = add_picture(bank=draft.bank, file=data["file"], alt=data["alt"], actor=request.user)
        draft.picture, draft.state.values["image"] = picture, str(picture.pk)
    else:
        draft.errors["image"] = [str(text) for texts in form.errors.values() for text in texts]


def _find_picture(request: HttpRequest, draft: Draft) -> None:
    kept = (
        draft.item.current.content.get("image") if draft.item is not None and draft.item.current is not None else None
    )
    draft.picture = own_picture(draft.state.values["image"], user=request.user, kept=kept)
    draft.state.values["image"] = str(draft.picture.pk) if draft.picture is not None else ""


def _token(raw: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(raw)
    except ValueError:
        return None


def _page(request: HttpRequest, draft: Draft, *, status: int = 200, touched: bool = False) -> HttpResponse:
    context = bank_frame(request, draft.bank, ITEMS) | {
        "form": present(draft.editor, draft.state, draft.errors, draft.built),
        "describe": draft.describe,
        "draft": draft,
        "item": draft.item,
        "kind_label": get_kind(draft.editor.kind).label,
        "touched": touched,
        "picture": draft.picture,
        "texts": presentation.editor_texts(),
        "has_errors": bool(draft.errors or draft.describe.errors),
    }
    return render(request, "exams/bank/editor.html", context, status=status)


@require_POST
@never_cache
def near_items(request: HttpRequest, bank_id: int) -> HttpResponse:
    """Questions near what is being written, in every bank that the person sees: a fragment for the form.

    Of a shared question that is just being rewritten the new words are not shown: drafts are for its own bank.
    """
    bank = find_bank_to_edit(request, bank_id)
    kind = request.POST.get("kind", "")
    if kind not in EDITORS:
        raise Http404
    state = EDITORS[kind].read(request.POST)
    raw = request.POST.get("item", "")
    found = near(
        Item.objects.visible_to(request.user),
        f"{state.values['stem']} {state.values.get('text', '')}",
        [row.get("html", "") for rows in state.rows.values() for row in rows],
        exclude=whole_number(raw),
    )
    home = set(ItemBank.objects.editable_by(request.user).values_list("pk", flat=True)) if found else set()
    rows = [
        {
            "item": one.item,
            "percent": round(one.score * 100),
            "why": one.why.label,
            "elsewhere": one.item.bank_id != bank.pk,
            "readable": one.item.bank_id in home or one.item.state == ItemState.APPROVED,
        }
        for one in found
    ]
    return render(request, "exams/bank/near.html", {"near": rows})
