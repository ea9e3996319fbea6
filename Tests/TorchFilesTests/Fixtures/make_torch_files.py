#!/usr/bin/env python3
"""Makes the files of files/ as PyTorch and Python write them, and expected.json with the tensors that are in them.

    pip install torch numpy && Tests/TorchFilesTests/Fixtures/make_torch_files.py
"""
import argparse
import collections
import copy
import inspect
import json
import pathlib
import pickle
import shutil
import warnings
import zipfile

import numpy as np
import torch
from torch import nn
from torch.nn import functional

FOLDER = pathlib.Path(__file__).resolve().parent / "files"
warnings.filterwarnings("ignore")


class Small(nn.Module):
    """A VAE of a few numbers."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(6, 3), nn.BatchNorm1d(3), nn.ReLU())
        self.mu = nn.Linear(3, 2)
        self.decoder = nn.Sequential(
            nn.Linear(2, 8),
            nn.LeakyReLU(0.3),
            nn.Unflatten(1, (2, 2, 2)),
            nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True),
            nn.ConvTranspose2d(2, 1, 3, stride=2, padding=1, output_padding=1),
            nn.Sigmoid(),
        )
        self.activation = functional.relu
        self.latent_dim = 2
        self.register_buffer("passing", torch.ones(2), persistent=False)

    def forward(self, image):
        return self.decoder(self.mu(self.encoder(image)))


class Half(nn.Module):
    """A decoder alone, whose forward is written out."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 16)
        self.conv = nn.Conv2d(4, 1, 3, padding=1)

    def forward(self, z):
        hidden = functional.leaky_relu(self.fc(z), 0.1).view(-1, 4, 2, 2)
        hidden = functional.interpolate(hidden, scale_factor=2.0, mode="nearest")
        return torch.sigmoid(self.conv(hidden))


class Drawing(nn.Module):
    """A VAE that draws its latents, of vectors of pixels."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(16, 6)
        self.fc21 = nn.Linear(6, 2)
        self.fc22 = nn.Linear(6, 2)
        self.fc3 = nn.Linear(2, 16)

    def forward(self, image):
        hidden = functional.relu(self.fc1(image.view(-1, 16)))
        mean, log_variance = self.fc21(hidden), self.fc22(hidden)
        z = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
        return torch.tanh(self.fc3(z)), mean, log_variance


class Rich(nn.Module):
    """A plain autoencoder of many kinds of layers."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 2, 3, 2, 1), nn.PReLU(), nn.MaxPool2d(2), nn.GroupNorm(1, 2), nn.Flatten(), nn.Linear(8, 4)
        )
        self.decoder = nn.Sequential(
            nn.Linear(2, 16),
            nn.LayerNorm(16),
            nn.ELU(),
            nn.Unflatten(1, (4, 2, 2)),
            nn.PixelShuffle(2),
            nn.BatchNorm2d(1),
            nn.ConvTranspose2d(1, 2, 4, 2, 1),
            nn.ZeroPad2d(1),
            nn.AvgPool2d(3, 1),
            nn.Upsample(scale_factor=1, mode="bilinear"),
            nn.Dropout(0.2),
            nn.Conv2d(2, 1, 1),
        )

    def forward(self, image):
        first, second = torch.chunk(self.encoder(image), 2, dim=1)
        return (self.decoder(first).clamp(-1, 1) + 1) / 2, first, second


