// What a use costs the whole application from its opening to the last claim, inline and by batch, and that a settlement
// costs the same however many contributors there are. Owns no sockets and no disk; signing is not measured, checking
// signatures is. It also weighs what uses, records and contributors leave in the state. Uses on a real node are
// settlements.ts's.

import { defaultGenesis } from "../../modules/attribution/genesis.ts";
import { recordInputOf } from "../../modules/datanet/record-input.ts";
import { utf8 } from "../../proto/bytes.ts";
import { ProofType } from "../../proto/enums.gen.ts";
import { attributionWith } from "../support/attribution-genesis.ts";
import { acknowledgementOf } from "../support/batch-world.ts";
import type { MessageToSend } from "../support/chain-harness.ts";
import { makeBatch, textRecord } from "../support/honest-batch.ts";
import { type Late, modulesWith } from "../support/model-world.ts";
import { NativeWorld, PLENTY, type WorldRecord } from "../support/native-world.ts";
import {
  against,
  cpuMicroseconds,
  type Effort,
  type Figure,
  figure,
  oneVerification,
  type Section,
} from "./measure.ts";

const DAY = 86_400_000_000_000n;
const ANN = "function add(uint256 a, uint256 b) internal pure returns (uint256) { return a + b; }";
const BOB = "function transfer(address to, uint256 amount) external returns (bool) { _move(to, amount); }";
/** Spans of two records, and words of nobody's. */
const OUTPUT = `${ANN} and then something else ${BOB}`;
const PROMPT = "write me a token";

/** A chain that says what its state weighs, and what a block of transactions costs. */
class EconomyWorld extends NativeWorld {
  readonly #late: Late;

  constructor(records: readonly WorldRecord[]) {
    const late: Late = { action: undefined };
    super(records, { modules: modulesWith(late), appState: { attribution: attributionWith({ auditPpm: 0 }) } });
    this.#late = late;
    this.ok("host", ["tributary.datanet.v1.MsgJoin", { member: this.address("host"), datanetId: 1n }]);
    this.ok("host", bondOf(this));
    this.chain.block([], { nanoseconds: 3n * DAY });
  }

  /** Bytes of all keys and values of a module's store. */
  stateBytes(store: "attribution" | "datanet" = "attribution"): number {
    let bytes = 0;
    this.#late.action = (ctx) => {
      for (const [key, value] of ctx.kv(store).iterate()) bytes += key.length + value.length;
    };
    this.chain.block([]);
    return bytes;
  }

  /** Transactions of one account, in the order of their sequences. */
  signed(from: string, messages: readonly MessageToSend[]): readonly Uint8Array[] {
    const { info } = this.chain.query(
      "/cosmos.auth.v1beta1.Query/AccountInfo",
      ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: this.address(from) }],
      "cosmos.auth.v1beta1.QueryAccountInfoResponse",
    );
    const { sequence, accountNumber } = info!;
    return messages.map((message, i) =>
      this.chain.sign(from, message, { gas: PLENTY, sequence: sequence + BigInt(i), accountNumber }),
    );
  }

  /** Runs a block of which every transaction must succeed. Gives its CPU time in microseconds, roots included. */
  measured(txs: readonly Uint8Array[], nanoseconds?: bigint): number {
    let failed = "";
    const micros = cpuMicroseconds(() => {
      const results = this.chain.block(txs, nanoseconds === undefined ? {} : { nanoseconds });
      failed = results.find(({ code }) => code !== 0)?.log ?? "";
    });
    if (failed !== "") throw new Error(failed);
    return micros;
  }

  /** The number of the last use. */
  lastUse(): bigint {
    const page = { key: new Uint8Array(0), offset: 0n, limit: 1n, countTotal: false, reverse: true };
    const { uses } = this.chain.query(
      "/tributary.attribution.v1.Query/Uses",
      ["tributary.attribution.v1.QueryUsesRequest", { pagination: page }],
      "tributary.attribution.v1.QueryUsesResponse",
    );
    return uses[0]?.id ?? 0n;
  }

  /** Opens so many uses in a block; gives their numbers and what the block cost. */
  openMany(count: number): { readonly useIds: readonly bigint[]; readonly micros: number } {
    const first = this.lastUse() + 1n;
    const micros = this.measured(
      this.signed(
        "user",
        Array.from({ length: count }, () => this.openUse()),
      ),
    );
    return { useIds: Array.from({ length: count }, (_, i) => first + BigInt(i)), micros };
  }
}

