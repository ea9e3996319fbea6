"""Makes operations.json: what PyTorch computes for each operation of the catalog, and its derivative along a direction.

A case is a line: its name, a module of torch.nn or a function of torch, the inputs' shapes without the batch, and the
function's keywords. Run with PyTorch installed: python make_operations.py
"""
import inspect
import json
import pathlib

import torch
from torch import nn

torch.set_default_dtype(torch.float64)  # the truth, not another rounding

cases = []
# Functions that take their inputs as a list.
LISTED = {torch.cat, torch.stack}


def case(name, operation, *shapes, call=None, **rest):
    """Appends a case of one node.

    operation: a module; or a function of torch, or its name, with its keywords among `rest`.
    call: computes it where the keywords are not PyTorch's own, as a shape without the batch.
    rest: also what `add` takes.
    """
    options = {key: rest.pop(key) for key in list(rest) if key in OPTIONS}
    if isinstance(operation, nn.Module):
        return graph(name, shapes, [(operation, range(len(shapes)))], **options)
    function = getattr(torch, operation) if isinstance(operation, str) and call is None else operation
    word = operation if isinstance(operation, str) else operation.__name__
    if call is None:
        call = (lambda *x: function(x, **rest)) if function in LISTED else (lambda *x: function(*x, **rest))
    node = dict(type=word, keywords=plain(rest), inputs=list(range(len(shapes))))
    add(name, shapes, [node], {}, call, **options)


def graph(name, shapes, nodes, **options):
    """Appends a case of several nodes, each (module, inputs) or (function, inputs, keywords[, call]); values count from
    the inputs on, the last is the answer."""
    described, tensors, calls = [], {}, []
    for index, (operation, inputs, *more) in enumerate(nodes):
        node = dict(inputs=list(inputs))
        if isinstance(operation, nn.Module):
            prepare(operation)
            node.update(type=type(operation).__name__, keywords=keywords(operation))
            tensors.update({f"node{index}.{key}": value for key, value in operation.state_dict().items()
                            if not key.endswith("num_batches_tracked")})
            calls.append(operation)
        else:
            given = more[0] if more else {}
            node.update(type=operation if isinstance(operation, str) else operation.__name__, keywords=plain(given))
            function = getattr(torch, operation) if isinstance(operation, str) and len(more) < 2 else operation
            calls.append(more[1] if len(more) > 1 else lambda *x, f=function, k=given: f(x, **k) if f in LISTED else f(*x, **k))
        described.append(node)

    def run(*x):
        values = list(x)
        for node, call in zip(described, calls):
            values.append(call(*[values[i] for i in node["inputs"]]))
        return values[-1]

    modules = {f"node{index}": operation for index, (operation, *_) in enumerate(nodes) if isinstance(operation, nn.Module)}
    add(name, shapes, described, tensors, run, modules=modules, **options)


def add(name, shapes, nodes, tensors, run, modules={}, batch=2, scale=1.0, shift=0.0, positive=False, whole=False,
        trains=True, kinks=False, chained=True):
    """
    scale, shift, positive, whole: the inputs are scale · N(0, 1) + shift, their magnitudes, or whole numbers.
    trains: whether backward is checked.
    kinks: whether the derivative jumps, so that some finite differences miss.
    chained: whether it is also checked between other layers.
    """
    torch.manual_seed(len(name) * 1009 + sum(name.encode()))
    inputs = []
    for shape in shapes:
        x = torch.randn(batch, *shape) * scale + shift
        inputs.append(short(x.round() if whole else x.abs() + 0.1 * scale if positive else x))
    directions = [short(torch.randn_like(x) * min(scale, 1)) for x in inputs]
    with torch.no_grad():
        outputs = run(*inputs)
        derivative = along(run, inputs, directions)
    cases.append(dict(
        name=name, batch=batch, shapes=[list(s) for s in shapes], nodes=nodes,
        tensors={key: dict(extents=list(value.shape), values=value) for key, value in tensors.items()},
        inputs=inputs, output=outputs, directions=directions, derivative=derivative,
        gradients=gradients(run, inputs, modules) if trains else {}, trains=trains, kinks=kinks, chained=chained))


