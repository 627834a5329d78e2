// Forms that change the visitor's choice work without this file. With it they answer on
// the spot: the page is fetched again and its main part replaced, focus stays where it
// was, and what happened is said aloud.

const MAIN = "main";

function announcer() {
  let region = document.getElementById("mb-announcer");
  if (!region) {
    region = document.createElement("div");
    region.id = "mb-announcer";
    region.className = "mb-hidden";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  return region;
}

function say(text) {
  const region = announcer();
  region.textContent = "";
  // A reader speaks only what changes after the region is there.
  window.setTimeout(() => {
    region.textContent = text;
  }, 50);
}

function openDetails(root) {
  return [...root.querySelectorAll("details[open][data-mb-keep]")].map(
    (details) => details.dataset.mbKeep,
  );
}

function restoreFocus(main, form, submitter) {
  const action = form.getAttribute("action");
  const name = submitter?.getAttribute("name");
  const value = submitter?.getAttribute("value");
  const twins = [...main.querySelectorAll("form[data-mb-form]")]
    .filter((twin) => twin.getAttribute("action") === action)
    .flatMap((twin) => [...twin.querySelectorAll("button")]);
  const twin = twins.find(
    (button) =>
      button.getAttribute("name") === name && button.getAttribute("value") === value,
  );
  const status = main.querySelector("[data-mb-status], .mb-chooser__heading") ?? main.querySelector("h1");
  const target = twin ?? status;
  if (!target) return;
  if (!twin) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
}

async function submit(event) {
  const form = event.target.closest?.("form[data-mb-form]");
  const main = document.querySelector(MAIN);
  if (!form || !main || !main.contains(form)) return;
  event.preventDefault();
  const { submitter } = event;
  form.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams(new FormData(form, submitter));
    const response = await fetch(form.action, { method: "POST", body });
    if (!response.ok) throw new Error(String(response.status));
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    const nextMain = next.querySelector(MAIN);
    if (!nextMain) throw new Error("no main part");
    const open = openDetails(main);
    const top = window.scrollY;
    main.replaceChildren(...nextMain.childNodes);
    await fillParts();
    for (const details of main.querySelectorAll("details[data-mb-keep]")) {
      details.open = details.open || open.includes(details.dataset.mbKeep);
    }
    window.scrollTo({ top, behavior: "instant" });
    restoreFocus(main, form, submitter);
    const status = main.querySelector("[data-mb-status]");
    say(form.dataset.mbDone ?? status?.textContent ?? "");
  } catch {
    // Whatever went wrong, the browser's own way tells it better.
    form.removeAttribute("data-mb-form");
    form.requestSubmit(submitter);
  }
}

document.addEventListener("submit", submit);

// A page that is the same for everybody: its personal parts are fetched on their own.
async function fillParts() {
  const link = document.querySelector("[data-mb-parts]");
  if (!link) return;
  try {
    const response = await fetch(link.dataset.mbParts);
    if (!response.ok) throw new Error(String(response.status));
    const { parts } = await response.json();
    for (const place of document.querySelectorAll("[data-mb-part]")) {
      const html = parts[place.dataset.mbPart];
      // What has focus or is being filled in stays; the same is not drawn twice.
      if (html === undefined || place.innerHTML.trim() === html.trim()) continue;
      place.innerHTML = html;
    }
  } catch {
    // The same page, made for this visitor: what those without script are offered.
    link.hidden = false;
  }
}

fillParts();

// Quick exit: the button works without script; Shift three times within five seconds too.
const SHIFTS = 3;
const WITHIN_MS = 5000;
let shifts = [];

async function leave(form) {
  const cover = document.createElement("div");
  cover.className = "mb-cover";
  document.documentElement.append(cover);
  document.title = "\u200b";
  try {
    // The answer clears our cookies. It is not followed: the place to go to may be
    // another host, and this page shall leave no entry behind in the history.
    await fetch(form.action, { method: "POST", redirect: "manual" });
  } finally {
    window.location.replace(form.dataset.mbExitTo || "/");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-mb-exit-form]");
  if (!form) return;
  event.preventDefault();
  leave(form);
});

document.addEventListener("keyup", (event) => {
  if (event.key !== "Shift") {
    shifts = [];
    return;
  }
  const now = Date.now();
  shifts = [...shifts.filter((time) => now - time < WITHIN_MS), now];
  const form = document.querySelector("form[data-mb-exit-form]");
  if (form && shifts.length >= SHIFTS) leave(form);
});
