"""The design system: colours that can be read, files that are what they say, templates that the CSP accepts."""

import hashlib
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import brotli
import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from lms.common import menu, static_bundle
from lms.common.context import menu as menu_context
from lms.common.icons import icon_names
from lms.common.scripts import SCRIPT_MODULES

ROOT = Path(settings.BASE_DIR)
SEN = ROOT / "lms" / "common" / "static" / "sen"
VENDORED = tomllib.loads((SEN / "vendor" / "VENDORED.toml").read_text(encoding="utf-8"))
OWN = ("lms", "cms", "quizzes", "media")


def render(source, **context):
    return Template("{% load sen %}" + source).render(Context(context))


# --- Colours ---------------------------------------------------------------------------------------------


def blocks():
    """The custom properties of the light block, the media query's dark block and the attribute's dark block."""
    css = (SEN / "css" / "tokens.css").read_text(encoding="utf-8")
    bodies = re.findall(r"(:root[^{]*)\{([^{}]*--canvas[^{}]*)\}", css)
    return [dict(re.findall(r"--([\w-]+):\s*([^;]+);", body)) for _selector, body in bodies]


def luminance(colour):
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_both_dark_blocks_are_equal():
    _light, by_device, by_choice = blocks()
    assert by_device == by_choice


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_text_and_controls_reach_aa(mode):
    light, dark, _same = blocks()
    tokens = {**light, **dark} if mode else light
    pairs = [
        (text, ground, 4.5)
        for text in ("ink", "ink-2", "accent", "accent-strong", "gold", "good", "warn", "info", "danger")
        for ground in ("canvas", "surface", "surface-2")
    ]
    pairs += [(text, f"{text}-tint", 4.5) for text in ("accent", "gold", "good", "warn", "info", "danger")]
    pairs += [("ink", f"{tint}-tint", 4.5) for tint in ("accent", "gold", "good", "warn", "info", "danger")]
    pairs += [("ink-2", "accent-tint", 4.5), ("ink-2", "gold-tint", 4.5)]
    pairs += [("on-accent", "accent-fill", 4.5), ("on-accent", "accent-fill-strong", 4.5)]
    pairs += [("line-control", ground, 3) for ground in ("canvas", "surface")]
    pairs += [("accent", ground, 3) for ground in ("canvas", "surface", "accent-tint")]
    pairs += [(fill, "surface", 3) for fill in ("good-fill",)]
    weak = {
        f"{a} on {b}": round(contrast(tokens[a], tokens[b]), 2)
        for a, b, least in pairs
        if contrast(tokens[a], tokens[b]) < least
    }
    assert weak == {}


# --- Files -----------------------------------------------------------------------------------------------


def test_vendored_files_are_the_ones_listed():
    wrong = {
        file["path"]
        for package in VENDORED["package"]
        for file in package["files"]
        if hashlib.sha256((SEN / file["path"]).read_bytes()).hexdigest() != file["sha256"]
    }
    assert wrong == set()


def test_everything_vendored_is_listed():
    listed = {file["path"] for package in VENDORED["package"] for file in package["files"]}
    found = {
        str(path.relative_to(SEN))
        for folder in ("vendor", "fonts")
        for path in (SEN / folder).rglob("*")
        if path.is_file()
    }
    assert found == listed | {"vendor/VENDORED.toml"}


def test_every_package_names_its_licence():
    assert {package["name"]: package["licence"] for package in VENDORED["package"]} == {
        "htmx": "0BSD", "idb": "ISC", "Squire": "MIT", "Be Vietnam Pro": "OFL-1.1",
    }  # fmt: skip


def test_heading_font_is_small():
    assert (SEN / "fonts" / "be-vietnam-pro-600.woff2").stat().st_size <= 24 * 1024


def test_sheet_imports_every_component():
    text = (SEN / "css" / "sen.css").read_text(encoding="utf-8")
    imported = set(re.findall(r'@import "components/([\w-]+\.css)"', text))
    assert imported == {path.name for path in (SEN / "css" / "components").glob("*.css")}


def test_components_use_defined_tokens_only():
    sheets = [path.read_text(encoding="utf-8") for path in (SEN / "css").rglob("*.css")]
    used = {name for text in sheets for name in re.findall(r"var\(--([\w-]+)", text)}
    defined = {name for text in sheets for name in re.findall(r"--([\w-]+):", text)}
    assert used - defined == set()


def read_source(name):
    return Path(finders.find(name)).read_text(encoding="utf-8")


def test_bundle_has_no_imports_left_and_keeps_the_layers():
    css = static_bundle.bundle("sen/css/sen.css", read_source)
    assert "@import" not in css
    assert css.startswith("@layer reset, base, layout, components, utilities, print;")
    assert css.count("{") == css.count("}")
    assert 'url("../fonts/be-vietnam-pro-600.woff2")' in css
    assert "@layer components{.btn {" in css


