// What a stranger may try on the RPC port, each with what must come of it: one clear refusal, and a port that goes on.

import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { maximumIdLength } from "../../../node/rpc/limits.ts";
import { type SampleNode, startSampleNode } from "./sample-node.ts";

interface Answer {
  readonly id?: unknown;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly data?: string };
}

let node: SampleNode;

beforeAll(async () => {
  node = await startSampleNode();
  for (let height = 1; height <= 3; height += 1) await node.commit();
});

afterAll(async () => {
  expect((await post('{"jsonrpc":"2.0","id":1,"method":"health"}')).answers[0]?.result).toEqual({});
  await node.stop();
});

async function post(body: string): Promise<{ readonly status: number; readonly answers: readonly Answer[] }> {
  const response = await fetch(node.url, { method: "POST", body });
  const parsed: unknown = await response.json();
  return { status: response.status, answers: (Array.isArray(parsed) ? parsed : [parsed]) as Answer[] };
}

const request = (id: unknown, method: string, params: unknown = {}) =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });

function rawSocket(): Socket {
  const { hostname, port } = new URL(node.url);
  return connect(Number(port), hostname).on("error", () => undefined);
}

/** A WebSocket that collects what it hears. */
async function webSocket(): Promise<{ readonly socket: WebSocket; readonly answers: Answer[] }> {
  const socket = new WebSocket(`${node.url.replace("http", "ws")}/websocket`);
  const answers: Answer[] = [];
  socket.on("message", (data) => answers.push(JSON.parse(String(data)) as Answer));
  await new Promise((resolve) => socket.once("open", resolve));
  return { socket, answers };
}

test("a list of ten thousand requests is refused as a whole", async () => {
  for (const [count, code] of [
    [11, -32600],
    [1_000, -32600],
    [10_000, -32700],
  ]) {
    const { answers } = await post(
      `[${Array.from({ length: count ?? 0 }, (_, id) => request(id, "status")).join(",")}]`,
    );
    expect(answers.map(({ error }) => error?.code)).toEqual([code]);
  }
});

test("a hundred thousand brackets, and half a million empty lists, are refused before they are built", async () => {
  for (const body of [`${"[".repeat(100_000)}`, `[${"[],".repeat(300_000)}[]]`, request(1, "block", {}).concat("[")]) {
    const { status, answers } = await post(body);
    expect([status, answers[0]?.error?.code]).toEqual([500, -32700]);
  }
});

test("ids: what cannot be repeated is refused, equal ones are all answered", async () => {
  for (const id of ["1e400", "-1e999", `"${"x".repeat(maximumIdLength + 1)}"`, "[1]", "{}"]) {
    const { answers } = await post(`{"jsonrpc":"2.0","id":${id},"method":"health"}`);
    expect([answers[0]?.error?.code, answers[0]?.id], id.slice(0, 20)).toEqual([-32700, undefined]);
  }
  const long = "x".repeat(maximumIdLength);
  const { answers } = await post(`[${[7, 7, long].map((id) => request(id, "health")).join(",")}]`);
  expect(answers.map(({ id }) => id)).toEqual([7, 7, long]);
});

test("pages and heights beyond every bound are lowered or refused", async () => {
  const ask = async (method: string, params: unknown) => (await post(request(1, method, params))).answers[0];
  expect((await ask("validators", { per_page: String(10 ** 9) }))?.result?.count).toBe("1");
  for (const params of [{ page: "1", per_page: "9223372036854775807" }, { per_page: "-1" }])
    expect((await ask("tx_search", { query: "tx.height>0", ...params }))?.error).toBeUndefined();
  const codes: unknown[] = [];
  for (const height of [2n ** 63n, 2n ** 64n, -(2n ** 63n) - 1n]) {
    codes.push((await ask("block", { height: String(height) }))?.error?.code);
    codes.push((await ask("abci_query", { height: String(height) }))?.error?.code);
    codes.push((await fetch(`${node.url}/block?height=${height}`)).status);
  }
  expect(new Set(codes)).toEqual(new Set([-32602, 500]));
});

test("a search with a thousand conditions is refused, and so is a subscription", async () => {
  const query = Array(1_000).fill("a=1").join(" AND ");
  const { answers } = await post(request(1, "tx_search", { query }));
  expect(answers[0]?.error).toMatchObject({ code: -32603, data: "maximum query length exceeded" });
  const { socket, answers: heard } = await webSocket();
  socket.send(request(1, "subscribe", { query }));
  while (heard.length < 1) await sleep(5);
  expect(heard[0]?.error).toMatchObject({ code: -32603, data: "maximum query length exceeded" });
  socket.terminate();
});

test("thousands of subscriptions: five a client, a hundred clients, and places become free again", async () => {
  const { socket, answers } = await webSocket();
  for (let id = 0; id < 2_000; id += 1) socket.send(request(id, "subscribe", { query: `tx.height=${id}` }));
  while (answers.length < 2_000) await sleep(5);
  expect(answers.filter(({ error }) => error === undefined)).toHaveLength(5);
  const others = await Promise.all(Array.from({ length: 110 }, webSocket));
  for (const other of others) other.socket.send(request(1, "subscribe", { query: "tm.event='NewBlock'" }));
  while (others.some((other) => other.answers.length === 0)) await sleep(5);
  expect(others.filter((other) => other.answers[0]?.error === undefined)).toHaveLength(99);
  await node.commit();
  for (const other of [...others, { socket }]) other.socket.terminate();
  while (node.environment.hub.clientCount > 0) await sleep(5);
});

test("HTTP/2 is not spoken here: its preface ends the connection, whatever streams and resets follow", async () => {
  const socket = rawSocket();
  let answer = "";
  socket.on("data", (data) => {
    answer += String(data);
  });
  const reset = Buffer.from([0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8]);
  socket.write(Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), ...Array(1_000).fill(reset)]));
  await new Promise((resolve) => socket.once("close", resolve));
  expect(answer === "" || answer.startsWith("HTTP/1.1 400")).toBe(true);
});

test("who pings for ever and reads no answer is cut off", async () => {
  const socket = rawSocket();
  const key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
  socket.write(`GET /websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`);
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  const ping = Buffer.concat([Buffer.from([0x89, 0x80 + 125, 0, 0, 0, 0]), Buffer.alloc(125)]);
  const many = Buffer.concat(Array(2_000).fill(ping));
  // The system's buffers hold some megabytes before anything waits in the node.
  let cut = false;
  for (let round = 0; round < 400 && !cut; round += 1) {
    const error = await new Promise((resolve) => socket.write(many, resolve));
    cut = error instanceof Error;
  }
  expect(cut).toBe(true);
});
