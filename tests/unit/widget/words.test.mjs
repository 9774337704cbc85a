import assert from "node:assert/strict";
import { test } from "node:test";

import { languageOf, word, WORDS } from "../../../widget/words.js";

const placeholders = (text) => (text.match(/\{\w+\}/g) ?? []).sort();

test("each entry stands in both languages with the same placeholders", () => {
  for (const [key, entry] of Object.entries(WORDS)) {
    assert.deepEqual(Object.keys(entry), ["fr", "en"], key);
    assert.ok(entry.fr.trim() && entry.en.trim(), key);
    assert.deepEqual(placeholders(entry.fr), placeholders(entry.en), key);
  }
});

test("French typography: no-break space before a colon, none before ! ? ;, real apostrophes", () => {
  for (const [key, { fr, en }] of Object.entries(WORDS)) {
    assert.doesNotMatch(fr, /(?<!\u00a0):/, key);
    assert.doesNotMatch(fr, /\s[!?;]/, key);
    assert.doesNotMatch(fr + en, /'/, key);
    assert.doesNotMatch(fr, /\b(mail|e-mail|chat|week-end|SMS)\b/i, key);
  }
});

test("placeholders are filled, and what is missing shows", () => {
  assert.equal(word("fr", "panel", { brand: "PRIMUS" }), "Conversation avec PRIMUS");
  assert.equal(word("en", "panel"), "Conversation with {brand}");
});

test("language tags", () => {
  assert.equal(languageOf("fr-CA"), "fr");
  assert.equal(languageOf("EN"), "en");
  for (const value of ["", null, undefined, "de", 3]) assert.equal(languageOf(value), null);
});
