"""Makes layers.json: what PyTorch computes for each layer, at odd sizes, alone and in the chains that plans fuse.

Run with PyTorch installed: python make_layers.py
"""
import copy
import json
import pathlib

import torch
from torch import nn

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)  # rounded to float32 at the end: the truth, not another rounding


def describe(layer):
    name = type(layer).__name__
    if isinstance(layer, nn.Linear):
        return dict(type=name, inputs=layer.in_features, outputs=layer.out_features, bias=layer.bias is not None)
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        d = dict(type=name, inputs=layer.in_channels, outputs=layer.out_channels, kernel=list(layer.kernel_size),
                 stride=list(layer.stride), padding=list(layer.padding), bias=layer.bias is not None)
        if isinstance(layer, nn.ConvTranspose2d):
            d["outputPadding"] = list(layer.output_padding)
        return d
    if isinstance(layer, (nn.MaxPool2d, nn.AvgPool2d)):
        pair = lambda v: [v, v] if isinstance(v, int) else list(v)
        return dict(type=name, kernel=pair(layer.kernel_size), stride=pair(layer.stride), padding=pair(layer.padding))
    if isinstance(layer, nn.Upsample):
        pair = layer.scale_factor if isinstance(layer.scale_factor, tuple) else (layer.scale_factor,) * 2
        return dict(type=name, kernel=[int(p) for p in pair])
    if isinstance(layer, nn.LeakyReLU):
        return dict(type=name, slope=layer.negative_slope)
    if isinstance(layer, (nn.BatchNorm2d, nn.BatchNorm1d)):
        return dict(type="BatchNorm2d", inputs=layer.num_features, epsilon=layer.eps)
    if isinstance(layer, nn.Unflatten):
        return dict(type=name, shape=list(layer.unflattened_size))
    return dict(type=name)


def case(name, shape, *layers, batch=3, scale=1.0):
    network = nn.Sequential(*layers)
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.BatchNorm1d)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias)
            nn.init.normal_(module.running_mean)
            nn.init.uniform_(module.running_var, 0.3, 2)
    network.eval()
    for tensor in [*network.parameters(), *network.buffers()]:
        tensor.data = short(tensor.data)
    x = short(torch.randn(batch, *shape) * scale)
    y = network(x)
    tensors = {"layer." + k: dict(extents=list(v.shape), values=v.flatten().tolist())
               for k, v in network.state_dict().items() if not k.endswith("num_batches_tracked")}
    return dict(name=name, input=list(shape), batch=batch, layers=[describe(l) for l in layers], tensors=tensors,
                x=x.flatten().tolist(), y=y.flatten().tolist(), gradients=gradients(network, x))


def short(tensor):
    """Few digits, and a value that float32 holds: what the file says is what PyTorch computed with."""
    if not tensor.is_floating_point():
        return tensor
    digits = 4 if tensor.abs().max() > 0.1 else 7
    return tensor.mul(10 ** digits).round().div(10 ** digits).to(torch.float32).to(torch.float64)


def weights(count):
    """Uneven numbers for weighted sums; the test has the same."""
    return torch.tensor([(i * 7919 % 23) / 11 - 1 for i in range(count)])


def gradients(network, x):
    """Of the output's weighted sum, by the input and each parameter, each as a weighted sum and a sum of squares.

    In training mode: batch normalisation by the batch's own statistics.
    """
    network = copy.deepcopy(network).train()
    x = x.clone().requires_grad_()
    y = network(x).flatten()
    (y * weights(len(y))).sum().backward()
    named = {"input": x, **{"layer." + k: p for k, p in network.named_parameters()}}
    return {k: [float((p.grad.flatten() * weights(p.numel())).sum()), float((p.grad ** 2).sum())]
            for k, p in named.items()}


