"""Measures the engine on decoders as people really have them, beside ONNX Runtime: the same random weights, in turns.

Eight networks, each for one point and for 64 points together. The table gives both times for each point, the median of
the ratios of the rounds with their range, and at the end one geometric mean over all of it. The images are compared
first. Machines that others share drift, and ratios within a round do not.

With --model FILE it measures a model of any format instead: beside the file itself where that is ONNX, beside --onnx OTHER,
or beside what `latentwalk convert` makes of it. What else is named (--stride 2, --pixel-range logits) is for the converter.

Called by Scripts/bench, which builds the program and the virtual environment.
"""
import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time

import numpy as np
import onnxruntime
import torch
from safetensors.torch import save_file
from torch import nn

from engine import Ours, median_time
from given import Given

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import graph_models as graph  # noqa: E402
from load_model import Network  # noqa: E402

COUNTS = (1, 64)


def mlp():
    return 20, (1, 28, 28), [nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784), nn.Unflatten(1, (1, 28, 28)), nn.Sigmoid()]


def keras():
    """The decoder of keras.io's VAE example."""
    return 2, (1, 28, 28), [
        nn.Linear(2, 3136), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
        nn.ConvTranspose2d(64, 64, 3, stride=2, padding=1, output_padding=1), nn.ReLU(),
        nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1), nn.ReLU(),
        nn.ConvTranspose2d(32, 1, 3, padding=1), nn.Sigmoid()]


def small():
    """Two transposed convolutions of 4×4, as in many PyTorch tutorials."""
    return 8, (1, 28, 28), [
        nn.Linear(8, 3136), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
        nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1), nn.ReLU(),
        nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1), nn.Sigmoid()]


def doubling(channels, activation):
    """Transposed convolutions of 4×4 that double the image, each with batch normalization."""
    for inputs, outputs in zip(channels, channels[1:]):
        yield from (nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(outputs),
                    activation())


def color():
    return 32, (3, 64, 64), [
        nn.Linear(32, 4096), nn.Unflatten(1, (256, 4, 4)), *doubling((256, 128, 64, 32), nn.ReLU),
        nn.ConvTranspose2d(32, 3, 4, stride=2, padding=1), nn.Sigmoid()]


def dcgan():
    """The generator of DCGAN (Radford et al. 2015), 64×64."""
    return 100, (3, 64, 64), [
        nn.Unflatten(1, (100, 1, 1)), nn.ConvTranspose2d(100, 512, 4, bias=False), nn.BatchNorm2d(512), nn.ReLU(),
        *doubling((512, 256, 128, 64), nn.ReLU), nn.ConvTranspose2d(64, 3, 4, stride=2, padding=1), nn.Sigmoid()]


def upsampling():
    layers = [nn.Linear(32, 4096), nn.Unflatten(1, (256, 4, 4))]
    for inputs, outputs in ((256, 128), (128, 64), (64, 32), (32, 16)):
        layers += [nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
                   nn.BatchNorm2d(outputs), nn.SiLU()]
    return 32, (3, 64, 64), layers + [nn.Conv2d(16, 3, 3, padding=1), nn.Sigmoid()]


def residual():
    """Residual blocks with group normalization, as diffusion's autoencoders have them, to 3×64×64."""
    layers = [graph.linear(32, 128 * 64, "z", name="in"),
              graph.layer("Unflatten", dim=1, unflattened_size=[128, 8, 8], name="level0")]
    last = "level0"
    for level, (inputs, outputs) in enumerate(((128, 64), (64, 32), (32, 32))):
        layers += graph.residual(inputs, last, f"block{level}")
        layers += [graph.layer("Upsample", f"block{level}", name=f"up{level}", scale_factor=2, mode="nearest"),
                   graph.convolution(inputs, outputs, name=f"level{level + 1}")]
        last = f"level{level + 1}"
    layers += [graph.layer("GroupNorm", last, name="norm", num_groups=4, num_channels=32), graph.layer("SiLU"),
               graph.convolution(32, 3, name="out"), graph.layer("Sigmoid")]
    return 32, (3, 64, 64), layers


