"""The illustrations of the later lessons: life of the Party cell and work at the grassroots."""

from __future__ import annotations

import math

from .drawing import (
    BLUE,
    BLUSH,
    CLOTHES,
    CREAM,
    GOLD,
    GOLD_DARK,
    GREEN,
    GREY,
    INK,
    LEAF,
    LINE,
    MINT,
    PAPER,
    PINK,
    RED,
    RED_DARK,
    ROSE,
    SAND,
    SKIN,
    SKY,
    STONE,
    WAVE,
    WHITE,
    WIDTH,
    WOOD,
    WOOD_DARK,
    Canvas,
    bezier,
    mix,
)
from .scenes import scene


@scene("vong-tron-doan-ket", CREAM, BLUSH)
def circle_of_people(c: Canvas) -> None:
    c.disc(600, 420, 520, mix(CREAM, GOLD, 0.16), 300)
    c.disc(600, 440, 400, mix(CREAM, GOLD, 0.32), 210)
    turns = [math.radians(130 + 280 * k / 14) for k in range(15)]
    around = [(600 + 410 * math.cos(turn), 400 + 165 * math.sin(turn), k) for k, turn in enumerate(turns)]
    colours = (RED, BLUE, GREEN, GOLD_DARK, ROSE, INK, mix(BLUE, WAVE, 0.5))
    for x, y, k in sorted(around, key=lambda item: item[1]):
        h = 150 + (y - 235) * 0.2
        c.person(x, y + 70, h, colours[k % 7], hat=k % 5 == 2, head=INK if k % 6 else GREY)
    c.lotus_leaf(470, 560, 90)
    c.lotus_leaf(730, 566, 84)
    c.lotus(600, 570, 190)


@scene("cay-co-goc-re", MINT, CREAM)
def deep_roots(c: Canvas) -> None:
    c.disc(600, 250, 290, mix(MINT, GOLD, 0.22))
    c.rect(0, 430, WIDTH, 245, mix(WOOD, SAND, 0.35))
    c.rect(0, 430, WIDTH, 22, LEAF)
    c.rect(0, 540, WIDTH, 135, mix(WOOD, WOOD_DARK, 0.3))
    root = mix(SAND, WOOD, 0.25)
    for end, width in ((-430, 10), (-300, 16), (-150, 20), (0, 26), (150, 20), (300, 16), (430, 10)):
        deep = 650 - abs(end) * 0.32
        c.curve(
            (600 + end * 0.08, 430),
            (600 + end * 0.25, 500),
            (600 + end * 0.6, deep - 70),
            (600 + end, deep),
            root,
            width,
        )
        c.curve(
            (600 + end * 0.5, deep - 70),
            (600 + end * 0.6, deep - 40),
            (600 + end * 0.7, deep - 10),
            (600 + end * 0.62, deep + 16),
            root,
            width * 0.45,
        )
    c.poly(
        [
            *bezier((500, 446), (565, 400), (560, 330), (552, 260)),
            *bezier((648, 260), (640, 330), (635, 400), (700, 446)),
        ],
        WOOD_DARK,
    )
    for x, y, r in ((600, 150, 140), (450, 210, 120), (750, 210, 120), (350, 275, 80), (850, 275, 80), (600, 260, 120)):
        c.disc(x, y, r, GREEN)
    for x, y, r in ((560, 110, 66), (420, 180, 54), (730, 170, 60), (640, 220, 52), (850, 252, 36)):
        c.disc(x, y, r, mix(GREEN, LEAF, 0.6))
    c.star(600, 190, 56)
    for k, x in enumerate((190, 260, 330, 870, 940, 1010)):
        c.person(x, 444, 108 if k % 3 else 84, CLOTHES[k])


