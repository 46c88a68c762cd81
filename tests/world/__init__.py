"""Kith and the world's scripts and customs, asked through the whole house."""
