import assert from "node:assert/strict";
import { test } from "node:test";

import { contrast, isColour, readable } from "../../../widget/colours.js";

test("contrast as WCAG reckons it", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#777777"), 1);
  assert.ok(Math.abs(contrast("#767676", "#ffffff") - 4.54) < 0.01);
});

test("any colour becomes readable by day and by night, and one that is stays as it is", () => {
  for (const colour of ["#0b4f8a", "#8a3b12", "#3e53a4", "#ffff00", "#ff0000", "#000000", "#ffffff", "#00ff88"]) {
    for (const background of ["#f1f3f7", "#2a2f3a"]) {
      const found = readable(colour, background);
      assert.ok(isColour(found), found);
      assert.ok(contrast(found, background) >= 4.5, `${colour} on ${background}: ${found}`);
    }
  }
  assert.equal(readable("#0b4f8a", "#ffffff"), "#0b4f8a");
});

test("what is no colour", () => {
  for (const value of [undefined, null, "", "red", "#fff", "#0b4f8a;}", 12]) assert.ok(!isColour(value));
});