OPTIONS = set(inspect.signature(add).parameters)


def along(run, inputs, directions):
    """The derivative of the output along the directions of all inputs at once."""
    try:
        return torch.func.jvp(run, tuple(inputs), tuple(directions))[1]
    except (RuntimeError, NotImplementedError):
        with torch.enable_grad():
            return torch.autograd.functional.jvp(run, tuple(inputs), tuple(directions))[1]


def weights(count):
    """Uneven numbers for weighted sums; the test has the same."""
    return torch.tensor([(i * 7919 % 23) / 11 - 1 for i in range(count)])


def gradients(run, inputs, modules):
    """Of the output's weighted sum, by each input and parameter, each as a weighted sum and a sum of squares."""
    inputs = [x.clone().requires_grad_() for x in inputs]
    y = run(*inputs).flatten()
    named = {str(i): x for i, x in enumerate(inputs)}
    named.update({f"{prefix}.{k}": p for prefix, module in modules.items() for k, p in module.named_parameters()})
    for p in named.values():
        p.grad = None
    if y.requires_grad:
        (y * weights(len(y))).sum().backward()
    zero = lambda p: torch.zeros_like(p) if p.grad is None else p.grad
    return {k: [float((zero(p).flatten() * weights(p.numel())).sum()), float((zero(p) ** 2).sum())]
            for k, p in named.items()}


def prepare(module):
    """Parameters that are not their defaults, with few digits, and no dropout."""
    module.eval()
    for part in module.modules():
        if "Norm" in type(part).__name__:
            for key, low, high in [("weight", 0.5, 1.5), ("bias", -1, 1), ("running_mean", -1, 1), ("running_var", 0.3, 2)]:
                tensor = getattr(part, key, None)
                if tensor is not None:
                    nn.init.uniform_(tensor, low, high)
    for tensor in [*module.parameters(), *module.buffers()]:
        tensor.data = short(tensor.data)


def keywords(module):
    """A module's constructor's keywords that are not the defaults, from its attributes."""
    found = {}
    for key, parameter in inspect.signature(type(module).__init__).parameters.items():
        if key in ("self", "device", "dtype", "inplace") or not hasattr(module, key):
            continue
        value = getattr(module, key)
        if key == "bias" and getattr(module, "weight", None) is None:
            continue  # a norm without weights
        if isinstance(value, torch.Tensor) or (key == "bias" and value is None):
            value = value is not None
        if parameter.default is inspect.Parameter.empty or plain(value) != plain(parameter.default):
            found[key] = plain(value)
    return found


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, (tuple, list)) else value


def short(tensor):
    """Few digits, and a value that float32 holds: what the file says is what PyTorch computed with."""
    if not tensor.is_floating_point():
        return tensor
    digits = 3 if tensor.numel() == 0 or tensor.abs().max() > 0.1 else 7
    return tensor.mul(10 ** digits).round().div(10 ** digits).to(torch.float32).to(torch.float64)


def compact(value):
    if isinstance(value, torch.Tensor):
        return compact(value.to(torch.float64).flatten().tolist())
    if isinstance(value, float):
        if abs(value) < 1e-37:
            return 0  # what float32 makes of it
        # What rounds to the same float32, in as few digits.
        number = next((float(f"{value:.{d}g}") for d in range(1, 9) if same(float(f"{value:.{d}g}"), value)), float(f"{value:.9g}"))
        return int(number) if number == int(number) and abs(number) < 1e9 else number
    if isinstance(value, list):
        return [compact(v) for v in value]
    if isinstance(value, dict):
        return {k: v if k == "nodes" else compact(v) for k, v in value.items()}
    return value


