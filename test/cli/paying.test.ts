// Uses paid in a creator's token, from a shell and with CosmJS, on a chain of one validator: access to a private datanet in
// one transaction, and training by the command that follows from the message.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ChainSession, type Party } from "../../attribution/chain-session.ts";
import { AddressCodec } from "../../chain/types/address.ts";
import { openKeyring } from "../../cli/keys/keyring.ts";
import { nativeMessage } from "../../client/registry.ts";
import { recordInputOf } from "../../modules/datanet/record-input.ts";
import type { RunningNode } from "../../node/main.ts";
import { utf8 } from "../../proto/bytes.ts";
import { UseKind } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { type ChainHome, chainHome } from "../e2e/chain-home.ts";
import { startIn, until } from "../e2e/nodes.ts";
import { accountOf } from "../support/chain-harness.ts";
import { run, temporaryHome } from "./harness.ts";

const PRICE = 70_000n;
let chain: ChainHome;
let node: RunningNode;
let session: ChainSession;
let owner: Party;
let denom = "";
const addresses = new AddressCodec("trib");
const ivan = addresses.account(accountOf("ivan").bytes);

/** Sends by a command of ivan's and waits for the block. Gives the transaction's messages. */
async function sent(...words: string[]): Promise<readonly object[]> {
  const flags = [
    "--from",
    "ivan",
    "--home",
    chain.path,
    "--node",
    node.rpcUrl.replace("http", "tcp"),
    "--yes",
    "-o",
    "json",
  ];
  const outcome = await run([...words, ...flags, "--gas", "1000000"], { env: { TRIBUTARYD_CHAIN_ID: chain.chainId } });
  expect(outcome.code, outcome.stderr).toBe(0);
  const { txhash } = JSON.parse(outcome.stdout) as { txhash: string };
  const query = ["query", "tx", txhash, "--node", node.rpcUrl.replace("http", "tcp"), "-o", "json"];
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = await run(query);
    if (found.code !== 0) continue;
    const { code, raw_log, tx } = JSON.parse(found.stdout) as {
      code: number;
      raw_log: string;
      tx: { body: { messages: object[] } };
    };
    expect([code, raw_log]).toEqual([0, ""]);
    return tx.body.messages;
  }
  throw new Error(`${txhash} is in no block`);
}

async function uses(): Promise<readonly Messages["tributary.attribution.v1.Use"][]> {
  return (await session.query("tributary.attribution.v1.Query/Uses", {})).uses;
}

beforeAll(async () => {
  const names = ["owner", "ivan"];
  const funded = names.map((name) => addresses.account(accountOf(name).bytes));
  chain = await chainHome({ apiEnabled: false, grpcEnabled: false, timeoutCommitMs: 100 }, 1, funded);
  const keyring = openKeyring("test", chain.path);
  for (const name of names) await keyring.addLocal(name, accountOf(name).privateKey);
  node = await startIn(chain);
  session = await ChainSession.connect({ rpcUrl: node.rpcUrl, prefix: "trib", gasPrice: "0uopen" });
  owner = await session.party(accountOf("owner"));
  denom = `creator/${owner.address}/song`;
  const own = { owner: owner.address, datanetId: 1n };
  const coin = (amount: bigint, of = "uopen") => ({ denom: of, amount: amount.toString() });
  const priced = { licence: "CC0-1.0", admission: 1, isPrivate: true, accessPrice: coin(PRICE) };
  const record = recordInputOf(utf8("A verse that somebody wants to read."), { name: "verse", licence: "", class: "" });
  await session.send(owner, [
    nativeMessage("tributary.datanet.v1.MsgCreateDatanet", { owner: owner.address, name: "verses", ...priced }),
    nativeMessage("tributary.datanet.v1.MsgContribute", {
      contributor: owner.address,
      datanetId: 1n,
      records: [record],
    }),
    nativeMessage("tributary.datanet.v1.MsgRotateKey", own),
    nativeMessage("tributary.tokenpool.v1.MsgCreateToken", { creator: owner.address, name: "song", rate: "500000" }),
    nativeMessage("tributary.tokenpool.v1.MsgMintAnchored", {
      buyer: owner.address,
      amount: coin(1_000_000_000n, denom),
      maxCost: coin(600_000_000n),
    }),
    nativeMessage("tributary.tokenpool.v1.MsgCreatePool", {
      creator: owner.address,
      coinA: coin(400_000_000n, denom),
      coinB: coin(200_000_000n),
    }),
    nativeMessage("cosmos.bank.v1beta1.MsgSend", {
      fromAddress: owner.address,
      toAddress: ivan,
      amount: [coin(2_000_000n, denom)],
    }),
  ]);
}, 120_000);

afterAll(async () => {
  session?.disconnect();
  await node?.stop();
  chain?.remove();
});

