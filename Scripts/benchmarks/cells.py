"""Pictures in character cells: what they look like, and how near that comes to the picture meant.

Cells are rasterised at 8×16 pixels with the glyphs' true shapes: block elements, sextants and braille dots by their
geometry, all else from DejaVu Sans Mono. Arrays of cells are [pictures, rows, columns].
"""
import functools
import os

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 8, 16
FONTS = ["/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", "/usr/share/fonts/TTF/DejaVuSansMono.ttf",
         "/usr/share/fonts/dejavu/DejaVuSansMono.ttf", "/Library/Fonts/DejaVuSansMono.ttf"]

# What some terminals show for the sixteen colors of the system.
SYSTEM = {
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 "
             "7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    "vga": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa "
           "555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    "chafa": "000000 800000 007000 707000 000070 700070 007070 c0c0c0 "
             "404040 ff0000 00ff00 ffff00 0000ff ff00ff 00ffff ffffff",
}


def palette(name):
    """The 256 colors of a terminal, [256, 3]."""
    system = [tuple(bytes.fromhex(color)) for color in SYSTEM[name].split()]
    levels = [0, 95, 135, 175, 215, 255]
    cube = [(r, g, b) for r in levels for g in levels for b in levels]
    return np.array(system + cube + [(8 + 10 * step,) * 3 for step in range(24)], float)


def parts(mask, columns, rows):
    """Coverage of a cell whose parts are inked by a mask, bit `row · columns + column`."""
    fine = 3  # so that thirds of the height fall on whole samples
    inked = np.array([mask >> part & 1 for part in range(rows * columns)], float).reshape(rows, columns)
    y, x = np.arange(HEIGHT * fine) * rows // (HEIGHT * fine), np.arange(WIDTH * fine) * columns // (WIDTH * fine)
    return reduced(inked[np.ix_(y, x)], fine)


def reduced(image, times):
    return image.reshape(HEIGHT, times, WIDTH, times).mean((1, 3))


def dots(pattern):
    """Braille: discs of a radius of 1.45 pixels, so that all eight ink 41 % of the cell."""
    fine = 8
    y, x = (np.mgrid[0:HEIGHT * fine, 0:WIDTH * fine] + 0.5) / fine
    image = np.zeros(x.shape)
    for bit, (row, column) in enumerate([(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 0), (3, 1)]):
        if pattern >> bit & 1:
            image[(x - 2 - 4 * column) ** 2 + (y - 2 - 4 * row) ** 2 <= 1.45 ** 2] = 1
    return reduced(image, fine)


def letter(code):
    fine = 8
    font = ImageFont.truetype(next(path for path in FONTS if os.path.exists(path)), 100)
    font = font.font_variant(size=100 * WIDTH * fine / font.getlength("M"))
    ascent, descent = font.getmetrics()
    image = Image.new("L", (WIDTH * fine, HEIGHT * fine), 0)
    ImageDraw.Draw(image).text((0, (HEIGHT * fine - ascent - descent) / 2), chr(code), font=font, fill=255)
    return reduced(np.asarray(image, float) / 255, fine)


