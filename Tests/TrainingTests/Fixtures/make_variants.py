"""Makes variants.json: three steps on the network of make_steps.py as PyTorch takes them, with each of the settings that
change a step: AdamW, clipping, averaging, free bits, Gaussian likelihoods.

Run with PyTorch installed: python make_variants.py
"""
import copy
import json
import math
import pathlib

import torch
from torch import nn

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)


def single(values):
    return torch.tensor(values).to(torch.float32).to(torch.float64)


def networks():
    """A normalization too: its scale is a weight with one axis, and must not decay."""
    encoder = nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(54, 12),
        nn.SiLU(), nn.Linear(12, 4))
    decoder = nn.Sequential(
        nn.Linear(2, 18), nn.SiLU(), nn.Unflatten(1, (2, 3, 3)), nn.Upsample(scale_factor=2),
        nn.Conv2d(2, 1, 3, padding=1), nn.Sigmoid())
    model = nn.ModuleDict({"encoder": encoder, "decoder": decoder})
    for parameter in model.parameters():
        parameter.data = single(parameter.data.mul(1e4).round().div(1e4).tolist())
    return model


def tensors(state):
    return {name: dict(extents=list(value.shape), values=[float(f"{v:.9g}") for v in value.flatten().tolist()])
            for name, value in state.items() if "num_batches" not in name}


images = single([(i * 7919 % 256) / 255 for i in range(5 * 36)]).view(5, 1, 6, 6)
noise = single([(i * 7919 % 401) / 100 - 2 for i in range(10)]).view(5, 2)


def train(model, variant):
    log_variance = nn.Parameter(single([math.log(0.1)]))
    learned = variant["likelihood"] == "gaussian:learned"
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2] + ([log_variance] if learned else [])
    optimizer = torch.optim.AdamW(
        [dict(params=matrices, weight_decay=variant["weightDecay"]), dict(params=others, weight_decay=0)], lr=1e-2)

    def state():
        return {**model.state_dict(), **({"likelihood.log_variance": log_variance.detach().clone()} if learned else {})}

    average = {name: value.clone() for name, value in state().items()}
    terms = []
    for step in range(1, 4):
        mean, log_sigma2 = model["encoder"](images).chunk(2, dim=1)
        y = model["decoder"](mean + torch.exp(0.5 * log_sigma2) * noise)
        if variant["likelihood"] == "bernoulli":
            reconstruction = nn.functional.binary_cross_entropy(y, images, reduction="sum") / len(images)
        else:
            spread = log_variance.exp() if learned else torch.tensor(float(variant["likelihood"].split(":")[1]))
            reconstruction = -torch.distributions.Normal(y, spread.sqrt()).log_prob(images).sum() / len(images)
        kls = 0.5 * (mean ** 2 + log_sigma2.exp() - log_sigma2 - 1).mean(dim=0)
        objective = reconstruction + 0.7 * kls.clamp(min=variant["freeBits"]).sum()
        optimizer.zero_grad()
        objective.backward()
        norm = nn.utils.clip_grad_norm_(matrices + others, variant["gradientClip"] or math.inf)
        optimizer.step()
        decay = min(variant["averaging"] or 0, (1 + step) / (10 + step))
        for name, value in state().items():
            if "num_batches" not in name:
                average[name] = decay * average[name] + (1 - decay) * value
        terms.append([float(reconstruction.detach()), float(kls.sum().detach()), float(objective.detach()), float(norm)])
    return dict(**variant, terms=terms, after=tensors(state()), average=tensors(average))


def variant(name, likelihood="bernoulli", weightDecay=0.0, gradientClip=None, averaging=None, freeBits=0.0):
    return dict(name=name, likelihood=likelihood, weightDecay=weightDecay, gradientClip=gradientClip,
                averaging=averaging, freeBits=freeBits)


start = networks()
variants = [
    variant("adamw", weightDecay=0.5),
    variant("clipped", gradientClip=0.5),
    variant("averaged", averaging=0.9),
    variant("free bits", freeBits=0.02),
    variant("gaussian", likelihood="gaussian:0.2"),
    variant("everything", likelihood="gaussian:learned", weightDecay=0.5, gradientClip=3.0, averaging=0.9, freeBits=0.02),
]
pathlib.Path(__file__).with_name("variants.json").write_text(json.dumps(dict(
    before=tensors(start.state_dict()), variants=[train(copy.deepcopy(start), v) for v in variants])) + "\n")
