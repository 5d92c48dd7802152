"""The PyTorch side of pytorch.ts: the same networks, training step and sampling loop, asked for over stdin.

One JSON object per line in, one out: {"do": "prepare" | "forward" | "step" | "sample" | "check", ...}. Every object that
measures gets {"runs", "wall", "cpu"} back, seconds in all.
"""

import json
import math
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class Embedding(nn.Module):
    """Level, and sine and cosine of geometric frequencies: [batch] -> [batch, 2 frequencies + 1]."""

    def __init__(self, frequencies, bandwidth):
        super().__init__()
        ratio = math.log(bandwidth / 0.5) / max(1, frequencies - 1)
        turns = [math.pi * 0.5 * math.exp(ratio * k) for k in range(frequencies)]
        self.register_buffer("turns", torch.tensor([turns]))

    def forward(self, level):
        column = level[:, None]
        angles = column * self.turns
        return torch.cat([column, torch.sin(angles), torch.cos(angles)], 1)


class Mlp(nn.Module):
    def __init__(self, dimension=2, width=128, depth=3):
        super().__init__()
        self.embed = Embedding(4, 4)
        widths = [dimension + 9, *[width] * depth, dimension]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))

    def forward(self, x, level):
        hidden = torch.cat([x, self.embed(level)], 1)
        for layer in self.layers[:-1]:
            hidden = F.silu(layer(hidden))
        return self.layers[-1](hidden)

    def in_order(self):
        return [p for layer in self.layers for p in (layer.weight, layer.bias)]


class Block(nn.Module):
    def __init__(self, source, to, embedded):
        super().__init__()
        self.norm1 = nn.GroupNorm(8, source)
        self.first = nn.Conv2d(source, to, 3, padding=1)
        self.level = nn.Linear(embedded, 2 * to)
        self.norm2 = nn.GroupNorm(8, to)
        self.second = nn.Conv2d(to, to, 3, padding=1)
        self.skip = None if source == to else nn.Conv2d(source, to, 1)

    def forward(self, x, condition):
        first = self.first(F.silu(self.norm1(x)))
        scale, shift = self.level(condition)[:, :, None, None].chunk(2, 1)
        inner = F.silu(self.norm2(first) * (scale + 1) + shift)
        return (x if self.skip is None else self.skip(x)) + self.second(inner)

    def in_order(self):
        parts = [self.norm1, self.first, self.level, self.norm2, self.second] + ([self.skip] if self.skip else [])
        return [p for part in parts for p in (part.weight, part.bias)]


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm, self.qkv, self.project = nn.GroupNorm(8, width), nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        b, c, h, w = x.shape
        tokens = self.norm(x).flatten(2).transpose(1, 2)
        q, k, v = self.qkv(tokens).chunk(3, 2)
        mixed = F.scaled_dot_product_attention(q[:, None], k[:, None], v[:, None])[:, 0]
        return x + self.project(mixed).transpose(1, 2).reshape(b, c, h, w)

    def in_order(self):
        return [p for part in (self.norm, self.qkv, self.project) for p in (part.weight, part.bias)]


class Unet(nn.Module):
    def __init__(self, colours=1, channels=32, levels=3):
        super().__init__()
        at = [channels * 2**k for k in range(levels)]
        embedded = 2 * channels
        self.embed, self.level = Embedding(16, 8), nn.Linear(33, embedded)
        self.first = nn.Conv2d(colours, channels, 3, padding=1)
        self.down = nn.ModuleList(Block(c, c, embedded) for c in at)
        self.shrink = nn.ModuleList(nn.Conv2d(a, b, 3, stride=2) for a, b in zip(at, at[1:]))
        self.attend, self.middle = Attention(at[-1]), Block(at[-1], at[-1], embedded)
        self.up = nn.ModuleList(Block(2 * c, c, embedded) for c in at)
        self.grow = nn.ModuleList(nn.Conv2d(b, a, 3, padding=1) for a, b in zip(at, at[1:]))
        self.norm, self.last = nn.GroupNorm(8, channels), nn.Conv2d(channels, colours, 3, padding=1)

    def forward(self, x, level):
        condition = F.silu(self.level(self.embed(level)))
        hidden, skips = self.first(x), []
        for k, down in enumerate(self.down):
            hidden = down(hidden, condition)
            skips.append(hidden)
            if k < len(self.shrink):
                hidden = self.shrink[k](F.pad(hidden, (0, 1, 0, 1)))
        hidden = self.middle(self.attend(hidden), condition)
        for k in reversed(range(len(self.up))):
            if k < len(self.grow):
                hidden = self.grow[k](F.interpolate(hidden, scale_factor=2.0, mode="nearest"))
            hidden = self.up[k](torch.cat([hidden, skips[k]], 1), condition)
        return self.last(F.silu(self.norm(hidden)))

    def in_order(self):
        out = [self.level.weight, self.level.bias, self.first.weight, self.first.bias]
        for k, down in enumerate(self.down):
            out += down.in_order()
            if k < len(self.shrink):
                out += [self.shrink[k].weight, self.shrink[k].bias]
        out += self.attend.in_order() + self.middle.in_order()
        for k in reversed(range(len(self.up))):
            if k < len(self.grow):
                out += [self.grow[k].weight, self.grow[k].bias]
            out += self.up[k].in_order()
        return out + [self.norm.weight, self.norm.bias, self.last.weight, self.last.bias]


