"""Life situations, personalised pages and My services for municipal Wagtail sites."""

__version__ = "0.1.0"