def test_bundle_moves_addresses_to_its_own_folder():
    files = {
        "a/all.css": '@import "deep/one.css" layer(x);\n',
        "a/deep/one.css": 'p { background: url("../i/x.svg"); }',
    }
    assert static_bundle.bundle("a/all.css", files.__getitem__) == '@layer x{p { background: url("i/x.svg"); }}\n'


@pytest.mark.slow
def test_collectstatic_writes_one_hashed_sheet_and_hashed_imports(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES, "staticfiles": {"BACKEND": "lms.common.static_bundle.SenStaticFilesStorage"},
    }  # fmt: skip
    call_command("collectstatic", interactive=False, verbosity=0)
    storage = static_bundle.SenStaticFilesStorage()
    css = (tmp_path / storage.stored_name("sen/css/sen.css")).read_text(encoding="utf-8")
    assert "@import" not in css
    font = re.search(r'url\("\.\./fonts/(be-vietnam-pro-600\.[0-9a-f]{12}\.woff2)"\)', css)[1]
    assert (tmp_path / "sen" / "fonts" / font).is_file()
    entry = (tmp_path / storage.stored_name("sen/js/sen.js")).read_text(encoding="utf-8")
    modules = re.findall(r'"\./([\w.-]+)"', entry)
    assert len(modules) == len(SCRIPT_MODULES)
    assert all((tmp_path / "sen" / "js" / name).is_file() and name.count(".") == 2 for name in modules)


def test_first_visit_fits_in_60_kilobytes():
    """Everything a portal page loads, by brotli as it is served; the page itself takes the rest."""
    texts = [static_bundle.bundle("sen/css/sen.css", read_source).encode()]
    names = ("sen/js/sen.js", *SCRIPT_MODULES, "sen/vendor/htmx-2.0.11/htmx.min.js", "sen/icons/icons.svg")
    texts += [Path(finders.find(name)).read_bytes() for name in names]
    total = sum(len(brotli.compress(text)) for text in texts)
    total += (SEN / "fonts" / "be-vietnam-pro-600.woff2").stat().st_size
    assert total <= 52 * 1024


@pytest.mark.skipif(shutil.which("node") is None, reason="no node to parse the modules with")
def test_modules_parse():
    bad = {
        path.name: result.stderr
        for path in (SEN / "js").glob("*.js")
        if (result := subprocess.run(
            ["node", "--check", "--input-type=module", "-"], input=path.read_text(encoding="utf-8"),
            capture_output=True, text=True, check=False,
        )).returncode
    }  # fmt: skip
    assert bad == {}


# --- Templates -------------------------------------------------------------------------------------------

TEMPLATES = sorted(path for package in OWN for path in (ROOT / package).rglob("templates/**/*.html"))
FORBIDDEN = {
    "style attribute": re.compile(r"<[^>{}]*\sstyle\s*="),
    "style element": re.compile(r"<style\b"),
    "event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "inline script": re.compile(r'<script(?![^>]*\bsrc=)(?![^>]*type="application/json")(?![^>]*\bnonce=)[^>]*>'),
    "javascript address": re.compile(r"""(href|src|action)\s*=\s*["']?javascript:""", re.IGNORECASE),
    "hx-on": re.compile(r"\shx-on[:=-]"),
    "foreign address": re.compile(r"""<(script|link|img|iframe)[^>]*(src|href)=["']https?://""", re.IGNORECASE),
}


def csp_faults(source):
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(source)]


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ('<p style="color:red">', ["style attribute"]),
        ("<style>p{}</style>", ["style element"]),
        ('<button onclick="go()">', ["event attribute"]),
        ("<script>go()</script>", ["inline script"]),
        ('<script type="module">go()</script>', ["inline script"]),
        ('<a href="javascript:go()">', ["javascript address"]),
        ('<p hx-on:click="go()">', ["hx-on"]),
        ('<img src="https://example.org/x.png">', ["foreign address"]),
        ('<script nonce="{{ csp_nonce }}">go()</script>', []),
        ('<script src="/x.js" defer></script><p class="lifestyle" data-on="1">style="no"</p>', []),
    ],
)
def test_csp_rule_finds_what_it_should(source, faults):
    assert csp_faults(source) == faults


def test_templates_keep_to_the_csp():
    assert TEMPLATES
    faults = {str(path.relative_to(ROOT)): csp_faults(path.read_text(encoding="utf-8")) for path in TEMPLATES}
    assert {path: found for path, found in faults.items() if found} == {}


