// What one seed's world is like. Owns the drawing: which troubles there are at all, and how bad each is. A world with
// everything at once hides what a world with one or two things shows, so each feature is on or off by chance (Groce et
// al., "Swarm testing", ISSTA 2012).

import { LIES, type Lie } from "./byzantine.ts";
import { Random } from "./random.ts";

export interface Swarm {
  /** What the nodes run: the chain's own application, or the key-value toy, which can rest and extend votes. */
  readonly application: "chain" | "toy";
  /** Whether blocks are made without transactions too; the toy only. */
  readonly emptyBlocks: boolean;
  /** Precommits carry extensions from this height on; 0n for none. The toy only. */
  readonly extensionsFrom: bigint;
  readonly validators: number;
  readonly powers: readonly number[];
  readonly standbys: number;
  readonly followers: number;
  // The network.
  readonly loss: number;
  readonly duplicates: number;
  readonly replayMs: number;
  readonly maxDelayMs: number;
  readonly relay: number;
  readonly fanOut: number;
  /** Mean virtual milliseconds between partitions; 0 for none. */
  readonly partitionEveryMs: number;
  readonly partitionMs: number;
  /** Chance that a cut is one-way only. */
  readonly asymmetric: number;
  // Processes, per node and virtual second.
  readonly crashes: number;
  readonly logLoss: number;
  readonly suspensions: number;
  readonly suspendMs: number;
  /** Clocks are off by at most this, either way. */
  readonly skewMs: number;
  // Disks.
  readonly reorders: boolean;
  /** Per node and virtual second: an operation fails with EIO or ENOSPC, or a batch does. */
  readonly diskErrors: number;
  readonly fullDisks: number;
  /** A batch takes up to this long. */
  readonly batchMs: number;
  /** Chance that a power cut also flips a bit in a log, or in the file of evidence: nobody loses anything by it. */
  readonly logFlips: number;
  /** Chance that a power cut also flips a bit in the journal of `flipped`. */
  readonly flips: number;
  /** It may lose the right to sign for good, so it counts among the faulty where progress is concerned. */
  readonly flipped: number | undefined;
  /** The validator whose disk lies about fsync; it counts among the faulty. */
  readonly lyingDisk: number | undefined;
  // Keys.
  /** What each liar does, by validator number. */
  readonly liars: ReadonlyMap<number, readonly Lie[]>;
  // Clients.
  readonly txPerSecond: number;
  readonly joiners: readonly { readonly node: number; readonly power: bigint }[];
  readonly leavers: readonly { readonly node: number; readonly power: bigint }[];
}

/** Draws a world. `heights` bounds nothing here; it is the seed alone that decides. */
export function drawSwarm(seed: number): Swarm {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ 0x5eed);
  const sometimes = (chance: number, low: number, high: number): number =>
    random.chance(chance) ? random.between(low, high) : 0;
  const validators = random.pick([4, 4, 4, 4, 5, 5, 6, 7]);
  const uneven = random.chance(0.3);
  const powers = Array.from({ length: validators }, () => (uneven ? 1 + random.below(20) : 10));
  const standbys = random.chance(0.4) ? 1 : 0;
  const followers = random.pick([0, 0, 0, 1, 1, 2]);
  const faulty = random.chance(0.55) ? drawFaulty(powers, random) : [];
  const lyingDisk = faulty.length > 0 && random.chance(0.2) ? faulty.pop() : undefined;
  const flips = sometimes(0.4, 0.2, 1);
  const flipped = faulty.length > 0 && flips > 0 ? faulty.pop() : undefined;
  const liars = new Map(faulty.map((number) => [number, drawLies(random)]));
  const logLoss = flipped !== undefined ? 0 : sometimes(0.25, 0.1, 0.9);
  const isToy = random.chance(0.2);
  const isExtended = isToy && random.chance(0.6);
  const isFaulty = (number: number): boolean => liars.has(number) || number === lyingDisk || number === flipped;
  return {
    application: isToy ? "toy" : "chain",
    emptyBlocks: !isToy || isExtended || random.chance(0.3),
    extensionsFrom: isExtended ? BigInt(1 + random.below(4)) : 0n,
    validators,
    powers,
    standbys,
    followers,
    loss: sometimes(0.6, 0, 0.3),
    duplicates: sometimes(0.5, 0, 0.5),
    replayMs: random.pick([0, 200, 2_000, 10_000]),
    maxDelayMs: random.pick([5, 20, 60, 150, 400]),
    relay: random.pick([0, 0.1, 0.3]),
    fanOut: random.pick([0.2, 0.5, 1]),
    partitionEveryMs: sometimes(0.5, 2_000, 12_000),
    partitionMs: random.between(300, 8_000),
    asymmetric: random.pick([0, 0.3, 0.8]),
    crashes: sometimes(0.6, 0.005, 0.12),
    // Both at once on one node is two faults on one node, which nobody promises to survive.
    logLoss,
    suspensions: sometimes(0.25, 0.005, 0.05),
    suspendMs: random.pick([500, 3_000, 20_000]),
    skewMs: sometimes(0.5, 100, 30_000),
    reorders: random.chance(0.5),
    diskErrors: sometimes(0.4, 0.005, 0.08),
    fullDisks: sometimes(0.15, 0.005, 0.03),
    batchMs: sometimes(0.4, 1, 250),
    logFlips: sometimes(0.5, 0.1, 1),
    flips,
    flipped,
    lyingDisk,
    liars,
    txPerSecond: random.pick([0.3, 1, 3]),
    joiners: Array.from({ length: standbys }, (_, at) => ({
      node: validators + at,
      power: BigInt(1 + random.below(10)),
    })),
    leavers: random.chance(0.4) ? drawLeavers(powers, isFaulty, random) : [],
  };
}

/** Validators with less than a third of the power together, at least one if there is such a one. */
function drawFaulty(powers: readonly number[], random: Random): number[] {
  const total = powers.reduce((sum, power) => sum + power, 0);
  const faulty: number[] = [];
  let power = 0;
  const order = powers.map((_, number) => number);
  for (let left = order.length; left > 0; left--) {
    const [number] = order.splice(random.below(left), 1) as [number];
    if ((power + (powers[number] as number)) * 3 >= total) continue;
    faulty.push(number);
    power += powers[number] as number;
    if (random.chance(0.4)) break;
  }
  return faulty;
}

function drawLies(random: Random): readonly Lie[] {
  const chosen = LIES.filter(() => random.chance(0.3));
  return chosen.length > 0 ? chosen : [random.pick(LIES)];
}

/** Correct validators that may go: those that stay keep the faulty below a third. */
function drawLeavers(
  powers: readonly number[],
  isFaulty: (number: number) => boolean,
  random: Random,
): { node: number; power: bigint }[] {
  const faulty = powers.reduce((sum, power, number) => (isFaulty(number) ? sum + power : sum), 0);
  let left = powers.reduce((sum, power) => sum + power, 0);
  let count = powers.length;
  const leavers: { node: number; power: bigint }[] = [];
  for (const [node, power] of powers.entries()) {
    if (isFaulty(node) || random.chance(0.6) || count <= 3 || faulty * 3 >= left - power) continue;
    leavers.push({ node, power: BigInt(power) });
    left -= power;
    count--;
  }
  return leavers;
}
