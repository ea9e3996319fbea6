#!/usr/bin/env python3
"""Writes layers.json: what Keras's layers make of random values, with their configurations and weights.

    python3 make_layers.py          needs keras and tensorflow; and tf_keras for what Keras 2 does otherwise
"""
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy
import tensorflow
import tf_keras

HERE = pathlib.Path(__file__).parent
random = numpy.random.default_rng(1)


def numbers(array):
    return [float(f"{value:.7g}") for value in numpy.asarray(array, "float64").ravel()]


def weights(layer, found):
    for inner in getattr(layer, "layers", []):
        weights(inner, found)
    if not getattr(layer, "layers", []):
        for variable in layer.weights:
            name = variable.name.split("/")[-1].split(":")[0]
            if "attention" in layer.name and "/" in variable.path:
                name = "/".join(variable.path.split("/")[-2:])
            found[f"{layer.name}/{name}"] = {
                "shape": list(variable.shape), "values": numbers(variable.numpy())}
    return found


def randomize(model):
    for variable in model.weights:
        if "seed" in variable.name:
            continue
        values = random.normal(size=variable.shape) * 0.4
        if "variance" in variable.name:
            values = 0.5 + numpy.abs(values)
        variable.assign(values.astype("float32"))


def pruned(config):
    """A configuration without what nobody reads."""
    if isinstance(config, list):
        return [pruned(value) for value in config]
    if not isinstance(config, dict):
        return config
    return {
        key: pruned(value) for key, value in config.items()
        if key not in ("build_config", "trainable", "compile_config", "shared_object_id", "ragged", "sparse")
        and not (key == "dtype" and value in (None, "float32") or isinstance(value, dict) and key == "dtype")
        and not key.endswith(("_initializer", "_regularizer", "_constraint"))}


def case(name, model, inputs, version):
    randomize(model)
    output = numpy.asarray(model(inputs if len(inputs) > 1 else inputs[0], training=False))
    return {
        "name": name, "version": version, "config": pruned(json.loads(model.to_json())), "weights": weights(model, {}),
        "inputs": [{"shape": list(x.shape[1:]), "values": numbers(x)} for x in inputs],
        "shape": list(output.shape[1:]), "output": numbers(output)}


def modern(name, make, *shapes, integers=None, library=keras, version=None):
    """A model of one input or more under what `make` does to them."""
    nodes = [library.Input(shape, dtype="int32" if integers else "float32") for shape in shapes]
    model = library.Model(nodes, make(*nodes))
    inputs = [
        random.integers(0, integers, (1, *shape)).astype("int32") if integers
        else random.normal(size=(1, *shape)).astype("float32") for shape in shapes]
    return case(name, model, inputs, version or keras.__version__)


def old(name, make, *shapes, **keywords):
    return modern(name, make, *shapes, library=tf_keras, version="2.15.0", **keywords)


L, O = keras.layers, tf_keras.layers
IMAGE, VECTOR = (6, 5, 3), (6,)
cases = []


def add(name, layer, *shapes, **keywords):
    cases.append(modern(name, layer, *(shapes or (IMAGE,)), **keywords))


