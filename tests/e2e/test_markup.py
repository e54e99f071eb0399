"""Markup that people typed sends no request in a real browser, wherever it is shown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.architecture.canaries import Canaries
from tests.architecture.test_canaries import forget_pages, make_imports, make_lived_in
from tests.architecture.world import values_for
from tests.factories.cast import make_cast

pytestmark = pytest.mark.e2e

GADGET = '<b hx-get="/x-canary/0" hx-trigger="load">x</b>'


def watch(page):
    """Return the list of requests that canaries of this page make from now on."""
    found = []
    page.on("request", lambda request: found.append(request.url) if "/x-canary" in request.url else None)
    return found


def bring(page, markup):
    """Put markup into the page as htmx does with an answer of the server, and let a request go out if one is made."""
    page.evaluate(
        """markup => {
            const box = document.createElement("div");
            box.innerHTML = markup;
            document.getElementById("main").append(box);
            window.htmx.process(box);
        }""",
        markup,
    )
    page.wait_for_timeout(300)


@pytest.fixture
def world(live_server):
    cast = make_cast()
    values = values_for(cast)
    addresses = make_lived_in(cast) + make_imports(cast)
    Canaries().put_out()
    forget_pages()
    return cast, values, addresses


def test_no_text_of_people_sends_a_request(world, browse, live_server):
    cast, values, addresses = world
    person = cast.person("centre_manager")
    item = reverse("exams:item", args=[values["bank_item_id"]])
    page = browse(person, item)
    requests = watch(page)
    text = page.locator("dd", has_text="canary").first
    text.click()  # a canary that was alive would ask, or send, on the press as well
    with_htmx = [
        reverse("exams:item-edit", args=[values["bank_item_id"]]),
        reverse("exams:sitting", args=[values["sitting_id"]]),
        reverse("exams:sitting-projector", args=[values["sitting_id"]]),
        reverse("office:class-staff", args=[values["class_id"]]),
        reverse("office:class-learner-add", args=[values["class_id"]]),
    ]
    for path in [item, *with_htmx, *addresses]:
        page.goto(live_server.url + path)
        loaded = page.evaluate("window.htmx !== undefined")
        assert loaded == (path in with_htmx or path.endswith("/sua/"))
    page.wait_for_timeout(300)
    assert requests == []


def test_htmx_reads_nothing_inside_the_element_of_a_text(world, browse):
    cast, values, _addresses = world
    page = browse(cast.person("centre_manager"), reverse("office:class-staff", args=[values["class_id"]]))
    requests = watch(page)
    bring(page, f'<div class="prose" hx-disable>{GADGET}</div><div data-hx-disable>{GADGET}</div>')
    # What stands around does not reach in: an element asks only with its own attributes.
    bring(page, '<div hx-on:click="fetch(\'/x-canary/2\')" id="outer"><b>x</b></div>')
    page.locator("#outer").click()
    page.wait_for_timeout(300)
    assert requests == []
    bring(page, GADGET)  # the watch sees what does go out
    assert requests[0].endswith("/x-canary/0")
