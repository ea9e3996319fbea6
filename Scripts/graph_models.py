"""Small models that only version 2 of the native checkpoint can hold, with random weights.

    python3 Scripts/graph_models.py FOLDER     writes each as FOLDER/NAME.safetensors

Needs torch, numpy and safetensors. make_checkpoint_fixture.py makes fixtures of them.
"""
import json
import pathlib
import sys

import torch
from load_model import Network
from safetensors.torch import save_file


def layer(type, *inputs, name=None, **keywords):
    found = {"type": type, **keywords}
    if name:
        found["name"] = name
    if inputs:
        found["inputs"] = list(inputs)
    return found


def linear(inputs, outputs, *sources, name=None):
    return layer("Linear", *sources, name=name, in_features=inputs, out_features=outputs)


def convolution(inputs, outputs, *sources, name=None, kernel=3, **keywords):
    return layer("Conv2d", *sources, name=name, in_channels=inputs, out_channels=outputs, kernel_size=kernel,
                 padding=kernel // 2, **keywords)


LABEL = {"name": "label", "role": "label", "classes": 10, "coding": "one_hot"}
LATENT, IMAGE = {"name": "z", "role": "latent"}, {"name": "image", "role": "image"}

# A label joined to the image and to the point, as conditional VAEs have it; two heads by name.
CONDITIONAL = {
    "version": 2, "image": [1, 28, 28], "latent": 2, "likelihood": "bernoulli",
    "encoder": {
        "inputs": [IMAGE, LABEL],
        "layers": [layer("Flatten", "image", name="pixels", start_dim=1), layer("cat", "pixels", "label", name="both", dim=1),
                   linear(794, 48, name="fc1"), layer("ReLU", name="hidden"), linear(48, 2, "hidden", name="fc21"),
                   linear(48, 2, "hidden", name="fc22")],
        "outputs": ["fc21", "fc22"],
    },
    "decoder": {
        "inputs": [LATENT, LABEL],
        "layers": [layer("cat", "z", "label", name="both", dim=1), linear(12, 48, name="fc3"), layer("ReLU"),
                   linear(48, 784, name="fc4"), layer("Sigmoid"),
                   layer("Unflatten", dim=1, unflattened_size=[1, 28, 28])],
    },
}


def residual(channels, source, prefix):
    """GroupNorm, SiLU, convolution, twice, and what came in added."""
    return [
        layer("GroupNorm", source, name=f"{prefix}.norm1", num_groups=4, num_channels=channels), layer("SiLU", name=f"{prefix}.act1"),
        convolution(channels, channels, name=f"{prefix}.conv1"),
        layer("GroupNorm", name=f"{prefix}.norm2", num_groups=4, num_channels=channels), layer("SiLU", name=f"{prefix}.act2"),
        convolution(channels, channels, name=f"{prefix}.conv2"), layer("add", f"{prefix}.conv2", source, name=prefix),
    ]


# Residual blocks with group normalization, and one of attention; color in -1...1; posteriors by sigma.
RESIDUAL = {
    "version": 2, "image": [3, 32, 32], "latent": 2, "pixel_range": [-1, 1], "likelihood": "gaussian", "variance": 0.1,
    "second_head": "sigma",
    "encoder": {
        "inputs": [IMAGE],
        "layers": [convolution(3, 8, "image", name="in", stride=4), *residual(8, "in", "block"),
                   layer("AdaptiveAvgPool2d", output_size=2, name="pool"), layer("Flatten", start_dim=1, name="flat"),
                   linear(32, 2, "flat", name="mean"), linear(32, 2, "flat", name="raw"), layer("Softplus", "raw", name="sigma")],
        "outputs": ["mean", "sigma"],
    },
    "decoder": {
        "inputs": [LATENT],
        "layers": [
            linear(2, 128, "z", name="in"), layer("Unflatten", dim=1, unflattened_size=[8, 4, 4], name="map"),
            # One head of attention over the pixels.
            layer("GroupNorm", "map", name="norm", num_groups=2, num_channels=8),
            layer("reshape", "norm", name="pixels", shape=[8, 16]), layer("permute", name="tokens", dims=[0, 2, 1]),
            linear(8, 8, "tokens", name="query"), linear(8, 8, "tokens", name="key"), linear(8, 8, "tokens", name="value"),
            layer("transpose", "key", name="turned", dim0=1, dim1=2), layer("matmul", "query", "turned", name="scores"),
            layer("mul", "scores", name="scaled", other=0.35355339), layer("Softmax", name="weights", dim=-1),
            layer("matmul", "weights", "value", name="attended"), layer("permute", "attended", name="back", dims=[0, 2, 1]),
            layer("reshape", "back", name="attention", shape=[8, 4, 4]), layer("add", "map", "attention", name="sum"),
            *residual(8, "sum", "block1"), layer("Upsample", scale_factor=2, mode="nearest", name="up1"),
            *residual(8, "up1", "block2"), layer("Upsample", scale_factor=2, mode="bilinear", name="up2"),
            convolution(8, 12, "up2", name="wide"), layer("PixelShuffle", upscale_factor=2, name="up3"),
            convolution(3, 3, name="out"), layer("Tanh", name="colors"),
        ],
    },
}

# A decoder alone, of color with opacity, whose likelihood nobody knows; an embedded label and a condition.
DECODER = {
    "version": 2, "image": [4, 16, 16], "latent": 3,
    "decoder": {
        "inputs": [LATENT, {"name": "kind", "role": "label", "classes": 5, "coding": "index"},
                   {"name": "style", "role": "condition", "shape": [2]},
                   {"name": "noise", "role": "noise", "shape": [1, 8, 8]}],
        "layers": [layer("Embedding", "kind", name="row", num_embeddings=5, embedding_dim=4),
                   layer("Flatten", "row", name="embedded", start_dim=1),
                   layer("cat", "z", "embedded", "style", name="all", dim=1), linear(9, 256, name="fc"),
                   layer("LeakyReLU", negative_slope=0.2), layer("Unflatten", dim=1, unflattened_size=[4, 8, 8], name="map"),
                   layer("add", "map", "noise", name="noisy"),
                   layer("ConvTranspose2d", name="up", in_channels=4, out_channels=6, kernel_size=4, stride=2, padding=1),
                   layer("InstanceNorm2d", name="norm", num_features=6, affine=True), layer("GELU"),
                   convolution(6, 4, name="out"), layer("Sigmoid")],
    },
}

# A plain autoencoder whose point is a map, and whose decoder gives logits.
MAP = {
    "version": 2, "image": [1, 28, 28], "latent": [2, 7, 7], "pixel_range": "logits", "likelihood": "bernoulli",
    "second_head": "none",
    "encoder": [convolution(1, 8, stride=2), layer("ELU"), convolution(8, 2, stride=2), layer("Tanh")],
    "decoder": {
        "inputs": [LATENT],
        "layers": [layer("div", "z", name="small", other=3), layer("Tanh"), layer("mul", name="bounded", other=3),
                   convolution(2, 16, name="in"), layer("ReLU"), *residual(16, "4", "block"),
                   layer("Upsample", scale_factor=2, mode="nearest"), convolution(16, 8, name="mid"), layer("Mish"),
                   layer("Upsample", size=[28, 28], mode="bicubic"), convolution(8, 1, name="out")],
    },
}

MODELS = {"conditional": CONDITIONAL, "residual": RESIDUAL, "decoder-alone": DECODER, "map": MAP}


def tensors(architecture):
    """Random tensors, larger than PyTorch's own in biases, so that pictures differ from point to point."""
    networks, found = {}, {}
    for part in ("encoder", "decoder"):
        if part not in architecture:
            continue
        network = networks[part] = Network(architecture[part])
        for name, module in zip(network.names, network.layers):
            for key, value in module.state_dict().items():
                if value.is_floating_point() and value.dim() > 1:
                    value.mul_(2.0)
                found[f"{part}.{name}.{key}"] = value
        network.eval()
    return networks, found


def save(architecture, found, path):
    save_file({name: value.contiguous() for name, value in found.items()}, path,
              {"format": "pt", "latentwalk": json.dumps(architecture)})


def main(folder):
    torch.manual_seed(5)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, architecture in MODELS.items():
        save(architecture, tensors(architecture)[1], folder / f"{name}.safetensors")
        print(folder / f"{name}.safetensors")


if __name__ == "__main__":
    main(*sys.argv[1:])
