import assert from "node:assert/strict";
import { test } from "node:test";

import { inPlace, lineWithButtons, placeOf, Transcript } from "../../../widget/transcript.js";

const line = (sequence, author = "assistant", buttons = []) => ({
  sequence,
  author,
  buttons,
  text: `${sequence}`,
  language: "fr",
  at: "2026-11-21T12:00:00Z",
});
const BUTTONS = [{ title: "Oui", reply: "oui" }];

test("a line is taken once", () => {
  const transcript = new Transcript();
  assert.ok(transcript.add(line(1)));
  assert.ok(!transcript.add(line(1)));
  assert.ok(!transcript.add({ text: "without a number" }));
  assert.equal(transcript.lines.length, 1);
});

test("lines stand in the order of their numbers, however they come", () => {
  const transcript = new Transcript();
  for (const sequence of [3, 1, 2]) transcript.add(line(sequence));
  assert.deepEqual(
    transcript.lines.map((each) => each.sequence),
    [1, 2, 3],
  );
});

test("what is missing is asked for, also below what came", () => {
  const transcript = new Transcript();
  assert.equal(transcript.after, 0);
  for (const sequence of [1, 2, 5]) transcript.add(line(sequence));
  assert.equal(transcript.after, 2);
  transcript.add(line(4));
  transcript.add(line(3));
  assert.equal(transcript.after, 5);
  transcript.clear();
  assert.equal(transcript.after, 0);
});

test("a line goes behind the last lower number, before messages not sent yet", () => {
  assert.equal(placeOf([], 1), 0);
  assert.equal(placeOf([1, 2], 3), 2);
  assert.equal(placeOf([1, 2, 4], 3), 2);
  assert.equal(placeOf([2, 3], 1), 0);
  assert.equal(placeOf([1, null, null], 2), 1, "the reply to the first of three messages");
  assert.equal(placeOf([1, null, 4], 5), 3, "a message that failed stays where it was");
});

test("a message that gets its number moves only where it must", () => {
  assert.ok(inPlace([1, 2, 3], 2, 3));
  assert.ok(inPlace([1, 2, null], 1, 2));
  assert.ok(inPlace([1, 9, 2].slice(0, 2), 1, 9));
  assert.ok(!inPlace([1, 9, 2], 1, 9), "sent again after the reply below it");
});

test("the choices of the last reply can be pressed, until the customer says something", () => {
  assert.equal(lineWithButtons([]), null);
  assert.equal(lineWithButtons([line(1), line(2, "assistant", BUTTONS)])?.sequence, 2);
  assert.equal(lineWithButtons([line(1, "assistant", BUTTONS), line(2, "assistant", BUTTONS)])?.sequence, 2);
  assert.equal(
    lineWithButtons([line(1, "assistant", BUTTONS), line(2)])?.sequence,
    1,
    "a sentence more in the same turn",
  );
  assert.equal(lineWithButtons([line(1, "assistant", BUTTONS), line(2, "customer")]), null);
});
