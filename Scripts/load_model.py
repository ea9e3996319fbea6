#!/usr/bin/env python3
"""Rebuild a latentwalk model in PyTorch, decode a point, encode an image, evaluate it.

    python3 load_model.py MODEL.safetensors                      the two networks
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


def sequential(layers):
    """Each layer is the name of a torch.nn class, and the keywords of its constructor beside it."""
    modules = []
    for layer in layers:
        keywords = {key: tuple(value) if isinstance(value, list) else value for key, value in layer.items()}
        modules.append(getattr(nn, keywords.pop("type"))(**keywords))
    return nn.Sequential(*modules)


def load(path):
    """The encoder, the decoder and the architecture of a model's file."""
    with safe_open(path, framework="pt") as file:
        architecture = json.loads(file.metadata()["latentwalk"])
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}
    model = nn.ModuleDict({part: sequential(architecture[part]) for part in ("encoder", "decoder")})
    # The logarithm of the pixels' variance belongs to neither network.
    architecture["log_variance"] = tensors.pop("likelihood.log_variance", None)
    model.load_state_dict(tensors)
    model.eval()
    return model["encoder"], model["decoder"], architecture


def encode(encoder, images):
    """The posterior's means and log-variances, [batch, latent] each, of images [batch, channels, height, width]."""
    return encoder(images).chunk(2, dim=1)


def variance(architecture):
    """The variance of a Gaussian likelihood: a number, 1 unless the architecture says so, or learned."""
    given = architecture.get("variance", 1.0)
    return architecture["log_variance"].exp() if given == "learned" else torch.tensor(float(given))


def negative_elbo(encoder, decoder, architecture, images):
    """Reconstruction and KL in nats an image, [batch] each, with one sample of the posterior."""
    mean, log_variance = encode(encoder, images)
    decoded = decoder(mean + torch.exp(log_variance / 2) * torch.randn_like(mean))
    if architecture["likelihood"] == "bernoulli":
        loss = functional.binary_cross_entropy(decoded, images, reduction="none")
    else:
        spread = variance(architecture).expand_as(decoded)
        loss = functional.gaussian_nll_loss(decoded, images, spread, full=True, eps=0, reduction="none")
    kl = (mean**2 + log_variance.exp() - log_variance - 1) / 2
    return loss.sum(dim=(1, 2, 3)), kl.sum(dim=1)


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
        print(shade(decoder(point)[0]))
    elif arguments.data:
        torch.manual_seed(0)
        batches = idx_images(next(arguments.data.glob("t10k-images-idx3-ubyte*"))).split(500)
        parts = [negative_elbo(encoder, decoder, architecture, batch) for batch in batches]
        reconstruction, kl = (torch.cat(part).mean().item() for part in zip(*parts))
        print(f"-ELBO {reconstruction + kl:.3f}  reconstruction {reconstruction:.3f}  KL {kl:.3f}  nats/image")
    else:
        print(f"encoder: {encoder}\ndecoder: {decoder}")


if __name__ == "__main__":
    main()
