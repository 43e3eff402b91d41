import { describe, expect, test } from "vitest";
import { type Certificate, certificateOf, votesOf } from "../../../chain/consensus/certificate.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../../chain/types/params.ts";
import { PartSet } from "../../../chain/types/part-set.ts";
import {
  SIGNED_PRECOMMIT,
  SIGNED_PREVOTE,
  type Vote,
  verifyVoteExtension,
  voteExtensionSignBytes,
} from "../../../chain/types/vote.ts";
import { CrashPoints } from "../../../node/engine/crash-points.ts";
import { Extensions, hasExtensions, isComplete } from "../../../node/engine/extensions.ts";
import { SignJournal } from "../../../node/engine/sign-journal.ts";
import { fromCometSignState, toCometSignState } from "../../../node/engine/sign-state.ts";
import { fromWire, toWire } from "../../../node/p2p/wire-messages.ts";
import type { Application, Commit, ExtendedCommit } from "../../../node/ports.ts";
import { utf8, utf8Text } from "../../../proto/bytes.ts";
import { decode, encode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { stubKey, stubVerifier } from "../../sim/keys.ts";
import { kvstore } from "../../sim/kvstore.ts";
import { MemoryDisk } from "../../sim/memory-disk.ts";
import { Random } from "../../sim/random.ts";
import { Bench, type BenchOptions, cut, pointsOf, textOf } from "./bench.ts";
import { type MadeBlock, ReferenceChain } from "./reference-chain.ts";
import { block as idOf, JOURNAL, POWERS, precommit, prevote, quietLog, signerOn, TIME } from "./support.ts";

const FROM = 2n;
const PARAMS = { ...DEFAULT_CONSENSUS_PARAMS, abci: { voteExtensionsEnableHeight: FROM } };

/** An application that never extends a vote twice in the same way, and what it was asked. */
function extending(): {
  application: NonNullable<BenchOptions["application"]>;
  prepared: Messages["tendermint.abci.RequestPrepareProposal"][];
  extended: Messages["tendermint.abci.RequestExtendVote"][];
  verified: Messages["tendermint.abci.RequestVerifyVoteExtension"][];
} {
  const prepared: Messages["tendermint.abci.RequestPrepareProposal"][] = [];
  const extended: Messages["tendermint.abci.RequestExtendVote"][] = [];
  const verified: Messages["tendermint.abci.RequestVerifyVoteExtension"][] = [];
  const application = (records: ReadonlyMap<string, Uint8Array>): Application => {
    const inner = kvstore(records);
    return {
      ...inner,
      prepareProposal: (request) => {
        prepared.push(request);
        return inner.prepareProposal(request);
      },
      extendVote: (request) => {
        extended.push(request);
        return { voteExtension: utf8(`ext ${request.height} ${extended.length}`) };
      },
      verifyVoteExtension: (request) => {
        verified.push(request);
        return { status: utf8Text(request.voteExtension) === "bad" ? 2 : 1 };
      },
    };
  };
  return { application, prepared, extended, verified };
}

const precommits = (node: Bench, height: bigint): readonly Vote[] =>
  node.sent.flatMap((each) =>
    each.type === "vote" && each.vote.type === SIGNED_PRECOMMIT && each.vote.height === height ? [each.vote] : [],
  );

/** A precommit of another validator with an extension it signed. */
function extendedVote(chain: ReferenceChain, key: number, blockId: Vote["blockId"], text = `ext of ${key}`): Vote {
  const vote = { ...chain.vote(key, { type: SIGNED_PRECOMMIT, blockId }), extension: utf8(text) };
  return { ...vote, extensionSignature: stubKey(key).sign(voteExtensionSignBytes(chain.chainId, vote)) };
}

/** A vote of the chain's with the extension its validator signed. */
function extendedBy(chain: ReferenceChain, vote: Vote): Vote {
  const key = [0, 1, 2, 3].find((each) => chain.indexOf(each) === vote.validatorIndex) ?? 0;
  const extended = { ...vote, extension: utf8(`ext of ${key}`) };
  return { ...extended, extensionSignature: stubKey(key).sign(voteExtensionSignBytes(chain.chainId, extended)) };
}

type ExtendedSignature = ExtendedCommit["extendedSignatures"][number];

/** The commit with an extension beside every vote for its block. */
function extendedCommit(chain: ReferenceChain, commit: Commit): ExtendedCommit {
  const { height, round, blockId, signatures } = commit;
  const votes = votesOf({ kind: "commit", commit }).map((vote) => extendedBy(chain, vote));
  const extendedSignatures = signatures.map((signature, index) => {
    const vote = votes.find(({ validatorIndex }) => validatorIndex === index);
    const { extension = utf8(""), extensionSignature = utf8("") } = vote ?? {};
    return { ...signature, extension, extensionSignature };
  });
  return { height, round, blockId, extendedSignatures };
}

/** A certificate as it comes over the wire. */
function fromWireAgain(certificate: Certificate): Certificate {
  const name = "tributary.p2p.v1.ConsensusMessage";
  const message = fromWire(decode(name, encode(name, toWire({ type: "certificate", certificate }))));
  if (message?.type !== "certificate") throw new Error("no certificate");
  return message.certificate;
}

describe("a validator by itself", () => {
  test("extends its precommits from the height on that the parameters say, and is given them with the next proposal", async () => {
    const app = extending();
    const node = new Bench({ application: app.application, consensusParams: PARAMS });
    await node.start();
    expect(await node.reaches(3n)).toBe(true);
    const [plain] = precommits(node, 1n);
    expect([plain?.extension.length, plain?.extensionSignature.length]).toEqual([0, 0]);
    const [vote] = precommits(node, 2n);
    expect(utf8Text(vote?.extension as Uint8Array)).toBe("ext 2 1");
    verifyVoteExtension(node.genesis.chainId, vote as Vote, node.key.publicKey, stubVerifier);
    const { block, blockId } = node.database.blocks.get(2n) ?? {};
    expect(app.extended[0]).toMatchObject({
      hash: blockId?.hash,
      height: 2n,
      time: block?.header.time,
      txs: block?.data.txs,
      nextValidatorsHash: block?.header.nextValidatorsHash,
      proposerAddress: block?.header.proposerAddress,
      proposedLastCommit: { round: 0, votes: [{ validator: { power: 10n }, blockIdFlag: 2 }] },
    });
    expect(app.prepared[1]?.localLastCommit.votes[0]).toMatchObject({ blockIdFlag: 2, voteExtension: utf8("") });
    expect(app.prepared[2]?.localLastCommit).toEqual({
      round: 0,
      votes: [
        {
          validator: { address: node.key.address, power: 10n },
          voteExtension: vote?.extension,
          extensionSignature: vote?.extensionSignature,
          blockIdFlag: 2,
        },
      ],
    });
    // Its own vote is not put to the application again.
    expect(app.verified).toEqual([]);
    expect(node.database.blocks.get(1n)?.extendedCommit).toBeUndefined();
    expect(node.database.blocks.get(2n)?.extendedCommit?.extendedSignatures[0]?.extension).toEqual(vote?.extension);
  });

  test("killed at any durable step sends the extension it signed, whatever the application would say now, and builds on it", async () => {
    const options = (): BenchOptions => ({ application: extending().application, consensusParams: PARAMS });
    const points = await pointsOf(new Bench(options()), 3n);
    const from = points.indexOf("before database batch", points.indexOf("before database batch") + 1);
    for (let at = from; at < points.length; at++) {
      const app = extending();
      const node = new Bench({ ...options(), application: app.application });
      await node.start(new CrashPoints({ at }, { die: cut }));
      await node.reaches(3n);
      // The bench refuses a second vote for one place, and an extension is part of a vote.
      node.crash(at % 2 === 0 ? new Random(at) : undefined);
      await node.start();
      expect(await node.reaches(4n), points[at]).toBe(true);
      for (const { height, localLastCommit } of app.prepared.filter(({ height }) => height > FROM)) {
        const stored = node.database.blocks.get(height - 1n)?.extendedCommit?.extendedSignatures[0];
        expect(localLastCommit.votes[0]?.voteExtension, points[at]).toEqual(stored?.extension);
        expect(stored?.extensionSignature.length, points[at]).toBe(64);
      }
    }
  });
});

describe("one of four", () => {
  /** The node, number 0, with block 2 proposed and in prevote. */
  async function atHeight2() {
    const app = extending();
    const node = new Bench({ validators: 4, application: app.application, consensusParams: PARAMS });
    const chain = new ReferenceChain(node.genesis);
    await node.start();
    const { block, commit } = chain.next({ signers: [1, 2, 3] });
    await node.driver?.receiveBlock(block, commit);
    await node.runUntil(() => node.machine.height === 2n && node.machine.step !== "newHeight", 500);
    const made = chain.candidate();
    return { app, node, chain, made };
  }

  const give = async (node: Bench, vote: Vote) => node.driver?.receive("p", { type: "vote", vote });

  async function propose(node: Bench, chain: ReferenceChain, made: MadeBlock): Promise<void> {
    await node.driver?.receive("p", { type: "proposal", proposal: chain.proposal(made) });
    const part = PartSet.fromBytes(made.bytes).part(0);
    if (part !== undefined) await node.driver?.receive("p", { type: "part", height: 2n, round: 0, part });
  }

  test("takes a precommit for a block only with an extension that is signed, and asks the application about it", async () => {
    const { app, node, chain, made } = await atHeight2();
    const good = extendedVote(chain, 1, made.blockId);
    expect(await give(node, { ...good, extension: utf8(""), extensionSignature: utf8("") })).toBe("invalid");
    expect(await give(node, { ...good, extension: utf8("other") })).toBe("invalid");
    expect(app.verified).toEqual([]);
    expect(await give(node, extendedVote(chain, 2, made.blockId, "bad"))).toBe("ignored");
    expect(await give(node, good)).toBe("accepted");
    expect(app.verified.at(-1)).toEqual({
      hash: made.blockId.hash,
      validatorAddress: stubKey(1).address,
      height: 2n,
      voteExtension: utf8("ext of 1"),
    });
    expect(await give(node, chain.vote(3, { type: SIGNED_PRECOMMIT }))).toBe("accepted");
    expect(await give(node, chain.vote(3, { type: SIGNED_PREVOTE }))).toBe("accepted");
  });

  test("refuses extensions below the height they begin at", async () => {
    const node = new Bench({ validators: 4, application: extending().application, consensusParams: PARAMS });
    const chain = new ReferenceChain(node.genesis);
    await node.start();
    expect(await give(node, extendedVote(chain, 1, idOf("A")))).toBe("invalid");
  });

  test("stores and passes on the extensions of the votes it decided by, and shows its application who was not heard", async () => {
    const { app, node, chain, made } = await atHeight2();
    await propose(node, chain, made);
    for (const key of [1, 2, 3]) await give(node, extendedVote(chain, key, made.blockId));
    expect(await node.runUntil(() => node.height === 2n, 500)).toBe(true);
    const stored = node.database.blocks.get(2n)?.extendedCommit;
    const texts = stored?.extendedSignatures.map(({ extension }) => utf8Text(extension)) ?? [];
    for (const key of [1, 2, 3]) expect(texts[chain.indexOf(key)]).toBe(`ext of ${key}`);
    // A peer one height behind is given votes, not only a certificate that would drop what they carry.
    const behind = { ...node.driver!.summary(), height: 2n, rounds: [], wanted: undefined };
    const answer = node.driver!.repair(behind, 100_000);
    const votes = answer.flatMap((message) => (message.type === "vote" ? [utf8Text(message.vote.extension)] : []));
    expect(votes.sort()).toEqual(texts.filter((text) => text !== "").sort());
    const last = answer.at(-1);
    if (last?.type !== "certificate") throw new Error("no certificate");
    expect(votesOf(last.certificate).map(({ extension }) => utf8Text(extension))).toEqual(
      votesOf({ kind: "commit", commit: last.certificate.commit }).map((vote) => texts[vote.validatorIndex]),
    );
    expect(app.extended.length).toBeLessThanOrEqual(1);
  });

  test("takes a certificate of precommits only with all their extensions, and has them then", async () => {
    const { app, node, chain, made } = await atHeight2();
    await propose(node, chain, made);
    const votes = [1, 2, 3].map((key) => extendedVote(chain, key, made.blockId));
    const certificate = certificateOf("commit", votes, 4);
    const { extensions = [], ...bare } = certificate;
    const hear = async (heard: Certificate) => node.driver?.receive("p", { type: "certificate", certificate: heard });
    const swapped = [extensions[1], extensions[0], extensions[2]] as typeof extensions;
    for (const bad of [bare, { ...bare, extensions: extensions.slice(1) }, { ...bare, extensions: swapped }])
      expect(await hear(bad)).toBe("invalid");
    const refused = votes.map((vote, index) => (index === 0 ? extendedVote(chain, 1, made.blockId, "bad") : vote));
    expect(await hear(certificateOf("commit", refused, 4))).toBe("ignored");
    const prevotes = [1, 2, 3].map((key) => chain.vote(key, { type: SIGNED_PREVOTE, blockId: made.blockId }));
    expect(await hear({ ...certificateOf("polka", prevotes, 4), extensions })).toBe("invalid");
    expect(node.height).toBe(1n);
    expect(await hear(fromWireAgain(certificate))).toBe("accepted");
    expect(await node.runUntil(() => node.height === 2n, 500)).toBe(true);
    const stored = node.database.blocks.get(2n)?.extendedCommit;
    expect(isComplete(stored!, POWERS)).toBe(true);
    expect(app.verified.length).toBeGreaterThan(0);
  });

  test("takes a block from sync only with the extensions of all votes for it, proposes on them and passes them on", async () => {
    const { app, node, chain } = await atHeight2();
    const next = chain.next({ signers: [1, 2, 3] });
    const extended = extendedCommit(chain, next.commit);
    const withSignatures = (change: (signature: ExtendedSignature, index: number) => ExtendedSignature) => ({
      ...extended,
      extendedSignatures: extended.extendedSignatures.map(change),
    });
    const [first] = [1, 2, 3].map((key) => chain.indexOf(key)).sort();
    const only = (index: number | undefined, change: Partial<ExtendedSignature>) =>
      withSignatures((signature, at) => (at === index ? { ...signature, ...change } : signature));
    const bad: readonly (Commit | ExtendedCommit)[] = [
      next.commit,
      only(first, { extension: utf8(""), extensionSignature: utf8("") }),
      only(first, { extension: utf8("forged") }),
      only(chain.indexOf(0), { extensionSignature: new Uint8Array(64) }),
    ];
    for (const commit of bad) expect(await node.driver?.receiveBlock(next.block, commit)).toBe("invalid");
    expect(node.height).toBe(1n);
    expect(await node.driver?.receiveBlock(next.block, extended)).toBe("accepted");
    expect(node.database.blocks.get(2n)?.extendedCommit).toEqual(extended);
    const before = app.prepared.length;
    for (let round = 0; round <= 4 && app.prepared.length === before; round++) {
      await node.runUntil(() => app.prepared.length > before || node.machine.round > round, 2_000);
      for (const key of [1, 2, 3]) await give(node, chain.vote(key, { type: SIGNED_PREVOTE, round: round + 1 }));
    }
    const given = app.prepared.at(-1)?.localLastCommit.votes.map(({ voteExtension }) => utf8Text(voteExtension));
    expect(given?.filter((text) => text !== "").sort()).toEqual(["ext of 1", "ext of 2", "ext of 3"]);
    const behind = { ...node.driver!.summary(), height: 2n, rounds: [], wanted: undefined };
    const passed = node.driver!.repair(behind, 100_000).filter(({ type }) => type === "vote");
    expect(passed).toHaveLength(3);
  });

  test("refuses a block from sync with extensions at a height that has none", async () => {
    const node = new Bench({ validators: 4, application: extending().application, consensusParams: PARAMS });
    const chain = new ReferenceChain(node.genesis);
    await node.start();
    const { block, commit } = chain.next({ signers: [1, 2, 3] });
    expect(await node.driver?.receiveBlock(block, extendedCommit(chain, commit))).toBe("invalid");
    expect(await node.driver?.receiveBlock(block, commit)).toBe("accepted");
  });

  test("killed at any durable step while it takes a block from sync, has the extensions of its votes when the block is stored", async () => {
    const begun = async (points: CrashPoints) => {
      const parts = await atHeight2();
      const next = parts.chain.next({ signers: [1, 2, 3] });
      parts.node.crash();
      await parts.node.start(points);
      return { ...parts, next, extended: extendedCommit(parts.chain, next.commit) };
    };
    const counting = new CrashPoints({ at: undefined }, { die: cut });
    const whole = await begun(counting);
    const first = counting.passed;
    expect(await whole.node.driver?.receiveBlock(whole.next.block, whole.extended)).toBe("accepted");
    expect(counting.passed).toBeGreaterThan(first);
    for (let at = first; at < counting.passed; at++) {
      const { node, next, extended } = await begun(new CrashPoints({ at }, { die: cut }));
      await node.driver?.receiveBlock(next.block, extended).catch(() => undefined);
      node.crash(at % 2 === 0 ? new Random(at) : undefined);
      await node.start();
      if (node.height < 2n) await node.driver?.receiveBlock(next.block, extended);
      expect(node.database.blocks.get(2n)?.extendedCommit, `point ${at}`).toEqual(extended);
    }
  });

  /** The node with block 2 stored and without the extensions of its votes, as if an older release had stored it. */
  async function withoutExtensions() {
    const parts = await atHeight2();
    const { node, chain } = parts;
    const next = chain.next({ signers: [1, 2, 3] });
    expect(await node.driver?.receiveBlock(next.block, extendedCommit(chain, next.commit))).toBe("accepted");
    const stored = node.database.blocks.get(2n);
    if (stored === undefined) throw new Error("nothing is stored");
    node.database.blocks.set(2n, { ...stored, extendedCommit: undefined });
    node.crash();
    await node.start();
    return { ...parts, next };
  }

  test("whoever lacks the extensions is given them by others once a round has failed, and proposes then", async () => {
    const { app, node, chain, made, next } = await withoutExtensions();
    const late = votesOf({ kind: "commit", commit: next.commit }).map((vote) => extendedBy(chain, vote));
    await node.runUntil(() => node.machine.height === 3n && node.machine.step !== "newHeight", 500);
    expect(await give(node, { ...(late[0] as Vote), extension: utf8("forged") })).toBe("invalid");
    for (const vote of late) expect(await give(node, vote)).toBe("accepted");
    for (const vote of late) expect(await give(node, vote)).toBe("ignored");
    const before = app.prepared.length;
    for (let round = 1; round <= 4 && app.prepared.length === before; round++) {
      for (const key of [1, 2, 3]) await give(node, chain.vote(key, { type: SIGNED_PREVOTE, round }));
      await node.runUntil(() => app.prepared.length > before, 100);
    }
    const given = app.prepared.at(-1)?.localLastCommit.votes.map(({ voteExtension }) => utf8Text(voteExtension));
    expect(given?.filter((text) => text !== "").sort()).toEqual(["ext of 1", "ext of 2", "ext of 3"]);
    // And it passes them on in its turn: to a peer of the same height, not in its first round.
    const asks = (round: number) =>
      node.driver!.repair({ ...node.driver!.summary(), round, wanted: undefined }, 100_000);
    const passed = (round: number) =>
      asks(round).filter((message) => message.type === "vote" && message.vote.height === made.block.header.height)
        .length;
    expect([passed(0), passed(1)]).toEqual([0, 3]);
  });

  test("without the extensions of the last block leaves the turn to others", async () => {
    const { app, node, chain } = await withoutExtensions();
    const before = app.prepared.length;
    await node.runUntil(() => false, 5_000);
    for (let round = 1; round <= 4; round++) {
      for (const key of [1, 2, 3]) await give(node, chain.vote(key, { type: SIGNED_PREVOTE, round }));
    }
    expect(app.prepared.length).toBe(before);
    expect(node.lines.join("\n")).toContain("leaving the turn to others");
  });
});

describe("the signer", () => {
  const extension = utf8("said once");
  const request = {
    effect: precommit(7n, 0, idOf("A")),
    timestamp: TIME,
    block: utf8("block"),
    powers: POWERS,
    extension,
  };

  test("gives an extended vote back as it was sent, whatever extension it is offered later", () => {
    const disk = new MemoryDisk();
    const first = signerOn(disk).sign(request);
    if (first.outcome !== "signed" || first.message.type !== "vote") throw new Error("not signed");
    expect(first.message.vote.extension).toEqual(extension);
    const again = signerOn(disk).sign({ ...request, extension: utf8("said otherwise") });
    if (again.outcome !== "signed") throw new Error("not signed");
    expect(textOf(again.message)).toBe(textOf(first.message));
  });

  test("signs the extension anew for a vote of which CometBFT's state file kept none", () => {
    const disk = new MemoryDisk();
    const first = signerOn(disk).sign(request);
    const open = SignJournal.open(JOURNAL, { files: disk.mount(), log: quietLog() });
    const { floor, record } = fromCometSignState(toCometSignState(open));
    const moved = new MemoryDisk();
    SignJournal.create(JOURNAL, moved.mount(), floor, record).close();
    const again = signerOn(moved).sign(request);
    expect(again).toEqual(first);
  });

  test("extends nothing but precommits for blocks", () => {
    const signer = signerOn(new MemoryDisk());
    for (const effect of [
      prevote(7n, 0, idOf("A")),
      precommit(7n, 0, { hash: utf8(""), partSetHeader: { total: 0, hash: utf8("") } }),
    ]) {
      const outcome = signer.sign({ ...request, effect });
      if (outcome.outcome !== "signed" || outcome.message.type !== "vote") throw new Error("not signed");
      expect([outcome.message.vote.extension.length, outcome.message.vote.extensionSignature.length]).toEqual([0, 0]);
    }
  });
});

describe("the extensions that are known", () => {
  const chain = new ReferenceChain(new Bench({ validators: 4, consensusParams: PARAMS }).genesis);
  chain.next();
  const { commit } = chain.next();

  test("make a commit complete when a quorum's are here, and are forgotten with their height", () => {
    const { chainId } = chain;
    const extensions = new Extensions();
    const note = (key: number): void => {
      const vote = {
        ...chain.vote(key, { type: SIGNED_PRECOMMIT, height: 2n, blockId: commit.blockId }),
        extension: utf8("x"),
      };
      extensions.note({ ...vote, extensionSignature: stubKey(key).sign(voteExtensionSignBytes(chainId, vote)) });
    };
    note(0);
    note(1);
    expect(isComplete(extensions.commitOf(chain.state, commit)!, POWERS)).toBe(false);
    note(2);
    const complete = extensions.commitOf(chain.state, commit)!;
    expect(isComplete(complete, POWERS)).toBe(true);
    const loaded = new Extensions();
    loaded.load(complete);
    expect(loaded.commitOf(chain.state, commit)).toEqual(complete);
    extensions.prune(2n);
    expect(extensions.votesOf(commit)).toHaveLength(3);
    extensions.prune(3n);
    expect(extensions.votesOf(commit)).toEqual([]);
  });

  test("belong to heights from the one that the parameters name", () => {
    expect([0n, 1n, 2n, 3n].map((height) => hasExtensions(chain.state, height))).toEqual([false, false, true, true]);
  });
});