@scene("ban-hop-chi-bo", BLUSH, SAND)
def cell_meeting(c: Canvas) -> None:
    c.rect(0, 0, WIDTH, 470, mix(CREAM, SAND, 0.35))
    c.rect(0, 470, WIDTH, 205, mix(WOOD, SAND, 0.45))
    c.rect(90, 90, 210, 240, WOOD, 6)
    c.rect(102, 102, 186, 216, SKY)
    c.tree(195, 318, 150)
    c.rect(190, 102, 9, 216, WOOD)
    c.rect(450, 60, 300, 200, RED, 4)
    c.star(600, 160, 66)
    c.rect(920, 110, 170, 120, PAPER, 6)
    for k in range(4):
        c.rect(940, 130 + k * 24, 130 if k % 2 else 96, 8, STONE, 4)
    for k, x in enumerate((310, 410, 500, 700, 790, 890)):
        c.person(x, 500, 230 if k % 2 else 216, CLOTHES[k], head=INK if k not in (1, 4) else mix(GREY, STONE, 0.4))
    c.poly([(200, 430), (1000, 430), (1100, 560), (100, 560)], WOOD)
    c.rect(100, 556, 1000, 26, WOOD_DARK)
    c.rect(160, 582, 26, 93, WOOD_DARK)
    c.rect(1014, 582, 26, 93, WOOD_DARK)
    for x in (300, 420, 790, 900):
        c.poly([(x - 44, 500), (x - 32, 462), (x + 40, 462), (x + 50, 500)], WHITE)
        c.line([(x - 20, 474), (x + 24, 474)], STONE, 4)
        c.line([(x - 24, 486), (x + 30, 486)], STONE, 4)
    c.rect(574, 430, 52, 66, mix(BLUE, WHITE, 0.6), 16)
    c.lotus(600, 436, 84)
    for x in (500, 700):
        c.disc(x, 500, 16, WHITE, 7)


@scene("la-chan-va-ngoi-sao", SKY, CREAM)
def shield(c: Canvas) -> None:
    c.rays(600, 320, 200, 760, 24, mix(SKY, GOLD, 0.14))
    c.peaks(560, ((200, 300, 260), (1000, 320, 280), (420, 220, 220), (800, 240, 220)), mix(WAVE, GREY, 0.25), WHITE)
    c.hills(620, 120, LEAF, 1.4)
    c.hills(680, 100, GREEN, 3.3)

    def outline(grow: float) -> list[tuple[float, float]]:
        half = bezier(
            (600, 590 + grow), (480 - grow, 540 + grow * 0.6), (410 - grow, 440), (410 - grow, 190 - grow * 0.6)
        )
        top = bezier((410 - grow, 190 - grow * 0.6), (480, 190 - grow), (550, 170 - grow), (600, 130 - grow))
        left = half + top[1:]
        return left + [(1200 - x, y) for x, y in reversed(left)]

    c.poly(outline(26), GOLD)
    c.poly(outline(12), CREAM)
    c.poly(outline(0), RED)
    c.poly([(x, y) for x, y in outline(0) if x >= 600] + [(600, 130)], RED_DARK)
    c.star(600, 330, 118)


@scene("man-hinh-va-o-khoa", SKY, MINT)
def phone_and_lock(c: Canvas) -> None:
    nodes = (
        (180, 170),
        (120, 400),
        (300, 560),
        (330, 300),
        (900, 150),
        (1060, 300),
        (880, 420),
        (1020, 560),
        (420, 120),
        (760, 580),
    )
    for a, b in (
        (0, 1),
        (1, 2),
        (0, 3),
        (3, 1),
        (3, 2),
        (4, 5),
        (5, 6),
        (6, 7),
        (5, 7),
        (4, 6),
        (8, 0),
        (8, 3),
        (9, 6),
        (9, 7),
    ):
        c.line([nodes[a], nodes[b]], mix(WAVE, WHITE, 0.35), 5)
    for k, (x, y) in enumerate(nodes):
        c.disc(x, y, 32, WHITE)
        c.disc(x, y, 22, CLOTHES[k % 6])
        c.disc(x, y - 5, 7, WHITE)
        c.rect(x - 11, y + 4, 22, 11, WHITE, 6)
    c.rect(464, 66, 288, 556, mix(STONE, GREY, 0.25), 40)
    c.rect(456, 56, 288, 556, INK, 40)
    c.rect(470, 72, 260, 524, PAPER, 28)
    c.rect(560, 82, 80, 12, INK, 6)
    c.rect(492, 480, 216, 20, LINE, 10)
    c.rect(492, 514, 160, 20, LINE, 10)
    c.rect(492, 548, 190, 20, LINE, 10)
    c.disc(600, 290, 118, mix(PAPER, GOLD, 0.35))
    c.ring(600, 258, 52, RED_DARK, 18)
    c.rect(530, 270, 140, 112, RED, 16)
    c.disc(600, 316, 16, GOLD)
    c.rect(594, 318, 12, 36, GOLD, 6)


