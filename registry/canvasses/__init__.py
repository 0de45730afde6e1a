"""Canvasses: search, approval, purposes, requests, replies, reminders."""
