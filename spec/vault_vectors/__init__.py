"""The parts of vectors/vault.json."""