add("Dense", L.Dense(4, activation="tanh"), VECTOR)
add("Dense without a bias on an image's last axis", L.Dense(4, use_bias=False))
add("Dense on rows", L.Dense(4), (3, 6))
for padding in ("same", "valid"):
    for kernel, stride in ((3, 1), (3, 2), (2, 1), (4, 2), (2, 3), ((3, 2), (1, 2)), (5, 3)):
        add(f"Conv2D {padding} kernel {kernel} stride {stride}", L.Conv2D(4, kernel, stride, padding))
    for kernel, stride in ((3, 1), (3, 2), (2, 2), (4, 2), (2, 1), (2, 3), (5, 2), (5, 3), (4, 3), ((3, 2), (2, 1))):
        add(f"Conv2DTranspose {padding} kernel {kernel} stride {stride}", L.Conv2DTranspose(2, kernel, stride, padding, activation="relu"))
    add(f"Conv2DTranspose {padding} with output_padding", L.Conv2DTranspose(2, 3, 2, padding, output_padding=1))
    add(f"DepthwiseConv2D {padding}", L.DepthwiseConv2D(3, 2, padding, depth_multiplier=2))
    add(f"SeparableConv2D {padding}", L.SeparableConv2D(4, 3, 1, padding, depth_multiplier=2, activation="elu"))
    for size, stride in ((2, None), (3, 2), (3, 1), (2, 3), (4, 1)):
        add(f"MaxPooling2D {padding} {size} {stride}", L.MaxPooling2D(size, stride, padding))
        add(f"AveragePooling2D {padding} {size} {stride}", L.AveragePooling2D(size, stride, padding))
add("Conv2D dilated", L.Conv2D(4, 3, dilation_rate=2, padding="same"))
add("Conv2D in groups", L.Conv2D(6, 3, groups=3, padding="same"))
add("Conv2D with softmax", L.Conv2D(4, 1, activation="softmax"))
add("UpSampling2D nearest", L.UpSampling2D((2, 3)))
add("UpSampling2D bilinear", L.UpSampling2D(2, interpolation="bilinear"))
add("UpSampling2D bilinear by 3", L.UpSampling2D(3, interpolation="bilinear"))
add("Resizing", L.Resizing(7, 9))
add("GlobalAveragePooling2D", L.GlobalAveragePooling2D())
add("GlobalAveragePooling2D that keeps axes", L.GlobalAveragePooling2D(keepdims=True))
add("GlobalMaxPooling2D", L.GlobalMaxPooling2D())
add("BatchNormalization", L.BatchNormalization())
add("BatchNormalization of vectors", L.BatchNormalization(epsilon=0.1, center=False), VECTOR)
add("BatchNormalization without a scale", L.BatchNormalization(scale=False))
add("BatchNormalization of another axis", L.BatchNormalization(axis=1))
add("BatchNormalization of rows", L.BatchNormalization(), (3, 6))
add("LayerNormalization", L.LayerNormalization())
add("LayerNormalization of vectors", L.LayerNormalization(center=False), VECTOR)
add("LayerNormalization of whole images", L.LayerNormalization(axis=[1, 2, 3]))
add("GroupNormalization", L.GroupNormalization(3), (4, 4, 6))
add("GroupNormalization of single channels", L.GroupNormalization(-1))
add("UnitNormalization", L.UnitNormalization())
add("Rescaling", L.Rescaling(1 / 3, -0.5))
add("Rescaling of channels", L.Rescaling([0.5, 2, 3], [0.1, 0.2, 0.3]))
add("Normalization", L.Normalization(mean=[0.1, 0.2, 0.3], variance=[1, 2, 3]))
add("Normalization inverted", L.Normalization(mean=0.5, variance=2, invert=True, axis=None))
for name in ("relu relu6 sigmoid tanh softmax softplus softsign elu selu gelu silu swish hard_sigmoid leaky_relu "
             "exponential linear mish hard_silu log_sigmoid").split():
    add(f"Activation {name}", L.Activation(name), (3, 7))
