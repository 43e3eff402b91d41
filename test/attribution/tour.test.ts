/**
 * The integration test of the chain's main job: the tour over a real node and its RPC, by unmodified CosmJS. What the
 * tour checks itself throws; here its result is looked at, and its proof is checked once more with @confio/ics23.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { iavlSpec, ics23, tendermintSpec, verifyMembership } from "@confio/ics23";
import { Secp256k1Wallet } from "@cosmjs/amino";
import { type GeneratedType, Registry } from "@cosmjs/proto-signing";
import {
  AminoTypes,
  createDefaultAminoConverters,
  defaultRegistryTypes,
  GasPrice,
  SigningStargateClient,
} from "@cosmjs/stargate";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BodyFolder } from "../../attribution/body-store.ts";
import { ChainSession } from "../../attribution/chain-session.ts";
import { Library } from "../../attribution/library.ts";
import { runTour, seedAndPayOnce, type TourOptions, type TourResult, tourLines } from "../../attribution/tour.ts";
import { LightClientError } from "../../chain/light/verifier.ts";
import { ProofError } from "../../chain/store/proof.ts";
import { sha256 } from "../../chain/types/hash.ts";
import { textRoot } from "../../chain/types/text-tree.ts";
import { devAccounts, readDevPreset } from "../../cli/dev/accounts.ts";
import { openDevHome } from "../../cli/dev/home.ts";
import { tourAccounts, tourSealing } from "../../cli/dev/seed.ts";
import { homePaths } from "../../cli/home.ts";
import { nativeAminoConverters, nativeMessage, nativeTypes } from "../../client/registry.ts";
import { type StateSource, VerifiedState } from "../../client/verified-state.ts";
import { nodeConfig } from "../../node/config.ts";
import { readHome } from "../../node/home.ts";
import { silentLogger } from "../../node/log.ts";
import { type RunningNode, startNode } from "../../node/main.ts";
import { fromBase64, fromHex, hex } from "../../proto/bytes.ts";
import { BatchStatus, SegmentStatus } from "../../proto/enums.gen.ts";
import type { MadeBatch } from "../support/honest-batch.ts";
import { readPosted } from "../support/posted-batch.ts";
import { type Lie, randomFieldLie } from "../support/random-batch.ts";
import { singleFieldLies } from "../support/single-field-lies.ts";
import { findChallenge, type Posted, postedAs } from "../support/watcher.ts";

const folder = mkdtempSync(join(tmpdir(), "tributary-test-tour-"));
const lines: string[] = [];
/** Whether every field of the tour's batch is lied about; otherwise some by chance are. */
const IS_FULL = process.env.TRIBUTARY_FULL === "1";
const LIES = 16;
let node: RunningNode;
let result: TourResult;

function options(): TourOptions {
  return {
    rpcUrl: node.rpcUrl,
    prefix: "trib",
    gasPrice: "0.001uopen",
    accounts: tourAccounts(devAccounts(readDevPreset())),
    report: (line) => lines.push(line),
    batchFolder: join(folder, "batches"),
  };
}

beforeAll(async () => {
  await openDevHome(homePaths(folder), readDevPreset(), devAccounts(readDevPreset()), "tour");
  const config = nodeConfig({
    rpcAddress: "tcp://127.0.0.1:0",
    peerAddress: "",
    apiEnabled: false,
    grpcEnabled: false,
    timeoutCommitMs: 100,
  });
  node = await startNode({ ...readHome(folder), config, version: "0.0.0-test", log: silentLogger() });
  result = await runTour(options(), tourSealing);
}, 240_000);

