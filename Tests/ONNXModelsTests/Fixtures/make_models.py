#!/usr/bin/env python3
"""Writes models.bin: small models as exporters write them, with what ONNX Runtime or PyTorch answers.

    python3 make_models.py           beside this file

Needs torch, onnx, onnxscript, onnxruntime and numpy. A sequence of records, little-endian, of parts with a u32 count before:
    name; decoder's model; encoder's model; weights beside the decoder (name.onnx.data);
    f32 points; f32 pictures; f32 pictures to encode; f32 means. Parts that a record lacks are empty.
"""
import logging
import os
import pathlib
import struct
import tempfile
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as F

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
torch.manual_seed(1)
random = np.random.default_rng(1)
output = pathlib.Path(__file__).with_name("models.bin")
records = []
os.chdir(tempfile.mkdtemp())


def export(name, model, example, inputs, outputs, opset=17, **keywords):
    """A file as torch.onnx writes it, the batch named unless `frozen`."""
    frozen, dynamo = keywords.pop("frozen", False), keywords.pop("dynamo", False)
    if not dynamo and not frozen:
        keywords["dynamic_axes"] = {key: {0: "batch"} for key in inputs + outputs}
    if dynamo:
        keywords = {"verbose": False, "external_data": False} | keywords
    torch.onnx.export(
        model.eval(), example, f"{name}.onnx", input_names=inputs, output_names=outputs, opset_version=opset,
        dynamo=dynamo, **keywords,
    )
    return pathlib.Path(f"{name}.onnx").read_bytes()


