"""Draw the illustrations of the demo content: ``python -m lms.demo.pictures [name ...]``.

The pictures are committed; this script is how they were made and makes them again. Drawing is deterministic.
The scenes of the lessons are in :mod:`.scenes`, those of the public site are here.
"""

from __future__ import annotations

import sys
from pathlib import Path

from . import scenes_practice  # noqa: F401  (registers its scenes)
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
    MINT,
    PAPER,
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
from .scenes import SCENES, scene
from .text_types import IMAGES

QUALITIES = (80, 72, 64, 56, 48)
MAX_BYTES = 35_000


@scene("hero", mix(CREAM, GOLD, 0.2), BLUSH)
def hero(c: Canvas) -> None:
    c.sun(820, 210, 120, GOLD, mix(CREAM, GOLD, 0.15))
    c.hills(450, 270, mix(ROSE, CREAM, 0.66), 5.6, 1.1)
    c.hills(450, 190, mix(ROSE, SAND, 0.5), 3.4, 1.3)
    c.hills(450, 90, mix(LEAF, SAND, 0.45), 1.7)
    c.communal_house(820, 440, 420)
    c.tree(560, 440, 150)
    c.tree(1100, 440, 190)
    c.bamboo(1010, 440, 170)
    c.water(436, WAVE, mix(WAVE, WHITE, 0.35))
    c.rect(0, 430, WIDTH, 14, LEAF)
    for x, y, r in ((120, 560, 92), (560, 600, 100), (260, 632, 120), (940, 560, 70), (1090, 622, 96), (780, 640, 84)):
        c.lotus_leaf(x, y, r)
    c.rect(335, 560, 10, 90, GREEN)
    c.lotus(340, 590, 260)
    c.lotus(960, 566, 92)
    c.petal(1080, 600, 74, 22, 0, ROSE)
    c.petal(108, 560, 64, 19, -6, ROSE)


@scene("programme-nhan-thuc", BLUSH, CREAM)
def programme_awareness(c: Canvas) -> None:
    c.rays(600, 300, 190, 800, 28, mix(BLUSH, GOLD, 0.22))
    c.disc(600, 300, 180, mix(CREAM, GOLD, 0.5))
    c.star(600, 180, 50, RED)
    c.water(470, WAVE, mix(WAVE, WHITE, 0.35))
    for x, y, r in ((250, 560, 110), (950, 560, 110), (430, 626, 90), (780, 630, 96)):
        c.lotus_leaf(x, y, r)
    c.lotus(600, 540, 290)


@scene("programme-dang-vien-moi", mix(CREAM, GOLD, 0.2), CREAM)
def programme_new_members(c: Canvas) -> None:
    c.sun(600, 280, 110, GOLD, CREAM)
    c.hills(420, 90, mix(LEAF, CREAM, 0.4), 0.2)
    c.rect(0, 420, WIDTH, 255, LEAF)
    c.poly([(574, 400), (626, 400), (860, 675), (340, 675)], SAND)
    for x, h in ((96, 470), (262, 330)):
        c.bamboo(x, 530, h)
        c.bamboo(WIDTH - x, 530, h)
    for side in (-1, 1):
        c.rect(600 + side * 210 - 38, 220, 76, 300, mix(SAND, ROSE, 0.3))
        c.rect(600 + side * 210 - 50, 500, 100, 34, STONE, 4)
        c.petal(600 + side * 210, 214, 62, 26, 0, RED)
    c.rect(390, 196, 420, 46, mix(SAND, ROSE, 0.45))
    c.roof(600, 200, 520, 76, mix(RED, WOOD, 0.35))
    c.star(600, 219, 20, GOLD)
    for k, x in enumerate((510, 600, 690)):
        c.person(x, 620 - (k % 2) * 26, 150, (BLUE, RED, GREEN)[k])


@scene("programme-nghiep-vu", MINT, CREAM)
def programme_cadres(c: Canvas) -> None:
    c.sun(980, 150, 60, GOLD, MINT)
    c.peaks(380, ((760, 200, 240), (1000, 240, 280), (1180, 180, 200)), mix(WAVE, LEAF, 0.45))
    for k in range(5):
        c.rect(0, 380 + k * 30, WIDTH, 32, mix(GOLD, LEAF, 0.3 + 0.15 * k))
    c.rect(0, 520, WIDTH, 155, mix(SAND, WOOD, 0.15))
    c.rect(110, 280, 420, 250, CREAM)
    c.poly([(60, 290), (150, 160), (500, 160), (590, 290)], RED)
    c.rect(250, 350, 110, 180, WOOD_DARK, 4)
    for x in (140, 400):
        c.rect(x, 350, 84, 90, mix(CREAM, BLUE, 0.4), 4)
    c.tree(660, 520, 230)
    for k, (x, colour) in enumerate(((560, WHITE), (700, GREEN), (800, ROSE), (910, BLUE))):
        c.person(x, 640 + (k % 2) * 10, 224 - (k == 2) * 20, colour, hat=k in (1, 3))
    c.rect(566, 520, 60, 44, BLUE, 4)
    c.rect(572, 526, 48, 6, WHITE, 3)