afterAll(async () => {
  await node?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function* someLies(made: MadeBatch): Generator<Lie> {
  for (let seed = 0; seed < LIES; seed++) {
    const lie = randomFieldLie(made, seed);
    if (lie !== undefined) yield lie;
  }
}

describe("the tour", () => {
  test("puts every Solidity file of the five packages on the chain, each under its contributor", () => {
    expect(result.contributions.map((one) => [one.name, one.package])).toEqual([
      ["dave", "@openzeppelin/contracts"],
      ["erin", "solady"],
      ["frank", "@uniswap/v2-core"],
      ["grace", "@uniswap/v3-core"],
      ["heidi", "@aave/core-v3"],
    ]);
    expect(result.contributions.reduce((sum, one) => sum + one.files, 0)).toBeGreaterThan(450);
    expect(result.model.lineage).toEqual([`1:${result.contributions.reduce((sum, one) => sum + one.files, 0)}`]);
  });

  test("has twenty answers, nearly all of whose tokens are found, settled and paid to the last unit", () => {
    expect(result.uses).toHaveLength(20);
    const { fees, ...parts } = result.totals;
    expect(BigInt(fees)).toBe(20n * 1_000_003n);
    expect(Object.values(parts).reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(fees));
    const shares = result.uses.flatMap((use) => use.shares);
    expect(shares.reduce((sum, share) => sum + BigInt(share.amount), 0n)).toBe(BigInt(parts.contributors));
    const [covered, all] = [
      result.uses.reduce((sum, use) => sum + use.coveredTokens, 0),
      result.uses.reduce((sum, use) => sum + use.outputTokens, 0),
    ];
    expect(covered).toBeGreaterThan(0.8 * all);
  });

  test("names files and lines for every payment, and says so", () => {
    for (const use of result.uses) {
      for (const share of use.shares) {
        const spans = use.lines.filter(({ record }) => record === share.record);
        expect(spans.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(share.tokens);
        for (const { firstLine, lastLine, file } of spans) {
          expect(firstLine).toBeGreaterThan(0);
          expect(lastLine).toBeGreaterThanOrEqual(firstLine);
          expect(file).toBe(share.file);
        }
      }
    }
    const text = tourLines(result).join("\n");
    expect(text).toMatch(/ {2}\d+uopen {2}dave {2}@openzeppelin\/contracts\/.+ {2}lines? \d/);
    expect(lines.length).toBeGreaterThan(15);
  });

  test("was refused where it had to be: a duplicate, a changed byte, a second claim", () => {
    const codes = [result.duplicate, result.tampered, result.secondClaim].map(({ codespace, code }) => [
      codespace,
      code,
    ]);
    expect(codes).toEqual([
      ["datanet", 11],
      ["attribution", 12],
      ["attribution", 13],
    ]);
  });

  test("has its earnings claimed, swapped and delegated", () => {
    expect(result.claims).toHaveLength(5);
    expect(result.claims.filter(({ payoutAddress, beneficiary }) => payoutAddress !== beneficiary)).toHaveLength(1);
    expect(result.claims.filter(({ sender, beneficiary }) => sender !== beneficiary)).toHaveLength(1);
    expect(BigInt(result.swap.received.amount)).toBeGreaterThan(0n);
    expect(result.delegation.amount.amount).toBe(result.claims[1]?.amount);
  });

  test("has a payout whose proof @confio/ics23 accepts against the verified app hash, and refuses with a byte changed", () => {
    const { proof } = result;
    const [ofKey, ofStore] = proof.ops.map(({ data }) => ics23.CommitmentProof.decode(fromBase64(data)));
    const storeRoot = ofStore!.exist!.value!;
    const [key, value, appHash] = [fromHex(proof.key), fromHex(proof.value), fromHex(proof.appHash)];
    const store = new TextEncoder().encode(proof.store);
    expect(verifyMembership(ofStore!, tendermintSpec, appHash, store, storeRoot)).toBe(true);
    expect(verifyMembership(ofKey!, iavlSpec, storeRoot, key, value)).toBe(true);
    value[value.length >> 1]! ^= 1;
    expect(verifyMembership(ofKey!, iavlSpec, storeRoot, key, value)).toBe(false);
    expect(BigInt(proof.headerHeight)).toBe(BigInt(proof.height) + 1n);
  });

  test("has a host that cheats caught three ways by the watcher, and its honest batch final and claimed from", () => {
    const { caught, uses, claimed, sum } = result.batch;
    expect(caught.map(({ kind }) => kind)).toEqual(["omission", "share", "payout"]);
    for (const { bond } of caught) expect(BigInt(bond)).toBeGreaterThanOrEqual(20n * BigInt(sum));
    expect(uses).toBe(6);
    expect(BigInt(claimed!.amount)).toBeGreaterThan(0n);
    expect(result.contributions.map(({ name }) => name)).toContain(claimed!.name);
    expect(lines.some((line) => line.includes("became final"))).toBe(true);
  });

  test("has shares of the model traded on its curve, the model backed, and a creator's token bought and redeemed", () => {
    const { shares, backing, token } = result.market;
    // 2000 shares from the first on cost 2000·2 + 0.001·2000·1999/2 = 5999, and the fee on it.
    expect(BigInt(shares.cost)).toBeGreaterThanOrEqual(5999n);
    expect(BigInt(shares.payout)).toBeLessThan(BigInt(shares.cost));
    expect(BigInt(backing.shares)).toBeGreaterThan(0n);
    expect(token.cost).toBe("1000000");
    // A pool of 3000000 units and 900000 coins gives 100000·0.997·3000000/(900000 + 99700) for 100000.
    expect(token.bought).toBe("299189");
    expect(token.redeemed).toBe("74797");
    expect(BigInt(token.reserve)).toBeGreaterThanOrEqual(((4_000_000n - 299_189n) * 250_000n) / 1_000_000n);
  });

  test("has a use paid in another token, for which a pool gave exactly its price", async () => {
    const { paid, fee, poolIds, useId } = result.otherToken;
    expect([fee, poolIds, paid.denom]).toEqual([{ denom: "uopen", amount: "1000003" }, ["1"], "ucredit"]);
    // Nobody traded before: 10^9 of each, so floor(10^9·1000003·1000 / ((10^9 − 1000003)·997)) + 1 by Uniswap v2's formula.
    expect(paid.amount).toBe("1004017");
    const session = await ChainSession.connect({ ...options(), gasPrice: "0uopen" });
    const { use } = await session.query("tributary.attribution.v1.Query/Use", { useId: BigInt(useId) });
    expect([use.paid, use.fee.denom]).toEqual([paid, "uopen"]);
    session.disconnect();
  });

  test("has a private datanet's use paid by batch, its notes opened by who is licensed, and no word of them on the chain", async () => {
    const { secret, access } = result;
    expect([secret.datanetId, secret.notes, access.denom, access.opened]).toEqual(["2", 3, "data/2", 3]);
    expect(access.price).toEqual({ denom: "uopen", amount: "250000" });
    expect(secret.shares).toBeGreaterThan(0);
    expect(BigInt(secret.claimed.amount)).toBeGreaterThan(0n);
    const session = await ChainSession.connect({ ...options(), gasPrice: "0uopen" });
    const batchId = BigInt(secret.batchId);
    const { batch } = await session.query("tributary.attribution.v1.Query/Batch", { batchId });
    expect([batch.status, batch.useIds.map(String)]).toEqual([BatchStatus.BATCH_STATUS_FINAL, [secret.useId]]);
    const transactions: Buffer[] = [];
    for (let height = await session.height(); height > 0; height--) {
      transactions.push(...(await session.comet.block(height)).block.txs.map((bytes) => Buffer.from(bytes)));
    }
    const stands = (words: string): boolean => transactions.some((bytes) => bytes.includes(words));
    // Each a quarter of a line of one note; and a line of a file that an answer quoted in the open.
    for (const words of ["at three moments", "is a second owner", "they are one feed"])
      expect(stands(words)).toBe(false);
    expect(stands("upgrades.md")).toBe(true);
    expect(secret.searched.transactions).toBeGreaterThan(60);
    expect(stands(result.uses[0]!.output.slice(0, 40))).toBe(true);
    session.disconnect();
  });

  test("has records sealed as one text with its suffix array, which their texts make again", async () => {
    const { segment } = result;
    expect([segment.index, segment.first, segment.last]).toEqual(["1", "1", "8"]);
    const session = await ChainSession.connect({ ...options(), gasPrice: "0uopen" });
    const { records } = await session.query("tributary.datanet.v1.Query/Records", {
      ...{ datanetId: 1n, pagination: { limit: 8n } },
    });
    // Each text and one byte behind it.
    expect(segment.bytes).toBe(`${records.reduce((sum, { length }) => sum + length + 1n, 0n)}`);
    const made = await session.query("tributary.datanet.v1.Query/Segment", { datanetId: 1n, index: 1n });
    expect([hex(made.segment.textRoot), hex(made.segment.indexRoot)]).toEqual([segment.textRoot, segment.indexRoot]);
    expect(made.segment.status).toBe(SegmentStatus.SEGMENT_STATUS_FINAL);
    session.disconnect();
  });

  test("tells each of these in one line", () => {
    const text = tourLines(result).join("\n");
    for (const told of [
      "was paid with 1004017",
      "are sealed as one text",
      "for words of private notes",
      "was one licensed access",
    ]) {
      expect(text.split("\n").filter((line) => line.includes(told))).toHaveLength(1);
    }
  });

  test("has a batch that no challenge beats as it was posted, and each lie about it loses to one of at most 8 KB", async () => {
    const session = await ChainSession.connect({ ...options(), gasPrice: "0uopen" });
    const { batchId, bodyHash } = result.batch;
    const bodies = new BodyFolder(join(folder, "batches", "bodies"));
    const library = new Library(join(folder, "batches", "watcher"));
    const { made, without } = await readPosted(session, BigInt(batchId), bodies, library);
    const { batch } = await session.query("tributary.attribution.v1.Query/Batch", { batchId: BigInt(batchId) });
    expect(hex(batch.bodyHash)).toBe(bodyHash);
    const { sharesRoot, payoutsRoot, sum } = made.facts.commitment;
    expect([sharesRoot, payoutsRoot, `${sum}`]).toEqual([batch.sharesRoot, batch.payoutsRoot, batch.sum]);
    expect(findChallenge(made, postedAs(made))).toBeUndefined();

    const unbeaten: string[] = [];
    let [lies, largest] = [0, 0];
    const tell = async (name: string, posted: Posted): Promise<void> => {
      // The node runs in this process and has to have its turn.
      await session.breathe();
      const win = findChallenge(made, posted);
      lies++;
      if (win === undefined) unbeaten.push(name);
      largest = Math.max(largest, win?.bytes ?? 0);
    };
    for (const { name, posted } of IS_FULL ? singleFieldLies(made, 1) : someLies(made)) await tell(name, posted);
    // And without each record that it pays: then a later owner, a shorter span or nobody is paid instead.
    const paid = new Set(made.shares.shares.flatMap(({ record }) => (record === undefined ? [] : [record.number])));
    for (const number of IS_FULL ? paid : [...paid].slice(0, LIES)) {
      const blind = without(number);
      const facts = { ...made.facts, commitment: blind.facts.commitment };
      await tell(`record ${number} left out`, { ...postedAs(blind), facts });
    }
    session.disconnect();
    expect(unbeaten).toEqual([]);
    expect(lies).toBeGreaterThan(LIES / 2);
    expect(largest).toBeLessThanOrEqual(8192);
  }, 3_600_000);

  test("is plain data", () => {
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  test("keeps what is there when it is begun again, and pays one more use", async () => {
    const use = await seedAndPayOnce(options(), "function skim(address to) external lock {");
    expect(use.useId).toBe("29");
    expect(use.shares.length).toBeGreaterThan(0);
  }, 120_000);

  if (process.env.TRIBUTARY_FULL === "1")
    test("can be taken again as a whole on the same chain", async () => {
      const again = await runTour(options(), tourSealing);
      expect(again.model).toEqual(result.model);
      expect(again.uses.map(({ useId }) => useId)).toEqual(result.uses.map(({ useId }) => String(Number(useId) + 29)));
    }, 240_000);
});

describe("a node that lies is caught", () => {
  const payoutKey = fromHex("030000000000000001");
  let comet: Comet38Client;

  beforeAll(async () => {
    comet = await Comet38Client.connect(node.rpcUrl);
  });

  /** The node's answers with some of them changed. */
  function lying(changes: Partial<StateSource>): StateSource {
    return {
      status: () => comet.status(),
      commit: (height) => comet.commit(height),
      validatorsAll: (height) => comet.validatorsAll(height),
      abciQuery: (request) => comet.abciQuery(request),
      ...changes,
    };
  }

  async function read(source: StateSource, key = payoutKey) {
    const light = await VerifiedState.from(source, 2);
    return light.read("attribution", key);
  }

  test("an honest one is believed, on what is there and on what is not", async () => {
    expect((await read(lying({}))).value).toBeDefined();
    expect((await read(lying({}), fromHex("03000000000000ffff"))).value).toBeUndefined();
  });

  test("when it changes a value, hides it, or invents one", async () => {
    const changed = (value: (honest: Uint8Array) => Uint8Array): StateSource =>
      lying({
        abciQuery: async (request) => {
          const answer = await comet.abciQuery(request);
          return { ...answer, value: value(answer.value) };
        },
      });
    const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 20 ? byte ^ 1 : byte));
    await expect(read(changed(flip))).rejects.toThrow(ProofError);
    await expect(read(changed(() => new Uint8Array(0)))).rejects.toThrow(ProofError);
    await expect(
      read(
        changed(() => Uint8Array.of(1, 2, 3)),
        fromHex("03000000000000ffff"),
      ),
    ).rejects.toThrow(ProofError);
  });

  test("when it makes up an app hash, signatures or validators", async () => {
    const forged = (height: number) => async (asked: number) => {
      const answer = await comet.commit(asked);
      if (asked <= height) return answer;
      return { ...answer, header: { ...answer.header, appHash: new Uint8Array(32) } };
    };
    await expect(read(lying({ commit: forged(2) }))).rejects.toThrow(LightClientError);
    const unsigned = async (asked: number) => {
      const { header, commit } = await comet.commit(asked);
      const signatures = commit.signatures.map((one) => ({
        ...one,
        signature: asked > 2 ? one.signature?.map((byte, i) => (i === 3 ? byte ^ 1 : byte)) : one.signature,
      }));
      return { header, commit: { ...commit, signatures } };
    };
    await expect(read(lying({ commit: unsigned }))).rejects.toThrow(LightClientError);
    const others = async () => {
      const data = new Uint8Array(32).fill(7);
      return { validators: [{ pubkey: { algorithm: "ed25519" as const, data }, votingPower: 1n }] };
    };
    await expect(read(lying({ validatorsAll: others }))).rejects.toThrow();
  });

  test("a trusted hash that is not the block's is refused", async () => {
    await expect(VerifiedState.from(lying({}), 2, new Uint8Array(32))).rejects.toThrow("is not the trusted block");
  });
});

test("the chain's own messages are accepted in amino JSON too, as hardware wallets sign them", async () => {
  const judy = devAccounts(readDevPreset()).find(({ name }) => name === "judy")!;
  const wallet = await Secp256k1Wallet.fromKey(judy.privateKey, "trib");
  const [account] = await wallet.getAccounts();
  const client = await SigningStargateClient.connectWithSigner(node.rpcUrl, wallet, {
    registry: new Registry([...defaultRegistryTypes, ...(nativeTypes() as [string, GeneratedType][])]),
    aminoTypes: new AminoTypes({ ...createDefaultAminoConverters(), ...nativeAminoConverters() }),
    gasPrice: GasPrice.fromString("0.001uopen"),
    broadcastPollIntervalMs: 100,
  });
  const { address } = account!;
  const text = new TextEncoder().encode("contract FromALedger {}");
  const records = [
    {
      contentHash: sha256(text),
      length: BigInt(text.length),
      textRoot: textRoot(text),
      licence: "",
      name: "ledger.sol",
    },
  ];
  const coin = (amount: string, denom = "uopen") => ({ denom, amount });
  const terms = { licence: "MIT", terms: "", admission: 1, curators: [address] };
  const messages = [
    nativeMessage("tributary.datanet.v1.MsgCreateDatanet", { owner: address, name: "by-amino", ...terms }),
    nativeMessage("tributary.datanet.v1.MsgContribute", { contributor: address, datanetId: 3n, records }),
    nativeMessage("tributary.attribution.v1.MsgOpenUse", {
      user: address,
      modelId: 1n,
      promptHash: sha256(text),
      maxFee: coin("2000000"),
    }),
    nativeMessage("tributary.tokenpool.v1.MsgSwapExactIn", {
      trader: address,
      poolId: 1n,
      amountIn: coin("1000"),
      minOut: coin("1", result.swap.received.denom),
      deadline: 4_000_000_000n,
    }),
  ];
  const sent = await client.signAndBroadcast(address, messages, 3);
  expect([sent.code, sent.rawLog]).toEqual([0, ""]);
  client.disconnect();
}, 120_000);