QUADRANTS = dict(zip(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█", range(16)))


@functools.cache
def coverage(code):
    """How much of each pixel a glyph inks, [16, 8] in 0…1."""
    character = chr(code)
    if character in QUADRANTS:
        return parts(QUADRANTS[character], 2, 2)
    if 0x2581 <= code <= 0x2587:  # lower eighths
        return parts(~0 << (8 - (code - 0x2580)) & 0xFF, 1, 8)
    if 0x2589 <= code <= 0x258F:  # left eighths
        return parts((1 << (0x2590 - code)) - 1, 8, 1)
    if character in "░▒▓":
        return np.full((HEIGHT, WIDTH), (code - 0x2590) / 4)
    if character == "▔":
        return parts(1, 1, 8)
    if character == "▕":
        return parts(1 << 7, 8, 1)
    if 0x1FB00 <= code <= 0x1FB3B:  # sextants, without the masks that are halves
        mask = code - 0x1FB00 + 1
        mask += mask >= 0b010101
        mask += mask >= 0b101010
        return parts(mask, 2, 3)
    if 0x2800 <= code <= 0x28FF:
        return dots(code - 0x2800)
    return letter(code)


def rasterised(glyphs, foregrounds, backgrounds):
    """Pictures of cells, [pictures, channels, height, width] in 0…255: one channel where all colors are gray."""
    codes, places = np.unique(glyphs, return_inverse=True)
    covers = torch.tensor(np.stack([coverage(int(code)) for code in codes]), dtype=torch.float32)
    cover = covers[torch.tensor(places.reshape(glyphs.shape))]  # [pictures, rows, columns, 16, 8]
    gray = all((colors == colors[..., :1]).all() for colors in (foregrounds, backgrounds))
    channels = []
    for channel in range(1 if gray else 3):
        front, back = (torch.tensor(colors[..., channel, None, None], dtype=torch.float32)
                       for colors in (foregrounds, backgrounds))
        pixels = back + cover * (front - back)
        channels.append(pixels.permute(0, 1, 3, 2, 4).flatten(3).flatten(1, 2))
    return torch.stack(channels, 1)


@functools.cache
def blur_matrix(size, sigma):
    """A Gaussian along one axis that repeats what lies at the border, [size, size]: fast by one product."""
    radius = int(3.5 * sigma + 0.5)
    offsets = torch.arange(-radius, radius + 1)
    kernel = torch.exp(-0.5 * (offsets / sigma) ** 2)
    matrix = torch.zeros(size, size)
    rows = torch.arange(size)
    for offset, weight in zip(offsets, kernel / kernel.sum()):
        matrix[rows, (rows + offset).clamp(0, size - 1)] += weight
    return matrix


def blurred(images, sigma):
    height, width = images.shape[-2:]
    return blur_matrix(height, sigma) @ (images @ blur_matrix(width, sigma).T)


def psnr(images, truths):
    """Decibels of each picture; a picture of one channel stands for three equal ones."""
    error = ((images - truths) ** 2).mean((1, 2, 3)).clamp(min=1e-9)
    return 10 * torch.log10(255 ** 2 / error)


def luma(images):
    if images.shape[1] == 1:
        return images
    return (images * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(1, keepdim=True)


class Truth:
    """What pictures should look like, [pictures, channels, height, width], with all that is compared of it."""

    def __init__(self, images):
        self.raw, self.seen = images, blurred(images, 4)
        self.raw_moments, self.seen_moments = moments(luma(self.raw)), moments(luma(self.seen))


def moments(images):
    """Means and mean squares in the Gaussian window of 1.5 pixels that SSIM has (Wang et al. 2004)."""
    return blurred(images, 1.5), blurred(images * images, 1.5)


def ssim(images, truths, truth_moments):
    """Structural similarity of the lumas."""
    x, y = luma(images), luma(truths)
    (mean_x, xx), (mean_y, yy), xy = moments(x), truth_moments, blurred(x * y, 1.5)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    numerator = (2 * mean_x * mean_y + c1) * (2 * (xy - mean_x * mean_y) + c2)
    denominator = (mean_x ** 2 + mean_y ** 2 + c1) * (xx - mean_x ** 2 + yy - mean_y ** 2 + c2)
    return (numerator / denominator).mean((1, 2, 3))


METRICS = ["eye PSNR", "eye SSIM", "raw PSNR", "raw SSIM"]


def scores(images, truth):
    """The sums of the four metrics over the pictures. The eye's: both blurred by half a cell before."""
    seen = blurred(images, 4)
    values = (psnr(seen, truth.seen), ssim(seen, truth.seen, truth.seen_moments), psnr(images, truth.raw),
              ssim(images, truth.raw, truth.raw_moments))
    return np.array([float(value.sum()) for value in values])


def truth(image, columns, rows):
    """A picture (uint8) on the pixels of so many cells: bicubic, with antialiasing, [channels, height, width]."""
    channels = image[None] if image.ndim == 2 else image.transpose(2, 0, 1)
    size = columns * WIDTH, rows * HEIGHT
    resized = [np.asarray(Image.fromarray(c.astype(np.float32)).resize(size, Image.BICUBIC)) for c in channels]
    return np.stack(resized).clip(0, 255)