def run(model, feeds, batch=1):
    """One sample after the other, as the file's batch wants it."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model, options)
    count = len(next(iter(feeds.values())))
    return np.concatenate(
        [session.run(None, {key: np.repeat(value[i : i + 1], batch, 0) for key, value in feeds.items()})[0][:1] for i in range(count)]
    )


def record(name, decoder, points, pictures, encoder=b"", data=b"", images=(), means=()):
    numbers = [np.ascontiguousarray(part, "<f4") for part in (points, pictures, images, means)]
    records.append((name, [name.encode(), decoder, encoder, data], numbers))


def normal(*extents):
    return random.normal(size=extents).astype("f4")


class Dense(nn.Module):
    def __init__(self, latents=2, pixels=64):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(latents, 8), nn.ReLU(), nn.Linear(8, pixels), nn.Sigmoid())

    def forward(self, z):
        return self.net(z)


class Convolutional(nn.Module):
    def __init__(self, latents=3, end=None):
        super().__init__()
        self.first = nn.Linear(latents, 4 * 4 * 4)
        self.net = nn.Sequential(
            nn.BatchNorm2d(4), nn.LeakyReLU(0.1), nn.Upsample(scale_factor=2), nn.Conv2d(4, 4, 3, padding=1),
            nn.GroupNorm(2, 4), nn.SiLU(), nn.ConvTranspose2d(4, 3, 4, 2, 1), end or nn.Tanh(),
        )
        self.net[0].running_mean.normal_()

    def forward(self, z):
        return self.net(self.first(z).view(z.size(0), 4, 4, 4))


class Autoencoder(nn.Module):
    def __init__(self, samples=True, outputs=3):
        super().__init__()
        self.samples, self.outputs = samples, outputs
        self.hidden, self.mean, self.second = nn.Linear(64, 12), nn.Linear(12, 3), nn.Linear(12, 3)
        self.decoder = Dense(3)

    def encode(self, x):
        hidden = F.relu(self.hidden(x.flatten(1)))
        return self.mean(hidden), self.second(hidden)

    def forward(self, x):
        mean, second = self.encode(x)
        z = mean + torch.randn_like(second) * torch.exp(0.5 * second) if self.samples else mean
        picture = self.decoder(z).view(-1, 1, 8, 8)
        return (picture, mean, second)[: self.outputs]


class WithNoise(Autoencoder):
    def forward(self, x, eps):
        mean, second = self.encode(x)
        return self.decoder(mean + eps * torch.exp(second / 2)).view(-1, 1, 8, 8)


class Conditional(nn.Module):
    def __init__(self, is_index):
        super().__init__()
        self.is_index, self.decoder = is_index, Dense(2 + 4)

    def forward(self, z, label):
        if self.is_index:
            label = F.one_hot(label, 4).float()
        return self.decoder(torch.cat([z, label], 1))


for opset in (9, 13, 20):
    model = export(f"dense{opset}", Dense(), torch.zeros(1, 2), ["z"], ["picture"], opset)
    points = normal(3, 2)
    record(f"a dense decoder, operators of {opset}", model, points, run(model, {"z": points}))

model = export("frozen", Dense(), torch.zeros(16, 2), ["z"], ["picture"], frozen=True)
points = normal(3, 2)
record("a dense decoder for batches of 16", model, points, run(model, {"z": points}, 16))

points = normal(2, 3)
for opset in (11, 18):
    model = export(f"conv{opset}", Convolutional(), torch.zeros(1, 3), ["z"], ["picture"], opset)
    record(f"a convolutional decoder, operators of {opset}", model, points, run(model, {"z": points}))
model = export("conv_frozen", Convolutional(), torch.zeros(8, 3), ["z"], ["picture"], frozen=True)
record("a convolutional decoder for batches of 8", model, points, run(model, {"z": points}, 8))
model = export("dynamo", Convolutional(), (torch.zeros(4, 3),), ["z"], ["picture"], 18, dynamo=True, external_data=True)
data = pathlib.Path("dynamo.onnx.data").read_bytes()
record("a dynamo export with its weights beside it", model, points, run("dynamo.onnx", {"z": points}, 4), data=data)

images = random.uniform(size=(3, 1, 8, 8)).astype("f4")
points = normal(3, 3)
for samples, outputs, dynamo in [(True, 3, False), (True, 1, False), (False, 3, False), (True, 3, True)]:
    whole = Autoencoder(samples, outputs)
    name = f"whole{samples}{outputs}{dynamo}"
    names = ["reconstruction", "mu", "logvar"][:outputs]
    model = export(name, whole, (torch.zeros(1, 1, 8, 8),), ["x"], names, 18, dynamo=dynamo)
    with torch.no_grad():
        pictures, means = whole.decoder(torch.tensor(points)).numpy(), whole.encode(torch.tensor(images))[0].numpy()
    title = f"a whole autoencoder that {'samples' if samples else 'takes the mean'}, {outputs} outputs" + ", dynamo" * dynamo
    record(title, model, points, pictures, images=images, means=means)
whole = WithNoise()
model = export("noise", whole, (torch.zeros(1, 1, 8, 8), torch.zeros(1, 3)), ["image", "eps"], ["out"])
with torch.no_grad():
    pictures, means = whole.decoder(torch.tensor(points)).numpy(), whole.encode(torch.tensor(images))[0].numpy()
record("a whole autoencoder that is given its noise", model, points, pictures, images=images, means=means)


class Encoder(nn.Module):
    def __init__(self, whole, joined):
        super().__init__()
        self.whole, self.joined = whole, joined

    def forward(self, x):
        both = self.whole.encode(x)
        return torch.cat(both, 1) if self.joined else both


for joined in (False, True):
    encoder = export(
        f"encoder{joined}", Encoder(whole, joined), torch.zeros(1, 1, 8, 8), ["x"],
        ["posterior"] if joined else ["z_mean", "z_log_var"],
    )
    decoder = export(f"half{joined}", whole.decoder, torch.zeros(1, 3), ["z"], ["out"])
    record(f"two halves, {'joined' if joined else 'two'} heads", decoder, points, pictures, encoder, images=images, means=means)

points = normal(3, 2)
conditional = Conditional(False)
model = export("onehot", conditional, (torch.zeros(1, 2), torch.zeros(1, 4)), ["z", "label"], ["out"])
record("a label as one-hot", model, points, run(model, {"z": points, "label": np.eye(4, dtype="f4")[[2, 2, 2]]}))
conditional = Conditional(True)
model = export("index", conditional, (torch.zeros(1, 2), torch.zeros(1, dtype=torch.long)), ["z", "label"], ["out"])
record("a label as its number", model, points, run(model, {"z": points, "label": np.array([2, 2, 2])}))


# As converters from TensorFlow write Keras's decoder: channels last, shapes computed.
def node(kind, inputs, outputs, **attributes):
    return helper.make_node(kind, inputs.split(), outputs.split(), name=f"model/{outputs}/{kind}", **attributes)


weights = {
    "w": normal(2, 4 * 4 * 2), "b": normal(32), "k": normal(2, 3, 3, 3), "l": normal(3, 1, 3, 3), "c": normal(3),
    "first": np.array([0], "i8"), "one": np.array([1], "i8"), "rest": np.array([4, 4, 2], "i4"),
}
nodes = [
    node("MatMul", "input_2 w", "m"), node("Add", "m b", "a"), node("Relu", "a", "r"),
    node("Shape", "r", "s"), node("Cast", "s", "si", to=6), node("Slice", "si first one", "n"),
    node("Concat", "n rest", "t", axis=0), node("Cast", "t", "tl", to=7), node("Reshape", "r tl", "maps"),
    node("Transpose", "maps", "p", perm=[0, 3, 1, 2]),
    node("ConvTranspose", "p k", "q", strides=[2, 2], auto_pad="SAME_UPPER"),
    node("Transpose", "q", "u", perm=[0, 2, 3, 1]), node("Add", "u c", "v"), node("Relu", "v", "x"),
    node("Transpose", "x", "y", perm=[0, 3, 1, 2]),
    node("ConvTranspose", "y l", "d", strides=[1, 1], pads=[1, 1, 1, 1]),
    node("Transpose", "d", "e", perm=[0, 2, 3, 1]), node("Sigmoid", "e", "picture"),
]
graph = helper.make_graph(
    nodes, "keras", [helper.make_tensor_value_info("input_2", TensorProto.FLOAT, ["unk__1", 2])],
    [helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["unk__2", 8, 8, 1])],
    [numpy_helper.from_array(value, key) for key, value in weights.items()],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7, producer_name="tf2onnx")
record("a decoder with channels last", model.SerializeToString(), points, run(model.SerializeToString(), {"input_2": points}))


class Browser(Dense):
    """What a page's canvas takes: rows of RGBA bytes of one picture."""

    def forward(self, z):
        gray = (self.net(z).view(-1, 1, 8, 8)[0] * 255).to(torch.uint8).repeat(3, 1, 1)
        return F.pad(gray, (0, 0, 0, 0, 0, 1), value=255).permute(1, 2, 0)


model = export("browser", Browser(), torch.zeros(1, 2), ["input"], ["output"], 14)
options = onnxruntime.SessionOptions()
options.log_severity_level = 4
session = onnxruntime.InferenceSession(model, options)
pictures = np.stack([session.run(None, {"input": point[None]})[0] for point in points]).transpose(0, 3, 1, 2)
record("bytes for a browser's canvas", model, points, pictures)

with open(output, "wb") as file:
    for name, parts, numbers in records:
        for part in parts:
            file.write(struct.pack("<I", len(part)) + part)
        for part in numbers:
            file.write(struct.pack("<I", part.size) + part.tobytes())
print(len(records), "models", output.stat().st_size, "bytes")
