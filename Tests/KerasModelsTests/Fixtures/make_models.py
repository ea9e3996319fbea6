#!/usr/bin/env python3
"""Writes small models in each of the formats that Keras has had, and models.json: what Keras makes with them.

    python3 make_models.py          needs keras, tensorflow and tf_keras
"""
import json
import os
import pathlib
import shutil

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import h5py
import keras
import numpy
import tensorflow
import tf_keras

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "models"
random = numpy.random.default_rng(2)
expected = {}


def numbers(array):
    return [float(f"{value:.7g}") for value in numpy.asarray(array, "float64").ravel()]


def randomize(*models):
    for model in models:
        for variable in model.weights:
            if "seed" in variable.name:
                continue
            values = random.normal(size=variable.shape) * 0.3
            if "variance" in variable.name:
                values = 0.5 + numpy.abs(values)
            variable.assign(values.astype("float32"))


def expect(name, decode, latents, encode=None, image=None, **more):
    """`decode` and `encode` are what Keras has; an encoder gives a list of outputs, means first."""
    z = random.normal(size=(2, *latents)).astype("float32")
    entry = {"z": [numbers(x) for x in z], "images": [numbers(x) for x in decode(z)], **more}
    entry["shape"] = list(numpy.asarray(decode(z)).shape[1:])
    if encode is not None:
        x = random.random(size=(1, *image)).astype("float32")
        heads = encode(x)
        entry["encoded"] = {"image": numbers(x), "shape": list(image), "heads": [numbers(head) for head in heads]}
    expected[name] = entry


def call(model, *more):
    return lambda x: numpy.asarray(model([x, *more] if more else x, training=False))


def decoder(library, latents=3, name="decoder"):
    L = library.layers
    z = library.Input((latents,))
    x = L.Dense(4 * 4 * 6, activation="relu")(z)
    x = L.Reshape((4, 4, 6))(x)
    x = L.Conv2DTranspose(5, 3, strides=2, padding="same")(x)
    x = L.BatchNormalization()(x)
    x = L.LeakyReLU()(x)
    return library.Model(z, L.Conv2DTranspose(1, 3, padding="same", activation="sigmoid")(x), name=name)


def encoder(library, sample=None, latents=3):
    L = library.layers
    image = library.Input((8, 8, 1))
    x = L.Conv2D(4, 3, strides=2, padding="same", activation="relu")(image)
    x = L.BatchNormalization()(x)
    x = L.Flatten()(x)
    mean = L.Dense(latents, name="z_mean")(x)
    second = L.Dense(latents, name="z_log_var")(x)
    outputs = [mean, second] + ([sample([mean, second])] if sample else [])
    return library.Model(image, outputs, name="encoder")


@keras.saving.register_keras_serializable("tests")
class Sampling(keras.layers.Layer):
    def call(self, inputs):
        mean, second = inputs
        return mean + keras.ops.exp(second / 2) * keras.random.normal(keras.ops.shape(mean))


class OldSampling(tf_keras.layers.Layer):
    def call(self, inputs):
        mean, second = inputs
        return mean + tensorflow.exp(second / 2) * tensorflow.random.normal(tensorflow.shape(mean))


@keras.saving.register_keras_serializable("tests")
class VAE(keras.Model):
    def __init__(self, encoder, decoder, **keywords):
        super().__init__(**keywords)
        self.encoder, self.decoder = encoder, decoder

    def call(self, x):
        return self.decoder(self.encoder(x)[2])

    def get_config(self):
        return {"encoder": keras.saving.serialize_keras_object(self.encoder),
                "decoder": keras.saving.serialize_keras_object(self.decoder)}


@keras.saving.register_keras_serializable("tests")
class Renamed(VAE):
    """Its constructor's arguments are called otherwise than its attributes."""

    def get_config(self):
        return {"e": keras.saving.serialize_keras_object(self.encoder),
                "d": keras.saving.serialize_keras_object(self.decoder)}


def heads(model):
    return lambda x: [numpy.asarray(head) for head in model(x, training=False)[:2]]


def write(name, save):
    path = FOLDER / name
    save(str(path))
    return name


shutil.rmtree(FOLDER, ignore_errors=True)
FOLDER.mkdir()

