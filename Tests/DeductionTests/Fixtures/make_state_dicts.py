#!/usr/bin/env python3
"""Makes state-dicts.json and state-dicts.bin: small state dicts in many shapes, each with what its author's decoder gives.

    make_state_dicts.py [FOLDER WITH train-images-idx3-ubyte.gz]

With MNIST at hand it also trains a few models for some steps, for what only trying on pictures can tell; without it those
are left out. Weights are float16; expected values are PyTorch's, in float32, from the same rounded weights.
"""

import gzip
import itertools
import json
import struct
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from styles import STYLES, Act, Style

ACTIVATIONS = {
    "relu": F.relu, "leaky_relu:0.01": lambda x: F.leaky_relu(x, 0.01), "leaky_relu:0.2": lambda x: F.leaky_relu(x, 0.2),
    "tanh": torch.tanh, "elu": F.elu, "silu": F.silu, "gelu": F.gelu,
}

# How a decoder gets from a map's first side to the picture's: (kernel, stride, padding, output padding) of transposed
# convolutions, and what the encoder's convolutions are: (kernel, stride, padding).
WAYS = {
    "7-14-28 kernel 3": (7, [(3, 2, 1, 1)] * 2, [(3, 2, 1)] * 2),
    "7-14-28 kernel 4": (7, [(4, 2, 1, 0)] * 2, [(4, 2, 1)] * 2),
    "7-14-28 kernel 2": (7, [(2, 2, 0, 0)] * 2, [(2, 2, 0)] * 2),
    "7-14-28 kernel 5": (7, [(5, 2, 2, 1)] * 2, [(5, 2, 2)] * 2),
    "7-14-28 kernel 6": (7, [(6, 2, 2, 0)] * 2, [(3, 2, 1)] * 2),
    "7-14-28-28 kernel 3": (7, [(3, 2, 1, 1), (3, 2, 1, 1), (3, 1, 1, 0)], [(3, 2, 1)] * 2),
    "14-28 kernel 4": (14, [(4, 2, 1, 0)], [(4, 2, 1)]),
    "4-7-14-28 kernel 3": (4, [(3, 2, 1, 0), (3, 2, 1, 1), (3, 2, 1, 1)], [(3, 2, 1)] * 3),
    "3-7-14-28 kernel 3": (3, [(3, 2, 0, 0), (3, 2, 1, 1), (3, 2, 1, 1)], [(3, 2, 1), (3, 2, 1), (3, 2, 0)]),
    "1-7-14-28": (1, [(7, 1, 0, 0), (4, 2, 1, 0), (4, 2, 1, 0)], [(4, 2, 1), (4, 2, 1), (7, 1, 0)]),
    "4-8-16-32 kernel 4": (4, [(4, 2, 1, 0)] * 3, [(4, 2, 1)] * 3),
    "4-8-16-32 kernel 3": (4, [(3, 2, 1, 1)] * 3, [(3, 2, 1)] * 3),
    "8-16-32 kernel 4": (8, [(4, 2, 1, 0)] * 2, [(4, 2, 1)] * 2),
    "4-8-16-32-64 kernel 4": (4, [(4, 2, 1, 0)] * 4, [(4, 2, 1)] * 4),
    "8-16-32-64 kernel 3": (8, [(3, 2, 1, 1)] * 3, [(3, 2, 1)] * 3),
    "1-4-8-16-32-64 kernel 4": (1, [(4, 1, 0, 0)] + [(4, 2, 1, 0)] * 4, [(4, 2, 1)] * 4 + [(4, 1, 0)]),
}
# Enlarged by nearest neighbors before convolutions that keep the size.
ENLARGED = {"7-14-28 enlarged": 7, "8-16-32 enlarged": 8}


