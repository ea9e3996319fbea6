"""Makes geodesics.json: what PyTorch, in double precision, finds of the geometry of Models/mnist-2d.safetensors.

Run from this folder: python3 make_geodesics.py > new.json, then move it over geodesics.json. What that holds already is
kept, so delete what is to be found anew (a pair takes half a minute to two on one core). `--part 1/2` finds the first half
only of what is missing.

- `points`: at some points of the plane the image metric J'J and the Fisher metric J'WJ, W = 1/(p (1 - p)), as
  [z0 z0, z0 z1, z1 z1], with J of torch.func.jacfwd, and the magnification, the root of the metric's determinant.
- `density`: the encoder's means of some of the sample's images, and how LatentDensity makes a factor of them.
- `pairs`: for some pairs of ends and metrics the lengths of the straight path, the spherical one and the shortest
  path found. All are measured on FINE chords. The shortest path is the best of several starts: straight and, in a
  graph over the plane (16 neighbors, edges as long as the chord between the two images), the shortest way and
  detours from it, brought to a minimum of the discretized energy, sum of squared chords times their number, by L-BFGS.
  Pairs whose start is "coarse" or "fine" were found before there were detours, in graphs that end at +-2.6.
  The search in Swift was first tuned on PAIRS, by the plain metric; its atlas and its ways through corridors were then
  chosen by how all of the pairs came out, so none of them is fresh any more.
"""

import argparse
import gzip
import heapq
import json
import math
import pathlib
import sys

import torch

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "Scripts"))
from load_model import encode, load

torch.set_num_threads(1)
SEGMENTS, FINE, ROUNDS = 160, 960, 6
# Of the graph, and its ways: how many at most, how much longer than the shortest, and how far from all others, in units of z.
SPACING, WAYS, DETOUR, APART = 0.04, 6, 1.1, 0.12
POINTS = [[0.0, 0.0], [-1.3, 0.4], [0.9, 1.7], [1.6, -0.8], [-0.5, -2.1], [2.8, 2.6]]
PAIRS = [
    [[-1.2, 0.35], [1.1, 0.6]],
    [[0.2, -1.6], [0.4, 1.5]],
    [[-0.4, 0.1], [0.3, 0.5]],
    [[1.8, -0.9], [-0.9, 1.4]],
    [[-1.7, -1.1], [1.3, -1.5]],
    [[0.1, 2.2], [2.1, 0.2]],
]

FRESH = [
    [[-0.3, -1.9], [-1.6, 1.2]],
    [[2.0, 1.1], [-0.6, -0.6]],
    [[0.9, -0.4], [-0.2, 2.3]],
    [[-2.1, 0.3], [1.5, 1.5]],
]
WANTED = [(pair, "plain") for pair in PAIRS + FRESH]
WANTED += [(pair, name) for name in ("fisher", "density") for pair in [PAIRS[1], PAIRS[3], *FRESH]]


def networks():
    encoder, network, _ = load(ROOT / "Models/mnist-2d.safetensors")
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return encoder, network


def codes(encoder, count=500):
    with gzip.open(ROOT / "Resources/mnist-sample/train-images-idx3-ubyte.gz") as file:
        pixels = torch.frombuffer(bytearray(file.read()[16 : 16 + count * 784]), dtype=torch.uint8)
    with torch.no_grad():
        means = encode(encoder, pixels.view(count, 1, 28, 28) / 255)[0]
    return [[round(value, 3) for value in mean] for mean in means.tolist()]


class Metric:
    """How images are compared, and by what a step is longer at a place: see LatentMetric and LatentDensity."""

    def __init__(self, name, density):
        self.is_fisher = name == "fisher"
        self.centers = None
        if name == "density":
            self.centers = torch.tensor(density["codes"], dtype=torch.float64)
            self.precision, self.floor = density["bandwidth"] ** -2, density["floor"]
            self.mean = self.kernels(self.centers).mean()

    def kernels(self, points):
        squares = (points.double()[:, None] - self.centers).square().sum(dim=2)
        return torch.exp(-0.5 * self.precision * squares).sum(dim=1)

    def images(self, network, points):
        logits = torch.cat([network[:-1](part).flatten(1) for part in points.split(160)])
        return 2 * torch.atan(torch.exp(logits / 2)) if self.is_fisher else torch.sigmoid(logits)

    def factors(self, points):
        """The squares of what steps are longer by."""
        if self.centers is None:
            return torch.ones(len(points), dtype=torch.float64)
        return (1 + self.floor) / (self.kernels(points) / self.mean + self.floor)

    def squares(self, network, points):
        """The squared length of each step of a path."""
        decoded, factors = self.images(network, points), self.factors(points)
        return (decoded[1:] - decoded[:-1]).square().sum(dim=1) * (factors[1:] + factors[:-1]) / 2


