"""A training step of the convnet of `nets.py` with torch, eager, in its default layout."""

import time

from data import load
from turns import serve


def prepare(job):
    """Build the network; each turn is one shuffled epoch with the loss and accuracy tracked."""
    import torch
    from torch import nn

    x, y = load(job)
    x = torch.from_numpy(x.reshape(-1, 1, 28, 28).copy())
    y = torch.from_numpy(y.astype("int64"))
    torch.manual_seed(7)
    net = nn.Sequential(
        *(nn.Conv2d(1, 32, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(3136, 100), nn.ReLU(), nn.Dropout(0.4), nn.Linear(100, 10)),
    )
    loss_of = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters())
    steps = len(x) // 32

    def epoch(steps):
        order = torch.randperm(len(x))
        total, hits = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        for step in range(steps):
            rows = order[step * 32 : (step + 1) * 32]
            output = net(x[rows])
            loss = loss_of(output, y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.detach()
            hits += (output.detach().argmax(1) == y[rows]).sum()
        return float(total), int(hits)

    def measure():
        start = time.perf_counter()
        epoch(steps)
        return {"us": (time.perf_counter() - start) / steps * 1e6}

    epoch(5)
    return measure, {"version": torch.__version__}


if __name__ == "__main__":
    serve(prepare)
