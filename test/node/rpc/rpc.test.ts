import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { parseTime } from "../../../chain/types/time.ts";
import { describeVectors, vector, vectorNames } from "../../vectors/vectors.ts";
import { event, tx } from "../sample-chain.ts";
import { type SampleNode, startSampleNode } from "./sample-node.ts";

interface Answer {
  readonly jsonrpc: "2.0";
  readonly id?: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look at answers of every shape
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: string };
}

let node: SampleNode;

async function post(body: unknown): Promise<{ status: number; answer: Answer; all: readonly Answer[] }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(node.url, { method: "POST", body: text });
  const content = await response.text();
  const parsed = content === "" ? [] : JSON.parse(content);
  const all = Array.isArray(parsed) ? parsed : [parsed];
  return { status: response.status, answer: all[0], all };
}

async function call(method: string, params?: unknown): Promise<Answer> {
  return (await post({ jsonrpc: "2.0", id: 1, method, params })).answer;
}

async function get(path: string): Promise<{ status: number; answer: Answer; headers: Headers }> {
  const response = await fetch(`${node.url}/${path}`);
  return { status: response.status, answer: (await response.json()) as Answer, headers: response.headers };
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Commits a block as soon as a transaction waits for one. */
async function commitWhenWaiting(): Promise<void> {
  while (node.environment.mempool.count === 0) await sleep(5);
  await node.commit();
}

beforeAll(async () => {
  node = await startSampleNode();
  await node.commit();
  await call("broadcast_tx_sync", { tx: base64("tx0=value") });
  await call("broadcast_tx_sync", { tx: base64("async-key=value") });
  await node.commit({ events: [event("mint", { amount: "5" })] });
  for (let height = 3; height <= 12; height += 1) await node.commit();
});

afterAll(async () => {
  await node.stop();
});

/** What kind of thing stands at each path of a value; lists are described by their first entry. */
function shape(value: unknown, path = "$"): string[] {
  if (value === null) return [`${path}: null`];
  if (Array.isArray(value))
    return value.length === 0 ? [`${path}: list`] : [`${path}: list`, ...shape(value[0], `${path}[]`)];
  if (typeof value === "object") {
    return [
      `${path}: object`,
      ...Object.entries(value).flatMap(([key, inner]) => shape(inner, `${path}.${key}`)),
    ].sort();
  }
  if (typeof value !== "string") return [`${path}: ${typeof value}`];
  if (/^-?\d{1,15}$/.test(value)) return [`${path}: decimal text`];
  if (value === "" || /^[0-9A-F]+$/.test(value)) return [`${path}: hex or empty`];
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return [`${path}: time ${parseTime(value).nanos >= 0}`];
  return [`${path}: text`];
}

describeVectors("recorded CometBFT 0.38 requests are accepted and answered in the recorded shapes", () => {
  const folder = "rpc/kvstore_fixtures/v0_38";
  const names = vectorNames(`${folder}/outgoing`).filter((name) => !name.startsWith("subscribe"));

  /** Differences that follow from the content, not from the encoding. */
  const contentDiffers: Readonly<Record<string, readonly RegExp[]>> = {
    // The recorded node had run no transaction at height 10; neither has ours. Its kvstore gave no app hash then.
    "block_results_at_height_10.json": [/\.app_hash/],
    // Results of our sample carry gas and code; events have their own attributes.
    "tx_search_no_prove.json": [/\.proof/],
    "broadcast_tx_commit.json": [],
    "genesis.json": [/\.name/],
    "block_at_height_1.json": [/\.version\.app/],
    "block_at_height_10.json": [/\.version\.app/],
    "block_by_hash.json": [/\.version\.app/],
    "block_search.json": [/\.version\.app/, /\.data\.txs\[\]/],
    "tx_search_with_prove.json": [/\.aunts\[\]/],
    "blockchain_from_1_to_10.json": [/\.version\.app/],
    "commit_at_height_10.json": [/\.version\.app/],
    "abci_info.json": [/\.last_block_app_hash/, /\.data/],
    "consensus_state.json": [/(locked|proposal|valid)_block_hash/],
  };

  for (const name of names) {
    test(name, async () => {
      const request = vector<{ id: string; method: string; params: Record<string, unknown> | null }>(
        `${folder}/outgoing/${name}`,
      );
      const recorded = vector<Answer>(`${folder}/incoming/${name}`);
      let params = request.params;
      if (request.method === "block_by_hash") {
        const meta = node.environment.storage.blockMeta(10n);
        params = { hash: Buffer.from(meta?.blockId.hash ?? []).toString("base64") };
      }
      if (name === "broadcast_tx_async.json") params = { tx: base64("another-async-key=value") };
      if (request.method === "broadcast_tx_commit") await node.commit();
      const pending = post({ ...request, params });
      if (request.method === "broadcast_tx_commit") {
        await commitWhenWaiting();
      }
      const { answer } = await pending;
      expect(answer.id).toBe(request.id);
      const ignored = contentDiffers[name] ?? [];
      const relevant = (lines: string[]) =>
        lines
          .filter((line) => !ignored.some((pattern) => pattern.test(line)))
          .map((line) => line.replace(/time (true|false)/, "time"));
      expect(relevant(shape(answer))).toEqual(relevant(shape(recorded)));
      if (recorded.error !== undefined) expect(answer.error).toEqual(recorded.error);
    });
  }

  test("subscriptions are acknowledged, refused and served in the recorded shapes", async () => {
    const socket = new WebSocket(`${node.url.replace("http", "ws")}/websocket`);
    await new Promise((resolve) => socket.once("open", resolve));
    const received: Answer[] = [];
    socket.on("message", (data) => received.push(JSON.parse(String(data))));
    const outgoing = (name: string) =>
      vector<{ id: string; method: string; params: unknown }>(`${folder}/outgoing/${name}.json`);
    for (const name of ["subscribe_malformed", "subscribe_newblock", "subscribe_txs", "subscribe_txs_broadcast_tx_0"]) {
      socket.send(
        JSON.stringify(
          name === "subscribe_txs_broadcast_tx_0"
            ? { ...outgoing(name), params: { tx: base64("txsub=value") } }
            : outgoing(name),
        ),
      );
    }
    while (received.length < 4) await sleep(5);
    await node.commit();
    while (received.length < 6) await sleep(5);
    socket.close();
    const [malformed, newBlock, txs, broadcast, block, txEvent] = received;
    expect(malformed?.error).toEqual(vector<Answer>(`${folder}/incoming/subscribe_malformed.json`).error);
    expect([newBlock?.result, txs?.result]).toEqual([{}, {}]);
    expect(shape(broadcast)).toEqual(shape(vector(`${folder}/incoming/subscribe_txs_broadcast_tx_0.json`)));
    expect(block?.id).toBe(outgoing("subscribe_newblock").id);
    const strip = (lines: string[]) =>
      lines.filter((line) => !/version\.app|result_finalize_block|app\.|\.txs\[\]|"app|attributes|noindex/.test(line));
    expect(strip(shape(block))).toEqual(strip(shape(vector(`${folder}/incoming/subscribe_newblock_0.json`))));
    expect(txEvent?.id).toBe(outgoing("subscribe_txs").id);
    const recordedTx = vector<Answer>(`${folder}/incoming/subscribe_txs_0.json`);
    const only = (lines: string[]) => strip(lines).filter((line) => !/gas_(wanted|used)|\.events/.test(line));
    expect(only(shape(txEvent))).toEqual(only(shape(recordedTx)));
    expect(Object.keys(txEvent?.result.events)).toEqual(
      expect.arrayContaining(["tm.event", "tx.hash", "tx.height", "app.key"]),
    );
    expect(txEvent?.result.query).toBe("tm.event = 'Tx'");
  });
});

describeVectors("pages and envelopes are CometBFT's", () => {
  test("page numbers and sizes", async () => {
    const { chosenPage, chosenPerPage } = await import("../../../node/rpc/environment.ts");
    const vectors = vector<{
      pagination: {
        page: readonly (readonly [number, number, number, number, boolean])[];
        per_page: { cases: readonly (readonly [number | null, number])[] };
      };
    }>("rpc/jsonrpc_and_pagination.json").pagination;
    // In CometBFT's test a page of 0 stands for "not given" where it is accepted.
    for (const [total, perPage, page, result, refused] of vectors.page) {
      const given = page === 0 && !refused ? undefined : page;
      if (refused)
        expect(() => chosenPage(given, perPage, total), `${[total, perPage, page]}`).toThrow("page should be within");
      else expect(chosenPage(given, perPage, total)).toBe(result);
    }
    for (const [given, expected] of vectors.per_page.cases) expect(chosenPerPage(given ?? undefined)).toBe(expected);
  });

  test("ids come back as they were sent, and a boolean id is refused", async () => {
    const vectors = vector<{ jsonrpc: { id_json: readonly string[]; reject_id_json: readonly string[] } }>(
      "rpc/jsonrpc_and_pagination.json",
    ).jsonrpc;
    for (const id of vectors.id_json) {
      const { answer } = await post(`{"jsonrpc":"2.0","id":${id},"method":"health","params":{}}`);
      expect(answer).toEqual({ jsonrpc: "2.0", id: JSON.parse(id), result: {} });
      const unknown = await post(`{"jsonrpc":"2.0","id":${id},"method":"nothing","params":{}}`);
      expect(unknown.answer).toEqual({
        jsonrpc: "2.0",
        id: JSON.parse(id),
        error: { code: -32601, message: "Method not found" },
      });
    }
    for (const id of vectors.reject_id_json) {
      const { status, answer } = await post(`{"jsonrpc":"2.0","id":${id},"method":"health"}`);
      expect([status, answer.error?.code, answer.error?.message]).toEqual([500, -32700, "Parse error. Invalid JSON"]);
    }
  });
});

describe("errors have CometBFT's codes and texts", () => {
  const cases: readonly (readonly [string, unknown, number, string | RegExp])[] = [
    ["block", { height: "99" }, -32603, /^height 99 must be less than or equal to the current blockchain height \d+$/],
    ["block", { height: "-1" }, -32603, "height must be greater than 0, but got -1"],
    ["block", { height: 5 }, -32602, /invalid 64-bit integer encoding "5", expected string/],
    ["block", { height: "9223372036854775808" }, -32602, /out of range/],
    ["block", { height: "1e3" }, -32602, /cannot read/],
    ["block", ["1", "2"], -32602, /expected 1 parameters \(\[height\]\), got 2/],
    ["block", "1", -32602, /unknown type for JSON params/],
    [
      "tx",
      { hash: base64("nothing") },
      -32603,
      `tx (${Buffer.from("nothing").toString("hex").toUpperCase()}) not found`,
    ],
    ["tx", { hash: "%%%" }, -32602, /cannot read/],
    ["tx_search", { query: "tx.height > 0", page: "99" }, -32603, /^page should be within \[1, 1\] range, given 99$/],
    [
      "tx_search",
      { query: "tx.height > 0", order_by: "sideways" },
      -32603,
      "expected order_by to be either `asc` or `desc` or empty",
    ],
    ["tx_search", { query: "x".repeat(513) }, -32603, "maximum query length exceeded"],
    ["validators", { page: "2" }, -32603, "page should be within [1, 1] range, given 2"],
    ["blockchain", { minHeight: "-1", maxHeight: "1" }, -32603, "heights must be non-negative"],
    ["blockchain", { minHeight: "5", maxHeight: "4" }, -32603, "min height 5 can't be greater than max height 4"],
    [
      "broadcast_tx_sync",
      { tx: base64(`k=${"v".repeat(10_000)}`) },
      -32603,
      "Tx too large. Max size is 10000, but got 10002",
    ],
    ["broadcast_tx_sync", { tx: base64("tx0=value") }, -32603, "tx already exists in cache"],
    ["genesis_chunked", { chunk: "1" }, -32603, "there are 0 chunks, 1 is invalid"],
    ["subscribe", { query: "tm.event='Tx'" }, -32601, ""],
  ];
  for (const [method, params, code, data] of cases) {
    test(`${method} ${JSON.stringify(params).slice(0, 60)}`, async () => {
      const { error } = await call(method, params);
      expect(error?.code).toBe(code);
      if (typeof data === "string") expect(error?.data ?? "").toBe(data);
      else expect(error?.data).toMatch(data);
    });
  }

  test("an answer is given per request of a batch, none to notifications, and too large a batch is refused", async () => {
    const { all } = await post([
      { jsonrpc: "2.0", id: 1, method: "health" },
      { jsonrpc: "2.0", method: "health" },
      { jsonrpc: "2.0", id: "b", method: "nothing" },
    ]);
    expect(all.map(({ id, error }) => [id, error?.code])).toEqual([
      [1, undefined],
      ["b", -32601],
    ]);
    const large = await post(Array.from({ length: 11 }, (_, id) => ({ jsonrpc: "2.0", id, method: "health" })));
    expect(large.answer.error).toEqual({
      code: -32600,
      message: "Invalid Request",
      data: "batch request exceeds maximum (10) allowed number of requests",
    });
    expect((await post({ jsonrpc: "2.0", method: "health" })).all).toEqual([]);
  });
});

describe("GET, POST and WebSocket give the same", () => {
  const requests: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ["status", {}, "status"],
    ["block", { height: "3" }, "block?height=3"],
    ["block", { height: "3" }, 'block?height="3"'],
    ["block_results", { height: "2" }, "block_results?height=2"],
    ["validators", { height: "5", page: "1", per_page: "1" }, "validators?height=5&page=1&per_page=1"],
    [
      "tx_search",
      { query: "app.key='tx0'", prove: true },
      `tx_search?query=${encodeURIComponent(`"app.key='tx0'"`)}&prove=true`,
    ],
    ["abci_query", { data: Buffer.from("tx0").toString("hex") }, "abci_query?data=0x747830"],
    ["abci_query", { data: Buffer.from("tx0").toString("hex") }, 'abci_query?data="tx0"'],
    ["block_search", { query: "mint.amount > 1" }, `block_search?query="${encodeURIComponent("mint.amount > 1")}"`],
    ["consensus_params", {}, "consensus_params"],
    ["header", { height: "4" }, "header?height=4"],
    ["genesis", {}, "genesis"],
    ["net_info", {}, "net_info"],
    ["dump_consensus_state", {}, "dump_consensus_state"],
  ];

  test("for every kind of parameter", async () => {
    const socket = new WebSocket(`${node.url.replace("http", "ws")}/websocket`);
    await new Promise((resolve) => socket.once("open", resolve));
    for (const [method, params, path] of requests) {
      const byPost = await call(method, params);
      expect(byPost.error, path).toBeUndefined();
      const byGet = await get(path);
      expect([byGet.status, byGet.answer.id]).toEqual([200, -1]);
      expect(byGet.answer.result, path).toEqual(byPost.result);
      const reply = new Promise<Answer>((resolve) =>
        socket.once("message", (data) => resolve(JSON.parse(String(data)))),
      );
      socket.send(JSON.stringify({ jsonrpc: "2.0", id: "ws", method, params }));
      expect((await reply).result, path).toEqual(byPost.result);
    }
    socket.close();
  });

  test("URI arguments that cannot be read are refused as CometBFT refuses them", async () => {
    for (const path of [
      "block?height=abc",
      "block?height=0x10",
      "abci_query?data=0xz",
      "tx_search?query=tx.height=5",
      "tx?prove=maybe",
    ]) {
      const { status, answer } = await get(path);
      expect([status, answer.error?.code], path).toEqual([500, -32602]);
      expect(answer.error?.data).toMatch(/^error converting http params to arguments: /);
    }
  });

  test("what never changes may be cached, what may change not", async () => {
    expect((await get("block?height=3")).headers.get("cache-control")).toBe("public, max-age=86400");
    expect((await get("block")).headers.get("cache-control")).toBeNull();
    expect((await get("status")).headers.get("cache-control")).toBeNull();
    expect((await get("block?height=999")).headers.get("cache-control")).toBeNull();
  });

  test("the root lists every method and unknown paths are 404", async () => {
    const page = await (await fetch(node.url)).text();
    for (const name of ["/status", "/block?height=_", "/tx_search?query=_&prove=_&page=_&per_page=_&order_by=_"]) {
      expect(page).toContain(name);
    }
    expect(page).not.toContain("subscribe");
    expect((await fetch(`${node.url}/nothing`)).status).toBe(404);
    expect((await fetch(`${node.url}/subscribe`)).status).toBe(404);
  });
});

test("CosmJS's Comet38Client understands every answer it asks for", async () => {
  const client = await Comet38Client.connect(node.url);
  expect((await client.status()).nodeInfo.network).toBe("dockerchain");
  expect((await client.abciInfo()).lastBlockHeight).toBeGreaterThan(0);
  const query = await client.abciQuery({ path: "/store", data: tx("tx0") });
  expect(Buffer.from(query.value).toString()).toBe("value");
  expect((await client.block(2)).block.txs).toHaveLength(2);
  expect((await client.block(1)).block.lastCommit?.signatures ?? []).toEqual([]);
  expect((await client.blockResults(2)).results).toHaveLength(2);
  expect((await client.blockSearch({ query: "mint.amount = 5" })).totalCount).toBe(1);
  expect((await client.blockSearchAll({ query: "block.height >= 1" })).totalCount).toBeGreaterThan(10);
  expect((await client.blockchain(1, 5)).blockMetas).toHaveLength(5);
  const sync = await client.broadcastTxSync({ tx: tx("cosm=js") });
  expect(sync.code).toBe(0);
  await client.broadcastTxAsync({ tx: tx("cosm2=js") });
  expect((await client.numUnconfirmedTxs()).total).toBeGreaterThanOrEqual(2);
  await node.commit();
  const pending = client.broadcastTxCommit({ tx: tx("cosm3=js") });
  await commitWhenWaiting();
  expect((await pending).height).toBeGreaterThan(0);
  const refused = await client.broadcastTxCommit({ tx: tx("not a pair") });
  expect([refused.checkTx.code, refused.height]).toEqual([1, 0]);
  expect((await client.commit(3)).canonical).toBe(true);
  expect((await client.commit()).canonical).toBe(false);
  expect((await client.genesis()).chainId).toBe("dockerchain");
  expect(await client.health()).toBeNull();
  const found = await client.tx({ hash: sync.hash, prove: true });
  expect(found.proof?.data).toEqual(tx("cosm=js"));
  expect((await client.txSearch({ query: "app.key = 'cosm'", prove: true })).txs).toHaveLength(1);
  expect((await client.txSearchAll({ query: "tx.height > 0" })).totalCount).toBeGreaterThan(3);
  expect((await client.validators({ height: 3 })).validators).toHaveLength(1);
  expect((await client.validatorsAll(3)).total).toBe(1);
  client.disconnect();
});

test("broadcast_tx_commit gives up after its time with CometBFT's text, and the transaction still waits", async () => {
  const { error } = await call("broadcast_tx_commit", { tx: base64("late=value") });
  expect(error).toMatchObject({ code: -32603, data: "timed out waiting for tx to be included in a block" });
  expect((await call("unconfirmed_txs")).result.txs).toContain(base64("late=value"));
  await node.commit();
});

test("CosmJS's subscriptions deliver blocks, headers and transactions", async () => {
  const client = await Comet38Client.connect(node.url.replace("http", "ws"));
  const seen: string[] = [];
  const stop = [
    client.subscribeNewBlock().subscribe({ next: (block) => seen.push(`block ${block.header.height}`) }),
    client.subscribeNewBlockHeader().subscribe({ next: (header) => seen.push(`header ${header.height}`) }),
    client.subscribeTx("app.key = 'watched'").subscribe({ next: (one) => seen.push(`tx ${one.height}`) }),
  ];
  await sleep(100);
  await client.broadcastTxSync({ tx: tx("watched=1") });
  await client.broadcastTxSync({ tx: tx("unwatched=1") });
  const { block } = await node.commit();
  for (let waited = 0; seen.length < 3 && waited < 200; waited += 1) await sleep(10);
  for (const one of stop) one.unsubscribe();
  const { height } = block.header;
  expect([...seen].sort()).toEqual([`block ${height}`, `header ${height}`, `tx ${height}`]);
  client.disconnect();
});

describe("limits", () => {
  test("a body above the limit is refused, whether announced or not", async () => {
    const large = "x".repeat(1_000_001);
    const response = await fetch(node.url, { method: "POST", body: large });
    expect(response.status).toBe(400);
    expect(((await response.json()) as Answer).error).toEqual({
      code: -32600,
      message: "Invalid Request",
      data: "error reading request body: http: request body too large",
    });
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    });
    const chunked = fetch(node.url, { method: "POST", body: stream, duplex: "half" } as RequestInit);
    expect(
      await chunked.then(
        (one) => one.status,
        () => "cut off",
      ),
    ).toSatisfy((outcome) => outcome === 400 || outcome === "cut off");
    expect((await call("health")).result).toEqual({});
  });

  test("deep JSON is an error, not a crash", async () => {
    const { answer } = await post(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    expect(answer.error?.code).toBe(-32700);
    const params = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    const deep = await post(`{"jsonrpc":"2.0","id":1,"method":"block","params":${params}}`);
    expect(deep.answer.result ?? deep.answer.error).toBeDefined();
    expect((await call("health")).result).toEqual({});
  });

  test("deep JSON over a WebSocket, as parameter, list or id, is an error, not a crash", async () => {
    const socket = new WebSocket(`${node.url.replace("http", "ws")}/websocket`);
    await new Promise((resolve) => socket.once("open", resolve));
    const answers: Answer[] = [];
    socket.on("message", (data) => answers.push(JSON.parse(String(data))));
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    socket.send(`{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"query":${deep}}}`);
    socket.send(`{"jsonrpc":"2.0","id":2,"method":"block","params":{"height":${deep}}}`);
    socket.send(`{"jsonrpc":"2.0","id":3,"method":"block","params":[1,${deep}]}`);
    socket.send(`{"jsonrpc":"2.0","id":${deep},"method":"health"}`);
    socket.send('{"jsonrpc":"2.0","id":{"toString":1},"method":"health"}');
    socket.send('{"jsonrpc":"2.0","id":6,"method":"health"}');
    while (answers.length < 6) await sleep(5);
    socket.close();
    expect(answers.map(({ error }) => error?.code)).toEqual([-32700, -32700, -32700, -32700, -32700, undefined]);
  });

  test("paths that are no URL by themselves are not found, a whole URL is its path", async () => {
    const { hostname, port } = new URL(node.url);
    const statusOf = async (target: string) => {
      const socket = connect(Number(port), hostname);
      let answer = "";
      socket.on("data", (data) => {
        answer += String(data);
      });
      socket.write(`GET ${target} HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n`);
      await new Promise((resolve) => socket.once("close", resolve));
      return answer.slice(9, 12);
    };
    const targets = ["//", "//x:99999999/", "///\\", "*", "http://[/", "http://node/health", "/health?x=%zz"];
    const statuses: string[] = [];
    for (const target of targets) statuses.push(await statusOf(target));
    expect(statuses).toEqual(["404", "404", "404", "404", "404", "200", "200"]);
  });

  test("clients that ask for an upgrade and reset the connection end nothing but that", async () => {
    const { hostname, port } = new URL(node.url);
    const upgrade =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
    for (let round = 0; round < 100; round += 1) {
      const path = round % 2 === 0 ? "/other" : "/websocket";
      const socket = connect(Number(port), hostname);
      await new Promise<void>((resolve) => {
        socket.once("error", () => resolve());
        socket.once("close", () => resolve());
        socket.write(`GET ${path} HTTP/1.1\r\nHost: node\r\n${upgrade}\r\n\r\n`, () => socket.resetAndDestroy());
      });
    }
    // The runner reports an uncaught error as a failure of this file.
    expect((await call("health")).result).toEqual({});
  });

  test("one client has five subscriptions, and the same one only once", async () => {
    const socket = new WebSocket(`${node.url.replace("http", "ws")}/websocket`);
    await new Promise((resolve) => socket.once("open", resolve));
    const answers: Answer[] = [];
    socket.on("message", (data) => answers.push(JSON.parse(String(data))));
    const ask = (id: number, method: string, query?: string) =>
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params: query === undefined ? {} : { query } }));
    for (let index = 0; index < 6; index += 1) ask(index, "subscribe", `tm.event='Tx' AND tx.height=${1_000 + index}`);
    ask(6, "unsubscribe", "tm.event = 'Tx' AND tx.height = 1000");
    ask(7, "subscribe", "tm.event='Tx' AND tx.height=1001");
    ask(8, "unsubscribe", "tm.event='Tx' AND tx.height=5");
    ask(9, "unsubscribe_all");
    ask(10, "unsubscribe_all");
    while (answers.length < 11) await sleep(5);
    socket.close();
    expect(answers.map(({ error }) => error?.data ?? "")).toEqual([
      "",
      "",
      "",
      "",
      "",
      "max_subscriptions_per_client 5 reached",
      "",
      "already subscribed",
      "subscription not found",
      "",
      "subscription not found",
    ]);
  });

  test("a client that sends its headers too slowly is cut off", async () => {
    const quick = await startSampleNode({ requestTimeoutMs: 300 });
    const socket = connect(Number(new URL(quick.url).port), "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: x\r\n");
    const drip = setInterval(() => socket.write("X-Slow: 1\r\n"), 100);
    const ended = new Promise((resolve) => {
      for (const name of ["close", "error", "end"]) socket.once(name, () => resolve("cut off"));
    });
    expect(await Promise.race([ended, sleep(10_000)])).toBe("cut off");
    clearInterval(drip);
    socket.destroy();
    await quick.stop();
  });
});

