"""Fine-tuning: examples, batches, the loop, checkpoints, the run folder and the model card."""
