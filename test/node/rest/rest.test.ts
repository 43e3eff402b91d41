import { toBech32 } from "@cosmjs/encoding";
import { SigningStargateClient } from "@cosmjs/stargate";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningNode } from "../../../node/main.ts";
import { collectRoutes, findRoute } from "../../../node/rest/routes.ts";
import { type ChainHome, chainHome, FUNDS, wallet } from "../../e2e/chain-home.ts";
import { startIn } from "../../e2e/nodes.ts";

let home: ChainHome;
let node: RunningNode;
let alice = "";
let bob = "";
let sent: { hash: string; height: number; txBytes: string };

// biome-ignore lint/suspicious/noExplicitAny: the tests look at answers of every shape
type Body = any;

async function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Body; headers: Headers }> {
  const response = await fetch(`${node.restUrl}${path}`, { headers });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

async function post(path: string, body: unknown): Promise<{ status: number; body: Body }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${node.restUrl}${path}`, { method: "POST", body: text });
  return { status: response.status, body: await response.json() };
}

beforeAll(async () => {
  home = await chainHome({ peerAddress: "" });
  node = await startIn(home);
  [, alice = "", bob = ""] = home.addresses;
  const client = await SigningStargateClient.connectWithSigner(node.rpcUrl, await wallet(), {
    broadcastPollIntervalMs: 20,
  });
  const fee = { amount: [{ denom: "uopen", amount: "500" }], gas: "200000" };
  const result = await client.sendTokens(alice, bob, [{ denom: "uopen", amount: "42" }], fee, "for REST");
  const committed = await client.getTx(result.transactionHash);
  sent = {
    hash: result.transactionHash,
    height: result.height,
    txBytes: Buffer.from(committed?.tx ?? []).toString("base64"),
  };
  client.disconnect();
});

afterAll(async () => {
  await node.stop();
  home.remove();
});

describe("what Keplr and ping.pub ask", () => {
  test("the node says who it is, with the versions that clients choose by", async () => {
    const { status, body } = await get("/cosmos/base/tendermint/v1beta1/node_info");
    expect(status).toBe(200);
    expect(body.default_node_info).toMatchObject({
      network: "e2e-1",
      version: expect.stringMatching(/^0\.38\./),
      other: { tx_index: "on" },
    });
    const versions = new Map(body.application_version.build_deps.map((one: Body) => [one.path, one.version]));
    expect(versions.get("github.com/cosmos/cosmos-sdk")).toMatch(/^v0\.53\.\d+$/);
    expect(versions.get("github.com/cosmos/ibc-go/v10")).toMatch(/^v10\.\d+\.\d+$/);
    expect(versions.get("github.com/cometbft/cometbft")).toMatch(/^v0\.38\.\d+$/);
    expect(body.application_version.cosmos_sdk_version).toMatch(/^v0\.53\./);
  });

  test("which messages may stand for an interface", async () => {
    const path = "/cosmos/base/reflection/v1beta1/interfaces";
    const { body } = await get(path);
    expect(body.interface_names).toEqual(expect.arrayContaining(["cosmos.base.v1beta1.Msg", "cosmos.crypto.PubKey"]));
    const messages = await get(`${path}/cosmos.base.v1beta1.Msg/implementations`);
    expect(messages.body.implementation_message_names).toEqual(
      expect.arrayContaining(["/cosmos.bank.v1beta1.MsgSend", "/tributary.datanet.v1.MsgContribute"]),
    );
    const unknown = await get(`${path}/no.such.Interface/implementations`);
    expect([unknown.status, unknown.body]).toEqual([200, { implementation_message_names: [] }]);
  });

  test("accounts and balances, and their absence", async () => {
    const account = await get(`/cosmos/auth/v1beta1/accounts/${alice}`);
    expect(account.body.account).toMatchObject({
      "@type": "/cosmos.auth.v1beta1.BaseAccount",
      address: alice,
      sequence: "1",
    });
    const balances = await get(`/cosmos/bank/v1beta1/balances/${bob}?pagination.limit=1000&unknown=1`);
    expect(balances.body).toEqual({
      balances: [{ denom: "uopen", amount: (FUNDS + 42n).toString() }],
      // As in the SDK: with a limit of its own, a request gets a total only if it asks for one.
      pagination: { next_key: null, total: "0" },
    });
    const missing = await get(`/cosmos/auth/v1beta1/accounts/${toBech32("trib", new Uint8Array(20).fill(7))}`);
    expect([missing.status, missing.body.code]).toEqual([404, 5]);
    const invalid = await get("/cosmos/bank/v1beta1/spendable_balances/test");
    expect([invalid.status, invalid.body.code, invalid.body.details]).toEqual([400, 3, []]);
  });

  test("paths nobody serves are 501, as are methods on paths that have another", async () => {
    for (const path of [
      "/nothing",
      "/feemarket/v1/params",
      "/ibc/apps/transfer/v1/params",
      "/cosmos/auth/v1beta1/accounts/a/b/c",
    ]) {
      expect(await get(path)).toMatchObject({
        status: 501,
        body: { code: 12, message: "Not Implemented", details: [] },
      });
    }
    expect((await post("/cosmos/bank/v1beta1/params", {})).status).toBe(501);
  });

  test("blocks, by latest and by height, with the proposer as bech32 in sdk_block", async () => {
    const latest = await get("/cosmos/base/tendermint/v1beta1/blocks/latest");
    expect(Number(latest.body.block.header.height)).toBeGreaterThanOrEqual(sent.height);
    const { body } = await get(`/cosmos/base/tendermint/v1beta1/blocks/${sent.height}`);
    expect(body.block.header.height).toBe(String(sent.height));
    expect(body.block.data.txs).toEqual([sent.txBytes]);
    expect(body.sdk_block.header.proposer_address).toMatch(/^tribvalcons1/);
    expect(body.block.last_commit.signatures[0].block_id_flag).toBe("BLOCK_ID_FLAG_COMMIT");
    const future = await get("/cosmos/base/tendermint/v1beta1/blocks/99999999");
    expect([future.status, future.body.code]).toEqual([400, 3]);
    expect((await get("/cosmos/base/tendermint/v1beta1/blocks/abc")).status).toBe(400);
    const set = await get("/cosmos/base/tendermint/v1beta1/validatorsets/latest");
    expect(set.body.validators).toHaveLength(1);
    expect(set.body.validators[0].pub_key["@type"]).toBe("/cosmos.crypto.ed25519.PubKey");
    expect((await get("/cosmos/base/tendermint/v1beta1/syncing")).body).toEqual({ syncing: false });
  });

  test("transactions, by hash and by events, in the SDK's shape", async () => {
    const { body } = await get(`/cosmos/tx/v1beta1/txs/${sent.hash}`);
    expect(body.tx.body).toMatchObject({ memo: "for REST", messages: [{ "@type": "/cosmos.bank.v1beta1.MsgSend" }] });
    expect(body.tx_response).toMatchObject({ txhash: sent.hash, height: String(sent.height), code: 0, logs: [] });
    expect(body.tx_response.tx["@type"]).toBe("/cosmos.tx.v1beta1.Tx");
    expect(body.tx_response.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    // ping.pub repeats a scalar and sends enums as numbers.
    const query = encodeURIComponent(`transfer.sender='${alice}'`);
    const list = await get(
      `/cosmos/tx/v1beta1/txs?query=${query}&order_by=2&order_by=ORDER_BY_DESC&status={status}&page=1&limit=5`,
    );
    expect(list.body.total).toBe("1");
    expect(list.body.tx_responses[0].txhash).toBe(sent.hash);
    const old = await get(`/cosmos/tx/v1beta1/txs?events=${encodeURIComponent(`transfer.recipient='${bob}'`)}`);
    expect(old.body.tx_responses).toHaveLength(1);
    expect((await get(`/cosmos/tx/v1beta1/txs/${"0".repeat(64)}`)).status).toBe(404);
    expect((await get("/cosmos/tx/v1beta1/txs/zz")).status).toBe(400);
    expect((await get("/cosmos/tx/v1beta1/txs")).status).toBe(400);
  });

  test("a block with its transactions taken apart, in pages", async () => {
    const { body } = await get(`/cosmos/tx/v1beta1/txs/block/${sent.height}`);
    expect(body.block.data.txs).toEqual([sent.txBytes]);
    expect(body.txs.map((tx: Body) => tx.body.memo)).toEqual(["for REST"]);
    expect(body.pagination.total).toBe("1");
    const blockId = (await get(`/cosmos/base/tendermint/v1beta1/blocks/${sent.height}`)).body.block_id;
    expect(body.block_id).toEqual(blockId);
    const beyond = await get(`/cosmos/tx/v1beta1/txs/block/${sent.height}?pagination.offset=1&pagination.limit=5`);
    expect(beyond.body.message).toContain("out of range: cannot paginate 1 txs with offset 1 and limit 5");
    const future = await get("/cosmos/tx/v1beta1/txs/block/99999999");
    expect(future.body.message).toContain("requested height 99999999 but height must not be less than 1");
  });

  test("a past height is asked for by header, and the answer says its height", async () => {
    const before = await get(`/cosmos/bank/v1beta1/balances/${bob}`, {
      "x-cosmos-block-height": String(sent.height - 1),
    });
    expect(before.body.balances).toEqual([{ denom: "uopen", amount: FUNDS.toString() }]);
    expect(before.headers.get("x-cosmos-block-height")).toBe(String(sent.height - 1));
    const future = await get(`/cosmos/bank/v1beta1/balances/${bob}`, { "x-cosmos-block-height": "99999999" });
    expect(future.status).toBe(400);
  });
});

describe("sending over REST", () => {
  test("the same bytes again are refused with the SDK's code for known transactions", async () => {
    const { status, body } = await post("/cosmos/tx/v1beta1/txs", {
      tx_bytes: sent.txBytes,
      mode: "BROADCAST_MODE_SYNC",
    });
    expect([status, body.tx_response.code, body.tx_response.codespace]).toEqual([200, 19, "sdk"]);
    expect(body.tx_response.txhash).toBe(sent.hash);
  });

  test("what is no transaction is answered with the code CheckTx gives", async () => {
    const { body } = await post("/cosmos/tx/v1beta1/txs", { tx_bytes: "AAAA", mode: "BROADCAST_MODE_SYNC" });
    expect([body.tx_response.code, body.tx_response.codespace]).toEqual([2, "sdk"]);
    expect((await post("/cosmos/tx/v1beta1/txs", { tx_bytes: "", mode: "BROADCAST_MODE_SYNC" })).status).toBe(400);
    expect((await post("/cosmos/tx/v1beta1/txs", { tx_bytes: "AAAA" })).status).toBe(400);
    expect((await post("/cosmos/tx/v1beta1/txs", "{")).body).toEqual({
      code: 3,
      message: "the body is not JSON",
      details: [],
    });
    expect((await post("/cosmos/tx/v1beta1/txs", { tx_bytes: 5 })).status).toBe(400);
  });

  test("a transaction is simulated and taken apart", async () => {
    const simulated = await post("/cosmos/tx/v1beta1/simulate", { tx_bytes: sent.txBytes });
    // The bytes were committed, so their sequence is behind: the text is what relayers look for.
    expect(simulated.body.message).toContain("account sequence mismatch");
    const decoded = await post("/cosmos/tx/v1beta1/decode", { tx_bytes: sent.txBytes });
    expect(decoded.body.tx.body.memo).toBe("for REST");
    const encoded = await post("/cosmos/tx/v1beta1/encode", decoded.body);
    expect(encoded.body.tx_bytes).toBe(sent.txBytes);
  });
});

test("routes prefer fixed words, bind the rest of a path, and refuse broken escapes", () => {
  const routes = collectRoutes(() => true);
  const bound = (path: string) => {
    const match = findRoute(routes, "GET", path);
    return match === undefined ? undefined : [match.route.grpcPath, Object.fromEntries(match.bound)];
  };
  expect(bound("/cosmos/base/tendermint/v1beta1/blocks/latest")?.[0]).toBe(
    "/cosmos.base.tendermint.v1beta1.Service/GetLatestBlock",
  );
  expect(bound("/cosmos/bank/v1beta1/denom_owners/factory%2Fabc/uatom")?.[1]).toEqual({ denom: "factory/abc/uatom" });
  expect(bound("/cosmos/bank/v1beta1/balances/a%20b")?.[1]).toEqual({ address: "a b" });
  expect(bound("/cosmos/bank/v1beta1/balances/%zz")).toBeUndefined();
  expect(bound("/cosmos/bank/v1beta1/balances/")).toBeUndefined();
});

test("heights, pages, searches and bodies beyond every bound are refused or lowered in one answer", async () => {
  for (const height of [2n ** 63n, 2n ** 64n]) {
    const { status, body } = await get("/cosmos/bank/v1beta1/params", { "x-cosmos-block-height": String(height) });
    expect([status, body.code]).toEqual([400, 3]);
    expect((await get(`/cosmos/base/tendermint/v1beta1/blocks/${height}`)).status).toBe(400);
  }
  const huge = await get(`/cosmos/bank/v1beta1/balances/${alice}?pagination.limit=1000000000`);
  expect([huge.status, huge.body.balances.length]).toEqual([200, 1]);
  expect((await get(`/cosmos/bank/v1beta1/balances/${alice}?pagination.limit=${2n ** 64n}`)).status).toBe(400);
  const query = encodeURIComponent(Array(1_000).fill("a=1").join(" AND "));
  const search = await get(`/cosmos/tx/v1beta1/txs?query=${query}`);
  expect([search.status, search.body.message]).toEqual([400, expect.stringMatching(/query length|URL is too long/)]);
  expect((await post("/cosmos/tx/v1beta1/txs", "[".repeat(100_000))).status).toBe(400);
  expect((await post("/cosmos/tx/v1beta1/txs", " ".repeat(1_000_001))).status).toBe(413);
});

test("no request makes the server fail: random paths, parameters and bodies get a JSON answer", async () => {
  const templates = collectRoutes(() => true).map((route) => route.http.path);
  const word = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom("0", "-1", "99999999999999999999", "__proto__", "constructor", "%00"),
  );
  const key = fc.constantFrom(
    "pagination.limit",
    "pagination.key",
    "pagination",
    "height",
    "order_by",
    "status",
    "denom",
    "__proto__.x",
    "a.b.c.d.e.f",
    "query",
  );
  const path = fc
    .tuple(fc.constantFrom(...templates), word)
    .map(([template, value]) => template.replace(/\{[^}]+\}/g, () => encodeURIComponent(value)));
  await fc.assert(
    fc.asyncProperty(path, fc.dictionary(key, fc.string()), async (target, query) => {
      const response = await fetch(`${node.restUrl}${target}?${new URLSearchParams(query)}`);
      const body = (await response.json()) as Body;
      if (response.status !== 200)
        expect(body).toMatchObject({ code: expect.any(Number), message: expect.any(String), details: [] });
      // 13 would be a bug; 2 is what the SDK gives for errors without a code of their own.
      expect(body.code ?? 0).not.toBe(13);
    }),
    { numRuns: 200 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(
        "/cosmos/tx/v1beta1/txs",
        "/cosmos/tx/v1beta1/simulate",
        "/cosmos/tx/v1beta1/decode",
        "/cosmos/tx/v1beta1/encode",
      ),
      fc.oneof(fc.json(), fc.string()),
      async (target, body) => {
        const answer = await post(target, body);
        expect(answer.body.code ?? 0).not.toBe(13);
      },
    ),
    { numRuns: 100 },
  );
});
