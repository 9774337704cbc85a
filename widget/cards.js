/**
 * Finds payment card numbers, so that they never leave the page. The server masks them too; what is not sent cannot leak.
 */

// Digits with at most three separators between: cards are typed with blanks (no-break ones too), dashes or points.
const RUN = /\d(?:[\s.\-\u2010-\u2015]{0,3}\d){12,}/g;

// How cards print their number, by lengths of the groups. Looked for inside a longer run, because an expiry date or a
// security code often follows ("4111 1111 1111 1111 12/27") and the whole run would then not pass the check.
const PRINTED = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 4, 4, 3],
  [4, 4, 4, 1],
  [4, 6, 5],
  [4, 6, 4],
];

/**
 * Whether the check digit of ISO/IEC 7812 is right.
 * @param {string} digits
 * @returns {boolean}
 */
export function passesLuhn(digits) {
  let total = 0;
  for (let place = 0; place < digits.length; place++) {
    const value = Number(digits[digits.length - 1 - place]) * (place % 2 ? 2 : 1);
    total += value > 9 ? value - 9 : value;
  }
  return total % 10 === 0;
}

/** @param {string} digits 13 to 19 digits, not all zeros, that pass the check. */
const isCard = (digits) => digits.length >= 13 && digits.length <= 19 && /[1-9]/.test(digits) && passesLuhn(digits);

/**
 * Whether a text holds a payment card number.
 * @param {string} text
 * @returns {boolean}
 */
export function holdsCard(text) {
  return (text.match(RUN) ?? []).some((run) => {
    const groups = run.split(/\D+/);
    if (isCard(groups.join("")) || groups.some(isCard)) return true;
    return groups.some((_, start) =>
      PRINTED.some((lengths) => {
        const part = groups.slice(start, start + lengths.length);
        return (
          part.length === lengths.length &&
          part.every((group, i) => group.length === lengths[i]) &&
          isCard(part.join(""))
        );
      }),
    );
  });
}
