"""The sentences behind the codes of doubts, refusals and losses, in the reader's language and a teacher's words."""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.common.limited.errors import SENTENCES as LIMITED
from quizzes.formats.model import Doubt, Place

SENTENCES: dict[str, str | Promise] = {
    **LIMITED,
    # the file as a whole is refused
    "bomb": _("The file unpacks to far more than it seems to hold. It is refused because it could bring the server down."),
    "damaged_package": _("The file is damaged and cannot be opened. Open it in the program it was made with and save it again."),
    "empty_file": _("The file is empty."),
    "entities": _("The file refers to texts outside itself (a DOCTYPE). Such files are refused for safety."),
    "far_cell": _("The sheet “%(sheet)s” has something in cell %(cell)s, far away from the questions. Delete it, or copy the questions into a new file."),
    "locked_package": _("The file is protected by a password. Remove the password and upload it again."),
    "macros": _("The file contains macros. Save it as a plain .docx or .xlsx without macros."),
    "many_unread": _("%(count)s of your files are still being read. Wait until they are done, then upload this one."),
    "not_excel": _("This is not an Excel file that can be read. Use the template, or save the file as .xlsx."),
    "not_moodle": _("This XML file is no Moodle question file (it begins with “%(tag)s”)."),
    "not_qti": _("This XML file is no QTI item (it begins with “%(tag)s”)."),
    "not_word": _("This is not a Word file that can be read. Save it as .docx."),
    "not_xml": _("The file is not well-formed XML (line %(line)s: %(detail)s)."),
    "old_excel": _("This is an old Excel file (.xls). Open it in Excel and save it as .xlsx."),
    "old_word": _("This is an old Word file (.doc). Open it in Word and save it as .docx."),
    "path_outside": _("The package contains a file whose path leads outside. It is refused for safety."),
    "reading_failed": _("Reading the file broke off several times. The file is still here: read it again, or discard it and upload another one, for example divided or saved in another format."),
    "qti12": _("This is a QTI 1.2 file. Export the questions as QTI 2.1, 2.2 or 3.0, or as Moodle XML."),
    "qti_test_alone": _("This is a QTI test without its questions. Upload the whole package (.zip)."),
    "too_deep": _("The file is nested too deeply. It is refused for safety."),
    "too_large": _("The file is too large. The limit is %(limit)s MB."),
    "unknown_format": _("The kind of this file is not known. Word (.docx), Excel (.xlsx), GIFT, Aiken, Moodle XML and QTI are read."),
    "wrong_extension": _("The name ends in .%(extension)s, but the content is something else. Check that it is the right file."),
    "binary": _("The content of the file is not text. Check that it is the right file."),
    "no_header": _("No row with the headings of the columns was found. Use the template."),
    # the file as a whole
    "answers_left": _("%(count)s answers of the answer table belong to no question."),
    "description": _("“%(name)s” is a text without a question; it is left out."),
    "drawings": _("Drawings made in Word cannot be taken over. Insert them as pictures."),
    "footnotes": _("What a footnote holds beside text, or a footnote that is not in the file, is left out."),
    "hidden_text": _("Hidden text is left out."),
    "italic_fixed": _("Options in italics are kept in their place when the paper is shuffled."),
    "legacy_encoding": _("The text was typed with an old %(encoding)s font and has been turned into Unicode: “%(sample)s”. Check that it reads well."),
    "more_doubts": _("There is more of this kind; only the first parts of the file are listed."),
    "no_questions": _("No question was found in the file."),
    "part_missing": _("The package names a file that is not in it: %(name)s."),
    "numbers_missing": _("The questions have no numbers; they were told apart by their options and counted from 1."),
    "several_codes": _("The answer table is for several papers (%(codes)s), and the file does not say which of them it is. Write “Mã đề …” above the questions."),
    "text_after": _("%(count)s lines after the end of the questions were left out: %(text)s"),
    "text_before": _("%(count)s lines that belong to no question were left out: %(text)s"),
    "text_boxes": _("Words drawn as WordArt are left out. Type them into the text."),
    "too_many": _("Only the first %(limit)s questions are read. Split the file."),
    "tracked_changes": _("The file has tracked changes: what was inserted counts, what was deleted does not."),
    "unsupported_type": _("“%(name)s”: questions of the type “%(type)s” have no counterpart here; it is left out."),
    # one question: what must be mended
    "adaptive": _("adaptive items are not supported"),
    "all_marked": _("every option is marked as right"),
    "area": _("an area of the picture could not be read"),
    "braces": _("the braces { } do not match"),
    "empty_option": _("option %(option)s is empty"),
    "gap_few_choices": _("gap %(gap)s needs at least two choices"),
    "gap_kind": _("gap %(gap)s is of the type “%(kind)s”, which is not supported"),
    "gap_no_key": _("gap %(gap)s has no right answer"),
    "gap_not_a_number": _("gap %(gap)s: “%(text)s” is not a number"),
    "invalid": "%(text)s",
    "item_broken": _("this question is written in a way that cannot be read"),
    "italic_unsure": _("it is not clear whether italics mean the right answer or “do not shuffle”"),
    "key_conflict": _("the right answer is given twice and differently: %(first)s and %(second)s"),
    "key_conflict_file": _("the declared answer and the scoring rules contradict each other"),
    "many_to_many": _("one thing pairs with several; such matchings are not supported"),
    "no_answer_line": _("the line with the answer is missing (“Đáp án: …”)"),
    "no_full_answer": _("no answer gives all the points (the best gives %(best)s%%)"),
    "no_gaps": _("there is no gap, or a gap has no answer"),
    "no_interaction": _("there is nothing to answer"),
    "no_key": _("the right answer is not marked"),
    "no_key_bold": _("the right answer is not in bold"),
    "no_key_colour": _("the right answer is not coloured"),
    "no_key_highlight": _("the right answer is not highlighted"),
    "no_key_italic": _("the right answer is not in italics"),
    "no_key_underline": _("the right answer is not underlined"),
    "no_options": _("no options were found"),
    "no_pairs": _("the two columns to be matched were not found"),
    "no_stem": _("the text of the question is missing"),
    "no_truths": _("it is not marked which statements are true"),
    "not_a_number": _("“%(text)s” is not a number"),
    "option_picture": _("a picture or formula of option %(option)s cannot be taken over; insert it as PNG or type it anew"),
    "order_missing": _("the right order of all options is missing (“Đáp án: C, A, B”)"),
    "order_partial": _("the right order does not name every option"),
    "pairs_missing": _("the pairs are not complete (“Đáp án: 1-B; 2-A”)"),
    "printed_variable": _("the text contains a computed value"),
    "question_too_long": _("the question is too long or its text is built in too many layers; shorten it in the file, or type it into the bank"),
    "several_interactions": _("the item asks %(count)s things at once; split it"),
    "several_markers": _("several places are asked for (%(count)s); only one is supported"),
    "template_item": _("items whose numbers are drawn by chance are not supported"),
    "too_few_options": _("there are too few options (%(count)s)"),
    "truth_missing": _("statement %(statement)s is marked neither true nor false"),
    "unknown_answer": _("the answer “%(answer)s” is none of the options"),
    "unknown_kind": _("the kind of question “%(text)s” is not known"),
    "unknown_level": _("the level “%(text)s” is not known"),
    "unsupported_interaction": _("questions of the type “%(type)s” are not supported"),
    # one question: worth a look
    "anything_accepted": _("the file accepts any answer (*); this is left out"),
    "attachment_left": _("an attached file is left out"),
    "feedback_left": _("feedback on single answers is left out"),
    "fixed_all": _("options refer to each other by letter, so all stay in their places"),
    "fixed_option": _("option %(option)s refers to the others, so it stays in its place"),
    "gap_partial": _("gap %(gap)s: partly right choices count as wrong"),
    "gap_wildcard": _("gap %(gap)s: the * is not understood in gaps; check the answers"),
    "hidden": _("the question was hidden in the other system"),
    "letters_order": _("the letters of the options are not in order"),
    "media_left": _("sound, film or an embedded page is left out"),
    "number_missing": _("its number is missing; it was told apart by its options"),
    "number_twice": _("number %(number)s is used twice"),
    "other_mark": _("the right answer is marked differently from the other questions"),
    "partial_left": _("partly right options count as wrong"),
    "option_lines": _("option %(option)s has several paragraphs; check that all of them belong to it"),
    "options_without_letters": _("the options have no letters; check that they are told apart rightly"),
    "passage": _("the text for questions %(first)s to %(last)s is put before it"),
    "passage_next": _("the text above is put before this question only; copy it to the others that need it"),
    "picture_kind": _("the picture %(name)s is of a kind that cannot be shown (use PNG or JPEG)"),
    "picture_left": _("a picture is left out"),
    "picture_missing": _("the picture %(name)s is missing"),
    "picture_undescribed": _("pictures without a description: %(count)s. People who cannot see them need one; after importing press the picture in the editor"),
    "picture_outside": _("a picture from the internet is left out: %(name)s"),
    "processing_left": _("the scoring rules are not understood; the declared answer is used"),
    "sets_untried": _("the right answers were worked out from the scoring rules without trying every combination"),
    "prompts_left": _("%(count)s things without a partner are left out"),
    "same_as": _("%(place)s asks the same"),
    "same_as_bank": _("the bank has nearly the same question: %(code)s"),
    "same_options": _("options %(first)s and %(second)s are the same"),
    "several_marked": _("%(count)s options are marked, so several are right"),
    "several_right": _("%(count)s options give all the points, so several are right"),
    "several_solutions": _("there are %(count)s equally right answers; one is taken"),
    "slider": _("the slider becomes a number to be typed"),
    "template_left": _("the prepared text of the answer is left out"),
    "time_dependent": _("its time limit is left out"),
    "units_left": _("only the unit “%(unit)s” is kept"),
    "weights_left": _("the weights of the options cannot be kept exactly; check how it is scored"),
    "weights_total": _("the weights add up to %(total)s%%"),
    "wildcard": _("the * of the file has become a regular expression"),
    # losses of writing
    "loss_accents": _("that accents may be left out"),
    "loss_as_matching": _("true/false statements are written as a matching"),
    "loss_areas": _("areas beyond the first"),
    "loss_case": _("whether capitals count"),
    "loss_code": _("the code"),
    "loss_feedback": _("the explanation"),
    "loss_fixed": _("which options stay in place"),
    "loss_format": _("bold, italics and other looks"),
    "loss_formula": _("formulas, written as plain text"),
    "loss_kind": _("the question itself: the format has no such kind"),
    "loss_length": _("the expected length"),
    "loss_level": _("the level"),
    "loss_lines": _("the number of lines"),
    "loss_model": _("the model answer"),
    "loss_option_feedback": _("explanations of options"),
    "loss_pattern": _("that the answer is a regular expression"),
    "loss_picture": _("pictures"),
    "loss_picture_gone": _("the picture %(name)s, which is gone or not the question's own"),
    "loss_rubric": _("the rubric"),
    "loss_scale": _("the scale of true/false statements"),
    "loss_scoring": _("the way of scoring"),
    "loss_share": _("answers that give a part of the points"),
    "loss_source": _("the source"),
    "loss_tags": _("the tags"),
    "loss_tolerance": _("that the tolerance is relative"),
    "loss_topic": _("the topic"),
    "loss_unit": _("the unit"),
    "loss_weight": _("the weights of gaps"),
}  # fmt: skip


def sentence(code: str, params: Mapping[str, Any] | None = None) -> str:
    """Return the sentence of a code with its values filled in."""
    text = str(SENTENCES.get(code, code))
    values = dict(params or {})
    if isinstance(values.get("place"), dict):
        values["place"] = place_text(Place(**values["place"]))
    try:
        return text % values
    except (KeyError, ValueError, TypeError):
        return text


def place_text(place: Place | None) -> str:
    """Return where something stands: "Câu 5", "Dòng 12", with the chapter when numbers repeat."""
    if place is None or not place.number:
        return ""
    match place.kind:
        case "row":
            text = gettext("Row %(number)s") % {"number": place.number}
        case "line":
            text = gettext("Line %(number)s") % {"number": place.number}
        case "file":
            text = place.number
        case _:
            text = gettext("Question %(number)s") % {"number": place.number}
    return f"{text} ({place.within})" if place.within else text


def doubt_text(doubt: Doubt, place: Place | None = None) -> str:
    """Return a doubt in words, with its place before it: "Câu 5: chưa gạch chân đáp án đúng"."""
    where = place_text(doubt.place or place)
    text = sentence(doubt.code, doubt.params)
    return f"{where}: {text}" if where else text