/** A bond behind all that is settled inline here. */
export function bondOf(world: NativeWorld): MessageToSend {
  const amount = { denom: "uopen", amount: "500000000000" };
  return ["tributary.model.v1.MsgBondOperator", { operator: world.address("host"), amount }];
}

const RECORDS = [
  { contributor: "ann", text: ANN },
  { contributor: "bob", text: BOB },
];

/** What settled uses cost, each as a whole: opened, handed in, divided. */
interface Costs {
  readonly inline: readonly number[];
  readonly settle: readonly number[];
  readonly batched: readonly number[];
  readonly batch: readonly number[];
}

function inlineRound(world: EconomyWorld, count: number): { readonly open: number; readonly settle: number } {
  const { useIds, micros } = world.openMany(count);
  const txs = world.signed(
    "host",
    useIds.map((useId) => world.settle(useId, OUTPUT)),
  );
  return { open: micros / count, settle: world.measured(txs) / count };
}

function batchRound(world: EconomyWorld, count: number): { readonly before: number; readonly settle: number } {
  const { useIds, micros } = world.openMany(count);
  const acks = world.measured(
    world.signed(
      "host",
      useIds.map((useId) => acknowledgementOf(world, "host", { useId, prompt: PROMPT, output: OUTPUT, units: 1n })),
    ),
  );
  const records = RECORDS.map(({ contributor, text }, i) =>
    textRecord(BigInt(i + 1), world.address(contributor), utf8(text)),
  );
  const { rules } = defaultGenesis().params;
  const texts = { output: utf8(OUTPUT), prompt: utf8(PROMPT), proof: ProofType.PROOF_TYPE_SPAN, part: 288_000n };
  const made = makeBatch(
    useIds.map(() => texts),
    records,
    rules,
  );
  const { shareCount, sharesRoot, payeeCount, payoutsRoot, sum } = made.facts.commitment;
  const commitment = { shareCount, sharesRoot, payeeCount, payoutsRoot, sum: sum.toString(), rules };
  const post = { host: world.address("host"), useIds, ...commitment };
  let settle = world.measured(world.signed("host", [["tributary.attribution.v1.MsgPostBatch", post]]));
  // The lot is drawn in the next block, and the window ends in the one after.
  settle += world.measured([]) + world.measured([], DAY + 2_000_000_000n);
  const { batches } = world.chain.query(
    "/tributary.attribution.v1.Query/Batches",
    ["tributary.attribution.v1.QueryBatchesRequest", {}],
    "tributary.attribution.v1.QueryBatchesResponse",
  );
  const batchId = batches.at(-1)!.id;
  const claims = made.payouts.payees.map((_, index): MessageToSend => {
    const payee = made.payouts.openPayee(index);
    return ["tributary.attribution.v1.MsgClaimPayout", { sender: world.address("host"), batchId, payee }];
  });
  settle += world.measured(world.signed("host", claims));
  return { before: (micros + acks) / count, settle: settle / count };
}

function settlementCosts(effort: Effort): Costs {
  const [count, batchSize, rounds] = effort === "quick" ? [8, 8, 2] : [200, 256, 9];
  const world = new EconomyWorld(RECORDS);
  const costs = { inline: [] as number[], settle: [] as number[], batched: [] as number[], batch: [] as number[] };
  // The first round compiles the code and creates what first uses create.
  for (let round = 0; round <= rounds; round++) {
    const inline = inlineRound(world, count);
    const batch = batchRound(world, batchSize);
    if (round === 0) continue;
    costs.inline.push(inline.open + inline.settle);
    costs.settle.push(inline.settle);
    costs.batched.push(batch.before + batch.settle);
    costs.batch.push(batch.settle);
  }
  world.chain.checkInvariants();
  return costs;
}

/** What a settlement costs whose model was trained on so many records, each of another contributor. */
function costWith(contributors: number, effort: Effort): readonly number[] {
  const names = Array.from({ length: contributors }, (_, i) => `contributor ${i}`);
  const world = new EconomyWorld(
    names.map((name, i) => ({ contributor: name, text: `${i} ${i < 2 ? RECORDS[i]!.text : "text"}` })),
  );
  const [count, rounds] = effort === "quick" ? [8, 2] : [100, 7];
  const costs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const { settle } = inlineRound(world, count);
    if (round > 0) costs.push(settle);
  }
  return costs;
}

