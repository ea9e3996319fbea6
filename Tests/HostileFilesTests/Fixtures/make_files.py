#!/usr/bin/env python3
"""Writes files/: small files that ask for too much, for what is not theirs, or for the impossible; and a few good ones.

    python3 make_files.py        beside this file; needs numpy, h5py and onnx

HandmadeFileTests.swift says which sentence each gets.
"""
import io
import json
import pathlib
import pickle
import struct
import zipfile
import zlib

import h5py
import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

FILES = pathlib.Path(__file__).with_name("files")
random = numpy.random.default_rng(1)


def write(name, content):
    (FILES / name).write_bytes(content)


# ---- Pickles and PyTorch's archives


class Call:
    """Pickled as a call of a function."""

    def __init__(self, function, *arguments):
        self.parts = function, arguments


class Symbol:
    def __init__(self, module, name):
        self.__module__, self.__qualname__, self.__name__ = module, name, name


class Storage:
    def __init__(self, key, count):
        self.key, self.count = key, count


class Pickler(pickle._Pickler):
    """Writes names of functions without asking whether they are there."""

    def save(self, value, save_persistent_id=True):
        if isinstance(value, Symbol):
            self.write(b"c" + value.__module__.encode() + b"\n" + value.__name__.encode() + b"\n")
        elif isinstance(value, Call):
            self.save(value.parts[0])
            self.save(value.parts[1])
            self.write(b"R")
        elif isinstance(value, Storage):
            self.save(("storage", Symbol("torch", "FloatStorage"), value.key, "cpu", value.count))
            self.write(b"Q")
        else:
            super().save(value, save_persistent_id)


def pickled(value):
    result = io.BytesIO()
    Pickler(result, 2).dump(value)
    return result.getvalue()


def tensor(extents, strides=None, count=None, key="0", offset=0):
    if strides is None:
        strides = [1]
        for extent in extents[:0:-1]:
            strides.insert(0, strides[0] * extent)
    count = count if count is not None else int(numpy.prod(extents))
    return Call(
        Symbol("torch._utils", "_rebuild_tensor_v2"),
        *(Storage(key, count), offset, tuple(extents), tuple(strides), False, Call(Symbol("collections", "OrderedDict"))),
    )


def archive(name, value, floats=64, others=()):
    with zipfile.ZipFile(FILES / name, "w") as file:
        file.writestr(zipfile.ZipInfo("vae/data.pkl"), pickled(value))
        file.writestr(zipfile.ZipInfo("vae/version"), "3\n")
        file.writestr(zipfile.ZipInfo("vae/data/0"), random.standard_normal(floats).astype("f4").tobytes())
        for other, content in others:
            file.writestr(zipfile.ZipInfo(other), content)


SYSTEM = Call(Symbol("os", "system"), "touch /tmp/latentwalk-was-here")
weights = {"fc3.weight": tensor([16, 2]), "fc3.bias": tensor([16])}

archive("os-system.pt", SYSTEM)
archive("os-system-beside.pt", {"state_dict": {"fc1.weight": tensor([1 << 62, 4])}, "callback": SYSTEM})
write("os-system.pkl", pickled(SYSTEM))
write("eval.pkl", pickled({"w": Call(Symbol("builtins", "eval"), "__import__('os').getpid()")}))
write("doubling.pkl", b"\x80\x02K\x01" + b"2\x86" * 5_000 + b".")
write("doubling-lists.pkl", b"\x80\x02]" + b"q\x00]h\x00ah\x00aq\x00" * 1_000 + b".")
write("self.pkl", b"\x80\x02}q\x00(X\x01\x00\x00\x00ah\x00X\x01\x00\x00\x00b]q\x01h\x01au.")
write("own-state.pkl", b"\x80\x02ctorch.nn.modules.container\nSequential\n)\x81q\x00h\x00b.")
write("far-memo.pkl", b"\x80\x02}j\xff\xff\xff\xffr\xff\xff\xff\xff.")
write("long-number.pkl", b"\x80\x02\x8b\xff\xff\xff\x7f\x01.")
write("long-text.pkl", b"\x80\x04\x8d" + struct.pack("<Q", 1 << 62) + b"a.")
write("marks.pkl", b"\x80\x02" + b"(" * 5_000 + b"1" * 5_001 + b".")
archive("extent-2-63.pt", {"fc1.weight": tensor([1 << 63, 2], [2, 1], 64)})
archive("extent-2-62.pt", {"fc1.weight": tensor([1 << 62, 8], [8, 1], 64)})
archive("extent-negative.pt", {"fc1.weight": tensor([-4, 2], [2, 1], 64)})
archive("stride-huge.pt", {"fc1.weight": tensor([4, 2], [1 << 61, 1], 64)})
archive("offset-negative.pt", {"fc1.weight": tensor([4, 2], [2, 1], 64, offset=-8)})
archive("repeated-element.pt", {"fc1.weight": tensor([1 << 15, 1 << 15], [0, 0], 64)})
archive("storage-short.pt", {"fc1.weight": tensor([100, 2])})
archive("storage-outside.pt", {"fc1.weight": tensor([4, 2], key="../../etc/passwd")})
archive("empty-dict.pt", {})
archive("escapes.pt", {"\x1b[2J\x1b]0;owned\x07\u202efc\n1.weight": tensor([4, 2, 2, 2, 2])})
archive(
    "classifier.pt",
    {
        "conv1.weight": tensor([4, 1, 3, 3]), "conv1.bias": tensor([4]), "fc.weight": tensor([10, 4]), "fc.bias": tensor([10]),
    },
)  # fmt: skip