@scene("cay-cau-noi-doi-bo", MINT, CREAM)
def bridge(c: Canvas) -> None:
    c.sun(600, 170, 74, GOLD, MINT)
    c.hills(400, 130, mix(LEAF, MINT, 0.5), 2.6)
    c.water(440, WAVE, mix(WAVE, WHITE, 0.35))
    c.poly([*bezier((0, 420), (150, 410), (260, 440), (330, 675)), (0, 675)], LEAF)
    c.poly([*bezier((1200, 420), (1050, 410), (940, 440), (870, 675)), (1200, 675)], LEAF)
    for trunk in (60, 130, 1070, 1150):
        c.palm(trunk, 440, 235)
    c.house(200, 452, 120, CREAM, RED)
    c.house(96, 520, 120, PAPER, GOLD_DARK)
    c.house(1000, 452, 120, PAPER, RED)
    c.house(1110, 520, 120, CREAM, ROSE)
    arch = bezier((220, 520), (420, 340), (780, 340), (980, 520), 60)
    c.poly([*arch, *((x, y + 34) for x, y in reversed(arch))], RED_DARK)
    for k in range(6, 56, 6):
        x, y = arch[k]
        c.rect(x - 4, y - 42, 8, 46, WOOD_DARK, 3)
    c.line([(x, y - 40) for x, y in arch], WOOD_DARK, 7)
    for x, y in (arch[18], arch[42]):
        c.rect(x - 11, y + 30, 22, 180, RED_DARK)
    for k, at in enumerate((22, 28, 34, 39)):
        x, y = arch[at]
        c.person(x, y + 8, 112, CLOTHES[k], hat=k == 1)
    c.poly(bezier((500, 600), (540, 640), (650, 640), (700, 596)), WOOD)
    c.person(600, 614, 84, GREY, hat=True)


@scene("hom-phieu-va-san-dinh", BLUSH, CREAM)
def ballot_box(c: Canvas) -> None:
    c.hills(390, 110, mix(LEAF, CREAM, 0.5), 0.9)
    c.communal_house(600, 440, 620)
    c.rect(0, 440, WIDTH, 235, mix(SAND, ROSE, 0.15))
    c.tree(80, 470, 260)
    c.tree(1130, 470, 280)
    for k in range(5):
        c.person(120 + k * 74, 560 + k * 12, 160 + k * 6, CLOTHES[k], hat=k == 2)
        c.person(1080 - k * 74, 560 + k * 12, 160 + k * 6, CLOTHES[(k + 3) % 6], hat=k == 1)
    c.rect(476, 450, 248, 190, RED, 10)
    c.rect(462, 434, 276, 30, RED_DARK, 8)
    c.rect(548, 443, 104, 10, INK, 5)
    c.poly([(560, 448), (572, 360), (642, 366), (640, 448)], WHITE)
    c.line([(586, 394), (628, 397)], STONE, 6)
    c.line([(584, 414), (618, 417)], STONE, 6)
    c.star(600, 552, 56)


@scene("cuon-van-ban-va-con-dau", PAPER, SAND)
def papers_and_stamp(c: Canvas) -> None:
    c.disc(470, 330, 330, mix(PAPER, GOLD, 0.16))
    c.rect(0, 560, WIDTH, 115, WOOD)
    c.rect(0, 560, WIDTH, 14, mix(WOOD, WHITE, 0.2))
    c.paper(180, 130, 300, 400, fill=CREAM, head=GOLD_DARK)
    c.paper(300, 100, 310, 430, fill=PAPER, head=BLUE)
    c.paper(430, 70, 340, 470, lines=9)
    c.ring(668, 440, 52, mix(RED, WHITE, 0.15), 6)
    c.star(668, 440, 26, mix(RED, WHITE, 0.15))
    c.rect(870, 500, 170, 60, RED_DARK, 12)
    c.poly([(920, 500), (990, 500), (976, 400), (934, 400)], WOOD)
    c.disc(955, 370, 52, WOOD_DARK)
    c.disc(938, 354, 16, mix(WOOD_DARK, WHITE, 0.3))
    c.line([(820, 220), (720, 500)], BLUE, 16)
    c.line([(826, 204), (814, 236)], GOLD, 18)
    c.poly([(712, 496), (730, 502), (712, 530)], INK)
    c.rect(1080, 470, 70, 90, GREEN, 8)
    for k, angle in enumerate((-24, 0, 22)):
        c.petal(1115, 474, 120, 20, angle, (LEAF, GREEN, LEAF)[k])


