"""Cases of make_operations.py: functions of two values and more, matrix products, reductions."""
import torch
from torch import nn

from make_operations import case, cases, graph, prepare

# MARK: Two values

BINARY = (torch.add, torch.sub, torch.mul, torch.div, torch.minimum, torch.maximum)
COMPARISONS = (torch.gt, torch.ge, torch.lt, torch.le, torch.eq, torch.ne)
for function in BINARY + COMPARISONS:
    word = function.__name__
    # Whole numbers, of which many are equal; two of them by halves, so that differences have no kink to miss.
    options = dict(whole=True, trains=False, scale=2) if function in COMPARISONS else dict(kinks=function in BINARY[4:])
    if function is torch.div:
        options["shift"] = 4
    case(f"{word} of vectors", function, (37,), (37,), **options)
    case(f"{word} of images", function, (3, 4, 5), (3, 4, 5), **options)
    case(f"{word} of an image and a number a channel", function, (3, 4, 5), (3, 1, 1), **options)
    case(f"{word} of a row and a column", function, (1, 5), (4, 1), **options)
    if function in BINARY[:4]:
        case(f"{word}, 2.5", function, (3, 4, 5), other=2.5, **options)
    if function in COMPARISONS:
        case(f"{word}, 1", function, (3, 4, 5), other=1, **options)
for function in BINARY[:3]:
    word = function.__name__
    case(f"{word} of an image and a plane", function, (3, 4, 5), (1, 4, 5))
    case(f"{word} of a plane and a number a channel", function, (1, 4, 5), (3, 1, 1), batch=1)
    case(f"{word} of an image and a column", function, (3, 4, 1), (3, 4, 5))
    case(f"{word} of tokens and a token", function, (4, 5), (1, 5))
    case(f"{word} of features and one feature", function, (7,), (1,))
    case(f"{word} of values of six axes", function, (2, 1, 3, 1, 2, 1), (1, 2, 3, 2, 1, 2))
case("minimum of equal numbers", torch.minimum, (3, 4), (3, 4), whole=True, kinks=True, trains=False)
case("maximum of equal numbers", torch.maximum, (3, 4), (3, 4), whole=True, kinks=True, trains=False)
case("pow of two images", torch.pow, (3, 4, 5), (3, 4, 5), positive=True)
case("pow of an image and a number a channel", torch.pow, (3, 4, 5), (3, 1, 1), positive=True)
graph("a value and itself", [(3, 4, 5)], [(torch.mul, [0, 0])])
graph("a residual block", [(3, 5, 4)], [
    (nn.Conv2d(3, 4, 3, padding=1), [0]), (nn.SiLU(), [1]), (nn.Conv2d(4, 3, 3, padding=1), [2]), (torch.add, [3, 0]),
    (nn.ReLU(), [4])], kinks=True)
graph("features scaled by others, between linear layers and an image", [(6,)], [
    (nn.Linear(6, 24), [0]), (nn.Linear(6, 1), [0]), (torch.mul, [1, 2]), (nn.Linear(6, 24), [0]), (nn.Sigmoid(), [4]),
    (torch.mul, [3, 5]), (nn.Unflatten(1, (2, 3, 4)), [6]), (nn.Conv2d(2, 3, 3, padding=1), [7])])
graph("squeeze and excitation", [(4, 5, 6)], [
    (nn.Conv2d(4, 4, 3, padding=1), [0]), (nn.AvgPool2d((5, 6)), [1]), (nn.Flatten(), [2]), (nn.Linear(4, 4), [3]),
    (nn.Sigmoid(), [4]), (nn.Unflatten(1, (4, 1, 1)), [5]), (torch.mul, [1, 6])])
for name, shapes in (("images", [(3, 4, 5)] * 3), ("an image, numbers a channel and a plane", [(1, 4, 5), (3, 1, 1), (3, 4, 5)]),
                     ("tokens", [(4, 1), (4, 5), (1, 5)])):
    case(f"where of {name}", "where", *shapes, whole=True, call=lambda c, x, y: torch.where(c != 0, x, y), trains=False)
graph("the larger of two values, by a comparison", [(3, 4, 5), (3, 1, 1)], [
    (torch.gt, [0, 1]), (torch.where, [2, 0, 1])], kinks=True)
for shapes in ([(3, 4, 5)] * 3, [(1, 4, 5), (3, 1, 1), (3, 4, 5)], [(4, 1), (4, 5), (1, 5)], [(3, 4, 5), (3, 4, 5), (1, 1, 1)]):
    graph(f"where by a comparison, of {shapes}", shapes, [(torch.ge, [0], dict(other=0.1)), (torch.where, [3, 1, 2])],
          kinks=True)

# MARK: Matrix products