def metrics(network):
    logits = network[:-1]
    found = []
    for place in POINTS:
        z = torch.tensor(place, dtype=torch.float64)
        jacobian = torch.func.jacfwd(lambda point: logits(point[None]).flatten())(z)
        p = torch.sigmoid(logits(z[None]).flatten())
        slope = (p * (1 - p))[:, None]
        plain = (jacobian * slope).T @ (jacobian * slope)
        fisher = jacobian.T @ (jacobian * slope)
        found.append(
            {
                "point": place,
                "plain": [plain[0, 0].item(), plain[0, 1].item(), plain[1, 1].item()],
                "fisher": [fisher[0, 0].item(), fisher[0, 1].item(), fisher[1, 1].item()],
                "magnification": plain.det().sqrt().item(),
            }
        )
    return found


def straight(start, end, count):
    t = torch.linspace(0, 1, count + 1, dtype=torch.float64)[:, None]
    return start + t * (end - start)


def spherical(start, end, count):
    """The direction along the great circle, the norm along a line."""
    t = torch.linspace(0, 1, count + 1, dtype=torch.float64)[:, None]
    norms = start.norm(), end.norm()
    a, b = start / norms[0], end / norms[1]
    angle = torch.arccos((a @ b).clamp(-1, 1))
    direction = (torch.sin((1 - t) * angle) * a + torch.sin(t * angle) * b) / torch.sin(angle)
    return direction * ((1 - t) * norms[0] + t * norms[1])


def resampled(path, count):
    """The polyline's points at equal distances along it."""
    steps = (path[1:] - path[:-1]).norm(dim=1)
    along = torch.cat([torch.zeros(1, dtype=torch.float64), steps.cumsum(0)])
    wanted = torch.linspace(0, along[-1].item(), count + 1, dtype=torch.float64)
    index = torch.searchsorted(along, wanted).clamp(1, len(path) - 1)
    share = ((wanted - along[index - 1]) / (along[index] - along[index - 1]))[:, None]
    return path[index - 1] + share * (path[index] - path[index - 1])


def length(metric, network, path, parts):
    """Of the path with each of its segments cut into `parts`."""
    t = torch.arange(parts, dtype=torch.float64)[:, None] / parts
    fine = torch.cat([a + t * (b - a) for a, b in zip(path[:-1], path[1:])] + [path[-1:]])
    return metric.squares(network, fine).sqrt().sum().item()


