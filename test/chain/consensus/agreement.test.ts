// Four machines and a network that is nothing but an order of delivery, chosen at random. No driver, no disk, no clock:
// timeouts fire whenever chance says so, which is what a clock does at its worst.

import fc from "fast-check";
import { expect, test } from "vitest";
import { votesOf } from "../../../chain/consensus/certificate.ts";
import type { Input } from "../../../chain/consensus/input.ts";
import { missingOf, summaryOf } from "../../../chain/consensus/repair.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE } from "../../../chain/types/vote.ts";
import { Random } from "../../sim/random.ts";
import { block, Machine, NIL, validators } from "./machine.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

interface Net {
  readonly machines: readonly Machine[];
  readonly mail: { readonly to: number; readonly input: Input }[];
  readonly timers: { readonly of: number; readonly input: Input }[];
  /** How many effects of each machine have been dealt with. */
  readonly seen: number[];
}

function deal(net: Net): void {
  for (const [from, machine] of net.machines.entries()) {
    for (; (net.seen[from] as number) < machine.effects.length; net.seen[from] = (net.seen[from] as number) + 1) {
      const effect = machine.effects[net.seen[from] as number];
      if (effect?.type === "publish") {
        for (const to of net.machines.keys()) if (to !== from) net.mail.push({ to, input: effect.message });
      } else if (effect?.type === "schedule") {
        const { kind, height, round } = effect;
        net.timers.push({ of: from, input: { type: "timeout", kind, height, round } });
      } else if (effect?.type === "validate") {
        const { height, blockId } = effect;
        net.mail.push({ to: from, input: { type: "blockReady", height, blockId, valid: true } });
      } else if (effect?.type === "buildValue") {
        // Every proposer and round has a block of its own.
        const blockId = block(LETTERS[(from + 4 * effect.round) % LETTERS.length] as string);
        net.mail.push({ to: from, input: { type: "builtValue", height: 1n, round: effect.round, blockId } });
      }
    }
  }
}

/** Runs one schedule. `liars` of the machines also send, to each peer, votes that chance invents. */
function run(seed: number, powers: readonly bigint[], liars: number, events: number): Net {
  const random = new Random(seed);
  const set = validators(...powers);
  const machines = powers.map((_, index) => new Machine(set, index));
  const net: Net = { machines, mail: [], timers: [], seen: powers.map(() => 0) };
  const loss = random.next() * 0.4;
  for (let event = 0; event < events; event++) {
    deal(net);
    const fate = random.next();
    if (fate < 0.72 && net.mail.length > 0) {
      const [letter] = net.mail.splice(random.below(net.mail.length), 1);
      if (letter !== undefined && !random.chance(loss)) net.machines[letter.to]?.give(letter.input);
      if (letter !== undefined && random.chance(0.1)) net.mail.push(letter);
    } else if (fate < 0.8 && net.timers.length > 0) {
      const [timer] = net.timers.splice(random.below(net.timers.length), 1);
      if (timer !== undefined) net.machines[timer.of]?.give(timer.input);
    } else if (fate < 0.95) {
      repair(net, random);
    } else {
      for (let liar = 0; liar < liars; liar++) lie(net, random, liar);
    }
  }
  return net;
}

function repair(net: Net, random: Random): void {
  const to = random.below(net.machines.length);
  const asker = net.machines[to] as Machine;
  const helper = random.pick(net.machines);
  const summary = { ...summaryOf(asker.state), wanted: undefined };
  for (const message of missingOf(helper.state, summary)) {
    if (message.type === "certificate") {
      const { kind } = message.certificate;
      asker.give({ type: "cert", kind, votes: votesOf(message.certificate) });
    } else {
      asker.give(message);
    }
  }
}

function lie(net: Net, random: Random, liar: number): void {
  const machine = net.machines[liar] as Machine;
  const { round, candidates } = random.pick(net.machines).state;
  const ids = [NIL, ...candidates.map((candidate) => candidate.blockId)];
  for (const to of net.machines.keys()) {
    if (to === liar) continue;
    const type = random.chance(0.5) ? SIGNED_PREVOTE : SIGNED_PRECOMMIT;
    const vote = machine.vote(type, liar, Math.max(0, round + random.below(3) - 1), random.pick(ids));
    net.machines[to]?.give({ type: "vote", vote });
    if (random.chance(0.3)) {
      const proposal = machine.proposal(
        round,
        random.pick(ids.slice(1).concat(block("Z"))),
        random.below(round + 1) - 1,
      );
      if (machine.proposerOf(round) === liar) net.machines[to]?.give({ type: "proposal", proposal });
    }
  }
}

function decisions(net: Net, liars: number): readonly string[] {
  return net.machines.slice(liars).flatMap((machine) => machine.committed ?? []);
}

const RUNS = process.env.TRIBUTARY_FULL === "1" ? 20_000 : 120;
const anyPowers = fc.constantFrom(
  [1n, 1n, 1n, 1n],
  [5n, 3n, 2n, 1n, 1n],
  [10n, 10n, 10n],
  [1n, 1n, 1n, 1n, 1n, 1n, 1n],
);

test("honest machines never decide differently, in whatever order messages and timeouts come", () => {
  let decided = 0;
  const property = fc.property(fc.integer(), anyPowers, (seed, powers) => {
    const found = decisions(run(seed, powers, 0, 400), 0);
    decided += found.length;
    expect(new Set(found).size).toBeLessThanOrEqual(1);
  });
  fc.assert(property, { numRuns: RUNS });
  // A machine that never decides would agree as well.
  expect(decided).toBeGreaterThan(RUNS);
}, 3_600_000);

test("one liar among four splits nobody", () => {
  let decided = 0;
  const property = fc.property(fc.integer(), (seed) => {
    const found = decisions(run(seed, [1n, 1n, 1n, 1n], 1, 600), 1);
    decided += found.length;
    expect(new Set(found).size).toBeLessThanOrEqual(1);
  });
  fc.assert(property, { numRuns: RUNS });
  expect(decided).toBeGreaterThan(RUNS / 4);
}, 3_600_000);

test("two liars among four do split the others: the bound of one third is real, and a split is seen as one", () => {
  const set = validators(1n, 1n, 1n, 1n);
  const liars = [new Machine(set, undefined).proposerOf(0)];
  liars.push([0, 1, 2, 3].find((index) => !liars.includes(index)) as number);
  const honest = [0, 1, 2, 3].filter((index) => !liars.includes(index)).map((index) => new Machine(set, index));
  for (const [at, machine] of honest.entries()) {
    const blockId = block(LETTERS[at] as string);
    machine.proposeReady(0, blockId);
    machine.prevote(liars, 0, blockId);
    machine.precommit(liars, 0, blockId);
  }
  expect(honest.map((machine) => machine.committed)).toEqual(["A", "B"]);
});
