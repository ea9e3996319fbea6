"""Measures how near pictures drawn in character cells come to the truth, beside chafa with the same symbols.

The truth is a picture's bicubic enlargement to 8×16 pixels a cell, and that very enlargement is what chafa is given
(at its hardest, without preprocessing): what is compared is the drawing alone. Digits are MNIST's, ten of each class,
from Resources; color pictures are cut from the free photographs that come with scikit-image.

    Scripts/bench shading [--quick] [--terminal xterm|vga|chafa] [--symbols half] [--depth 16] [--json FILE]
"""
import argparse
import gzip
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile

import numpy as np
import torch
from PIL import Image

import cells

SIZES = [(20, 10), (28, 14), (40, 20), (56, 28)]

# Our mode, and chafa's symbols with the same glyphs. (What chafa calls vhalf lies above each other.)
SYMBOLS = {
    "half": ("half", "space+solid+vhalf"),
    "quadrant": ("quadrant", "space+solid+half+quad"),
    "block": ("block", "space+solid+block"),
    "sextant": ("sextant", "space+solid+half+sextant"),
    "braille": ("braille", "space+braille"),
    "ascii": ("ascii", "ascii"),
}
# Our depth, and chafa's colors.
DEPTHS = {"direct": ("direct", "full"), "256": ("palette256", "240"), "16": ("palette16", "16"),
          "8": ("palette8", "8"), "mono": ("none", "none")}

# A photograph of scikit-image's, and squares cut from it: left, top, side.
PHOTOGRAPHS = {
    "astronaut.png": [(0, 0, 512), (96, 0, 256), (256, 256, 256), (0, 128, 192)],  # NASA, public domain
    "chelsea.png": [(75, 0, 300), (60, 40, 160), (190, 44, 256), (195, 80, 128)],  # Stéfan van der Walt, CC0
    "coffee.png": [(100, 0, 400), (172, 72, 256), (344, 144, 256), (0, 0, 200)],  # Rachel Michetti, CC0
    "rocket.jpg": [(106, 0, 427), (180, 80, 256), (384, 171, 256)],  # SpaceX, public domain
    "hubble_deep_field.jpg": [(0, 0, 872), (300, 300, 256), (600, 100, 256)],  # NASA, public domain
    "retina.jpg": [(0, 0, 1411), (500, 400, 512)],  # Häggström, CC0
}


def digits(count):
    """The first digits of the sample, whose classes take turns: [count, 28, 28]."""
    with gzip.open("Resources/mnist-sample/train-images-idx3-ubyte.gz") as file:
        return list(np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)[:count])


