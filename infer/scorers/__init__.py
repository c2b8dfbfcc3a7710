"""How tag scores are computed: by PyTorch, or by ONNX Runtime without it; which of them, `choosing` says."""
