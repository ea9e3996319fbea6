#!/usr/bin/env python3
"""Makes the pictures of pictures/, and pictures.json with the pixels that Pillow reads from them.

    pip install pillow numpy && Tests/PicturesTests/Fixtures/make_pictures.py
"""
import io
import json
import pathlib

import numpy as np
from PIL import Image

FOLDER = pathlib.Path(__file__).resolve().parent
random = np.random.default_rng(3)
row, column = np.mgrid[0:9, 0:12]
gray = Image.fromarray(((row * 20 + column * 7) % 256).astype(np.uint8))
color = Image.fromarray(np.stack([row * 28, column * 23, 255 - row * 10 - column * 9], -1).astype(np.uint8))
transparent = color.convert("RGBA")
transparent.putalpha(Image.fromarray(np.where(column < 6, 255, 0).astype(np.uint8)))
on_black = Image.new("RGB", color.size)
on_black.paste(color, mask=transparent.getchannel("A"))

PICTURES = {
    "gray.png": (gray, gray, {}),
    "color.png": (color, color, {}),
    "palette.png": (color.quantize(16), color.quantize(16).convert("RGB"), {}),
    "bits.png": (gray.convert("1"), gray.convert("1").convert("L"), {}),
    "transparent.png": (transparent, on_black, {}),
    "deep.png": (Image.fromarray(np.asarray(gray).astype(np.uint16) * 257), gray, {}),
    "gray.jpg": (gray, None, {"quality": 90}),
    "color.jpg": (color, None, {"quality": 90, "subsampling": 0}),
    "progressive.jpg": (color, None, {"quality": 90, "progressive": True}),
    "cmyk.jpg": (color.convert("CMYK"), None, {"quality": 90}),
}


def main():
    (FOLDER / "pictures").mkdir(exist_ok=True)
    expected = {}
    for name, (image, pixels, options) in PICTURES.items():
        buffer = io.BytesIO()
        image.save(buffer, "JPEG" if name.endswith("jpg") else "PNG", **options)
        (FOLDER / "pictures" / name).write_bytes(buffer.getvalue())
        if name == "cmyk.jpg":
            continue
        read = pixels or Image.open(io.BytesIO(buffer.getvalue()))
        read = read if read.mode in ("L", "RGB") else read.convert("RGB")
        expected[name] = {
            "width": read.width, "height": read.height, "channels": len(read.getbands()),
            "bytes": np.asarray(read).flatten().tolist(),
        }
    (FOLDER / "pictures.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
