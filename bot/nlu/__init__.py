"""What a customer's message means: intent, entities and why. Rasa-free cores, made graph components in `components`."""
