"""Measures latentwalk's engine beside PyTorch and ONNX Runtime: the reference network, the same weights, in turns.

Each round times every contender once for each task; the table gives each one's median and the median of the ratios of
the rounds, with their range. Machines that others share drift, and ratios within a round do not.

Called by Scripts/bench, which builds the program and the virtual environment.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnxruntime
import torch
from safetensors.torch import save_file
from torch import nn

LATENTS = 2


def reference():
    """The reference network: ENGINE's measure, a textbook's convolutional VAE."""
    encoder = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3136, 256), nn.ReLU(), nn.Linear(256, 2 * LATENTS))
    decoder = nn.Sequential(
        nn.Linear(LATENTS, 256), nn.ReLU(), nn.Linear(256, 3136), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
        nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(64, 32, 3, padding=1), nn.ReLU(),
        nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(32, 16, 3, padding=1), nn.ReLU(),
        nn.Conv2d(16, 1, 3, padding=1), nn.Sigmoid())
    return encoder, decoder


def describe(layer):
    kind = type(layer).__name__
    if kind == "Linear":
        return dict(type=kind, in_features=layer.in_features, out_features=layer.out_features)
    if kind == "Conv2d":
        return dict(type=kind, in_channels=layer.in_channels, out_channels=layer.out_channels, kernel_size=3, padding=1)
    if kind == "MaxPool2d":
        return dict(type=kind, kernel_size=2)
    if kind == "Upsample":
        return dict(type=kind, scale_factor=2, mode="nearest")
    if kind == "Unflatten":
        return dict(type=kind, dim=1, unflattened_size=list(layer.unflattened_size))
    return dict(type=kind)


def save(encoder, decoder, path):
    tensors = {f"{part}.{name}": tensor.contiguous() for part, network in (("encoder", encoder), ("decoder", decoder))
               for name, tensor in network.state_dict().items()}
    architecture = dict(version=1, input=[1, 28, 28], latent=LATENTS, likelihood="bernoulli",
                        encoder=[describe(l) for l in encoder], decoder=[describe(l) for l in decoder])
    save_file(tensors, path, metadata=dict(format="pt", latentwalk=json.dumps(architecture)))


def points(count):
    return ((np.arange(count * LATENTS) * 7919 % 601).astype(np.float32) / 100 - 3).reshape(count, LATENTS)


def images(count):
    return ((np.arange(count * 784) * 7919 % 256).astype(np.float32) / 255).reshape(count, 1, 28, 28)


def noise(count):
    return ((np.arange(count * LATENTS) * 7919 % 401).astype(np.float32) / 100 - 2).reshape(count, LATENTS)


def median_time(work, repeats):
    for _ in range(max(2, repeats // 10)):
        work()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


class Ours:
    """The engine's program, which answers a line for a line."""

    def __init__(self, program, model, threads):
        self.process = subprocess.Popen([program, model, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()

    def decode(self, count, repeats):
        return float(self.ask("decode", count, repeats))

    def train(self, batch, steps):
        return float(self.ask("train", batch, steps))


class Torch:
    """PyTorch, in one memory format, compiled or not."""

    def __init__(self, encoder, decoder, channels_last=False, compiled=False):
        import copy
        self.encoder, self.decoder = copy.deepcopy(encoder), copy.deepcopy(decoder)
        if channels_last:
            self.encoder.to(memory_format=torch.channels_last)
            self.decoder.to(memory_format=torch.channels_last)
        self.channels_last = channels_last
        self.run_decoder = torch.compile(self.decoder) if compiled else self.decoder
        self.logits = nn.Sequential(*list(self.decoder)[:-1])
        self.optimizer = torch.optim.Adam([*self.encoder.parameters(), *self.decoder.parameters()], lr=1e-3)
        self.objective = torch.compile(self.terms) if compiled else self.terms

    def decode(self, count, repeats):
        z = torch.from_numpy(points(count))
        with torch.inference_mode():
            return median_time(lambda: self.run_decoder(z), repeats)

    def terms(self, x, epsilon):
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        logits = self.logits(mean + torch.exp(0.5 * log_variance) * epsilon)
        reconstruction = nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl = 0.5 * (mean ** 2 + log_variance.exp() - log_variance - 1).sum()
        return reconstruction / len(x), kl / len(x)

    def train(self, batch, steps):
        x, epsilon = torch.from_numpy(images(batch)), torch.from_numpy(noise(batch))
        if self.channels_last:
            x = x.contiguous(memory_format=torch.channels_last)

        def step():
            self.optimizer.zero_grad(set_to_none=True)
            sum(self.objective(x, epsilon)).backward()
            self.optimizer.step()

        return median_time(step, steps)


class Onnx:
    """ONNX Runtime on the exported decoder."""

    def __init__(self, decoder, folder, threads):
        path = os.path.join(folder, "decoder.onnx")
        torch.onnx.export(decoder, torch.zeros(1, LATENTS), path, input_names=["z"], output_names=["image"],
                          dynamic_axes={"z": {0: "n"}, "image": {0: "n"}}, dynamo=False)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def run(self, z):
        return self.session.run(None, {"z": z})[0]

    def decode(self, count, repeats):
        z = points(count)
        return median_time(lambda: self.run(z), repeats)


def compare(ours, onnx, encoder, decoder):
    """The outputs and gradients are the same numbers, or nothing below means anything."""
    found = np.array(ours.ask("outputs", 400).split(), dtype=np.float32).reshape(400, 1, 28, 28)
    with torch.no_grad():
        truth = decoder.double()(torch.from_numpy(points(400)).double()).float().numpy()
    decoder.float()
    worst = max(np.abs(found - truth).max(), np.abs(found - onnx.run(points(400))).max())
    print(f"decoded images: largest difference from PyTorch (double) and ONNX Runtime {worst:.1e}")
    peer = Torch(encoder, decoder)
    terms = peer.terms(torch.from_numpy(images(16)), torch.from_numpy(noise(16)))
    sum(terms).backward()
    norms = {f"{part}.{name}": float(p.grad.norm()) for part, network in
             (("encoder", peer.encoder), ("decoder", peer.decoder)) for name, p in network.named_parameters()}
    answer = {k: float(v) for k, v in (pair.split("=") for pair in ours.ask("gradients", 16).split())}
    norms["reconstruction"], norms["kl"] = float(terms[0]), float(terms[1])
    gap = max(abs(answer[k] - v) / (abs(v) + 1e-6) for k, v in norms.items())
    print(f"objective and gradients: largest relative difference from PyTorch {gap:.1e}")
    return worst < 1e-4 and gap < 1e-3


def table(title, unit, scale, times, ours):
    print(f"\n{title}")
    for name, values in times.items():
        line = f"  {name:24s} {scale(statistics.median(values)):10.1f} {unit}"
        if name != ours:
            ratios = [theirs / mine for theirs, mine in zip(values, times[ours])]
            line += f"   ratio {statistics.median(ratios):5.2f}×   ({min(ratios):.2f}–{max(ratios):.2f})"
        print(line)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--no-train", action="store_true")
    parser.add_argument("--compile", action="store_true", help="also torch.compile (slow to start, needs a C++ compiler)")
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(options.threads)
    encoder, decoder = reference()
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "reference.safetensors")
        save(encoder, decoder, model)
        ours = Ours(options.program, model, options.threads)
        onnx = Onnx(decoder, folder, options.threads)
        torches = {"PyTorch": Torch(encoder, decoder), "PyTorch channels_last": Torch(encoder, decoder, True)}
        if options.compile:
            torches["torch.compile"] = Torch(encoder, decoder, True, True)
        print(f"{options.threads} threads, {options.rounds} rounds in turns; PyTorch {torch.__version__}, ONNX Runtime "
              f"{onnxruntime.__version__}, BLAS kernel {ours.ask('kernel')}")
        same = compare(ours, onnx, encoder, decoder)
        contenders = {"latentwalk": ours, "ONNX Runtime": onnx, **torches}
        tasks = [("decode 1 point", "µs", lambda s: s * 1e6, lambda c: c.decode(1, 2000), contenders),
                 ("decode 400 points, each", "µs", lambda s: s / 400 * 1e6, lambda c: c.decode(400, 5), contenders)]
        if not options.no_train:
            tasks.append(("train, batch 128", "images/s", lambda s: 128 / s, lambda c: c.train(128, 5),
                          {k: v for k, v in contenders.items() if k != "ONNX Runtime"}))
        times = [{name: [] for name in task[4]} for task in tasks]
        for _ in range(options.rounds):
            for task, results in zip(tasks, times):
                for name, contender in task[4].items():
                    time.sleep(0.2)  # the last one's threads spin on for a while
                    results[name].append(task[3](contender))
        for (title, unit, scale, _, _), results in zip(tasks, times):
            table(title, unit, scale, results, "latentwalk")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