test("access to a private datanet is one command and one transaction: the reader's key, and the payment", async () => {
  const messages = await sent("access", "verses", "--max-fee", `150000${denom}`);
  expect(messages).toMatchObject([
    { "@type": "/tributary.datanet.v1.MsgSetEncryptionKey", account: ivan },
    { "@type": "/tributary.attribution.v1.MsgOpenUse", kind: "USE_KIND_ACCESS", datanet_id: "1", max_units: "1" },
  ]);
  const { access } = await session.query("tributary.datanet.v1.Query/Access", { datanetId: 1n, holder: ivan });
  expect(access.units).toBe("1");
  // 400000000 song against 200000000 uopen, and 0.3 %.
  const cost = (400_000_000n * PRICE * 1000n) / ((200_000_000n - PRICE) * 997n) + 1n;
  expect((await uses())[0]).toMatchObject({
    user: ivan,
    fee: { denom: "uopen", amount: PRICE.toString() },
    paid: { denom, amount: cost.toString() },
  });
  // The key is known by now: the second time there is the payment alone, at the datanet's own price.
  expect(await sent("access", "verses", "--units", "2")).toMatchObject([
    { kind: "USE_KIND_ACCESS", max_units: "2", max_fee: { denom: "uopen", amount: (2n * PRICE).toString() } },
  ]);
}, 120_000);

test("granting a content key is one command, and accepting it another, in the homes of two accounts", async () => {
  const reader = temporaryHome();
  try {
    await openKeyring("test", reader.path).addLocal("ivan", accountOf("ivan").privateKey);
    // The access above published the key of the chain's home; the reader's own takes its place with the next one.
    const [flags, node_] = [
      ["--yes", "--gas", "1000000", "-o", "json"],
      ["--node", node.rpcUrl.replace("http", "tcp")],
    ];
    const env = { TRIBUTARYD_CHAIN_ID: chain.chainId };
    const early = await reader.run(["data", "accept", "verses", "ivan", ...node_], { env });
    expect(early.stderr).toContain(`nothing of verses was granted to ${ivan}`);
    await reader.ok(["access", "verses", "--from", "ivan", ...flags, ...node_], { env });
    await until(
      async () =>
        (await session.query("tributary.datanet.v1.Query/Access", { datanetId: 1n, holder: ivan })).access.units ===
        "4",
      "the reader's access",
    );

    const home = ["--home", chain.path, ...node_];
    const made = await run(["data", "new-content-key", "1", "1", "--home", chain.path], { env });
    expect(made.code, made.stderr).toBe(0);
    const nobody = addresses.account(accountOf("nobody").bytes);
    const refused = await run(["data", "grant", "verses", nobody, "--from", "owner", ...flags, ...home], { env });
    expect(refused.stderr).toContain(`${nobody} has published no key`);
    const granted = await run(["data", "grant", "verses", ivan, "--from", "owner", ...flags, ...home], { env });
    expect(granted.code, granted.stderr).toBe(0);
    const grants = { datanetId: 1n, grantee: ivan };
    await until(
      async () => (await session.query("tributary.datanet.v1.Query/AccessGrantsOf", grants)).accessGrants.length === 1,
      "the grant",
    );
    await reader.ok(["data", "accept", "verses", "ivan", ...node_], { env });
    const keys = (path: string) =>
      JSON.parse(readFileSync(join(path, "config", "content_keys.json"), "utf8")) as object;
    expect(keys(reader.path)).toEqual(keys(chain.path));
  } finally {
    reader.remove();
  }
}, 120_000);

test("any use is paid so by the derived command, and by CosmJS", async () => {
  const [model, prompt] = ["0", ""];
  const training = ["--kind", "USE_KIND_TRAINING", "--datanet-id", "1"];
  await sent("tx", "attribution", "open-use", model, prompt, `150000${denom}`, ...training);
  const use = { user: owner.address, kind: UseKind.USE_KIND_TRAINING, datanetId: 1n };
  await session.send(owner, [
    nativeMessage("tributary.attribution.v1.MsgOpenUse", { ...use, maxFee: { denom, amount: "150000" } }),
  ]);
  const [first, second] = (await uses()).filter(({ kind }) => kind === UseKind.USE_KIND_TRAINING);
  expect([first?.user, second?.user]).toEqual([ivan, owner.address]);
  expect([first?.paid?.denom, second?.paid?.denom]).toEqual([denom, denom]);
  // The same fee costs a little more after every purchase.
  expect(BigInt(second!.paid!.amount)).toBeGreaterThan(BigInt(first!.paid!.amount));
}, 120_000);

test("what costs more than the user's most is refused with both amounts", async () => {
  const message = nativeMessage("tributary.attribution.v1.MsgOpenUse", {
    user: owner.address,
    kind: UseKind.USE_KIND_TRAINING,
    datanetId: 1n,
    maxFee: { denom, amount: "1" },
  });
  const refusal = await session.sendRefused(owner, message, 1_000_000);
  expect(refusal).toMatchObject({ codespace: "attribution", code: 5 });
  expect(refusal.log).toMatch(/70000uopen costs \d+creator\/\S+\/song, for at most 1creator/);
}, 120_000);