class Convolutional(Style):
    """Any way of WAYS in any naming: a Sequential for each half, layers with names, or halves with named layers."""

    def __init__(s, way, naming, norm, channels, activation, kind, pooled=False):
        super().__init__()
        s.d, s.naming, s.act, s.kind = 2, naming, ACTIVATIONS[activation], kind
        color = channels == 3
        widths = [4, 3, 2, 2, 2, 2]
        if way in ENLARGED:
            side, steps, back = ENLARGED[way], [(3, 1, 1, None)] * 2, [(3, 2, 1)] * 2
        else:
            side, steps, back = WAYS[way]
        outs = widths[1:len(steps)] + [channels]
        ins = widths[:len(steps)]
        s.first, s.side = ins[0], side
        size = side
        s.layers, s.norms = [], []
        for (k, st, p, op), i, o in zip(steps, ins, outs):
            s.layers.append(nn.Conv2d(i, o, k, 1, p) if op is None else nn.ConvTranspose2d(i, o, k, st, p, op))
            size = 2 * size if op is None else (size - 1) * st - 2 * p + k + op
        s.enlarges = way in ENLARGED
        s.image = (channels, size, size)
        s.norms = [nn.BatchNorm2d(o).eval() if norm else None for o in outs[:-1]] + [None]
        s.fc = nn.Linear(s.d, ins[0] * side * side)
        # The encoder, back from the picture.
        backs = list(reversed(ins))[:len(back)] if len(back) <= len(ins) else widths[:len(back)]
        backs = backs[:len(back) - 1] + [ins[0]]
        s.pooled = pooled
        s.convs = [nn.Conv2d(i, o, 3 if pooled else k, 1 if pooled else st, 1 if pooled else p)
                   for (k, st, p), i, o in zip(back, [channels] + backs[:-1], backs)]
        s.back_norms = [nn.BatchNorm2d(o).eval() if norm else None for o in backs]
        s.eval()
        with torch.no_grad():
            n = s.features(torch.zeros(1, *s.image)).shape[1]
        s.fc_mu, s.fc_logvar = nn.Linear(n, s.d), nn.Linear(n, s.d)

    def features(s, x):
        for conv, norm in zip(s.convs, s.back_norms):
            x = conv(x)
            x = s.act(norm(x) if norm else x)
            if s.pooled:
                x = F.max_pool2d(x, 2)
        return x.flatten(1)

    def encode(s, x, y=None):
        h = s.features(x)
        return s.fc_mu(h), s.fc_logvar(h)

    @property
    def activates(s):
        """People who write Sequentials seldom activate what the linear layer before them gives."""
        return s.naming != "Sequential"

    def decode(s, z, y=None):
        h = s.fc(z)
        h = (s.act(h) if s.activates else h).view(-1, s.first, s.side, s.side)
        for index, (layer, norm) in enumerate(zip(s.layers, s.norms)):
            if s.enlarges:
                h = F.interpolate(h, scale_factor=2)
            h = layer(h)
            h = norm(h) if norm else h
            if index < len(s.layers) - 1:
                h = s.act(h)
        return torch.sigmoid(h)

    def state_dict(s):
        out = {}

        def put(prefix, module):
            if module is not None:
                out.update({f"{prefix}.{k}": v for k, v in module.state_dict().items()})

        def half(layers, norms, word, conv, bn):
            number = 0
            for index, (layer, norm) in enumerate(zip(layers, norms)):
                if s.naming == "Sequential":
                    if s.enlarges and word == "decoder":
                        number += 1
                    put(f"{word}.{number}", layer)
                    number += 1
                    if norm:
                        put(f"{word}.{number}", norm)
                        number += 1
                    number += 2 if s.pooled and word == "encoder" else 1
                elif s.naming == "flat":
                    put(f"{conv}{index + 1}", layer)
                    put(f"{bn}{index + 1}", norm)
                else:
                    put(f"{word}.{conv}{index + 1}", layer)
                    put(f"{word}.{bn}{index + 1}", norm)

        inner = s.naming == "modules"
        if s.kind != "decoder alone":
            half(s.convs, s.back_norms, "encoder", "conv", "bn")
            put("encoder.fc_mu" if inner else "fc_mu", s.fc_mu)
            put("encoder.fc_logvar" if inner else "fc_logvar", s.fc_logvar)
        put("decoder.fc" if inner else "decoder_input" if s.naming == "Sequential" else "fc_dec", s.fc)
        half(s.layers, s.norms, "decoder", "deconv" if not s.enlarges else "conv" if inner else "dec_conv", "bn" if inner else "dec_bn")
        return out


