"""“Try as a resident”: what somebody meets on the site, and why."""
