import secrets

from django.db import models


def new_version() -> str:
    """Return a version that no other change has had."""
    return secrets.token_hex(8)


class StampManager(models.Manager["Stamp"]):
    def renew(self, name: str) -> None:
        """Say that what the stamp stands for has changed, in the same transaction."""
        self.update_or_create(name=name, defaults={"version": new_version()})


class Stamp(models.Model):
    """The version of something that processes keep a snapshot of.

    A random version, not a counter: a counter that is rolled back and raised again
    would name two contents by one number.
    """

    name = models.CharField(max_length=64, primary_key=True)
    version = models.CharField(max_length=32, default=new_version)

    objects = StampManager()

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
