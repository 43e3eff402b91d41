// What clients make a port hold: bodies that do not end, come in crumbs or are given up, and answers that nobody reads.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { EventHub } from "../../../node/rpc/event-hub.ts";
import { countUnsent, type HeldBytes, heldBytes, readBody } from "../../../node/rpc/held-bytes.ts";
import { freeBodyPieces } from "../../../node/rpc/limits.ts";
import { webSockets } from "../../../node/rpc/web-socket.ts";

let server: Server;
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  server.close();
});

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<void> {
  server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}

/** A server that says what became of each body. */
async function serveBodies(held: HeldBytes, maximumBytes = 1_000): Promise<string[]> {
  const outcomes: string[] = [];
  await serve(async (request, response) => {
    const body = await readBody(request, response, { maximumBytes, held });
    outcomes.push(typeof body === "string" ? body : `${body.length} bytes`);
    response.end();
  });
  return outcomes;
}

async function open(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined).resume();
  await new Promise((resolve) => socket.once("connect", resolve));
  return socket;
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < 2_000; waited += 1) await sleep(5);
  expect(condition()).toBe(true);
}

const announced = (bytes: number) => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`;
const chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

test("a body of a gigabyte is refused: when it is announced, before any of it came; else at the bound", async () => {
  const held = heldBytes();
  const outcomes = await serveBodies(held, 1_000);
  (await open()).write(announced(1 << 30));
  await until(() => outcomes.length === 1);
  const stream = await open();
  stream.write(chunked);
  for (let piece = 0; piece < 3; piece += 1) stream.write(`190\r\n${"x".repeat(400)}\r\n`);
  await until(() => outcomes.length === 2);
  expect(outcomes).toEqual(["too large", "too large"]);
  expect(held.total).toBe(0);
});

test("a body within the bound comes whole, however it is cut, and counts for nothing once it is answered", async () => {
  const held = heldBytes();
  const outcomes = await serveBodies(held, 1_000);
  (await open()).write(`${announced(1_000)}${"x".repeat(1_000)}`);
  const slow = await open();
  slow.write(chunked);
  for (let piece = 0; piece < freeBodyPieces; piece += 1) slow.write("1\r\nx\r\n");
  slow.write("0\r\n\r\n");
  await until(() => outcomes.length === 2);
  expect(outcomes.toSorted()).toEqual(["1000 bytes", `${freeBodyPieces} bytes`]);
  await until(() => held.total === 0);
});

test("a body in single bytes is refused long before its bound, and its sender told", async () => {
  const outcomes = await serveBodies(heldBytes(), 1_000_000);
  const socket = await open();
  let answer = "";
  socket.on("data", (data) => {
    answer += String(data);
  });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(`${chunked}${"1\r\nx\r\n".repeat(freeBodyPieces + 10)}`);
  await closed;
  expect([outcomes, answer.slice(0, 12)]).toEqual([["gone"], "HTTP/1.1 400"]);
});

test("bodies that never end share one room: who holds most gives up, and an honest client is served", async () => {
  const held = heldBytes(10_000);
  const outcomes = await serveBodies(held, 4_000);
  for (let client = 0; client < 20; client += 1)
    (await open()).write(`${announced(4_000)}${"x".repeat(2_000 + client)}`);
  await until(() => outcomes.length >= 15);
  expect(new Set(outcomes)).toEqual(new Set(["no room"]));
  expect(held.total).toBeLessThanOrEqual(10_000);
  (await open()).write(`${announced(500)}${"x".repeat(500)}`);
  await until(() => outcomes.includes("500 bytes"));
});

test("a client that goes away in the middle is gone, and leaves nothing behind", async () => {
  const held = heldBytes();
  const outcomes = await serveBodies(held);
  const socket = await open();
  socket.write(`${announced(1_000)}half`);
  await until(() => held.total > 0);
  socket.destroy();
  await until(() => outcomes.length === 1);
  expect([outcomes, held.total]).toEqual([["gone"], 0]);
});

test("answers that nobody reads share the room too, and are cut off when it is full", async () => {
  const held = heldBytes(20_000_000);
  let cut = 0;
  await serve(async (request, response) => {
    await readBody(request, response, { maximumBytes: 10, held });
    response.once("close", () => {
      if (!response.writableFinished) cut += 1;
    });
    response.end(Buffer.alloc(9_000_000));
    countUnsent(response, held);
  });
  const clients: Socket[] = [];
  for (let client = 0; client < 6; client += 1) {
    const socket = await open();
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    clients.push(socket);
  }
  await until(() => cut >= 1);
  expect(held.total).toBeLessThanOrEqual(20_000_000);
  for (const socket of clients) socket.destroy();
  await until(() => held.total === 0);
});

test("WebSocket messages that never end share the room: who holds most is cut off, and finished ones count no more", async () => {
  const held = heldBytes(10_000);
  await serve(async () => undefined);
  const slices = { run: async <Result>(_lane: string, work: () => Result | Promise<Result>) => await work() };
  const hub = new EventHub({ maximumClients: 10, maximumSubscriptionsPerClient: 5, slowBytes: 1_000 });
  const dispatcher = { methods: new Map(), slices, onBug: () => undefined };
  const upgrades = webSockets(dispatcher, hub, { maximumMessageBytes: 8_000, held });
  server.on("upgrade", (request, socket, head) => upgrades.upgrade(request, socket as Socket, head));
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/websocket`;
  const clients = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const client = new WebSocket(url);
      client.on("error", () => undefined);
      await new Promise((resolve) => client.once("open", resolve));
      return client;
    }),
  );
  const [honest, ...others] = clients;
  const answers: string[] = [];
  honest?.on("message", (data) => answers.push(String(data)));
  for (const other of others) other.send("x".repeat(3_000), { fin: false });
  await until(() => others.filter(({ readyState }) => readyState === WebSocket.CLOSED).length >= 2);
  expect(held.total).toBeLessThanOrEqual(10_000);
  // Twice what there is room for, one after the other.
  for (let turn = 1; turn <= 20; turn += 1) {
    honest?.send(`{"jsonrpc":"2.0","id":1,"method":"${"m".repeat(900)}"}`);
    await until(() => answers.length === turn);
  }
  for (const client of others) client.terminate();
  await until(() => held.total === 0);
  honest?.terminate();
  upgrades.close();
});