cases = [
    case("linear", (5,), nn.Linear(5, 7)),
    case("linear without bias, batch 1", (19,), nn.Linear(19, 3, bias=False), batch=1),
    case("linear, batch 9", (70,), nn.Linear(70, 33), batch=9),
    case("convolution", (5, 7, 6), nn.Conv2d(5, 9, 3, padding=1)),
    case("convolution, odd kernel, stride and padding", (6, 9, 11), nn.Conv2d(6, 5, (3, 2), stride=(2, 3), padding=(2, 1))),
    case("convolution 1×1", (8, 4, 5), nn.Conv2d(8, 6, 1)),
    case("convolution 5×5 without bias", (5, 8, 7), nn.Conv2d(5, 6, 5, padding=2, bias=False), batch=1),
    case("convolution from one plane", (1, 7, 9), nn.Conv2d(1, 11, 3, padding=1)),
    case("convolution from three planes, 4×2", (3, 6, 7), nn.Conv2d(3, 8, (4, 2), padding=(1, 1))),
    case("convolution to one plane", (19, 6, 5), nn.Conv2d(19, 1, 3, padding=1)),
    case("convolution to three planes", (16, 5, 6), nn.Conv2d(16, 3, 3, padding=1)),
    case("convolution to one plane, strided", (6, 7, 7), nn.Conv2d(6, 1, 3, stride=2, padding=1)),
    case("convolution without padding to two planes", (9, 6, 5), nn.Conv2d(9, 2, 3)),
    case("transposed convolution", (5, 4, 3), nn.ConvTranspose2d(5, 6, 3, stride=2, padding=1, output_padding=1)),
    case("transposed convolution 4×3, stride 3×2", (4, 3, 5), nn.ConvTranspose2d(4, 7, (4, 3), stride=(3, 2), padding=(0, 1)), batch=1),
    case("transposed convolution without bias", (6, 5, 5), nn.ConvTranspose2d(6, 3, 5, bias=False)),
    case("maximum pooling", (9, 7, 6), nn.MaxPool2d(2)),
    case("maximum pooling, overlapping, padded", (3, 7, 9), nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 1))),
    case("average pooling", (5, 7, 6), nn.AvgPool2d(2)),
    case("average pooling, overlapping, padded", (4, 6, 9), nn.AvgPool2d(3, stride=2, padding=1)),
    case("up-sampling ×2", (5, 3, 4), nn.Upsample(scale_factor=2, mode="nearest")),
    case("up-sampling 3×1", (2, 3, 5), nn.Upsample(scale_factor=(3, 1), mode="nearest")),
    case("up-sampling ×2 and convolution", (9, 5, 3), nn.Upsample(scale_factor=2), nn.Conv2d(9, 7, 3, padding=1)),
    case("up-sampling ×2 and convolution, without bias, 1×1 image", (5, 1, 1), nn.Upsample(scale_factor=2), nn.Conv2d(5, 8, 3, padding=1, bias=False), batch=1),
    case("up-sampling ×2 and 5×5 convolution", (5, 4, 3), nn.Upsample(scale_factor=2), nn.Conv2d(5, 6, 5, padding=2)),
    case("batch normalisation", (6, 4, 3), nn.BatchNorm2d(6)),
    case("batch normalisation of features", (13,), nn.BatchNorm1d(13, eps=1e-3)),
    case("batch normalisation after a convolution", (5, 6, 5), nn.Conv2d(5, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU()),
    case("batch normalisation after a transposed convolution", (5, 4, 4), nn.ConvTranspose2d(5, 6, 4, stride=2, padding=1), nn.BatchNorm2d(6), nn.LeakyReLU(0.2)),
    case("batch normalisation of a flattened image", (3, 4, 5), nn.Flatten(), nn.BatchNorm1d(60), nn.Linear(60, 4)),
    case("convolution, ReLU, pooling", (6, 9, 8), nn.Conv2d(6, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
    case("convolution, pooling, SiLU", (6, 8, 7), nn.Conv2d(6, 9, 3, padding=1), nn.MaxPool2d(2), nn.SiLU()),
    case("convolution, SiLU, pooling", (1, 8, 8), nn.Conv2d(1, 8, 3, padding=1), nn.SiLU(), nn.MaxPool2d(2)),
    case("convolution from one plane, tanh, overlapping pooling", (1, 9, 9), nn.Conv2d(1, 12, 5), nn.Tanh(), nn.MaxPool2d(3, stride=1)),
    case("flatten and linear", (5, 3, 4), nn.Flatten(), nn.Linear(60, 9)),
    case("linear and unflatten", (6,), nn.Linear(6, 60), nn.SiLU(), nn.Unflatten(1, (5, 3, 4))),
    case("flatten alone", (3, 2, 5), nn.Flatten()),
    case("flatten and unflatten to another image", (3, 2, 4), nn.Flatten(), nn.Unflatten(1, (2, 4, 3)), nn.Conv2d(2, 5, 3, padding=1)),
    case("an encoder", (1, 12, 10), nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 12, 3, padding=1), nn.BatchNorm2d(12), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(72, 20), nn.Tanh(), nn.Linear(20, 4)),
    case("a decoder", (2,), nn.Linear(2, 20), nn.SiLU(), nn.Linear(20, 96), nn.ReLU(), nn.Unflatten(1, (8, 4, 3)), nn.Upsample(scale_factor=2), nn.Conv2d(8, 12, 3, padding=1), nn.ReLU(), nn.ConvTranspose2d(12, 6, 4, stride=2, padding=1), nn.SiLU(), nn.Conv2d(6, 1, 3, padding=1), nn.Sigmoid()),
    case("a decoder in colour, batch 1", (3,), nn.Linear(3, 80), nn.LeakyReLU(0.1), nn.Unflatten(1, (5, 4, 4)), nn.Upsample(scale_factor=2), nn.Conv2d(5, 9, 3, padding=1), nn.SiLU(), nn.Upsample(scale_factor=2), nn.Conv2d(9, 3, 3, padding=1), nn.Sigmoid(), batch=1),
]
for activation in [nn.ReLU(), nn.LeakyReLU(0.3), nn.SiLU(), nn.Tanh(), nn.Sigmoid(), nn.Softplus()]:
    for scale in (1.0, 12.0, 1e-3):
        cases.append(case(f"{type(activation).__name__}, inputs about {scale:g}", (11,), activation, scale=scale))

# Convolutions in tiles of 2×2: last, so that what is above keeps its numbers.
cases += [
    case("convolution in tiles, odd image", (16, 7, 5), nn.Conv2d(16, 24, 3, padding=1), batch=2),
    case("convolution in tiles without padding and bias, tanh", (24, 6, 7), nn.Conv2d(24, 16, 3, bias=False), nn.Tanh(), batch=2),
    case("convolution in tiles, wide padding, even image", (16, 2, 4), nn.Conv2d(16, 16, 3, padding=(2, 1)), batch=1),
    case("convolution in tiles, pooling, ReLU", (16, 6, 9), nn.Conv2d(16, 24, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(), batch=2),
    case("convolution in tiles, ReLU, another pooling", (16, 7, 8), nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, stride=2, padding=1), batch=2),
    case("convolution in strips of tiles", (1, 16, 100), nn.Conv2d(1, 16, 3, padding=1), nn.Tanh(), nn.Conv2d(16, 16, 3, padding=1), nn.MaxPool2d(2), nn.Tanh(), nn.Conv2d(16, 1, 3), batch=1),
]

cases += [
    case("softmax", (19,), nn.Softmax(1), scale=2.0),
    case("softmax of large numbers, between linear layers", (5,), nn.Linear(5, 33), nn.Softmax(1), nn.Linear(33, 4), scale=20.0),
]

# Transposed convolutions by phases, by tables and turned around.
cases += [
    case("transposed convolution 4×4, stride 2", (5, 4, 3), nn.ConvTranspose2d(5, 16, 4, stride=2, padding=1), nn.ReLU(), batch=2),
    case("transposed convolution 4×4, stride 2, many channels", (12, 5, 3), nn.ConvTranspose2d(12, 48, 4, stride=2, padding=1), nn.SiLU(), batch=3),
    case("transposed convolution 4×4, stride 2, to three planes", (18, 5, 4), nn.ConvTranspose2d(18, 3, 4, stride=2, padding=1), nn.Sigmoid(), batch=2),
    case("transposed convolution 4×4, stride 2, to one plane", (16, 7, 5), nn.ConvTranspose2d(16, 1, 4, stride=2, padding=1), nn.Sigmoid()),
    case("transposed convolution 3×3, stride 2, to one plane of odd width", (20, 4, 3), nn.ConvTranspose2d(20, 1, 3, stride=2, padding=1), batch=2),
    case("transposed convolution 3×3, stride 2, output padding, to two planes", (9, 3, 4), nn.ConvTranspose2d(9, 2, 3, stride=2, padding=1, output_padding=1), nn.Tanh(), batch=1),
    case("transposed convolution 2×2, stride 2", (7, 5, 6), nn.ConvTranspose2d(7, 32, 2, stride=2, bias=False), batch=2),
    case("transposed convolution 5×5, stride 2, output padding", (6, 4, 5), nn.ConvTranspose2d(6, 18, 5, stride=2, padding=2, output_padding=1), nn.LeakyReLU(0.2), batch=2),
    case("transposed convolution 5×4, stride 3×1, wide padding", (4, 5, 6), nn.ConvTranspose2d(4, 16, (5, 4), stride=(3, 1), padding=(2, 2), output_padding=(2, 0)), batch=2),
    case("transposed convolution 2×3, stride 3: outputs that see nothing", (5, 3, 4), nn.ConvTranspose2d(5, 16, (2, 3), stride=3), nn.Softplus(), batch=2),
    case("transposed convolution from one pixel", (19, 1, 1), nn.ConvTranspose2d(19, 32, 4, bias=False), nn.BatchNorm2d(32), nn.ReLU(), batch=5),
    case("transposed convolution from one pixel, padded", (6, 1, 1), nn.ConvTranspose2d(6, 8, 4, stride=2, padding=1), batch=2),
    case("transposed convolution from one row", (6, 1, 5), nn.ConvTranspose2d(6, 16, 4, stride=2, padding=1), nn.Tanh(), batch=2),
    case("transposed convolution of stride 1 in tiles", (16, 5, 7), nn.ConvTranspose2d(16, 24, 3, padding=1), nn.ReLU(), batch=2),
    case("transposed convolution of stride 1 without padding", (16, 4, 5), nn.ConvTranspose2d(16, 16, 3), nn.ReLU(), batch=1),
    case("transposed convolution of stride 1 to one plane", (32, 6, 5), nn.ConvTranspose2d(32, 1, 3, padding=1), nn.Sigmoid(), batch=2),
    case("transposed convolution of stride 1, 5×2, to three planes", (9, 6, 5), nn.ConvTranspose2d(9, 3, (5, 2), padding=(2, 1)), nn.Sigmoid(), batch=2),
    case("transposed convolution of stride 1, 5×5", (9, 6, 5), nn.ConvTranspose2d(9, 16, 5, padding=2), nn.SiLU(), batch=2),
    case("transposed convolutions in a chain, one image in parts", (3,), nn.Linear(3, 192), nn.SiLU(), nn.Unflatten(1, (12, 4, 4)), nn.ConvTranspose2d(12, 32, 4, stride=2, padding=1), nn.Tanh(), nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1, output_padding=1), nn.LeakyReLU(0.1), nn.ConvTranspose2d(16, 3, 4, stride=2, padding=1), nn.Sigmoid(), batch=3),
    case("transposed convolution 4×4, stride 2, in tiles", (16, 7, 8), nn.ConvTranspose2d(16, 24, 4, stride=2, padding=1), nn.Tanh(), batch=3),
    case("transposed convolutions in tiles, one image in parts", (16, 9, 7), nn.ConvTranspose2d(16, 16, 4, stride=2, padding=1, bias=False), nn.SiLU(), nn.ConvTranspose2d(16, 3, 4, stride=2, padding=1), nn.Sigmoid(), batch=1),
    case("convolution by tables, strided", (7, 9, 8), nn.Conv2d(7, 32, (4, 3), stride=2, padding=(2, 1)), nn.ReLU(), batch=2),
    case("convolution by tables, 5×5, to three planes", (16, 8, 6), nn.Conv2d(16, 3, 5, stride=(1, 3), padding=2), nn.Sigmoid(), batch=2),
    case("convolution by tables, 1×1", (24, 5, 6), nn.Conv2d(24, 32, 1), nn.SiLU(), batch=2),
    case("convolution to three planes, large", (16, 12, 14), nn.Conv2d(16, 3, 3, padding=1), nn.Sigmoid(), batch=1),
    case("up-sampled convolutions, one image in parts", (24, 6, 5), nn.Upsample(scale_factor=2), nn.Conv2d(24, 16, 3, padding=1), nn.SiLU(), nn.Upsample(scale_factor=2), nn.Conv2d(16, 16, 3, padding=1), nn.Tanh(), batch=2),
    case("convolutions in tiles, one image in parts", (16, 17, 14), nn.Conv2d(16, 24, 3, padding=1), nn.ReLU(), nn.Conv2d(24, 16, 3, padding=1), nn.Tanh(), batch=1),
    case("linear layers of a batch of twenty", (19,), nn.Linear(19, 72), nn.ReLU(), nn.Linear(72, 147), nn.Sigmoid(), batch=20),
]

target = pathlib.Path(__file__).with_name("layers.json")


def compact(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [compact(v) for v in value]
    if isinstance(value, dict):
        return {k: compact(v) for k, v in value.items()}
    return value


target.write_text("[\n" + ",\n".join(json.dumps(compact(c), ensure_ascii=False) for c in cases) + "\n]\n")
print(len(cases), "cases,", target.stat().st_size // 1024, "KB")