for left, right in (((4, 5), (5, 3)), ((2, 4, 5), (2, 5, 3)), ((2, 4, 5), (1, 5, 3)), ((1, 4, 5), (3, 5, 2)),
                    ((2, 3, 4, 5), (2, 1, 5, 2)), ((2, 1, 1, 5), (1, 3, 5, 1))):
    case(f"matmul of {left} and {right}", torch.matmul, left, right)
graph("matmul of a value and itself", [(4, 4)], [(torch.matmul, [0, 0])])

# Two heads over four tokens, each query beside each key; the second product by matrices.
attention = []
for head in range(2):
    n = len(attention) + 1
    attention += [
        (nn.Linear(6, 3), [0]), (nn.Linear(6, 3), [0]), (nn.Linear(6, 3), [0]),
        ("reshape", [n], dict(shape=[4, 1, 3]), lambda x: x.reshape(len(x), 4, 1, 3)),
        ("reshape", [n + 1], dict(shape=[1, 4, 3]), lambda x: x.reshape(len(x), 1, 4, 3)),
        (torch.mul, [n + 3, n + 4]), (torch.sum, [n + 5], dict(dim=[3])), (torch.mul, [n + 6], dict(other=0.577)),
        (nn.Softmax(-1), [n + 7]), (torch.matmul, [n + 8, n + 2]), (nn.Linear(3, 6), [n + 9])]
graph("attention of two heads", [(4, 6)], attention + [(torch.add, [11, 22]), (torch.add, [23, 0])])

# Two heads of three at once, as exported models have them, with the numbers of PyTorch's own layer.
module = nn.MultiheadAttention(6, 2, batch_first=True)
into, out = nn.Linear(6, 18), nn.Linear(6, 6)
prepare(into), prepare(out)
module.load_state_dict({"in_proj_weight": into.weight, "in_proj_bias": into.bias, "out_proj.weight": out.weight,
                        "out_proj.bias": out.bias})
graph("multi-head attention", [(4, 6)], [
    (into, [0]), ("reshape", [1], dict(shape=[4, 3, 2, 3]), lambda x: x.reshape(len(x), 4, 3, 2, 3)),
    (torch.permute, [2], dict(dims=[0, 2, 3, 1, 4])), (torch.narrow, [3], dict(dim=1, start=0, length=1)),
    (torch.narrow, [3], dict(dim=1, start=1, length=1)), (torch.narrow, [3], dict(dim=1, start=2, length=1)),
    (torch.transpose, [5], dict(dim0=-2, dim1=-1)), (torch.matmul, [4, 7]), (torch.mul, [8], dict(other=3 ** -0.5)),
    (nn.Softmax(-1), [9]), (torch.matmul, [10, 6]), (torch.permute, [11], dict(dims=[0, 1, 3, 2, 4])),
    ("reshape", [12], dict(shape=[4, 6]), lambda x: x.reshape(len(x), 4, 6)), (out, [13])])
tokens = cases[-1]["inputs"][0]
assert torch.allclose(module(tokens, tokens, tokens)[0], cases[-1]["output"])

# MARK: Reductions

for function in (torch.mean, torch.sum, torch.amax, torch.amin, torch.var):
    word, kinks = function.__name__, function in (torch.amax, torch.amin)
    for shape, dim in (((7,), [1]), ((3, 4, 5), [1]), ((3, 4, 5), [2]), ((3, 4, 5), [3]), ((3, 4, 5), [-1, -2]),
                       ((3, 4, 5), [1, 3]), ((3, 4, 5), [1, 2, 3]), ((4, 5), [1]), ((2, 3, 2, 3), [2, 4])):
        case(f"{word} over {dim} of {shape}", function, shape, dim=dim, keepdim=True, kinks=kinks)
        if len(dim) < len(shape):
            case(f"{word} over {dim} of {shape}, axes dropped", function, shape, dim=dim, kinks=kinks)
case("var without correction", torch.var, (4, 5), dim=[2], correction=0)
case("var of numbers far from 0", torch.var, (40,), dim=[1], keepdim=True, shift=30, trains=False)
case("amax of equal numbers", torch.amax, (3, 4, 5), dim=[2, 3], keepdim=True, whole=True, kinks=True, trains=False)
case("amin of equal numbers", torch.amin, (3, 8), dim=[2], whole=True, kinks=True, trains=False)
case("mean over one axis by its number", torch.mean, (3, 4), dim=2)
case("sum of many numbers", torch.sum, (999,), dim=[1], keepdim=True, batch=1, trains=False)
graph("a layer normalization of an image's channels by hand", [(3, 4, 5)], [
    (torch.mean, [0], dict(dim=[1], keepdim=True)), (torch.sub, [0, 1]), (torch.pow, [2], dict(exponent=2)),
    (torch.mean, [3], dict(dim=[1], keepdim=True)), (torch.add, [4], dict(other=1e-5)), (torch.sqrt, [5]),
    (torch.div, [2, 6])])
