"""What is missing: reports about content, and the panel that tells a unit of its own."""
