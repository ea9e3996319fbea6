#!/usr/bin/env python3
"""A VAE in plain PyTorch that ``latentwalk watch`` can follow, and ``latentwalk explore`` open.

Nothing here but ``save_for_latentwalk`` knows of latentwalk: the network has modules of its own, the curves go to
TensorBoard. It learns squares, which it draws itself, or the images of an IDX file:

    plain_pytorch.py --out RUN
    plain_pytorch.py --out RUN --images train-images-idx3-ubyte.gz --hidden 400 --batch-size 128

Needs torch, safetensors and tensorboard.
"""

import argparse
import gzip
import json
import os
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.tensorboard import SummaryWriter

# What describes a layer of torch.nn: the arguments it was made of.
ARGUMENTS = {
    "Linear": ["in_features", "out_features"],
    "Unflatten": ["dim", "unflattened_size"],
}


class SquareVAE(nn.Module):
    """A Gaussian posterior over two latents, an independent Bernoulli for each pixel."""

    def __init__(self, side: int, hidden: int, latents: int = 2):
        super().__init__()
        self.side, self.latents = side, latents
        self.look = nn.Sequential(nn.Flatten(), nn.Linear(side * side, hidden), nn.ReLU())
        self.to_mean = nn.Linear(hidden, latents)
        self.to_log_variance = nn.Linear(hidden, latents)
        self.paint = nn.Sequential(
            nn.Linear(latents, hidden), nn.ReLU(), nn.Linear(hidden, side * side), nn.Unflatten(1, (1, side, side))
        )

    def loss(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Reconstruction and KL in nats an image, each the mean over the batch."""
        seen = self.look(images)
        mean, log_variance = self.to_mean(seen), self.to_log_variance(seen)
        painted = self.paint(mean + torch.randn_like(mean) * (log_variance / 2).exp())
        reconstruction = functional.binary_cross_entropy_with_logits(painted, images, reduction="sum")
        kl = (mean**2 + log_variance.exp() - log_variance - 1).sum() / 2
        return reconstruction / len(images), kl / len(images)


def save_for_latentwalk(model: SquareVAE, path: Path) -> None:
    """Writes a checkpoint as Documentation/checkpoint-format.md describes it.

    Two ``nn.Sequential``: an encoder that ends in the means and the log-variances, and a decoder that ends in pixels.
    So the two heads become one layer, and the sigmoid that the loss contains is named.
    """
    heads = nn.Linear(model.to_mean.in_features, 2 * model.latents)
    with torch.no_grad():
        heads.weight.copy_(torch.cat([model.to_mean.weight, model.to_log_variance.weight]))
        heads.bias.copy_(torch.cat([model.to_mean.bias, model.to_log_variance.bias]))
    networks = {"encoder": [*model.look, heads], "decoder": [*model.paint, nn.Sigmoid()]}
    architecture = {
        "version": 1,
        "input": [1, model.side, model.side],
        "latent": model.latents,
        "likelihood": "bernoulli",
        **{name: [describe(layer) for layer in layers] for name, layers in networks.items()},
    }
    tensors = nn.ModuleDict({name: nn.Sequential(*layers) for name, layers in networks.items()}).state_dict()
    # Written beside and renamed: whoever watches never meets half a file.
    part = path.with_suffix(".part")
    save_file(tensors, part, metadata={"format": "pt", "latentwalk": json.dumps(architecture)})
    os.replace(part, path)


def describe(layer: nn.Module) -> dict[str, object]:
    """A layer's class, and the arguments that make another like it."""
    kind = type(layer).__name__
    return {"type": kind, **{name: getattr(layer, name) for name in ARGUMENTS.get(kind, [])}}


def squares(count: int, side: int) -> Tensor:
    """Filled squares at random places, ``[count, 1, side, side]``."""
    edge = side // 3
    corners = torch.randint(side - edge, (2, count, 1, 1))
    rows, columns = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    inside = (rows >= corners[0]) & (rows < corners[0] + edge) & (columns >= corners[1]) & (columns < corners[1] + edge)
    return inside.float().unsqueeze(1)


def idx_images(path: Path) -> Tensor:
    """The images of an IDX file, gzipped or not, ``[count, 1, height, width]`` in 0...1."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    count, height, width = (int.from_bytes(content[place : place + 4], "big") for place in (4, 8, 12))
    pixels = torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=16)
    return pixels.reshape(count, 1, height, width).float() / 255


def main() -> None:
    """Trains, and writes the curves and a checkpoint an epoch."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="a folder for the curves and the checkpoints")
    parser.add_argument("--images", type=Path, help="an IDX file of square images; squares are drawn without it")
    parser.add_argument("--side", type=int, default=16, help="pixels of a drawn image's side")
    parser.add_argument("--count", type=int, default=4000, help="how many images to draw")
    parser.add_argument("--hidden", type=int, default=64)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--log-every", type=int, default=10, help="steps between two points of the curves")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    images = idx_images(options.images) if options.images else squares(options.count, options.side)
    held, images = images[: len(images) // 10], images[len(images) // 10 :]
    model = SquareVAE(images.shape[-1], options.hidden)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, options.epochs)
    writer = SummaryWriter(options.out, flush_secs=1)
    step = 0
    for epoch in range(options.epochs):
        for batch in images[torch.randperm(len(images))].split(options.batch_size):
            reconstruction, kl = model.loss(batch)
            optimizer.zero_grad()
            (reconstruction + kl).backward()
            optimizer.step()
            step += 1
            if step % options.log_every == 0:
                writer.add_scalar("loss/train", reconstruction + kl, step)
                writer.add_scalar("loss/reconstruction", reconstruction, step)
                writer.add_scalar("loss/kl", kl, step)
        with torch.no_grad():
            validation = sum(model.loss(held)).item()
        writer.add_scalar("loss/val", validation, step)
        writer.add_scalar("lr", schedule.get_last_lr()[0], step)
        schedule.step()
        save_for_latentwalk(model, options.out / f"epoch-{epoch + 1:03}.safetensors")
        print(f"epoch {epoch + 1}/{options.epochs}  loss/val {validation:.2f}", flush=True)
    writer.close()


if __name__ == "__main__":
    main()