add("Activation of an image's channels", L.Activation("softmax"))
add("ReLU", L.ReLU(), VECTOR)
add("ReLU bounded", L.ReLU(max_value=0.7, negative_slope=0.2))
add("ReLU with a threshold", L.ReLU(threshold=0.4))
add("LeakyReLU", L.LeakyReLU())
add("LeakyReLU of another slope", L.LeakyReLU(negative_slope=0.1))
add("PReLU", L.PReLU())
add("PReLU by channel", L.PReLU(shared_axes=[1, 2]))
add("PReLU of vectors", L.PReLU(), VECTOR)
add("ELU", L.ELU(0.5))
add("Softmax of rows", L.Softmax(axis=1))
add("Dropout", lambda x: L.GaussianNoise(1.0)(L.SpatialDropout2D(0.5)(L.Dropout(0.5)(x))))
add("Flatten and Dense", lambda x: L.Dense(4)(L.Flatten()(x)))
add("Dense and Reshape", lambda x: L.Conv2D(2, 3)(L.Reshape((3, 4, -1))(L.Dense(24, activation="relu")(x))), VECTOR)
add("Dense, normalization and Reshape",
    lambda x: L.Conv2D(2, 3)(L.Reshape((3, 4, 2))(L.LeakyReLU()(L.BatchNormalization()(L.Dense(24)(x))))), VECTOR)
add("Reshape of an input", lambda x: L.Conv2D(2, (2, 1))(L.Reshape((3, 1, 2))(x)), VECTOR)
add("Reshape of an image", L.Reshape((5, 6, 3)))
add("Reshape of an image to rows", L.Reshape((30, 3)))
add("Flatten and Reshape back", lambda x: L.Conv2D(2, 2)(L.Reshape(IMAGE)(L.Flatten()(x))))
add("Flatten, normalization and Dense", lambda x: L.Dense(3)(L.LayerNormalization()(L.BatchNormalization()(L.Flatten()(x)))))
add("Flatten and softmax", lambda x: L.Softmax()(L.Flatten()(x)))
add("Flatten and PReLU", lambda x: L.PReLU()(L.Flatten()(x)))
add("Dense read twice", lambda x: (lambda y: L.Concatenate()([L.Flatten()(L.Reshape((2, 3, 4))(y)), y]))(L.Dense(24)(x)), VECTOR)
add("Permute", L.Permute((3, 1, 2)))
add("Permute of rows", L.Permute((2, 1)), (3, 6))
add("ZeroPadding2D", L.ZeroPadding2D(((1, 2), (0, 3))))
add("Cropping2D", L.Cropping2D(((1, 2), (0, 1))))
for kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"):
    add(kind, lambda x, y, kind=kind: getattr(L, kind)()([x, y]), IMAGE, IMAGE)
add("Add of an image and a vector", lambda x, y: L.Add()([x, y]), IMAGE, (3,))
add("Add of an image and rows that were reshaped", lambda x, y: L.Add()([x, L.Reshape(IMAGE)(y)]), IMAGE, (90,))
add("Concatenate", lambda x, y: L.Concatenate()([x, y]), IMAGE, (6, 5, 2))
add("Concatenate along rows", lambda x, y: L.Concatenate(axis=1)([x, y]), IMAGE, (2, 5, 3))
add("Concatenate of vectors", lambda x, y: L.Dense(2)(L.Concatenate()([L.Flatten()(x), y])), IMAGE, VECTOR)
add("Embedding of a number", L.Embedding(7, 4), (), integers=7)
add("Embedding", lambda x: L.Flatten()(L.Embedding(7, 4)(x)), (1,), integers=7)
add("RepeatVector", L.RepeatVector(3), VECTOR)
add("Arithmetic", lambda x: 2 * x + 1 - x / 3 + (1 - x) * keras.ops.exp(x), VECTOR)
add("Functions", lambda x: keras.ops.clip(keras.ops.square(keras.ops.tanh(x)), 0.1, 0.5), VECTOR)
add("A chain", keras.Sequential([L.Input(VECTOR), L.Dense(8, "relu"), L.Dense(3)]), VECTOR)


def first(x):
    """Channels first: TensorFlow has no convolutions of that on a processor, so what can be computed otherwise."""
    return L.UpSampling2D(2, data_format="channels_first")(x)


add("Channels first, enlarged and flattened", lambda x: L.Flatten(data_format="channels_first")(first(x)), (2, 3, 4))
add("Channels first, averaged", L.GlobalAveragePooling2D(data_format="channels_first"), (2, 3, 4))

