/**
 * `earnings` on a chain that paid in every way there is: a use settled at once, a batch in its window, final and claimed,
 * lineage, backing, and a payout address that is not the contributor's own.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attributeUses, BuiltBatch } from "../../attribution/batch-builder.ts";
import { BodyFolder } from "../../attribution/body-store.ts";
import { attributionContext, useFacts } from "../../attribution/chain-facts.ts";
import { ChainSession, type Party, signText } from "../../attribution/chain-session.ts";
import { Corpus } from "../../attribution/corpus.ts";
import { Library } from "../../attribution/library.ts";
import { folderTexts } from "../../attribution/record-texts.ts";
import { SpanProver } from "../../attribution/settlement.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { AddressCodec } from "../../chain/types/address.ts";
import { sha256 } from "../../chain/types/hash.ts";
import { textRoot } from "../../chain/types/text-tree.ts";
import { nativeMessage } from "../../client/registry.ts";
import type { AppGenesis } from "../../genesis/app-genesis.ts";
import { defaultParams as attributionParams } from "../../modules/attribution/params.ts";
import { acknowledgementText, receiptText } from "../../modules/attribution/receipt.ts";
import { defaultParams as datanetParams } from "../../modules/datanet/params.ts";
import { recordInputOf } from "../../modules/datanet/record-input.ts";
import { defaultParams as modelParams } from "../../modules/model/params.ts";
import { registrationText } from "../../modules/model/registration.ts";
import type { RunningNode } from "../../node/main.ts";
import { utf8 } from "../../proto/bytes.ts";
import { toJson } from "../../proto/json.ts";
import { type ChainHome, chainHome } from "../e2e/chain-home.ts";
import { startIn } from "../e2e/nodes.ts";
import { accountOf } from "../support/chain-harness.ts";
import { type Outcome, run } from "./harness.ts";

const NAMES = ["owner", "ann", "bob", "host", "user", "purse"] as const;
type Name = (typeof NAMES)[number];
const [ANN, BOB] = [
  "A river finds its way without a map,\nand every stone it meets becomes its bed.\n",
  "Three sparrows argued over one dry crumb\nuntil the wind decided for them all.\n",
];
const OUTPUT = utf8(
  `He said: every stone it meets becomes its bed. And then: until the wind decided for them all. So it was.`,
);
const PRICE = { denom: "uopen", amount: "1000000" };

let home: ChainHome;
let node: RunningNode;
let session: ChainSession;
let built: BuiltBatch;
const party = new Map<Name, Party>();
const addressOf = (name: Name): string => party.get(name)!.address;
/** As `earnings -o json` prints it. */
interface Told {
  readonly address: string;
  readonly payout_address: string;
  readonly totals: readonly { readonly denom: string; readonly unclaimed: string; readonly claimed: string }[];
  readonly uses: readonly { readonly use_id: string; readonly records: readonly PaidRecord[] }[];
  readonly batches: readonly {
    readonly batch_id: string;
    readonly state: string;
    readonly earned: string;
    readonly claimed: boolean;
    readonly uses: readonly {
      readonly use_id: string;
      readonly user: string;
      readonly records: readonly PaidRecord[];
    }[];
  }[];
  readonly unseen_batches: readonly string[];
  readonly lineage: readonly {
    readonly record_count: string;
    readonly records: readonly string[];
    readonly pending: string;
  }[];
  readonly backing: readonly { readonly model_id: string; readonly pending: string }[];
  readonly claims: readonly { readonly payout_address: string; readonly amount: string }[];
}
interface PaidRecord {
  readonly name: string;
  readonly earned: string;
  readonly used: readonly string[];
}

/** Windows of seconds, and no lot: an audit would want answers. */
function hasty(genesis: AppGenesis): AppGenesis {
  const game = { ...attributionParams.game, windowSeconds: 8, answerSeconds: 1, settleSeconds: 60, auditPpm: 0 };
  const attribution = toJson("tributary.attribution.v1.Params", { ...attributionParams, game });
  const datanet = toJson("tributary.datanet.v1.Params", {
    ...datanetParams,
    challengeSeconds: 1n,
    revealSeconds: 1n,
    takedownSeconds: 1n,
  });
  const model = toJson("tributary.model.v1.Params", { ...modelParams, epochSeconds: 1n });
  const state = genesis.app_state as Record<string, Record<string, never>>;
  return {
    ...genesis,
    app_state: {
      ...state,
      attribution: { ...state.attribution, params: attribution },
      datanet: { ...state.datanet, params: datanet },
      model: { ...state.model, params: model },
    },
  } as AppGenesis;
}

