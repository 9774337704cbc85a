/**
 * What the pages do beyond links and forms: they keep up by themselves, and everything has a key. Each part stands alone: without this
 * file the pages still work.
 */

import { listen } from "./feed.js";
import { keys } from "./keys.js";
import { writing } from "./writing.js";

const body = document.body;
const find = (selector, from = document) => from.querySelector(selector);

/** Asks htmx to fetch the parts of this page that live. What comes by itself does not keep an idle agent signed in. */
const refresh = (kind) => find(`[data-live="${kind}"]`)?.dispatchEvent(new CustomEvent("desk:refresh"));
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const by = detail.triggeringEvent?.type;
  if (detail.verb === "get" && by !== "click" && by !== "submit") detail.headers["Desk-Refresh"] = "1";
});

/** An answer that was asked for before the agent did something shows the page of before: it is dropped, and asked for again. */
let acts = 0;
const asked = new WeakMap();
document.addEventListener("htmx:beforeSend", ({ detail }) => {
  if (detail.requestConfig.verb === "post") acts += 1;
  else asked.set(detail.xhr, acts);
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.requestConfig.verb === "post") acts += 1;
  const live = detail.elt.dataset?.live;
  if (!live || detail.requestConfig.verb === "post" || asked.get(detail.xhr) === acts) return;
  detail.shouldSwap = false;
  refresh(live);
});

/** What was sent and met no gateway, or something before it that answers in its place: the page says so, and the text stays where it is. */
const notSent = ({ detail }) => {
  const { verb } = detail.requestConfig;
  const ours = detail.xhr.status < 502 && detail.xhr.status > 0;
  if (verb !== "post" || ours) return;
  find("#alert").replaceChildren(find("#not-sent").content.cloneNode(true));
};
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failure, notSent);
}

const region = find("#live-region");
const announce = (text) => {
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50);
};

/** How many wait, in the title and beside the menu's word. */
const title = document.title;
const count = () => {
  const queue = find("#queue");
  const badge = find("#waiting-count");
  if (!queue || !badge) return;
  const waiting = Number(queue.dataset.waiting);
  document.title = waiting ? `(${waiting}) ${title}` : title;
  badge.hidden = !waiting;
  badge.textContent = waiting || "";
};

/** The end of the transcript stays in sight, unless somebody reads further up. */
const scroll = find("#scroll");
let atEnd = true;
const toEnd = () => {
  if (!scroll) return;
  if (scroll.scrollHeight > scroll.clientHeight) scroll.scrollTop = scroll.scrollHeight;
};
scroll?.addEventListener("scroll", () => (atEnd = scroll.scrollTop + scroll.clientHeight > scroll.scrollHeight - 60));
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (detail.target.id === "thread" && atEnd) toEnd();
});
document.addEventListener("htmx:afterSettle", count);
toEnd();
count();

// Where the menu is wider than the window, the page that one is on stays in sight.
find(".top nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// A day that is chosen is a period of one's own.
find("#figures")?.addEventListener("change", ({ currentTarget, target }) => {
  if (target.type === "date") currentTarget.elements.period.value = "own";
});

find("[data-filters]")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());
for (const opener of document.querySelectorAll("#help-open")) {
  opener.addEventListener("click", () => find("#help").showModal());
}
document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-opens]");
  if (opener) find(`#${opener.dataset.opens}`).showModal();
  const copier = target.closest("[data-copies]");
  if (copier) navigator.clipboard?.writeText(find(copier.dataset.copies).textContent);
});

// After htmx, which takes the forms up at this event: a key before that would send one by itself and load the page anew, and the keys
// that follow it would be lost. For the same reason htmx takes up what it swaps in at once (`defaultSettleDelay` in base.html).
document.addEventListener("DOMContentLoaded", () => {
  keys(writing(announce));
  if (body.dataset.agent) listen({ refresh, announce });
  document.documentElement.classList.add("scripted");
});