class Graph:
    """A square lattice over the plane, decoded."""

    STEPS = [(1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (1, 2), (2, -1), (1, -2)]

    def __init__(self, metric, quick, spacing, reach=3.0):
        self.side = int(2 * reach / spacing) + 1
        axis = torch.arange(self.side, dtype=torch.float64) * spacing - reach
        self.points = torch.cartesian_prod(axis, axis)
        decoded = metric.images(quick, self.points.float()).view(self.side, self.side, -1)
        factors = metric.factors(self.points).view(self.side, self.side)
        self.edges = {}
        for i, j in self.STEPS:
            low, high = max(0, -j), self.side - max(0, j)
            chords = (decoded[i:, low + j : high + j] - decoded[: self.side - i, low:high]).norm(dim=2)
            means = (factors[i:, low + j : high + j] + factors[: self.side - i, low:high]) / 2
            costs = torch.full((self.side, self.side), math.inf, dtype=torch.float64)
            costs[: self.side - i, low:high] = chords * means.sqrt()
            self.edges[i, j] = costs.flatten().tolist()

    def tree(self, root):
        """The length of the shortest way from a node to each, and the node before."""
        costs, previous, queue = {root: 0.0}, {}, [(0.0, root)]
        while queue:
            cost, node = heapq.heappop(queue)
            if cost > costs[node]:
                continue
            for i, j in self.STEPS:
                for sign in (1, -1):
                    other = node + sign * (i * self.side + j)
                    first = node if sign == 1 else other
                    if not (0 <= other < len(self.points)):
                        continue
                    total = cost + self.edges[i, j][first]
                    if total < costs.get(other, math.inf):
                        costs[other], previous[other] = total, node
                        heapq.heappush(queue, (total, other))
        return costs, previous

    def ways(self, start, end, count):
        """The shortest way, and detours by nodes that lie APART from all ways before, the shortest first."""
        roots = [int((self.points - place).norm(dim=1).argmin()) for place in (start, end)]
        trees = [self.tree(root) for root in roots]
        totals = sorted((cost + trees[1][0][node], node) for node, cost in trees[0][0].items() if node in trees[1][0])
        found = []
        for total, node in totals:
            if len(found) == count or total > DETOUR * totals[0][0]:
                break
            if any((way - self.points[node]).norm(dim=1).min() < APART for way in found):
                continue
            halves = []
            for root, (_, previous) in zip(roots, trees):
                nodes = [node]
                while nodes[-1] != root:
                    nodes.append(previous[nodes[-1]])
                halves.append(nodes)
            inner = self.points[halves[0][:0:-1] + halves[1]]
            found.append(torch.cat([start[None], inner[1:-1], end[None]]))
        return found


def shortest(metric, quick, start, rounds):
    """The path of least energy near a start.

    L-BFGS moves the path along eigenvectors of the discrete Laplacian, each by its wavelength: in flat space all of them
    would converge alike.
    """
    count = len(start) - 2
    laplacian = 2 * torch.eye(count, dtype=torch.float64)
    laplacian -= torch.diag(torch.ones(count - 1, dtype=torch.float64), 1)
    laplacian -= torch.diag(torch.ones(count - 1, dtype=torch.float64), -1)
    values, vectors = torch.linalg.eigh(laplacian)
    root = vectors / values.sqrt() @ vectors.T
    moves = torch.zeros(count, 2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [moves], max_iter=10, history_size=40, line_search_fn="strong_wolfe", tolerance_change=0, tolerance_grad=0
    )

    def path():
        return torch.cat([start[:1], start[1:-1] + 0.02 * root @ moves, start[-1:]])

    def energy():
        return metric.squares(quick, path().float()).sum() * (len(start) - 1)

    def closure():
        optimizer.zero_grad()
        value = energy()
        value.backward()
        return value

    last = math.inf
    for _ in range(rounds):
        value = optimizer.step(closure).item()
        if last - value < 2e-4 * value:
            break
        last = value
    return path().detach()


def searched(pair, name, metric, graph, quick, network):
    start, end = (torch.tensor(place, dtype=torch.float64) for place in pair)
    paths = {"straight": straight(start, end, SEGMENTS)}
    for number, way in enumerate(graph.ways(start, end, WAYS)):
        paths[f"way {number}"] = resampled(way, SEGMENTS)
    # All a little, then the best to the end.
    for rounds, kept in ((0, 5), (1, 2), (ROUNDS, 1)):
        paths = {key: shortest(metric, quick, path, rounds) if rounds else path for key, path in paths.items()}
        found = {key: length(metric, network, path, FINE // SEGMENTS) for key, path in paths.items()}
        print(name, *pair, {key: round(value, 3) for key, value in found.items()}, file=sys.stderr, flush=True)
        best = sorted(found, key=found.get)[:kept]
        paths = {key: path for key, path in paths.items() if key in best}
    return {
        "from": pair[0],
        "to": pair[1],
        "metric": name,
        "straight": length(metric, network, straight(start, end, FINE), 1),
        "spherical": length(metric, network, spherical(start, end, FINE), 1),
        "geodesic": found[best[0]],
        "start": best[0],
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", default="1/1")
    part, parts = map(int, parser.parse_args().part.split("/"))
    # Searching is done in single precision, measuring in double.
    encoder, quick = networks()
    network = networks()[1].double()
    kept = pathlib.Path("geodesics.json")
    report = json.loads(kept.read_text()) if kept.exists() else {}
    report.setdefault("points", [])
    if not report["points"]:
        report["points"] = metrics(network)
    report.setdefault("density", {"codes": codes(encoder), "bandwidth": 0.25, "floor": 0.01})
    report.setdefault("pairs", [])
    there = {(str([found["from"], found["to"]]), found["metric"]) for found in report["pairs"]}
    missing = [(pair, name) for pair, name in WANTED if (str(pair), name) not in there]
    missing = missing[len(missing) * (part - 1) // parts : len(missing) * part // parts]
    for name in dict.fromkeys(name for _, name in missing):
        metric = Metric(name, report["density"])
        graph = Graph(metric, quick, SPACING)
        for pair in (pair for pair, of in missing if of == name):
            report["pairs"].append(searched(pair, name, metric, graph, quick, network))
    json.dump(report, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
