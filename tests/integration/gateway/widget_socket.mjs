/** The widget's socket against the real server, through a proxy that cuts, swallows and refuses. Run by test_widget_socket.py. */

import assert from "node:assert/strict";
import net from "node:net";
import { afterEach, test } from "node:test";

import { Socket } from "../../../widget/socket.js";

const SERVER = new URL(process.env.SERVER);
const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A network between page and server. `webSockets`: "pass", "refuse" or "swallow". */
async function network(webSockets = "pass") {
  const state = { webSockets, pass: true, opened: 0, pairs: new Set() };
  const server = net.createServer((near) => {
    state.opened++;
    near.on("error", () => {});
    if (!state.pass) return near.destroy();
    near.once("data", (first) => {
      const upgrade = /upgrade: websocket/i.test(first.toString("latin1"));
      if (upgrade && state.webSockets === "swallow") return;
      if (upgrade && state.webSockets === "refuse") return near.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
      const far = net.connect(Number(SERVER.port), SERVER.hostname);
      far.on("error", () => near.destroy());
      far.on("close", () => near.destroy());
      near.on("close", () => far.destroy());
      far.write(first);
      near.on("data", (data) => state.silent || far.write(data));
      far.on("data", (data) => state.silent || near.write(data));
      state.pairs.add(near);
    });
    state.pairs.add(near);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  state.cut = () => {
    for (const near of state.pairs) near.destroy();
    state.pairs.clear();
  };
  state.address = new URL(`http://127.0.0.1:${server.address().port}/socket.io/`);
  closing.push(() => {
    state.cut();
    return new Promise((closed) => server.close(closed));
  });
  return state;
}

/** A page's socket, and what it heard. */
function page(address) {
  const seen = { opened: 0, closed: 0, heard: [] };
  const socket = new Socket(address, {
    open: () => seen.opened++,
    closed: () => seen.closed++,
    heard: (name, data) => seen.heard.push([name, data]),
  });
  closing.push(() => socket.stop());
  socket.start();
  return { socket, seen };
}

async function until(what, condition, milliseconds = 8_000) {
  const end = Date.now() + milliseconds;
  while (!condition()) {
    assert.ok(Date.now() < end, `not in time: ${what}`);
    await new Promise((later) => setTimeout(later, 10));
  }
}

const said = (seen) => seen.heard.filter(([name]) => name === "bot_uttered").map(([, line]) => line.text);

for (const webSockets of ["pass", "refuse"]) {
  test(`a conversation, WebSockets: ${webSockets}`, async () => {
    const { address } = await network(webSockets);
    const { socket, seen } = page(address);
    await until("connected", () => socket.connected);
    const session = await socket.ask("session_request", { brand: "primus", language: "fr" }, 3_000);
    assert.match(session.session_id, /\./);
    const texts = Array.from({ length: 8 }, (_, n) => `numéro ${n} «é» 🙂 \u2028`);
    const answers = await Promise.all(
      texts.map((message, n) => socket.ask("user_uttered", { message, message_id: `m${n}` }, 3_000)),
    );
    assert.equal(new Set(answers.map(({ sequence }) => sequence)).size, 8);
    await until("answers", () => said(seen).length === 8);
    assert.deepEqual(
      said(seen),
      texts.map((text) => `you said ${text.trim()}`),
    );
    assert.deepEqual([seen.opened, seen.closed], [1, 0]);
  });
}

test("without a connection nothing is promised", async () => {
  const { address } = await network();
  const { socket } = page(address);
  await assert.rejects(socket.ask("session_request", {}, 1_000), /no connection/);
});

test("an event that nobody acknowledges is given up in time", async () => {
  const { address } = await network();
  const { socket } = page(address);
  await until("connected", () => socket.connected);
  await assert.rejects(socket.ask("unknown_event", {}, 100), /no answer/);
  assert.ok(socket.connected);
});

for (const webSockets of ["pass", "refuse"]) {
  test(`a cut is noticed, what was asked rejects, and it connects again, WebSockets: ${webSockets}`, async () => {
    const way = await network(webSockets);
    const { socket, seen } = page(way.address);
    await until("connected", () => socket.connected);
    way.silent = true;
    const asked = socket.ask("session_request", {}, 5_000);
    way.cut();
    await assert.rejects(asked, /connection lost/);
    assert.deepEqual([socket.connected, seen.closed], [false, 1]);
    way.silent = false;
    await until("connected again", () => socket.connected, 2_000);
    assert.equal(seen.opened, 2);
    assert.ok((await socket.ask("session_request", { brand: "wrs" }, 3_000)).session_id);
  });
}

test("a network that swallows WebSockets is gone round by polling", { timeout: 15_000 }, async () => {
  const { address } = await network("swallow");
  const { socket } = page(address);
  await until("connected", () => socket.connected, 9_000);
});

test("while the server is away it is tried less and less often, and at once when told so", async () => {
  const way = await network();
  const { socket, seen } = page(way.address);
  await until("connected", () => socket.connected);
  way.pass = false;
  way.cut();
  await until("closed", () => seen.closed === 1);
  way.opened = 0;
  await new Promise((later) => setTimeout(later, 2_500));
  // Each try is a WebSocket and a poll (which a browser's stack may repeat once by itself).
  assert.ok(way.opened >= 2 && way.opened <= 15, `${way.opened} connections in 2.5 s`);
  way.pass = true;
  socket.renew();
  await until("connected again", () => socket.connected, 1_000);
});

test("a dead connection is left for a new one", async () => {
  const way = await network();
  const { socket, seen } = page(way.address);
  await until("connected", () => socket.connected);
  socket.renew();
  assert.deepEqual([socket.connected, seen.closed], [false, 1]);
  await until("connected again", () => socket.connected, 1_000);
  assert.deepEqual([seen.opened, seen.closed], [2, 1]);
});

test("a stopped socket stays stopped", async () => {
  const way = await network();
  const { socket, seen } = page(way.address);
  await until("connected", () => socket.connected);
  socket.stop();
  way.opened = 0;
  await new Promise((later) => setTimeout(later, 800));
  assert.deepEqual([socket.connected, seen.closed, way.opened], [false, 1, 0]);
});
