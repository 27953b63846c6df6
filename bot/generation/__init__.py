"""Answers written by a chat model, streamed sentence by sentence through the claim filter."""