const send = (from: Name, ...messages: ReturnType<typeof nativeMessage>[]) => session.send(party.get(from)!, messages);
const command = (...words: string[]): Promise<Outcome> => run([...words, "--home", home.path]);
const rpc = (): string => node.rpcUrl.replace("http", "tcp");

async function earnings(name: Name, ...more: string[]): Promise<Told> {
  const { code, stdout, stderr } = await command("earnings", addressOf(name), "--node", rpc(), "-o", "json", ...more);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Told;
}

const bodies = (): readonly string[] => ["--bodies", join(home.path, "bodies")];

/** Waits until the chain's clock is past a time. */
async function clockPast(seconds: bigint): Promise<void> {
  while ((await session.blockTime()) <= seconds) await new Promise((resolve) => setTimeout(resolve, 100));
}

beforeAll(async () => {
  const codec = new AddressCodec("trib");
  home = await chainHome(
    { peerAddress: "", apiEnabled: false, grpcEnabled: false },
    1,
    NAMES.map((name) => codec.account(accountOf(name).bytes)),
    hasty,
  );
  node = await startIn(home);
  session = await ChainSession.connect({ rpcUrl: node.rpcUrl, prefix: "trib", gasPrice: "0uopen" });
  for (const name of NAMES) party.set(name, await session.party(accountOf(name)));
  await contributed();
  await modelRegistered();
});

afterAll(async () => {
  session?.disconnect();
  await node?.stop();
  home?.remove();
});

async function contributed(): Promise<void> {
  const terms = { owner: addressOf("owner"), name: "poems", licence: "MIT", admission: 1 };
  await send("owner", nativeMessage("tributary.datanet.v1.MsgCreateDatanet", terms));
  mkdirSync(join(home.path, "texts"));
  for (const [name, text] of [
    ["ann", ANN],
    ["bob", BOB],
  ] as const) {
    writeFileSync(join(home.path, "texts", `${name}.txt`), text);
    const records = [recordInputOf(utf8(text), { name: `${name}.txt`, licence: "", class: "" })];
    const contributor = addressOf(name);
    await send(
      name,
      nativeMessage("tributary.datanet.v1.MsgJoin", { member: contributor, datanetId: 1n }),
      nativeMessage("tributary.datanet.v1.MsgContribute", { contributor, datanetId: 1n, records }),
    );
  }
  const purse = { contributor: addressOf("ann"), payoutAddress: addressOf("purse") };
  await send("ann", nativeMessage("tributary.datanet.v1.MsgSetPayoutAddress", purse));
}

async function modelRegistered(): Promise<void> {
  const owner = party.get("owner")!;
  const weightsHash = new Uint8Array(32).fill(1);
  const model = {
    ...{ owner: owner.address, name: "poet", weightsHash, host: addressOf("host"), price: PRICE, backersPpm: 500_000 },
    lineage: [{ datanetId: 1n, recordCount: 2n }],
    pubKey: owner.publicKey,
    signature: await signText(owner, registrationText(session.chainId, "poet", weightsHash)),
  };
  await send("owner", nativeMessage("tributary.model.v1.MsgRegisterModel", model));
  const amount = { denom: "uopen", amount: "5000000" };
  await send("bob", nativeMessage("tributary.model.v1.MsgBack", { backer: addressOf("bob"), modelId: 1n, amount }));
  // Backing earns from the next epoch on, and an epoch is a second here.
  await clockPast((await session.blockTime()) + 1n);
}

/** Opens a use of the model and gives its number. */
async function opened(): Promise<bigint> {
  const user = addressOf("user");
  const use = { user, modelId: 1n, promptHash: sha256(utf8("Say something.")), maxFee: PRICE };
  await send("user", nativeMessage("tributary.attribution.v1.MsgOpenUse", use));
  const { uses } = await session.query("tributary.attribution.v1.Query/Uses", {});
  return uses.at(-1)!.id;
}

