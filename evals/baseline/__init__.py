"""The baseline: the pipeline of tutorials."""