# What opens: the decoder of a small autoencoder.
small = {"fc3.weight": ([16, 2], 32), "fc3.bias": ([16], 16), "fc4.weight": ([784, 16], 12544), "fc4.bias": ([784], 784)}
numbers = {name: random.standard_normal(count).astype("f2") for name, (_, count) in small.items()}


def stream():
    """The format of before PyTorch 1.6."""
    value = {name: tensor(extents, count=count, key=str(key)) for key, (name, (extents, count)) in enumerate(small.items())}
    parts = [pickle.dumps(item, 2) for item in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})]
    keys = pickle.dumps([str(key) for key in range(len(small))], 2)
    storages = (struct.pack("<q", len(values)) + values.tobytes() for values in numbers.values())
    content = b"".join([*parts, pickled(value), keys, *storages])
    return content.replace(b"FloatStorage", b"HalfStorage")


write("state.pkl", stream())
whole = {name: tensor(extents, count=count, key=str(key)) for key, (name, (extents, count)) in enumerate(small.items())}
with zipfile.ZipFile(FILES / "state.pt", "w") as file:
    file.writestr(zipfile.ZipInfo("vae/data.pkl"), pickled(whole).replace(b"FloatStorage", b"HalfStorage"))
    for key, values in enumerate(numbers.values()):
        file.writestr(zipfile.ZipInfo(f"vae/data/{key}"), values.tobytes())


def script(name, code):
    module = Call(Symbol("__torch__", "M"))
    state = {"training": False, "weight": tensor([4, 2]), "bias": tensor([4])}
    content = pickled(module)[:-1] + pickled(state)[2:-1] + b"b."
    with zipfile.ZipFile(FILES / name, "w") as file:
        for entry, data in [("vae/data.pkl", content), ("vae/constants.pkl", pickled(())), ("vae/version", "3\n"),
                            ("vae/data/0", random.standard_normal(64).astype("f4").tobytes()),
                            ("vae/code/__torch__.py", code)]:  # fmt: skip
            file.writestr(zipfile.ZipInfo(entry), data)


HEAD = "class M(Module):\n  __parameters__ = [\"weight\", \"bias\", ]\n  __buffers__ = []\n  weight : Tensor\n  bias : Tensor\n"
script("calls-itself.pt", HEAD + "  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    return (self).forward(x, )\n")
doubling = "".join(
    f"  def f{n}(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    y = (self).f{n + 1}(x, )\n    return (self).f{n + 1}(y, )\n"
    for n in range(60)
)
script(
    "doubling-calls.pt",
    HEAD + "  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    return (self).f0(x, )\n" + doubling
    + "  def f60(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    return torch.relu(x)\n",
)  # fmt: skip
script(
    "long-loop.pt",
    HEAD + "  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    for i in range(9223372036854775807):\n"
    "      x = torch.relu(x)\n    return x\n",
)

# ---- Zip archives


def local(name, content, method=0, size=None):
    packed = zlib.compress(content, 9)[2:-4] if method else content
    size = len(content) if size is None else size
    fields = struct.pack("<HHHIIIIHH", 20, 0, method, 0, zlib.crc32(content), len(packed), size, len(name), 0)
    return fields, b"PK\3\4" + fields + name + packed


