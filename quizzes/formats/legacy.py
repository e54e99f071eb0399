"""Vietnamese typed before Unicode: TCVN3 (fonts ".VnTime") and VNI ("VNI-Times") written as letters of Latin-1.

The text looks like "Céng hßa X· héi". It is found by the font's name or by its letters, turned into Unicode, and the
reader is told; nothing is converted silently.
"""

# ruff: noqa: E501 (tables, patterns and sentences read best in one line)

from __future__ import annotations

import re
import unicodedata

# TCVN 5712:1993 (VN3): the code points of Latin-1 that carry lower-case Vietnamese; capitals use the font ".VnTimeH".
_TCVN3_CODES = (
    "a¸|á aµ|à a¶|ả a·|ã a¹|ạ ¨|ă ¾|ắ »|ằ ¼|ẳ ½|ẵ Æ|ặ ©|â Ê|ấ Ç|ầ È|ẩ É|ẫ Ë|ậ ®|đ Ð|é Ì|è Î|ẻ Ï|ẽ Ñ|ẹ ª|ê Õ|ế Ò|ề Ó|ể "
    "Ô|ễ Ö|ệ Ý|í ×|ì Ø|ỉ Ü|ĩ Þ|ị ã|ó ß|ò á|ỏ â|õ ä|ọ «|ô è|ố å|ồ æ|ổ ç|ỗ é|ộ ¬|ơ í|ớ ê|ờ ë|ở ì|ỡ î|ợ ó|ú ï|ù ñ|ủ ò|ũ "
    "ô|ụ ­|ư ø|ứ õ|ừ ö|ử ÷|ữ ù|ự ý|ý ú|ỳ û|ỷ ü|ỹ þ|ỵ ¡|Ă ¢|Â §|Đ £|Ê ¤|Ô ¥|Ơ ¦|Ư"
)
TCVN3 = {}
for _pair in _TCVN3_CODES.split():
    _old, _new = _pair.split("|")
    TCVN3[_old[-1]] = _new
_TCVN3_TABLE = str.maketrans(TCVN3)

# VNI: a base letter followed by a letter that stands for the marks.
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_MARKS |= {
    "Ù": "\u0301", "Ø": "\u0300", "Û": "\u0309", "Õ": "\u0303", "Ï": "\u0323",
    "Â": "\u0302", "Á": "\u0302\u0301", "À": "\u0302\u0300", "Å": "\u0302\u0309", "Ã": "\u0302\u0303", "Ä": "\u0302\u0323",
    "Ê": "\u0306", "É": "\u0306\u0301", "È": "\u0306\u0300", "Ú": "\u0306\u0309", "Ü": "\u0306\u0303", "Ë": "\u0306\u0323",
}  # fmt: skip
_VNI_SINGLE = {
    "ñ": "đ", "Ñ": "Đ", "ö": "ư", "Ö": "Ư", "ô": "ơ", "Ô": "Ơ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ",
    "Í": "Í", "Ì": "Ì", "Æ": "Ỉ", "Ó": "Ĩ", "Ò": "Ị", "Î": "Ỵ",
}  # fmt: skip
_VNI_PAIR = re.compile("([aeouyöôAEOUYÖÔ])([" + "".join(_VNI_MARKS) + "])")

_TCVN3_FONT = re.compile(r"^\.?vn", re.IGNORECASE)
_TCVN3_FONTS_CAPITAL = re.compile(r"^\.vn.*h$", re.IGNORECASE)
_VNI_FONT = re.compile(r"^vni[- ]", re.IGNORECASE)

_VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹĐƠƯĂ]")
# Letters that TCVN3 text is full of and that no language of Latin-1 has beside ordinary letters.
_TCVN3_SIGNS = re.compile(
    "[a-zA-Z][¸µ¶·¹»¼½¾¨©®ª«¬\u00ad¦§]|[¸µ¶·¹»¼½¾¨©®ª«¬\u00ad§][a-zA-Z]|[a-z][ÆÊÇÈÉËÐÌÎÏÑÕÒÓÔÖÝ×ØÜÞß][a-z ,.]"
)
_VNI_SIGNS = re.compile("[aeouyöôAEOUYÖÔ][ùøûõïâáàåãäêéèúüë]|[ñö](?=[aeiouyô])")


def encoding_of_font(font: str) -> str:
    """Return ``tcvn3``, ``vni`` or nothing for the name of a font."""
    if _VNI_FONT.match(font):
        return "vni"
    if font.startswith(".") and _TCVN3_FONT.match(font):
        return "tcvn3"
    return ""


def guess(text: str) -> str:
    """Return the old encoding that ``text`` is most likely in, nothing for Unicode (or when there are no signs)."""
    sample = text[:20_000]
    if not sample or len(_VIETNAMESE.findall(sample)) * 3 > len(sample.split()):
        return ""
    words = max(len(sample.split()), 1)
    tcvn3, vni = len(_TCVN3_SIGNS.findall(sample)), len(_VNI_SIGNS.findall(sample))
    if max(tcvn3, vni) * 4 < words:
        return ""
    return "tcvn3" if tcvn3 >= vni else "vni"


def to_unicode(text: str, encoding: str, font: str = "") -> str:
    """Return ``text`` of an old encoding in Unicode NFC; fonts whose name ends in H wrote capitals."""
    if encoding == "tcvn3":
        converted = text.translate(_TCVN3_TABLE)
        if font and _TCVN3_FONTS_CAPITAL.match(font):
            converted = converted.upper()
        return unicodedata.normalize("NFC", converted)
    if encoding == "vni":
        return unicodedata.normalize("NFC", _from_vni(text))
    return text


def _from_vni(text: str) -> str:
    def join(match: re.Match[str]) -> str:
        base = _VNI_SINGLE.get(match[1], match[1])
        return unicodedata.normalize("NFC", base + _VNI_MARKS[match[2]])

    pieces: list[str] = []
    end = 0
    for match in _VNI_PAIR.finditer(text):
        pieces.append(text[end : match.start()].translate(_VNI_TABLE))
        pieces.append(join(match))
        end = match.end()
    pieces.append(text[end:].translate(_VNI_TABLE))
    return "".join(pieces)


_VNI_TABLE = str.maketrans(_VNI_SINGLE)


def is_unicode_vietnamese(text: str) -> bool:
    """Whether ``text`` has letters that only Unicode Vietnamese has: an old font's name does not make it old."""
    return _VIETNAMESE.search(text) is not None
