import assert from "node:assert/strict";
import { test } from "node:test";

import { holdsCard, passesLuhn } from "../../../widget/cards.js";

test("the check digit", () => {
  for (const digits of ["4111111111111111", "5555555555554444", "378282246310005", "6011111111111117"])
    assert.ok(passesLuhn(digits));
  for (const digits of ["4111111111111112", "5555555555554445"]) assert.ok(!passesLuhn(digits));
});

test("cards as people type them", () => {
  for (const words of [
    "4111111111111111",
    "ma carte est le 4111 1111 1111 1111 merci",
    "4111-1111-1111-1111",
    "4111.1111.1111.1111",
    "4111\u00a01111\u00a01111\u00a01111",
    "4111 - 1111 - 1111 - 1111",
    "4111 1111\n1111 1111",
    "3782 822463 10005",
    "30569309025904",
    "4222222222222", // 13 digits
    "6304000000000000000", // 19 digits
    "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
  ])
    assert.ok(holdsCard(words), words);
});

test("what follows a card does not hide it", () => {
  for (const words of [
    "4111 1111 1111 1111 12/27",
    "4111 1111 1111 1111 12 27 123",
    "2 4111 1111 1111 1111",
    "4111111111111111 0927",
  ]) {
    assert.ok(holdsCard(words), words);
  }
});

test("numbers that are no cards go through", () => {
  for (const words of [
    "",
    "1002003001 H2X 1Y4",
    "mon compte est le 1002003001",
    "514 555-0188",
    "514 555-0188 ou 514 555-0199",
    "482913",
    "PR323420",
    "4111 1111 1111 1112",
    "0000 0000 0000 0000",
    "41111111111111111111111", // longer than any card
    "284,52 $ le 1er octobre 2026",
  ])
    assert.ok(!holdsCard(words), words);
});
