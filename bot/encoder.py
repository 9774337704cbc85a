"""The sentence encoder: texts become vectors, those of like meaning near each other, French and English alike.

Ours is one ONNX file with 8-bit weights (`make encoder` makes it, `encoder/trained/README.md` is its card); any folder in the layout of
sentence-transformers takes its place by a setting. Vectors have length 1.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Dict, List, Sequence

import numpy as np

OWN = Path(__file__).resolve().parent.parent / "encoder" / "trained"
MAX_TOKENS = 64  # a longer message is cut: what is wanted stands in its first fifty words
BATCH = 8
WEIGHTS = ("encoder.onnx", "onnx/model_quantized.onnx", "onnx/model.onnx", "model.onnx")


class EncoderMissing(Exception):
    """The folder holds no encoder that can be run here; the message says what it lacks."""


class Encoder:
    """The encoder of a folder: `tokenizer.json` and ONNX weights, mean of the token vectors. `stamp` says which weights.

    A sentence-transformers folder without ONNX weights is run by that library, where it is installed.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        weights = next((folder / name for name in WEIGHTS if (folder / name).is_file()), None)
        self.stamp = hashlib.sha256(weights.read_bytes() if weights else str(folder).encode()).hexdigest()
        if weights is None:
            self._whole: Any = _sentence_transformer(folder)
            return
        import onnxruntime
        from tokenizers import Tokenizer

        self._whole = None
        self._pooling = _pooling(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # the arena keeps the memory of the largest batch for ever
        self._session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        self._inputs = {entry.name for entry in self._session.get_inputs()}

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text, of length 1: (texts, width), float32."""
        if self._whole is not None:
            return np.asarray(self._whole.encode(list(texts), normalize_embeddings=True), dtype=np.float32)
        # Texts of like length together: less of a batch is padding.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        parts = [self._batch([texts[i] for i in order[start : start + BATCH]]) for start in range(0, len(order), BATCH)]
        rows = np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)
        found = np.empty_like(rows)
        found[order] = rows
        return found

    def _batch(self, texts: List[str]) -> np.ndarray:
        encoded = self._tokenizer.encode_batch(texts)
        mask = np.array([entry.attention_mask for entry in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([entry.ids for entry in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        rows = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        if rows.ndim == 3:  # token vectors, not yet one of the whole text
            if self._pooling == "cls":
                rows = rows[:, 0]
            else:
                weights = mask[:, :, None].astype(np.float32)
                rows = (rows * weights).sum(1) / np.maximum(weights.sum(1), 1e-9)
        return (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def encoder_folder(config: Dict[str, Any]) -> Path:
    """Where the encoder is: the setting that every process has (`ENCODER`), the component's own, or the project's."""
    return Path(os.environ.get("ENCODER") or config.get("encoder") or OWN)


def _pooling(folder: Path) -> str:
    path = folder / "1_Pooling" / "config.json"
    if not path.is_file():
        return "mean"
    return "cls" if json.loads(path.read_text(encoding="utf-8")).get("pooling_mode_cls_token") else "mean"


def _sentence_transformer(folder: Path) -> Any:
    if not (folder / "modules.json").is_file():
        raise EncoderMissing(
            f"{folder} holds neither ONNX weights ({', '.join(WEIGHTS)}) nor a sentence-transformers model"
        )
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EncoderMissing(
            f"{folder} has no ONNX weights; to run it as it is, install sentence-transformers in bot/.venv"
        ) from error
    return SentenceTransformer(str(folder), local_files_only=True)
