/** The demonstration page: the brand of `?brand=`, its widget, and examples that are said in it when pressed. */

const WIDE = "(min-width: 64rem)"; // the same as in demo.css
const root = document.documentElement;

const widget = document.createElement("support-chat");

/** The brands as the server serves them; the page shows what there is. @returns {Promise<object[]>} */
async function askBrands() {
  const answer = await fetch("/api/v1/brands");
  return answer.ok ? answer.json() : [];
}

/** @param {object[]} brands @param {string} chosen */
function showBrands(brands, chosen) {
  const links = brands.map(({ id, name, colours }) => {
    const link = document.createElement("a");
    link.href = `?brand=${encodeURIComponent(id)}`;
    link.textContent = name;
    link.dataset.brand = id;
    link.style.setProperty("--its", colours?.main ?? "");
    if (id === chosen) link.setAttribute("aria-current", "page");
    const item = document.createElement("li");
    item.append(link);
    return item;
  });
  document.querySelector("[data-brands] ul").replaceChildren(...links);
  const colours = brands.find((brand) => brand.id === chosen)?.colours;
  if (!colours) return;
  // As surfaces the brand's colours are used as they are; as text on the page they are mixed until they are readable.
  root.style.setProperty("--main", colours.main);
  root.style.setProperty("--on-main", colours.text_on_main);
  root.style.setProperty("--by-day", `color-mix(in srgb, ${colours.main} 92%, black)`);
  root.style.setProperty("--by-night", `color-mix(in srgb, ${colours.main} 40%, white)`);
}

/** In production there is no outbox, and nothing is told of demonstration accounts. */
async function showDemonstration() {
  const answer = await fetch("/dev/outbox.json").catch(() => null);
  document.querySelector("[data-demonstration]").hidden = !answer?.ok;
}

// In the order of the page's examples; a brand without examples comes last and works all the same.
const order = [...document.querySelectorAll("section[data-of]")].map((section) => section.dataset.of);
const place = ({ id }) => (order.includes(id) ? order.indexOf(id) : order.length);
const brands = (await askBrands().catch(() => [])).sort((one, other) => place(one) - place(other));
const asked = new URLSearchParams(location.search).get("brand");
const chosen = brands.some((brand) => brand.id === asked) ? asked : (brands[0]?.id ?? order[0]);

showBrands(brands, chosen);
for (const part of document.querySelectorAll("[data-of]")) part.hidden = part.dataset.of !== chosen;
for (const button of document.querySelectorAll("[data-say]")) {
  button.addEventListener("click", () => widget.say(button.textContent));
}
document.querySelector("[data-restart]").addEventListener("click", () => {
  widget.reset();
  widget.open = true;
});
document.addEventListener("page-language", ({ detail }) => widget.setAttribute("language", detail));

widget.setAttribute("brand", chosen);
widget.setAttribute("language", root.lang);
widget.toggleAttribute("open", matchMedia(WIDE).matches);
document.body.append(widget);
await showDemonstration();
