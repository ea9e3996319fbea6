#!/usr/bin/env python3
"""Check that a model's file gives in PyTorch what it should: the encoder's and the decoder's outputs.

    python3 Scripts/check_checkpoint.py MODEL.safetensors EXPECTED.json

EXPECTED.json is as make_checkpoint_fixture.py writes it. Fails if an output differs by more than 1e-5.
"""
import json
import pathlib
import sys

import torch
from load_model import load


@torch.no_grad()
def main(model, expected):
    expected = json.loads(pathlib.Path(expected).read_text())

    def tensor(name):
        return torch.tensor(expected[name]["values"]).reshape(expected[name]["shape"])

    encoder, decoder, architecture = load(model)
    torch.testing.assert_close(encoder(tensor("images")), tensor("encoded"), rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(decoder(tensor("points")), tensor("decoded"), rtol=1e-5, atol=1e-6)
    print(json.dumps({"layers": len(encoder) + len(decoder), "latent": architecture["latent"]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
