"""Answers that a chat model writes: prompt, stream, sentences, and each sentence held to the articles."""
