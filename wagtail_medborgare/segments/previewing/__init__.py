"""Preview as: any page or snippet as a resident in some life situations meets it."""
