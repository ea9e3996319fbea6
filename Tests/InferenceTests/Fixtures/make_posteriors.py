"""Makes posteriors.json: a small VAE of two latents, images, and what PyTorch, in double precision, finds of them.

Run from this folder: python3 make_posteriors.py > posteriors.json

For each image: −log p(x) by quadrature over ±6 at a spacing of 0.01; the least −ELBO that a Gaussian with independent
latents reaches, by L-BFGS over its mean and log σ with expectations from 40×40 Gauss-Hermite nodes; the moments of the
exact posterior; and, for given noise ε, the encoder's −ELBO (three samples) and importance-weighted bound (seven).
"""

import json
import math

import numpy
import torch

torch.manual_seed(4)
torch.set_default_dtype(torch.float64)
SIDE, IMAGES, SAMPLES, IMPORTANCE = 4, 6, 3, 7
PIXELS = SIDE * SIDE


def network(likelihood):
    encoder = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(PIXELS, 8), torch.nn.Tanh(), torch.nn.Linear(8, 4)
    )
    layers = [torch.nn.Linear(2, 16), torch.nn.Tanh(), torch.nn.Linear(16, PIXELS), torch.nn.Unflatten(1, (1, SIDE, SIDE))]
    if likelihood == "bernoulli":
        layers.append(torch.nn.Sigmoid())
    decoder = torch.nn.Sequential(*layers)
    with torch.no_grad():
        decoder[0].weight.mul_(2)
        decoder[2].weight.mul_(6)
    for parameter in [*encoder.parameters(), *decoder.parameters()]:
        parameter.data = parameter.data.float().double()
    return encoder, decoder


def main():
    print(json.dumps({likelihood: case(likelihood) for likelihood in ("bernoulli", "gaussian")}, indent=1))


def case(likelihood):
    encoder, decoder = network(likelihood)
    before_sigmoid = decoder[:-1] if likelihood == "bernoulli" else decoder
    with torch.no_grad():
        images = decoder(torch.randn(IMAGES, 2))
        images = (images + 0.2 * torch.randn_like(images)).clamp(0, 1).float().double()
    x = images.flatten(1)

    def log_likelihood(z):
        """log p(x|z) for z [images, n, 2] or [n, 2]: [images, n]."""
        output = before_sigmoid(z.reshape(-1, 2)).flatten(1).reshape(*z.shape[:-1], PIXELS)
        target = x[:, None, :]
        if likelihood == "bernoulli":
            return (target * output - torch.nn.functional.softplus(output)).sum(-1)
        return (-0.5 * (target - output) ** 2 - 0.5 * math.log(2 * math.pi)).sum(-1)

    def log_prior(z):
        return (-0.5 * z**2 - 0.5 * math.log(2 * math.pi)).sum(-1)

    with torch.no_grad():
        step = 0.01
        axis = torch.arange(-6 + step / 2, 6, step)
        grid = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1).reshape(-1, 2)
        evidence, mean, second = [], [], []
        parts = [log_likelihood(part) + log_prior(part) + 2 * math.log(step) for part in grid.split(100_000)]
        joint = torch.cat(parts, 1)
        evidence = joint.logsumexp(1)
        weights = (joint - evidence[:, None]).exp()
        mean = weights @ grid
        variance = weights @ grid**2 - mean**2
        covariance = weights @ grid.prod(-1) - mean.prod(-1)
        mode = grid[joint.argmax(1)]

    nodes, node_weights = numpy.polynomial.hermite_e.hermegauss(40)
    nodes, node_weights = torch.tensor(nodes), torch.tensor(node_weights / math.sqrt(2 * math.pi))
    pairs = torch.stack(torch.meshgrid(nodes, nodes, indexing="xy"), -1).reshape(-1, 2)
    pair_weights = (node_weights[:, None] * node_weights[None, :]).reshape(-1)

    place = mode.clone().requires_grad_()
    log_deviation = torch.full((IMAGES, 2), -1.0, requires_grad=True)
    optimizer = torch.optim.LBFGS([place, log_deviation], max_iter=2000, tolerance_grad=1e-10, tolerance_change=1e-14,
                                  line_search_fn="strong_wolfe")

    def bounds():
        z = place[:, None, :] + log_deviation.exp()[:, None, :] * pairs
        expected = (log_likelihood(z) + log_prior(z)) @ pair_weights
        return -(expected + log_deviation.sum(1) + math.log(2 * math.pi) + 1)

    def closure():
        optimizer.zero_grad()
        total = bounds().sum()
        total.backward()
        return total

    optimizer.step(closure)

    with torch.no_grad():
        codes = encoder(images)
        mu, log_variance = codes[:, :2], codes[:, 2:]
        noise = torch.randn(IMAGES, IMPORTANCE, 2).float().double()
        z = mu[:, None] + (0.5 * log_variance).exp()[:, None] * noise
        reconstruction = -log_likelihood(z)
        divergence = 0.5 * (mu**2 + log_variance.exp() - log_variance - 1)
        log_q = (-0.5 * noise**2 - 0.5 * math.log(2 * math.pi) - 0.5 * log_variance[:, None]).sum(-1)
        ratio = log_prior(z) - reconstruction - log_q
        bound = -(ratio.logsumexp(1) - math.log(IMPORTANCE))

    return {
        "tensors": {
            f"{part}.{name}": {"shape": list(value.shape), "values": value.detach().flatten().tolist()}
            for part, module in (("encoder", encoder), ("decoder", decoder))
            for name, value in module.state_dict().items()
        },
        "images": x.flatten().tolist(),
        "noise": noise.flatten().tolist(),
        "negative_log_evidence": (-evidence).tolist(),
        "mean": mean.flatten().tolist(),
        "variance": variance.flatten().tolist(),
        "covariance": covariance.tolist(),
        "gaussian_negative_elbo": bounds().detach().tolist(),
        "reconstruction": reconstruction[:, :SAMPLES].mean(1).tolist(),
        "kl": divergence.flatten().tolist(),
        "importance_bound": bound.tolist(),
    }


if __name__ == "__main__":
    main()
