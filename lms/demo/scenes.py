"""The illustrations of the lessons: one function a picture, registered under its file name."""

from __future__ import annotations

import math
from collections.abc import Callable

from .drawing import (
    BLUE,
    BLUSH,
    CLOTHES,
    CREAM,
    GOLD,
    GOLD_DARK,
    GREEN,
    GREY,
    HEIGHT,
    INK,
    LEAF,
    MINT,
    PAPER,
    RED,
    RED_DARK,
    ROSE,
    SAND,
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

Draw = Callable[[Canvas], None]
SCENES: dict[str, tuple[str, str, Draw]] = {}


def scene(name: str, top: str, bottom: str) -> Callable[[Draw], Draw]:
    """Register a picture: its file name without the ending and the colours of its sky."""

    def register(draw: Draw) -> Draw:
        SCENES[name] = (top, bottom, draw)
        return draw

    return register


@scene("dong-thoi-gian-lich-su", CREAM, SAND)
def history_road(c: Canvas) -> None:
    c.rays(900, 190, 130, 1300, 36, mix(CREAM, GOLD, 0.28))
    c.disc(900, 190, 120, mix(CREAM, GOLD, 0.55))
    c.star(900, 190, 100, RED)
    c.hills(400, 120, mix(SAND, ROSE, 0.35), 0.4)
    c.hills(480, 120, mix(LEAF, SAND, 0.4), 2.1)
    c.hills(590, 110, LEAF, 4.0)
    near = bezier((60, 675), (420, 560), (300, 470), (640, 440))
    far = bezier((640, 440), (860, 420), (830, 360), (900, 330))
    spine = near + far[1:]
    left, right = [], []
    for k, (x, y) in enumerate(spine):
        half = 66 * (1 - k / len(spine)) ** 1.2 + 3
        left.append((x - half, y))
        right.append((x + half, y + half * 0.12))
    c.poly([*left, *reversed(right)], CREAM)
    for k, (x, y, h) in enumerate(((150, 600, 170), (352, 545, 130), (505, 478, 100), (690, 442, 76), (842, 396, 56))):
        c.rect(x - h * 0.16, y - h, h * 0.32, h, RED if k != 4 else RED_DARK, h * 0.12)
        c.rect(x - h * 0.16, y - h * 0.2, h * 0.32, h * 0.2, RED if k != 4 else RED_DARK)
        c.star(x, y - h * 0.72, h * 0.1)
        c.rect(x - h * 0.22, y - 4, h * 0.44, 8, STONE, 3)


@scene("ruong-bac-thang-va-nha-may", SKY, CREAM)
def terraces(c: Canvas) -> None:
    c.sun(240, 170, 66, GOLD, SKY)
    c.cloud(480, 130, 80, WHITE)
    c.peaks(420, ((760, 250, 260), (1020, 300, 300), (520, 170, 240)), mix(WAVE, LEAF, 0.4))
    for x, h in ((860, 210), (985, 260), (1110, 220)):
        c.rect(x - 5, 400 - h, 10, h, WHITE, 4)
        for k in range(3):
            c.petal(x, 400 - h, 84, 8, 120 * k + x % 60, WHITE)
        c.disc(x, 400 - h, 9, STONE)
    for x, h, w in ((690, 90, 120), (800, 64, 90)):
        c.rect(x - w / 2, 412 - h, w, h, mix(PAPER, ROSE, 0.25))
        for k in range(3):
            c.poly(
                [
                    (x - w / 2 + k * w / 3, 412 - h),
                    (x - w / 2 + (k + 1) * w / 3, 412 - h - 26),
                    (x - w / 2 + (k + 1) * w / 3, 412 - h),
                ],
                RED,
            )
            c.rect(x - w / 2 + 10 + k * w / 3, 412 - h * 0.6, w / 5, h * 0.28, mix(BLUE, WHITE, 0.5), 2)
    shades = (mix(GREEN, MINT, 0.55), mix(GREEN, GOLD, 0.35), LEAF, mix(GOLD, LEAF, 0.3), GREEN, mix(GREEN, GOLD, 0.25))
    for k, colour in enumerate(shades):
        y = 400 + k * 48
        top = [
            (x, y + 16 * math.sin(x / 150 + k * 1.7) + (x - 600) * 0.02 * (1 - k / 3)) for x in range(0, WIDTH + 20, 20)
        ]
        c.poly([*top, (WIDTH, HEIGHT), (0, HEIGHT)], colour)
        c.line([(px, py + 2) for px, py in top], mix(colour, WHITE, 0.35), 4)
    c.house(190, 476, 100)
    c.house(330, 520, 120, PAPER, RED)
    c.palm(92, 530, 190)
    for k, x in enumerate((640, 720, 800)):
        c.person(x, 600 + k * 8, 86, CLOTHES[k], hat=True)


@scene("cuon-dieu-le", BLUSH, SAND)
def open_book(c: Canvas) -> None:
    c.rays(600, 210, 120, 720, 32, mix(BLUSH, GOLD, 0.2))
    c.disc(600, 210, 112, mix(CREAM, GOLD, 0.45))
    c.star(600, 210, 88, GOLD_DARK)
    c.star(600, 206, 84, GOLD)
    c.rect(0, 560, WIDTH, 115, WOOD)
    c.rect(0, 560, WIDTH, 14, mix(WOOD, WHITE, 0.2))
    c.poly([(250, 590), (290, 372), (910, 372), (950, 590)], RED_DARK)
    c.poly([(250, 590), (950, 590), (950, 606), (250, 606)], mix(RED_DARK, INK, 0.3))
    for side in (-1, 1):
        edge = bezier((600, 372), (600 + side * 90, 330), (600 + side * 200, 340), (600 + side * 292, 362))
        foot = bezier((600 + side * 330, 572), (600 + side * 220, 545), (600 + side * 100, 540), (600, 582))
        c.poly([*edge, *foot], WHITE if side < 0 else PAPER)
        for k in range(7):
            y = 404 + k * 22
            start, end = 52 + k * 2, (236 if k % 3 != 2 else 170) + k * 5
            c.line([(600 + side * start, y - 4 + k), (600 + side * end, y - 14 + k)], STONE, 5)
    c.line([(600, 372), (600, 582)], STONE, 4)
    c.poly([(628, 360), (662, 352), (676, 630), (656, 612), (638, 634)], RED)
    c.lotus(150, 566, 92)
    c.lotus(1050, 566, 92)


@scene("nha-san-va-ao-ca", MINT, CREAM)
def stilt_house(c: Canvas) -> None:
    c.sun(980, 140, 56, GOLD, MINT)
    c.hills(380, 150, mix(LEAF, MINT, 0.5), 1.2)
    for x, h in ((70, 330), (200, 280), (960, 300), (1090, 360)):
        c.tree(x, 470, h, GREEN if x % 20 else mix(GREEN, LEAF, 0.5))
    c.palm(330, 470, 300)
    c.palm(860, 470, 270)
    c.rect(0, 460, WIDTH, 80, LEAF)
    c.stilt_house(600, 474, 400)
    c.rect(560, 470, 110, 70, SAND)
    c.disc(600, 660, 700, mix(WAVE, LEAF, 0.3), 150)
    c.disc(600, 672, 660, WAVE, 142)
    for x, y in ((250, 590), (330, 625), (900, 600), (970, 640)):
        c.lotus_leaf(x, y, 48)
    c.lotus(288, 590, 54)
    c.lotus(934, 604, 60)
    for x, y, way in ((520, 600, 1), (620, 634, -1), (730, 592, 1)):
        c.disc(x, y, 26, RED, 9)
        c.poly([(x - way * 22, y), (x - way * 42, y - 11), (x - way * 42, y + 11)], ROSE)


@scene("nguoi-tre-huong-ve-co", SKY, BLUSH)
def youth_and_flag(c: Canvas) -> None:
    c.sun(860, 250, 130, mix(GOLD, CREAM, 0.45), BLUSH)
    c.cloud(220, 150, 90, WHITE)
    c.cloud(520, 90, 60, WHITE)
    c.hills(430, 130, mix(LEAF, SKY, 0.5), 5.2)
    c.poly(
        [
            *bezier((380, 675), (640, 560), (740, 400), (860, 396)),
            *bezier((860, 396), (960, 396), (1060, 500), (1210, 540)),
            (1210, 675),
        ],
        LEAF,
    )
    c.flag(850, 408, 300, 210)
    c.hills(660, 70, GREEN, 1.0)
    colours = (BLUE, WHITE, RED, GREEN, PAPER, GOLD_DARK, BLUE)
    for k, colour in enumerate(colours):
        x, g = 150 + k * 92, 640 - k * 9
        c.person(x, g, 190 - k * 6, colour, hat=k in (3, 5))
        c.poly(
            [(x - 15, g - 130 + k * 4), (x + 15, g - 130 + k * 4), (x, g - 106 + k * 4)],
            RED if colour in (WHITE, PAPER) else mix(colour, WHITE, 0.5),
        )


@scene("ban-viet-va-ho-so", CREAM, SAND)
def writing_desk(c: Canvas) -> None:
    c.disc(300, 250, 330, mix(CREAM, GOLD, 0.2))
    c.disc(300, 250, 220, mix(CREAM, GOLD, 0.32))
    c.rect(0, 500, WIDTH, 175, WOOD)
    c.rect(0, 500, WIDTH, 16, mix(WOOD, WHITE, 0.2))
    c.rect(210, 522, 190, 22, RED_DARK, 11)
    c.line([(300, 530), (240, 350), (330, 220)], RED_DARK, 14)
    c.poly([(262, 236), (350, 180), (430, 290), (300, 330)], RED)
    c.disc(372, 312, 30, GOLD)
    c.poly([(470, 600), (520, 420), (760, 420), (790, 600)], mix(STONE, GREY, 0.3))
    c.poly([(466, 592), (516, 412), (756, 412), (786, 592)], WHITE)
    for k in range(6):
        c.line(
            [(538 - k * 6, 446 + k * 23), ((735 if k % 3 != 2 else 660) + k * 4, 446 + k * 23)], STONE if k else RED, 6
        )
    c.line([(850, 420), (730, 560)], BLUE, 14)
    c.poly([(734, 548), (746, 560), (716, 578)], INK)
    for k, colour in enumerate((GREEN, GOLD_DARK, RED)):
        c.rect(880 + k * 6, 566 - k * 40, 250, 34, colour, 5)
        c.rect(890 + k * 6, 574 - k * 40, 232, 18, PAPER, 3)
    c.rect(930, 400, 190, 70, mix(GOLD, WHITE, 0.3), 6)
    c.rect(930, 400, 80, 20, GOLD, 6)
    c.star(1025, 440, 20, RED)


@scene("ngon-den-tu-tuong", "#3b2430", "#7d3a3a")
def lamp(c: Canvas) -> None:
    for r, share in ((330, 0.16), (250, 0.3), (170, 0.46), (100, 0.68)):
        c.disc(600, 250, r, mix("#573033", GOLD, share))
    c.rect(0, 560, WIDTH, 115, mix(WOOD_DARK, INK, 0.35))
    for k, (w, colour) in enumerate(((470, BLUE), (430, RED), (390, GREEN))):
        y = 530 - k * 52
        c.rect(600 - w / 2 + k * 12, y - 6, w, 46, colour, 8)
        c.rect(600 - w / 2 + k * 12 + w * 0.86, y - 6, w * 0.03, 46, mix(colour, GOLD, 0.6))
        c.rect(600 - w / 2 + k * 12 - 2, y + 4, w * 0.1, 26, PAPER, 4)
    c.poly([(530, 420), (670, 420), (640, 384), (560, 384)], GOLD_DARK)
    c.disc(600, 372, 62, GOLD, 32)
    c.rect(566, 330, 68, 26, GOLD_DARK, 6)
    c.poly(
        [
            *bezier((568, 332), (530, 270), (548, 214), (576, 176)),
            *bezier((624, 176), (652, 214), (670, 270), (632, 332)),
        ],
        mix(GOLD, CREAM, 0.55),
    )
    c.petal(600, 326, 110, 34, 0, ROSE)
    c.petal(600, 326, 82, 22, 0, GOLD)
    c.petal(600, 324, 48, 11, 0, WHITE)
    for x, y in ((170, 130), (300, 90), (920, 110), (1060, 200), (130, 330), (1090, 400), (840, 60)):
        c.star(x, y, 9, mix("#573033", GOLD, 0.7))


@scene("tru-so-va-can-cong-ly", SKY, CREAM)
def law(c: Canvas) -> None:
    c.cloud(180, 130, 80, WHITE)
    c.cloud(1010, 110, 90, WHITE)
    c.hills(470, 110, mix(MINT, LEAF, 0.4), 0.6)
    c.rect(0, 520, WIDTH, 155, mix(SAND, STONE, 0.3))
    for k in range(3):
        c.rect(180 - k * 26, 500 + k * 22, 840 + k * 52, 22, mix(PAPER, STONE, 0.25 + k * 0.22))
    c.rect(220, 270, 760, 230, mix(SAND, WHITE, 0.4))
    for k in range(8):
        x = 236 + k * 98
        c.rect(x, 270, 40, 230, WHITE)
        c.rect(x - 7, 270, 54, 16, CREAM)
        c.rect(x - 7, 486, 54, 14, CREAM)
    c.rect(200, 236, 800, 38, CREAM)
    c.poly([(190, 236), (600, 110), (1010, 236)], mix(RED, ROSE, 0.15))
    c.poly([(270, 224), (600, 124), (930, 224)], RED_DARK)
    c.star(600, 186, 34)
    c.rect(592, 336, 16, 270, GOLD_DARK, 8)
    c.rect(540, 602, 120, 18, GOLD_DARK, 9)
    c.line([(440, 352), (760, 352)], GOLD_DARK, 12)
    c.disc(600, 344, 18, GOLD)
    for x in (440, 760):
        c.line([(x, 352), (x - 56, 466)], GOLD_DARK, 4)
        c.line([(x, 352), (x + 56, 466)], GOLD_DARK, 4)
        c.poly(bezier((x - 74, 464), (x - 48, 516), (x + 48, 516), (x + 74, 464)), GOLD)
    c.tree(90, 560, 210)
    c.tree(1110, 560, 210)


@scene("cho-que-va-cang-bien", SKY, CREAM)
def harbour(c: Canvas) -> None:
    c.sun(210, 180, 70, GOLD, SKY)
    c.cloud(520, 120, 80, WHITE)
    c.hills(430, 120, mix(LEAF, SKY, 0.45), 3.0)
    for x in (900, 1110):
        c.rect(x - 70, 200, 16, 270, RED)
        c.rect(x + 30, 200, 16, 270, RED)
        c.rect(x - 230, 190, 310, 18, RED)
        c.line([(x - 230, 194), (x - 12, 110), (x + 80, 194)], RED_DARK, 6)
        c.line([(x - 190, 206), (x - 190, 300)], GREY, 4)
        c.rect(x - 232, 300, 84, 38, GOLD if x < 1000 else BLUE, 3)
    c.rect(640, 440, 560, 50, STONE)
    c.water(480, WAVE, mix(WAVE, WHITE, 0.4))
    for row in range(3):
        for k in range(5 - row):
            colour = (RED, GOLD, GREEN, BLUE, ROSE)[(k * 2 + row) % 5]
            c.rect(236 + k * 74 + row * 20, 430 - row * 36, 70, 33, colour, 2)
    c.rect(590, 340, 74, 126, PAPER, 4)
    c.rect(600, 356, 54, 18, BLUE, 3)
    c.rect(612, 306, 26, 36, RED)
    c.poly([(180, 462), (700, 462), (650, 560), (250, 560)], RED_DARK)
    c.poly([(205, 512), (676, 512), (650, 560), (250, 560)], mix(RED_DARK, INK, 0.35))
    c.poly(bezier((800, 590), (860, 650), (1040, 650), (1110, 582)), WOOD)
    c.disc(900, 592, 26, GREEN)
    c.disc(946, 588, 28, GOLD)
    c.disc(992, 592, 26, ROSE)
    c.person(1054, 610, 110, GREEN, hat=True)


@scene("mai-dinh-va-cay-da", mix(CREAM, GOLD, 0.25), BLUSH)
def communal_house(c: Canvas) -> None:
    c.sun(860, 220, 110, mix(GOLD, ROSE, 0.15), mix(CREAM, GOLD, 0.2))
    c.hills(430, 120, mix(ROSE, SAND, 0.6), 2.2)
    c.hills(480, 80, mix(LEAF, SAND, 0.4), 0.3)
    c.rect(0, 540, WIDTH, 135, mix(SAND, ROSE, 0.2))
    for k in range(5):
        c.line([(0, 560 + k * 26), (WIDTH, 560 + k * 26)], mix(SAND, ROSE, 0.35), 2)
    c.communal_house(720, 560, 760)
    c.poly(
        [
            *bezier((120, 580), (190, 520), (170, 420), (150, 330)),
            *bezier((250, 330), (240, 420), (230, 520), (310, 580)),
        ],
        WOOD_DARK,
    )
    for x, y, r in ((200, 210, 150), (80, 280, 110), (320, 270, 116), (190, 320, 100)):
        c.disc(x, y, r, GREEN)
    for x, y, r in ((150, 150, 62), (290, 220, 50), (60, 240, 44)):
        c.disc(x, y, r, mix(GREEN, LEAF, 0.55))
    for x in (110, 150, 262, 300):
        c.line([(x, 380), (x + 4, 470)], WOOD, 5)
    for k, x in enumerate((470, 530, 900, 960, 1010)):
        c.person(x, 628 - (k % 2) * 12, 116 if k != 1 else 76, CLOTHES[k])


@scene("con-tau-va-hai-dang", mix(SKY, WAVE, 0.3), BLUSH)
def lighthouse(c: Canvas) -> None:
    c.poly([(905, 180), (0, 60), (0, 250)], mix(SKY, CREAM, 0.75))
    c.poly([(940, 180), (1200, 120), (1200, 240)], mix(SKY, CREAM, 0.75))
    c.sun(300, 420, 90, mix(GOLD, ROSE, 0.25), BLUSH)
    c.water(420, mix(BLUE, WAVE, 0.45), mix(WAVE, WHITE, 0.25))
    c.poly([(700, 520), (780, 410), (860, 380), (980, 372), (1080, 430), (1200, 470), (1200, 560), (740, 560)], GREY)
    c.poly([(860, 380), (980, 372), (1080, 430), (940, 430)], LEAF)
    c.poly([(884, 400), (896, 210), (950, 210), (962, 400)], PAPER)
    for k in range(3):
        y = 240 + k * 56
        c.poly([(896 - k * 3.2, y), (950 + k * 3.2, y), (951 + k * 4, y + 26), (894 - k * 4, y + 26)], RED)
    c.rect(886, 200, 74, 12, INK, 3)
    c.rect(902, 160, 42, 42, GOLD)
    c.poly([(892, 162), (923, 126), (954, 162)], RED_DARK)
    c.flag(1010, 384, 150, 80)
    c.poly([(210, 500), (640, 500), (590, 580), (260, 580)], RED_DARK)
    c.poly([(228, 540), (616, 540), (590, 580), (260, 580)], mix(RED_DARK, INK, 0.35))
    c.rect(300, 440, 200, 62, PAPER, 6)
    c.rect(330, 400, 110, 44, PAPER, 6)
    for k in range(4):
        c.disc(330 + k * 46, 472, 11, BLUE)
    c.rect(380, 350, 8, 52, GREY)
    c.flag(560, 502, 110, 66)
    c.rect(170, 576, 520, 8, mix(WAVE, WHITE, 0.35), 4)
    for x, y in ((160, 250), (230, 290), (620, 270), (540, 240)):
        c.curve((x - 26, y - 6), (x - 14, y - 20), (x - 4, y - 12), (x, y), WHITE, 5)
        c.curve((x, y), (x + 4, y - 12), (x + 14, y - 20), (x + 26, y - 6), WHITE, 5)
