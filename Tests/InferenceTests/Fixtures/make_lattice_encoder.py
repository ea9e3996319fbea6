"""Makes lattice-encoder.json: small decoders of two latents, images, and what PyTorch, in double precision, finds on a
lattice of 37 points.

Run from this folder: python3 make_lattice_encoder.py > lattice-encoder.json

For a Bernoulli likelihood and a Gaussian one of variance 0.5: the decoder's tensors; the lattice's points [37, 2]; for
each image the posterior on the points, softmax of log p(x|z) + log p(z), and its mean [images, 2]; at each point the
log-variance of the best Gaussian with independent latents, −log (1 + Σ J² W) [37, 2], with J the exact Jacobian of the
decoder's output before any sigmoid, and W the Fisher information of a pixel: p (1 − p), or 1/σ².
"""

import json
import math

import torch

torch.manual_seed(9)
torch.set_default_dtype(torch.float64)
HEIGHT, WIDTH, IMAGES, POINTS, VARIANCE = 3, 4, 5, 37, 0.5
PIXELS, RADIUS = HEIGHT * WIDTH, 3.3


def lattice():
    """The 37 points of the hexagonal lattice nearest to the origin: it and three rings of 6, 12 and 18.

    Each point has the area of the disc of the radius, over their number. In the order of their distance; of those equally
    far, row by row.
    """
    spacing = math.sqrt(math.pi * RADIUS**2 / POINTS / (math.sqrt(3) / 2))
    found = []
    for row in range(-9, 10):
        for column in range(-9, 10):
            # Points are column · (1, 0) + row · (½, √3/2), so squared distances are whole numbers of spacing².
            distance = column**2 + column * row + row**2
            place = (spacing * (column + row / 2), spacing * row * math.sqrt(3) / 2)
            found.append((distance, row, column, place))
    return torch.tensor([place for *_, place in sorted(found)[:POINTS]])


def decoder(likelihood):
    layers = [
        torch.nn.Linear(2, 10), torch.nn.SiLU(), torch.nn.Linear(10, PIXELS), torch.nn.Unflatten(1, (1, HEIGHT, WIDTH))
    ]
    if likelihood == "bernoulli":
        layers.append(torch.nn.Sigmoid())
    network = torch.nn.Sequential(*layers)
    with torch.no_grad():
        network[0].weight.mul_(2)
        network[2].weight.mul_(4 if likelihood == "bernoulli" else 2)
    for parameter in network.parameters():
        parameter.data = parameter.data.float().double()
    return network


def case(likelihood):
    network = decoder(likelihood)
    points = lattice()

    def outputs(z):
        return (network[:-1] if likelihood == "bernoulli" else network)(z).flatten(1)

    with torch.no_grad():
        images = network(torch.randn(IMAGES, 2)).flatten(1)
        images = (images + 0.3 * torch.randn_like(images)).clamp(0, 1).float().double()
        made = outputs(points)
        if likelihood == "bernoulli":
            means = made.sigmoid()
            terms = images[:, None] * means.log() + (1 - images[:, None]) * (1 - means).log()
            information = means * (1 - means)
        else:
            terms = torch.distributions.Normal(made, math.sqrt(VARIANCE)).log_prob(images[:, None])
            information = torch.full_like(made, 1 / VARIANCE)
        prior = torch.distributions.Normal(0.0, 1.0).log_prob(points).sum(1)
        weights = (terms.sum(2) + prior).softmax(1)
    jacobians = torch.stack(
        [torch.autograd.functional.jacobian(lambda z: outputs(z[None])[0], point) for point in points]
    )
    log_variances = -(1 + (jacobians**2 * information[:, :, None]).sum(1)).log()
    return {
        "tensors": {
            f"decoder.{name}": {"shape": list(value.shape), "values": value.flatten().tolist()}
            for name, value in network.state_dict().items()
        },
        "images": images.flatten().tolist(),
        "points": points.flatten().tolist(),
        "means": (weights @ points).flatten().tolist(),
        "log_variances": log_variances.flatten().tolist(),
    }


if __name__ == "__main__":
    print(json.dumps({likelihood: case(likelihood) for likelihood in ("bernoulli", "gaussian")}, indent=1))
