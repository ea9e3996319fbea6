"""Cases of make_operations.py: layers of one value."""
import torch
from torch import nn

from make_operations import case, graph

# MARK: Elementwise functions

SMOOTH = [nn.SiLU(), nn.Tanh(), nn.Sigmoid(), nn.Softplus(), nn.Softplus(2, 5), nn.GELU(), nn.GELU("tanh"), nn.Mish(),
          nn.Softsign(), nn.LogSigmoid()]
KINKED = [nn.ReLU(), nn.LeakyReLU(0.3), nn.ELU(0.7), nn.SELU(), nn.CELU(1.3), nn.Hardsigmoid(), nn.Hardswish(),
          nn.Hardtanh(-0.5, 2), nn.ReLU6()]
for scale in (1.0, 12.0, 1e-3):
    for module in SMOOTH + KINKED:
        case(f"{module}, inputs about {scale:g}", module, (11,), scale=scale, kinks=module in KINKED, trains=scale == 1)
    for function in (torch.neg, torch.erf, torch.sin, torch.cos):
        case(f"{function.__name__}, inputs about {scale:g}", function, (11,), scale=scale, trains=scale == 1)
    for function in (torch.log, torch.sqrt, torch.reciprocal):
        case(f"{function.__name__}, inputs about {scale:g}", function, (11,), scale=scale, positive=True, trains=scale == 1)
    for exponent in (2, 3, 0.5, -1.5):
        case(f"pow {exponent}, inputs about {scale:g}", torch.pow, (11,), scale=scale, positive=True, trains=scale == 1,
             exponent=exponent)
    for function in (torch.abs, torch.sign, torch.round, torch.floor, torch.ceil, torch.trunc):
        case(f"{function.__name__}, inputs about {scale:g}", function, (11,), scale=scale, kinks=True, trains=scale == 1)
    case(f"exp, inputs about {scale:g}", torch.exp, (11,), scale=scale, trains=scale == 1)
    case(f"clamp, inputs about {scale:g}", torch.clamp, (11,), scale=scale, kinks=True, trains=scale == 1, min=-0.5, max=2)
case("pow 2 of negative numbers", torch.pow, (11,), exponent=2)
case("pow 3 of negative numbers", torch.pow, (11,), exponent=3)
case("clamp from below", torch.clamp, (11,), min=0.2, kinks=True)
case("clamp from above", torch.clamp, (11,), max=0.2, kinks=True)
case("GELU of an image", nn.GELU(), (3, 4, 5))
case("abs of tokens", torch.abs, (4, 5), kinks=True)
case("ReLU of an image, batch 1", nn.ReLU(), (3, 4, 5), batch=1, kinks=True)

# MARK: Layers with parameters

case("Linear", nn.Linear(5, 7), (5,), batch=3)
case("Linear of tokens", nn.Linear(5, 7), (4, 5))
case("Linear of tokens of tokens, without bias", nn.Linear(5, 3, bias=False), (2, 4, 5))
case("Conv2d, dilated", nn.Conv2d(3, 4, 3, padding=2, dilation=2), (3, 6, 7))
case("Conv2d, dilated 1×2, strided", nn.Conv2d(2, 5, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2)), (2, 7, 6), batch=1)
case("Conv2d, two groups", nn.Conv2d(4, 6, 3, padding=1, groups=2), (4, 5, 6))
case("Conv2d, depthwise", nn.Conv2d(5, 5, 3, padding=1, groups=5), (5, 6, 5))
case("Conv2d, depthwise, two outputs each, strided, dilated", nn.Conv2d(3, 6, 3, stride=2, padding=2, dilation=2, groups=3, bias=False), (3, 8, 7))
case("ConvTranspose2d, dilated", nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, dilation=2), (3, 4, 3))
case("ConvTranspose2d, two groups", nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2), (4, 4, 3))
case("ConvTranspose2d, depthwise", nn.ConvTranspose2d(4, 4, 4, stride=2, padding=1, groups=4, bias=False), (4, 3, 4))
case("BatchNorm2d", nn.BatchNorm2d(3, eps=1e-3), (3, 4, 5), trains=False)
case("BatchNorm2d without weights", nn.BatchNorm2d(3, affine=False), (3, 4, 5), trains=False)
case("BatchNorm1d", nn.BatchNorm1d(7), (7,), trains=False)
case("BatchNorm1d without weights", nn.BatchNorm1d(7, affine=False), (7,), trains=False)

case("PReLU", nn.PReLU(), (7,), kinks=True)
case("PReLU of a flattened image, a slope a feature", nn.PReLU(7), (7,), kinks=True)
for shape in ((3,), (3, 5), (3, 4, 5)):
    case(f"PReLU, a slope a channel of {shape}", nn.PReLU(3), shape, kinks=True)
    case(f"PReLU, one slope for {shape}, batch 1", nn.PReLU(), shape, batch=1, kinks=True)
graph("PReLU between linear layers, of features that become an image", [(5,)], [
    (nn.Linear(5, 24), [0]), (nn.PReLU(24), [1]), (nn.Unflatten(1, (2, 3, 4)), [2]), (nn.Conv2d(2, 3, 3), [3])], kinks=True)
