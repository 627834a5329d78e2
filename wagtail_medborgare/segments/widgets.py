from django import forms


class AudienceCheckboxes(forms.CheckboxSelectMultiple):
    """Checkboxes in groups; Wagtail's own script reads and sums them up."""

    template_name = "medborgare_segments/widgets/audience_checkboxes.html"

    class Media:
        css = {"all": ["medborgare_situations/admin.css"]}
