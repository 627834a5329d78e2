// "Add" ticks the card of a suggested situation, as the editor would by hand. Without
// this script the suggestions are read, and the cards are ticked all the same.
function cardFor(button) {
  const { mbSuggestion } = button.closest("[data-mb-suggestion]").dataset;
  const boxes = document.querySelectorAll(".mb-cards input[type=checkbox]");
  return [...boxes].find((box) => box.value === mbSuggestion);
}

function show() {
  for (const button of document.querySelectorAll("[data-mb-suggestion] button")) {
    const box = cardFor(button);
    button.hidden = !box || box.checked;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-mb-suggestion] button");
  const box = button && cardFor(button);
  if (!box) return;
  // A click, so that everybody who listens to the card hears of it.
  if (!box.checked) box.click();
  box.focus();
});
document.addEventListener("change", (event) => {
  if (event.target.closest?.(".mb-cards")) show();
});
document.addEventListener("DOMContentLoaded", show);
if (document.readyState !== "loading") show();
