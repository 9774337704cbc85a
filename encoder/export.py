"""Last step: the trained encoder as one ONNX file with 8-bit weights, and its tokenizer.

python -m encoder.export --start build/tuned --out encoder/trained
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from encoder.model import Encoder


def main() -> None:
    """Writes `encoder.onnx` and `tokenizer.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    encoder = Encoder(arguments.start).eval()
    batch = encoder.tokenizer(["bonjour", "what do I owe"], padding=True, return_tensors="pt")
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            encoder,
            (batch["input_ids"], batch["attention_mask"]),
            str(whole),
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_axes={
                "input_ids": {0: "texts", 1: "tokens"},
                "attention_mask": {0: "texts", 1: "tokens"},
                "vectors": {0: "texts"},
            },
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(str(whole), str(arguments.out / "encoder.onnx"), weight_type=QuantType.QInt8, per_channel=True)
    with tempfile.TemporaryDirectory() as folder:
        encoder.tokenizer.save_pretrained(folder)
        shutil.copy(Path(folder) / "tokenizer.json", arguments.out / "tokenizer.json")
    print(f"{arguments.out / 'encoder.onnx'}: {(arguments.out / 'encoder.onnx').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