@scene("tin-khai-giang", BLUSH, SAND)
def opening(c: Canvas) -> None:
    c.rect(0, 0, WIDTH, 440, mix(CREAM, SAND, 0.5))
    for k in range(15):
        c.rect(k * 84, 0, 40, 440, mix(CREAM, SAND, 0.75))
    c.rect(330, 40, 540, 300, RED, 8)
    c.star(600, 140, 74)
    c.rect(0, 440, WIDTH, 235, mix(WOOD, SAND, 0.3))
    c.flag(170, 450, 330, 150)
    c.person(600, 440, 190, PAPER)
    c.rect(530, 330, 140, 120, WOOD, 8)
    c.rect(518, 318, 164, 20, WOOD_DARK, 6)
    c.lotus(600, 420, 46)
    for side in (300, 900):
        c.rect(side - 40, 390, 80, 60, GOLD_DARK, 10)
        for angle in (-40, -15, 12, 38):
            c.petal(side, 396, 96, 20, angle, GREEN if angle % 2 else ROSE)
    for row, (y, h, step) in enumerate(((530, 100, 118), (650, 136, 150))):
        x, k = 40 + row * 40, 0
        while x < WIDTH + 60:
            c.sitter_back(x, y, h, (WHITE, BLUE, PAPER, GREEN, SAND)[(k * 3 + row) % 5])
            x, k = x + step, k + 1


@scene("tin-sinh-hoat-chuyen-mon", SKY, CREAM)
def workshop(c: Canvas) -> None:
    c.rect(0, 560, WIDTH, 115, mix(WOOD, SAND, 0.4))
    c.rect(300, 80, 600, 370, WOOD, 10)
    c.rect(316, 96, 568, 338, mix(GREEN, INK, 0.45), 4)
    dots = ((420, 180), (600, 150), (780, 190), (470, 320), (640, 350), (790, 310))
    for a, b in ((0, 1), (1, 2), (0, 3), (1, 4), (2, 5), (3, 4), (4, 5)):
        c.line([dots[a], dots[b]], mix(MINT, GREEN, 0.2), 5)
    for k, (x, y) in enumerate(dots):
        c.disc(x, y, 34, (GOLD, PAPER, ROSE)[k % 3])
    c.rect(360, 450, 20, 130, WOOD_DARK)
    c.rect(820, 450, 20, 130, WOOD_DARK)
    for x, colour, way in ((210, RED, 1), (990, BLUE, -1)):
        c.curve(
            (x + way * 40, 400),
            (x + way * 90, 380),
            (x + way * 110, 340),
            (x + way * 150, 320),
            mix(colour, INK, 0.12),
            28,
        )
        c.disc(x + way * 156, 314, 16, SKIN)
        c.person(x, 640, 380, colour)
        c.rect(x - way * 60 - 32, 480, 64, 84, PAPER, 5)


@scene("tin-giay-chung-nhan", CREAM, BLUSH)
def certificate(c: Canvas) -> None:
    c.disc(540, 330, 320, mix(CREAM, GOLD, 0.18))
    c.rect(232, 112, 640, 440, mix(STONE, GREY, 0.25), 10)
    c.rect(220, 100, 640, 440, PAPER, 10)
    c.rect(240, 120, 600, 400, GOLD, 6)
    c.rect(248, 128, 584, 384, WHITE, 4)
    c.star(540, 190, 34, RED)
    c.rect(400, 244, 280, 18, RED, 9)
    for k, w in enumerate((380, 320, 360)):
        c.rect(540 - w / 2, 296 + k * 36, w, 12, STONE, 6)
    for row in range(5):
        for col in range(5):
            if (row * 3 + col * 5 + row * col) % 3 != 1:
                c.rect(284 + col * 15, 410 + row * 15, 15, 15, INK)
    c.poly([(700, 470), (676, 590), (712, 564), (738, 596), (748, 470)], RED_DARK)
    c.poly([(728, 470), (742, 596), (768, 562), (804, 586), (776, 470)], RED)
    c.rays(738, 440, 40, 74, 16, GOLD)
    c.disc(738, 440, 58, GOLD)
    c.star(738, 440, 34, RED)
    c.line([(1010, 520), (1110, 620)], WOOD_DARK, 34)
    c.disc(940, 440, 124, WOOD_DARK)
    c.disc(940, 440, 104, SKY)
    c.curve((884, 440), (900, 470), (920, 484), (930, 490), GREEN, 20)
    c.curve((930, 490), (950, 450), (980, 410), (1004, 386), GREEN, 20)


