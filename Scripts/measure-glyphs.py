#!/usr/bin/env python3
"""Measures how much of a cell's 2x3 parts each ASCII glyph inks, and prints Sources/Shading/GlyphInk.swift's table.

The seventh number of a glyph is the mean squared distance of its ink from its part's mean, on 8x16 pixels.

    pip install pillow numpy && Scripts/measure-glyphs.py [FONT.ttf]

The cell is one advance wide and twice as high, with the line centered in it, as terminals set DejaVu Sans Mono.
"""
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONT = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
WIDTH, HEIGHT = 96, 192  # divisible by 2 and by 3

font = ImageFont.truetype(FONT, 100)
font = ImageFont.truetype(FONT, 100 * WIDTH / font.getlength("M"))
ascent, descent = font.getmetrics()
for code in range(32, 127):
    cell = Image.new("L", (WIDTH, HEIGHT), 0)
    ImageDraw.Draw(cell).text((0, (HEIGHT - ascent - descent) / 2), chr(code), font=font, fill=255)
    ink = np.asarray(cell, float) / 255
    parts = ink.reshape(3, HEIGHT // 3, 2, WIDTH // 2).mean((1, 3))
    # What a pixel inks, on samples fine enough for thirds of the height.
    pixels = ink.reshape(16, HEIGHT // 16, 8, WIDTH // 8).mean((1, 3)).repeat(HEIGHT // 16, 0).repeat(WIDTH // 8, 1)
    unevenness = ((pixels - parts.repeat(HEIGHT // 3, 0).repeat(WIDTH // 2, 1)) ** 2).mean()
    numbers = [*parts.flatten(), unevenness]
    print(f"        {', '.join(f'{round(1000 * number):3d}' for number in numbers)},  // {chr(code)}")