def same(a, b):
    return torch.tensor(a, dtype=torch.float32).item() == torch.tensor(b, dtype=torch.float32).item()


# MARK: Elementwise functions

SMOOTH = [nn.SiLU(), nn.Tanh(), nn.Sigmoid(), nn.Softplus(), nn.Softplus(2, 5), nn.GELU(), nn.GELU("tanh"), nn.Mish(),
          nn.Softsign(), nn.LogSigmoid()]
KINKED = [nn.ReLU(), nn.LeakyReLU(0.3), nn.ELU(0.7), nn.SELU(), nn.CELU(1.3), nn.Hardsigmoid(), nn.Hardswish(),
          nn.Hardtanh(-0.5, 2), nn.ReLU6()]
for scale in (1.0, 12.0, 1e-3):
    for module in SMOOTH + KINKED:
        case(f"{module}, inputs about {scale:g}", module, (11,), scale=scale, kinks=module in KINKED, trains=scale == 1)
    for function in (torch.neg, torch.erf, torch.sin, torch.cos):
        case(f"{function.__name__}, inputs about {scale:g}", function, (11,), scale=scale, trains=scale == 1)
    for function in (torch.log, torch.sqrt, torch.reciprocal):
        case(f"{function.__name__}, inputs about {scale:g}", function, (11,), scale=scale, positive=True, trains=scale == 1)
    for exponent in (2, 3, 0.5, -1.5):
        case(f"pow {exponent}, inputs about {scale:g}", torch.pow, (11,), scale=scale, positive=True, trains=scale == 1,
             exponent=exponent)
    for function in (torch.abs, torch.sign, torch.round, torch.floor, torch.ceil, torch.trunc):
        case(f"{function.__name__}, inputs about {scale:g}", function, (11,), scale=scale, kinks=True, trains=scale == 1)
    case(f"exp, inputs about {scale:g}", torch.exp, (11,), scale=scale, trains=scale == 1)
    case(f"clamp, inputs about {scale:g}", torch.clamp, (11,), scale=scale, kinks=True, trains=scale == 1, min=-0.5, max=2)
case("pow 2 of negative numbers", torch.pow, (11,), exponent=2)
case("pow 3 of negative numbers", torch.pow, (11,), exponent=3)
case("clamp from below", torch.clamp, (11,), min=0.2, kinks=True)
case("clamp from above", torch.clamp, (11,), max=0.2, kinks=True)
case("GELU of an image", nn.GELU(), (3, 4, 5))
case("abs of tokens", torch.abs, (4, 5), kinks=True)
case("ReLU of an image, batch 1", nn.ReLU(), (3, 4, 5), batch=1, kinks=True)

# MARK: Layers with parameters

case("Linear", nn.Linear(5, 7), (5,), batch=3)
case("Linear of tokens", nn.Linear(5, 7), (4, 5))
case("Linear of tokens of tokens, without bias", nn.Linear(5, 3, bias=False), (2, 4, 5))
case("Conv2d, dilated", nn.Conv2d(3, 4, 3, padding=2, dilation=2), (3, 6, 7))
case("Conv2d, dilated 1×2, strided", nn.Conv2d(2, 5, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2)), (2, 7, 6), batch=1)
case("Conv2d, two groups", nn.Conv2d(4, 6, 3, padding=1, groups=2), (4, 5, 6))
case("Conv2d, depthwise", nn.Conv2d(5, 5, 3, padding=1, groups=5), (5, 6, 5))
case("Conv2d, depthwise, two outputs each, strided, dilated", nn.Conv2d(3, 6, 3, stride=2, padding=2, dilation=2, groups=3, bias=False), (3, 8, 7))
case("ConvTranspose2d, dilated", nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, dilation=2), (3, 4, 3))
case("ConvTranspose2d, two groups", nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2), (4, 4, 3))
case("ConvTranspose2d, depthwise", nn.ConvTranspose2d(4, 4, 4, stride=2, padding=1, groups=4, bias=False), (4, 3, 4))
case("BatchNorm2d", nn.BatchNorm2d(3, eps=1e-3), (3, 4, 5), trains=False)
case("BatchNorm2d without weights", nn.BatchNorm2d(3, affine=False), (3, 4, 5), trains=False)
case("BatchNorm1d", nn.BatchNorm1d(7), (7,), trains=False)
case("BatchNorm1d without weights", nn.BatchNorm1d(7, affine=False), (7,), trains=False)