class Writer:
    def __init__(self):
        self.data, self.cases = bytearray(), []

    def put(self, tensor, form):
        values = tensor.detach().reshape(-1).tolist()
        start = len(self.data)
        self.data += struct.pack(f"<{len(values)}{form}", *values)
        return start

    def add(self, name, group, model, first, options="", tried=None):
        model.eval()
        generator = torch.Generator().manual_seed(len(self.cases))
        z = torch.randn(2, *getattr(model, "map", (model.d,)), generator=generator).half().float()
        with torch.no_grad():
            out = model.decode(z, torch.full((2,), 4))
        pixels = torch.linspace(0, out[0].numel() - 1, 48).long()
        state = {k: v for k, v in model.state_dict().items() if v.dtype != torch.int64}
        case = {
            "name": name, "group": group, "first": first, "options": options, "shape": list(out.shape[1:]),
            "latents": z[0].numel(), "z": self.put(z, "f"), "pixels": pixels.tolist(),
            "output": self.put(out.reshape(2, -1)[:, pixels], "f"),
            "tensors": [[k, list(v.shape), self.put(v, "e")] for k, v in state.items()],
        }
        if tried is not None:
            case["tried"] = tried
        self.cases.append(case)


def shaken(model, seed):
    """Weights that make pictures, in float16."""
    torch.manual_seed(seed)
    modules = list(model.modules()) + getattr(model, "layers", []) + getattr(model, "norms", [])
    modules += getattr(model, "convs", []) + getattr(model, "back_norms", [])
    for module in filter(None, modules):
        if hasattr(module, "running_mean"):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
        for parameter in module.parameters(recurse=False):
            parameter.data.add_(0.15 * torch.randn_like(parameter))
    if getattr(model, "layers", None):
        # Logits of color that would leave 0…1, as trained ones do.
        model.layers[-1].weight.data.mul_(8)
        model.layers[-1].bias.data.sub_(1)
    return rounded(model)


def rounded(model):
    modules = list(model.modules()) + getattr(model, "layers", []) + getattr(model, "norms", [])
    modules += getattr(model, "convs", []) + getattr(model, "back_norms", [])
    for module in filter(None, modules):
        for tensor in itertools.chain(module.parameters(recurse=False), module.buffers(recurse=False)):
            if tensor.dtype == torch.float32:
                tensor.data.copy_(tensor.data.half().float())
    for norm in filter(None, getattr(model, "norms", [])):
        norm.eval()
    return model.eval()


def combinations(writer):
    seed = 0
    for way, naming, norm in itertools.product(list(WAYS) + list(ENLARGED), ["Sequential", "flat", "modules"], [False, True]):
        is28 = way.split(" ")[0].endswith("28")
        for channels, kind in [(1 if is28 else 3, "both halves"), (1 if is28 else 3, "decoder alone")]:
            seed += 1
            usual = "leaky_relu:0.01" if channels == 3 and norm else "relu"
            model = shaken(Convolutional(way, naming, norm, channels, usual, kind), seed)
            name = f"{way}, {naming}{', batch normalization' if norm else ''}, {kind}"
            writer.add(name, f"convolutions, {naming}, {kind}", model, True)
    for naming, norm, way in itertools.product(["Sequential", "flat", "modules"], [False, True], ["7-14-28 kernel 3", "7-14-28 kernel 4"]):
        seed += 1
        model = shaken(Convolutional(way, naming, norm, 1, "relu", "both halves", pooled=True), seed)
        writer.add(f"{way}, {naming}, pooled{', batch normalization' if norm else ''}", "encoders that pool", model, True)