for shape, dim in (((8,), 1), ((3, 8), -1), ((6, 4), 1), ((4, 3, 5), 1), ((3, 4, 5), 2), ((3, 5, 4), -1)):
    case(f"GLU along {dim} of {shape}", nn.GLU(dim), shape)

# MARK: Softmax

for name, module in (("Softmax", nn.Softmax), ("LogSoftmax", nn.LogSoftmax)):
    for shape in ((7,), (4, 5), (3, 4, 5)):
        for dim in (*range(1, len(shape) + 1), -1):
            case(f"{name} along {dim} of {shape}", module(dim), shape, scale=2)

# MARK: Images

for mode in ("nearest", "bilinear", "bicubic"):
    for corners in (None,) if mode == "nearest" else (None, True):
        words = mode + (" with corners aligned" if corners else "")
        options = dict(mode=mode, align_corners=corners)
        case(f"Upsample by 2, {words}", nn.Upsample(scale_factor=2, **options), (2, 3, 4))
        case(f"Upsample by 1.7 and 2.4, {words}", nn.Upsample(scale_factor=(1.7, 2.4), **options), (2, 3, 4))
        case(f"Upsample by 0.6, {words}", nn.Upsample(scale_factor=0.6, **options), (2, 6, 7))
        case(f"Upsample to 7×5, {words}", nn.Upsample(size=(7, 5), **options), (2, 3, 4))
        case(f"Upsample to 3×9, {words}", nn.Upsample(size=(3, 9), **options), (2, 5, 4))
        case(f"Upsample to 6, {words}", nn.Upsample(size=6, **options), (2, 3, 4))
        # Sizes that float32 rounds down, sides that keep their length or double, places where a step ends between pixels.
        for length, factor in ((10, 0.7), (10, 0.9), (10, 1.4), (10, 2.3), (5, 1.1), (5, 1.15), (7, 1.1), (20, 2.2), (4, 2.2), (3, 5 / 3)):
            case(f"Upsample {length} by {factor:.4g}, {words}", nn.Upsample(scale_factor=(factor, 1.5), **options), (1, length, 2), batch=1)
        # PyTorch's gradient of bicubic resizing is a copy where both sides keep their lengths, and its values are not.
        if mode != "bicubic":
            case(f"Upsample 5×7 by 1.1, {words}", nn.Upsample(scale_factor=1.1, **options), (1, 5, 7), batch=1)
for ceil in (False, True):
    for padded in (False, True):
        case(f"AvgPool2d, ceil_mode {ceil}, count_include_pad {padded}", nn.AvgPool2d(3, 2, 1, ceil_mode=ceil, count_include_pad=padded), (3, 6, 8))
    case(f"AvgPool2d of 3×2, ceil_mode {ceil}", nn.AvgPool2d((3, 2), ceil_mode=ceil), (3, 7, 7))
    case(f"MaxPool2d, ceil_mode {ceil}", nn.MaxPool2d(3, 2, 1, ceil_mode=ceil), (3, 6, 8), kinks=True)
    case(f"MaxPool2d of 3×2, ceil_mode {ceil}", nn.MaxPool2d((3, 2), ceil_mode=ceil), (3, 7, 7), kinks=True)

for dilation, padding in ((2, 0), (2, 1), ((1, 3), (0, 1))):
    case(f"MaxPool2d, dilation {dilation}, padding {padding}", nn.MaxPool2d(3, 2, padding, dilation=dilation), (3, 8, 9), kinks=True)
case("MaxPool2d of 2×2, dilation 2, ceil_mode", nn.MaxPool2d(2, 2, 0, dilation=2, ceil_mode=True), (2, 6, 8), kinks=True)
for size in (1, 3, (2, 5), (7, 9)):
    case(f"AdaptiveAvgPool2d to {size}", nn.AdaptiveAvgPool2d(size), (3, 7, 6))
    case(f"AdaptiveMaxPool2d to {size}", nn.AdaptiveMaxPool2d(size), (3, 7, 6), kinks=True)
graph("global pooling and a linear layer", [(3, 6, 5)], [
    (nn.Conv2d(3, 4, 3, padding=1), [0]), (nn.ReLU(), [1]), (nn.AdaptiveAvgPool2d(1), [2]), (nn.Flatten(), [3]),
    (nn.Linear(4, 2), [4])], kinks=True)

# MARK: Shapes

case("reshape of an image", "reshape", (3, 4, 5), shape=[5, 12], call=lambda x: x.reshape(len(x), 5, 12))
case("reshape to an image", "reshape", (6, 10), shape=[3, -1, 5], call=lambda x: x.reshape(len(x), 3, -1, 5))
case("reshape of an image to another", "reshape", (3, 4, 5), shape=[5, 4, 3], call=lambda x: x.reshape(len(x), 5, 4, 3))
case("Flatten", nn.Flatten(), (3, 4, 5))
case("Flatten of tokens", nn.Flatten(), (4, 5))
case("Unflatten", nn.Unflatten(1, (3, 4, 5)), (60,))
case("Unflatten to tokens", nn.Unflatten(1, (4, 5)), (20,))
case("Dropout", nn.Dropout(0.3), (3, 4, 5))
case("Dropout2d", nn.Dropout2d(0.3), (3, 4, 5))
case("Identity", nn.Identity(), (5,))
