"""Training of the shipped cross-encoders: examples, fine-tuning, int8 export, comparison, model card."""