def finish(body, directory, count):
    return body + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)


def entry(fields, name, place):
    return b"PK\1\2" + struct.pack("<H", 20) + fields + bytes(10) + struct.pack("<I", place) + name


fields, body = local(b"vae/data.pkl", bytes(65 << 20), 8)
write("ratio-bomb.pt", finish(body, entry(fields, b"vae/data.pkl", 0), 1))
fields, body = local(b"vae/data.pkl", bytes(4 << 20), 8, size=100)
write("lying-size.pt", finish(body, entry(fields, b"vae/data.pkl", 0), 1))
fields, body = local(b"00000", bytes(range(256)) * 8)
names = [b"%05d" % number for number in range(500)]
write("overlapping.pt", finish(body, b"".join(entry(fields, name, 0) for name in names), 500))
fields, body = local(b"vae/data.pkl", b"x")
write("twice.pt", finish(body, entry(fields, b"vae/data.pkl", 0) * 2, 2))
with zipfile.ZipFile(FILES / "nested.zip", "w") as file:
    file.writestr(zipfile.ZipInfo("model/vae.pth"), (FILES / "empty-dict.pt").read_bytes())

# ---- ONNX


def model(nodes, constants=(), z=(1, 4)):
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("z", TensorProto.FLOAT, z)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], list(constants),
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def onnx_file(name, *arguments, **keywords):
    write(name, model(*arguments, **keywords).SerializeToString())


def node(kind, inputs, outputs=("y",), **attributes):
    return helper.make_node(kind, list(inputs), list(outputs), name=f"/net/{kind}", **attributes)


def constant(name, extents, raw=b"", place=None):
    result = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=extents, raw_data=raw)
    if place is not None:
        result.data_location = TensorProto.EXTERNAL
        for key, value in place.items():
            result.external_data.add(key=key, value=str(value))
    return result


def integers(name, *values):
    return numpy_helper.from_array(numpy.array(values, dtype="i8"), name)


def field(number, content):
    """A field of a protocol buffer that has a length."""
    length, size = b"", len(content)
    while size >= 0x80:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + content


nested = b""
for _ in range(1000):
    # A graph in an attribute of a node.
    nested = field(1, field(4, b"If") + field(5, field(1, b"then_branch") + field(6, nested)))
write("nested.onnx", b"\x08\x08" + field(7, nested))
onnx_file("circle.onnx", [node("Relu", ["b"], ["a"]), node("Neg", ["a"], ["b"]), node("Add", ["z", "b"])])
onnx_file("extent-2-63.onnx", [node("Add", ["z", "c"])], [constant("c", [(1 << 63) - 1, (1 << 63) - 1])])
onnx_file("extent-2-32-2-32.onnx", [node("Add", ["z", "c"])], [constant("c", [1 << 32, 1 << 32])])
onnx_file("extent-negative.onnx", [node("Add", ["z", "c"])], [constant("c", [-4])])
onnx_file("expand.onnx", [node("Expand", ["z", "s"])], [integers("s", 1 << 40, 1 << 40)])
onnx_file("resize.onnx", [node("Reshape", ["z", "s"], ["x"]), node("Resize", ["x", "", "f"], mode="nearest")],
          [integers("s", 1, 1, 2, 2), numpy_helper.from_array(numpy.array([1, 1, 1e9, 1e9], "f4"), "f")])  # fmt: skip
onnx_file("range.onnx", [node("Range", ["a", "b", "c"], ["r"]), node("Gather", ["z", "r"])],
          [integers("a", 0), integers("b", 1 << 62), integers("c", 1)])  # fmt: skip
doubling = [node("Concat", [f"v{n}", f"v{n}"], [f"v{n + 1}"], axis=0) for n in range(60)]
onnx_file("doubling.onnx", [*doubling, node("Add", ["z", "v60"])], [numpy_helper.from_array(numpy.ones(4, "f4"), "v0")])
for name, place in [("above", "../weights.bin"), ("absolute", "/etc/passwd"), ("inner", "a/../../weights.bin"),
                    ("device", "zero"), ("short", "short.bin"), ("missing", "missing.bin")]:  # fmt: skip
    onnx_file(f"external-{name}.onnx", [node("Add", ["z", "c"])], [constant("c", [4], place={"location": place})])
