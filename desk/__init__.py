"""The desk: support requests and the queue of conversations for agents. Part of the gateway's process."""
