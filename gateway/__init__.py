"""The gateway: channels, the transcript of record, the order of turns, identity, and the public API."""