onnx_file("external-negative.onnx", [node("Add", ["z", "c"])],
          [constant("c", [4], place={"location": "short.bin", "offset": -16})])  # fmt: skip
write("short.bin", b"12")
many = [constant(f"c{n}", [1 << 20], place={"location": "megabytes.bin"}) for n in range(64)]
onnx_file("external-again.onnx", [node("Concat", [f"c{n}" for n in range(64)], ["w"], axis=0), node("Add", ["z", "w"])], many)
onnx_file("escapes.onnx", [helper.make_node("\x1b[31mEvil\x1b]0;owned\x07", ["z"], ["y"], name="\x1b[2J\u202e\r\nnode" + "x" * 5000)])
weight, bias = random.standard_normal((4, 784)).astype("f4"), numpy.zeros(784, "f4")
onnx_file("good.onnx", [node("Gemm", ["z", "w", "b"], ["h"]), node("Sigmoid", ["h"], ["s"]), node("Reshape", ["s", "shape"])],
          [numpy_helper.from_array(weight, "w"), numpy_helper.from_array(bias, "b"), integers("shape", 1, 1, 28, 28)])  # fmt: skip

# ---- HDF5 and Keras


def dense(units, **more):
    config = {"name": "d", "units": units, "activation": "sigmoid", "use_bias": True, **more}
    return {"class_name": "Dense", "config": config}


def sequential(*layers, latents=4):
    first = {"class_name": "InputLayer", "config": {"batch_shape": [None, latents], "name": "z"}}
    return {"class_name": "Sequential", "config": {"name": "decoder", "layers": [first, *layers]}}


def hdf5(name, config=None):
    file = h5py.File(FILES / name, "w")
    if config is not None:
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = "2.9.0"
    return file


def weights_group(file, kernel, bias):
    group = file.create_group("model_weights")
    group.attrs["layer_names"] = ["d"]
    inner = group.create_group("d")
    inner.attrs["weight_names"] = ["d/kernel:0", "d/bias:0"]
    inner.create_dataset("d/kernel:0", data=kernel)
    inner.create_dataset("d/bias:0", data=bias)
    return inner


with hdf5("good.h5", sequential(dense(64))) as file:
    weights_group(file, random.standard_normal((4, 64)).astype("f4"), numpy.zeros(64, "f4"))
with hdf5("good.weights.h5") as file:
    group = file.create_group("layers/dense/vars")
    group.create_dataset("0", data=random.standard_normal((4, 64)).astype("f4"))
    group.create_dataset("1", data=numpy.zeros(64, "f4"))
with hdf5("no-groups.h5", sequential(dense(64))):
    pass
with hdf5("missing-group.h5", sequential(dense(64))) as file:
    file.create_group("model_weights").attrs["layer_names"] = ["d"]
with hdf5("circular.h5", sequential(dense(64))) as file:
    group = file.create_group("model_weights")
    group.attrs["layer_names"] = ["d"]
    group["d"] = group
    group["soft"] = h5py.SoftLink("/model_weights/soft")
    group["outside"] = h5py.ExternalLink("/etc/passwd", "/")
with hdf5("outside.h5", sequential(dense(64))) as file:
    inner = weights_group(file, numpy.zeros((4, 64), "f4"), numpy.zeros(64, "f4"))
    del inner["d/kernel:0"]
    inner.create_dataset("d/kernel:0", shape=(4, 64), dtype="f4", external=[("/etc/passwd", 0, 1024)])
with hdf5("virtual.h5", sequential(dense(64))) as file:
    inner = weights_group(file, numpy.zeros((4, 64), "f4"), numpy.zeros(64, "f4"))
    del inner["d/kernel:0"]
    layout = h5py.VirtualLayout((4, 64), "f4")
    layout[:] = h5py.VirtualSource("good.h5", "model_weights/d/d/kernel:0", (4, 64))
    inner.create_virtual_dataset("d/kernel:0", layout)
with hdf5("chunk-bomb.h5", sequential(dense(64))) as file:
    inner = weights_group(file, numpy.zeros((4, 64), "f4"), numpy.zeros(64, "f4"))
    inner.create_dataset("zeros", data=numpy.zeros(1 << 22, "f4"), chunks=(1 << 22,), compression="gzip", compression_opts=9)
