"""Prompts of chat models: one Markdown file each, read by ``bot.llm.prompts``."""