for name in ("hard_sigmoid", "gelu", "leaky_relu"):
    cases.append(old(f"Keras 2: Activation {name}", O.Activation(name), VECTOR))
cases.append(old("Keras 2: LeakyReLU", O.LeakyReLU(), VECTOR))
cases.append(old("Keras 2: BatchNormalization", O.BatchNormalization(), IMAGE))
cases.append(old("Keras 2: arithmetic", lambda x: tensorflow.tanh(2 * x + 1) * 0.5, VECTOR))
cases.append(old("Keras 2: Concatenate", lambda x, y: O.Concatenate()([O.Flatten()(x), y]), IMAGE, VECTOR))
cases.append(old("Keras 2: chain", tf_keras.Sequential([O.Dense(8, "relu"), O.Dense(3)]), VECTOR))

# What came later, at the end, so that the values before stay what they are.
add("Resizing nearest", L.Resizing(7, 9, interpolation="nearest"))
add("Resizing nearest to less", L.Resizing(4, 3, interpolation="nearest"))
add("MultiHeadAttention of rows", lambda x: L.MultiHeadAttention(2, 3)(x, x), (5, 4))
add("MultiHeadAttention of two values", lambda x, y: L.MultiHeadAttention(2, 3, value_dim=2)(x, y), (5, 4), (3, 4))
add("MultiHeadAttention of an image", lambda x: L.MultiHeadAttention(1, 4, use_bias=False, attention_axes=(1, 2))(x, x), (3, 2, 4))
add("Attention", lambda x, y: L.Attention()([x, y]), (5, 4), (3, 4))
add("Slices", lambda x: L.Concatenate()([x[:, 2:4], x[:, :-3], x[:, -1:]]), VECTOR)
add("Slices of an image", lambda x: x[:, 1:5, :-1, :2])
add("Split", lambda x: L.Concatenate()(keras.ops.split(x, 2, axis=-1)[::-1]), VECTOR)
add("Split at places", lambda x: L.Concatenate()(keras.ops.split(x, [1, 3], axis=1)[::-1]), VECTOR)
add("Functions that move", lambda x: keras.ops.image.resize(keras.ops.leaky_relu(keras.ops.reshape(x, (-1, 2, 3, 1)), 0.1), (3, 5)), VECTOR)
add("Keras's gelu and elu", lambda x: keras.ops.gelu(x) + keras.ops.gelu(x, approximate=False) + keras.ops.elu(x), VECTOR)
cases.append(old("Keras 2: slices", lambda x: O.Concatenate()([x[:, 2:4], x[:, :-3]]), VECTOR))
cases.append(old("Keras 2: split", lambda x: O.Concatenate()(tensorflow.split(x, [1, 5], axis=1)[::-1]), VECTOR))
cases.append(old("Keras 2: functions that move", lambda x: tensorflow.image.resize(
    tensorflow.nn.depth_to_space(tensorflow.reshape(tensorflow.nn.leaky_relu(x, 0.1), (-1, 1, 2, 12)), 2), (3, 5)), (24,)))

add("A slice with an ellipsis", lambda x: L.Concatenate()([x[..., :2], x[:, ..., 1:]]))
add("A slice of a vector with an ellipsis", lambda x: x[..., 2:5], VECTOR)
add("Conv2DTranspose with softmax along rows", L.Conv2DTranspose(2, 3, 2, "same", activation=L.Softmax(axis=1)))
add("Conv2D with a leaky ReLU as a layer", L.Conv2D(2, 3, activation=L.LeakyReLU(negative_slope=0.1)))
add("Whole numbers", lambda x: keras.ops.cast(keras.ops.cast(3 * x, "int32"), "float32"), VECTOR)
add("DepthToSpace", lambda x: keras.ops.nn.depth_to_space(x, 2), (2, 3, 8))

(HERE / "layers.json").write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")
print(len(cases), "cases")
