/** The preview of an article: the very Markdown and colours of the customers' widget, whenever the server has sent the text anew. */

import { readable } from "./colours.js";
import { render } from "./markdown.js";

const NIGHT = matchMedia("(prefers-color-scheme: dark)");

const draw = () => {
  for (const place of document.querySelectorAll("[data-markdown]")) {
    place.replaceChildren(render(place.dataset.markdown));
  }
  for (const look of document.querySelectorAll(".web[data-colour]")) {
    const { colour, textColour } = look.dataset;
    look.style.setProperty("--brand", colour);
    look.style.setProperty("--on-brand", textColour);
    look.style.setProperty("--brand-link", readable(colour, NIGHT.matches ? "#232831" : "#ffffff"));
  }
};

document.addEventListener("htmx:afterSettle", draw);
NIGHT.addEventListener("change", draw);
draw();

// Another brand has other buttons and other rules: the form of a new article begins anew with it, what was typed goes along.
document.querySelector("select#brand")?.addEventListener("change", () => {
  document.querySelector("#preview")?.dispatchEvent(new Event("input"));
});
