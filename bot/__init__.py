"""What runs inside Rasa: language, understanding, the knowledge index, the channel to the gateway and the tracker store."""
