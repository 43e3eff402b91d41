/**
 * A hundred hostile nodes around an honest one: the attacks by which a node is cut off from the honest, or the network from its use, in
 * the classes of the evaluation of GossipSub 1.1 (Sybil, eclipse, cold boot, covert flash, degradation, spam, censorship) and of
 * Bitcoin's eclipse attacks (tables filled with false addresses, restarts). Everything above libp2p is the product's own, time and
 * chance are the test's, there are no sockets.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  BAN_MS,
  FAULT_AVOIDANCE_MS,
  INBOUND_SOCKETS_BURST,
  MAX_INBOUND_PEERS,
  MAX_OUTBOUND_PEERS,
  MAX_PEERS_PER_ADDRESS,
  PROVEN_USEFULNESS,
  UNPROVEN_STAY_MS,
} from "../../../node/p2p/limits.ts";
import { FakeWorld, Other } from "./fake-world.ts";

vi.mock("../../../node/p2p/host.ts", async (original) => ({
  ...(await original<object>()),
  openHost: (await import("./fake-world.ts")).openFakeHost,
}));

const HOSTILE = 100;
const MINUTE = 60_000;

/** Validators that are configured, honest nodes each in a block of addresses of its own, and the hostile likewise. */
const validators = () => [0, 1].map((index) => new Other(10_000 + index, `14${index}.9.0.1`));
const honestNodes = () => Array.from({ length: 12 }, (_, index) => new Other(1_000 + index, `${150 + index}.1.0.1`));
const hostileNodes = () => Array.from({ length: HOSTILE }, (_, index) => new Other(index, `${20 + index}.7.0.1`));

const folder = mkdtempSync(join(tmpdir(), "tributary-eclipse-"));
let worlds: FakeWorld[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  let state = 1;
  vi.spyOn(Math, "random").mockImplementation(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
});

