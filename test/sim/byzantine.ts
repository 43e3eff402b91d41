// Validators that lie. Owns every way in which they do: what they say instead of what their driver publishes (a Mouth),
// what they answer to peers, and what they say unasked. A liar runs the real driver beside it, to know where the chain
// is. Its own key signs everything it says; nobody else's key is ever used.

import { blockKey } from "../../chain/consensus/block-key.ts";
import { roundOf, type State } from "../../chain/consensus/state.ts";
import { quorumOf } from "../../chain/consensus/votes.ts";
import type { Block } from "../../chain/types/block.ts";
import { type BlockId, isZeroBlockId, ZERO_BLOCK_ID } from "../../chain/types/block-id.ts";
import { addNanoseconds } from "../../chain/types/time.ts";
import { SIGNED_PREVOTE, type Vote } from "../../chain/types/vote.ts";
import { hasExtensions } from "../../node/engine/extensions.ts";
import type { HeldBlock } from "../../node/engine/held-blocks.ts";
import type { ValidatorKey } from "../../node/engine/validator-key.ts";
import type { ConsensusMessage, Proposal } from "../../node/ports.ts";
import { equalBytes, utf8 } from "../../proto/bytes.ts";
import { forgeBlock, forgeCertificate, forgeProposal, forgeVote, partMessages, placeOf } from "./forge.ts";
import type { Wire } from "./network.ts";
import type { SimNode } from "./node.ts";
import { Random } from "./random.ts";
import { toyExtension } from "./toy-host.ts";
import { CHAIN_ID, type World } from "./world.ts";

/** Ways to lie. */
export const LIES = [
  /** Two votes at one place, two proposals in one round, to different peers. */
  "equivocate",
  /** Forgets its lock: votes for whatever is proposed, and precommits whatever has a polka. */
  "amnesia",
  /** Says nothing, or not everything. */
  "silent",
  /** Proposes blocks that are not valid, or are no blocks. */
  "invalidBlock",
  /** Proposes and keeps some parts, or all, or shows them to few. */
  "withhold",
  /** Sends more than anyone asked for, most of it junk. */
  "flood",
  /** Answers requests for blocks and repair with lies, and claims heights it does not have. */
  "lyingSync",
] as const;
export type Lie = (typeof LIES)[number];

interface Said {
  readonly to: number;
  readonly message: ConsensusMessage;
}

/** Makes a node lie, from now on. */
export function corrupt(world: World, node: SimNode, lies: readonly Lie[], seed: number): void {
  const liar = new Liar(world, node, new Set(lies), new Random(seed));
  node.isByzantine = true;
  node.mouth = (message) => liar.say(message);
  if (lies.includes("lyingSync")) node.lie = (_to, wire) => liar.answer(wire);
  const chatty = lies.some((lie) => lie === "flood" || lie === "equivocate" || lie === "lyingSync");
  if (chatty) world.every(200, () => liar.chatter());
}

/** Makes a node speak the truth again. */
export function reform(node: SimNode): void {
  node.mouth = undefined;
  node.lie = undefined;
}

class Liar {
  readonly #world: World;
  readonly #node: SimNode;
  readonly #lies: ReadonlySet<Lie>;
  readonly #random: Random;
  #silentUntilMs = 0;

  constructor(world: World, node: SimNode, lies: ReadonlySet<Lie>, random: Random) {
    this.#world = world;
    this.#node = node;
    this.#lies = lies;
    this.#random = random;
  }

