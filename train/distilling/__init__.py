"""Distillation: a fine-tuned teacher labels raw text, and a smaller student learns from its labels."""
