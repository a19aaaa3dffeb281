"""The spine: inbox → burst → gate → engine → outbox."""