test("pages of allowed origins may call, others get no leave, and a preflight is answered", async () => {
  const open = await startSampleNode({ corsAllowedOrigins: ["https://wallet.example"] });
  const ask = (origin: string, init: RequestInit = {}) => fetch(`${open.url}/health`, { ...init, headers: { origin } });
  const allowed = await ask("https://wallet.example");
  expect(allowed.headers.get("access-control-allow-origin")).toBe("https://wallet.example");
  expect((await ask("https://other.example")).headers.get("access-control-allow-origin")).toBeNull();
  const preflight = await ask("https://wallet.example", { method: "OPTIONS" });
  expect([preflight.status, preflight.headers.get("access-control-allow-methods")]).toEqual([204, "HEAD, GET, POST"]);
  await open.stop();
  const closed = await fetch(`${node.url}/health`, { headers: { origin: "https://wallet.example" } });
  expect(closed.headers.get("access-control-allow-origin")).toBeNull();
});

test("more connections than allowed are turned away, and those that are in go on", async () => {
  const small = await startSampleNode({ maximumOpenConnections: 3 });
  const port = Number(new URL(small.url).port);
  const sockets = Array.from({ length: 10 }, () => connect(port, "127.0.0.1"));
  const ended = sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
  for (const socket of sockets) socket.on("error", () => undefined);
  let away = 0;
  for (const end of ended) {
    void end.then(() => {
      away += 1;
    });
  }
  for (let waited = 0; away < 7 && waited < 500; waited += 1) await sleep(10);
  expect(away).toBe(7);
  const alive = sockets.find((socket) => !socket.destroyed);
  const reply = new Promise<string>((resolve) => alive?.once("data", (data) => resolve(String(data))));
  alive?.write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(await reply).toContain("200 OK");
  for (const socket of sockets) socket.destroy();
  await small.stop();
});

