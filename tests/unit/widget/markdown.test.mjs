import assert from "node:assert/strict";
import { test } from "node:test";

import { parse, parseInline } from "../../../widget/markdown.js";

const text = (words) => ({ kind: "text", text: words });
const bold = (...of) => ({ kind: "bold", of });
const link = (shown, url = shown) => ({ kind: "link", text: shown, url });
const paragraph = (...of) => ({ kind: "paragraph", of });
const bulleted = (...items) => ({ kind: "list", ordered: false, start: 1, items });
const numbered = (start, ...items) => ({ kind: "list", ordered: true, start, items });

test("a blank line ends a paragraph, a single one breaks the line", () => {
  assert.deepEqual(parse("un\ndeux\r\n\n\ntrois"), [
    paragraph(text("un"), { kind: "break" }, text("deux")),
    paragraph(text("trois")),
  ]);
});

test("bold, and stars that are not", () => {
  assert.deepEqual(parseInline("jusqu’à **4 utilisateurs** en tout"), [
    text("jusqu’à "),
    bold(text("4 utilisateurs")),
    text(" en tout"),
  ]);
  assert.deepEqual(parseInline("2 ** 3 et **"), [text("2 ** 3 et **")]);
  assert.deepEqual(parseInline("**a** et **b**"), [bold(text("a")), text(" et "), bold(text("b"))]);
});

test("lists follow a sentence at once, change kind, and keep their number", () => {
  assert.deepEqual(parse("Apportez :\n- le modem\n* les câbles\n• la boîte\n3. puis\n4) enfin"), [
    paragraph(text("Apportez :")),
    bulleted([text("le modem")], [text("les câbles")], [text("la boîte")]),
    numbered(3, [text("puis")], [text("enfin")]),
  ]);
});

test("a blank line between items does not number them anew; an indented line goes on with its item", () => {
  assert.deepEqual(parse("1. un\n   suite\n\n2. deux\n\nfin"), [
    numbered(1, [text("un"), { kind: "break" }, text("suite")], [text("deux")]),
    paragraph(text("fin")),
  ]);
});

test("an amount, a date or a bold word at the beginning of a line is no list", () => {
  for (const line of ["2026. Une année", "12,95 $", "**Important** : lisez", "-5 degrés", "1.5 heure"]) {
    assert.equal(parse(line)[0].kind, "paragraph", line);
  }
});

test("an address ends before the sentence's own signs", () => {
  for (const [words, url] of [
    ["Voyez https://pie.primus.ca.", "https://pie.primus.ca"],
    ["(https://example.ca/a)", "https://example.ca/a"],
    ["https://example.ca/a_(b), puis", "https://example.ca/a_(b)"],
    ["« https://example.ca/?a=1&b=2 »", "https://example.ca/?a=1&b=2"],
    ["http://example.ca/é!", "http://example.ca/é"],
    ["**https://example.ca**", "https://example.ca"],
  ]) {
    const found = parseInline(words).flatMap((part) => (part.kind === "bold" ? part.of : [part]));
    assert.deepEqual(
      found.filter((part) => part.kind === "link"),
      [link(url)],
      words,
    );
    const whole = found.map((part) => part.text).join("");
    assert.equal(whole, words.replaceAll("**", ""), "nothing is lost");
  }
});

test("mail addresses", () => {
  assert.deepEqual(parseInline("à businesscare@primustel.ca."), [
    text("à "),
    link("businesscare@primustel.ca", "mailto:businesscare@primustel.ca"),
    text("."),
  ]);
  assert.deepEqual(parseInline("a@b et @nom"), [text("a@b et @nom")]);
});

test("only http and https become links; markup and other Markdown stay text", () => {
  for (const words of [
    "javascript:alert(1)",
    "<img src=x onerror=alert(1)>",
    "[ici](javascript:alert(1))",
    "# titre",
    "`code`",
  ]) {
    assert.deepEqual(parse(words), [paragraph(text(words))]);
  }
});
