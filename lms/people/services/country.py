"""The real tree of units: today's, and the one of before 1 July 2025 as dissolved units with their successors.

The facts come from the package ``vietnam-provinces`` (the statistics office's codes and the conversion of 2025).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from lms.audit.services import record
from lms.people.models import Unit, UnitKind, UnitSuccession, User
from lms.people.services.heirs import settle_heirs

REFORM = dt.date(2025, 7, 1)
DECISION = "1656-1688/NQ-UBTVQH15"  # the resolutions of 16/06/2025 on each province's communes
ROOT_NAME = "Ban Tuyên giáo và Dân vận Trung ương"
COMMUNES_PER_CENTRE = 7

# code, Vietnamese, English, holds classes
KINDS = (
    ("central", "Trung ương", "Central body", True),
    ("province", "Tỉnh, thành phố", "Province or city", True),
    ("school", "Trường chính trị", "Provincial political school", True),
    ("centre", "Trung tâm chính trị", "Political training centre", True),
    ("commune", "Xã, phường", "Commune or ward", False),
    ("special_zone", "Đặc khu", "Special zone", False),
    ("district", "Huyện, quận (trước 01/7/2025)", "District (before 1 July 2025)", False),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit that must exist, known by kind and code."""

    parent: tuple[str, str] | None
    kind: str
    code: str
    name: str
    short_name: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    serves: tuple[tuple[str, str], ...] = field(default=())
    successors: tuple[tuple[str, str], ...] = field(default=())  # the principal one first

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.code


@transaction.atomic
def load_country(*, centres: int | None = None, actor: User | None = None) -> dict[str, int]:
    """Add what is missing of the country's units and return how many were added, by kind.

    Units that exist (known by kind and official code) stay as they are, so a repeat changes nothing.

    Args:
        centres: how many centres to make in each province; ``None`` makes all, 0 none.
    """
    for order, (code, name, name_en, holds) in enumerate(KINDS):
        UnitKind.objects.get_or_create(
            code=code, defaults={"name": name, "name_en": name_en, "holds_classes": holds, "order": order}
        )
    wanted = [*_today(centres), *_before()]
    root = Unit.objects.select_for_update().filter(kind="central", depth=1).first()
    if root is None:
        root = Unit.add_root(instance=Unit(name=ROOT_NAME, kind_id="central", code="TW"))
        added = {"central": 1}
    else:
        added = {}
    known = {
        (kind, code): (pk, path)
        for pk, path, kind, code in Unit.objects.exclude(code="").values_list("pk", "path", "kind_id", "code")
    }
    known["central", "TW"] = (root.pk, root.path)
    fresh: list[Wanted] = []
    for depth in (root.depth + 1, root.depth + 2):
        above = {key for key, (_pk, path) in known.items() if len(path) == (depth - 1) * Unit.steplen}
        level = [unit for unit in wanted if unit.key not in known and unit.parent in above]
        _add_level(level, known, depth)
        fresh += level
    for unit in fresh:
        added[unit.kind] = added.get(unit.kind, 0) + 1
    _link(fresh, known)
    settle_heirs()
    if added:
        record(actor=actor, action="units.country_loaded", target=f"unit:{root.pk}", data=added)
    return added


def _add_level(level: Sequence[Wanted], known: dict[tuple[str, str], tuple[int, str]], depth: int) -> None:
    """Insert units of one depth, all at once, and enter them into ``known``."""
    last: dict[str, int] = {}
    parents = {known[unit.parent][1] for unit in level if unit.parent}
    for path in Unit.objects.filter(depth=depth).values_list("path", flat=True):
        base = path[: -Unit.steplen]
        if base in parents:
            last[base] = max(last.get(base, 0), Unit._str2int(path[-Unit.steplen :]))
    rows = []
    children: dict[str, int] = defaultdict(int)
    for unit in level:
        assert unit.parent is not None
        base = known[unit.parent][1]
        last[base] = last.get(base, 0) + 1
        children[base] += 1
        row = Unit(
            path=Unit._get_path(base, depth, last[base]),
            depth=depth,
            numchild=0,
            kind_id=unit.kind,
            code=unit.code,
            name=unit.name,
            short_name=unit.short_name,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
        )
        row.derive()
        rows.append(row)
    Unit.objects.bulk_create(rows, batch_size=1000)
    for row in rows:
        known[row.kind_id, row.code] = (row.pk, row.path)
    grown = list(Unit.objects.filter(path__in=list(children)))
    for parent in grown:
        parent.numchild += children[parent.path]
    Unit.objects.bulk_update(grown, ["numchild"], batch_size=500)