afterEach(async () => {
  await Promise.all(worlds.map(({ network }) => network.stop()));
  worlds = [];
  vi.useRealTimers();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: ConstructorParameters<typeof FakeWorld>[0]): Promise<FakeWorld> {
  const world = new FakeWorld(options);
  worlds.push(world);
  await world.start();
  return world;
}

/** A node that has met the honest ones: its validators told it of them. */
async function settled(policy = {}) {
  const [persistent, honest, hostile] = [validators(), honestNodes(), hostileNodes()];
  for (const validator of persistent) validator.tells = honest.map(({ address }) => address);
  const world = await start({ persistent, policy });
  for (const other of honest) world.place(other);
  await world.wait(2 * MINUTE);
  return { world, persistent, honest, hostile };
}

type Settled = Awaited<ReturnType<typeof settled>>;

/** What must hold whatever the hostile do: the validators are there, and the peers of this node's own choice are honest. */
function expectUnmoved({ world, persistent, honest }: Settled): void {
  expect(persistent.map((one) => world.has(one))).toEqual([true, true]);
  const outbound = new Set(world.peers(true));
  expect(honest.filter(({ id }) => outbound.has(id)).length).toBeGreaterThanOrEqual(MAX_OUTBOUND_PEERS);
}

test("Sybil at one address: a hundred identities get three places, and those of others stay free", async () => {
  const all = await settled();
  const sybils = hostileNodes().map((_, index) => new Other(index, "20.7.0.1"));
  for (let turn = 0; turn < 10; turn += 1) {
    for (const one of sybils) all.world.dials(one);
    await all.world.wait(1_000);
  }
  expect(all.world.peers(false).length).toBe(MAX_PEERS_PER_ADDRESS);
  expect(all.world.dials(new Other(5_000, "200.1.0.1"))).toBe(true);
  await all.world.wait(100);
  expect(all.world.peers(false).length).toBe(MAX_PEERS_PER_ADDRESS + 1);
  expectUnmoved(all);
});

test("Sybil at a hundred addresses: idle ones take half of the inbound places, and give way to peers that bring something", async () => {
  const all = await settled();
  for (let turn = 0; turn < 20; turn += 1) {
    for (const one of all.hostile) all.world.dials(one);
    await all.world.wait(1_000);
  }
  expect(all.world.peers(false).length).toBe(MAX_INBOUND_PEERS / 2);
  await all.world.wait(UNPROVEN_STAY_MS);
  const newcomers = Array.from({ length: 10 }, (_, index) => new Other(6_000 + index, `${200 + index}.1.0.1`));
  for (const newcomer of newcomers) {
    all.world.dials(newcomer);
    newcomer.vote(true, PROVEN_USEFULNESS);
    await all.world.wait(1_000);
  }
  // The hostile try again and again: whoever has shown its worth stays.
  for (let turn = 0; turn < 120; turn += 1) {
    for (const one of all.hostile) all.world.dials(one);
    await all.world.wait(1_000);
  }
  expect(newcomers.every((newcomer) => all.world.has(newcomer))).toBe(true);
  expectUnmoved(all);
});

test("a flood of false addresses: told by a hundred, they move no connection, and those met come back when all are lost", async () => {
  const all = await settled();
  for (const [index, one] of all.hostile.entries()) {
    one.tells = Array.from(
      { length: 100 },
      (_, at) => new Other(20_000 + index * 100 + at, `${20 + at}.${index}.0.9`).address,
    );
    all.world.dials(one);
    await all.world.wait(1_000);
  }
  await all.world.wait(5 * MINUTE);
  expectUnmoved(all);
  // The line is cut and comes back; none of the false addresses answers.
  for (const other of [...all.honest, ...all.persistent, ...all.hostile]) other.stream?.close();
  await all.world.wait(15 * MINUTE);
  const outbound = new Set(all.world.peers(true));
  expect(all.honest.filter(({ id }) => outbound.has(id)).length).toBeGreaterThanOrEqual(MAX_OUTBOUND_PEERS / 2);
  expect(all.persistent.every((one) => all.world.has(one))).toBe(true);
});

test("cold boot: a node that restarts amid hostile nodes that all answer keeps its validators, and finds honest ones by its book", async () => {
  const policy = { addressBookFile: join(folder, "book.json") };
  const before = await settled(policy);
  for (const one of before.hostile) {
    one.tells = before.hostile.map(({ address }) => address).slice(0, 99);
    before.world.dials(one);
    await before.world.wait(1_000);
  }
  await before.world.network.stop();
  worlds = [];
  const world = await start({ persistent: before.persistent, policy });
  for (const other of [...before.honest, ...before.hostile]) world.place(other);
  // They are at the door before anyone else.
  for (const one of before.hostile) world.dials(one);
  await world.wait(5 * MINUTE);
  expect(before.persistent.every((one) => world.has(one))).toBe(true);
  const outbound = world.peers(true);
  const honest = before.honest.filter(({ id }) => outbound.includes(id));
  expect(outbound.length).toBeGreaterThanOrEqual(MAX_OUTBOUND_PEERS);
  expect(honest.length).toBeGreaterThanOrEqual(3);
  expect(world.peers(false).length).toBeLessThanOrEqual(MAX_INBOUND_PEERS / 2);
});

test("covert flash: forty that served well for an hour and turn at one moment are all out and banned at once", async () => {
  const all = await settled();
  const covert = all.hostile.slice(0, MAX_INBOUND_PEERS);
  for (const one of covert) {
    all.world.dials(one);
    one.vote(true, PROVEN_USEFULNESS);
    await all.world.wait(1_000);
  }
  for (let minute = 0; minute < 60; minute += 1) {
    for (const one of covert) one.vote(true, 3);
    await all.world.wait(MINUTE);
  }
  expect(covert.filter((one) => all.world.has(one)).length).toBe(MAX_INBOUND_PEERS);
  for (const one of covert) one.vote(false);
  await all.world.wait(100);
  expect(all.world.peers(false)).toEqual([]);
  expect(all.world.network.statistics().bans).toBe(MAX_INBOUND_PEERS);
  for (const one of covert) expect(all.world.dials(one)).toBe(false);
  // Their places are there for others.
  const newcomer = new Other(5_000, "200.1.0.1");
  all.world.dials(newcomer);
  await all.world.wait(100);
  expect(all.world.has(newcomer)).toBe(true);
  expectUnmoved(all);
});

test("degradation: who is bad now and then is banned after some ten times, whatever good it did before, and is let in again later", async () => {
  const all = await settled();
  const [slow] = all.hostile as [Other, ...Other[]];
  all.world.dials(slow);
  slow.vote(true, 1_000);
  await all.world.wait(100);
  slow.stream?.close();
  // Two addresses that are none cost ten points, a thousand good votes are worth no more.
  slow.tells = ["nonsense", "nonsense"];
  let times = 0;
  for (; times < 40 && all.world.dials(slow); times += 1) {
    await all.world.wait(1_000);
    slow.stream?.close();
    await all.world.wait(14_000);
  }
  // Five points more once it is so low that the first one ends the connection.
  expect(times).toBeLessThanOrEqual(12);
  expect(all.world.network.statistics().bans).toBe(1);
  await all.world.wait(BAN_MS);
  expect(all.world.dials(slow)).toBe(true);
  expectUnmoved(all);
});

test("spam under ever new identities: three bans close an address, and the hundred addresses are closed one by one", async () => {
  const all = await settled();
  let number = 30_000;
  let entered = 0;
  for (let turn = 0; turn < 600; turn += 1) {
    number += 1;
    const one = new Other(number, all.hostile[turn % HOSTILE]!.host);
    if (all.world.dials(one)) entered += 1;
    one.vote(false);
    await all.world.wait(500);
  }
  expect(entered).toBe(3 * HOSTILE);
  expect(all.world.network.statistics().bans).toBe(3 * HOSTILE);
  expect(all.world.peers(false)).toEqual([]);
  expectUnmoved(all);
});

test("churn: a hundred that come and go without end pass the door no faster than it opens, and whoever is in stays", async () => {
  const all = await settled();
  const inside = Array.from({ length: 5 }, (_, index) => new Other(6_000 + index, `${200 + index}.1.0.1`));
  for (const one of inside) {
    all.world.dials(one);
    one.vote(true, PROVEN_USEFULNESS);
  }
  await all.world.wait(5_000);
  let entered = 0;
  for (let second = 0; second < 30; second += 1) {
    for (let round = 0; round < 5; round += 1)
      for (const one of all.hostile) {
        if (all.world.dials(one)) entered += 1;
        one.stream?.close();
      }
    await all.world.wait(1_000);
  }
  expect(entered).toBeLessThanOrEqual(30 * 50 + INBOUND_SOCKETS_BURST);
  expect(inside.every((one) => all.world.has(one))).toBe(true);
  expectUnmoved(all);
  await all.world.wait(5_000);
  const newcomer = new Other(5_000, "210.1.0.1");
  expect(all.world.dials(newcomer)).toBe(true);
});

test("censorship: nobody can have a validator banned, nor redirect it; one that errs is back after a minute", async () => {
  const all = await settled();
  const [validator] = all.persistent as [Other, Other];
  // Liars tell the validator's id at addresses of their own, where nobody proves to be it.
  for (const one of all.hostile) {
    one.tells = [`${validator.id}@${one.host}:26656`];
    all.world.place(one);
    all.world.dials(one);
    await all.world.wait(1_000);
  }
  expect(all.world.has(validator)).toBe(true);
  validator.vote(false);
  await all.world.wait(100);
  expect(all.world.has(validator)).toBe(false);
  await all.world.wait(2 * FAULT_AVOIDANCE_MS);
  expect(all.world.has(validator)).toBe(true);
  expect(all.world.network.statistics().bans).toBe(0);
  expectUnmoved(all);
});