/** What the state keeps for a contributor that has earned and claimed by lineage: how far its record was paid, and its earnings. */
function claimBytes(effort: Effort): Figure {
  const count = effort === "quick" ? 8 : 128;
  const names = Array.from({ length: count }, (_, i) => `contributor ${i}`);
  const world = new EconomyWorld(names.map((name, i) => ({ contributor: name, text: `text number ${i}` })));
  inlineRound(world, 8);
  const before = world.stateBytes();
  const numbers = names.map((_, i) => BigInt(i + 1));
  const claim = { sender: world.address("user"), datanetId: 1n, recordCount: BigInt(count), numbers };
  world.ok("user", ["tributary.attribution.v1.MsgClaimLineage", claim]);
  return figure("state of a contributor's claim and earnings", "bytes", [(world.stateBytes() - before) / count]);
}

/** What a use leaves in the state once it is settled, and once all of its batch is claimed. */
function useBytes(effort: Effort): readonly Figure[] {
  const count = effort === "quick" ? 8 : 128;
  const world = new EconomyWorld(RECORDS);
  // The first ones leave what contributors have earned and where claims stand, once for all.
  inlineRound(world, 4);
  batchRound(world, 4);
  const weights = [inlineRound, batchRound].map((round) => {
    const before = world.stateBytes();
    round(world, count);
    return (world.stateBytes() - before) / count;
  });
  return [
    figure("state of a use settled inline", "bytes", [weights[0]!]),
    figure("state of a use settled by batch", "bytes", [weights[1]!]),
  ];
}

/** What a record of a whole file leaves in the state, its fingerprint included, and a member who has contributed nothing yet. */
function recordBytes(effort: Effort): readonly Figure[] {
  const count = effort === "quick" ? 4 : 64;
  const world = new EconomyWorld(RECORDS);
  const before = world.stateBytes("datanet");
  world.together([["other", ["tributary.datanet.v1.MsgJoin", { member: world.address("other"), datanetId: 1n }]]]);
  const joined = world.stateBytes("datanet");
  for (let i = 0; i < count; i++) {
    const text = Array.from({ length: 300 }, (_, word) => `word${i * 1_000 + word}`).join(" ");
    const records = [recordInputOf(utf8(text), { name: `file ${i}`, licence: "", class: "" })];
    world.ok("other", [
      "tributary.datanet.v1.MsgContribute",
      { contributor: world.address("other"), datanetId: 1n, records },
    ]);
  }
  world.chain.block([], { nanoseconds: 3n * DAY });
  return [
    figure("state of a record", "bytes", [(world.stateBytes("datanet") - joined) / count]),
    figure("state of a member", "bytes", [joined - before]),
  ];
}

/** Uses through the whole application, from their opening to the last claim. */
export function benchEconomy(effort: Effort, verification: Figure): Section {
  const costs = settlementCosts(effort);
  const micros = (name: string, measured: readonly number[]): Figure =>
    against(verification, oneVerification, figure(name, "µs CPU", measured));
  const rate = (name: string, measured: readonly number[]): Figure =>
    figure(
      name,
      "per s CPU",
      measured.map((one) => 1_000_000 / one),
    );
  const [few, many] = effort === "quick" ? [4, 12] : [10, 2_000];
  const small = figure(`SettleUse, a model of ${few} contributors`, "µs CPU", costWith(few, effort));
  const large = figure(
    `SettleUse, a model of ${many.toLocaleString("en")} contributors`,
    "µs CPU",
    costWith(many, effort),
  );
  return {
    title: "Economy: uses through the whole application, blocks with their roots (in memory)",
    figures: [
      micros("a use inline: OpenUse and SettleUse with two spans", costs.inline),
      micros("SettleUse alone", costs.settle),
      rate("uses settled inline", costs.inline),
      micros("a use by batch: OpenUse, AckUse, and its part of batch, window and claims", costs.batched),
      micros("its part of batch, window and claims alone", costs.batch),
      rate("uses settled by batch", costs.batched),
      small,
      against(small, `with ${few}`, large),
      ...useBytes(effort),
      ...recordBytes(effort),
      claimBytes(effort),
    ],
  };
}
