/** Nodes without markup: a page that enforces Trusted Types lets no string become HTML, and neither does this. */

/**
 * An element. `on…` are listeners, `true` an attribute without value; false, null and undefined leave it out.
 * @param {string} name
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElement}
 */
export function h(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null && value !== undefined)
      node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * A drawing of 24 by 24 in the colour of the text, hidden from screen readers: the button that holds it has a name.
 * @param {...string} paths
 * @returns {SVGElement}
 */
export function icon(...paths) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  for (const path of paths) {
    const line = document.createElementNS(space, "path");
    line.setAttribute("d", path);
    drawing.append(line);
  }
  return drawing;
}

/**
 * @param {string} css
 * @returns {CSSStyleSheet} a sheet that a shadow root can adopt: no `<style>`, which the policy of a page may forbid
 */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
