"""A compact student taught by any fine-tuned model on raw text."""
