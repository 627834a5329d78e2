from typing import Any

from modelcluster.contrib.taggit import ClusterTaggableManager


class LifeSituationsField(ClusterTaggableManager):
    """The life situations of a page or a snippet: tags, chosen from a fixed set.

    Two apps of one site may have page types of the same name: the hidden reverse name
    carries the app's label, which taggit itself does not provide for.
    """

    def contribute_to_class(self, cls: Any, name: str) -> None:
        if not cls._meta.abstract:
            self.remote_field.related_name = (
                f"{cls._meta.app_label}_{cls._meta.model_name}_{name}+"
            )
        super().contribute_to_class(cls, name)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("related_name", None)
        return name, path, args, kwargs
