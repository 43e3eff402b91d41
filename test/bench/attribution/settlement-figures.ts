// What settling costs the chain: processor time of blocks full of settlements, at once and by batch, and what uses, records
// and contributors leave in the state. The application alone, without engine, disk or network. Owns no rule.

import { attributeUses, BuiltBatch, type ServedUse } from "../../../attribution/batch-builder.ts";
import { SOLIDITY_PACKAGES, solidityFiles } from "../../../attribution/tour/solidity-files.ts";
import { textRoot } from "../../../chain/types/text-tree.ts";
import { MAX_BATCH_USES } from "../../../modules/attribution/limits.ts";
import { acknowledgementText } from "../../../modules/attribution/receipt.ts";
import { recordInputOf } from "../../../modules/datanet/record-input.ts";
import { decode } from "../../../proto/codec.ts";
import { Random } from "../../sim/random.ts";
import { accountOf, type MessageToSend } from "../../support/chain-harness.ts";
import { NativeWorld, PLENTY, responseOf } from "../../support/native-world.ts";
import { cpuMicroseconds, type Effort, type Figure, figure, type Section } from "../measure.ts";
import { sample } from "./sampler.ts";
import { type Library, segmentOf } from "./texts.ts";

const outputTokens = 128;
/** How many users there are, so that a block may have a transaction of each. */
const users = 32;
const DAY = 86_400_000_000_000n;

export function benchSettlement(library: Library, effort: Effort): Section {
  const { records } = library.index.corpus;
  const names = Array.from({ length: users }, (_, i) => `user${i}`);
  const balances = Object.fromEntries(names.map((name) => [name, "1000000000000uopen"]));
  const texts = records.map(({ text }, i) => ({
    contributor: library.contributors[i]!,
    text: new TextDecoder().decode(text),
  }));
  const world = new NativeWorld(texts, { balances });
  // The host's key is on the chain once it has signed something, and records can be cited when their windows are over.
  world.ok("host", ["tributary.datanet.v1.MsgJoin", { member: world.address("host"), datanetId: 1n }]);
  world.chain.block([], { nanoseconds: 3n * DAY });
  const rounds = effort === "quick" ? 2 : 8;
  const atOnce = settleAtOnce(world, library, rounds);
  const byBatch = settleByBatch(world, library, rounds);
  return {
    title: `settling on one core: blocks of ${users} transactions over ${records.length} records, signatures and roots included`,
    figures: [...atOnce, ...byBatch, ...recordFigures(world)],
  };
}

/** Uses opened by all users, each with an output. */
function opened(world: NativeWorld, library: Library, random: Random) {
  const messages = Array.from(
    { length: users },
    (_, i) => [`user${i}`, world.openUse({ receiptKey: accountOf(`user${i}`).publicKey }, `user${i}`)] as const,
  );
  const results = world.chain.block(
    messages.map(([from, message]) => world.chain.sign(from, message, { gas: PLENTY })),
  );
  return results.map((result, i) => ({
    user: `user${i}`,
    useId: responseOf("tributary.attribution.v1.MsgOpenUseResponse", result).useId,
    output: new TextDecoder().decode(sample(library.index, 5, outputTokens, random).output),
  }));
}

/** One block of transactions of the host's, and what it took; all must succeed. */
function hostBlock(world: NativeWorld, messages: readonly MessageToSend[]): number {
  const { sequence, accountNumber } = world.chain.query(
    "/cosmos.auth.v1beta1.Query/AccountInfo",
    ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: world.address("host") }],
    "cosmos.auth.v1beta1.QueryAccountInfoResponse",
  ).info!;
  const txs = messages.map((message, i) =>
    world.chain.sign("host", message, { gas: PLENTY, accountNumber, sequence: sequence + BigInt(i) }),
  );
  let micros = 0;
  let failed: string | undefined;
  micros = cpuMicroseconds(() => {
    failed = world.chain.block(txs).find(({ code }) => code !== 0)?.log;
  });
  if (failed !== undefined) throw new Error(failed);
  return micros;
}

function settleAtOnce(world: NativeWorld, library: Library, rounds: number): readonly Figure[] {
  const random = new Random(7);
  const [micros, bytes]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const before = stateBytes(world);
    const messages = opened(world, library, random).map(({ user, useId, output }) =>
      world.settle(useId, output, {}, user),
    );
    const one = hostBlock(world, messages);
    // The first round writes rows that later ones only change.
    if (round === 0) continue;
    micros.push(one / users);
    bytes.push((stateBytes(world) - before) / users);
  }
  return [
    figure(
      "settled at once, with all spans proved",
      "per s",
      micros.map((one) => 1e6 / one),
    ),
    figure("state of such a use and its payout", "bytes", bytes),
  ];
}