def styles(writer):
    for seed, (name, cls) in enumerate(STYLES.items()):
        torch.manual_seed(seed)
        model = shaken(cls(1 if "Linear(784" in Path(__file__).with_name("styles.py").read_text().split(f"class {name}(")[1].split("@style")[0] else 2, 3, F.relu), seed)
        group = "conditional" if cls.classes else "forty authors' styles"
        writer.add(name, group, model, True)


def otherwise(writer):
    """What a file cannot tell without pictures: found when one option says it."""
    seed = 900
    for name, activation in itertools.product(["ConvFlat", "ConvBatchNorm", "ConvOneSequential"], list(ACTIVATIONS)[1:]):
        seed += 1
        torch.manual_seed(seed)
        model = shaken(STYLES[name](2, 3, ACTIVATIONS[activation]), seed)
        writer.add(f"{name}, {activation}", "other activations", model, False, f"activation={activation}")


TRAINED = [("Joint", "relu"), ("Letters", "tanh"), ("ConvFlat", "silu"), ("Conv4To28", "relu"), ("ConvPool", "relu"),
           ("Example", "leaky_relu:0.2"), ("Example", "elu")]
WIDTHS = {"Joint": 2, "Letters": 2, "Example": 8}


def trained(writer, folder, wanted=TRAINED):
    def read(name, skip):
        return gzip.open(Path(folder) / name).read()[skip:]

    pictures = torch.frombuffer(bytearray(read("train-images-idx3-ubyte.gz", 16)), dtype=torch.uint8)
    pictures = pictures.view(-1, 1, 28, 28)[:8000].float() / 255
    for name, activation in wanted:
        torch.manual_seed(3)
        model = STYLES[name](WIDTHS.get(name, 3), 4, ACTIVATIONS[activation]).train()
        optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
        for _ in range(250):
            x = pictures[torch.randint(0, len(pictures), (64,))]
            mean, logvar = model.encode(x)
            logvar = logvar.clamp(-12, 8)
            out = model.decode(mean + torch.exp(logvar / 2) * torch.randn_like(mean)).clamp(1e-6, 1 - 1e-6)
            loss = F.binary_cross_entropy(out, x, reduction="sum") - 0.5 * (1 + logvar - mean**2 - logvar.exp()).sum()
            optimizer.zero_grad()
            (loss / 64).backward()
            optimizer.step()
        writer.add(f"{name}, {activation}, trained", "trained", rounded(model), activation == "relu" , f"activation={activation}", True)
    writer.digits = writer.put(torch.round(pictures[7000:7024] * 255) , "e")


class Quiet(Convolutional):
    """Nothing stands between the linear layer and the convolutions, whatever the layers are called."""

    activates = False


def remembering(writer):
    """Batch normalizations that saw draws from the prior tell whether an activation stood before them."""
    for kind in ["both halves", "decoder alone"]:
        for cls, said in [(Quiet, "no activation"), (Convolutional, "an activation")]:
            model = shaken(cls("7-14-28 kernel 4", "flat", True, 1, "relu", kind), 77)
            for norm in filter(None, model.norms):
                norm.momentum = None
                norm.reset_running_stats()
                norm.train()
            with torch.no_grad():
                model.decode(torch.randn(4000, model.d))
            writer.add(f"{said} before convolutions, {kind}", "statistics", rounded(model), True)


def main():
    torch.set_num_threads(1)
    writer = Writer()
    writer.digits = None
    styles(writer)
    combinations(writer)
    otherwise(writer)
    if len(sys.argv) > 1:
        trained(writer, sys.argv[1])
    remembering(writer)
    here = Path(__file__).parent
    here.joinpath("state-dicts.bin").write_bytes(writer.data)
    here.joinpath("state-dicts.json").write_text(
        json.dumps({"digits": writer.digits, "cases": writer.cases}, separators=(",", ":")))
    print(len(writer.cases), "state dicts,", len(writer.data), "bytes")


if __name__ == "__main__":
    main()
