"""Makes operations.json: what PyTorch computes for each operation of the catalog, and its derivative along a direction.

A case is a line: its name, a module of torch.nn or a function of torch, the inputs' shapes without the batch, and the
function's keywords. The cases stand in operations_*.py. Run with PyTorch installed: python make_operations.py
"""
import importlib
import inspect
import json
import pathlib
import sys

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
        x = short(x.round() if whole else x.abs() + 0.1 * scale if positive else x)
        # At a kink's very place PyTorch's two ways of differentiating do not agree with each other.
        inputs.append(x if whole else torch.where(x == 0, x + 1e-3 * min(scale, 1), x))
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


if __name__ == "__main__":
    # By its name, not as `__main__`, so that it is one module for the files of cases.
    for part in sorted(pathlib.Path(__file__).parent.glob("operations_*.py")):
        importlib.import_module(part.stem)
    cases = sys.modules["make_operations"].cases
    target = pathlib.Path(__file__).with_name("operations.json")
    target.write_text("[\n" + ",\n".join(json.dumps(compact(c), ensure_ascii=False) for c in cases) + "\n]\n")
    print(len(cases), "cases,", target.stat().st_size // 1024, "KB")
