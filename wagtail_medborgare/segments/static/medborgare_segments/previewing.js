/* "Preview as": ticking several situations makes them one line in the list. */
class PreviewAs extends window.StimulusModule.Controller {
  static targets = ["who", "own", "situation", "compare"];

  connect() {
    this.tick();
  }

  /** Tick the boxes of what is picked in the list, and begin a comparison with it. */
  tick() {
    const { key } = this.whoTarget.selectedOptions[0].dataset;
    this.compareTargets.forEach((link) => {
      const url = new URL(link.href);
      url.searchParams.set("left", key);
      link.href = url.href;
    });
    const picked = key.split("-");
    this.situationTargets.forEach((box) => {
      box.checked = picked.includes(box.value);
    });
  }

  /** Pick in the list what the boxes say. */
  choose() {
    const ticked = this.situationTargets.filter((box) => box.checked);
    const key = ticked
      .map((box) => Number(box.value))
      .sort((one, other) => one - other)
      .join("-");
    const options = Array.from(this.whoTarget.options);
    const option =
      options.find((item) => item.dataset.key === key) ??
      this.optionFor(key, ticked);
    option.selected = true;
    this.tellChange();
  }

  /** Show another of the page's own modes, as the same person. */
  changeOwnMode() {
    Array.from(this.whoTarget.options).forEach((option) => {
      option.value = this.valueOf(option.dataset.key);
    });
    this.tellChange();
  }

  /**
   * Show who is picked now. Wagtail drops a change of mode that comes while it loads the
   * preview, and the frame would go on showing somebody else than the list says.
   */
  catchUp({ target }) {
    const shown = new URL(target.querySelector("iframe").src).searchParams;
    if (shown.get("mode") !== this.whoTarget.value) {
      setTimeout(() => this.tellChange());
    }
  }

  optionFor(key, ticked) {
    let option = this.whoTarget.querySelector("option[data-several]");
    if (!option) {
      option = document.createElement("option");
      option.dataset.several = "";
      this.whoTarget.options[0].after(option);
    }
    const names = new Intl.ListFormat(document.documentElement.lang);
    option.textContent = names.format(ticked.map((box) => box.dataset.name));
    option.dataset.key = key;
    option.value = this.valueOf(key);
    return option;
  }

  valueOf(key) {
    /* The first line is nobody: its value ends where a key begins. */
    const nobody = this.whoTarget.options[0].value;
    return this.hasOwnTarget ? `${this.ownTarget.value}~as~${key}` : nobody + key;
  }

  tellChange() {
    this.whoTarget.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

window.wagtail.app.register("medborgare-preview-as", PreviewAs);
