"""The Discord bot, ``onrecord discord``: one more face over the same app. Only this package knows Discord."""
