#!/usr/bin/env python3
"""Rebuild a latentwalk model in PyTorch, decode a point, encode an image, evaluate it.

    python3 load_model.py MODEL.safetensors                      the networks
    python3 load_model.py MODEL.safetensors --z -1.3,0.4         the image at a point, as text
    python3 load_model.py MODEL.safetensors --data FOLDER        -ELBO on t10k-images-idx3-ubyte[.gz] in FOLDER

Needs torch, numpy and safetensors.
"""
import argparse
import gzip
import json
import pathlib

import numpy
import torch
from safetensors import safe_open
from torch import nn
from torch.nn import functional

# Functions whose call differs from torch.NAME(value, ..., keywords); shapes in files are those of one sample.
SPECIAL = {
    "cat": lambda *values, dim: torch.cat(values, dim),
    "stack": lambda *values, dim: torch.stack(values, dim),
    "reshape": lambda value, shape: value.reshape(len(value), *shape),
    "expand": lambda value, size: value.expand(len(value), *size),
    "pad": functional.pad,
    "one_hot": lambda value, num_classes: functional.one_hot(value.long(), num_classes).float(),
    "index_select": lambda value, dim, index: value.index_select(dim, torch.tensor(index)),
    "where": lambda condition, a, b: torch.where(condition != 0, a, b),
}
COMPARISONS = ("gt", "ge", "lt", "le", "eq", "ne")


class Function(nn.Module):
    """A function of torch, on one value or more."""

    def __init__(self, name, keywords):
        super().__init__()
        self.name, self.keywords = name, keywords

    def forward(self, *values):
        call = SPECIAL.get(self.name) or getattr(torch, self.name)
        result = call(*values, **self.keywords)
        return result.float() if self.name in COMPARISONS else result


class Constant(nn.Module):
    """The same value for every sample."""

    def __init__(self, shape):
        super().__init__()
        self.register_buffer("value", torch.zeros(shape))

    def forward(self):
        return self.value[None]


class Embedding(nn.Embedding):
    """A row of a table for each number."""

    def forward(self, index):
        return super().forward(index.long().clamp(0, self.num_embeddings - 1))


def make(layer):
    """Each layer is the name of a torch.nn class, or of a torch function, and its keywords beside it."""
    keywords = {key: tuple(value) if isinstance(value, list) else value for key, value in layer.items()}
    kind = keywords.pop("type")
    if kind == "constant":
        return Constant(**keywords)
    if kind == "Embedding":
        return Embedding(**keywords)
    return getattr(nn, kind)(**keywords) if kind[0].isupper() else Function(kind, keywords)


class Network(nn.Module):
    """Layers that read values by name; in a plain list each reads the one before it."""

    def __init__(self, description):
        super().__init__()
        if isinstance(description, list):
            description = {"inputs": [{"name": "input"}], "layers": description}
        self.inputs = [given["name"] for given in description["inputs"]]
        self.layers, self.names, self.sources = nn.ModuleList(), [], []
        previous = self.inputs[0]
        for index, layer in enumerate(description["layers"]):
            layer = dict(layer)
            self.names.append(layer.pop("name", str(index)))
            self.sources.append(layer.pop("inputs", [previous]))
            self.layers.append(make(layer))
            previous = self.names[-1]
        self.outputs = description.get("outputs", [previous])

    def load(self, part, tensors):
        """Takes its tensors, named part.layer.weight, out of a file's."""
        for name, layer in zip(self.names, self.layers):
            own = [key for key in layer.state_dict() if not key.endswith("num_batches_tracked")]
            layer.load_state_dict({key: tensors.pop(f"{part}.{name}.{key}") for key in own}, strict=False)

    def forward(self, *values):
        known = dict(zip(self.inputs, values))
        for name, sources, layer in zip(self.names, self.sources, self.layers):
            known[name] = layer(*(known[source] for source in sources))
        outputs = tuple(known[name] for name in self.outputs)
        return outputs[0] if len(outputs) == 1 else outputs

    def __len__(self):
        return len(self.layers)


def load(path):
    """The encoder (None for a decoder alone), the decoder and the architecture of a model's file."""
    path = pathlib.Path(path)
    weights = path / "model.safetensors" if path.is_dir() else path
    with safe_open(weights, framework="pt") as file:
        described = (file.metadata() or {}).get("latentwalk") or (path / "config.json").read_text()
        architecture = json.loads(described)
        architecture = architecture.get("architecture", architecture)
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}
    # The logarithm of the pixels' variance belongs to neither network.
    architecture["log_variance"] = tensors.pop("likelihood.log_variance", None)
    networks = {part: Network(architecture[part]) for part in ("encoder", "decoder") if part in architecture}
    for part, network in networks.items():
        network.load(part, tensors)
        network.eval()
    assert not [name for name in tensors if not name.endswith("num_batches_tracked")], "tensors that belong to no layer"
    return networks.get("encoder"), networks["decoder"], architecture


