/** Pulled repair by itself: whom it asks and when, and each asker's share. Peers are stand-ins that record what they are sent. */
import { expect, test } from "vitest";
import { MAX_REPAIR_ANSWER_BYTES, REPAIR_BYTES_PER_SECOND, REPAIRS_PER_SECOND } from "../../../node/p2p/limits.ts";
import type { Peer } from "../../../node/p2p/peer.ts";
import { decodeFrame } from "../../../node/p2p/peer.ts";
import { Quota } from "../../../node/p2p/quota.ts";
import { Repair } from "../../../node/p2p/repair.ts";
import { summaryToWire } from "../../../node/p2p/wire-messages.ts";
import type { ConsensusMessage, RoundSummary } from "../../../node/ports.ts";
import { fullDefault } from "../../../proto/codec.ts";

function standIn(height: bigint, usefulness = 0) {
  const sent: Uint8Array[] = [];
  const peer = {
    open: true,
    usefulness,
    status: { base: 1n, height },
    repairs: new Quota({ ratePerSecond: REPAIRS_PER_SECOND, burst: REPAIRS_PER_SECOND }),
    repairBytes: new Quota({ ratePerSecond: REPAIR_BYTES_PER_SECOND, burst: REPAIR_BYTES_PER_SECOND }),
    sendEncoded: (body: Uint8Array) => sent.push(body) > 0,
  };
  return { peer: peer as unknown as Peer, sent };
}

const blockId = { hash: new Uint8Array(32).fill(1), partSetHeader: { total: 3, hash: new Uint8Array(32).fill(2) } };

function repairAmong(peers: readonly Peer[], answer: readonly ConsensusMessage[] = []) {
  const standing = { height: 5n, round: 1, step: "prevote" };
  let wanted: RoundSummary["wanted"];
  let isComing = false;
  const served: number[] = [];
  const repair = new Repair({
    engine: {
      status: () => standing as never,
      summary: () => ({ height: standing.height, round: standing.round, rounds: [], wanted }),
      repair: (_, maxBytes) => {
        served.push(maxBytes);
        return answer;
      },
    },
    peers: () => peers,
    isComing: () => isComing,
    nowMs: () => 1_000,
  });
  const want = (coming: boolean) => {
    wanted = { blockId, parts: new Uint8Array(1) };
    isComing = coming;
  };
  return { repair, standing, want, served };
}

const vote = (round: number, height = 5n): ConsensusMessage => ({
  type: "vote",
  vote: { ...fullDefault("tendermint.types.Vote"), height, round },
});

test("nothing is asked while steps change; once one stays, two peers at the same height are asked, one of the most useful", () => {
  const useful = standIn(4n, 9);
  const others = [standIn(4n), standIn(4n), standIn(4n)];
  const behind = standIn(2n, 50);
  const { repair, standing } = repairAmong([useful, ...others, behind].map(({ peer }) => peer));
  const count = () => [useful, ...others].reduce((sum, { sent }) => sum + sent.length, 0);
  repair.tick();
  standing.step = "precommit";
  repair.tick();
  expect(count()).toBe(0);
  for (let tick = 0; tick < 60; tick += 1) repair.tick();
  expect(count()).toBe(120);
  expect(behind.sent).toEqual([]);
  // It is one of the two most useful, of which one is asked every time: half of the turns and some of the others.
  expect(useful.sent.length).toBeGreaterThan(15);
});

test("a peer that speaks of a later round is asked at once, once for each round, and not for other heights", () => {
  const ahead = standIn(4n);
  const { repair } = repairAmong([ahead.peer]);
  for (const message of [vote(1), vote(0), vote(3, 6n)]) repair.sawRound(ahead.peer, message);
  expect(ahead.sent).toEqual([]);
  for (const message of [vote(2), vote(2), vote(3)]) repair.sawRound(ahead.peer, message);
  expect(ahead.sent).toHaveLength(2);
});

test("after a suspension, which the driver tells by the same height and round again, peers are asked", () => {
  const peer = standIn(4n);
  const { repair } = repairAmong([peer.peer]);
  repair.moved(5n, 0);
  repair.moved(5n, 1);
  expect(peer.sent).toEqual([]);
  repair.moved(5n, 1);
  expect(peer.sent).toHaveLength(1);
});

test("parts of a block that is being put together are not asked for, others are, and whoever brings some is asked for more", () => {
  const peer = standIn(4n);
  const { repair, want } = repairAmong([peer.peer]);
  repair.goOn(peer.peer);
  expect(peer.sent).toEqual([]);
  want(true);
  repair.ask();
  want(false);
  repair.goOn(peer.peer);
  expect(peer.sent.map((body) => decodeFrame(body).repairRequest?.wanted)).toEqual([undefined, blockId]);
});

test("an asker gets eight answers a second and a megabyte of them, whatever it says of itself", () => {
  const request = summaryToWire({ height: 5n, round: 0, rounds: [], wanted: undefined });
  const often = standIn(4n);
  const small = repairAmong([often.peer], [vote(0)]);
  for (let ask = 0; ask < 100; ask += 1) small.repair.serve(often.peer, request);
  expect(small.served).toEqual(new Array(REPAIRS_PER_SECOND).fill(MAX_REPAIR_ANSWER_BYTES));

  const greedy = standIn(4n);
  const part = { ...fullDefault("tendermint.types.Part"), bytes: new Uint8Array(500_000) };
  const large = repairAmong([greedy.peer], [{ type: "part", height: 5n, round: 0, part }]);
  for (let ask = 0; ask < 100; ask += 1) large.repair.serve(greedy.peer, request);
  // The one that goes beyond the share is the last.
  expect(greedy.sent.length).toBe(3);
});