for library, word, sampling in ((keras, "keras3", Sampling()), (tf_keras, "keras2", OldSampling())):
    model = decoder(library)
    randomize(model)
    for ending in ("h5", "keras"):
        expect(write(f"{word}-decoder.{ending}", model.save), call(model), (3,))
    weights = "keras3.weights.h5" if library is keras else "keras2-weights.h5"
    expect(write(weights, model.save_weights), call(model), (3,), config=json.loads(model.to_json()))

    # A whole model with models in it, and batch normalization, whose weights stand apart.
    enc, dec = encoder(library, sampling), decoder(library)
    randomize(enc, dec)
    whole = library.Model(enc.inputs, dec(enc(enc.inputs)[2]), name="vae")
    for ending in ("h5", "keras"):
        expect(write(f"{word}-whole.{ending}", whole.save), call(dec), (3,), heads(enc), (8, 8, 1))
    expect(write(f"{word}-encoder.keras", enc.save), call(dec), (3,), encoder_of=f"{word}-separate.keras")
    expect(write(f"{word}-separate.keras", dec.save), call(dec), (3,))

    # One graph of plain layers with a Lambda between the heads and the rest.
    L = library.layers
    image = library.Input((64,), name="pixels")
    hidden = L.Dense(7, activation="relu")(image)
    mean, second = L.Dense(2, name="mu")(hidden), L.Dense(2, name="log_sigma")(hidden)
    z = L.Lambda(lambda given: given[0] + given[1], output_shape=(2,), name="draw")([mean, second])
    first, last = L.Dense(5, activation="tanh"), L.Dense(64, activation="tanh")
    flat = library.Model(image, last(first(z)), name="flat")
    randomize(flat)
    both = library.Model(image, [mean, second])
    expect(write(f"{word}-flat.h5", flat.save), lambda x, first=first, last=last: numpy.asarray(last(first(x))), (2,),
           heads(both), (64,), second="logsigma")

    # A conditional decoder with a label through a table, and one with a one-hot label.
    z, label = library.Input((2,), name="z"), library.Input((1,), dtype="int32", name="label")
    x = L.Concatenate()([z, L.Flatten()(L.Embedding(5, 3)(label))])
    model = library.Model([z, label], L.Conv2D(3, 2, padding="same", activation="tanh")(L.Reshape((4, 4, 2))(L.Dense(32)(x))))
    randomize(model)
    expect(write(f"{word}-labels.h5", model.save), lambda x, model=model: numpy.asarray(model([x, numpy.full((2, 1), 3)])), (2,), label=3)
    z, label = library.Input((2,), name="latent"), library.Input((5,), name="class_one_hot")
    x = L.Concatenate()([z, label])
    model = library.Model([label, z], L.Reshape((4, 4, 1))(L.Dense(16)(x)))
    randomize(model)
    hot = numpy.eye(5, dtype="float32")[[3, 3]]
    expect(write(f"{word}-one-hot.keras", model.save), lambda x, model=model, hot=hot: numpy.asarray(model([hot, x])), (2,), label=3)

    # A chain, and a chain of two chains that is an autoencoder.
    chain = library.Sequential([library.Input((3,)), L.Dense(16, activation="relu"), L.Dense(64, activation="sigmoid")])
    randomize(chain)
    expect(write(f"{word}-chain.h5", chain.save), call(chain), (3,))
    front = library.Sequential([library.Input((8, 8, 1)), L.Flatten(), L.Dense(4)], name="front")
    back = library.Sequential([library.Input((4,)), L.Dense(64, activation="sigmoid"), L.Reshape((8, 8, 1))], name="back")
    pair = library.Sequential([library.Input((8, 8, 1)), front, back])
    randomize(pair)
    expect(write(f"{word}-pair.keras", pair.save), call(back), (4,), lambda x, front=front: [numpy.asarray(front(x))], (8, 8, 1), second="none")

# A model of a class of its own.
enc, dec = encoder(keras, Sampling()), decoder(keras)
randomize(enc, dec)
model = VAE(enc, dec, name="own")
model(numpy.zeros((1, 8, 8, 1), "float32"))
expect(write("own-class.keras", model.save), call(dec), (3,), heads(enc), (8, 8, 1))
model = Renamed(enc, dec, name="renamed")
model(numpy.zeros((1, 8, 8, 1), "float32"))
expect(write("own-arguments.keras", model.save), call(dec), (3,), heads(enc), (8, 8, 1))

# A model's layers in HDF5, and none of their weights.
with h5py.File(FOLDER / "layers-alone.h5", "w") as file:
    file.attrs["model_config"] = dec.to_json()

# Latents that are a map; color.
L = keras.layers
z = keras.Input((4, 4, 2))
model = keras.Model(z, L.Conv2DTranspose(3, 4, strides=2, padding="same", activation="sigmoid")(z))
randomize(model)
expect(write("map.keras", model.save), call(model), (4, 4, 2))

# TensorFlow.js: written by hand after its converter's format.
model = decoder(tf_keras)
randomize(model)
folder = FOLDER / "tfjs"
folder.mkdir()
data, specs = b"", []
for variable in model.weights:
    values = variable.numpy()
    if variable.name.startswith("conv2d_transpose") and "kernel" in variable.name:
        low, high = values.min(), values.max()
        scale = (high - low) / 255
        stored = numpy.round((values - low) / scale).astype("uint8")
        variable.assign((stored * numpy.float64(scale) + numpy.float64(low)).astype("float32"))
        specs.append({"name": variable.name.split(":")[0], "shape": list(values.shape), "dtype": "float32",
                      "quantization": {"dtype": "uint8", "min": float(low), "scale": float(scale), "original_dtype": "float32"}})
        data += stored.tobytes()
    else:
        specs.append({"name": variable.name.split(":")[0], "shape": list(values.shape), "dtype": "float32"})
        data += values.astype("<f4").tobytes()
half = len(data) // 2
(folder / "group1-shard1of2.bin").write_bytes(data[:half])
(folder / "group1-shard2of2.bin").write_bytes(data[half:])
(folder / "model.json").write_text(json.dumps({
    "format": "layers-model", "generatedBy": "keras v2.15.0", "convertedBy": "TensorFlow.js Converter v4.0.0",
    "modelTopology": {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": json.loads(model.to_json())},
    "weightsManifest": [{"paths": ["group1-shard1of2.bin", "group1-shard2of2.bin"], "weights": specs}]}))
expect("tfjs/model.json", call(model), (3,))

(HERE / "models.json").write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in expected.items()) + "\n}\n")
print(len(expected), "models")
