/** Colours of a brand made readable: a brand is data, and nobody checks its contrast on a dark page but this. */

/** @param {string} hex "#rrggbb" @returns {number[]} red, green, blue from 0 to 255 */
const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** @param {number[]} rgb @returns {string} */
const hexOf = (rgb) => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

/** @param {unknown} value @returns {boolean} Whether it is "#rrggbb". */
export const isColour = (value) => typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value);

/** @param {string} hex @returns {number} Relative luminance as WCAG 2.2 defines it. */
function luminance(hex) {
  const [red, green, blue] = parts(hex).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * Contrast ratio of two colours, 1 to 21.
 * @param {string} one "#rrggbb"
 * @param {string} other "#rrggbb"
 * @returns {number}
 */
export function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * The colour, mixed with white or black as little as gives the ratio on this background.
 * @param {string} colour "#rrggbb"
 * @param {string} background "#rrggbb"
 * @param {number} [ratio] 4.5 for text
 * @returns {string}
 */
export function readable(colour, background, ratio = 4.5) {
  const towards = luminance(background) < 0.18 ? 255 : 0;
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = hexOf(parts(colour).map((part) => part + (towards - part) * share));
    if (contrast(mixed, background) >= ratio) return mixed;
  }
  return towards ? "#ffffff" : "#000000";
}
