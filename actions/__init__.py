"""Custom actions: what the assistant does for a customer. Thin: gather, ask billing or the desk, say what came of it."""
