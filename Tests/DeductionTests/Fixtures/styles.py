"""VAEs as people write them: forty ways to name and order the same few layers. `w` is a width, `act` the activation."""

import torch
from torch import nn
from torch.nn import functional as F


class Style(nn.Module):
    """What all have: `d` latents, a picture's shape, perhaps classes; `encode(x, y)` gives the mean, the second head."""

    image = (1, 28, 28)
    classes = 0
    args = ""

    def out(self, x):
        return torch.sigmoid(x)


def onehot(y, k=10):
    return F.one_hot(y, k).float()


STYLES = {}


def style(cls):
    STYLES[cls.__name__] = cls
    return cls


@style
class Example(Style):  # pytorch/examples
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.fc1 = nn.Linear(784, w * 4)
        s.fc21 = nn.Linear(w * 4, d)
        s.fc22 = nn.Linear(w * 4, d)
        s.fc3 = nn.Linear(d, w * 4)
        s.fc4 = nn.Linear(w * 4, 784)

    def encode(s, x, y=None):
        h = s.act(s.fc1(x.flatten(1)))
        return s.fc21(h), s.fc22(h)

    def decode(s, z, y=None):
        return s.out(s.fc4(s.act(s.fc3(z)))).view(-1, 1, 28, 28)


@style
class ExampleConditional(Style):
    classes = 10

    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.fc1 = nn.Linear(794, w * 4)
        s.fc21 = nn.Linear(w * 4, d)
        s.fc22 = nn.Linear(w * 4, d)
        s.fc3 = nn.Linear(d + 10, w * 4)
        s.fc4 = nn.Linear(w * 4, 784)

    def encode(s, x, y):
        h = s.act(s.fc1(torch.cat([x.flatten(1), onehot(y)], 1)))
        return s.fc21(h), s.fc22(h)

    def decode(s, z, y):
        return s.out(s.fc4(s.act(s.fc3(torch.cat([z, onehot(y)], 1))))).view(-1, 1, 28, 28)


@style
class Deep(Style):  # fc1 fc2 fc31 fc32 fc4 fc5 fc6
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.fc1, s.fc2 = nn.Linear(784, w * 4), nn.Linear(w * 4, w * 2)
        s.fc31, s.fc32 = nn.Linear(w * 2, d), nn.Linear(w * 2, d)
        s.fc4, s.fc5, s.fc6 = nn.Linear(d, w * 2), nn.Linear(w * 2, w * 4), nn.Linear(w * 4, 784)

    def encode(s, x, y=None):
        h = s.act(s.fc2(s.act(s.fc1(x.flatten(1)))))
        return s.fc31(h), s.fc32(h)

    def decode(s, z, y=None):
        return s.out(s.fc6(s.act(s.fc5(s.act(s.fc4(z)))))).view(-1, 1, 28, 28)


