"""Channels: thin glue between an outside protocol and the spine."""
