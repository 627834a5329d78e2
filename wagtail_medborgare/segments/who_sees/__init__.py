"""“Who sees this”: the panel beside a form, and what it asks while one edits."""
