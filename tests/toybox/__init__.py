"""Two objects with a field of every kind. The platform is tested with these and with nothing else."""
