import secrets

from django.db import connections, models, router


def new_version() -> str:
    """Return a version that no other change has had."""
    return secrets.token_hex(8)


class StampManager(models.Manager["Stamp"]):
    def renew(self, *names: str) -> None:
        """Write new versions of these, in one statement.

        Sorted, so that two processes that renew the same ones never wait for each other.
        """
        alias = router.db_for_write(self.model)
        names_target = connections[alias].features.supports_update_conflicts_with_target
        self.using(alias).bulk_create(
            [self.model(name=name) for name in sorted(set(names))],
            update_conflicts=True,
            update_fields=["version"],
            unique_fields=["name"] if names_target else None,
        )


class Stamp(models.Model):
    """The version of something that processes keep a snapshot of, or made pages from.

    A random version, not a counter: a counter that is rolled back and raised again
    would name two contents by one number.
    """

    name = models.CharField(max_length=128, primary_key=True)
    version = models.CharField(max_length=32, default=new_version)

    objects = StampManager()

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
