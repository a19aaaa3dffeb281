"""Deadlines that run: started and stopped by signals, warned about and breached by one durable scheduler."""