def load(network, path):
    """Parameters in the order and layout of score-sde: kernels [in, out] and [height, width, in, out]."""
    flat, offset = torch.from_numpy(np.fromfile(path, dtype=np.float32)), 0
    for p in network.in_order():
        part = flat[offset : offset + p.numel()]
        offset += p.numel()
        if p.dim() == 1:
            p.data.copy_(part)
        elif p.dim() == 2:
            p.data.copy_(part.view(p.shape[1], p.shape[0]).T)
        else:
            o, i, h, w = p.shape
            p.data.copy_(part.view(h, w, i, o).permute(3, 2, 0, 1))
    assert offset == flat.numel(), (offset, flat.numel())


class Vp:
    """VP, beta 0.1 to 20, with EDM preconditioning for data of that standard deviation."""

    def __init__(self, spread, levels):
        self.spread, (self.first, self.last) = spread, levels

    def marginal(self, t):
        log_alpha = -0.25 * t * t * 19.9 - 0.05 * t
        return torch.exp(log_alpha), torch.sqrt(-torch.expm1(2 * log_alpha))

    def factors(self, alpha, sigma):
        variance = sigma * sigma + (alpha * self.spread) ** 2
        root = torch.sqrt(variance)
        noise = torch.log(sigma / alpha) / 4
        level = 2 * (noise - self.first) / (self.last - self.first) - 1
        return alpha * self.spread**2 / variance, sigma * self.spread / root, 1 / root, level

    def time_of(self, log_snr):
        tmp = 2 * 19.9 * torch.logaddexp(-2 * log_snr, torch.zeros(()))
        return tmp / ((torch.sqrt(0.1**2 + tmp) + 0.1) * 19.9)


class Task:
    def __init__(self, given):
        torch.manual_seed(0)
        self.network = {"mlp": Mlp, "unet": Unet}[given["network"]]()
        load(self.network, given["parameters"])
        self.channels_last = given["network"] == "unet" and given.get("channelsLast", False)
        if self.channels_last:
            self.network = self.network.to(memory_format=torch.channels_last)
        self.shape = given["shape"]
        self.vp = Vp(given["spread"], given["levels"])
        self.range = given["logSnr"]
        self.data = torch.rand(4096, *self.shape)
        self.average = [p.detach().clone() for p in self.network.parameters()]
        self.adam = torch.optim.Adam(self.network.parameters(), 2e-3, fused=True)

    def step(self, batch):
        data = self.data[torch.randint(4096, (batch,))]
        noise = torch.randn_like(data)
        uniform = (torch.arange(batch) + torch.rand(batch)) / batch
        t = self.vp.time_of(self.range[0] + (self.range[1] - self.range[0]) * uniform)
        alpha, sigma = self.vp.marginal(t)
        skip, out, scale, level = self.vp.factors(alpha, sigma)
        wide = lambda v: v.view(batch, *[1] * len(self.shape))
        state = wide(alpha) * data + wide(sigma) * noise
        target = (data - wide(skip) * state) / wide(out)
        x = wide(scale) * state
        if self.channels_last:
            x = x.contiguous(memory_format=torch.channels_last)
        loss = F.mse_loss(self.network(x, level), target)
        self.adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0, foreach=True)
        self.adam.step()
        with torch.no_grad():
            torch._foreach_lerp_(self.average, list(self.network.parameters()), 0.001)

    def forward(self, batch):
        with torch.inference_mode():
            return self.network(self.inputs[0][:batch], self.inputs[1][:batch])

    def sample(self, samples, steps):
        """Euler-Maruyama on the reverse SDE from t = 1 to 1e-3."""
        with torch.inference_mode():
            times = torch.linspace(1, 1e-3, steps + 1)
            x = torch.randn(samples, *self.shape)
            for t, u in zip(times[:-1], times[1:]):
                h = t - u
                alpha, sigma = self.vp.marginal(t)
                skip, out, scale, level = self.vp.factors(alpha, sigma)
                data = skip * x + out * self.network(scale * x, level.expand(samples))
                score = (alpha * data - x) / (sigma * sigma)
                beta = 0.1 + 19.9 * t
                x = x + h * (0.5 * beta * x + beta * score) + torch.sqrt(h * beta) * torch.randn_like(x)
            return x


def measure(work, seconds):
    runs, wall, cpu = 0, time.perf_counter(), time.process_time()
    until = wall + seconds
    while runs == 0 or time.perf_counter() < until:
        work()
        runs += 1
    return {"runs": runs, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def main():
    task = None
    for line in sys.stdin:
        given = json.loads(line)
        do, seconds = given["do"], given.get("seconds", 0)
        if do == "prepare":
            torch.set_num_threads(given["threads"])
            task = Task(given)
            task.inputs = (torch.rand(4096, *task.shape), torch.rand(4096))
            answer = {"version": f"PyTorch {torch.__version__}"}
        elif do == "check":
            x, level = torch.tensor(given["x"]).view(-1, *task.shape), torch.tensor(given["level"])
            with torch.inference_mode():
                answer = {"output": task.network(x, level).flatten().tolist()}
        elif do == "sample":
            answer = measure(lambda: task.sample(given["batch"], given["steps"]), 0)
        else:
            answer = measure(lambda: getattr(task, do)(given["batch"]), seconds)
        print(json.dumps(answer), flush=True)


main()
