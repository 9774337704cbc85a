"""One file a channel: it verifies the sender, builds `Incoming`, and sends replies."""
