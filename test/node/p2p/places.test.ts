/** Who gets in and who stays: sockets at the door, places among the peers, scores, bans and the bytes that all hold together. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { ByteBudget } from "../../../node/byte-budget.ts";
import { silentLogger } from "../../../node/log.ts";
import { Bans } from "../../../node/p2p/bans.ts";
import { InboundGate } from "../../../node/p2p/inbound-gate.ts";
import { groupOf, isRoutable } from "../../../node/p2p/ip-group.ts";
import {
  BAN_MS,
  FAULT_POINTS,
  INBOUND_SOCKETS_BURST,
  INBOUND_SOCKETS_PER_ADDRESS_BURST,
  MAX_PENDING_SOCKETS,
  SCORE_HALF_LIFE_MS,
  UNPROVEN_STAY_MS,
} from "../../../node/p2p/limits.ts";
import { Scores } from "../../../node/p2p/scores.ts";
import { decideSlot, type InboundPeer } from "../../../node/p2p/slots.ts";

describe("scores", () => {
  test("a fatal fault takes a node to the bottom whatever credit it had, and credit is capped low", () => {
    const scores = new Scores();
    for (let useful = 0; useful < 1_000; useful += 1) scores.add("a", 1, 0);
    expect(scores.of("a", 0)).toBe(10);
    expect(scores.add("a", FAULT_POINTS.fatal, 0)).toBe(-100);
  });

  test("points halve in ten minutes", () => {
    const scores = new Scores();
    scores.add("a", -40, 0);
    expect(scores.of("a", SCORE_HALF_LIFE_MS)).toBeCloseTo(-20);
    expect(scores.of("b", 0)).toBe(0);
  });
});

describe("places", () => {
  const rules = { maxInbound: 6, allowDuplicateIp: false };
  const peer = (host: string, usefulness = 0, openedMs = 0): InboundPeer => ({ host, usefulness, openedMs });

  test("an address has three places, loopback and a node that allows more have no such bound", () => {
    const three = [peer("1.1.1.1", 9), peer("1.1.1.1", 9), peer("1.1.1.1", 9)];
    expect(decideSlot("1.1.1.1", three, rules, 0)).toMatchObject({ admit: false });
    expect(decideSlot("1.1.1.1", three, { ...rules, allowDuplicateIp: true }, 0)).toMatchObject({ admit: true });
    expect(
      decideSlot("127.0.0.1", [peer("127.0.0.1", 9), peer("127.0.0.1", 9), peer("127.0.0.1", 9)], rules, 0),
    ).toEqual({ admit: true });
  });

  test("those that brought nothing take no more than half of the places", () => {
    const strangers = ["1.0.0.1", "2.0.0.1", "3.0.0.1"].map((host) => peer(host));
    expect(decideSlot("4.0.0.1", strangers, rules, 1_000)).toMatchObject({ admit: false });
    const proven = strangers.map(({ host }) => peer(host, 8));
    expect(decideSlot("4.0.0.1", proven, rules, 1_000)).toEqual({ admit: true });
  });

  test("one that brought nothing for a minute gives way, the oldest first; one that brought something stays", () => {
    const full = [peer("1.0.0.1", 0, 50), peer("2.0.0.1", 0, 20), peer("3.0.0.1", 1, 0)];
    expect(decideSlot("4.0.0.1", full, rules, UNPROVEN_STAY_MS + 60)).toEqual({ admit: true, instead: full[1] });
  });

  test("when all places are with proven peers a newcomer is turned away", () => {
    const all = Array.from({ length: 6 }, (_, index) => peer(`${index + 1}.0.0.1`, 100));
    expect(decideSlot("9.0.0.1", all, rules, 1e9)).toMatchObject({ admit: false });
  });
});

describe("the door", () => {
  test("sockets beyond the places and their handshakes are turned away, and a closed one makes room", () => {
    let nowMs = 0;
    const gate = new InboundGate({ places: 2, allowDuplicateIp: true, nowMs: () => nowMs });
    const leave = [];
    for (let socket = 0; socket < 2 + MAX_PENDING_SOCKETS; socket += 1) leave.push(gate.enter(`10.0.${socket}.1`));
    expect(leave.every((close) => close !== undefined)).toBe(true);
    nowMs = 10_000;
    expect(gate.enter("10.1.0.1")).toBeUndefined();
    leave[0]!();
    leave[0]!();
    expect(gate.enter("10.1.0.1")).toBeDefined();
    expect(gate.enter("10.1.0.2")).toBeUndefined();
    expect(gate.refused).toBe(2);
  });

  test("a thousand sockets at once from one address cost a few handshakes, and others still come in", () => {
    const gate = new InboundGate({ places: 40, allowDuplicateIp: false, nowMs: () => 0 });
    let entered = 0;
    for (let socket = 0; socket < 1_000; socket += 1) {
      const leave = gate.enter("6.6.6.6");
      if (leave) entered += 1;
      leave?.();
    }
    expect(entered).toBe(INBOUND_SOCKETS_PER_ADDRESS_BURST);
    for (let host = 0; host < INBOUND_SOCKETS_BURST - entered; host += 1)
      expect(gate.enter(`7.7.${host}.1`)?.()).toBeUndefined();
    expect(gate.refused).toBe(1_000 - entered);
  });
});

describe("bans", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const file = () => {
    const folder = mkdtempSync(join(tmpdir(), "tributary-bans-"));
    folders.push(folder);
    return join(folder, "data", "banned_peers.json");
  };
  const id = (digit: string) => digit.repeat(40);

  test("a ban outlives a restart, and ends", () => {
    const path = file();
    let now = Date.now();
    const log = silentLogger();
    new Bans(path, { log, now: () => now }).add(id("a"), "1.2.3.4", "it lied");
    const restarted = new Bans(path, { log, now: () => now });
    expect(restarted.has(id("a"))).toBe(true);
    expect(restarted.list()).toMatchObject([{ host: "1.2.3.4", reason: "it lied" }]);
    now += BAN_MS;
    expect(restarted.has(id("a"))).toBe(false);
  });

  test("an address of which three nodes were banned is refused; loopback never is", () => {
    const bans = new Bans(undefined, { log: silentLogger() });
    for (const digit of ["a", "b"]) bans.add(id(digit), "1.2.3.4", "");
    expect(bans.hasAddress("1.2.3.4")).toBe(false);
    bans.add(id("c"), "1.2.3.4", "");
    expect(bans.hasAddress("1.2.3.4")).toBe(true);
    for (const digit of ["d", "e", "f"]) bans.add(id(digit), "127.0.0.1", "");
    expect(bans.hasAddress("127.0.0.1")).toBe(false);
  });

  test("a damaged file is set aside, and bans begin anew", () => {
    for (const damage of ["{", '{"bans":[{"id":"nobody"}]}', "null"]) {
      const path = file();
      new Bans(path, { log: silentLogger() }).add(id("a"), "", "");
      writeFileSync(path, damage);
      expect(new Bans(path, { log: silentLogger() }).list()).toEqual([]);
      expect(readFileSync(`${path}.damaged`, "utf8")).toBe(damage);
    }
  });
});

test("the bytes that all hold are bounded: whoever holds most gives up", () => {
  const gone: string[] = [];
  const budget = new ByteBudget<string>(100, (holder) => gone.push(holder));
  budget.change("a", 60);
  budget.change("b", 30);
  budget.change("b", 15);
  expect([gone, budget.total]).toEqual([["a"], 45]);
  budget.change("b", -45);
  expect(budget.total).toBe(0);
  budget.change("c", 101);
  expect([gone, budget.total]).toEqual([["a", "c"], 0]);
});

test.each([
  ["8.8.8.8", true, "8.8"],
  ["::ffff:8.8.8.8", true, "8.8"],
  ["10.1.2.3", false, "10.1.2.3"],
  ["100.64.0.1", false, "100.64.0.1"],
  ["172.31.0.1", false, "172.31.0.1"],
  ["172.32.0.1", true, "172.32"],
  ["192.168.0.9", false, "192.168.0.9"],
  ["203.0.113.7", false, "203.0.113.7"],
  ["2a01:4f8::1", true, "2a01:4f8"],
  ["fe80::1", false, "fe80::1"],
  ["fd00::1", false, "fd00::1"],
  ["::1", false, "::1"],
  ["node.example.org", true, "node.example.org"],
  ["localhost", false, "localhost"],
])("%s: routable %s, of the group %s", (host, routable, group) => {
  expect([isRoutable(host), groupOf(host)]).toEqual([routable, group]);
});