  get #key(): ValidatorKey {
    const { key } = this.#node;
    if (key === undefined) throw new Error("a liar needs a key");
    return key;
  }

  get #machine(): State | undefined {
    return this.#node.driver?.machine;
  }

  #others(): readonly number[] {
    return this.#world.nodes.flatMap((node) => (node === this.#node ? [] : [node.number]));
  }

  /** What leaves instead of this message. */
  say(message: ConsensusMessage): readonly Said[] {
    const random = this.#random;
    if (this.#lies.has("silent")) {
      if (random.chance(0.02)) this.#silentUntilMs = this.#world.nowMs + random.between(0, 5_000);
      if (this.#world.nowMs < this.#silentUntilMs || random.chance(0.2)) return [];
    }
    const truth = this.#others().map((to) => ({ to, message }));
    if (message.type === "vote") return this.#vote(message.vote, truth);
    if (message.type === "proposal") return this.#proposal(message.proposal, truth);
    if (message.type === "part" && this.#lies.has("withhold")) {
      return truth.filter(() => random.chance(0.3));
    }
    return truth;
  }

  #vote(vote: Vote, truth: readonly Said[]): readonly Said[] {
    const machine = this.#machine;
    if (machine === undefined || machine.height !== vote.height) return truth;
    let said = vote;
    if (this.#lies.has("amnesia")) said = this.#forgetful(vote, machine);
    if (!this.#lies.has("equivocate") || this.#random.chance(0.4)) {
      return truth.map(({ to }) => ({ to, message: { type: "vote", vote: said } }));
    }
    const other = this.#signed(machine, said.type, said.round, this.#otherBlock(machine, said.blockId));
    return truth.flatMap(({ to }): Said[] => {
      const fate = this.#random.next();
      const one: Said = { to, message: { type: "vote", vote: said } };
      const two: Said = { to, message: { type: "vote", vote: other } };
      if (fate < 0.4) return [one];
      return fate < 0.8 ? [two] : [two, one];
    });
  }

  /** A prevote for what is proposed, a precommit for what has a polka, whatever was promised. */
  #forgetful(vote: Vote, machine: State): Vote {
    const round = roundOf(machine, vote.round);
    if (round === undefined) return vote;
    const blockId =
      vote.type === SIGNED_PREVOTE
        ? round.proposals.at(-1)?.blockId
        : quorumOf(round.prevotes, machine.powers.total).find((quorum) => !isZeroBlockId(quorum.blockId))?.blockId;
    if (blockId === undefined || blockKey(blockId) === blockKey(vote.blockId)) return vote;
    return this.#signed(machine, vote.type, vote.round, blockId);
  }

  #otherBlock(machine: State, not: BlockId): BlockId {
    const known = machine.candidates.map((candidate) => candidate.blockId);
    const madeUp = {
      hash: new Uint8Array(32).fill(this.#random.below(256)),
      partSetHeader: { total: 1, hash: new Uint8Array(32).fill(7) },
    };
    const choices = [ZERO_BLOCK_ID, ...known, madeUp].filter((id) => blockKey(id) !== blockKey(not));
    return this.#random.pick(choices);
  }

  #signed(machine: State, type: number, round: number, blockId: BlockId): Vote {
    return forgeVote(this.#key, {
      chainId: CHAIN_ID,
      validators: machine.validators,
      kind: type === SIGNED_PREVOTE ? "prevote" : "precommit",
      height: machine.height,
      round,
      blockId,
      time: this.#node.now(),
      extension: this.#extension(machine.height),
    });
  }

  /** What its precommits carry where votes are extended: now and then what the application refuses. */
  #extension(height: bigint): Uint8Array | undefined {
    const chain = this.#node.driver?.status().state;
    if (chain === undefined || !hasExtensions(chain, height)) return undefined;
    return this.#random.chance(0.2) ? utf8("not what it should say") : toyExtension(height);
  }

  // ---------------------------------------------------------------- proposals

  #proposal(proposal: Proposal, truth: readonly Said[]): readonly Said[] {
    const random = this.#random;
    if (this.#lies.has("invalidBlock") && random.chance(0.8)) {
      const spoilt = this.#spoilt();
      if (spoilt !== undefined) return this.#others().flatMap((to) => this.#proposed(spoilt, proposal, to));
    }
    if (!this.#lies.has("equivocate") || random.chance(0.3)) return truth;
    const second = this.#block((block) => block, [utf8(`second ${random.next()}`)].slice(random.below(2)));
    if (second === undefined) return truth;
    return truth.flatMap((one) => {
      const two = this.#proposed(second, proposal, one.to);
      const fate = random.next();
      if (fate < 0.4) return [one];
      return fate < 0.8 ? two : [one, ...two];
    });
  }

  #proposed(held: HeldBlock, { height, round, polRound }: Proposal, to: number): readonly Said[] {
    const what = { chainId: CHAIN_ID, height, round, polRound, blockId: held.blockId, time: this.#node.now() };
    const messages = [
      { type: "proposal", proposal: forgeProposal(this.#key, what) } as const,
      ...partMessages(held, height, round),
    ];
    return messages.map((message) => ({ to, message }));
  }

  #block(change: (block: Block) => Block, txs: readonly Uint8Array[]): HeldBlock | undefined {
    const { driver } = this.#node;
    if (driver === undefined) return undefined;
    const { state } = driver.status();
    const { lastCommit } = driver.machine;
    if (state.lastBlockHeight > 0n && lastCommit === undefined) return undefined;
    return forgeBlock(state, { proposer: this.#key.address, lastCommit, txs, change });
  }

  /** A block with one thing wrong. */
  #spoilt(): HeldBlock | undefined {
    const random = this.#random;
    const wrong = new Uint8Array(32).fill(random.below(256));
    const header = (change: Partial<Block["header"]>) => (block: Block) => ({
      ...block,
      header: { ...block.header, ...change },
    });
    const ways: ((block: Block) => Block)[] = [
      header({ appHash: wrong }),
      header({ validatorsHash: wrong }),
      header({ lastResultsHash: wrong }),
      header({ time: addNanoseconds(this.#node.now(), 3_600_000_000_000n) }),
      header({ height: 999n }),
      header({ proposerAddress: wrong.slice(0, 20) }),
      (block) => ({ ...block, data: { txs: [utf8("not in the hash")] } }),
      (block) => ({
        ...block,
        lastCommit: block.lastCommit && { ...block.lastCommit, signatures: block.lastCommit.signatures.slice(1) },
      }),
    ];
    return this.#block(random.pick(ways), []);
  }

  // ---------------------------------------------------------------- unasked and asked

  /** What it says by itself. */
  chatter(): void {
    if (!this.#node.isUp || this.#world.calm) return;
    if (this.#lies.has("lyingSync") && this.#random.chance(0.3)) {
      const height = this.#node.height + BigInt(this.#random.below(1_000));
      this.#node.say(this.#random.pick(this.#others()), { kind: "status", height });
    }
    if (this.#lies.has("flood")) for (let count = 0; count < 6; count++) this.#junk();
    else if (this.#lies.has("equivocate") && this.#random.chance(0.3)) this.#strayVote();
  }

  #show(to: number, message: ConsensusMessage): void {
    const { machine } = this.#node.driver ?? {};
    if (machine !== undefined) this.#world.invariants.shown(this.#node, message, machine.powers);
    this.#node.say(to, { kind: "consensus", message });
  }

  /** A well-signed vote for anything, in a round near by. */
  #strayVote(): void {
    const machine = this.#machine;
    if (machine === undefined || placeOf(machine.validators, this.#key) === undefined) return;
    const random = this.#random;
    const round = Math.max(0, machine.round + random.below(4) - 1);
    const vote = this.#signed(machine, 1 + random.below(2), round, this.#otherBlock(machine, ZERO_BLOCK_ID));
    this.#show(random.pick(this.#others()), { type: "vote", vote });
  }

  #junk(): void {
    const machine = this.#machine;
    if (machine === undefined || placeOf(machine.validators, this.#key) === undefined) return;
    const random = this.#random;
    const to = random.pick(this.#others());
    const vote = this.#signed(
      machine,
      1 + random.below(2),
      random.below(1_000_000),
      this.#otherBlock(machine, ZERO_BLOCK_ID),
    );
    const victim = random.pick(machine.validators.validators);
    switch (random.below(7)) {
      case 0:
        this.#show(to, { type: "vote", vote });
        break;
      case 1:
        this.#show(to, { type: "vote", vote: { ...vote, validatorAddress: victim.address } });
        break;
      case 2:
        this.#show(to, { type: "vote", vote: { ...vote, height: vote.height + BigInt(random.below(5)) } });
        break;
      case 3: {
        const proof = { total: 1n, index: 0n, leafHash: new Uint8Array(32), aunts: [] };
        const part = { index: 0, bytes: utf8("junk"), proof };
        this.#show(to, { type: "part", height: machine.height, round: machine.round, part });
        break;
      }
      case 4:
        this.#show(to, {
          type: "certificate",
          certificate: forgeCertificate([vote], machine.powers.each.length),
        });
        break;
      case 5:
        this.#frame(to, machine, victim.address);
        break;
      default:
        this.#node.say(to, { kind: "transaction", tx: utf8(`junk ${random.next()}`) });
    }
  }

  /** Evidence that somebody else voted twice: made up, since it has only its own key. */
  #frame(to: number, machine: State, victim: Uint8Array): void {
    if (equalBytes(victim, this.#key.address)) return;
    const one = this.#signed(machine, 1, 0, ZERO_BLOCK_ID);
    const two = this.#signed(machine, 1, 0, this.#otherBlock(machine, ZERO_BLOCK_ID));
    const claim = (vote: Vote): Vote => ({ ...vote, height: machine.height - 1n, validatorAddress: victim });
    const evidence = {
      duplicateVoteEvidence: {
        voteA: claim(one),
        voteB: claim(two),
        totalVotingPower: machine.powers.total,
        validatorPower: machine.powers.each[0] ?? 1n,
        timestamp: this.#node.driver?.status().state.lastBlockTime ?? this.#node.now(),
      },
    };
    this.#node.say(to, { kind: "consensus", message: { type: "evidence", evidence } });
  }

  /** What it answers instead; undefined for the truth. */
  answer(wire: Wire): Wire | "silence" | undefined {
    const random = this.#random;
    if (wire.kind === "repairRequest") {
      return random.chance(0.5) ? "silence" : { kind: "repairResponse", messages: [], height: this.#node.height + 50n };
    }
    if (wire.kind !== "blockRequest" || random.chance(0.2)) return undefined;
    const stored = this.#node.database.blocks.get(wire.fromHeight);
    if (stored === undefined || random.chance(0.2))
      return random.chance(0.5) ? "silence" : { kind: "blockResponse", blocks: [] };
    const { block, seenCommit } = stored;
    const commit = stored.extendedCommit ?? seenCommit;
    const unsigned = seenCommit.signatures.map((each) => ({ ...each, signature: new Uint8Array(64) }));
    const forged = {
      commit: { ...seenCommit, signatures: unsigned },
      block: { ...block, data: { txs: [...block.data.txs, utf8("slipped in")] } },
      header: { ...block, header: { ...block.header, appHash: new Uint8Array(32).fill(9) } },
    };
    const ways = [
      { block: forged.block, commit },
      { block: forged.header, commit },
      { block, commit: forged.commit },
      { block: forged.header, commit: forged.commit },
      // The extensions of its votes withheld, where the height has them.
      { block, commit: seenCommit },
    ];
    return { kind: "blockResponse", blocks: [random.pick(ways)] };
  }
}