@scene("hai-nguoi-doi-thoai", CREAM, BLUSH)
def dialogue(c: Canvas) -> None:
    c.rect(0, 520, WIDTH, 155, mix(SAND, WOOD, 0.25))
    c.disc(600, 330, 330, mix(CREAM, GOLD, 0.14))
    for x, colour, way in ((480, RED, -1), (720, BLUE, 1)):
        c.rect(x - 150, 90 if way < 0 else 130, 300, 150, mix(colour, WHITE, 0.2 if way < 0 else 0.3), 46)
        y = 240 if way < 0 else 280
        c.poly(
            [(x + way * 90, y - 12), (x + way * 40, y - 12), (x + way * 104, y + 46)],
            mix(colour, WHITE, 0.2 if way < 0 else 0.3),
        )
        for k in range(3):
            c.rect(x - 104, (126 if way < 0 else 168) + k * 30, (208, 170, 120)[k], 13, mix(colour, WHITE, 0.72), 6)
    for x, colour, hat in ((280, GREY, False), (920, GREEN, True)):
        c.rect(x - 78, 560, 156, 18, WOOD_DARK, 6)
        c.rect(x - 66, 575, 14, 90, WOOD_DARK)
        c.rect(x + 52, 575, 14, 90, WOOD_DARK)
        c.person(x, 576, 300, colour, hat=hat, head=mix(GREY, STONE, 0.6) if hat else INK, legs=False)
        way = 1 if x < 600 else -1
        c.curve(
            (x + way * 40, 420),
            (x + way * 80, 470),
            (x + way * 110, 470),
            (x + way * 150, 462),
            mix(colour, INK, 0.15),
            30,
        )
        c.disc(x + way * 160, 460, 17, SKIN)
    c.disc(600, 500, 190, WOOD, 34)
    c.rect(588, 510, 24, 140, WOOD_DARK)
    c.disc(600, 650, 80, WOOD_DARK, 14)
    c.disc(600, 462, 42, PAPER, 34)
    c.poly([(638, 456), (676, 438), (670, 452), (642, 476)], PAPER)
    c.disc(600, 430, 10, RED)
    for x in (510, 690):
        c.rect(x - 17, 476, 34, 26, WHITE, 8)


@scene("hoi-truong-diem-cau", mix(BLUE, INK, 0.4), mix(BLUE, INK, 0.2))
def conference_hall(c: Canvas) -> None:
    for k in range(14):
        c.rect(k * 90, 0, 44, 430, mix(BLUE, INK, 0.24))
    c.rect(250, 60, 700, 320, INK, 12)
    c.rect(264, 74, 672, 292, SKY, 6)
    for row in range(2):
        for col in range(4):
            x, y = 276 + col * 165, 86 + row * 138
            c.rect(x, y, 153, 128, (CREAM, MINT, BLUSH, SAND)[(col + row) % 4], 4)
            c.disc(x + 76, y + 54, 24, INK)
            c.disc(x + 76, y + 60, 19, SKIN)
            c.rect(x + 36, y + 84, 80, 44, CLOTHES[(col + row * 2) % 6], 18)
    c.rect(0, 420, WIDTH, 255, mix(WOOD, INK, 0.3))
    c.flag(130, 430, 270, 110)
    c.rect(1010, 300, 120, 130, WOOD, 8)
    c.rect(1000, 290, 140, 18, WOOD_DARK, 6)
    c.lotus(1070, 400, 56)
    for row, (y, h, step) in enumerate(((500, 96, 104), (590, 122, 132), (690, 150, 164))):
        x, k = 50 - row * 26, 0
        while x < WIDTH + 60:
            c.sitter_back(x, y, h, mix((RED, PAPER, BLUE, GREEN, SAND, PINK)[(k * 5 + row) % 6], INK, 0.08))
            x, k = x + step, k + 1
