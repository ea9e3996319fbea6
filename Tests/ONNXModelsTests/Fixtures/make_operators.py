#!/usr/bin/env python3
"""Writes operators.bin: one tiny model per case, an operator with some attributes, and what ONNX Runtime answers.

    python3 make_operators.py        beside this file

Needs onnx, onnxruntime and numpy. The file is a sequence of records, little-endian:
    u32 length, UTF-8 name; u32 length, model; u32 count, f32 input (one sample); u32 count, f32 output
"""
import pathlib
import struct

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(1)
records = []
nodes = 0


def array(*extents, low=-1.0, high=1.0):
    return random.uniform(low, high, extents).astype("f4")


def case(name, shape, nodes, constants=None, opset=17, low=-2.0, high=2.0, batch=None, out=None, domain=None):
    """A graph from `x` of this shape (the batch first) to `y`; `batch` is what the file says of it."""
    declared = [batch or shape[0], *shape[1:]]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, declared)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, out)],
        [numpy_helper.from_array(np.asarray(value), key) for key, value in (constants or {}).items()],
    )
    imports = [helper.make_opsetid("", opset)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    model = helper.make_model(graph, opset_imports=imports, ir_version=8)
    value = array(*shape, low=low, high=high)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except Exception as problem:
        print("SKIPPED", name, str(problem)[:150])
        return
    size = batch if isinstance(batch, int) else shape[0]
    repeated = np.repeat(value, size // shape[0], axis=0)
    result = session.run(None, {"x": repeated})[0].astype("f4")
    if isinstance(batch, int):
        result = result[: len(result) // size]
    records.append((name, model.SerializeToString(), value, result))


def node(kind, inputs=("x",), outputs=("y",), **attributes):
    global nodes
    nodes += 1
    return helper.make_node(kind, list(inputs), list(outputs), name=f"/net/{kind}_{nodes}", **attributes)


def one(name, shape, kind, inputs=("x",), constants=None, opset=17, low=-2.0, high=2.0, domain=None, **attributes):
    made = helper.make_node(kind, list(inputs), ["y"], name=f"/net/{kind}", **attributes)
    if domain:
        made.domain = domain
    case(name, shape, [made], constants, opset, low, high, domain=domain)


i64 = lambda *values: np.array(values, "i8")
f32 = lambda *values: np.array(values, "f4")
IMAGE = (1, 3, 5, 7)

# Activations
for kind in "Relu Sigmoid Tanh Softplus Softsign Exp Abs Neg Erf Sin Cos Sign Floor Ceil Round HardSwish Identity".split():
    one(kind, IMAGE, kind)
one("Mish", IMAGE, "Mish", opset=18)
for kind in ["Log", "Sqrt", "Reciprocal"]:
    one(kind, IMAGE, kind, low=0.1)
one("LeakyRelu", IMAGE, "LeakyRelu")
one("LeakyRelu alpha", IMAGE, "LeakyRelu", alpha=0.3)
one("LeakyRelu opset 6", (1, 9), "LeakyRelu", opset=6, alpha=0.2)
one("Elu", IMAGE, "Elu")
one("Elu alpha", IMAGE, "Elu", alpha=0.7)
one("Selu", IMAGE, "Selu")
one("Selu of its own", IMAGE, "Selu", alpha=1.3, gamma=0.9)
one("Celu", IMAGE, "Celu", alpha=1.7)
one("Gelu", IMAGE, "Gelu", opset=20)
one("Gelu tanh", IMAGE, "Gelu", opset=20, approximate="tanh")
one("HardSigmoid", IMAGE, "HardSigmoid", low=-5, high=5)
one("HardSigmoid torch", IMAGE, "HardSigmoid", low=-5, high=5, alpha=1 / 6)
one("ThresholdedRelu", IMAGE, "ThresholdedRelu", alpha=0.4)
one("PRelu one", IMAGE, "PRelu", ("x", "s"), {"s": f32(0.2)})
one("PRelu channels", IMAGE, "PRelu", ("x", "s"), {"s": array(3, 1, 1)})
one("PRelu pixels", IMAGE, "PRelu", ("x", "s"), {"s": array(5, 7)})
one("Clip", IMAGE, "Clip", ("x", "a", "b"), {"a": np.float32(-0.5), "b": np.float32(0.8)})
one("Clip below", IMAGE, "Clip", ("x", "a"), {"a": np.float32(0)})
one("Clip above", IMAGE, "Clip", ("x", "", "b"), {"b": np.float32(0.3)})
one("Clip attributes", IMAGE, "Clip", opset=6, min=-0.3, max=0.9)
one("Clip attribute 0 6", IMAGE, "Clip", opset=10, min=0.0, max=6.0, high=9)
for axis in [1, 2, 3, -1]:
    one(f"Softmax axis {axis}", IMAGE, "Softmax", axis=axis)
    one(f"LogSoftmax axis {axis}", IMAGE, "LogSoftmax", axis=axis)
    one(f"Softmax of old axis {axis}", IMAGE, "Softmax", opset=11, axis=axis)
one("Softmax standard", (1, 6), "Softmax")
one("Softmax old standard", IMAGE, "Softmax", opset=9)

# Arithmetic
for kind in "Add Sub Mul Div Pow".split():
    one(f"{kind} number", IMAGE, kind, ("x", "c"), {"c": f32(1.5)}, low=0.1)
    one(f"{kind} number first", IMAGE, kind, ("c", "x"), {"c": f32(1.5)}, low=0.2)
    one(f"{kind} channels", IMAGE, kind, ("x", "c"), {"c": array(3, 1, 1, low=0.5, high=2)}, low=0.1)
    one(f"{kind} pixels first", IMAGE, kind, ("c", "x"), {"c": array(1, 1, 5, 7, low=0.5, high=2)}, low=0.3)
    one(f"{kind} itself", IMAGE, kind, ("x", "x"), low=0.3)
one("Pow 2", IMAGE, "Pow", ("x", "c"), {"c": f32(2)})
one("Pow int exponent", IMAGE, "Pow", ("x", "c"), {"c": i64(3)})
one("Min", IMAGE, "Min", ("x", "c", "d"), {"c": f32(0.5), "d": array(7)})
one("Max", IMAGE, "Max", ("x", "c"), {"c": array(3, 1, 1)})
one("Sum", IMAGE, "Sum", ("x", "c", "x"), {"c": array(5, 7)})
one("Mean", IMAGE, "Mean", ("x", "c"), {"c": array(1, 3, 5, 7)})
one("Mod", IMAGE, "Mod", ("x", "c"), {"c": f32(1)}, fmod=1)
case("Add wider constant", (1, 3), [node("Add", ("x", "c"))], {"c": array(1, 1, 1, 3)})
case("Add to a vector and its transpose", (1, 4), [node("Transpose", ("x",), ("t",), perm=[1, 0]), node("Add", ("x", "t"))])
case("Linear then Sub", (1, 4), [node("MatMul", ("x", "w"), ("a",)), node("Sub", ("a", "b"))], {"w": array(4, 3), "b": array(3)})
case("SiLU", IMAGE, [node("Sigmoid", ("x",), ("s",)), node("Mul", ("x", "s"))])
case(
    "GELU decomposed", IMAGE,
    [node("Div", ("x", "r"), ("a",)), node("Erf", ("a",), ("b",)), node("Add", ("b", "o"), ("c",)), node("Mul", ("x", "c"), ("d",)), node("Mul", ("d", "h"))],
    {"r": np.float32(2**0.5), "o": np.float32(1), "h": np.float32(0.5)},
)

# Comparisons
for kind in ["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"]:
    case(kind, IMAGE, [node(kind, ("x", "c"), ("m",)), node("Cast", ("m",), to=1)], {"c": f32(0.3)})
    case(f"{kind} first", IMAGE, [node(kind, ("c", "x"), ("m",)), node("Cast", ("m",), to=1)], {"c": f32(0.3)})
case("Where", IMAGE, [node("Greater", ("x", "c"), ("m",)), node("Where", ("m", "x", "d"))], {"c": f32(0.1), "d": array(3, 1, 1)})
masks = [node("Greater", ("x", "c"), ("m",)), node("Less", ("x", "d"), ("n",))]
for kind in ["And", "Or", "Xor"]:
    case(kind, IMAGE, masks + [node(kind, ("m", "n"), ("o",)), node("Cast", ("o",), to=1)], {"c": f32(-0.4), "d": f32(0.5)})
case("Not", IMAGE, [masks[0], node("Not", ("m",), ("o",)), node("Cast", ("o",), to=1)], {"c": f32(0.2)})
case("Cast to int", IMAGE, [node("Cast", ("x",), ("i",), to=6), node("Cast", ("i",), to=1)], low=-9, high=9)
case("Cast to bool", IMAGE, [node("Round", ("x",), ("r",)), node("Cast", ("r",), ("i",), to=9), node("Cast", ("i",), to=1)])
case("Int Div", IMAGE, [node("Cast", ("x",), ("i",), to=6), node("Div", ("i", "c"), ("d",)), node("Cast", ("d",), to=1)], {"c": np.array([3], "i4")}, low=-20, high=20)

# Products
one("Gemm", (1, 5), "Gemm", ("x", "w", "b"), {"w": array(5, 4), "b": array(4)})
one("Gemm transB", (1, 5), "Gemm", ("x", "w", "b"), {"w": array(4, 5), "b": array(4)}, transB=1)
one("Gemm alpha beta", (1, 5), "Gemm", ("x", "w", "b"), {"w": array(4, 5), "b": array(1, 4)}, transB=1, alpha=0.5, beta=2.0)
one("Gemm number", (1, 5), "Gemm", ("x", "w", "b"), {"w": array(5, 4), "b": f32(0.7)})
one("Gemm without C", (1, 5), "Gemm", ("x", "w"), {"w": array(5, 4)})
case("Gemm transA", (1, 5), [node("Transpose", ("x",), ("t",), perm=[1, 0]), node("Gemm", ("t", "w"), transA=1)], {"w": array(5, 4)})
one("MatMul", (1, 5), "MatMul", ("x", "w"), {"w": array(5, 4)})
one("MatMul tokens", (1, 3, 5), "MatMul", ("x", "w"), {"w": array(5, 4)})
one("MatMul constant first", (1, 5, 3), "MatMul", ("w", "x"), {"w": array(4, 5)})
one("MatMul stack", (1, 2, 4, 5), "MatMul", ("x", "w"), {"w": array(2, 5, 3)})
one("MatMul vector", (1, 3, 5), "MatMul", ("x", "w"), {"w": array(5)})
case("MatMul of two", (1, 3, 5), [node("Transpose", ("x",), ("t",), perm=[0, 2, 1]), node("MatMul", ("x", "t"))])
case("MatMul Add", (1, 5), [node("MatMul", ("x", "w"), ("a",)), node("Add", ("b", "a"))], {"w": array(5, 4), "b": array(4)})

for equation, shape, other in [("bij,jk->bik", (1, 3, 4), (4, 5)), ("bchw,cd->bdhw", IMAGE, (3, 2)), ("bid,bjd->bij", (1, 3, 4), (1, 5, 4)), ("bhid,bhdj->bhij", (1, 2, 3, 4), (1, 2, 4, 5)), ("bi,bj->bji", (1, 3), (1, 4))]:
    one(f"Einsum {equation}", shape, "Einsum", ("x", "c"), {"c": array(*other)}, equation=equation)

# Convolutions
W = lambda o, i, *k: array(o, i, *k)
one("Conv", IMAGE, "Conv", ("x", "w", "b"), {"w": W(4, 3, 3, 3), "b": array(4)}, pads=[1, 1, 1, 1])
one("Conv stride", IMAGE, "Conv", ("x", "w"), {"w": W(4, 3, 3, 2)}, strides=[2, 3], pads=[1, 0, 1, 0])
one("Conv dilation", (1, 3, 9, 8), "Conv", ("x", "w"), {"w": W(4, 3, 3, 3)}, dilations=[2, 1], pads=[2, 1, 2, 1])
one("Conv groups", (1, 4, 5, 5), "Conv", ("x", "w", "b"), {"w": W(6, 2, 3, 3), "b": array(6)}, group=2, pads=[1, 1, 1, 1])
one("Conv depthwise", IMAGE, "Conv", ("x", "w"), {"w": W(3, 1, 3, 3)}, group=3)
one("Conv uneven pads", IMAGE, "Conv", ("x", "w"), {"w": W(4, 3, 3, 3)}, pads=[0, 1, 2, 0], strides=[2, 2])
for word in ["SAME_UPPER", "SAME_LOWER", "VALID"]:
    for stride in [1, 2, 3]:
        one(f"Conv {word} {stride}", (1, 2, 8, 7), "Conv", ("x", "w"), {"w": W(3, 2, 4, 3)}, auto_pad=word, strides=[stride, stride])
one("Conv 1-D", (1, 3, 9), "Conv", ("x", "w", "b"), {"w": W(4, 3, 3), "b": array(4)}, pads=[1, 1], strides=[2])
case("Conv Add", IMAGE, [node("Conv", ("x", "w"), ("a",)), node("Add", ("a", "b"))], {"w": W(4, 3, 3, 3), "b": array(1, 4, 1, 1)})
one("ConvTranspose", IMAGE, "ConvTranspose", ("x", "w", "b"), {"w": W(3, 4, 3, 3), "b": array(4)})
one("ConvTranspose s2 p1 op1", IMAGE, "ConvTranspose", ("x", "w"), {"w": W(3, 4, 3, 3)}, strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1])
one("ConvTranspose k4 s2 p1", IMAGE, "ConvTranspose", ("x", "w", "b"), {"w": W(3, 4, 4, 4), "b": array(4)}, strides=[2, 2], pads=[1, 1, 1, 1])
one("ConvTranspose uneven pads", IMAGE, "ConvTranspose", ("x", "w"), {"w": W(3, 4, 3, 3)}, strides=[2, 2], pads=[0, 0, 1, 1])
one("ConvTranspose uneven pads before", IMAGE, "ConvTranspose", ("x", "w"), {"w": W(3, 4, 3, 4)}, strides=[2, 2], pads=[1, 1, 0, 0])
one("ConvTranspose dilation", IMAGE, "ConvTranspose", ("x", "w"), {"w": W(3, 2, 3, 3)}, dilations=[2, 2], pads=[1, 1, 1, 1])
one("ConvTranspose groups", (1, 4, 3, 3), "ConvTranspose", ("x", "w", "b"), {"w": W(4, 3, 3, 3), "b": array(6)}, group=2, strides=[2, 2])
one("ConvTranspose output_shape", IMAGE, "ConvTranspose", ("x", "w"), {"w": W(3, 2, 3, 3)}, strides=[2, 2], output_shape=[10, 14])
for word in ["SAME_UPPER", "SAME_LOWER"]:
    for kernel in [2, 3, 4, 5]:
        one(f"ConvTranspose {word} {kernel}", IMAGE, "ConvTranspose", ("x", "w"), {"w": W(3, 2, kernel, kernel)}, strides=[2, 2], auto_pad=word)
one("ConvTranspose 1-D", (1, 3, 5), "ConvTranspose", ("x", "w"), {"w": W(3, 4, 3)}, strides=[2], pads=[1, 1], output_padding=[1])

# Pooling
one("MaxPool", IMAGE, "MaxPool", kernel_shape=[2, 2], strides=[2, 2])
one("MaxPool pads", IMAGE, "MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], low=-3, high=-1)
one("MaxPool uneven pads", IMAGE, "MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[0, 1, 1, 0], low=-3, high=-1)
one("MaxPool ceil", IMAGE, "MaxPool", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
one("MaxPool dilation", (1, 2, 8, 9), "MaxPool", kernel_shape=[2, 3], dilations=[2, 2])
one("MaxPool SAME", IMAGE, "MaxPool", kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER", low=-3, high=-1)
one("MaxPool 1-D", (1, 3, 9), "MaxPool", kernel_shape=[3], strides=[2])
one("AveragePool", IMAGE, "AveragePool", kernel_shape=[2, 3], strides=[2, 2])
one("AveragePool pads", IMAGE, "AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
one("AveragePool pads count", IMAGE, "AveragePool", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
one("AveragePool uneven", IMAGE, "AveragePool", kernel_shape=[3, 2], strides=[2, 2], pads=[0, 0, 1, 1])
one("AveragePool uneven count", IMAGE, "AveragePool", kernel_shape=[3, 2], strides=[2, 2], pads=[0, 0, 1, 1], count_include_pad=1)
one("AveragePool ceil", (1, 2, 6, 6), "AveragePool", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1, opset=19)
one("AveragePool SAME", IMAGE, "AveragePool", kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_LOWER")
one("GlobalAveragePool", IMAGE, "GlobalAveragePool")
one("GlobalMaxPool", IMAGE, "GlobalMaxPool")

# Normalizations
S = {"s": array(3, low=0.5, high=2), "b": array(3), "m": array(3), "v": array(3, low=0.2, high=2)}
for opset in [7, 9, 14, 17]:
    one(f"BatchNormalization {opset}", IMAGE, "BatchNormalization", ("x", "s", "b", "m", "v"), S, opset=opset, epsilon=1e-3)
one("BatchNormalization vector", (1, 3), "BatchNormalization", ("x", "s", "b", "m", "v"), S)
one("BatchNormalization 1-D", (1, 3, 7), "BatchNormalization", ("x", "s", "b", "m", "v"), S)
one("InstanceNormalization", IMAGE, "InstanceNormalization", ("x", "s", "b"), {"s": S["s"], "b": S["b"]})
one("InstanceNormalization 1-D", (1, 3, 8), "InstanceNormalization", ("x", "s", "b"), {"s": S["s"], "b": S["b"]}, epsilon=1e-3)
case(
    "GroupNorm decomposed", (1, 6, 4, 5),
    [node("Reshape", ("x", "r"), ("a",)), node("InstanceNormalization", ("a", "one", "zero"), ("n",)), node("Shape", ("x",), ("shape",)), node("Reshape", ("n", "shape"), ("c",)), node("Mul", ("c", "s"), ("d",)), node("Add", ("d", "t"))],
    {"r": i64(0, 2, -1), "one": f32(1, 1), "zero": f32(0, 0), "s": array(6, 1, 1), "t": array(6, 1, 1)},
)
L = {"s": array(7, low=0.5, high=2), "b": array(7)}
one("LayerNormalization", (1, 4, 7), "LayerNormalization", ("x", "s", "b"), L)
one("LayerNormalization without bias", (1, 7), "LayerNormalization", ("x", "s"), {"s": L["s"]}, epsilon=1e-3)
one("LayerNormalization image", IMAGE, "LayerNormalization", ("x", "s", "b"), {"s": array(3, 5, 7), "b": array(3, 5, 7)}, axis=1)
case(
    "LayerNorm decomposed", (1, 4, 7),
    [node("ReduceMean", ("x",), ("m",), axes=[-1]), node("Sub", ("x", "m"), ("d",)), node("Pow", ("d", "two"), ("p",)), node("ReduceMean", ("p",), ("v",), axes=[-1]), node("Add", ("v", "e"), ("w",)), node("Sqrt", ("w",), ("q",)), node("Div", ("d", "q"), ("n",)), node("Mul", ("n", "s"), ("t",)), node("Add", ("t", "b"))],
    {"two": np.float32(2), "e": np.float32(1e-5), **L}, opset=14,
)
one("GroupNormalization 21", (1, 6, 3, 4), "GroupNormalization", ("x", "s", "b"), {"s": array(6), "b": array(6)}, opset=21, num_groups=3)
one("LpNormalization", IMAGE, "LpNormalization", axis=1, p=2)

# Reductions
for kind in "ReduceMean ReduceSum ReduceMax ReduceMin ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSumExp".split():
    one(f"{kind} 1 axis", IMAGE, kind, ("x", "a") if kind == "ReduceSum" else ("x",), {"a": i64(1)} if kind == "ReduceSum" else None, **({} if kind == "ReduceSum" else {"axes": [1]}))
    one(f"{kind} axes as input", IMAGE, kind, ("x", "a"), {"a": i64(2, -1)}, opset=18, keepdims=0)
one("ReduceMean old", IMAGE, "ReduceMean", opset=9, axes=[2, 3], keepdims=0)
one("ReduceLogSum", IMAGE, "ReduceLogSum", low=0.1, axes=[3])
one("ReduceSum old", IMAGE, "ReduceSum", opset=11, axes=[1, 2])

# Shapes
one("Reshape", IMAGE, "Reshape", ("x", "r"), {"r": i64(1, -1)})
one("Reshape zeros", IMAGE, "Reshape", ("x", "r"), {"r": i64(0, 0, -1)})
one("Reshape to 6 axes", (1, 4, 4, 4), "Reshape", ("x", "r"), {"r": i64(1, 1, 2, 2, 4, 4)})
one("Flatten", IMAGE, "Flatten")
one("Flatten axis 2", IMAGE, "Flatten", axis=2)
one("Flatten axis -1", IMAGE, "Flatten", axis=-1)
one("Squeeze", (1, 1, 5, 1), "Squeeze", ("x", "a"), {"a": i64(1, 3)})
one("Squeeze old", (1, 1, 5, 1), "Squeeze", opset=11, axes=[1])
one("Squeeze all", (1, 1, 5, 1), "Squeeze")
one("Unsqueeze", (1, 5), "Unsqueeze", ("x", "a"), {"a": i64(1, -1)})
one("Unsqueeze old", (1, 5), "Unsqueeze", opset=9, axes=[2, 3])
for perm in [[0, 2, 3, 1], [0, 3, 1, 2], [0, 1, 3, 2], [3, 2, 1, 0], [1, 0, 2, 3]]:
    one(f"Transpose {perm}", IMAGE, "Transpose", perm=perm)
one("Transpose standard", IMAGE, "Transpose")
one("Concat", IMAGE, "Concat", ("x", "c", "x"), {"c": array(1, 2, 5, 7)}, axis=1)
one("Concat last", IMAGE, "Concat", ("x", "x"), axis=-1)
one("Concat batch", IMAGE, "Concat", ("x", "x"), axis=0)
case("Split sizes", IMAGE, [node("Split", ("x", "s"), ("a", "b"), axis=1), node("Identity", ("b",))], {"s": i64(1, 2)})
case("Split even", (1, 6), [node("Split", ("x",), ("a", "b", "c"), axis=-1), node("Sub", ("a", "c"))], opset=11)
case("Split old sizes", IMAGE, [node("Split", ("x",), ("a", "b"), axis=2, split=[2, 3]), node("Identity", ("b",))], opset=11)
case("Split num_outputs", (1, 7), [node("Split", ("x",), ("a", "b"), axis=1, num_outputs=2), node("Identity", ("b",))], opset=18)
one("Slice", IMAGE, "Slice", ("x", "s", "e", "a"), {"s": i64(1, 0), "e": i64(4, 2**62), "a": i64(2, 3)})
one("Slice steps", IMAGE, "Slice", ("x", "s", "e", "a", "t"), {"s": i64(0, -1), "e": i64(9, -(2**63)), "a": i64(2, 3), "t": i64(2, -2)})
one("Slice old", IMAGE, "Slice", opset=9, starts=[0, 0, 1], ends=[1, 2, 2147483647])
one("Slice negative", IMAGE, "Slice", ("x", "s", "e", "a"), {"s": i64(-3), "e": i64(-1), "a": i64(-1)})
one("Gather number", IMAGE, "Gather", ("x", "i"), {"i": np.array(1, "i8")}, axis=2)
one("Gather list", IMAGE, "Gather", ("x", "i"), {"i": i64(2, 0, -1)}, axis=1)
one("Gather table", IMAGE, "Gather", ("x", "i"), {"i": np.array([[0, 1], [2, 3]], "i8")}, axis=2)
one("Gather batch", IMAGE, "Gather", ("x", "i"), {"i": np.array(0, "i8")}, axis=0)
one("Expand", (1, 3, 1, 1), "Expand", ("x", "s"), {"s": i64(1, 3, 4, 5)})
one("Expand wider", (1, 3), "Expand", ("x", "s"), {"s": i64(2, 4, 1, 3)})
one("Tile", IMAGE, "Tile", ("x", "r"), {"r": i64(1, 2, 1, 3)})
one("Tile batch", (1, 4), "Tile", ("x", "r"), {"r": i64(3, 1)})
for mode in ["DCR", "CRD"]:
    one(f"DepthToSpace {mode}", (1, 12, 2, 3), "DepthToSpace", blocksize=2, mode=mode)
one("SpaceToDepth", (1, 3, 4, 6), "SpaceToDepth", blocksize=2)
case(
    "pixel shuffle decomposed", (1, 8, 2, 3),
    [node("Reshape", ("x", "a"), ("p",)), node("Transpose", ("p",), ("q",), perm=[0, 1, 4, 2, 5, 3]), node("Reshape", ("q", "b"))],
    {"a": i64(1, 2, 2, 2, 2, 3), "b": i64(1, 2, 4, 6)},
)

# Padding
one("Pad", IMAGE, "Pad", ("x", "p", "v"), {"p": i64(0, 0, 1, 2, 0, 1, 0, 3), "v": np.float32(0.7)})
one("Pad negative", IMAGE, "Pad", ("x", "p"), {"p": i64(0, 0, -1, 2, 0, 0, -1, -3)})
for mode in ["reflect", "edge"]:
    one(f"Pad {mode}", IMAGE, "Pad", ("x", "p"), {"p": i64(0, 0, 1, 2, 0, 0, 2, 3)}, mode=mode)
one("Pad wrap", IMAGE, "Pad", ("x", "p"), {"p": i64(0, 0, 1, 2, 0, 0, 2, 3)}, mode="wrap", opset=19)
one("Pad axes", IMAGE, "Pad", ("x", "p", "", "a"), {"p": i64(1, 2, 0, 1), "a": i64(3, 1)}, opset=18)
one("Pad old", IMAGE, "Pad", opset=9, pads=[0, 0, 1, 1, 0, 0, 2, 0], value=0.5)

# Resizing
for place in ["half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners"]:
    for mode in ["nearest", "linear", "cubic"]:
        for sizes in [(1, 3, 10, 14), (1, 3, 8, 9)]:
            one(f"Resize {place} {mode} {sizes[2]}", IMAGE, "Resize", ("x", "", "", "s"), {"s": i64(*sizes)}, coordinate_transformation_mode=place, mode=mode)
        one(f"Resize {place} {mode} down", IMAGE, "Resize", ("x", "", "", "s"), {"s": i64(1, 3, 3, 4)}, coordinate_transformation_mode=place, mode=mode)
for rounding in ["floor", "ceil", "round_prefer_ceil", "round_prefer_floor"]:
    one(f"Resize nearest {rounding}", IMAGE, "Resize", ("x", "", "s"), {"s": f32(1, 1, 2, 1.6)}, nearest_mode=rounding, coordinate_transformation_mode="asymmetric")
    one(f"Resize nearest half {rounding}", IMAGE, "Resize", ("x", "", "s"), {"s": f32(1, 1, 2, 3)}, nearest_mode=rounding)
one("Resize half_pixel_symmetric", IMAGE, "Resize", ("x", "", "s"), {"s": f32(1, 1, 1.5, 1.7)}, mode="linear", coordinate_transformation_mode="half_pixel_symmetric", opset=19)
one("Resize scales linear", IMAGE, "Resize", ("x", "", "s"), {"s": f32(1, 1, 1.5, 2.3)}, mode="linear")
one("Resize scales cubic", IMAGE, "Resize", ("x", "", "s"), {"s": f32(1, 1, 2, 2)}, mode="cubic")
one("Resize cubic -0.5", IMAGE, "Resize", ("x", "", "s"), {"s": f32(1, 1, 2, 2)}, mode="cubic", cubic_coeff_a=-0.5)
one("Resize cubic inside", IMAGE, "Resize", ("x", "", "s"), {"s": f32(1, 1, 2, 2)}, mode="cubic", exclude_outside=1)
one("Resize 10", IMAGE, "Resize", ("x", "s"), {"s": f32(1, 1, 2, 2)}, opset=10)
one("Resize 10 linear", IMAGE, "Resize", ("x", "s"), {"s": f32(1, 1, 2, 3)}, opset=10, mode="linear")
one("Resize 11 roi", IMAGE, "Resize", ("x", "r", "s"), {"r": np.zeros(0, "f4"), "s": f32(1, 1, 2, 2)}, opset=11)
one("Resize axes", IMAGE, "Resize", ("x", "", "s"), {"s": f32(2, 3)}, opset=18, axes=[2, 3])
one("Upsample 9", IMAGE, "Upsample", ("x", "s"), {"s": f32(1, 1, 2, 3)}, opset=9, mode="nearest")
one("Upsample 9 linear", IMAGE, "Upsample", ("x", "s"), {"s": f32(1, 1, 2, 2)}, opset=9, mode="linear")
one("Upsample 7", IMAGE, "Upsample", opset=7, scales=[1.0, 1.0, 2.0, 2.0], mode="nearest")

# Lookups
case("Embedding", (1,), [node("Cast", ("x",), ("i",), to=7), node("Gather", ("w", "i"))], {"w": array(5, 4)}, low=1.1, high=3.9)
case("OneHot", (1,), [node("Cast", ("x",), ("i",), to=7), node("OneHot", ("i", "d", "v"))], {"d": i64(6), "v": f32(0, 1)}, low=1.1, high=3.9)
case("OneHot first", (1,), [node("Cast", ("x",), ("i",), to=7), node("OneHot", ("i", "d", "v"), axis=0)], {"d": i64(6), "v": f32(-1, 2)}, low=1.1, high=3.9)

# What exporters make of shapes
shapes = [node("Shape", ("x",), ("s",)), node("Gather", ("s", "zero"), ("n",), axis=0), node("Unsqueeze", ("n", "first"), ("u",)), node("Concat", ("u", "rest"), ("r",), axis=0), node("Reshape", ("x", "r"))]
case("dynamic Reshape", IMAGE, shapes, {"zero": np.array(0, "i8"), "first": i64(0), "rest": i64(-1)}, batch="N")
case("Range and Mod", (1, 6), [node("Range", ("a", "b", "c"), ("r",)), node("Mod", ("r", "m"), ("k",)), node("Gather", ("x", "k"), axis=1)], {"a": np.array(0, "i8"), "b": np.array(9, "i8"), "c": np.array(2, "i8"), "m": i64(5)})
case("ConstantOfShape Expand", (1, 4), [node("ConstantOfShape", ("s",), ("o",), value=helper.make_tensor("v", TensorProto.INT64, [1], [1])), node("Equal", ("e", "m"), ("q",)), node("Where", ("q", "o", "e"), ("w",)), node("Expand", ("x", "w"))], {"s": i64(2), "e": i64(-1, 4), "m": i64(-1, -1)})
case("NonZero of a constant", (1, 4), [node("ConstantOfShape", ("s",), ("o",), value=helper.make_tensor("v", TensorProto.INT64, [1], [1])), node("NonZero", ("o",), ("z",)), node("Transpose", ("z",), ("t",), perm=[1, 0]), node("Squeeze", ("t", "a"), ("k",)), node("Gather", ("x", "k"), axis=1)], {"s": i64(3), "a": i64(1)})
then = helper.make_graph([node("Relu", ("x",), ("p",))], "then", [], [helper.make_tensor_value_info("p", TensorProto.FLOAT, None)])
other = helper.make_graph([node("Neg", ("x",), ("q",))], "else", [], [helper.make_tensor_value_info("q", TensorProto.FLOAT, None)])
case("If", IMAGE, [node("If", ("c",), then_branch=then, else_branch=other)], {"c": np.array(False)})
case("weights computed", (1, 4), [node("ReduceL2", ("v",), ("n",), axes=[1], keepdims=1), node("Div", ("v", "n"), ("u",)), node("Mul", ("u", "g"), ("w",)), node("Transpose", ("w",), ("t",), perm=[1, 0]), node("MatMul", ("x", "t"))], {"v": array(3, 4), "g": array(3, 1)})
case("DequantizeLinear", (1, 4), [node("DequantizeLinear", ("w", "s", "z"), ("u",), axis=1), node("MatMul", ("x", "u"))], {"w": random.integers(-99, 99, (4, 3)).astype("i1"), "s": array(3, low=0.01, high=0.1), "z": np.array([0, 3, -2], "i1")})

# NHWC, as converters from TensorFlow write it
nhwc = [node("Transpose", ("x",), ("a",), perm=[0, 3, 1, 2]), node("Conv", ("a", "w"), ("b",), pads=[1, 1, 1, 1]), node("Transpose", ("b",), ("c",), perm=[0, 2, 3, 1]), node("Add", ("c", "k"), ("d",)), node("Relu", ("d",), ("e",)), node("Transpose", ("e",), ("f",), perm=[0, 3, 1, 2]), node("Conv", ("f", "v"), ("g",)), node("Transpose", ("g",), ("y",), perm=[0, 2, 3, 1])]
case("NHWC", (1, 5, 6, 3), nhwc, {"w": W(4, 3, 3, 3), "v": W(2, 4, 2, 2), "k": array(4)})
case("Dense to NHWC", (1, 4), [node("MatMul", ("x", "w"), ("a",)), node("Reshape", ("a", "r"), ("b",)), node("Transpose", ("b",), ("c",), perm=[0, 3, 1, 2]), node("ConvTranspose", ("c", "v"), ("d",), strides=[2, 2], auto_pad="SAME_UPPER"), node("Transpose", ("d",), perm=[0, 2, 3, 1])], {"w": array(4, 24), "r": i64(-1, 3, 2, 4), "v": W(4, 3, 3, 3)})
case("two NHWC values", (1, 5, 6, 3), [node("Transpose", ("x",), ("a",), perm=[0, 3, 1, 2]), node("Sigmoid", ("a",), ("b",)), node("Mul", ("a", "b"), ("c",)), node("ReduceMean", ("c",), axes=[1])])

# Attention, as PyTorch writes it: the batch moves between the axes
case(
    "attention", (1, 5, 8),
    [node("MatMul", ("x", "w"), ("a",)), node("Split", ("a",), ("q", "k", "v"), axis=2)]
    + [node("Reshape", (n, "r"), (n + "1",)) for n in "qkv"] + [node("Transpose", (n + "1",), (n + "2",), perm=[0, 2, 1, 3]) for n in "qv"]
    + [node("Transpose", ("k1",), ("k2",), perm=[0, 2, 3, 1]), node("MatMul", ("q2", "k2"), ("s",)), node("Mul", ("s", "h"), ("t",)), node("Softmax", ("t",), ("p",), axis=-1), node("MatMul", ("p", "v2"), ("o",)), node("Transpose", ("o",), ("o1",), perm=[0, 2, 1, 3]), node("Reshape", ("o1", "f"))],
    {"w": array(8, 24), "r": i64(0, 0, 2, 4), "h": np.float32(0.5), "f": i64(0, 0, 8)}, opset=13,
)
case("sequence first", (1, 5, 8), [node("Transpose", ("x",), ("a",), perm=[1, 0, 2]), node("Reshape", ("a", "r"), ("b",)), node("Transpose", ("b",), ("c",), perm=[1, 0, 2]), node("Softmax", ("c",), axis=-1)], {"r": i64(5, 2, 4)})

# Batches that the file has frozen
case("frozen Reshape", (1, 12), [node("Reshape", ("x", "r"), ("a",)), node("Relu", ("a",))], {"r": i64(4, 3, 2, 2)}, batch=4, out=[4, 3, 2, 2])
case("frozen Reshape and back", (1, 12), [node("Reshape", ("x", "r"), ("a",)), node("Transpose", ("a",), ("t",), perm=[0, 2, 3, 1]), node("Reshape", ("t", "f"))], {"r": i64(-1, 3, 2, 2), "f": i64(4, 12)}, batch=4, out=[4, 12])
case("frozen Expand", (1, 3), [node("Unsqueeze", ("x", "a"), ("u",)), node("Expand", ("u", "s"))], {"a": i64(2), "s": i64(4, 3, 5)}, batch=4, out=[4, 3, 5])
case("frozen constant", (1, 3), [node("Add", ("x", "c"))], {"c": np.repeat(array(1, 3), 4, axis=0)}, batch=4, out=[4, 3])
case("frozen Resize", (1, 2, 3, 3), [node("Resize", ("x", "", "", "s"))], {"s": i64(4, 2, 6, 6)}, batch=4, out=[4, 2, 6, 6])
case("frozen Slice", (1, 6), [node("Slice", ("x", "s", "e"))], {"s": i64(0, 1), "e": i64(4, 5)}, batch=4, out=[4, 4])

# What follows a layer goes into it only where it still has the layer's shape
D = {"w": array(4, 64), "c": array(64)}
case("Linear, Reshape, Add a number", (1, 4), [node("MatMul", ("x", "w"), ("a",)), node("Reshape", ("a", "r"), ("b",)), node("Add", ("b", "h"))], {"w": D["w"], "r": i64(-1, 1, 8, 8), "h": np.float32(0.5)})
case("Gemm, Reshape, Add a number, Mul", (1, 4), [node("Gemm", ("x", "w", "c"), ("a",)), node("Reshape", ("a", "r"), ("b",)), node("Add", ("b", "h"), ("d",)), node("Mul", ("d", "h"))], {**D, "r": i64(-1, 1, 8, 8), "h": np.float32(0.5)})
case("Linear, Reshape, Add columns", (1, 4), [node("MatMul", ("x", "w"), ("a",)), node("Reshape", ("a", "r"), ("b",)), node("Add", ("b", "v"))], {"w": D["w"], "r": i64(-1, 1, 8, 8), "v": array(8)})
C = {"w": W(4, 4, 1, 1), "back": i64(-1, 4, 4, 8)}
for name, shape, addend in [("channels in another order", (32, 4, 1, 1), (4, 1, 1)), ("parts of channels", (-1, 4, 8), (4, 1)), ("a number", (-1, 128), ())]:
    case(f"Conv, Reshape, Add {name}", (1, 4, 4, 8), [node("Conv", ("x", "w"), ("a",)), node("Reshape", ("a", "r"), ("b",)), node("Add", ("b", "v"), ("d",)), node("Reshape", ("d", "back"))], {**C, "r": i64(*shape), "v": array(*addend) if addend else np.float32(2)})
G = {"w": W(6, 3, 1, 1), "r": i64(0, 2, -1), "one": f32(1, 1), "zero": f32(0, 0), "back": i64(1, 6, 4, 5)}
groups = [node("Conv", ("x", "w"), ("i",)), node("Reshape", ("i", "r"), ("a",)), node("InstanceNormalization", ("a", "one", "zero"), ("n",))]
case("GroupNorm after Conv", (1, 3, 4, 5), groups + [node("Reshape", ("n", "back"), ("c",)), node("Mul", ("c", "s"), ("d",)), node("Add", ("d", "t"))], {**G, "s": array(6, 1, 1), "t": array(6, 1, 1)})
case("GroupNorm after Conv, Mul of groups", (1, 3, 4, 5), groups + [node("Mul", ("n", "g"), ("m",)), node("Reshape", ("m", "back"))], {**G, "g": array(2, 1)})
case("GroupNorm after Conv, Mul by a number", (1, 3, 4, 5), groups + [node("Mul", ("n", "g"), ("m",)), node("Reshape", ("m", "back"))], {**G, "g": np.float32(3)})

# Types and extents of arguments
case("DequantizeLinear of a number", (1, 4), [node("DequantizeLinear", ("w", "s"), ("u",)), node("Mul", ("x", "u"))], {"w": np.array(3, "i1"), "s": f32(0.5)})
one("Clip by a list of one", IMAGE, "Clip", ("x", "a"), {"a": f32(0.1)})
one("Clip by ends that have changed places", IMAGE, "Clip", ("x", "a", "b"), {"a": np.float32(0.5), "b": np.float32(-0.5)})
one("PRelu columns", IMAGE, "PRelu", ("x", "s"), {"s": array(7)})
case("LpNormalization of zeros", IMAGE, [node("Relu", ("x",), ("r",)), node("LpNormalization", ("r",), axis=1)], high=-1)
for name, number in [("uint8", 2), ("int8", 3), ("uint16", 4)]:
    case(f"Cast to {name}", IMAGE, [node("Cast", ("x",), ("i",), to=6), node("Cast", ("i",), ("j",), to=number), node("Cast", ("j",), to=1)], low=-900, high=900)
case("Cast of a picture to uint8", IMAGE, [node("Sigmoid", ("x",), ("s",)), node("Mul", ("s", "c"), ("m",)), node("Cast", ("m",), ("j",), to=2), node("Cast", ("j",), to=1)], {"c": f32(255)})
case("Cast of a constant to uint8", (1, 3), [node("Cast", ("c",), ("i",), to=2), node("Cast", ("i",), ("f",), to=1), node("Add", ("x", "f"))], {"c": i64(300, -1, 7)})
case("CastLike a truth value", IMAGE, [node("Floor", ("x",), ("f",)), node("CastLike", ("f", "t"), ("b",)), node("Cast", ("b",), to=1)], {"t": np.array(True)})
one("Resize nearest between two places", (1, 3, 8, 8), "Resize", ("x", "", "s"), {"s": f32(1, 1, 0.5, 0.6)}, nearest_mode="floor", opset=19)


def branch(kind, source, name):
    return helper.make_graph([node(kind, (source,), (name,))], "branch", [], [helper.make_tensor_value_info(name, TensorProto.FLOAT, None)])


case("two Ifs with the same names inside", IMAGE, [node("If", ("c",), ("a",), then_branch=branch("Relu", "x", "t"), else_branch=branch("Neg", "x", "t")), node("If", ("c",), then_branch=branch("Neg", "a", "t"), else_branch=branch("Relu", "a", "t"))], {"c": np.array(True)})

with open(pathlib.Path(__file__).with_name("operators.bin"), "wb") as file:
    for name, model, value, result in records:
        for part in (name.encode(), model):
            file.write(struct.pack("<I", len(part)) + part)
        for part in (value, result):
            file.write(struct.pack("<I", part.size) + part.astype("<f4").tobytes())
print(len(records), "cases")
