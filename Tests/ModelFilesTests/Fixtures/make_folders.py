#!/usr/bin/env python3
"""Make folders of models as diffusers, pythae and Hugging Face's mixin write them, with what they decode and encode.

    python3 make_folders.py        needs torch, diffusers, pythae, safetensors

Each folder gets `expected.json`: a latent, its picture, a picture, its latent mean, as flat lists.
"""
import json
import pathlib
import shutil

import torch
from diffusers import AutoencoderKL, AutoencoderTiny
from safetensors.torch import load_file, save_file

HERE = pathlib.Path(__file__).parent
torch.manual_seed(7)


def numbers(tensor):
    return [round(value, 6) for value in tensor.flatten().tolist()]


def loud(model):
    """Random models whose numbers are neither 0 nor 1, so that nothing can be left out unnoticed."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 1:
                parameter.add_(0.3 * torch.randn_like(parameter))
    return model.eval()


@torch.no_grad()
def keep(folder, latent, decode, image, encode):
    expected = {
        "z": numbers(latent), "image": numbers(decode(latent)), "picture": numbers(image), "mean": numbers(encode(image)),
        "latent": list(latent.shape[1:]), "shape": list(image.shape[1:]),
    }
    (folder / "expected.json").write_text(json.dumps(expected))


def fresh(name):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def diffusers_kl(name, **changes):
    settings = dict(
        block_out_channels=(4, 8), layers_per_block=1, norm_num_groups=4, latent_channels=2, sample_size=8,
        down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2)
    model = loud(AutoencoderKL(**(settings | changes)))
    folder = fresh(name)
    model.save_pretrained(folder)
    channels = model.config.in_channels
    keep(folder, torch.randn(1, 2, 4, 4), lambda z: model.decode(z).sample, torch.randn(1, channels, 8, 8),
         lambda x: model.encode(x).latent_dist.mean)
    return folder


def old_names(folder):
    """The names that diffusers wrote before 2023: attention's were others, and linear."""
    path = folder / "diffusion_pytorch_model.safetensors"
    words = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
    tensors = {}
    for key, value in load_file(path).items():
        for new, old in words.items():
            key = key.replace(f".{new}.", f".{old}.")
        tensors[key] = value
    path.unlink()
    torch.save(tensors, folder / "diffusion_pytorch_model.bin")


def original_names(folder, name):
    """The original code's names, in a checkpoint of a whole diffusion model; without a configuration."""
    tensors = load_file(folder / "diffusion_pytorch_model.safetensors")
    words = [("to_q", "q"), ("to_k", "k"), ("to_v", "v"), ("to_out.0", "proj_out"), ("group_norm", "norm"),
             ("mid_block.resnets.0", "mid.block_1"), ("mid_block.resnets.1", "mid.block_2"),
             ("mid_block.attentions.0", "mid.attn_1"), ("conv_shortcut", "nin_shortcut"), ("conv_norm_out", "norm_out"),
             ("down_blocks", "down"), ("resnets", "block"), ("downsamplers.0", "downsample"), ("upsamplers.0", "upsample"),
             ("up_blocks.0", "up.1"), ("up_blocks.1", "up.0")]
    made = {}
    for key, value in tensors.items():
        for new, old in words:
            key = key.replace(f"{new}.", f"{old}.")
        if ".attn_1." in key and value.ndim == 2:
            value = value[:, :, None, None]
        made["first_stage_model." + key] = value
    made["model.diffusion_model.out.0.weight"] = torch.ones(4)
    made["logvar"] = torch.zeros(())
    target = fresh(name)
    torch.save({"state_dict": made, "global_step": 3}, target / "ldm.ckpt")
    shutil.copy(folder / "expected.json", target)


def diffusers_tiny():
    model = loud(AutoencoderTiny(
        encoder_block_out_channels=(4, 4), decoder_block_out_channels=(4, 4), num_encoder_blocks=(1, 1),
        num_decoder_blocks=(1, 1), latent_channels=2))
    folder = fresh("tiny")
    model.save_pretrained(folder)
    keep(folder, torch.randn(1, 2, 8, 8), lambda z: model.decode(z).sample, torch.randn(1, 3, 16, 16),
         lambda x: model.encode(x).latents)


def sharded(folder):
    target = fresh("kl-sharded")
    tensors = load_file(folder / "diffusion_pytorch_model.safetensors")
    shutil.copy(folder / "config.json", target)
    shutil.copy(folder / "expected.json", target)
    names = sorted(tensors)
    halves = {"part-1.safetensors": names[::2], "part-2.safetensors": names[1::2]}
    for file, keys in halves.items():
        save_file({key: tensors[key] for key in keys}, target / file)
    weight_map = {key: file for file, keys in halves.items() for key in keys}
    (target / "diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))


def pythae():
    """A model of pythae's default networks, as its save() lays it out; narrowed to 8 hidden features to be small."""
    from pythae.models import VAE, VAEConfig
    from pythae.models.nn import default_architectures
    source = default_architectures.__file__
    code = pathlib.Path(source).read_text().replace("512", "8")
    exec(compile(code, source, "exec"), default_architectures.__dict__)
    import pythae.models.vae.vae_model as module
    module.Encoder_VAE_MLP = default_architectures.Encoder_VAE_MLP
    import pythae.models.base.base_model as base
    base.Decoder_AE_MLP = default_architectures.Decoder_AE_MLP
    model = loud(VAE(VAEConfig(input_dim=(1, 6, 10), latent_dim=3, reconstruction_loss="bce")))
    folder = fresh("pythae")
    model.save(str(folder))
    keep(folder, torch.randn(1, 3), lambda z: model.decoder(z).reconstruction, torch.rand(1, 1, 6, 10),
         lambda x: model.encoder(x).embedding)


def mixin():
    """A model of an author's own with Hugging Face's mixin: constructor's arguments beside the tensors."""
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = nn.Sequential(nn.Linear(64, 12), nn.Tanh())
            self.mu, self.logvar = nn.Linear(12, 3), nn.Linear(12, 3)
            self.decoder = nn.Sequential(nn.Linear(3, 12), nn.Tanh(), nn.Linear(12, 64), nn.Sigmoid())

    net = loud(Net())
    folder = fresh("mixin")
    save_file(net.state_dict(), folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps({"latent_dim": 3, "image_size": 8, "activation": "tanh"}))
    keep(folder, torch.randn(1, 3), net.decoder, torch.rand(1, 1, 8, 8), lambda x: net.mu(net.encoder(x.flatten(1))))


if __name__ == "__main__":
    plain = diffusers_kl("kl")
    original_names(plain, "ldm")
    sharded(plain)
    old_names(diffusers_kl("kl-old", in_channels=1, out_channels=1, act_fn="mish", norm_num_groups=2))
    diffusers_kl("kl-bare", use_quant_conv=False, use_post_quant_conv=False, mid_block_add_attention=False)
    diffusers_tiny()
    pythae()
    mixin()
