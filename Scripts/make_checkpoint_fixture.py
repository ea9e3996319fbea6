#!/usr/bin/env python3
"""Make the fixtures of Tests/CheckpointsTests: small models with every type of layer, and what PyTorch makes of them.

    python3 Scripts/make_checkpoint_fixture.py

Needs torch, numpy and safetensors. The same versions give the same bytes.
"""
import json
import pathlib

import torch
import graph_models
from load_model import load, make
from safetensors.torch import save_file
from torch import nn

FIXTURES = pathlib.Path(__file__).parent.parent / "Tests/CheckpointsTests/Fixtures"

ARCHITECTURE = {
    "version": 1,
    "input": [2, 9, 8],
    "latent": 3,
    "likelihood": "bernoulli",
    "encoder": [
        {"type": "Conv2d", "in_channels": 2, "out_channels": 4, "kernel_size": [3, 2], "stride": [2, 1],
         "padding": [1, 0], "bias": False},
        {"type": "BatchNorm2d", "num_features": 4, "eps": 0.001, "momentum": 0.2},
        {"type": "LeakyReLU", "negative_slope": 0.2},
        {"type": "MaxPool2d", "kernel_size": 2, "stride": [2, 1], "padding": [1, 0]},
        {"type": "SiLU"},
        {"type": "AvgPool2d", "kernel_size": 2, "padding": 1},
        {"type": "Flatten"},
        {"type": "Linear", "in_features": 32, "out_features": 5, "bias": False},
        {"type": "BatchNorm1d", "num_features": 5},
        {"type": "Tanh"},
        {"type": "Linear", "in_features": 5, "out_features": 6},
    ],
    "decoder": [
        {"type": "Linear", "in_features": 3, "out_features": 24, "bias": True},
        {"type": "ReLU"},
        {"type": "Unflatten", "dim": 1, "unflattened_size": [4, 3, 2]},
        {"type": "ConvTranspose2d", "in_channels": 4, "out_channels": 3, "kernel_size": [3, 2], "stride": 2,
         "padding": [1, 0], "output_padding": [0, 1]},
        {"type": "Softplus"},
        {"type": "Upsample", "scale_factor": [2, 2], "mode": "nearest"},
        {"type": "Conv2d", "in_channels": 3, "out_channels": 2, "kernel_size": [2, 3]},
        {"type": "Sigmoid"},
    ],
}
PROVENANCE = {
    "dataset": "noise",
    "recipe": "every-layer",
    "settings": {"epochs": "3", "batch size": "16"},
    "evaluation": {"data": "noise test", "images": 16, "reconstruction": 99.5, "kl": 0.25},
}


def sequential(layers):
    return nn.Sequential(*(make(layer) for layer in layers))


def save(tensors, name, metadata):
    path = FIXTURES / name
    save_file(tensors, path, {"format": "pt"} | {key: json.dumps(value) for key, value in metadata.items()})
    path.chmod(0o644)
    return path


def numbers(tensor):
    return {"shape": list(tensor.shape), "values": tensor.flatten().tolist()}


def graphs():
    """The models of graph_models.py: what their networks give for a few points and images."""
    torch.manual_seed(5)
    expected = {}
    for name, architecture in graph_models.MODELS.items():
        networks, tensors = graph_models.tensors(architecture)
        graph_models.save(architecture, tensors, FIXTURES / f"graph-{name}.safetensors")
        (FIXTURES / f"graph-{name}.safetensors").chmod(0o644)
        encoder, decoder, _ = load(FIXTURES / f"graph-{name}.safetensors")
        latent = architecture["latent"] if isinstance(architecture["latent"], list) else [architecture["latent"]]
        points = torch.randn(2, *latent)
        # What latentwalk gives the other inputs for class 3 and the condition 0.5, -1.
        others = {"conditional": [torch.eye(10)[[3, 3]]],
                  "decoder-alone": [torch.full((2, 1), 3.0), torch.tensor([[0.5, -1.0]] * 2), torch.zeros(2, 1, 8, 8)]}
        entry = {"points": numbers(points), "decoded": numbers(decoder(points, *others.get(name, [])))}
        if encoder is not None:
            images = torch.rand(2, *architecture["image"])
            entry["images"] = numbers(images)
            given = images * 2 - 1 if architecture.get("pixel_range") == [-1, 1] else images
            encoded = encoder(given, *others.get(name, []))
            entry["encoded"] = [numbers(value) for value in (encoded if isinstance(encoded, tuple) else (encoded,))]
        expected[name] = entry
    (FIXTURES / "graphs.json").write_text(json.dumps(expected) + "\n")


@torch.no_grad()
def main():
    torch.manual_seed(3)
    model = nn.ModuleDict({part: sequential(ARCHITECTURE[part]) for part in ("encoder", "decoder")})
    # A few batches, so that the running statistics are not their start values.
    for _ in range(3):
        model["encoder"](torch.rand(16, 2, 9, 8))
    state = model.state_dict()
    FIXTURES.mkdir(parents=True, exist_ok=True)
    path = save(state, "every-layer.safetensors", {"latentwalk": ARCHITECTURE, "provenance": PROVENANCE})

    encoder, decoder, _ = load(path)
    images, points = torch.rand(3, 2, 9, 8), torch.randn(4, 3)
    expected = {
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "tensors": {name: numbers(tensor) for name, tensor in state.items() if tensor.is_floating_point()},
        "images": numbers(images),
        "encoded": numbers(encoder(images)),
        "points": numbers(points),
        "decoded": numbers(decoder(points)),
    }
    (FIXTURES / "every-layer.json").write_text(json.dumps(expected) + "\n")

    graphs()

    # The same kind of model once more for each type of number, with values that show how each is read.
    layers = [{"type": "Linear", "in_features": 2, "out_features": 2, "bias": True}]
    small = {
        "version": 1, "input": [1, 1, 2], "latent": 1, "likelihood": "gaussian",
        "encoder": [{"type": "Flatten"}] + layers,
        "decoder": [{"type": "Linear", "in_features": 1, "out_features": 2},
                    {"type": "Unflatten", "dim": 1, "unflattened_size": [1, 1, 2]}],
    }
    tensors = {
        "encoder.1.weight": torch.tensor([[0.1, -2.0], [5.960464477539063e-08, 65504.0]], dtype=torch.float16),
        "encoder.1.bias": torch.tensor([1e-3, -3.3895313892515355e38], dtype=torch.bfloat16),
        "decoder.0.weight": torch.tensor([[0.1], [1e-40]], dtype=torch.float64),
        "decoder.0.bias": torch.tensor([float("inf"), -0.0], dtype=torch.float32),
    }
    save(tensors, "types.safetensors", {"latentwalk": small})
    bits = {name: tensor.float().flatten().view(torch.int32).tolist() for name, tensor in tensors.items()}
    (FIXTURES / "types.json").write_text(json.dumps(bits) + "\n")


if __name__ == "__main__":
    main()
