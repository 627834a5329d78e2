/* The page is shown as somebody else: open the user bar, which says so. */
window.addEventListener("load", () => {
  document
    .querySelector("wagtail-userbar")
    ?.shadowRoot?.querySelector("[data-wagtail-userbar-trigger]")
    ?.click();
});
