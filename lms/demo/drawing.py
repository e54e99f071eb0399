"""A canvas with the flat shapes of the demo illustrations; coordinates are in a 1200 x 675 frame."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

WIDTH, HEIGHT, SCALE = 1200, 675, 2
Point = tuple[float, float]

RED, RED_DARK, ROSE, PINK, BLUSH = "#9b1c31", "#7d1527", "#c25b6b", "#e7b4b8", "#fbf0f1"
GOLD, GOLD_DARK, SAND, CREAM = "#dcb35c", "#8f6714", "#efdcb4", "#fbf4e3"
PAPER, LINE, STONE, GREY, INK = "#faf8f5", "#e5dfd8", "#cfc7be", "#5d554e", "#201b18"
WOOD, WOOD_DARK, SKIN = "#8a5a3a", "#5f3b27", "#e3b48d"
GREEN, LEAF, MINT = "#23703f", "#6c9f78", "#d3e4d5"
BLUE, WAVE, SKY = "#1f4f86", "#7fa3bd", "#e3ecf2"
WHITE = "#ffffff"
CLOTHES = (RED, BLUE, GREEN, GOLD_DARK, GREY, ROSE)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """The colour that lies ``share`` of the way from the first to the second."""
    pairs = zip(_rgb(first), _rgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


class Canvas:
    """Draws at double size and shrinks at the end, so that edges are smooth."""

    def __init__(self, top: str, bottom: str) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), top)
        self.pen = ImageDraw.Draw(self.image)
        steps = 90
        for step in range(steps):
            y = HEIGHT * SCALE * step / steps
            fill = mix(top, bottom, step / (steps - 1))
            self.pen.rectangle((0, y, WIDTH * SCALE, y + HEIGHT * SCALE / steps + 1), fill=fill)

    def finish(self) -> Image.Image:
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    # plain shapes -----------------------------------------------------------

    def poly(self, points: Iterable[Point], fill: str) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def rect(self, x: float, y: float, w: float, h: float, fill: str, radius: float = 0) -> None:
        box = (x * SCALE, y * SCALE, (x + w) * SCALE, (y + h) * SCALE)
        self.pen.rounded_rectangle(box, radius=radius * SCALE, fill=fill)

    def disc(self, x: float, y: float, r: float, fill: str, ry: float | None = None) -> None:
        ry = r if ry is None else ry
        self.pen.ellipse(((x - r) * SCALE, (y - ry) * SCALE, (x + r) * SCALE, (y + ry) * SCALE), fill=fill)

    def ring(self, x: float, y: float, r: float, colour: str, width: float) -> None:
        box = ((x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE)
        self.pen.ellipse(box, outline=colour, width=round(width * SCALE))

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, fill=colour, width=round(width * SCALE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, colour)

    def curve(self, a: Point, b: Point, c: Point, d: Point, colour: str, width: float) -> None:
        self.line(bezier(a, b, c, d), colour, width)

    # scenery ----------------------------------------------------------------

    def sun(self, x: float, y: float, r: float, colour: str = GOLD, halo: str | None = None) -> None:
        if halo:
            self.disc(x, y, r * 1.7, mix(halo, colour, 0.18))
            self.disc(x, y, r * 1.32, mix(halo, colour, 0.38))
        self.disc(x, y, r, colour)

    def hills(self, base: float, height: float, colour: str, phase: float = 0.0, waves: float = 1.6) -> None:
        """A soft range of hills from edge to edge, filled down to the bottom."""
        top = [
            (
                x,
                base
                - height * (0.55 + 0.3 * math.sin(phase + waves * x / 190) + 0.15 * math.sin(2.3 * phase + x / 83)),
            )
            for x in range(-10, WIDTH + 11, 10)
        ]
        self.poly([*top, (WIDTH, HEIGHT), (0, HEIGHT)], colour)

    def peaks(
        self, base: float, tops: Sequence[tuple[float, float, float]], colour: str, snow: str | None = None
    ) -> None:
        """Mountains: (x, height, half width) each; the sunny side is a little lighter."""
        for x, height, half in tops:
            self.poly([(x - half, base), (x, base - height), (x + half, base)], colour)
            self.poly([(x, base - height), (x + half, base), (x + half * 0.25, base)], mix(colour, INK, 0.12))
            if snow:
                k = 0.22
                self.poly(
                    [
                        (x, base - height),
                        (x - half * k, base - height * (1 - k)),
                        (x + half * k, base - height * (1 - k)),
                    ],
                    snow,
                )

    def water(self, y: float, colour: str, ripple: str) -> None:
        self.rect(0, y, WIDTH, HEIGHT - y, colour)
        row = 0
        while y + 22 + row * 30 < HEIGHT:
            for x in range(-40 + (row * 97) % 160, WIDTH, 230):
                self.rect(x, y + 22 + row * 30, 70 + (x * 7 + row * 31) % 60, 4, ripple, 2)
            row += 1

    def cloud(self, x: float, y: float, size: float, colour: str) -> None:
        self.rect(x - size, y, size * 2, size * 0.42, colour, size * 0.21)
        self.disc(x - size * 0.3, y + size * 0.05, size * 0.36, colour)
        self.disc(x + size * 0.3, y + size * 0.08, size * 0.28, colour)

    def tree(self, x: float, ground: float, h: float, colour: str = GREEN) -> None:
        self.rect(x - h * 0.035, ground - h * 0.5, h * 0.07, h * 0.5, WOOD_DARK)
        for dx, dy, r in ((0, 0.72, 0.27), (-0.2, 0.58, 0.2), (0.2, 0.58, 0.2)):
            self.disc(x + dx * h, ground - dy * h, r * h, colour)
        self.disc(x - 0.07 * h, ground - 0.79 * h, 0.15 * h, mix(colour, WHITE, 0.14))

    def palm(self, x: float, ground: float, h: float) -> None:
        self.line([(x, ground), (x + h * 0.03, ground - h * 0.8)], WOOD, h * 0.035)
        for angle in (-80, -50, -22, 22, 50, 80):
            self.petal(x + h * 0.03, ground - h * 0.8, h * 0.34, h * 0.045, angle, GREEN if angle % 4 else LEAF)

    def bamboo(self, x: float, ground: float, h: float) -> None:
        for k, lean in enumerate((-0.16, -0.05, 0.06, 0.17)):
            tip = (x + lean * h, ground - h * (0.88 + 0.04 * k))
            self.line([(x + k * 9 - 14, ground), tip], LEAF if k % 2 else GREEN, 6)
            for j in range(5):
                at = 0.45 + j * 0.13
                px, py = x + k * 9 - 14 + (tip[0] - x - k * 9 + 14) * at, ground + (tip[1] - ground) * at
                self.petal(px, py, h * 0.15, h * 0.018, 60 if j % 2 else -60, GREEN)
                self.petal(px, py, h * 0.13, h * 0.016, -110 if j % 2 else 110, LEAF)

    # emblems ----------------------------------------------------------------

    def petal(self, x: float, y: float, length: float, width: float, angle: float, colour: str) -> None:
        """A pointed petal that starts at (x, y) and leans ``angle`` degrees from the vertical."""
        turn = math.radians(angle)
        side = []
        for step in range(25):
            t = step / 24
            side.append((width * math.sin(math.pi * t**0.95) ** 0.75 * (1 - 0.3 * t), length * t))
        outline = side + [(-w, along) for w, along in reversed(side)]
        self.poly(
            [
                (x + w * math.cos(turn) + a * math.sin(turn), y - a * math.cos(turn) + w * math.sin(turn))
                for w, a in outline
            ],
            colour,
        )

    def lotus(self, x: float, y: float, size: float) -> None:
        """A lotus seen from the side, its foot at (x, y)."""
        outer, deep = mix(ROSE, PINK, 0.3), mix(ROSE, RED, 0.45)
        back = ((74, 0.8, outer), (52, 0.95, ROSE), (29, 1.04, mix(ROSE, RED, 0.2)), (0, 1.12, deep))
        front = ((62, 0.6, PINK), (36, 0.74, mix(PINK, BLUSH, 0.3)), (0, 0.82, mix(PINK, BLUSH, 0.65)))
        for petals, width in ((back, 0.155), (front, 0.165)):
            for angle, length, colour in petals:
                for side in (-1, 1) if angle else (1,):
                    self.petal(x, y, size * length, size * width, side * angle, colour)
                    self.petal(x, y, size * length * 0.8, size * width * 0.3, side * angle, mix(colour, WHITE, 0.16))
        self.disc(x, y, size * 0.16, GOLD, size * 0.05)

    def lotus_leaf(self, x: float, y: float, r: float, colour: str = GREEN) -> None:
        self.disc(x, y, r, colour, r * 0.3)
        self.disc(x - r * 0.05, y - r * 0.04, r * 0.82, mix(colour, WHITE, 0.12), r * 0.22)
        self.poly([(x, y), (x + r * 0.24, y + r * 0.22), (x + r * 0.02, y + r * 0.25)], mix(colour, INK, 0.2))

    def star(self, x: float, y: float, r: float, colour: str = GOLD) -> None:
        points = []
        for k in range(10):
            radius = r if k % 2 == 0 else r * 0.382
            turn = math.radians(36 * k)
            points.append((x + radius * math.sin(turn), y - radius * math.cos(turn)))
        self.poly(points, colour)

    def rays(self, x: float, y: float, inner: float, outer: float, count: int, colour: str) -> None:
        for k in range(count):
            mid, half = 2 * math.pi * k / count, math.pi / count * 0.42
            self.poly(
                [
                    (x + inner * math.sin(mid - half * 0.5), y - inner * math.cos(mid - half * 0.5)),
                    (x + outer * math.sin(mid - half), y - outer * math.cos(mid - half)),
                    (x + outer * math.sin(mid + half), y - outer * math.cos(mid + half)),
                    (x + inner * math.sin(mid + half * 0.5), y - inner * math.cos(mid + half * 0.5)),
                ],
                colour,
            )

    def flag(self, x: float, ground: float, pole: float, size: float) -> None:
        """The red flag with its gold star on a pole; ``size`` is the width of the cloth."""
        self.rect(x - 4, ground - pole, 8, pole, WOOD_DARK, 4)
        self.disc(x, ground - pole, 8, GOLD)
        top, high = ground - pole + 8, size * 2 / 3
        upper = bezier(
            (x + 4, top), (x + size * 0.35, top - size * 0.09), (x + size * 0.65, top + size * 0.1), (x + size, top)
        )
        self.poly([*upper, *((px, py + high) for px, py in reversed(upper))], RED)
        self.star(x + size * 0.5, top + high * 0.5, size * 0.2)

    # people and buildings ---------------------------------------------------

    def person(
        self, x: float, ground: float, h: float, colour: str, *, hat: bool = False, head: str = INK, legs: bool = True
    ) -> None:
        """A calm standing figure from the head to the ground line; without legs it wears a long robe."""
        r = h * 0.115
        y = ground - h + r
        hem = ground - h * 0.4 if legs else ground
        if legs:
            dark = mix(colour, INK, 0.62) if colour not in (WHITE, PAPER) else GREY
            for side in (-1, 1):
                self.rect(
                    x + side * h * 0.078 - h * 0.068, hem - h * 0.06, h * 0.136, ground - hem + h * 0.05, dark, h * 0.02
                )
                self.rect(x + side * h * 0.088 - h * 0.075, ground - h * 0.028, h * 0.15, h * 0.034, INK, h * 0.017)
        self.rect(x - h * 0.165, y + r * 1.25, h * 0.33, hem - y - r * 1.25, colour, h * 0.12)
        self.poly(
            [(x - h * 0.165, hem - h * 0.2), (x + h * 0.165, hem - h * 0.2), (x + h * 0.18, hem), (x - h * 0.18, hem)],
            colour,
        )
        sleeve = mix(colour, INK, 0.16)
        if h > 70:
            for side in (-1, 1):
                self.rect(x + side * h * 0.14 - h * 0.042, y + r * 2.2, h * 0.084, h * 0.3, sleeve, h * 0.042)
        self.rect(x - r * 0.35, y + r * 0.6, r * 0.7, r, mix(SKIN, WOOD, 0.2))
        self.disc(x, y, r, head)
        self.disc(x, y + r * 0.22, r * 0.82, SKIN)
        if hat:
            self.poly([(x - r * 1.9, y), (x, y - r * 1.5), (x + r * 1.9, y)], SAND)
            self.poly([(x, y - r * 1.5), (x + r * 1.9, y), (x + r * 0.4, y)], GOLD)

    def sitter_back(self, x: float, ground: float, h: float, colour: str) -> None:
        """A person seen from behind, as in the rows of a hall."""
        self.rect(x - h * 0.36, ground - h * 0.62, h * 0.72, h * 0.7, colour, h * 0.24)
        self.rect(x - h * 0.09, ground - h * 0.72, h * 0.18, h * 0.16, mix(SKIN, WOOD, 0.25))
        self.disc(x, ground - h * 0.82, h * 0.19, INK)

    def roof(self, x: float, y: float, w: float, h: float, colour: str) -> None:
        """The curved roof of a communal house; (x, y) is the middle of the eaves."""
        half = w / 2
        left = bezier(
            (x - half, y - h * 0.2), (x - half * 0.82, y), (x - half * 0.6, y - h * 0.15), (x - half * 0.52, y - h)
        )
        right = [(2 * x - px, py) for px, py in reversed(left)]
        self.poly([*left, *right, (x + half * 0.86, y), (x - half * 0.86, y)], colour)
        self.rect(x - half * 0.56, y - h - 12, half * 1.12, 16, mix(colour, INK, 0.3), 6)
        for side in (-1, 1):
            self.petal(x + side * half * 0.54, y - h - 2, 34, 9, side * 35, mix(colour, INK, 0.3))
            self.petal(x + side * half * 0.93, y - h * 0.1, 40, 8, side * 48, mix(colour, INK, 0.3))
        for k in range(1, 12):
            px = x - half * 0.86 + half * 1.72 * k / 12
            self.line([(px, y - 3), (x + (px - x) * 0.56, y - h + 6)], mix(colour, INK, 0.14), 2)

    def communal_house(self, x: float, ground: float, w: float) -> None:
        h = w * 0.25
        self.rect(x - w * 0.44, ground - 16, w * 0.88, 16, STONE, 3)
        self.rect(x - w * 0.38, ground - 16 - h, w * 0.76, h, mix(WOOD_DARK, INK, 0.25))
        for k in range(7):
            px = x - w * 0.38 + w * 0.76 * k / 6
            self.rect(px - 8, ground - 16 - h, 16, h, RED)
        self.rect(x - w * 0.055, ground - 16 - h * 0.82, w * 0.11, h * 0.82, GOLD, 3)
        self.roof(x, ground - 12 - h, w, w * 0.25, mix(RED, WOOD, 0.35))

    def house(self, x: float, ground: float, w: float, wall: str = CREAM, roof: str = ROSE) -> None:
        h = w * 0.55
        self.rect(x - w / 2, ground - h, w, h, wall)
        self.poly(
            [
                (x - w * 0.62, ground - h),
                (x - w * 0.3, ground - h * 1.75),
                (x + w * 0.3, ground - h * 1.75),
                (x + w * 0.62, ground - h),
            ],
            roof,
        )
        self.rect(x - w * 0.1, ground - h * 0.72, w * 0.2, h * 0.72, WOOD_DARK)
        for side in (-1, 1):
            self.rect(x + side * w * 0.31 - w * 0.08, ground - h * 0.7, w * 0.16, h * 0.34, mix(wall, BLUE, 0.45), 2)

    def stilt_house(self, x: float, ground: float, w: float) -> None:
        h = w * 0.3
        floor = ground - w * 0.26
        for k in range(6):
            self.rect(x - w * 0.44 + k * w * 0.176 - 6, floor, 12, ground - floor, WOOD_DARK)
        self.rect(x - w * 0.48, floor - h, w * 0.96, h, WOOD)
        for k in range(5):
            self.rect(x - w * 0.41 + k * w * 0.17, floor - h * 0.82, w * 0.13, h * 0.6, CREAM, 3)
        self.rect(x - w * 0.52, floor - 8, w * 1.04, 14, WOOD_DARK, 4)
        self.poly(
            [
                (x - w * 0.6, floor - h),
                (x - w * 0.36, floor - h * 2.1),
                (x + w * 0.36, floor - h * 2.1),
                (x + w * 0.6, floor - h),
            ],
            mix(RED, WOOD, 0.5),
        )
        self.line([(x + w * 0.2, floor), (x + w * 0.34, ground)], WOOD_DARK, 8)
        self.line([(x + w * 0.28, floor), (x + w * 0.42, ground)], WOOD_DARK, 8)
        for k in range(1, 5):
            px, py = x + w * (0.2 + 0.14 * k / 5), floor + (ground - floor) * k / 5
            self.line([(px, py), (px + w * 0.08, py)], WOOD, 6)

    def paper(
        self, x: float, y: float, w: float, h: float, *, lines: int = 6, head: str = RED, fill: str = WHITE
    ) -> None:
        """A sheet with a heading bar and grey lines instead of words."""
        self.rect(x + 7, y + 9, w, h, mix(STONE, GREY, 0.2), 6)
        self.rect(x, y, w, h, fill, 6)
        self.rect(x + w * 0.28, y + h * 0.09, w * 0.44, h * 0.035, head, 4)
        for k in range(lines):
            share = 0.76 if k % 3 != 2 else 0.5
            self.rect(x + w * 0.12, y + h * (0.22 + 0.66 * k / max(lines, 1)), w * share, max(h * 0.02, 5), LINE, 3)


def bezier(a: Point, b: Point, c: Point, d: Point, steps: int = 32) -> list[Point]:
    """Points along a cubic curve."""
    out = []
    for k in range(steps + 1):
        t = k / steps
        u = 1 - t
        out.append(
            (
                u**3 * a[0] + 3 * u * u * t * b[0] + 3 * u * t * t * c[0] + t**3 * d[0],
                u**3 * a[1] + 3 * u * u * t * b[1] + 3 * u * t * t * c[1] + t**3 * d[1],
            )
        )
    return out