function settleByBatch(world: NativeWorld, library: Library, rounds: number): readonly Figure[] {
  const random = new Random(8);
  const [acknowledged, posted, bytes]: [number[], number[], number[]] = [[], [], []];
  const uses: { readonly useId: bigint; readonly output: Uint8Array }[] = [];
  const before = stateBytes(world);
  while (uses.length < Math.min(MAX_BATCH_USES, users * rounds)) {
    const some = opened(world, library, random).map((one) => ({ ...one, bytes: new TextEncoder().encode(one.output) }));
    acknowledged.push(
      hostBlock(
        world,
        some.map(({ user, useId, bytes: output }) => ack(world, user, useId, output)),
      ) / users,
    );
    uses.push(...some.map(({ useId, bytes: output }) => ({ useId, output })));
  }
  const batch = builtOf(world, library, uses);
  const { rules } = paramsOf(world);
  const message = {
    ...batch.commitment,
    ...{ host: world.address("host"), useIds: uses.map(({ useId }) => useId), rules, bodyHash: batch.bodyHash },
    sum: batch.commitment.sum.toString(),
  };
  posted.push(hostBlock(world, [["tributary.attribution.v1.MsgPostBatch", message]]) / uses.length);
  bytes.push((stateBytes(world) - before) / uses.length);
  return [
    figure(
      "handed in with both signatures, for a batch",
      "per s",
      acknowledged.map((one) => 1e6 / one),
    ),
    figure(`posted in a batch of ${uses.length}, a use`, "µs CPU", posted),
    figure("state of such a use, with its part of the batch", "bytes", bytes),
  ];
}

const PROMPT = new TextEncoder().encode("prompt");

function ack(world: NativeWorld, user: string, useId: bigint, output: Uint8Array): MessageToSend {
  const receipt = {
    ...{ promptRoot: textRoot(PROMPT), promptLength: BigInt(PROMPT.length), units: 1n },
    ...{ outputRoot: textRoot(output), outputLength: BigInt(output.length) },
  };
  const text = acknowledgementText(world.chain.chainId, useId, receipt);
  const signatures = { userSignature: world.signText(user, text), hostSignature: world.signText("host", text) };
  return ["tributary.attribution.v1.MsgAckUse", { sender: world.address("host"), useId, receipt, ...signatures }];
}

function builtOf(
  world: NativeWorld,
  library: Library,
  uses: readonly { readonly useId: bigint; readonly output: Uint8Array }[],
): BuiltBatch {
  const served = uses.map(({ useId, output }): ServedUse => {
    const { use } = world.chain.query(
      "/tributary.attribution.v1.Query/Use",
      ["tributary.attribution.v1.QueryUseRequest", { useId }],
      "tributary.attribution.v1.QueryUseResponse",
    );
    return { useId, prompt: PROMPT, output, facts: { part: BigInt(use.proved), proof: use.proof } };
  });
  const contributorOf = ({ number }: { readonly number: bigint }) =>
    world.address(library.contributors[Number(number) - 1]!);
  const { rules } = paramsOf(world);
  const context = { segments: [segmentOf(library)], rules, table: undefined, counts: () => true, contributorOf };
  return BuiltBatch.of(served, attributeUses(served, context));
}

function paramsOf(world: NativeWorld) {
  const request = ["tributary.attribution.v1.QueryParamsRequest", {}] as const;
  const path = "/tributary.attribution.v1.Query/Params";
  return world.chain.query(path, request, "tributary.attribution.v1.QueryParamsResponse").params;
}

/** What new members and their records with fingerprints leave in the state. */
function recordFigures(world: NativeWorld): readonly Figure[] {
  const files = solidityFiles(SOLIDITY_PACKAGES[0].name).slice(100, 116);
  const members = Array.from({ length: 16 }, (_, i) => `user${i}`);
  const empty = stateBytes(world);
  world.ok("owner", world.createDatanet("second"));
  const before = stateBytes(world);
  world.together(
    members.map((name) => [name, ["tributary.datanet.v1.MsgJoin", { member: world.address(name), datanetId: 2n }]]),
  );
  const joined = stateBytes(world);
  world.together(
    members.map((name, i) => {
      const { name: file, text } = files[i]!;
      const records = [recordInputOf(text, { name: file, licence: "", class: "" })];
      return [
        name,
        ["tributary.datanet.v1.MsgContribute", { contributor: world.address(name), datanetId: 2n, records }],
      ];
    }),
  );
  return [
    figure("state of a datanet", "bytes", [before - empty]),
    figure("state of a contributor", "bytes", [(joined - before) / members.length]),
    figure("state of a record, its fingerprint and bond included", "bytes", [
      (stateBytes(world) - joined) / members.length,
    ]),
  ];
}

/** Keys and values of all stores at the last height, as a snapshot holds them. */
function stateBytes({ chain }: NativeWorld): number {
  const state = chain.application.snapshotState.exportAt(chain.height);
  let total = 0;
  try {
    const stream = Buffer.concat([...state.pieces()]);
    for (let at = 0; at < stream.length; ) {
      let length = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = stream[at++]!;
        length += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) break;
      }
      const { iavl } = decode(
        "cosmos.store.snapshots.v1.SnapshotItem",
        new Uint8Array(stream.subarray(at, at + length)),
      );
      // Inner nodes repeat a key of the leaves below them.
      if (iavl !== undefined && iavl.height === 0) total += iavl.key.length + iavl.value.length;
      at += length;
    }
  } finally {
    state.release();
  }
  return total;
}
