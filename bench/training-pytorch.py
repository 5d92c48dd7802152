"""One training step of the same perceptron in PyTorch: python3 training-pytorch.py BATCH THREADS."""
import copy
import sys
import time

import torch

batch, threads = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(0)
layers = [11, 128, 128, 128, 2]
modules = []
for index, (a, b) in enumerate(zip(layers, layers[1:])):
    modules += [torch.nn.Linear(a, b)] + ([torch.nn.SiLU()] if index < 3 else [])
net = torch.nn.Sequential(*modules)
average = copy.deepcopy(net)
adam = torch.optim.Adam(net.parameters(), 2e-3)
times = []
until = time.perf_counter() + 4
while time.perf_counter() < until or len(times) < 10:
    start = time.perf_counter()
    data, t, noise = torch.rand(batch, 2), torch.rand(batch, 1), torch.randn(batch, 2)
    alpha = torch.exp(-0.25 * t * t * 19.9 - 0.05 * t)
    sigma = torch.sqrt(1 - alpha * alpha)
    angles = torch.pi * t * torch.tensor([[0.5, 1.0, 2.0, 4.0]])
    x = torch.cat([alpha * data + sigma * noise, t, torch.sin(angles), torch.cos(angles)], 1)
    loss = ((net(x) - noise) ** 2).mean()
    adam.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    adam.step()
    with torch.no_grad():
        for p, q in zip(average.parameters(), net.parameters()):
            p.lerp_(q, 0.001)
    times.append(time.perf_counter() - start)
times.sort()
print(f"pytorch      {1000 * times[len(times) // 2]:7.2f} ms  PyTorch {torch.__version__}")