def _link(fresh: Iterable[Wanted], known: dict[tuple[str, str], tuple[int, str]]) -> None:
    """Insert who serves whom and who succeeded whom, for the units just added."""
    serves, successions = [], []
    through = Unit.serves.through
    for unit in fresh:
        own = known[unit.key][0]
        serves += [through(from_unit_id=own, to_unit_id=known[other][0]) for other in unit.serves]
        successions += [
            UnitSuccession(predecessor_id=own, successor_id=known[other][0], decision=DECISION, principal=number == 0)
            for number, other in enumerate(unit.successors)
        ]
    through._default_manager.bulk_create(serves, batch_size=1000)
    UnitSuccession.objects.bulk_create(successions, batch_size=1000)


def _bare(name: str) -> str:
    """Return a province's name without its rank: "Tỉnh Nghệ An" → "Nghệ An"."""
    return name.removeprefix("Thành phố ").removeprefix("Tỉnh ")


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def _commune_key(code: int, zones: set[int]) -> tuple[str, str]:
    return ("special_zone" if code in zones else "commune"), f"{code:05}"


def _today(centres: int | None) -> list[Wanted]:
    from vietnam_provinces import Province, VietNamDivisionType, Ward

    provinces = sorted(Province.iter_all(), key=lambda province: province.code.value)
    units = [
        Wanted(("central", "TW"), "province", f"{p.code.value:02}", p.name, _bare(p.name), valid_from=REFORM)
        for p in provinces
    ]
    by_province: dict[str, list[Wanted]] = defaultdict(list)
    for ward in sorted(Ward.iter_all(), key=lambda ward: ward.code.value):
        province = f"{ward.province_code.value:02}"
        kind = "special_zone" if ward.division_type == VietNamDivisionType.DAC_KHU else "commune"
        by_province[province].append(
            Wanted(("province", province), kind, f"{ward.code.value:05}", ward.name, valid_from=REFORM)
        )
    for unit in units.copy():
        communes = by_province[unit.code]
        units.append(Wanted(unit.key, "school", unit.code, f"Trường Chính trị {_lower_first(unit.name)}"))
        units += _centres(unit, communes, centres)
        units += communes
    return units


def _centres(province: Wanted, communes: Sequence[Wanted], limit: int | None) -> list[Wanted]:
    """Return centres that share the province's communes in runs of neighbouring codes, about seven each.

    The package knows no centres; which commune one really sits in is for the province to correct.
    """
    count = max(1, round(len(communes) / COMMUNES_PER_CENTRE))
    found = []
    for number in range(count if limit is None else min(limit, count)):
        cluster = communes[number * len(communes) // count : (number + 1) * len(communes) // count]
        seat = cluster[0]
        name = _lower_first(seat.name)
        found.append(
            Wanted(
                province.key,
                "centre",
                seat.code,
                f"Trung tâm chính trị {name}",
                f"TTCT {name}",
                serves=tuple(commune.key for commune in cluster),
            )
        )
    return found


def _before() -> list[Wanted]:
    """The 63 provinces and 696 districts of until 30 June 2025."""
    from vietnam_provinces import VietNamDivisionType, Ward
    from vietnam_provinces._province_conversion_2025 import OLD_TO_NEW as PROVINCES
    from vietnam_provinces._ward_conversion_2025 import OLD_TO_NEW as WARDS
    from vietnam_provinces.legacy import District
    from vietnam_provinces.legacy import Province as FormerProvince

    wards = list(Ward.iter_all())
    zones = {ward.code.value for ward in wards if ward.division_type == VietNamDivisionType.DAC_KHU}
    # Five island districts had no communes; each became the special zone of its name.
    islands = {ward.name.removeprefix("Đặc khu "): ward.code.value for ward in wards if ward.code.value in zones}
    heirs: dict[int, Counter[int]] = defaultdict(Counter)
    for entry in WARDS.values():
        heirs[entry.old_ward.district_code].update(ward.code for ward in entry.new_wards)
    units = []
    for province in sorted(FormerProvince.iter_all(), key=lambda province: province.code.value):
        successors = sorted(new.code for new in PROVINCES[province.code.value].new_provinces)
        units.append(
            Wanted(
                ("central", "TW"),
                "province",
                former_code(province.code.value),
                province.name,
                _bare(province.name),
                valid_to=REFORM,
                successors=tuple(("province", f"{code:02}") for code in successors),
            )
        )
    for district in sorted(District.iter_all(), key=lambda district: district.code.value):
        taken = heirs.get(district.code.value) or Counter([islands[district.name.removeprefix("Huyện ")]])
        # Whoever took over most of the district's former communes is its principal successor.
        codes = sorted(taken, key=lambda code: (-taken[code], code))
        units.append(
            Wanted(
                ("province", former_code(district.province_code.value)),
                "district",
                f"{district.code.value:03}",
                district.name,
                valid_to=REFORM,
                successors=tuple(_commune_key(code, zones) for code in codes),
            )
        )
    return units


def former_code(code: int) -> str:
    """Return the code of a province of before the reform: today's provinces have taken over the plain numbers."""
    return f"{code:02}/2025"