test("who asks for much and reads nothing is cut off", async () => {
  const strict = await startSampleNode({ idleTimeoutMs: 300 });
  const socket = connect(Number(new URL(strict.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  const closed = new Promise((resolve) => socket.once("close", () => resolve("cut off")));
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.pause();
  // Thousands of answers of some hundred bytes: more than the system's buffers hold.
  for (let index = 0; index < 20_000; index += 1) socket.write("GET /status HTTP/1.1\r\nHost: x\r\n\r\n");
  await sleep(2_000);
  socket.resume();
  expect(await Promise.race([closed, sleep(10_000)])).toBe("cut off");
  expect((await fetch(`${strict.url}/health`)).status).toBe(200);
  await strict.stop();
});

test("no input makes the server fail: random bodies, methods, parameters and paths get an answer", async () => {
  const names = [
    "block",
    "tx",
    "tx_search",
    "abci_query",
    "broadcast_tx_sync",
    "validators",
    "subscribe",
    "status",
    "blockchain",
    "check_tx",
    "unconfirmed_txs",
    "block_search",
    "commit",
  ];
  const parameter = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt().map(String),
    fc.array(fc.string(), { maxLength: 3 }),
    fc.object({ maxDepth: 2 }),
  );
  const keys = fc.constantFrom(
    "height",
    "hash",
    "query",
    "page",
    "per_page",
    "order_by",
    "tx",
    "data",
    "path",
    "prove",
    "minHeight",
    "maxHeight",
    "limit",
    "__proto__",
    "constructor",
  );
  const request = fc.record({
    jsonrpc: fc.constant("2.0"),
    id: fc.oneof(fc.integer(), fc.string()),
    method: fc.oneof(fc.constantFrom(...names), fc.string()),
    params: fc.oneof(fc.dictionary(keys, parameter), fc.array(parameter, { maxLength: 5 }), parameter),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        request.map((one) => JSON.stringify(one)),
        fc.json(),
        fc.string(),
      ),
      async (body) => {
        const response = await fetch(node.url, { method: "POST", body });
        expect([200, 500]).toContain(response.status);
        await response.arrayBuffer();
      },
    ),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.dictionary(keys, fc.string(), { maxKeys: 4 }),
      async (name, query) => {
        const response = await fetch(`${node.url}/${name}?${new URLSearchParams(query)}`);
        expect([200, 404, 500]).toContain(response.status);
        await response.arrayBuffer();
      },
    ),
    { numRuns: 200 },
  );
  expect((await call("health")).result).toEqual({});
});
