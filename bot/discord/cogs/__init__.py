"""The bot's commands, one subject a module. Each cog gets the services; none knows another, or the client."""
