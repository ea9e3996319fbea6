"""Makes steps.json: three steps of Adam on a small convolutional VAE as PyTorch takes them, with the noise given.

Run with PyTorch installed: python make_steps.py
"""
import json
import pathlib

import torch
from torch import nn

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)
encoder = nn.Sequential(
    nn.Conv2d(1, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(54, 12), nn.SiLU(),
    nn.Linear(12, 4))
decoder = nn.Sequential(
    nn.Linear(2, 18), nn.SiLU(), nn.Unflatten(1, (2, 3, 3)), nn.Upsample(scale_factor=2), nn.Conv2d(2, 1, 3, padding=1),
    nn.Sigmoid())
networks = {"encoder": encoder, "decoder": decoder}
for network in networks.values():
    for p in network.parameters():
        p.data = p.data.mul(1e4).round().div(1e4).to(torch.float32).to(torch.float64)


def tensors():
    return {f"{part}.{name}": dict(extents=list(p.shape), values=[float(f"{v:.9g}") for v in p.flatten().tolist()])
            for part, network in networks.items() for name, p in network.named_parameters()}


images = torch.tensor([(i * 7919 % 256) / 255 for i in range(5 * 36)]).to(torch.float32).to(torch.float64).view(5, 1, 6, 6)
noise = torch.tensor([(i * 7919 % 401) / 100 - 2 for i in range(10)]).to(torch.float32).to(torch.float64).view(5, 2)
before = tensors()
optimizer = torch.optim.Adam([p for n in networks.values() for p in n.parameters()], lr=1e-2)
terms = []
for _ in range(3):
    mean, log_variance = encoder(images).chunk(2, dim=1)
    y = decoder(mean + torch.exp(0.5 * log_variance) * noise)
    reconstruction = nn.functional.binary_cross_entropy(y, images, reduction="sum") / len(images)
    kl = 0.5 * (mean ** 2 + log_variance.exp() - log_variance - 1).sum() / len(images)
    optimizer.zero_grad()
    (reconstruction + 0.7 * kl).backward()
    optimizer.step()
    terms.append([float(reconstruction), float(kl)])
pathlib.Path(__file__).with_name("steps.json").write_text(
    json.dumps(dict(beta=0.7, before=before, terms=terms, after=tensors())) + "\n")
