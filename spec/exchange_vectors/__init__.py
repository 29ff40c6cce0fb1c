"""The parts of generate_exchange.py."""