@style
class Sequentials(Style):  # encoder.0 … mu logvar decoder.0 …
    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        A = lambda: Act(act)
        s.encoder = nn.Sequential(nn.Linear(784, w * 4), A(), nn.Linear(w * 4, w * 2), A())
        s.mu, s.logvar = nn.Linear(w * 2, d), nn.Linear(w * 2, d)
        s.decoder = nn.Sequential(
            nn.Linear(d, w * 2), A(), nn.Linear(w * 2, w * 4), A(), nn.Linear(w * 4, 784), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encoder(x.flatten(1))
        return s.mu(h), s.logvar(h)

    def decode(s, z, y=None):
        return s.decoder(z).view(-1, 1, 28, 28)


class Act(nn.Module):
    def __init__(self, f):
        super().__init__()
        self.f = f

    def forward(self, x):
        return self.f(x)


@style
class Joint(Style):  # encoder.0, encoder.2 gives both
    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        s.encoder = nn.Sequential(nn.Linear(784, w * 4), Act(act), nn.Linear(w * 4, 2 * d))
        s.decoder = nn.Sequential(nn.Linear(d, w * 4), Act(act), nn.Linear(w * 4, 784), nn.Sigmoid())

    def encode(s, x, y=None):
        return s.encoder(x.flatten(1)).chunk(2, 1)

    def decode(s, z, y=None):
        return s.decoder(z).view(-1, 1, 28, 28)


@style
class SubModules(Style):  # encoder.linear1 encoder.linear2 encoder.linear3
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.encoder, s.decoder = nn.Module(), nn.Module()
        s.encoder.linear1 = nn.Linear(784, w * 4)
        s.encoder.linear2, s.encoder.linear3 = nn.Linear(w * 4, d), nn.Linear(w * 4, d)
        s.decoder.linear1, s.decoder.linear2 = nn.Linear(d, w * 4), nn.Linear(w * 4, 784)

    def encode(s, x, y=None):
        h = s.act(s.encoder.linear1(x.flatten(1)))
        return s.encoder.linear2(h), s.encoder.linear3(h)

    def decode(s, z, y=None):
        return s.out(s.decoder.linear2(s.act(s.decoder.linear1(z)))).view(-1, 1, 28, 28)


@style
class Camel(Style):  # Jackson Kang's tutorial
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.Encoder, s.Decoder = nn.Module(), nn.Module()
        e, c = s.Encoder, s.Decoder
        e.FC_input, e.FC_input2 = nn.Linear(784, w * 4), nn.Linear(w * 4, w * 4)
        e.FC_mean, e.FC_var = nn.Linear(w * 4, d), nn.Linear(w * 4, d)
        c.FC_hidden, c.FC_hidden2, c.FC_output = nn.Linear(d, w * 4), nn.Linear(w * 4, w * 4), nn.Linear(w * 4, 784)

    def encode(s, x, y=None):
        e = s.Encoder
        h = s.act(e.FC_input2(s.act(e.FC_input(x.flatten(1)))))
        return e.FC_mean(h), e.FC_var(h)

    def decode(s, z, y=None):
        c = s.Decoder
        return s.out(c.FC_output(s.act(c.FC_hidden2(s.act(c.FC_hidden(z)))))).view(-1, 1, 28, 28)


@style
class Hidden(Style):  # img_2hid hid_2mu hid_2sigma z_2hid hid_2img
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.img_2hid = nn.Linear(784, w * 4)
        s.hid_2mu, s.hid_2sigma = nn.Linear(w * 4, d), nn.Linear(w * 4, d)
        s.z_2hid, s.hid_2img = nn.Linear(d, w * 4), nn.Linear(w * 4, 784)

    def encode(s, x, y=None):
        h = s.act(s.img_2hid(x.flatten(1)))
        return s.hid_2mu(h), s.hid_2sigma(h)

    def decode(s, z, y=None):
        return s.out(s.hid_2img(s.act(s.z_2hid(z)))).view(-1, 1, 28, 28)


@style
class BatchNormMLP(Style):
    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        A = lambda: Act(act)
        s.encoder = nn.Sequential(
            nn.Flatten(), nn.Linear(784, w * 4), nn.BatchNorm1d(w * 4), A(), nn.Linear(w * 4, w * 2), nn.BatchNorm1d(w * 2), A())
        s.fc_mu, s.fc_logvar = nn.Linear(w * 2, d), nn.Linear(w * 2, d)
        s.decoder = nn.Sequential(
            nn.Linear(d, w * 2), nn.BatchNorm1d(w * 2), A(), nn.Linear(w * 2, w * 4), nn.BatchNorm1d(w * 4), A(),
            nn.Linear(w * 4, 784), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encoder(x)
        return s.fc_mu(h), s.fc_logvar(h)

    def decode(s, z, y=None):
        return s.decoder(z).view(-1, 1, 28, 28)


@style
class DropoutMLP(Style):  # gaps of two: an activation and a dropout
    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        A = lambda: Act(act)
        s.enc = nn.Sequential(nn.Linear(784, w * 4), A(), nn.Dropout(0.1), nn.Linear(w * 4, w * 2), A(), nn.Dropout(0.1))
        s.z_mean, s.z_log_var = nn.Linear(w * 2, d), nn.Linear(w * 2, d)
        s.dec = nn.Sequential(
            nn.Linear(d, w * 2), A(), nn.Dropout(0.1), nn.Linear(w * 2, w * 4), A(), nn.Dropout(0.1), nn.Linear(w * 4, 784),
            nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.enc(x.flatten(1))
        return s.z_mean(h), s.z_log_var(h)

    def decode(s, z, y=None):
        return s.dec(z).view(-1, 1, 28, 28)


@style
class MLPList(Style):  # encoder_layers.0 … of a ModuleList: no gaps, yet activations
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.encoder_layers = nn.ModuleList([nn.Linear(784, w * 4), nn.Linear(w * 4, w * 2)])
        s.mean, s.log_var = nn.Linear(w * 2, d), nn.Linear(w * 2, d)
        s.decoder_layers = nn.ModuleList([nn.Linear(d, w * 2), nn.Linear(w * 2, w * 4), nn.Linear(w * 4, 784)])

    def encode(s, x, y=None):
        h = x.flatten(1)
        for layer in s.encoder_layers:
            h = s.act(layer(h))
        return s.mean(h), s.log_var(h)

    def decode(s, z, y=None):
        for layer in s.decoder_layers[:-1]:
            z = s.act(layer(z))
        return s.out(s.decoder_layers[-1](z)).view(-1, 1, 28, 28)


@style
class TimBMW(Style):  # timbmg/VAE-CVAE-MNIST: encoder.MLP.L0, encoder.linear_means, decoder.MLP.L0
    classes = 10

    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        s.encoder, s.decoder = nn.Module(), nn.Module()
        s.encoder.MLP, s.decoder.MLP = nn.Sequential(), nn.Sequential()
        s.encoder.MLP.add_module("L0", nn.Linear(794, w * 4))
        s.encoder.MLP.add_module("A0", Act(act))
        s.encoder.linear_means, s.encoder.linear_log_var = nn.Linear(w * 4, d), nn.Linear(w * 4, d)
        for n, m in (("L0", nn.Linear(d + 10, w * 4)), ("A0", Act(act)), ("L1", nn.Linear(w * 4, 784)), ("sigmoid", nn.Sigmoid())):
            s.decoder.MLP.add_module(n, m)

    def encode(s, x, y):
        h = s.encoder.MLP(torch.cat([x.flatten(1), onehot(y)], 1))
        return s.encoder.linear_means(h), s.encoder.linear_log_var(h)

    def decode(s, z, y):
        return s.decoder.MLP(torch.cat([z, onehot(y)], 1)).view(-1, 1, 28, 28)


@style
class LabelEmbedding(Style):
    classes = 10

    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.label_emb = nn.Embedding(10, 6)
        s.fc1 = nn.Linear(790, w * 4)
        s.fc_mu, s.fc_logvar = nn.Linear(w * 4, d), nn.Linear(w * 4, d)
        s.fc2, s.fc3 = nn.Linear(d + 6, w * 4), nn.Linear(w * 4, 784)

    def encode(s, x, y):
        h = s.act(s.fc1(torch.cat([x.flatten(1), s.label_emb(y)], 1)))
        return s.fc_mu(h), s.fc_logvar(h)

    def decode(s, z, y):
        return s.out(s.fc3(s.act(s.fc2(torch.cat([z, s.label_emb(y)], 1))))).view(-1, 1, 28, 28)


@style
class ConditionalDecoderOnlyLabel(Style):  # the label goes to the decoder alone
    classes = 10

    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        s.encoder = nn.Sequential(nn.Linear(784, w * 4), Act(act))
        s.mu_layer, s.logvar_layer = nn.Linear(w * 4, d), nn.Linear(w * 4, d)
        s.decoder = nn.Sequential(nn.Linear(d + 10, w * 4), Act(act), nn.Linear(w * 4, 784), nn.Sigmoid())

    def encode(s, x, y):
        h = s.encoder(x.flatten(1))
        return s.mu_layer(h), s.logvar_layer(h)

    def decode(s, z, y):
        return s.decoder(torch.cat([z, onehot(y)], 1)).view(-1, 1, 28, 28)


@style
class Autoencoder(Style):  # no second head
    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        A = lambda: Act(act)
        s.encoder = nn.Sequential(nn.Linear(784, w * 4), A(), nn.Linear(w * 4, w * 2), A(), nn.Linear(w * 2, d))
        s.decoder = nn.Sequential(nn.Linear(d, w * 2), A(), nn.Linear(w * 2, w * 4), A(), nn.Linear(w * 4, 784), nn.Sigmoid())

    def encode(s, x, y=None):
        m = s.encoder(x.flatten(1))
        return m, torch.full_like(m, -10)

    def decode(s, z, y=None):
        return s.decoder(z).view(-1, 1, 28, 28)


# Convolutions


@style
class ConvFlat(Style):  # enc_conv1 enc_conv2 fc_mu fc_logvar fc_dec dec_conv1 dec_conv2
    k, op = 3, 1

    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act, s.w = d, act, w
        s.enc_conv1, s.enc_conv2 = nn.Conv2d(1, w, 3, 2, 1), nn.Conv2d(w, 2 * w, 3, 2, 1)
        s.fc_mu, s.fc_logvar = nn.Linear(98 * w, d), nn.Linear(98 * w, d)
        s.fc_dec = nn.Linear(d, 98 * w)
        s.dec_conv1 = nn.ConvTranspose2d(2 * w, w, s.k, 2, 1, s.op)
        s.dec_conv2 = nn.ConvTranspose2d(w, 1, s.k, 2, 1, s.op)

    def encode(s, x, y=None):
        h = s.act(s.enc_conv2(s.act(s.enc_conv1(x)))).flatten(1)
        return s.fc_mu(h), s.fc_logvar(h)

    def decode(s, z, y=None):
        h = s.act(s.fc_dec(z)).view(-1, 2 * s.w, 7, 7)
        return s.out(s.dec_conv2(s.act(s.dec_conv1(h))))


@style
class ConvFlat4(ConvFlat):
    k, op = 4, 0


@style
class ConvSequential(Style):  # encoder.0 .2, fc_mu, decoder_input, decoder.0 .2
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.w = d, w
        A = lambda: Act(act)
        s.encoder = nn.Sequential(nn.Conv2d(1, w, 4, 2, 1), A(), nn.Conv2d(w, 2 * w, 4, 2, 1), A(), nn.Flatten())
        s.fc_mu, s.fc_logvar = nn.Linear(98 * w, d), nn.Linear(98 * w, d)
        s.decoder_input = nn.Linear(d, 98 * w)
        s.decoder = nn.Sequential(
            nn.ConvTranspose2d(2 * w, w, 4, 2, 1), A(), nn.ConvTranspose2d(w, 1, 4, 2, 1), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encoder(x)
        return s.fc_mu(h), s.fc_logvar(h)

    def decode(s, z, y=None):
        return s.decoder(s.decoder_input(z).view(-1, 2 * s.w, 7, 7))


@style
class ConvOneSequential(Style):  # decoder: Linear, ReLU, Unflatten, ConvTranspose …
    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        A = lambda: Act(act)
        s.encoder = nn.Sequential(
            nn.Conv2d(1, w, 3, 2, 1), A(), nn.Conv2d(w, 2 * w, 3, 2, 1), A(), nn.Flatten(), nn.Linear(98 * w, 4 * w), A())
        s.fc_mean, s.fc_log_var = nn.Linear(4 * w, d), nn.Linear(4 * w, d)
        s.decoder = nn.Sequential(
            nn.Linear(d, 4 * w), A(), nn.Linear(4 * w, 98 * w), A(), nn.Unflatten(1, (2 * w, 7, 7)),
            nn.ConvTranspose2d(2 * w, w, 3, 2, 1, 1), A(), nn.ConvTranspose2d(w, 1, 3, 2, 1, 1), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encoder(x)
        return s.fc_mean(h), s.fc_log_var(h)

    def decode(s, z, y=None):
        return s.decoder(z)


@style
class ConvUnflattenWithout(Style):  # Linear, Unflatten, ConvTranspose: no activation between
    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        A = lambda: Act(act)
        s.encoder = nn.Sequential(nn.Conv2d(1, w, 4, 2, 1), A(), nn.Conv2d(w, 2 * w, 4, 2, 1), A(), nn.Flatten(), nn.Linear(98 * w, 2 * d))
        s.decoder = nn.Sequential(
            nn.Linear(d, 98 * w), nn.Unflatten(1, (2 * w, 7, 7)), nn.ConvTranspose2d(2 * w, w, 4, 2, 1), A(),
            nn.ConvTranspose2d(w, 1, 4, 2, 1), nn.Sigmoid())

    def encode(s, x, y=None):
        return s.encoder(x).chunk(2, 1)

    def decode(s, z, y=None):
        return s.decoder(z)


@style
class ConvBatchNorm(Style):  # 0 conv 1 norm 2 act
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.w = d, w
        A = lambda: Act(act)
        s.encoder = nn.Sequential(
            nn.Conv2d(1, w, 3, 2, 1), nn.BatchNorm2d(w), A(), nn.Conv2d(w, 2 * w, 3, 2, 1), nn.BatchNorm2d(2 * w), A())
        s.fc_mu, s.fc_var = nn.Linear(98 * w, d), nn.Linear(98 * w, d)
        s.decoder_fc = nn.Linear(d, 98 * w)
        s.decoder_conv = nn.Sequential(
            nn.ConvTranspose2d(2 * w, w, 3, 2, 1, 1), nn.BatchNorm2d(w), A(), nn.ConvTranspose2d(w, 1, 3, 2, 1, 1), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encoder(x).flatten(1)
        return s.fc_mu(h), s.fc_var(h)

    def decode(s, z, y=None):
        return s.decoder_conv(s.decoder_fc(z).view(-1, 2 * s.w, 7, 7))


@style
class ConvNumberedNorms(Style):  # conv1 conv2 bn1 bn2 … listed apart
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act, s.w = d, act, w
        s.conv1, s.conv2 = nn.Conv2d(1, w, 3, 2, 1), nn.Conv2d(w, 2 * w, 3, 2, 1)
        s.bn1, s.bn2 = nn.BatchNorm2d(w), nn.BatchNorm2d(2 * w)
        s.fc1, s.fc2 = nn.Linear(98 * w, d), nn.Linear(98 * w, d)
        s.fc3 = nn.Linear(d, 98 * w)
        s.deconv1, s.deconv2 = nn.ConvTranspose2d(2 * w, w, 3, 2, 1, 1), nn.ConvTranspose2d(w, 1, 3, 2, 1, 1)
        s.bn3 = nn.BatchNorm2d(w)

    def encode(s, x, y=None):
        h = s.act(s.bn2(s.conv2(s.act(s.bn1(s.conv1(x)))))).flatten(1)
        return s.fc1(h), s.fc2(h)

    def decode(s, z, y=None):
        h = s.act(s.fc3(z)).view(-1, 2 * s.w, 7, 7)
        return s.out(s.deconv2(s.act(s.bn3(s.deconv1(h)))))


@style
class ConvPool(Style):  # maximum pooling, nearest up-sampling
    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        A = lambda: Act(act)
        s.encoder = nn.Sequential(
            nn.Conv2d(1, w, 3, padding=1), A(), nn.MaxPool2d(2), nn.Conv2d(w, 2 * w, 3, padding=1), A(), nn.MaxPool2d(2))
        s.mu, s.logvar = nn.Linear(98 * w, d), nn.Linear(98 * w, d)
        s.w = w
        s.fc = nn.Linear(d, 98 * w)
        s.decoder = nn.Sequential(
            nn.Conv2d(2 * w, w, 3, padding=1), A(), nn.Upsample(scale_factor=2), nn.Conv2d(w, w, 3, padding=1), A(),
            nn.Upsample(scale_factor=2), nn.Conv2d(w, 1, 3, padding=1), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encoder(x).flatten(1)
        return s.mu(h), s.logvar(h)

    def decode(s, z, y=None):
        return s.decoder(s.fc(z).view(-1, 2 * s.w, 7, 7))


@style
class ConvKernel2(Style):
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act, s.w = d, act, w
        s.e1, s.e2 = nn.Conv2d(1, w, 2, 2), nn.Conv2d(w, 2 * w, 2, 2)
        s.mu, s.lv = nn.Linear(98 * w, d), nn.Linear(98 * w, d)
        s.d0 = nn.Linear(d, 98 * w)
        s.d1, s.d2 = nn.ConvTranspose2d(2 * w, w, 2, 2), nn.ConvTranspose2d(w, 1, 2, 2)

    def encode(s, x, y=None):
        h = s.act(s.e2(s.act(s.e1(x)))).flatten(1)
        return s.mu(h), s.lv(h)

    def decode(s, z, y=None):
        h = s.act(s.d0(z)).view(-1, 2 * s.w, 7, 7)
        return s.out(s.d2(s.act(s.d1(h))))


@style
class ConvKernel5(Style):
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act, s.w = d, act, w
        s.encoder, s.decoder = nn.Module(), nn.Module()
        s.encoder.conv1, s.encoder.conv2 = nn.Conv2d(1, w, 5, 2, 2), nn.Conv2d(w, 2 * w, 5, 2, 2)
        s.encoder.fc_mu, s.encoder.fc_logvar = nn.Linear(98 * w, d), nn.Linear(98 * w, d)
        s.decoder.fc = nn.Linear(d, 98 * w)
        s.decoder.deconv1, s.decoder.deconv2 = nn.ConvTranspose2d(2 * w, w, 5, 2, 2, 1), nn.ConvTranspose2d(w, 1, 5, 2, 2, 1)

    def encode(s, x, y=None):
        e = s.encoder
        h = s.act(e.conv2(s.act(e.conv1(x)))).flatten(1)
        return e.fc_mu(h), e.fc_logvar(h)

    def decode(s, z, y=None):
        c = s.decoder
        h = s.act(c.fc(z)).view(-1, 2 * s.w, 7, 7)
        return s.out(c.deconv2(s.act(c.deconv1(h))))


@style
class Conv3To28(Style):  # 3 → 7 → 14 → 28, the tutorial "Variational AutoEncoders with PyTorch" (Maestri)
    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        A = lambda: Act(act)
        s.encoder_cnn = nn.Sequential(
            nn.Conv2d(1, w, 3, 2, 1), A(), nn.Conv2d(w, 2 * w, 3, 2, 1), nn.BatchNorm2d(2 * w), A(), nn.Conv2d(2 * w, 4 * w, 3, 2, 0), A())
        s.encoder_lin = nn.Sequential(nn.Linear(36 * w, 4 * w), A())
        s.mu, s.logvar = nn.Linear(4 * w, d), nn.Linear(4 * w, d)
        s.decoder_lin = nn.Sequential(nn.Linear(d, 4 * w), A(), nn.Linear(4 * w, 36 * w), A())
        s.unflatten = nn.Unflatten(1, (4 * w, 3, 3))
        s.decoder_conv = nn.Sequential(
            nn.ConvTranspose2d(4 * w, 2 * w, 3, 2, output_padding=0), nn.BatchNorm2d(2 * w), A(),
            nn.ConvTranspose2d(2 * w, w, 3, 2, 1, 1), nn.BatchNorm2d(w), A(), nn.ConvTranspose2d(w, 1, 3, 2, 1, 1))

    def encode(s, x, y=None):
        h = s.encoder_lin(s.encoder_cnn(x).flatten(1))
        return s.mu(h), s.logvar(h)

    def decode(s, z, y=None):
        return s.out(s.decoder_conv(s.unflatten(s.decoder_lin(z))))


@style
class Conv4To28(Style):  # 4 → 7 → 14 → 28 with kernel 3
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.w = d, w
        A = lambda: Act(act)
        s.encoder = nn.Sequential(nn.Conv2d(1, w, 3, 2, 1), A(), nn.Conv2d(w, 2 * w, 3, 2, 1), A(), nn.Conv2d(2 * w, 4 * w, 3, 2, 1), A())
        s.fc_mu, s.fc_logvar = nn.Linear(64 * w, d), nn.Linear(64 * w, d)
        s.fc_decode = nn.Linear(d, 64 * w)
        s.decoder = nn.Sequential(
            nn.ConvTranspose2d(4 * w, 2 * w, 3, 2, 1, 0), A(), nn.ConvTranspose2d(2 * w, w, 3, 2, 1, 1), A(),
            nn.ConvTranspose2d(w, 1, 3, 2, 1, 1), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encoder(x).flatten(1)
        return s.fc_mu(h), s.fc_logvar(h)

    def decode(s, z, y=None):
        return s.decoder(s.fc_decode(z).view(-1, 4 * s.w, 4, 4))


@style
class Conv1To28(Style):  # 1 → 7 → 14 → 28 from a 1×1 map
    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        A = lambda: Act(act)
        s.encoder = nn.Sequential(nn.Conv2d(1, w, 4, 2, 1), A(), nn.Conv2d(w, 2 * w, 4, 2, 1), A(), nn.Conv2d(2 * w, 4 * w, 7), A())
        s.fc_mu, s.fc_logvar = nn.Linear(4 * w, d), nn.Linear(4 * w, d)
        s.decoder = nn.Sequential(
            nn.ConvTranspose2d(d, 2 * w, 7), A(), nn.ConvTranspose2d(2 * w, w, 4, 2, 1), A(), nn.ConvTranspose2d(w, 1, 4, 2, 1), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encoder(x).flatten(1)
        return s.fc_mu(h), s.fc_logvar(h)

    def decode(s, z, y=None):
        return s.decoder(z[:, :, None, None])


@style
class Conv12To28(Style):  # unpadded convolutions: 28 → 26 → 24 → … and back
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act, s.w = d, act, w
        s.conv1, s.conv2 = nn.Conv2d(1, w, 5), nn.Conv2d(w, 2 * w, 5)
        s.fc1, s.fc2 = nn.Linear(800 * w, d), nn.Linear(800 * w, d)
        s.fc3 = nn.Linear(d, 800 * w)
        s.deconv1, s.deconv2 = nn.ConvTranspose2d(2 * w, w, 5), nn.ConvTranspose2d(w, 1, 5)

    def encode(s, x, y=None):
        h = s.act(s.conv2(s.act(s.conv1(x)))).flatten(1)
        return s.fc1(h), s.fc2(h)

    def decode(s, z, y=None):
        h = s.act(s.fc3(z)).view(-1, 2 * s.w, 20, 20)
        return s.out(s.deconv2(s.act(s.deconv1(h))))


@style
class ConvConditional(Style):  # one-hot at the flattened features and at z
    classes = 10

    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act, s.w = d, act, w
        s.conv1, s.conv2 = nn.Conv2d(1, w, 3, 2, 1), nn.Conv2d(w, 2 * w, 3, 2, 1)
        s.fc_mu, s.fc_logvar = nn.Linear(98 * w + 10, d), nn.Linear(98 * w + 10, d)
        s.fc_z = nn.Linear(d + 10, 98 * w)
        s.up1, s.up2 = nn.ConvTranspose2d(2 * w, w, 4, 2, 1), nn.ConvTranspose2d(w, 1, 4, 2, 1)

    def encode(s, x, y):
        h = torch.cat([s.act(s.conv2(s.act(s.conv1(x)))).flatten(1), onehot(y)], 1)
        return s.fc_mu(h), s.fc_logvar(h)

    def decode(s, z, y):
        h = s.act(s.fc_z(torch.cat([z, onehot(y)], 1))).view(-1, 2 * s.w, 7, 7)
        return s.out(s.up2(s.act(s.up1(h))))


@style
class ConvConditionalMaps(Style):  # the label as ten maps
    classes = 10

    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.w = d, w
        A = lambda: Act(act)
        s.encoder = nn.Sequential(nn.Conv2d(11, w, 4, 2, 1), A(), nn.Conv2d(w, 2 * w, 4, 2, 1), A())
        s.fc_mu, s.fc_logvar = nn.Linear(98 * w, d), nn.Linear(98 * w, d)
        s.decoder_fc = nn.Linear(d + 10, 98 * w)
        s.decoder = nn.Sequential(nn.ConvTranspose2d(2 * w, w, 4, 2, 1), A(), nn.ConvTranspose2d(w, 1, 4, 2, 1), nn.Sigmoid())

    def encode(s, x, y):
        h = s.encoder(torch.cat([x, onehot(y)[:, :, None, None].expand(-1, -1, 28, 28)], 1)).flatten(1)
        return s.fc_mu(h), s.fc_logvar(h)

    def decode(s, z, y):
        return s.decoder(s.decoder_fc(torch.cat([z, onehot(y)], 1)).view(-1, 2 * s.w, 7, 7))


@style
class ConvLatentMap(Style):  # heads are convolutions, the latent is a map
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.encoder = nn.Sequential(nn.Conv2d(1, w, 4, 2, 1), Act(act), nn.Conv2d(w, 2 * w, 4, 2, 1), Act(act))
        s.conv_mu, s.conv_logvar = nn.Conv2d(2 * w, d, 3, padding=1), nn.Conv2d(2 * w, d, 3, padding=1)
        s.decoder = nn.Sequential(
            nn.ConvTranspose2d(d, 2 * w, 4, 2, 1), Act(act), nn.ConvTranspose2d(2 * w, w, 4, 2, 1), Act(act),
            nn.Conv2d(w, 1, 3, padding=1), nn.Sigmoid())
        s.map = (d, 7, 7)

    def encode(s, x, y=None):
        h = s.encoder(x)
        return s.conv_mu(h), s.conv_logvar(h)

    def decode(s, z, y=None):
        return s.decoder(z)


class ResBlock(nn.Module):
    def __init__(s, i, o, stride, act):
        super().__init__()
        s.act = act
        s.conv1, s.bn1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
        s.conv2, s.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        s.shortcut = nn.Sequential()
        if stride != 1 or i != o:
            s.shortcut = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def forward(s, x):
        return s.act(s.bn2(s.conv2(s.act(s.bn1(s.conv1(x))))) + s.shortcut(x))


@style
class Residual(Style):
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act, s.w = d, act, w
        s.encoder = nn.Module()
        s.encoder.conv_in = nn.Conv2d(1, w, 3, 1, 1)
        s.encoder.res1, s.encoder.res2 = ResBlock(w, w, 2, act), ResBlock(w, 2 * w, 2, act)
        s.fc_mu, s.fc_logvar = nn.Linear(98 * w, d), nn.Linear(98 * w, d)
        s.decoder = nn.Module()
        s.decoder.fc = nn.Linear(d, 98 * w)
        s.decoder.res1 = ResBlock(2 * w, 2 * w, 1, act)
        s.decoder.up1 = nn.ConvTranspose2d(2 * w, w, 4, 2, 1)
        s.decoder.res2 = ResBlock(w, w, 1, act)
        s.decoder.up2 = nn.ConvTranspose2d(w, 1, 4, 2, 1)

    def encode(s, x, y=None):
        e = s.encoder
        h = e.res2(e.res1(s.act(e.conv_in(x)))).flatten(1)
        return s.fc_mu(h), s.fc_logvar(h)

    def decode(s, z, y=None):
        c = s.decoder
        h = c.res1(s.act(c.fc(z)).view(-1, 2 * s.w, 7, 7))
        return s.out(c.up2(c.res2(s.act(c.up1(h)))))


@style
class ConvDeep(Style):  # a linear layer between convolutions and heads
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act, s.w = d, act, w
        s.conv1, s.conv2 = nn.Conv2d(1, w, 4, 2, 1), nn.Conv2d(w, 2 * w, 4, 2, 1)
        s.fc1 = nn.Linear(98 * w, 4 * w)
        s.fc_mean, s.fc_logvar = nn.Linear(4 * w, d), nn.Linear(4 * w, d)
        s.fc2, s.fc3 = nn.Linear(d, 4 * w), nn.Linear(4 * w, 98 * w)
        s.deconv1, s.deconv2 = nn.ConvTranspose2d(2 * w, w, 4, 2, 1), nn.ConvTranspose2d(w, 1, 4, 2, 1)

    def encode(s, x, y=None):
        h = s.act(s.fc1(s.act(s.conv2(s.act(s.conv1(x)))).flatten(1)))
        return s.fc_mean(h), s.fc_logvar(h)

    def decode(s, z, y=None):
        h = s.act(s.fc3(s.act(s.fc2(z)))).view(-1, 2 * s.w, 7, 7)
        return s.out(s.deconv2(s.act(s.deconv1(h))))


@style
class ConvThree(Style):  # 7 → 14 → 28 → 28, the last keeps the size (keras.io's in PyTorch)
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.w = d, w
        A = lambda: Act(act)
        s.encoder = nn.Sequential(nn.Conv2d(1, w, 3, 2, 1), A(), nn.Conv2d(w, 2 * w, 3, 2, 1), A(), nn.Flatten(), nn.Linear(98 * w, 16), A())
        s.z_mean, s.z_log_var = nn.Linear(16, d), nn.Linear(16, d)
        s.decoder = nn.Sequential(
            nn.Linear(d, 98 * w), A(), nn.Unflatten(1, (2 * w, 7, 7)), nn.ConvTranspose2d(2 * w, 2 * w, 3, 2, 1, 1), A(),
            nn.ConvTranspose2d(2 * w, w, 3, 2, 1, 1), A(), nn.ConvTranspose2d(w, 1, 3, 1, 1), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encoder(x)
        return s.z_mean(h), s.z_log_var(h)

    def decode(s, z, y=None):
        return s.decoder(z)


@style
class GroupNormed(Style):
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.w = d, w
        A = lambda: Act(act)
        s.encoder = nn.Sequential(nn.Conv2d(1, w, 4, 2, 1), nn.PReLU(), nn.Conv2d(w, 2 * w, 4, 2, 1), nn.PReLU(2 * w))
        s.fc_mu, s.fc_logvar = nn.Linear(98 * w, d), nn.Linear(98 * w, d)
        s.fc_dec = nn.Linear(d, 98 * w)
        s.decoder = nn.Sequential(nn.ConvTranspose2d(2 * w, w, 4, 2, 1), nn.PReLU(), nn.ConvTranspose2d(w, 1, 4, 2, 1), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encoder(x).flatten(1)
        return s.fc_mu(h), s.fc_logvar(h)

    def decode(s, z, y=None):
        return s.decoder(s.fc_dec(z).view(-1, 2 * s.w, 7, 7))


@style
class LayerNormMLP(Style):
    def __init__(s, w, d, act):
        super().__init__()
        s.d = d
        A = lambda: Act(act)
        s.encode_net = nn.Sequential(nn.Linear(784, w * 4), nn.LayerNorm(w * 4), A())
        s.to_mu, s.to_logvar = nn.Linear(w * 4, d), nn.Linear(w * 4, d)
        s.decode_net = nn.Sequential(nn.Linear(d, w * 4), nn.LayerNorm(w * 4), A(), nn.Linear(w * 4, 784), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encode_net(x.flatten(1))
        return s.to_mu(h), s.to_logvar(h)

    def decode(s, z, y=None):
        return s.decode_net(z).view(-1, 1, 28, 28)


@style
class OrderBack(Style):  # the decoder stands first, heads before the trunk
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.decoder = nn.Sequential(nn.Linear(d, w * 4), Act(act), nn.Linear(w * 4, 784), nn.Sigmoid())
        s.fc_mu, s.fc_sigma = nn.Linear(w * 4, d), nn.Linear(w * 4, d)
        s.encoder = nn.Sequential(nn.Linear(784, w * 4), Act(act))

    def encode(s, x, y=None):
        h = s.encoder(x.flatten(1))
        return s.fc_mu(h), s.fc_sigma(h)

    def decode(s, z, y=None):
        return s.decoder(z).view(-1, 1, 28, 28)


@style
class Letters(Style):  # l1 l2 l3 …, without a word
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.l1, s.l2 = nn.Linear(784, w * 4), nn.Linear(w * 4, 2 * d)
        s.l3, s.l4 = nn.Linear(d, w * 4), nn.Linear(w * 4, 784)

    def encode(s, x, y=None):
        return s.l2(s.act(s.l1(x.flatten(1)))).chunk(2, 1)

    def decode(s, z, y=None):
        return s.out(s.l4(s.act(s.l3(z)))).view(-1, 1, 28, 28)


@style
class Blocks(Style):  # PyTorch-VAE: encoder.0.0 encoder.0.1 fc_mu fc_var decoder_input decoder.0.0 final_layer.0
    def __init__(s, w, d, act):
        super().__init__()
        act = F.leaky_relu
        s.d, s.w = d, w
        def block(m, n):
            return nn.Sequential(m, nn.BatchNorm2d(n), Act(act))
        s.encoder = nn.Sequential(block(nn.Conv2d(1, w, 3, 2, 1), w), block(nn.Conv2d(w, 2 * w, 3, 2, 1), 2 * w))
        s.fc_mu, s.fc_var = nn.Linear(98 * w, d), nn.Linear(98 * w, d)
        s.decoder_input = nn.Linear(d, 98 * w)
        s.decoder = nn.Sequential(block(nn.ConvTranspose2d(2 * w, w, 3, 2, 1, 1), w))
        s.final_layer = nn.Sequential(
            nn.ConvTranspose2d(w, w, 3, 2, 1, 1), nn.BatchNorm2d(w), Act(act), nn.Conv2d(w, 1, 3, padding=1), nn.Tanh())

    def encode(s, x, y=None):
        h = s.encoder(x).flatten(1)
        return s.fc_mu(h), s.fc_var(h)

    def decode(s, z, y=None):
        return s.final_layer(s.decoder(s.decoder_input(z).view(-1, 2 * s.w, 7, 7)))


@style
class WithClassifier(Style):  # a classifier and a discriminator beside it
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.encoder = nn.Sequential(nn.Linear(784, w * 4), Act(act))
        s.mu, s.logvar = nn.Linear(w * 4, d), nn.Linear(w * 4, d)
        s.classifier = nn.Linear(d, 10)
        s.discriminator = nn.Sequential(nn.Linear(d, 8), nn.ReLU(), nn.Linear(8, 1))
        s.decoder = nn.Sequential(nn.Linear(d, w * 4), Act(act), nn.Linear(w * 4, 784), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encoder(x.flatten(1))
        return s.mu(h), s.logvar(h)

    def decode(s, z, y=None):
        return s.decoder(z).view(-1, 1, 28, 28)


@style
class WeightNormed(Style):
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act, s.w = d, act, w
        n = torch.nn.utils.weight_norm
        s.encoder = nn.Sequential(n(nn.Linear(784, w * 4)), Act(act))
        s.mu, s.logvar = nn.Linear(w * 4, d), nn.Linear(w * 4, d)
        s.decoder = nn.Sequential(
            n(nn.Linear(d, 98 * w)), Act(act), nn.Unflatten(1, (2 * w, 7, 7)), n(nn.ConvTranspose2d(2 * w, w, 4, 2, 1), dim=1), Act(act),
            nn.utils.parametrizations.weight_norm(nn.ConvTranspose2d(w, 1, 4, 2, 1)), nn.Sigmoid())

    def encode(s, x, y=None):
        h = s.encoder(x.flatten(1))
        return s.mu(h), s.logvar(h)

    def decode(s, z, y=None):
        return s.decoder(z)


@style
class DecoderFirst(Style):  # d1 deconv1 deconv2, then conv1 conv2 fc1 fc2: the decoder without a word at its beginning
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.d1 = nn.Linear(d, 4 * w * 49)
        s.deconv1 = nn.ConvTranspose2d(4 * w, 2 * w, 4, 2, 1)
        s.deconv1_bn = nn.BatchNorm2d(2 * w)
        s.deconv2 = nn.ConvTranspose2d(2 * w, 1, 4, 2, 1)
        s.conv1 = nn.Conv2d(1, 2 * w, 4, 2, 1)
        s.conv1_bn = nn.BatchNorm2d(2 * w)
        s.conv2 = nn.Conv2d(2 * w, 4 * w, 4, 2, 1)
        s.conv2_bn = nn.BatchNorm2d(4 * w)
        s.fc1 = nn.Linear(4 * w * 49, d)
        s.fc2 = nn.Linear(4 * w * 49, d)

    def encode(s, x, y=None):
        h = s.act(s.conv2_bn(s.conv2(s.act(s.conv1_bn(s.conv1(x)))))).flatten(1)
        return s.fc1(h), s.fc2(h)

    def decode(s, z, y=None):
        h = s.act(s.d1(z)).view(len(z), -1, 7, 7)
        return s.out(s.deconv2(s.act(s.deconv1_bn(s.deconv1(h)))))


@style
class PointwiseEnds(Style):  # latents of one pixel: convolutions of kernel 1 stand for linear layers
    image = (1, 64, 64)

    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        steps = [(1, 2), (2, 2), (2, 3), (3, 3)]
        layers = []
        for i, o in steps:
            layers += [nn.Conv2d(i, o, 4, 2, 1), nn.ReLU()]
        s.encoder = nn.Sequential(*layers, nn.Conv2d(3, 6, 4, 1), nn.ReLU(), nn.Conv2d(6, 2 * d, 1))
        layers = [nn.Conv2d(d, 6, 1), nn.ReLU(), nn.ConvTranspose2d(6, 3, 4), nn.ReLU()]
        for i, o in [(3, 3), (3, 2), (2, 2)]:
            layers += [nn.ConvTranspose2d(i, o, 4, 2, 1), nn.ReLU()]
        s.decoder = nn.Sequential(*layers, nn.ConvTranspose2d(2, 1, 4, 2, 1))

    def encode(s, x, y=None):
        return s.encoder(x).flatten(1).chunk(2, 1)

    def decode(s, z, y=None):
        return s.out(s.decoder(z[:, :, None, None]))


@style
class TransposedWord(Style):  # conv1 conv2 t_conv1 t_conv2: a plain autoencoder of maps
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.map, s.act = 2 * 49, (2, 7, 7), act
        s.conv1 = nn.Conv2d(1, 4 * w, 3, padding=1)
        s.conv2 = nn.Conv2d(4 * w, 2, 3, padding=1)
        s.t_conv1 = nn.ConvTranspose2d(2, 4 * w, 2, 2)
        s.t_conv2 = nn.ConvTranspose2d(4 * w, 1, 2, 2)

    def encode(s, x, y=None):
        h = F.max_pool2d(s.act(s.conv1(x)), 2)
        return F.max_pool2d(s.act(s.conv2(h)), 2), None

    def decode(s, z, y=None):
        return s.out(s.t_conv2(s.act(s.t_conv1(z))))


@style
class SpreadPixels(Style):  # the decoder has two heads as well
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.enc1 = nn.Linear(784, 4 * w)
        s.enc_mu = nn.Linear(4 * w, d)
        s.enc_logvar = nn.Linear(4 * w, d)
        s.dec1 = nn.Linear(d, 4 * w)
        s.dec_mu = nn.Linear(4 * w, 784)
        s.dec_logvar = nn.Linear(4 * w, 784)

    def encode(s, x, y=None):
        h = s.act(s.enc1(x.flatten(1)))
        return s.enc_mu(h), s.enc_logvar(h)

    def decode(s, z, y=None):
        return s.out(s.dec_mu(s.act(s.dec1(z)))).view(-1, 1, 28, 28)


@style
class TransposedCompany(Style):  # without biases only the neighbors tell that conv6 is transposed
    def __init__(s, w, d, act):
        super().__init__()
        s.d, s.act = d, act
        s.conv1 = nn.Conv2d(1, 3, 3, 2, 1, bias=False)
        s.conv2 = nn.Conv2d(3, 4, 3, 2, 1, bias=False)
        s.fc1 = nn.Linear(196, 8)
        s.fc21 = nn.Linear(8, d)
        s.fc22 = nn.Linear(8, d)
        s.fc3 = nn.Linear(d, 8)
        s.fc4 = nn.Linear(8, 196)
        s.conv5 = nn.ConvTranspose2d(4, 5, 4, 2, 1, bias=False)
        s.conv6 = nn.ConvTranspose2d(5, 5, 3, 1, 1, bias=False)
        s.conv7 = nn.ConvTranspose2d(5, 1, 4, 2, 1, bias=False)

    def encode(s, x, y=None):
        h = s.act(s.fc1(s.act(s.conv2(s.act(s.conv1(x)))).flatten(1)))
        return s.fc21(h), s.fc22(h)

    def decode(s, z, y=None):
        h = s.act(s.fc4(s.act(s.fc3(z)))).view(-1, 4, 7, 7)
        return s.out(s.conv7(s.act(s.conv6(s.act(s.conv5(h))))))