def taesd():
    """The decoder of TAESD: 4×16×16 to 3×128×128, random weights."""
    def block(source, name):
        inner = [graph.convolution(64, 64, source, name=f"{name}.0"), graph.layer("ReLU"),
                 graph.convolution(64, 64), graph.layer("ReLU"), graph.convolution(64, 64, name=f"{name}.4")]
        for index in (1, 2, 3):
            inner[index]["name"] = f"{name}.{index}"
        return inner + [graph.layer("add", f"{name}.4", source, name=f"{name}.sum"), graph.layer("ReLU", name=name)]

    layers = [graph.layer("div", "z", name="small", other=3), graph.layer("Tanh", name="bounded"),
              graph.layer("mul", name="latent", other=3), graph.convolution(4, 64, name="in"),
              graph.layer("ReLU", name="level0")]
    last = "level0"
    for level in range(3):
        for number in range(3):
            layers += block(last, f"block{level}{number}")
            last = f"block{level}{number}"
        layers += [graph.layer("Upsample", last, name=f"up{level}", scale_factor=2, mode="nearest"),
                   graph.convolution(64, 64, name=f"level{level + 1}", bias=False)]
        last = f"level{level + 1}"
    return [4, 16, 16], (3, 128, 128), layers + block(last, "end") + [graph.convolution(64, 3, "end", name="out")]


NETWORKS = {
    "MLP 20→400→784": mlp,
    "keras.io: T64, T32 (3×3, stride 2), T1": keras,
    "T32, T1 (4×4, stride 2)": small,
    "256×4×4, T128, T64, T32, T3 (4×4), BN": color,
    "DCGAN: 512×4×4, T256, T128, T64, T3, BN": dcgan,
    "×2 and 3×3 convolution four times, BN, SiLU": upsampling,
    "residual blocks, group normalization, SiLU": residual,
    "TAESD: 4×16×16 to 3×128×128, residual 64": taesd,
}


def describe(layer):
    """A layer as the checkpoint's metadata has it."""
    kind = type(layer).__name__
    if kind == "Linear":
        return dict(type=kind, in_features=layer.in_features, out_features=layer.out_features)
    if kind in ("Conv2d", "ConvTranspose2d"):
        settings = dict(type=kind, in_channels=layer.in_channels, out_channels=layer.out_channels,
                        kernel_size=list(layer.kernel_size), stride=list(layer.stride), padding=list(layer.padding),
                        bias=layer.bias is not None)
        if kind == "ConvTranspose2d":
            settings["output_padding"] = list(layer.output_padding)
        return settings
    if kind == "BatchNorm2d":
        return dict(type=kind, num_features=layer.num_features, eps=layer.eps)
    if kind == "Upsample":
        return dict(type=kind, scale_factor=2, mode="nearest")
    if kind == "Unflatten":
        return dict(type=kind, dim=1, unflattened_size=list(layer.unflattened_size))
    return dict(type=kind)


def build(latents, shape, layers):
    """A decoder in PyTorch, and its architecture: a chain of modules, or a graph in the checkpoint's own words."""
    if isinstance(layers[0], nn.Module):
        decoder, described = nn.Sequential(*layers), [describe(layer) for layer in layers]
        tensors = {f"decoder.{name}": tensor for name, tensor in decoder.state_dict().items()}
    else:
        described = {"inputs": [graph.LATENT], "layers": layers}
        decoder = Network(described)
        tensors = {f"decoder.{name}.{key}": tensor for name, layer in zip(decoder.names, decoder.layers)
                   for key, tensor in layer.state_dict().items()}
    for module in decoder.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.GroupNorm)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.1)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    architecture = dict(version=2, image=list(shape), latent=latents, decoder=described)
    return decoder.eval(), architecture, tensors