# MARK: Softmax

for name, module in (("Softmax", nn.Softmax), ("LogSoftmax", nn.LogSoftmax)):
    for shape in ((7,), (4, 5), (3, 4, 5)):
        for dim in (*range(1, len(shape) + 1), -1):
            case(f"{name} along {dim} of {shape}", module(dim), shape, scale=2)

# MARK: Images

for mode in ("nearest", "bilinear", "bicubic"):
    for corners in (None,) if mode == "nearest" else (None, True):
        words = mode + (" with corners aligned" if corners else "")
        options = dict(mode=mode, align_corners=corners)
        case(f"Upsample by 2, {words}", nn.Upsample(scale_factor=2, **options), (2, 3, 4))
        case(f"Upsample by 1.7 and 2.4, {words}", nn.Upsample(scale_factor=(1.7, 2.4), **options), (2, 3, 4))
        case(f"Upsample by 0.6, {words}", nn.Upsample(scale_factor=0.6, **options), (2, 6, 7))
        case(f"Upsample to 7×5, {words}", nn.Upsample(size=(7, 5), **options), (2, 3, 4))
        case(f"Upsample to 3×9, {words}", nn.Upsample(size=(3, 9), **options), (2, 5, 4))
        case(f"Upsample to 6, {words}", nn.Upsample(size=6, **options), (2, 3, 4))
for ceil in (False, True):
    for padded in (False, True):
        case(f"AvgPool2d, ceil_mode {ceil}, count_include_pad {padded}", nn.AvgPool2d(3, 2, 1, ceil_mode=ceil, count_include_pad=padded), (3, 6, 8))
    case(f"AvgPool2d of 3×2, ceil_mode {ceil}", nn.AvgPool2d((3, 2), ceil_mode=ceil), (3, 7, 7))
    case(f"MaxPool2d, ceil_mode {ceil}", nn.MaxPool2d(3, 2, 1, ceil_mode=ceil), (3, 6, 8), kinks=True)
    case(f"MaxPool2d of 3×2, ceil_mode {ceil}", nn.MaxPool2d((3, 2), ceil_mode=ceil), (3, 7, 7), kinks=True)

# MARK: Shapes

case("reshape of an image", "reshape", (3, 4, 5), shape=[5, 12], call=lambda x: x.reshape(len(x), 5, 12))
case("reshape to an image", "reshape", (6, 10), shape=[3, -1, 5], call=lambda x: x.reshape(len(x), 3, -1, 5))
case("reshape of an image to another", "reshape", (3, 4, 5), shape=[5, 4, 3], call=lambda x: x.reshape(len(x), 5, 4, 3))
case("Flatten", nn.Flatten(), (3, 4, 5))
case("Flatten of tokens", nn.Flatten(), (4, 5))
case("Unflatten", nn.Unflatten(1, (3, 4, 5)), (60,))
case("Unflatten to tokens", nn.Unflatten(1, (4, 5)), (20,))
case("Dropout", nn.Dropout(0.3), (3, 4, 5))
case("Dropout2d", nn.Dropout2d(0.3), (3, 4, 5))
case("Identity", nn.Identity(), (5,))

if __name__ == "__main__":
    target = pathlib.Path(__file__).with_name("operations.json")
    target.write_text("[\n" + ",\n".join(json.dumps(compact(c), ensure_ascii=False) for c in cases) + "\n]\n")
    print(len(cases), "cases,", target.stat().st_size // 1024, "KB")
