"""Who works here: users, teams and how they sign in. Knows people of the house only, never the contacts that they keep."""