def encode(encoder, images, *others, head="logvar"):
    """The posterior's means and log-variances, [batch, latent] each, of images [batch, channels, height, width]."""
    posterior = encoder(images, *others)
    if head == "none":
        return posterior.flatten(1), None
    mean, second = posterior if isinstance(posterior, tuple) else posterior.chunk(2, dim=1)
    mean, second = mean.flatten(1), second.flatten(1)
    if head == "softplus":
        second = functional.softplus(second)
    scale = {"logvar": lambda: second, "logsigma": lambda: 2 * second}
    return mean, scale.get(head, lambda: 2 * second.abs().log())()


def variance(architecture):
    """The variance of a Gaussian likelihood: a number, 1 unless the architecture says so, or learned."""
    given = architecture.get("variance", 1.0)
    return architecture["log_variance"].exp() if given == "learned" else torch.tensor(float(given))


def negative_elbo(encoder, decoder, architecture, images):
    """Reconstruction and KL in nats an image, [batch] each, with one sample of the posterior."""
    if isinstance(architecture.get("pixel_range"), list):
        low, high = architecture["pixel_range"]
        images = low + images * (high - low)
    mean, log_variance = encode(encoder, images, head=architecture.get("second_head", "logvar"))
    decoded = decoder(mean + torch.exp(log_variance / 2) * torch.randn_like(mean))
    if architecture["likelihood"] == "bernoulli":
        logits = architecture.get("pixel_range") == "logits"
        measure = functional.binary_cross_entropy_with_logits if logits else functional.binary_cross_entropy
        loss = measure(decoded, images, reduction="none")
    else:
        spread = variance(architecture).expand_as(decoded)
        loss = functional.gaussian_nll_loss(decoded, images, spread, full=True, eps=0, reduction="none")
    kl = (mean**2 + log_variance.exp() - log_variance - 1) / 2
    return loss.sum(dim=(1, 2, 3)), kl.sum(dim=1)


def zeros(description):
    """What a part's further inputs are given here: class 0, and zeros."""
    inputs = [] if isinstance(description, list) else description["inputs"][1:]
    values = []
    for given in inputs:
        if given["role"] == "label" and given.get("coding", "one_hot") == "one_hot":
            values.append(functional.one_hot(torch.tensor([0]), given["classes"]).float())
        else:
            values.append(torch.zeros(1, *given.get("shape", [1])))
    return values


def picture(decoded, architecture):
    """A decoder's pixels in 0...1."""
    scale = architecture.get("pixel_range", [0, 1])
    if scale == "logits":
        return decoded.sigmoid()
    return (decoded - scale[0]) / (scale[1] - scale[0]) if isinstance(scale, list) else decoded


def idx_images(path):
    """The images of an IDX file, gzipped or not, [count, 1, height, width] in 0...1."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    count, height, width = numpy.frombuffer(data, ">i4", 3, offset=4)
    pixels = numpy.frombuffer(data, "u1", offset=16).reshape(count, 1, height, width)
    return torch.from_numpy(pixels.astype("f4") / 255)


def shade(image):
    """An image [channels, height, width] as text, two letters a pixel."""
    ramp = " .:-=+*#%@"
    rows = (image.mean(dim=0).clamp(0, 1) * (len(ramp) - 1)).round().int().tolist()
    return "\n".join("".join(2 * ramp[value] for value in row).rstrip() for row in rows)


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("--z", help="a latent point: -1.3,0.4")
    parser.add_argument("--data", type=pathlib.Path, help="a folder with t10k-images-idx3-ubyte")
    arguments = parser.parse_args()
    encoder, decoder, architecture = load(arguments.model)
    if arguments.z:
        point = torch.tensor([[float(number) for number in arguments.z.split(",")]])
        latent = architecture["latent"]
        decoded = decoder(point.reshape(1, *latent) if isinstance(latent, list) else point, *zeros(architecture["decoder"]))
        print(shade(picture(decoded, architecture)[0]))
    elif arguments.data:
        if encoder is None or "likelihood" not in architecture or architecture.get("second_head") == "none":
            parser.error("nats need an encoder with posteriors, and a likelihood, and this model lacks one of them")
        torch.manual_seed(0)
        batches = idx_images(next(arguments.data.glob("t10k-images-idx3-ubyte*"))).split(500)
        parts = [negative_elbo(encoder, decoder, architecture, batch) for batch in batches]
        reconstruction, kl = (torch.cat(part).mean().item() for part in zip(*parts))
        print(f"-ELBO {reconstruction + kl:.3f}  reconstruction {reconstruction:.3f}  KL {kl:.3f}  nats/image")
    else:
        print(f"encoder: {encoder}\ndecoder: {decoder}")


if __name__ == "__main__":
    main()
