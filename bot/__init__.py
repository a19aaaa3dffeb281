"""The customer-service product: everything but the Rasa project files and the custom actions."""