describe("earnings", () => {
  test("of a use that was settled at once name the user, the lines and the amount", async () => {
    const useId = await opened();
    const records = [ANN, BOB].map((text, i) => ({ datanetId: 1n, number: BigInt(i + 1), text: utf8(text) }));
    const spans = SpanProver.over(new SpanIndex(Corpus.of(records))).prove(OUTPUT, attributionParams);
    const receipt = await signText(party.get("user")!, receiptText(session.chainId, useId, sha256(OUTPUT)));
    const settlement = { host: addressOf("host"), useId, output: OUTPUT, receipt, spans: [...spans] };
    // Ten times what the answer can divert, which is less than half of its price.
    const bond = { operator: addressOf("host"), amount: { ...PRICE, amount: (5n * BigInt(PRICE.amount)).toString() } };
    await send("host", nativeMessage("tributary.model.v1.MsgBondOperator", bond));
    await send("host", nativeMessage("tributary.attribution.v1.MsgSettleUse", settlement));
    const { payout } = await session.query("tributary.attribution.v1.Query/Payout", { useId });
    const share = payout.recordShares.find(({ contributor }) => contributor === addressOf("ann"))!;
    const told = await earnings("ann");
    expect(told).toMatchObject({
      address: addressOf("ann"),
      payout_address: addressOf("purse"),
      batches: [],
      backing: [],
    });
    expect(told.uses).toMatchObject([
      { use_id: useId.toString(), user: addressOf("user"), earned: `${share.amount}uopen` },
    ]);
    expect(told.uses[0]!.records[0]).toMatchObject({ name: "ann.txt", earned: `${share.amount}uopen` });
    // Without the text, bytes; with it, lines.
    expect(told.uses[0]!.records[0]!.used).toEqual([expect.stringMatching(/^bytes 41 to 77$/)]);
    expect((await command("data", "add", join(home.path, "texts"))).code).toBe(0);
    expect((await earnings("ann")).uses[0]!.records[0]!.used).toEqual([expect.stringMatching(/^line 2 \(bytes/)]);
  });

  test("by lineage sum to what claiming credits", async () => {
    const before = await earnings("bob");
    expect(before.lineage).toMatchObject([{ record_count: "2", records: ["2"] }]);
    const claim = { sender: addressOf("bob"), datanetId: 1n, recordCount: 2n, numbers: [2n] };
    const unclaimed = (told: Told): bigint => BigInt(told.totals[0]?.unclaimed ?? 0);
    await send("bob", nativeMessage("tributary.attribution.v1.MsgClaimLineage", claim));
    const after = await earnings("bob");
    expect(after.lineage).toEqual([]);
    expect(`${unclaimed(after) - unclaimed(before)}uopen`).toBe(before.lineage[0]!.pending);
  });

  test("of a backer are what claiming its backing pays", async () => {
    const before = await earnings("bob");
    expect(before.backing).toMatchObject([{ model_id: "1", worth: "5000000uopen" }]);
    const { pending } = before.backing[0]!;
    expect(pending).toMatch(/^[1-9]\d*uopen$/);
    await send("bob", nativeMessage("tributary.model.v1.MsgClaimBacking", { backer: addressOf("bob"), modelId: 1n }));
    const after = await earnings("bob");
    expect(after.backing).toMatchObject([{ pending: "0uopen" }]);
    expect(after.claims).toMatchObject([{ payout_address: addressOf("bob"), amount: pending }]);
  });

  test("of a batch that can be challenged are told from its body", async () => {
    const useId = await opened();
    const prompt = utf8("Say something.");
    const receipt = {
      ...{ promptRoot: textRoot(prompt), promptLength: BigInt(prompt.length), units: 1n },
      ...{ outputRoot: textRoot(OUTPUT), outputLength: BigInt(OUTPUT.length) },
    };
    const text = acknowledgementText(session.chainId, useId, receipt);
    const [userSignature, hostSignature] = [
      await signText(party.get("user")!, text),
      await signText(party.get("host")!, text),
    ];
    const acknowledged = { sender: addressOf("host"), useId, receipt, userSignature, hostSignature };
    await send("host", nativeMessage("tributary.attribution.v1.MsgAckUse", acknowledged));
    const { use } = await session.query("tributary.attribution.v1.Query/Use", { useId });
    const library = new Library(join(home.path, "library"));
    await library.follow(session, 1n, folderTexts(join(home.path, "texts")));
    const { rules } = attributionParams;
    const lineage = [{ datanetId: 1n, recordCount: 2n, version: 0n }];
    const context = await attributionContext(session, library, { lineage, rules, asOf: use.openedAt });
    const served = [{ useId, prompt, output: OUTPUT, facts: useFacts(use) }];
    built = BuiltBatch.of(served, attributeUses(served, context));
    const { sum, ...commitment } = built.commitment;
    const post = {
      host: addressOf("host"),
      useIds: [useId],
      ...commitment,
      sum: sum.toString(),
      bodyHash: built.bodyHash,
      rules,
    };
    await send("host", nativeMessage("tributary.attribution.v1.MsgPostBatch", post));
    new BodyFolder(join(home.path, "bodies")).publish(built.bodyBytes);

    const open = await earnings("ann", ...bodies());
    const own = built.body.payees.findIndex(({ payee }) => payee.beneficiary === addressOf("ann"));
    const { amount } = built.body.payees[own]!.payee;
    expect(open.unseen_batches).toEqual([]);
    expect(open.batches).toMatchObject([
      {
        batch_id: "1",
        state: expect.stringMatching(/^can be challenged until 20/),
        earned: `${amount}uopen`,
        claimed: false,
      },
    ]);
    expect(open.batches[0]!.uses).toMatchObject([
      { use_id: useId.toString(), user: addressOf("user"), earned: `${amount}uopen` },
    ]);
    expect(open.batches[0]!.uses[0]!.records).toMatchObject([
      { name: "ann.txt", used: [expect.stringMatching(/^line 2 /)] },
    ]);
  });

  test("of a final batch can be claimed, go to the payout address, and are claimed then", async () => {
    const own = built.body.payees.findIndex(({ payee }) => payee.beneficiary === addressOf("ann"));
    expect((await earnings("user", ...bodies())).batches).toEqual([]);

    const { batch } = await session.query("tributary.attribution.v1.Query/Batch", { batchId: 1n });
    await clockPast(batch.windowEnd + 1n);
    expect((await earnings("ann", ...bodies())).batches[0]!.state).toMatch(/^can be claimed until 20/);
    const claim = { sender: addressOf("user"), batchId: 1n, payee: built.payouts.openPayee(own) };
    const before = await party.get("purse")!.client.getBalance(addressOf("purse"), "uopen");
    await send("user", nativeMessage("tributary.attribution.v1.MsgClaimPayout", claim));
    const claimed = await earnings("ann", ...bodies());
    expect(claimed.batches).toMatchObject([{ state: "claimed", claimed: true }]);
    expect(claimed.lineage).toMatchObject([{ records: ["1"] }]);
    // What was earned went to the payout address, with the use before.
    const after = await party.get("purse")!.client.getBalance(addressOf("purse"), "uopen");
    const paid = BigInt(after.amount) - BigInt(before.amount);
    expect(claimed.claims).toMatchObject([{ payout_address: addressOf("purse"), amount: `${paid}uopen` }]);
    expect(claimed.totals).toMatchObject([{ unclaimed: "0", claimed: paid.toString() }]);
  });

  test("of a body that is not the batch's, and of a record that was taken down, are not told", async () => {
    const notice = { claimant: addressOf("user"), datanetId: 1n, number: 1n, reason: "It is mine." };
    await send("user", nativeMessage("tributary.datanet.v1.MsgTakedown", notice));
    await clockPast((await session.blockTime()) + 2n);
    const { batch } = await session.query("tributary.attribution.v1.Query/Batch", { batchId: 1n });
    const name = join(home.path, "bodies", Buffer.from(batch.bodyHash).toString("hex"));
    writeFileSync(name, "something else");
    expect(await earnings("ann", ...bodies())).toMatchObject({
      ...{ batches: [], unseen_batches: ["1"], lineage: [] },
    });
    const { stderr } = await command("earnings", addressOf("ann"), "--node", rpc(), "-o", "json");
    expect(stderr).toMatch(/their bodies are not here: 1 \(--bodies\)/);
  });
});