def save_script(module, path):
    """Leaves out the files for debuggers, which hold PyTorch's own sources."""
    whole = path.with_suffix(".whole")
    torch.jit.save(module, whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            if not name.endswith(".debug_pkl"):
                target.writestr(name, source.read(name))
    whole.unlink()


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    torch.manual_seed(1)
    model = Small()
    state = model.state_dict()
    expected = {}

    def note(name, tensors):
        expected[name] = [
            {"name": key, "extents": list(value.shape), "values": value.detach().double().flatten().tolist()}
            for key, value in tensors.items()
        ]

    def save(name, thing, tensors, both=False, **options):
        torch.save(thing, FOLDER / f"{name}.pt", **options)
        note(f"{name}.pt", tensors)
        if both:
            torch.save(thing, FOLDER / f"{name}-stream.pt", _use_new_zipfile_serialization=False, **options)
            note(f"{name}-stream.pt", tensors)

    for protocol in 1, 2, 4, 5:
        save(f"state-{protocol}", state, state, both=True, pickle_protocol=protocol)
    for protocol in range(6):
        with open(FOLDER / f"plain-{protocol}.pkl", "wb") as file:
            pickle.dump(collections.OrderedDict(model.mu.state_dict()), file, protocol=protocol)
        note(f"plain-{protocol}.pkl", model.mu.state_dict())
        arrays = {"a.weight": np.arange(6, dtype=">f8").reshape(2, 3), "b.weight": np.ones((2, 2), order="F", dtype="f2")}
        arrays["b.weight"][0, 1] = 3
        with open(FOLDER / f"arrays-{protocol}.pkl", "wb") as file:
            pickle.dump(arrays, file, protocol=protocol)
        note(
            f"arrays-{protocol}.pkl",
            {name: torch.tensor(np.ascontiguousarray(array).astype("f8")) for name, array in arrays.items()},
        )

    numbers = {
        str(kind)[6:]: torch.arange(-3, 3).to(kind).view(2, 3)
        for kind in (torch.float64, torch.float16, torch.bfloat16, torch.int8, torch.int16, torch.int32, torch.int64)
    } | {"bool": torch.tensor([[True, False]]), "uint8": torch.tensor([[0, 255]], dtype=torch.uint8)}
    save("types", numbers, numbers, both=True)
    rare = {
        str(kind)[6:]: torch.arange(6).to(kind).view(2, 3)
        for kind in (torch.float8_e4m3fn, torch.float8_e5m2, torch.uint16, torch.uint32)
    }
    save("types-rare", rare, rare)
    base = torch.arange(40).float()
    views = {
        "whole": base[3:15].view(3, 4),
        "transposed": base[10:30].view(4, 5).t(),
        "strided": base.as_strided((3, 4), (2, 9), 5),
        "expanded": torch.full((1,), 3.0).expand(3, 4),
        "one": base.as_strided((1, 3), (77, 1), 2),
        "number": base[7],
        "nothing": base[:0],
    }
    save("views", views, views, both=True)
    checkpoint = {
        "epoch": 3,
        "ema_state_dict": {name: value + 1 for name, value in state.items()},
        "model_state_dict": state,
        "optimizer_state_dict": {"state": {0: {"exp_avg": torch.ones(3, 6)}}, "param_groups": [{"lr": 0.1}]},
        "loss": torch.tensor(0.25),
        "args": argparse.Namespace(z_dim=2, hidden=[8, 4], name="small", rate=np.float64(0.5)),
    }
    save("checkpoint", checkpoint, state, both=True)
    lightning = {
        "epoch": 1,
        "pytorch-lightning_version": "2.1.0",
        "state_dict": {f"model.{name}": value for name, value in state.items()},
        "callbacks": {"ModelCheckpoint": {"best_model_score": torch.ones(2, 2)}},
        "optimizer_states": [{"state": {0: {"exp_avg": torch.ones(3, 6)}}}],
        "hyper_parameters": {"latent_dim": 2, "activation": nn.ReLU},
    }
    save("lightning", lightning, state)
    save("wrapped", {f"module._orig_mod.vae.{name}": value for name, value in state.items()}, state)
    beside = {f"model.{name}": value for name, value in state.items()}
    beside |= {f"model_ema.{name.replace('.', '')}": value for name, value in state.items()}
    save("beside", beside | {"lpips.weight": torch.ones(2, 2)}, state)
    halves = {"encoder_state_dict": model.encoder.state_dict(), "decoder_state_dict": model.decoder.state_dict()}
    save(
        "halves",
        halves | {"optimizer": {}},
        {f"{half[:7]}.{name}": value for half, part in halves.items() for name, value in part.items()},
    )
    layers = {"fc1": {"weight": torch.ones(2, 3), "bias": torch.ones(2)}, "fc2": {"weight": torch.ones(3, 2)}}
    save("layers", layers, {f"{layer}.{name}": value for layer, part in layers.items() for name, value in part.items()})
    save("module", model, state)
    # The stream of a module would hold the sources of its classes.
    kept, inspect.getsource = inspect.getsource, lambda _: ""
    lines, inspect.getsourcelines = inspect.getsourcelines, lambda _: ([""], 0)
    save("module-stream", model, state, _use_new_zipfile_serialization=False)
    inspect.getsource, inspect.getsourcelines = kept, lines
    save("module-parallel", {"net": nn.DataParallel(copy.deepcopy(model)), "epoch": 2}, state)

    learner = argparse.Namespace(learner=argparse.Namespace(model=model), opt=torch.optim.Adam(model.parameters()))
    save("learner", learner, state)
    # Without the parentheses of a call.
    save("method", {"state_dict": model.state_dict}, state)

    model.eval()
    scripted = torch.jit.script(nn.Sequential(nn.Linear(2, 4), nn.LeakyReLU(0.3), nn.Sequential(nn.Conv2d(1, 1, 3, stride=2))))
    save_script(scripted, FOLDER / "scripted.pt")
    note("scripted.pt", scripted.state_dict())
    traced = torch.jit.trace(model, torch.zeros(1, 6))
    save_script(traced, FOLDER / "traced.pt")
    note("traced.pt", traced.state_dict())
    calls = {}
    for name, program, taken in (
        ("half", Half(), torch.tensor([[0.5, -1]])),
        ("drawing", Drawing(), torch.arange(16).view(1, 16) / 16),
        ("rich", Rich(), torch.arange(64).view(1, 1, 8, 8) / 64),
    ):
        program.eval()
        # The point that is drawn is the mean.
        draw, torch.randn_like = torch.randn_like, torch.zeros_like
        outputs = program(taken)
        torch.randn_like = draw
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        scripted = torch.jit.script(program)
        programs = {"traced": torch.jit.trace(program, taken, check_trace=False), "frozen": torch.jit.freeze(scripted)}
        # The others' code would be that of PyTorch's functions.
        if name == "drawing":
            programs["scripted"] = scripted
        for kind, script in programs.items():
            file = f"program-{name}-{kind}.pt"
            save_script(script, FOLDER / file)
            calls[file] = {"input": taken.flatten().tolist(), "outputs": [each.flatten().tolist() for each in outputs]}
    (FOLDER / "calls.json").write_text(json.dumps(calls) + "\n")

    torch.serialization.set_crc32_options(False)
    save("unchecked", layers["fc1"], layers["fc1"])
    torch.serialization.set_crc32_options(True)
    with zipfile.ZipFile(FOLDER / "state-2.pt") as source:
        with zipfile.ZipFile(FOLDER / "deflated.pt", "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                target.writestr(name, source.read(name))
    note("deflated.pt", state)

    class Call:
        def __reduce__(self):
            return print, ("this was run",)

    save("call", {"harm": Call(), "weight": torch.ones(2, 2)}, {"weight": torch.ones(2, 2)})
    others = {
        "empty": {},
        "list": [torch.ones(2, 2), torch.ones(2)],
        "tensor": torch.ones(2, 2),
        "number": 3,
        "training": {"optimizer": {"state": {0: {"exp_avg": torch.ones(3, 3)}}}},
        "biases": {"a": torch.ones(3)},
        "plain": {"epoch": 3, "name": "small"},
        "complex": {"w": torch.ones(2, 2, dtype=torch.complex64)},
        "quantized": {"w": torch.quantize_per_tensor(torch.ones(2, 2), 0.1, 0, torch.qint8)},
        "sparse": {"w": torch.eye(2).to_sparse()},
        "meta": {"w": torch.ones(2, 2, device="meta")},
        "huge": {"w": torch.ones(1).expand(100_000, 100_000)},
    }
    for name, thing in others.items():
        torch.save(thing, FOLDER / f"other-{name}.pt")
        torch.save(thing, FOLDER / f"other-{name}-stream.pt", _use_new_zipfile_serialization=False)
    lines = [f"{json.dumps(name)}: {json.dumps(tensors)}" for name, tensors in expected.items()]
    (FOLDER / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
