"""Custom actions: one file per flow, and the mechanism that all flows share (flow.py, facts.py, dialogue.py)."""