with hdf5("extents.h5", sequential(dense(64))) as file:
    inner = weights_group(file, numpy.zeros((4, 64), "f4"), numpy.zeros(64, "f4"))
    del inner["d/kernel:0"]
    inner.create_dataset("d/kernel:0", shape=(1 << 31, 1 << 31), dtype="f4", chunks=(1, 1024))
with hdf5("no-keras.h5") as file:
    file["x"] = [1.0]


def keras(name, config, weights=FILES / "good.h5"):
    with zipfile.ZipFile(FILES / name, "w") as file:
        file.writestr(zipfile.ZipInfo("config.json"), config if isinstance(config, str) else json.dumps(config))
        file.writestr(zipfile.ZipInfo("metadata.json"), '{"keras_version": "3.8.0"}')
        file.writestr(zipfile.ZipInfo("model.weights.h5"), weights.read_bytes())


keras("good.keras", sequential(dense(64)), FILES / "good.weights.h5")
keras("units.keras", sequential(dense(1 << 62)))
keras("input.keras", sequential(dense(64), latents=1 << 62))
keras("escapes.keras", sequential({"class_name": "\x1b[2JEvil", "config": {"name": "\x1b]0;owned\x07" + "x" * 5000}}))


def call(*names):
    return [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": [name, place, 0]}}], "kwargs": {}}
            for name, place in names]  # fmt: skip


def functional(name, layers, inputs, outputs):
    return {"class_name": "Functional", "name": name, "inbound_nodes": [],
            "config": {"name": name, "layers": layers, "input_layers": inputs, "output_layers": outputs}}  # fmt: skip


# Each model calls the one in it four times.
laughs = {"class_name": "Activation", "name": "a", "config": {"name": "a", "activation": "relu"}, "inbound_nodes": []}
for level in range(11):
    first = {"class_name": "InputLayer", "name": "z", "config": {"name": "z", "batch_shape": [None, 4]}, "inbound_nodes": []}
    inner = dict(laughs)
    inner["inbound_nodes"] = call(("z", 0), *((laughs["name"], number) for number in range(3)))
    laughs = functional(f"m{level}", [first, inner], [["z", 0, 0]], [[inner["name"], 3, 0]])
keras("laughs.keras", laughs)


def circle():
    first = {"class_name": "InputLayer", "name": "z", "config": {"name": "z", "batch_shape": [None, 4]}, "inbound_nodes": []}
    layer = {"class_name": "Activation", "config": {"activation": "relu"}}
    return functional("m", [first, {**layer, "name": "a", "inbound_nodes": call(("b", 0))},
                            {**layer, "name": "b", "inbound_nodes": call(("a", 0))}], [["z", 0, 0]], [["b", 0, 0]])  # fmt: skip


keras("circle.keras", circle())

# ---- Safetensors


def safetensors(name, header, data=b"", length=None):
    text = (header if isinstance(header, str) else json.dumps(header)).encode()
    write(name, struct.pack("<Q", len(text) if length is None else length) + text + data)


def span(extents, start, end, kind="F32"):
    return {"dtype": kind, "shape": extents, "data_offsets": [start, end]}


safetensors("header-2-63.safetensors", {}, length=1 << 63)
safetensors("header-long.safetensors", {}, length=1 << 20)
safetensors("extent-2-62.safetensors", {"fc1.weight": span([1 << 62, 8], 0, 32)}, bytes(32))
safetensors("overlap.safetensors", {"a.weight": span([4, 2], 0, 32), "b.weight": span([4, 2], 0, 32)}, bytes(32))
safetensors("past-end.safetensors", {"fc1.weight": span([4, 2], 0, 1 << 40)}, bytes(32))
safetensors("escapes.safetensors", {"\x1b[2Jfc1.weight": span([4, 2], 0, 32)}, bytes(32))
header, data = {}, b""
for title, (extents, count) in small.items():
    header[title] = span(extents, len(data), len(data) + 2 * count, "F16")
    data += numbers[title].tobytes()
safetensors("state.safetensors", header, data)
architecture = {"version": 1, "latents": 2}
safetensors("bad-architecture.safetensors", {"__metadata__": {"latentwalk": json.dumps(architecture)}})

# ---- Others

write("pointer.pth", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 1234567\n")
write("page.h5", b"<!DOCTYPE html><html><body>404</body></html>")
write("empty.onnx", b"")
print(sum(path.stat().st_size for path in FILES.iterdir()), "bytes")
