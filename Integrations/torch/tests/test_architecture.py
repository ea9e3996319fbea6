"""Networks from the architecture's JSON."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import torch
from conftest import ROOT, architecture
from safetensors import safe_open
from torch import nn

from latentwalk_torch.architecture import Architecture
from latentwalk_torch.errors import Exit, LatentwalkError
from latentwalk_torch.model import VAE

EVERY_LAYER: list[tuple[dict[str, Any], nn.Module]] = [
    (
        {"type": "Conv2d", "in_channels": 2, "out_channels": 3, "kernel_size": [3, 2], "stride": [2, 1], "padding": 1},
        nn.Conv2d(2, 3, (3, 2), (2, 1), 1),
    ),
    (
        {
            "type": "ConvTranspose2d",
            "in_channels": 2,
            "out_channels": 3,
            "kernel_size": 3,
            "stride": 2,
            "padding": 1,
            "output_padding": 1,
            "bias": False,
        },
        nn.ConvTranspose2d(2, 3, 3, 2, 1, 1, bias=False),
    ),
    ({"type": "MaxPool2d", "kernel_size": 2}, nn.MaxPool2d(2)),
    ({"type": "MaxPool2d", "kernel_size": 3, "stride": 2, "padding": 1}, nn.MaxPool2d(3, 2, 1)),
    ({"type": "AvgPool2d", "kernel_size": 3, "stride": 1, "padding": 1}, nn.AvgPool2d(3, 1, 1)),
    ({"type": "Upsample", "scale_factor": [2.0, 3], "mode": "nearest"}, nn.Upsample(scale_factor=(2, 3))),
    ({"type": "BatchNorm2d", "num_features": 2, "eps": 1e-3, "momentum": 0.2}, nn.BatchNorm2d(2, 1e-3, 0.2)),
    ({"type": "ReLU", "inplace": True}, nn.ReLU()),
    ({"type": "SiLU"}, nn.SiLU()),
    ({"type": "LeakyReLU", "negative_slope": 0.2}, nn.LeakyReLU(0.2)),
    ({"type": "Tanh"}, nn.Tanh()),
    ({"type": "Sigmoid"}, nn.Sigmoid()),
    ({"type": "Softplus"}, nn.Softplus()),
    ({"type": "Flatten"}, nn.Flatten()),
]


@pytest.mark.parametrize(("layer", "module"), EVERY_LAYER, ids=lambda value: type(value).__name__)
def test_every_layer_is_the_one_of_its_name(layer: dict[str, Any], module: nn.Module) -> None:
    images = torch.rand(3, 2, 6, 5, generator=torch.Generator().manual_seed(1)) - 0.5
    shape = module(images).shape[1:]
    end = {"type": "Linear", "in_features": shape.numel(), "out_features": 4}
    value = architecture() | {"input": [2, 6, 5], "encoder": [layer, {"type": "Flatten"}, end]}
    value["decoder"] = [
        {"type": "Linear", "in_features": 2, "out_features": 60},
        {"type": "Unflatten", "dim": 1, "unflattened_size": [2, 6, 5]},
        {"type": "Sigmoid"},
    ]
    built = VAE(Architecture.read(value)).encoder[0]
    module.load_state_dict(built.state_dict())
    for training in (True, False):
        built.train(training)
        module.train(training)
        torch.testing.assert_close(built(images), module(images))
    for name, tensor in module.state_dict().items():
        if not name.endswith("num_batches_tracked"):
            torch.testing.assert_close(built.state_dict()[name], tensor)


@pytest.mark.parametrize("dim", [1, -1])
def test_softmax_is_over_the_features_of_a_vector(dim: int) -> None:
    value = architecture()
    value["encoder"][4:] = [{"type": "Softmax", "dim": dim}, {"type": "Linear", "in_features": 64, "out_features": 4}]
    softmax = VAE(Architecture.read(value)).encoder[4]
    features = torch.randn(3, 64, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(softmax(features), features.exp() / features.exp().sum(dim=1, keepdim=True))
    value["encoder"].insert(1, value["encoder"].pop(4))
    with pytest.raises(LatentwalkError, match=r"layer encoder.1 \(Softmax\) takes features, but is given 4×8×8"):
        Architecture.read(value)


def test_a_gaussian_likelihood_has_a_variance_that_is_given_or_learned() -> None:
    value = architecture() | {"likelihood": "gaussian"}
    assert Architecture.read(value).variance == 1
    assert Architecture.read(value | {"variance": 0.25}).variance == 0.25
    learned = Architecture.read(value | {"variance": "learned"})
    assert learned.variance is None
    assert learned.json["variance"] == "learned"
    model = VAE(learned)
    model.initialize(3)
    assert list(model.tensors())[-1] == "likelihood.log_variance"
    assert model.tensors()["likelihood.log_variance"].tolist() == pytest.approx([math.log(0.1)])
    assert "likelihood.log_variance" not in VAE(Architecture.read(value | {"variance": 0.25})).tensors()


def test_the_shipped_model_builds_and_its_tensors_are_those_of_its_file() -> None:
    with safe_open(ROOT / "Models" / "mnist-2d.safetensors", framework="pt") as file:
        read = Architecture.read(json.loads(file.metadata()["latentwalk"]))
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    model = VAE(read)
    assert {name: tensor.shape for name, tensor in model.tensors().items()} == {
        name: tensor.shape for name, tensor in tensors.items()
    }


def _changed(path: str, value: object) -> dict[str, Any]:
    """The small architecture with a member changed: ``encoder.0.stride``."""
    changed = json.loads(json.dumps(architecture()))
    *way, last = path.split(".")
    place = changed
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[int(last) if isinstance(place, list) else last] = value
    return changed


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (7, "the architecture is not a JSON object"),
        (_changed("version", 2), "the architecture has version 2, and this package knows version 1"),
        (_changed("depth", 2), "the architecture has the unknown key depth"),
        (_changed("input", [8, 8]), "the input must be channels × height × width, but is 8×8"),
        (_changed("input", [1, 8, -8]), "input of the architecture must be a list of one to four whole numbers from 1"),
        (_changed("latent", 0), "latent of the architecture must be a whole number from 1 to 1024, but is 0"),
        (_changed("latent", True), "latent of the architecture must be a whole number"),
        (_changed("likelihood", "poisson"), "likelihood of the architecture must be bernoulli or gaussian"),
        (_changed("variance", 2), "the architecture has the unknown key variance"),
        *(
            (
                _changed("likelihood", "gaussian") | {"variance": variance},
                "variance of the architecture must be a number",
            )
            for variance in (0, -1, True, "free", 1e39, 1e-40, float("nan"), None)
        ),
        (_changed("encoder.1", {"type": "Softmax", "dim": 2}), "dim of layer encoder.1 (Softmax) is 2, and only 1 is"),
        (_changed("encoder", {}), "encoder of the architecture must be a list of layers"),
        (_changed("encoder", [{"type": "ReLU"}] * 1001), "the encoder has 1001 layers, more than 1000"),
        (_changed("encoder.0", 3), "layer encoder.0 is not a JSON object"),
        (_changed("encoder.1.type", "Magic"), "layer encoder.1 is of the unknown type Magic"),
        (_changed("encoder.1.type", "\x1b[2J"), "layer encoder.1 is of the unknown type �[2J"),
        (_changed("encoder.0.groups", 2), "groups of layer encoder.0 (Conv2d) is 2, and only 1 is supported"),
        (_changed("encoder.0.stride", 0), "stride of layer encoder.0 (Conv2d) must be 1 to 1024, but is 0×0"),
        (
            _changed("encoder.0.out_channels", 1 << 40),
            "out_channels of layer encoder.0 (Conv2d) must be a whole number",
        ),
        (_changed("encoder.0.in_channels", 3), "layer encoder.0 (Conv2d) cannot take 1×8×8"),
        (_changed("encoder.2.kernel_size", 9), "layer encoder.2 (MaxPool2d) cannot take 4×8×8"),
        (_changed("encoder.4.in_features", 63), "layer encoder.4 (Linear) cannot take 64"),
        (_changed("encoder.4.out_features", 6), "the encoder ends in 6, but should end in 4"),
        (_changed("decoder.0", {"type": "Flatten"}), "layer decoder.2 (Unflatten) cannot take 2"),
        (_changed("decoder.5", {"type": "ReLU"}), "a decoder with a Bernoulli likelihood must end in a Sigmoid"),
        (_changed("decoder.3.scale_factor", 2.5), "scale_factor of layer decoder.3 (Upsample) must be a whole number"),
        (_changed("decoder.0.out_features", 1 << 28), "layer decoder.2 (Unflatten) cannot take 268435456"),
    ],
)
def test_a_wrong_architecture_gets_one_sentence(value: object, sentence: str) -> None:
    with pytest.raises(LatentwalkError) as caught:
        Architecture.read(value)
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)
    assert caught.value.exit == Exit.DATA_ERROR


def test_new_weights_lie_within_their_bounds_and_come_from_the_seed() -> None:
    models = [VAE(Architecture.read(architecture(normalized=True))) for _ in range(3)]
    for model, seed in zip(models, (1, 1, 2), strict=True):
        model.initialize(seed)
    first, same, other = (model.tensors() for model in models)
    assert all(torch.equal(first[name], same[name]) for name in first)
    assert not torch.equal(first["encoder.0.weight"], other["encoder.0.weight"])
    assert 0.3 < first["encoder.0.weight"].abs().max() <= 1 / 3
    assert torch.equal(first["encoder.1.running_var"], torch.ones(4))
    assert torch.equal(first["decoder.1.bias"], torch.zeros(32))