@scene("tin-hoc-thuc-te", SKY, CREAM)
def field_trip(c: Canvas) -> None:
    c.sun(230, 190, 80, GOLD, SKY)
    c.cloud(700, 120, 90, WHITE)
    c.peaks(400, ((820, 200, 260), (1060, 250, 280)), mix(WAVE, LEAF, 0.4))
    c.rect(0, 395, WIDTH, 280, mix(GOLD, LEAF, 0.45))
    for k in range(9):
        y = 410 + k * k * 3.6
        c.rect(0, y, WIDTH, 4 + k, mix(GREEN, GOLD, 0.35))
        for plant in range((k * 37) % 60, WIDTH, 60 - k):
            c.petal(plant, y + 10, 16 + k * 3, 3 + k * 0.4, -14, LEAF)
            c.petal(plant + 8, y + 10, 16 + k * 3, 3 + k * 0.4, 16, mix(GREEN, LEAF, 0.4))
    path = bezier((0, 640), (400, 600), (760, 560), (1200, 470))
    c.poly([*path, *((x, y + 50 - x * 0.024) for x, y in reversed(path))], SAND)
    for k in range(8):
        x, y = path[4 + k * 3]
        c.person(x, y + 26, 180 - k * 8, (RED, WHITE, BLUE, GREEN, ROSE, PAPER, GOLD_DARK, GREY)[k], hat=k in (0, 3, 6))
    c.house(1050, 420, 110, CREAM, RED)
    c.palm(1140, 440, 200)


@scene("tin-vung-cao", mix(SKY, WHITE, 0.3), MINT)
def highlands(c: Canvas) -> None:
    c.sun(300, 150, 60, GOLD, SKY)
    c.cloud(620, 130, 90, WHITE)
    c.peaks(480, ((330, 230, 330), (700, 310, 340), (1040, 270, 320)), mix(WAVE, LEAF, 0.5))
    x, y = 700, 170
    c.line([(x, y - 84), (x - 22, y + 10)], RED, 6)
    c.line([(x, y - 84), (x + 22, y + 10)], RED, 6)
    for k in range(3):
        c.line([(x - 7 - k * 5, y - 50 + k * 22), (x + 7 + k * 5, y - 50 + k * 22)], RED, 5)
    for r in (36, 62):
        c.ring(x, y - 84, r, mix(SKY, RED, 0.35), 4)
    c.disc(x, y - 84, 9, RED)
    c.hills(510, 120, LEAF, 2.0)
    c.hills(600, 100, GREEN, 4.4)
    c.cloud(170, 400, 130, mix(WHITE, MINT, 0.3))
    c.cloud(980, 420, 150, mix(WHITE, MINT, 0.3))
    c.stilt_house(290, 570, 220)
    c.stilt_house(880, 590, 250)
    c.stilt_house(590, 540, 160)
    for k, (px, h) in enumerate(((470, 110), (530, 84), (1060, 118), (1120, 110))):
        c.person(px, 650, h, (RED, BLUE, ROSE, GOLD)[k])
    c.tree(90, 640, 220)


@scene("tin-hoi-nghi-diem-cau", SKY, CREAM)
def linked_sites(c: Canvas) -> None:
    c.rect(0, 0, WIDTH, 675, mix(SAND, CREAM, 0.4))
    c.rect(150, 60, 900, 330, INK, 14)
    c.rect(164, 74, 572, 302, RED_DARK, 4)
    c.star(450, 180, 60)
    for k, x in enumerate((330, 450, 570)):
        c.person(x, 376, 130, (PAPER, BLUE, PAPER)[k])
    c.rect(164, 340, 572, 36, WOOD)
    for k in range(6):
        x, y = 746 + (k % 2) * 146, 74 + (k // 2) * 102
        c.rect(x, y, 140, 98, (MINT, BLUSH, SKY, CREAM, SAND, MINT)[k], 4)
        for j in range(3):
            c.person(x + 34 + j * 36, y + 98, 62, CLOTHES[(k + j) % 6])
    c.rect(0, 470, WIDTH, 205, mix(WOOD, SAND, 0.3))
    for row, (y, h, step) in enumerate(((520, 104, 116), (670, 146, 158))):
        x, k = 20 + row * 36, 0
        while x < WIDTH + 60:
            c.sitter_back(x, y, h, (BLUE, WHITE, GREEN, RED, PAPER, GREY)[(k * 5 + row * 2) % 6])
            x, k = x + step, k + 1


def draw(name: str) -> Canvas:
    """Draw one picture. Raises KeyError for an unknown name."""
    top, bottom, paint = SCENES[name]
    canvas = Canvas(top, bottom)
    paint(canvas)
    return canvas


def save(name: str, folder: Path = IMAGES) -> Path:
    """Draw a picture into ``<folder>/<name>.webp``, in the best quality that keeps it small, and give its path."""
    path = folder / f"{name}.webp"
    image = draw(name).finish()
    for quality in QUALITIES:
        image.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size <= MAX_BYTES:
            break
    return path


def main(names: list[str]) -> None:
    """Draw the named pictures, or all of them, and print their sizes."""
    for name in names or sorted(SCENES):
        path = save(name)
        sys.stdout.write(f"{path.name} {path.stat().st_size / 1024:.1f} KB\n")


if __name__ == "__main__":
    main(sys.argv[1:])