def photographs(count):
    """Squares of at most 256×256 pixels in color."""
    folder = os.path.join(os.path.dirname(importlib.util.find_spec("skimage").origin), "data")
    squares = []
    for name, places in PHOTOGRAPHS.items():
        photograph = Image.open(os.path.join(folder, name)).convert("RGB")
        for left, top, side in places:
            square = photograph.crop((left, top, left + side, top + side))
            squares.append(np.asarray(square.resize((256, 256), Image.LANCZOS) if side > 256 else square))
    return squares[::max(1, len(squares) // count)][:count]


def save(image, path):
    Image.fromarray(image).save(path)
    return path


class Ours:
    """The shading's program, which answers a line for a line."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline().strip()
        if line == "unknown command":
            sys.exit(f"ShadingBenchmark does not know: {words}")
        return line

    def draw(self, mode, depth, size, path):
        numbers = np.array(self.ask("draw", mode, "gray", depth, "full", *size, path).split(), dtype=np.int64)
        return numbers.reshape(size[1], size[0], 3)


class Chafa:
    """chafa at its hardest, with the symbols named."""

    STYLE = re.compile(r"\x1b\[([0-9;]*)m|\x1b\[[^A-Za-z]*[A-Za-z]|(.)")

    def draw(self, symbols, colors, size, paths):
        text = subprocess.run(
            ["chafa", "--work", "9", "--preprocess", "off", "--optimize", "0", "--stretch", "--fg", "e5e5e5", "--bg",
             "000000", "--colors", colors, "--symbols", symbols, "--size", f"{size[0]}x{size[1]}", *paths],
            capture_output=True, text=True, check=True).stdout
        lines = [line for line in text.split("\n") if self.STYLE.sub(r"\2", line)]
        found = np.array([self.cells(line) for line in lines])
        return found.reshape(len(paths), size[1], size[0], 3)

    def cells(self, line):
        """Glyph, foreground and background of each cell, in the numbers of ShadingBenchmark."""
        row, front, back, reverse = [], -1, -1, False
        for match in self.STYLE.finditer(line):
            if match[2]:
                row.append((ord(match[2]), back, front) if reverse else (ord(match[2]), front, back))
                continue
            codes = [int(code or 0) for code in (match[1] or "").split(";")] if match[1] is not None else []
            while codes:
                code = codes.pop(0)
                if code == 0:
                    front, back, reverse = -1, -1, False
                elif code == 7:
                    reverse = True
                elif code in (38, 48):
                    if codes.pop(0) == 5:
                        color = codes.pop(0)
                    else:
                        color = 1 << 24 | codes.pop(0) << 16 | codes.pop(0) << 8 | codes.pop(0)
                    front, back = (color, back) if code == 38 else (front, color)
                elif 30 <= code <= 37 or 90 <= code <= 97:
                    front = code - 30 if code < 40 else code - 82
                elif 40 <= code <= 47 or 100 <= code <= 107:
                    back = code - 40 if code < 50 else code - 92
        return row


def colored(numbers, terminal, standard):
    """Colors of a terminal, [..., 3], for the numbers of ShadingBenchmark."""
    table = cells.palette(terminal)
    direct = np.stack([numbers >> shift & 255 for shift in (16, 8, 0)], -1)
    indexed = table[np.clip(numbers, 0, 255)]
    found = np.where((numbers >= 1 << 24)[..., None], direct, indexed)
    return np.where((numbers < 0)[..., None], standard, found).astype(float)


PORTION = 20  # so many pictures at a time fit into memory


def measured(drawn, truths, terminal):
    """The means of the metrics over drawn pictures, [pictures, rows, columns, 3]."""
    sums = 0
    for index, truth in enumerate(truths):
        part = drawn[PORTION * index:PORTION * (index + 1)]
        pixels = cells.rasterised(part[..., 0], colored(part[..., 1], terminal, 229), colored(part[..., 2], terminal, 0))
        sums = sums + cells.scores(pixels, truth)
    return sums / len(drawn)


def compare(subject, images, options, ours, folder):
    rows, chafa = [], Chafa()
    paths = [save(image, f"{folder}/{subject}{index}.png") for index, image in enumerate(images)]
    for size in SIZES:
        if options.size and options.size != f"{size[0]}x{size[1]}":
            continue
        truths = np.stack([cells.truth(image, *size) for image in images])
        enlarged = [save(image.transpose(1, 2, 0).squeeze().round().astype(np.uint8), f"{folder}/{subject}{index}-{size[0]}.png")
                    for index, image in enumerate(truths)]
        truths = [cells.Truth(torch.tensor(truths[first:first + PORTION], dtype=torch.float32))
                  for first in range(0, len(truths), PORTION)]
        for depth, (our_depth, colors) in DEPTHS.items():
            if options.depth and depth not in options.depth.split(","):
                continue
            for symbols, (mode, classes) in SYMBOLS.items():
                if options.symbols and symbols not in options.symbols.split(","):
                    continue
                drawn = np.stack([ours.draw(mode, our_depth, size, path) for path in paths])
                row = dict(subject=subject, depth=depth, symbols=symbols, size=f"{size[0]}x{size[1]}")
                row["ours"] = list(measured(drawn, truths, options.terminal))
                theirs = chafa.draw(classes, colors, size, enlarged)
                row["chafa"] = list(measured(theirs, truths, options.terminal))
                rows.append(row)
                print(line(row), flush=True)
    return rows


def line(row):
    parts = [f"{row['subject']:7} {row['depth']:>6} {row['symbols']:8} {row['size']:>5}"]
    for name, mine, theirs in zip(cells.METRICS, row["ours"], row["chafa"]):
        digits = 3 if "SSIM" in name else 2
        parts.append(f"{mine:6.{digits}f} {theirs:6.{digits}f} {mine - theirs:+6.{digits}f}")
    return "  ".join(parts)


def summary(rows):
    for index, name in enumerate(cells.METRICS):
        step = 0.0005 if "SSIM" in name else 0.005
        ahead = [row["ours"][index] - row["chafa"][index] >= step for row in rows]
        equal = [abs(row["ours"][index] - row["chafa"][index]) < step for row in rows]
        print(f"{name}: ahead in {sum(ahead)} of {len(rows)} rows, equal in {sum(equal)}")


def times(ours, digit, photograph):
    print("\nMicroseconds to draw, median")
    print(f"{'':28} " + " ".join(f"{symbols:>9}" for symbols in SYMBOLS))
    tasks = [("28×28 gray to", digit, (28, 14)), ("28×28 gray to", digit, (56, 28)), ("28×28 gray to", digit, (200, 60)),
             ("256×256 RGB to", photograph, (56, 28)), ("256×256 RGB to", photograph, (200, 60))]
    for depth in ("direct", "palette256", "palette16", "none"):
        for name, path, size in tasks:
            found = [float(ours.ask("time", mode, "gray", depth, "full", *size, path, 51)) * 1e6
                     for mode, _ in SYMBOLS.values()]
            print(f"{depth:10} {name} {size[0]}×{size[1]:<4}".ljust(36) + " ".join(f"{value:9.0f}" for value in found))


def main():
    parser = argparse.ArgumentParser(prog="Scripts/bench shading")
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="ten digits and five photographs")
    parser.add_argument("--terminal", choices=cells.SYSTEM, default="xterm", help="whose sixteen colors are shown")
    parser.add_argument("--symbols", help=", ".join(SYMBOLS))
    parser.add_argument("--depth", help=", ".join(DEPTHS))
    parser.add_argument("--size", help="as 28x14")
    parser.add_argument("--subject", choices=["digits", "colors"])
    parser.add_argument("--json", help="a file for the figures")
    parser.add_argument("--no-times", action="store_true")
    options = parser.parse_args()
    ours = Ours(options.program)
    pictures = {"digits": digits(10 if options.quick else 100), "colors": photographs(5 if options.quick else 20)}
    version = subprocess.run(["chafa", "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    print(f"latentwalk and {version}, on {options.terminal}'s colors: each ours, chafa's, the difference")
    print(f"{'':31}" + "".join(f"{name:22}" for name in cells.METRICS))
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        rows = []
        for subject, images in pictures.items():
            if options.subject in (None, subject):
                rows += compare(subject, images, options, ours, folder)
        print()
        summary(rows)
        if options.json:
            with open(options.json, "w", encoding="utf-8") as file:
                json.dump(rows, file)
        if not options.no_times:
            times(ours, save(pictures["digits"][0], f"{folder}/digit.png"), save(pictures["colors"][0], f"{folder}/color.png"))


if __name__ == "__main__":
    main()
