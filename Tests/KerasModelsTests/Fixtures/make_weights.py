#!/usr/bin/env python3
"""Writes small trained autoencoders as weights alone, and weights.json: what Keras decodes with them.

The pictures are 8×8: a soft spot at some place, as bright as `spots` has it; the tests draw the same.

    python3 make_weights.py         needs keras, tensorflow and tf_keras
"""
import json
import os
import pathlib
import shutil

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy
import tensorflow
import tf_keras

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "weights"
expected = {}


def spots(count):
    """Places on a spiral, so that they need no random numbers."""
    pictures = numpy.zeros((count, 8, 8, 1), "float32")
    rows, columns = numpy.mgrid[0:8, 0:8]
    for index in range(count):
        angle, radius = index * 2.4, 3.2 * numpy.sqrt((index % 61) / 61)
        y, x = 3.5 + radius * numpy.sin(angle), 3.5 + radius * numpy.cos(angle)
        pictures[index, :, :, 0] = numpy.exp(-((rows - y) ** 2 + (columns - x) ** 2) / 3)
    return pictures


def train(library, encode, decode, variables, steps=600):
    pictures = spots(61)
    library.utils.set_random_seed(1)
    moments = [[numpy.zeros(v.shape, "float32"), numpy.zeros(v.shape, "float32")] for v in variables]

    @tensorflow.function
    def gradients():
        with tensorflow.GradientTape() as tape:
            made = tensorflow.reshape(decode(encode(pictures)), [-1, 64])
            loss = tensorflow.reduce_mean((made - pictures.reshape(-1, 64)) ** 2)
        return tape.gradient(loss, [getattr(v, "value", v) if library is keras else v for v in variables])

    for step in range(steps):
        for variable, moment, gradient in zip(variables, moments, gradients()):
            if gradient is None:
                continue
            gradient = numpy.asarray(gradient)
            moment[0] = 0.9 * moment[0] + 0.1 * gradient
            moment[1] = 0.999 * moment[1] + 0.001 * gradient**2
            scale = numpy.sqrt(1 - 0.999 ** (step + 1)) / (1 - 0.9 ** (step + 1))
            variable.assign(numpy.asarray(variable) - 0.01 * scale * moment[0] / (numpy.sqrt(moment[1]) + 1e-7))


def expect(name, decode, latents, **more):
    z = numpy.random.default_rng(3).normal(size=(2, latents)).astype("float32")
    images = numpy.asarray(decode(z)).reshape(2, -1)
    expected[name] = {
        "z": [[float(f"{v:.7g}") for v in row] for row in z.astype("float64")],
        "images": [[float(f"{v:.7g}") for v in row] for row in images.astype("float64")], **more}


def pair(library, activation):
    """A mean and a second head, nested; dense layers."""
    L = library.layers
    image = library.Input((64,))
    hidden = L.Dense(12, activation=activation)(image)
    mean, second = L.Dense(2, name="z_mean")(hidden), L.Dense(2, name="z_log_var")(hidden)
    encoder = library.Model(image, [mean, second], name="encoder")
    z = library.Input((2,))
    decoder = library.Model(z, L.Dense(64, activation="sigmoid")(L.Dense(12, activation=activation)(z)), name="decoder")
    train(library, lambda x: encoder(x.reshape(-1, 64))[0], decoder, encoder.trainable_weights + decoder.trainable_weights)
    return library.Model(image, decoder(encoder(image)[0]) , name="vae"), decoder


shutil.rmtree(FOLDER, ignore_errors=True)
FOLDER.mkdir()
for library, word, ending in ((tf_keras, "keras2", ".h5"), (keras, "keras3", ".weights.h5")):
    L = library.layers
    for activation in ("relu", "tanh"):
        whole, decoder = pair(library, activation)
        name = f"{word}-dense-{activation}{ending}"
        whole.save_weights(FOLDER / name)
        expect(name, decoder, 2, between=activation)

    # Everything in one graph.
    layers = [L.Dense(12, activation="relu"), L.Dense(2), L.Dense(12, activation="relu"), L.Dense(64, activation="sigmoid")]
    flat = library.Sequential([library.Input((64,)), *layers])
    train(library, lambda x: layers[1](layers[0](x.reshape(-1, 64))), lambda z: layers[3](layers[2](z)), flat.trainable_weights)
    name = f"{word}-flat{ending}"
    flat.save_weights(FOLDER / name)
    expect(name, lambda z: layers[3](layers[2](z)), 2, between="relu")

    # Convolutions with normalization.
    image = library.Input((8, 8, 1))
    x = L.Conv2D(4, 3, strides=2, padding="same")(image)
    x = L.LeakyReLU()(L.BatchNormalization()(x))
    mean = L.Dense(2, name="mu")(L.Flatten()(x))
    encoder = library.Model(image, mean, name="encoder")
    z = library.Input((2,))
    x = L.Reshape((4, 4, 4))(L.Dense(64)(z))
    x = L.Conv2DTranspose(4, 3, strides=2, padding="same")(x)
    x = L.LeakyReLU()(L.BatchNormalization()(x))
    decoder = library.Model(z, L.Conv2DTranspose(1, 3, padding="same", activation="sigmoid")(x), name="decoder")
    train(library, encoder, decoder, encoder.trainable_weights + decoder.trainable_weights, 400)
    whole = library.Model(image, decoder(encoder(image)), name="vae")
    name = f"{word}-normalized{ending}"
    whole.save_weights(FOLDER / name)
    expect(name, decoder, 2, between="leaky_relu:0.3")

# A few of each kind are enough.
kept = ["keras2-dense-tanh.h5", "keras2-flat.h5", "keras3-dense-relu.weights.h5", "keras3-normalized.weights.h5"]
for name in [name for name in expected if name not in kept]:
    del expected[name]
    (FOLDER / name).unlink()
(HERE / "weights.json").write_text(
    "{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in expected.items()) + "\n}\n")
print(len(expected), "files")
