"""Failure drills: many visitors against a real site; ``python -m drills`` runs them."""
