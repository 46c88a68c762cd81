"""Webhooks: what happens to records is told to other programs, and what they tell becomes records (Standard Webhooks)."""
