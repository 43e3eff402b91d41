// The words of directed schedules: a world in which nothing happens by chance, and names for the messages in it. Owns no
// schedule; the scenarios beside it are those.

import { expect } from "vitest";
import { indexOf, proposerAddress } from "../../../chain/consensus/validators.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE, type Vote } from "../../../chain/types/vote.ts";
import type { SignJournal } from "../../../node/engine/sign-journal.ts";
import { Signer, type SignOutcome, type SignRequest } from "../../../node/engine/signer.ts";
import type { ConsensusMessage } from "../../../node/ports.ts";
import { equalBytes, hex } from "../../../proto/bytes.ts";
import type { Envelope } from "../network.ts";
import { type SimNode, World, type WorldOptions } from "../world.ts";

/** How long a message takes, in milliseconds; always the same, so that what is sent first arrives first. */
export const DELAY_MS = 5;

/** A started world without chance: nothing is lost, doubled, overtaken or relayed, and nobody crashes by itself. */
export async function quietWorld(options: Partial<WorldOptions> = {}, except: readonly number[] = []): Promise<World> {
  const world = new World({ seed: 1, validators: 4, relay: 0, ...options });
  world.network.faults = { loss: 0, duplicates: 0, replayMs: 0, minDelayMs: DELAY_MS, maxDelayMs: DELAY_MS };
  await world.start(except);
  return world;
}

/** Everybody, or those named, commits this height before the time is up. */
export async function reaches(
  world: World,
  height: bigint,
  options: { readonly who?: readonly number[]; readonly within?: number } = {},
): Promise<void> {
  const { who = world.nodes.map(({ number }) => number), within = 20_000 } = options;
  const there = (): boolean => who.every((number) => world.node(number).height >= height);
  const heights = (): string => world.nodes.map((node) => `${node.number}: ${node.height}`).join(", ");
  expect(await world.runUntil(there, within), `height ${height} within ${within} ms; heights ${heights()}`).toBe(true);
}

/** Nobody commits anything for as long. */
export async function standsStill(world: World, ms: number): Promise<void> {
  const before = world.highestHeight();
  await world.run(ms);
  expect(world.highestHeight(), "the highest height").toBe(before);
}

/** The number of the node whose turn it is at the height that node `at` works on. */
export function proposerOf(world: World, round: number, at = 0): number {
  const machine = world.node(at).driver?.machine;
  if (machine === undefined) throw new Error(`node ${at} is down`);
  const address = proposerAddress(machine.validators, round);
  const node = world.nodes.find((each) => each.address !== undefined && equalBytes(each.address, address));
  if (node === undefined) throw new Error("nobody's turn");
  return node.number;
}

/** The place of a node's key among the validators that it knows. */
export function placeOf(node: SimNode): number {
  const validators = node.driver?.machine.validators;
  const place = validators && node.address && indexOf(validators, node.address);
  if (place === undefined) throw new Error(`node ${node.number} is no validator`);
  return place;
}

/** Which messages a schedule loses or holds back; what is left out is any. */
export interface Which {
  readonly from?: number | readonly number[];
  readonly to?: number | readonly number[];
  readonly kind?: "prevote" | "precommit" | "proposal" | "part" | "certificate" | "evidence";
  readonly round?: number;
  readonly height?: bigint;
}

/** Consensus messages on their way, published or relayed; what repair brings is not among them. */
export function messages(which: Which): (envelope: Envelope) => boolean {
  return ({ from, to, wire }) =>
    wire.kind === "consensus" &&
    isOf(which.from, from) &&
    isOf(which.to, to) &&
    (which.kind === undefined || which.kind === kindOf(wire.message)) &&
    (which.round === undefined || which.round === placeIn(wire.message)?.round) &&
    (which.height === undefined || which.height === placeIn(wire.message)?.height);
}

/** Pull repair, all of it or between those named. */
export function repair(which: Pick<Which, "from" | "to"> = {}): (envelope: Envelope) => boolean {
  return ({ from, to, wire }) => wire.kind === "repairResponse" && isOf(which.from, from) && isOf(which.to, to);
}

/** Block sync. */
export function blockSync(): (envelope: Envelope) => boolean {
  return ({ wire }) => wire.kind === "blockResponse";
}

/** Every vote that leaves a node from now on, as it is published. */
export function listenTo(world: World): readonly { readonly from: number; readonly vote: Vote }[] {
  const heard: { from: number; vote: Vote }[] = [];
  world.drop(({ from, to, wire }) => {
    const first = world.nodes.find(({ number }) => number !== from)?.number;
    if (wire.kind === "consensus" && wire.message.type === "vote" && to === first)
      heard.push({ from, vote: wire.message.vote });
    return false;
  });
  return heard;
}

/** The write-ahead log of a height. */
export function logPath(height: bigint): string {
  return `/data/wal/${height.toString().padStart(19, "0")}.wal`;
}

export const JOURNAL_PATH = "/data/sign.journal";

/** What a node has said in its log that has these words. */
export function saying(node: SimNode, words: string): readonly string[] {
  return node.lines.filter((line) => line.includes(words));
}

/** The blocks all nodes agree on, as texts; throws where two differ. */
export function expectOneChain(world: World): void {
  const low = world.lowestHeight();
  for (let height = 1n; height <= low; height++) {
    const ids = new Set(
      world.nodes.map((node) => hex(node.database.blocks.get(height)?.blockId.hash ?? new Uint8Array(0))),
    );
    expect(ids.size, `blocks at ${height}`).toBe(1);
  }
}

// ---------------------------------------------------------------- nodes that lack something

/** A signer without its second guard: it signs a prevote against the lock that its journal holds. */
export function withoutGuard(node: SimNode): void {
  node.signerFrom = (chainId, { key, journal }) => {
    const blind = new Signer({ chainId }, { key, journal: withoutLocks(journal) });
    const seeing = new Signer({ chainId }, { key, journal });
    return Object.assign(blind, { lockAt: (height: bigint) => seeing.lockAt(height) });
  };
}

/** A journal whose locks nobody gets to see: neither the guard nor the machine after a restart. */
export function withoutJournalLock(node: SimNode): void {
  node.signerFrom = (chainId, { key, journal }) => new Signer({ chainId }, { key, journal: withoutLocks(journal) });
}

/** A machine that does not get its lock back after a restart; the signer's guard is all there is. */
export function withForgetfulMachine(node: SimNode): void {
  node.signerFrom = (chainId, needs) => Object.assign(new Signer({ chainId }, needs), { lockAt: () => undefined });
}

function withoutLocks(journal: SignJournal): SignJournal {
  return new Proxy(journal, {
    get: (target, name) => {
      if (name === "lockAt") return () => undefined;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

export type { SignOutcome, SignRequest };

// ---------------------------------------------------------------- small words

function isOf(wanted: number | readonly number[] | undefined, number: number): boolean {
  return wanted === undefined || [wanted].flat().includes(number);
}

function kindOf(message: ConsensusMessage): Which["kind"] {
  if (message.type !== "vote") return message.type;
  return message.vote.type === SIGNED_PREVOTE
    ? "prevote"
    : message.vote.type === SIGNED_PRECOMMIT
      ? "precommit"
      : undefined;
}

function placeIn(message: ConsensusMessage): { readonly height: bigint; readonly round: number } | undefined {
  switch (message.type) {
    case "vote":
      return message.vote;
    case "proposal":
      return message.proposal;
    case "part":
      return message;
    case "certificate":
      return message.certificate.commit;
    default:
      return undefined;
  }
}
