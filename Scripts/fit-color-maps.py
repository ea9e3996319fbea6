#!/usr/bin/env python3
"""Fits the color maps of Sources/Shading/ColorMap.swift: prints their Chebyshev coefficients and the largest error.

    pip install matplotlib numpy && Scripts/fit-color-maps.py

viridis and magma are by Stéfan van der Walt, Nathaniel Smith and Eric Firing (2015, CC0), as matplotlib has them.
"""
import matplotlib
import numpy as np

DEGREE = 10
tones = np.linspace(-1, 1, 256)
for name in ("viridis", "magma"):
    colors = np.array(matplotlib.colormaps[name].colors)
    coefficients = np.polynomial.chebyshev.chebfit(tones, colors, DEGREE)
    fitted = np.clip(np.polynomial.chebyshev.chebval(tones, coefficients).T, 0, 1)
    print(f"    /// Within {np.abs(fitted - colors).max() * 255:.1f}/255 of the original at every tone.")
    print(f"    static let {name} = ColorMap(coefficients: [")
    for red, green, blue in coefficients:
        print(f"        SIMD4({red:.5f}, {green:.5f}, {blue:.5f}, 0),")
    print("    ])")
