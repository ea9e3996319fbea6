"""Writes whole pickled modules and TorchScript programs with unusual settings, and what PyTorch computes by them."""

import json
import pathlib
import zipfile

import torch
import torch.nn.functional as F
from torch import nn

FOLDER = pathlib.Path(__file__).parent / "pytorch"


def chain(*layers):
    return nn.Sequential(nn.Linear(2, 32), nn.Unflatten(1, (2, 4, 4)), *layers)


CHAINS = {
    "padding": chain(
        nn.Conv2d(2, 3, 3, padding=1, padding_mode="circular"),
        nn.ReLU(),
        nn.Conv2d(3, 1, 3, padding="same", dilation=2),
        nn.Sigmoid(),
    ),
    "resizing": chain(
        nn.AvgPool2d(2, stride=1, divisor_override=3),
        nn.RReLU(0.1, 0.5),
        nn.Upsample(scale_factor=1.6, mode="bilinear"),
        nn.Threshold(0.1, 0.5),
        nn.PReLU(2),
        nn.Conv2d(2, 1, 3, padding=1),
        nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True),
        nn.LeakyReLU(0.2),
    ),
    "bounded": chain(nn.ReLU6(), nn.Conv2d(2, 1, 3, padding=1), nn.Hardtanh(-0.2, 0.3)),
    "normalizing": chain(
        nn.InstanceNorm2d(2, eps=0.3),
        nn.AvgPool2d(3, 1, 1, count_include_pad=False),
        nn.BatchNorm2d(2, eps=0.5, affine=False),
        nn.GELU("tanh"),
        nn.GroupNorm(2, 2, eps=0.2),
        nn.Softmax2d(),
        nn.ConvTranspose2d(2, 2, (3, 4), (2, 3), (1, 0), (1, 2), 2, True, 1),
        nn.Dropout2d(),
        nn.Conv2d(2, 1, 1),
    ),
}
REFUSED = {
    "power": chain(nn.LPPool2d(2, 2), nn.Conv2d(2, 2, 1)),
    "unsettled": chain(nn.BatchNorm2d(2, track_running_stats=False), nn.Conv2d(2, 2, 1)),
}


class Whole(nn.Module):
    """A decoder whose forward the file does not say."""

    def __init__(self, *layers):
        super().__init__()
        self.fc = nn.Linear(2, 32)
        self.decoder = nn.Sequential(*layers)

    def forward(self, z):
        return self.decoder(self.fc(z).view(-1, 2, 4, 4))


WHOLES = {
    "whole-circular": Whole(
        nn.Conv2d(2, 2, 3, padding=1, padding_mode="circular"), nn.ReLU(), nn.Conv2d(2, 1, 3, padding="same"), nn.Sigmoid()
    ),
    "whole-threshold": Whole(nn.Conv2d(2, 2, 3, padding=1), nn.Threshold(0.1, 0.5), nn.Conv2d(2, 1, 3, padding=1)),
    "whole-dilated": Whole(nn.Conv2d(2, 2, 3, padding=2, dilation=2), nn.ReLU(), nn.Conv2d(2, 1, 3, padding=1)),
}


class Program(nn.Module):
    def __init__(self, compute):
        super().__init__()
        self.fc = nn.Linear(2, 16)
        self.compute = compute

    def forward(self, z):
        return self.compute(self.fc(z))


def alphas(x):
    x = torch.add(x, x, alpha=3)
    x = torch.rsub(x, 1.5, alpha=2)
    x = torch.sub(x, torch.sin(x), alpha=0.5)
    return torch.round(torch.div(x, 0.3, rounding_mode="trunc") / 7, decimals=1).view(1, 1, 4, 4)


def moves(x):
    x = torch.roll(torch.cumsum(x, 1), 3, 1)
    x = torch.where(x > 0, x, -2 * x)
    return torch.flip(torch.roll(x.view(1, 1, 4, 4), (1, -1), (2, 3)), [2])


def norms(x):
    x = x / x.std(1, keepdim=True) + F.normalize(x, dim=1)
    return torch.lerp(x, F.threshold(x, 0.1, 0.7), 0.3).view(1, 1, 4, 4)


def overwrites(x):
    y = F.relu(x, inplace=True)
    return (x + y.add_(1)).view(1, 1, 4, 4)


def pools(x):
    x = F.interpolate(x.view(-1, 1, 4, 4), scale_factor=1.75, mode="nearest")
    x = F.interpolate(x, size=[6, 10], mode="area")
    return F.avg_pool2d(x, 2, 1, divisor_override=3)


PROGRAMS = {"alphas": alphas, "moves": moves, "norms": norms, "overwrites": overwrites, "pools": pools}
# Programs that are not followed.
OTHERS = {
    "samples": lambda x: torch.softmax(x.view(4, -1), -1).view(1, 1, 4, 4),
    "sorted": lambda x: torch.sort(x, 1)[0].view(1, 1, 4, 4),
    "antialiased": lambda x: F.interpolate(x.view(-1, 1, 4, 4), scale_factor=1.5, mode="bilinear", antialias=True),
}


def save_script(module, path):
    """Leaves out the files for debuggers, which hold PyTorch's own sources."""
    whole = path.with_suffix(".whole")
    torch.jit.save(module, whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if not name.endswith(".debug_pkl"):
                target.writestr(name, source.read(name))
    whole.unlink()


def main():
    FOLDER.mkdir(exist_ok=True)
    torch.manual_seed(3)
    z = torch.tensor([[0.5, -1.25]])
    expected = {}
    for name, module in {**CHAINS, **REFUSED, **WHOLES}.items():
        for buffer in module.buffers():
            if buffer.is_floating_point():
                buffer.copy_(torch.rand_like(buffer) + 0.2)
        module.eval()
        torch.save(module, FOLDER / f"{name}.pth")
        if name in CHAINS or name == "whole-circular":
            expected[f"{name}.pth"] = module(z).flatten().tolist()
    for name, compute in {**PROGRAMS, **OTHERS}.items():
        program = Program(compute).eval()
        save_script(torch.jit.trace(program, z, check_trace=False), FOLDER / f"{name}.pt")
        if name in PROGRAMS:
            expected[f"{name}.pt"] = program(z).flatten().tolist()
    (FOLDER / "expected.json").write_text(json.dumps({"z": z[0].tolist(), "pictures": expected}) + "\n")


if __name__ == "__main__":
    main()
