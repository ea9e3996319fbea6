"""The settings of a training."""

from __future__ import annotations

from typing import Any

import pytest

from latentwalk_torch.errors import LatentwalkError
from latentwalk_torch.settings import Settings


def test_settings_are_read_as_they_were_written() -> None:
    settings = Settings(
        epochs=7,
        schedule="cosine",
        warmup=0.1,
        optimizer="adamw",
        weight_decay=0.01,
        kl_warmup="cyclical:3",
        average=0.999,
        seed=(1 << 64) - 1,
        patience=2,
    )
    derived = Settings(7, derive_encoder=2)
    assert Settings.read(derived.json()) == derived
    assert derived.json()["derive-encoder"] == 2
    assert derived.texts()["derive-encoder"] == "2"
    assert settings.json()["derive-encoder"] is None
    assert Settings.read(settings.json()) == settings
    assert Settings.read({"epochs": 3, "beta": None, "kl-warmup": 2}) == Settings(3, kl_warmup="2")
    assert Settings.read({"epochs": 3, "optimizer": "adamw"}).weight_decay == 0.01


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({}, "settings has no epochs"),
        ({"epochs": 1, "speed": 2}, "settings has the unknown key speed"),
        ({"epochs": 1.5}, "epochs of settings must be a whole number"),
        ({"epochs": 1, "learning-rate": "fast"}, "learning-rate of settings must be a number"),
        ({"epochs": 1, "seed": "-1"}, "seed of settings must be a whole number"),
        ({"epochs": 1, "learning-rate": 1}, "--learning-rate must be above 0 and below 1"),
        ({"epochs": 0}, "--epochs must be 1 to 1000000"),
        ({"epochs": 1, "schedule": "steps"}, "--schedule must be constant or cosine or one-cycle"),
        ({"epochs": 1, "kl-warmup": "slow"}, "--kl-warmup must be none, a number of epochs"),
        ({"epochs": 1, "average": 1}, "--average must be above 0 and below 1"),
        ({"epochs": 1, "derive-encoder": 0}, "--derive-encoder must be at least 1 epoch"),
        ({"epochs": 1, "derive-encoder": 1.5}, "derive-encoder of settings must be a whole number"),
        ({"epochs": 1, "derive-encoder": 1, "average": 0.9}, "--average does not go with --derive-encoder"),
        ({"epochs": 1, "derive-encoder": 1, "free-bits": 0.5}, "--free-bits does not go with --derive-encoder"),
        ({"epochs": 1, "patience": 1, "validation": 0}, "--patience needs images held back"),
        ({"epochs": 1, "warmup": 0.1}, "--warmup belongs to --schedule cosine"),
        ({"epochs": 1, "weight-decay": 0.1}, "--weight-decay belongs to --optimizer adamw"),
    ],
)
def test_wrong_settings_get_one_sentence(value: dict[str, Any], sentence: str) -> None:
    with pytest.raises(LatentwalkError) as caught:
        Settings.read(value)
    assert str(caught.value).startswith(sentence)


def test_options_take_the_place_of_the_recipes_settings() -> None:
    recipe = Settings(5, schedule="cosine", warmup=0.2, gradient_clip=1.0, validation=5000)
    assert recipe.changed({}, 60_000) == recipe
    assert recipe.changed({}, 1200).validation == 100
    assert recipe.changed({"validation": 7}, 1200).validation == 7
    assert recipe.changed({"schedule": "one-cycle"}, 60_000).warmup == 0
    assert recipe.changed({"gradient_clip": 0.0}, 60_000).gradient_clip is None
    derived = Settings(5, derive_encoder=1)
    assert derived.changed({"derive_encoder": 0, "average": 0.9}, 60_000) == Settings(5, average=0.9)
    assert derived.changed({"derive_encoder": 3}, 60_000).derive_encoder == 3
    with pytest.raises(LatentwalkError, match="--average does not go with --derive-encoder"):
        derived.changed({"average": 0.9}, 60_000)
    assert recipe.changed({"optimizer": "adamw"}, 60_000).weight_decay == 0.01
    assert recipe.changed({"optimizer": "adamw", "weight_decay": 0.0}, 60_000).weight_decay == 0