class Pair:
    """One network in both engines."""
    tolerance = 1e-4

    def __init__(self, make, program, folder, threads):
        latents, self.shape, layers = make()
        self.latent = latents if isinstance(latents, list) else [latents]
        self.latents = int(np.prod(self.latent))
        self.decoder, architecture, tensors = build(latents, self.shape, layers)
        model, exported = os.path.join(folder, "model.safetensors"), os.path.join(folder, "decoder.onnx")
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()
                   if not name.endswith("num_batches_tracked")}, model,
                  metadata=dict(format="pt", latentwalk=json.dumps(architecture)))
        torch.onnx.export(self.decoder, torch.zeros(1, *self.latent), exported, input_names=["z"],
                          output_names=["image"], dynamic_axes={"z": {0: "n"}, "image": {0: "n"}}, dynamo=False)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(exported, options, providers=["CPUExecutionProvider"])
        self.ours = Ours(program, model, threads)

    def points(self, count):
        return ((np.arange(count * self.latents) * 7919 % 601).astype(np.float32) / 100 - 3).reshape(
            count, *self.latent)

    def difference(self, count):
        """The largest, of our images from ONNX Runtime's and PyTorch's in double precision."""
        ours = np.array(self.ours.ask("outputs", count).split(), dtype=np.float32).reshape(count, *self.shape)
        theirs = self.session.run(None, {"z": self.points(count)})[0]
        with torch.no_grad():
            truth = self.decoder.double()(torch.from_numpy(self.points(count)).double()).numpy()
        self.decoder.float()
        return max(np.abs(ours - theirs).max(), np.abs(ours - truth).max())

    def run(self, count):
        """What has ONNX Runtime answer `count` points, as a call without arguments."""
        z = self.points(count)
        return lambda: self.session.run(None, {"z": z})


def turn(pair, count):
    """Seconds a point: ours, theirs."""
    # About a third of a second each.
    once = pair.ours.decode(count, 3)
    repeats = int(min(300, max(3, 0.3 / once)))
    ours = pair.ours.decode(count, repeats) / count
    time.sleep(0.1)  # the last one's threads spin on for a while
    theirs = median_time(pair.run(count), repeats) / count
    time.sleep(0.1)
    return ours, theirs


def measure(pair, rounds):
    """Prints a network's lines, and returns its ratios."""
    ratios = []
    for count in COUNTS:
        times = [turn(pair, count) for _ in range(rounds)]
        each = [theirs / ours for ours, theirs in times]
        ours, theirs = (statistics.median(column) * 1e6 for column in zip(*times))
        ratios.append(statistics.median(each))
        points = "one point" if count == 1 else f"{count} points, each"
        print(f"  {points:18s} {ours:8.1f} µs   ONNX Runtime {theirs:8.1f} µs   ratio {ratios[-1]:5.2f}×   "
              f"({min(each):.2f}–{max(each):.2f})", flush=True)
    return ratios


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="networks whose name contains this")
    parser.add_argument("--model", action="append", help="a model's file, of any format; may be named several times")
    parser.add_argument("--onnx", help="what ONNX Runtime runs in its place")
    options, rest = parser.parse_known_args()
    if rest and not options.model:
        parser.error(f"unknown options: {' '.join(rest)}")

    def given(file):
        return lambda folder: Given(file, options.onnx, rest, options.program, folder, options.threads)

    def made(make):
        return lambda folder: Pair(make, options.program, folder, options.threads)

    torch.manual_seed(0)
    pairs = {os.path.basename(file): given(file) for file in options.model or []} or {
        name: made(make) for name, make in NETWORKS.items() if options.only in name}
    ratios, same = [], True
    for name, make in pairs.items():
        with tempfile.TemporaryDirectory() as folder:
            pair = make(folder)
            if not ratios:
                print(f"{options.threads} threads, {options.rounds} rounds in turns; ONNX Runtime "
                      f"{onnxruntime.__version__}, BLAS kernel {pair.ours.ask('kernel')}")
            difference = pair.difference(max(COUNTS))
            same = same and difference < pair.tolerance
            print(f"{name}: largest difference {difference:.1e}")
            ratios += measure(pair, options.rounds)
            pair.ours.process.kill()
    print(f"geometric mean of the ratios: {statistics.geometric_mean(ratios):.2f}×")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
