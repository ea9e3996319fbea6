#!/usr/bin/env python3
"""Makes resampled.json: a random 7x5 image (width x height) resampled by Pillow's antialiased bicubic filter.

    pip install pillow numpy && Tests/PicturesTests/Fixtures/make-resampled.py
"""
import json
import pathlib

import numpy as np
from PIL import Image

image = np.random.default_rng(1).random((5, 7), np.float32)
cases = []
for width, height in [(14, 10), (12, 9), (7, 5), (3, 2), (1, 20)]:
    resized = Image.fromarray(image).resize((width, height), Image.Resampling.BICUBIC)
    values = np.clip(np.asarray(resized), 0, 1)
    cases.append({"width": width, "height": height, "values": [round(float(v), 6) for v in values.flatten()]})
fixture = {"width": 7, "height": 5, "values": [round(float(v), 6) for v in image.flatten()], "resampled": cases}
pathlib.Path(__file__).with_name("resampled.json").write_text(json.dumps(fixture, indent=1) + "\n")
