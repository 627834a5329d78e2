/* The page is shown as somebody else: open the user bar, which says so. It closes
   itself on "pageshow"; this comes after. */
window.addEventListener("pageshow", () => {
  document
    .querySelector("wagtail-userbar")
    ?.shadowRoot?.querySelector("[data-wagtail-userbar-trigger]")
    ?.click();
});
