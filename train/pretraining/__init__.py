"""Masked-language-model pre-training on raw Arabic text: vocabulary, token store, masking, loop."""
