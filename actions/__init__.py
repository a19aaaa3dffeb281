"""Custom actions: one file per flow, and what all flows share (flow.py, form.py, end.py, facts.py, dialogue.py)."""
