"""The settings of a training: everything that decides a run beside the network and the data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from latentwalk_torch.errors import Exit, LatentwalkError
from latentwalk_torch.fields import Fields, wrong
from latentwalk_torch.schedules import SCHEDULES, KLWarmup, Schedule


@dataclass(frozen=True)
class Settings:
    """What ``latentwalk train`` calls its settings, by the names of a recipe's file.

    Attributes:
        epochs: how often the run goes through the images.
        batch_size: images a step, all processes together.
        learning_rate: the largest of the schedule.
        schedule: ``constant``, ``cosine`` or ``one-cycle``.
        warmup: the share of the run in which a cosine rises.
        optimizer: ``adam`` or ``adamw``.
        weight_decay: AdamW's.
        gradient_clip: the largest Euclidean norm of a step's gradient; None: as it comes.
        beta: the weight of the KL term when any warm-up is over (Higgins et al. 2017).
        kl_warmup: ``none``, epochs, or ``cyclical:CYCLES:RISE``.
        free_bits: nats of KL that each latent, averaged over the batch, has for nothing (Kingma et al. 2016).
        average: the decay a step of the weights' moving average, which is validated and saved; None: no average.
        patience: after how many epochs without a better validation the run ends; None: never before its time.
        derive_encoder: after how many epochs the encoder is no longer learned but computed from the decoder, four times
            an epoch and at the end of each; None: it is learned to the end.
        validation: how many of the images, the last ones, are held back.
        seed: what all random choices come from.
    """

    epochs: int
    batch_size: int = 128
    learning_rate: float = 1e-3
    schedule: str = "constant"
    warmup: float = 0.0
    optimizer: str = "adam"
    weight_decay: float = 0.0
    gradient_clip: float | None = None
    beta: float = 1.0
    kl_warmup: str = "none"
    free_bits: float = 0.0
    average: float | None = None
    patience: int | None = None
    derive_encoder: int | None = None
    validation: int = 5000
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuses what cannot be, by a sentence that names the option."""
        for name, (is_right, sentence) in _RULES.items():
            value = getattr(self, name)
            if not (value is None and name in _OPTIONAL) and not is_right(value):
                raise LatentwalkError(f"--{name.replace('_', '-')} must be {sentence}", Exit.USAGE)
        if self.patience is not None and self.validation < 1:
            raise LatentwalkError("--patience needs images held back: give --validation a number above 0", Exit.USAGE)
        if self.derive_encoder is not None and self.average is not None:
            raise LatentwalkError(
                "--average does not go with --derive-encoder: a computed encoder fits the decoder's newest weights"
                " alone",
                Exit.USAGE,
            )
        if self.derive_encoder is not None and self.free_bits > 0:
            raise LatentwalkError(
                "--free-bits does not go with --derive-encoder: a computed encoder is not pushed below them", Exit.USAGE
            )
        if self.warmup and self.schedule != "cosine":
            raise LatentwalkError("--warmup belongs to --schedule cosine: leave it away", Exit.USAGE)
        if self.weight_decay and self.optimizer != "adamw":
            raise LatentwalkError("--weight-decay belongs to --optimizer adamw: leave it away", Exit.USAGE)

    @property
    def learning_rates(self) -> Schedule:
        """How the learning rate goes."""
        return Schedule(self.schedule, self.warmup)

    @property
    def kl_weights(self) -> KLWarmup:
        """How the weight of the KL term comes up."""
        return KLWarmup.parse(self.kl_warmup)

    def changed(self, options: Mapping[str, Any], images: int) -> Settings:
        """The same with what was asked for in their place, as ``latentwalk train`` takes its options.

        Args:
            options: settings by name; 0 switches off what the recipe has of ``_OPTIONAL``.
            images: how many there are; without a wish no more than one in twelve is held back.
        """
        changes: dict[str, Any] = {"validation": min(self.validation, images // 12), **options}
        if "schedule" in changes:
            changes.setdefault("warmup", 0.0)
        if changes.get("optimizer", self.optimizer) != self.optimizer:
            changes.setdefault("weight_decay", _USUAL_DECAY if changes["optimizer"] == "adamw" else 0.0)
        for name in _OPTIONAL & changes.keys():
            changes[name] = changes[name] or None
        return replace(self, **changes)

    def texts(self) -> dict[str, str]:
        """The settings by the names of their options, those left out that do nothing; for a model's provenance."""
        idle = {"warmup": 0, "weight_decay": 0, "kl_warmup": "none", "free_bits": 0}
        return {
            name.replace("_", "-"): str(value)
            for name, value in asdict(self).items()
            if value is not None and not (name in idle and value == idle[name])
        }

    def json(self) -> dict[str, Any]:
        """All settings, by the names of their options, as a recipe's file has them; what is off is None."""
        values = {name.replace("_", "-"): value for name, value in asdict(self).items()}
        # Numbers of JSON are signed for many readers.
        return values | {"seed": self.seed if self.seed < 1 << 63 else str(self.seed)}

    @staticmethod
    def read(value: object) -> Settings:
        """Reads what :meth:`json` gives; what is missing or null is as it is without."""
        members = Fields(value, "settings")
        known: dict[str, Any] = {}
        for field in fields(Settings):
            key = field.name.replace("_", "-")
            if members.take(key, None) is not None:
                known[field.name] = _reader(field.name, str(field.type), members)(key)
        members.finish()
        if "epochs" not in known:
            raise wrong("settings has no epochs")
        if known.get("optimizer") == "adamw":
            known.setdefault("weight_decay", _USUAL_DECAY)
        return Settings(**known)


def _reader(name: str, kind: str, members: Fields) -> Callable[[str], Any]:
    """What reads a setting: by its type, and with the freedom that some have."""
    if name == "seed":
        return lambda key: (
            int(text)
            if isinstance(text := members.take(key), str) and text.isdecimal()
            else (members.whole(key, most=(1 << 64) - 1))
        )
    if name == "kl_warmup":
        return lambda key: text if isinstance(text := members.take(key), str) else f"{members.number(key):g}"
    return {"int": members.whole, "float": members.number, "str": members.text}[kind.split(" ")[0]]


def _is_kl_warmup(text: str) -> bool:
    try:
        KLWarmup.parse(text)
    except ValueError:
        return False
    return True


_USUAL_DECAY = 0.01
_OPTIONAL = {"gradient_clip", "average", "patience", "derive_encoder"}

_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "epochs": (lambda value: 1 <= value <= 1_000_000, "1 to 1000000"),
    "batch_size": (lambda value: 1 <= value <= 1_000_000, "1 to 1000000"),
    "learning_rate": (lambda value: 0 < value < 1, "above 0 and below 1"),
    "schedule": (lambda value: value in SCHEDULES, " or ".join(SCHEDULES)),
    "warmup": (lambda value: 0 <= value < 1, "a share of the run: from 0, and below 1"),
    "optimizer": (lambda value: value in ("adam", "adamw"), "adam or adamw"),
    "weight_decay": (lambda value: 0 <= value <= 1, "0 to 1"),
    "gradient_clip": (lambda value: 0 < value < float("inf"), "above 0"),
    "beta": (lambda value: 0 <= value <= 1e6, "0 to 1000000"),
    "kl_warmup": (_is_kl_warmup, "none, a number of epochs, or cyclical:CYCLES:RISE"),
    "free_bits": (lambda value: 0 <= value <= 1e6, "0 to 1000000 nats a latent"),
    "average": (lambda value: 0 < value < 1, "above 0 and below 1, 0.999 for example"),
    "patience": (lambda value: value >= 1, "at least 1"),
    "derive_encoder": (lambda value: value >= 1, "at least 1 epoch"),
    "validation": (lambda value: value >= 0, "0 or more"),
    "seed": (lambda value: 0 <= value < 1 << 64, "0 to 2⁶⁴ − 1"),
}