def test_templates_name_known_icons():
    used = {
        (str(path.relative_to(ROOT)), name)
        for path in TEMPLATES
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert {(path, name) for path, name in used if name not in icon_names()} == set()


def test_icon_is_drawn_from_the_sprite():
    assert render('{% icon "check" "s" %}') == (
        '<svg class="icon icon-s" aria-hidden="true"><use href="/static/sen/icons/icons.svg#check"/></svg>'
    )
    assert render('{% icon "check" label="Đúng" %}') == (
        '<svg class="icon" role="img" aria-label="Đúng"><use href="/static/sen/icons/icons.svg#check"/></svg>'
    )


@pytest.mark.parametrize("source", ['{% icon "nothing" %}', '{% chip "x" "loud" %}', '{% dot "maybe" %}'])
def test_unknown_names_raise(source):
    with pytest.raises(TemplateSyntaxError):
        render(source)


def test_chip_escapes_its_text():
    assert render('{% chip text "warn" %}', text="<b>") == '<span class="chip chip-warn">&lt;b&gt;</span>'


def test_progress_writes_machine_numbers():
    with override("vi"):
        html = render('{% progress 1234.5 "Đã học" 2000 %}')
    assert '<progress value="1234.5" max="2000" aria-label="Đã học"></progress>' in html
    assert "62\u00a0%" in html


def test_filters():
    with override("vi"):
        assert render("{{ 101356|number }} {{ 88.4|percent }} {{ 8|score }} {{ 3900|duration }}") == (
            "101.356 88,4\u00a0% 8,0 1 giờ 5 phút"
        )


class Sample(forms.Form):
    name = forms.CharField(label="Họ tên", help_text="Như trên thẻ căn cước.")
    shift = forms.ChoiceField(label="Buổi", widget=forms.RadioSelect, choices=[("am", "Sáng")], required=False)


def test_field_ties_label_help_and_error_together():
    html = str(Sample({})["name"].as_field_group())
    assert '<label for="id_name">Họ tên' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_form_summarises_its_errors_with_links():
    html = str(Sample({}))
    assert 'class="error-summary" role="alert"' in html
    assert 'href="#id_name"' in html
    assert "error-summary" not in str(Sample())


def test_pagination_keeps_the_query_and_writes_plain_page_numbers():
    page = Paginator(range(30_000), 25).page(1100)
    request = RequestFactory().get("/", {"q": "lớp", "page": "1100"})
    with override("vi"):
        html = render("{% pagination page %}", page=page, request=request)
    assert re.findall(r'<a href="([^"]+)"', html) == [
        f"?q=l%E1%BB%9Bp&amp;page={n}" for n in (1099, 1, 1099, 1100, 1101, 1200, 1101)
    ]
    assert ">1.100</a>" in html


def test_pagination_of_one_page_is_silent():
    assert render("{% pagination page %}", page=Paginator(range(3), 25).page(1)).strip() == ""


@pytest.mark.parametrize("name", ["500.html", "offline.html"])
def test_emergency_pages_need_nothing(name):
    assert "<h1>" in render_to_string(name)


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><script>', ""), ("", "")])
def test_theme_comes_from_the_cookie_and_is_checked(cookie, theme):
    request = RequestFactory().get("/")
    request.COOKIES["sen_theme"] = cookie
    assert menu_context(request)["theme"] == theme


# --- Menus -----------------------------------------------------------------------------------------------


@pytest.fixture
def registered(monkeypatch):
    """Menus as they are with the given entries only."""
    monkeypatch.setattr(menu, "_providers", menu.defaultdict(list))

    def register(*items):
        menu.register(lambda request: list(items))

    return register


def current(path):
    return [str(item.label) for item in menu.items(RequestFactory().get(path)) if item.current]


def test_menu_sorts_and_marks_the_longest_match(registered):
    registered(
        menu.MenuItem("Học viên", "/lop/1/hoc-vien/", order=3),
        menu.MenuItem("Trang chủ", "/", order=1),
        menu.MenuItem("Lớp", "/lop/", order=2),
    )
    assert [item.label for item in menu.items(RequestFactory().get("/"))] == ["Trang chủ", "Lớp", "Học viên"]
    assert current("/") == ["Trang chủ"]
    assert current("/lop/7/") == ["Lớp"]
    assert current("/lop/1/hoc-vien/9/") == ["Học viên"]
    assert current("/lopkhac/") == []


def test_menu_lets_the_app_decide_what_is_current(registered):
    registered(menu.MenuItem("Lớp", "/lop/"), menu.MenuItem("Lịch", "/lich/", current=True))
    assert current("/lop/") == ["Lịch"]


def test_menu_refuses_an_unknown_place():
    with pytest.raises(ValueError, match="Unknown menu place"):
        menu.register(lambda request: [], place="corner")


def test_templates_name_icons_that_there_are():
    """A branch that no test renders, such as a page of nothing, names its icon here."""
    named = re.compile(r'''\{%\s*(?:icon|empty\s[^%"]*)\s*"([a-z]+(?:-[a-z]+)*)"''')
    paths = [path for package in ("lms", "cms", "quizzes") for path in (settings.BASE_DIR / package).rglob("*.html")]
    texts = {path.relative_to(settings.BASE_DIR).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    unknown = {
        name: sorted(set(named.findall(text)) - icon_names())
        for name, text in texts.items()
        if re.search(r"\{% load [^%]*\bsen\b", text) and set(named.findall(text)) - icon_names()
    }
    assert unknown == {}
    assert named.findall('{% empty title text "list" %}{% icon "plus" %}') == ["list", "plus"]
