"""A clock that jumps by hours is not followed, in any process, until somebody says that it is right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from lms.common import clock
from lms.common.steady_clock import STEP, SteadyClock

HOURS = 3600.0


@dataclass
class Machine:
    """A machine whose clock can be set; ``steady`` counts since its start."""

    wall: float = 1_800_000_000.0
    steady: float = 5000.0
    run: str = "first"

    def passes(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds

    def process(self, file: Path) -> SteadyClock:
        return SteadyClock(file, wall=lambda: self.wall, steady=lambda: self.steady, boot=lambda: self.run)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clock.json"


def test_small_corrections_are_followed(file: Path) -> None:
    machine = Machine()
    process = machine.process(file)
    for correction in (0.5, -2.0, STEP - 1, STEP - 1, -STEP + 1):
        machine.passes(60)
        machine.wall += correction
        assert (process.time(), process.step) == (machine.wall, 0.0)


@pytest.mark.parametrize("leap", [3 * HOURS, -2 * HOURS, STEP + 1, -STEP - 1])
def test_time_goes_on_evenly_through_a_leap_and_back(file: Path, leap: float) -> None:
    machine = Machine()
    process = machine.process(file)
    before = process.time()
    machine.passes(10)
    machine.wall += leap
    machine.passes(5)
    assert (process.time(), process.step) == (before + 15, leap)
    machine.wall -= leap  # the time server sets it right
    machine.passes(5)
    assert (process.time(), process.step) == (before + 20, 0.0)


def test_every_process_follows_a_leap_that_was_confirmed(file: Path) -> None:
    machine = Machine()
    one, other = machine.process(file), machine.process(file)
    machine.wall += 3 * HOURS
    assert [one.step, other.step] == [3 * HOURS] * 2
    one.accept()
    machine.passes(2)
    assert [one.time(), other.time(), other.step] == [machine.wall, machine.wall, 0.0]
    machine.wall += 3 * HOURS  # another leap is another question
    assert [one.step, other.step] == [3 * HOURS] * 2


def test_a_restart_does_not_make_a_leap_believed(file: Path) -> None:
    machine = Machine()
    machine.process(file).keep()
    machine.wall += 3 * HOURS
    machine.passes(60)
    restarted = machine.process(file)
    assert (restarted.time(), restarted.step) == (machine.wall - 3 * HOURS, 3 * HOURS)
    restarted.keep()
    assert machine.process(file).step == 3 * HOURS


def test_after_a_start_of_the_machine_its_clock_counts(file: Path) -> None:
    machine = Machine()
    machine.process(file).keep()
    machine.run, machine.steady = "second", 10.0
    machine.wall += 8 * HOURS
    assert machine.process(file).step == 0.0


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"boot": "first"}', '{"boot": "first", "offset": "x"}'])
def test_a_file_that_is_none_changes_nothing(file: Path, content: str) -> None:
    file.write_text(content)
    machine = Machine()
    process = machine.process(file)
    assert (process.time(), process.step) == (machine.wall, 0.0)
    process.keep()
    assert json.loads(file.read_text()) == {"boot": "first", "offset": machine.wall - machine.steady}


def test_a_folder_that_cannot_be_written_is_borne(tmp_path: Path) -> None:
    process = Machine().process(tmp_path / "missing" / "clock.json")
    process.keep()
    process.accept()
    assert not (tmp_path / "missing").exists()


def test_the_product_asks_the_steady_clock(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine()
    monkeypatch.setattr(clock, "_steady", machine.process(file))
    machine.wall += 30 * HOURS
    assert (clock.now().timestamp(), str(clock.today())) == (1_800_000_000.0, "2027-01-15")
