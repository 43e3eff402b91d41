/** Clocks are compared with the peers': what is measured, when it is judged, and what follows. */
import { describe, expect, test } from "vitest";
import { ClockReport } from "../../../node/clock-report.ts";
import { createLogger } from "../../../node/log.ts";
import type { Peer } from "../../../node/p2p/peer.ts";
import { type ClockVerdict, PeerClocks } from "../../../node/p2p/peer-clocks.ts";
import { NoAnswerError } from "../../../node/p2p/requests.ts";

const NOW_MS = 1_800_000_000_000;

/** Peers whose clocks differ from the machine's by some milliseconds; an answer takes `wayMs` each way. */
async function judgements(
  offsets: readonly (number | undefined)[],
  expectedPeers: number,
  wayMs = 0,
): Promise<[ClockVerdict, number][]> {
  const found: [ClockVerdict, number][] = [];
  const peers = offsets.map((_, index) => ({ nodeId: `peer ${index}` }) as Peer);
  let elapsedMs = 0;
  const clocks = new PeerClocks(
    { expectedPeers },
    {
      requests: {
        serve: () => undefined,
        ask: async (peer) => {
          const offset = offsets[peers.indexOf(peer)];
          if (offset === undefined) throw new NoAnswerError("the peer refused");
          elapsedMs += wayMs;
          const timeMs = BigInt(NOW_MS + elapsedMs + offset);
          elapsedMs += wayMs;
          return { timeMs } as never;
        },
      },
      peers: () => peers,
      wallMs: () => NOW_MS + elapsedMs,
      monotonicMs: () => elapsedMs,
      judged: (verdict, aheadMs) => found.push([verdict, aheadMs]),
    },
  );
  for (const peer of peers) await clocks.measure(peer);
  clocks.stop();
  return found;
}

describe("the clock against the peers' clocks", () => {
  test("is right within two seconds, and nothing is said", async () => {
    expect(await judgements([1_900, -1_900, 100], 3)).toEqual([]);
  });
  test("is off beyond two seconds, by the median", async () => {
    expect(await judgements([-3_000, -4_000, -90_000], 3)).toEqual([["off", 4_000]]);
  });
  test("is wrong beyond thirty seconds, to either side", async () => {
    expect(await judgements([40_000, 41_000, 39_000], 3)).toEqual([["wrong", -40_000]]);
    expect(await judgements([-31_000, -31_000, -31_000], 3)).toEqual([["wrong", 31_000]]);
  });
  test("is not wrong because one of three peers says so, or two of four", async () => {
    expect(await judgements([-3_600_000, 0, 0], 3)).toEqual([]);
    expect(await judgements([0, 0, -3_600_000, -3_600_000], 3)).toEqual([]);
  });
  test("is not judged before three peers answered, unless fewer are to be expected", async () => {
    expect(await judgements([40_000, 40_000, undefined], 3)).toEqual([]);
    expect(await judgements([40_000, 40_000], 2)).toEqual([["wrong", -40_000]]);
    expect(await judgements([40_000], 0)).toEqual([["wrong", -40_000]]);
  });
  test("is not off because answers take their time", async () => {
    expect(await judgements([0, 0, 0], 3, 2_400)).toEqual([]);
  });
});

describe("a clock that is wrong", () => {
  function report(atMs: number): { refused: string[]; said: string[]; judged: ClockReport["judged"] } {
    const [refused, said]: [string[], string[]] = [[], []];
    let nowMs = 0;
    const reporter = new ClockReport({
      log: createLogger({ format: "json", write: (line) => said.push((JSON.parse(line) as { msg: string }).msg) }),
      monotonicMs: () => nowMs,
      clockWrong: (reason) => refused.push(reason),
    });
    nowMs = atMs;
    return { refused, said, judged: (verdict, aheadMs) => reporter.judged(verdict, aheadMs) };
  }

  test("ends a node that has just started, with what to do", () => {
    const { refused, said, judged } = report(5_000);
    judged("wrong", -45_000);
    expect(said).toEqual([]);
    expect(refused).toEqual([
      "this machine's clock is 45.0 s behind its peers' clocks, so it does not validate; set it, for example with: timedatectl set-ntp true, and start it again. No block or signature was lost",
    ]);
  });
  test("is only told by a node that has run for long: peers may be the ones that are wrong", () => {
    const { refused, said, judged } = report(500_000);
    judged("wrong", 45_000);
    judged("right", 100);
    expect(refused).toEqual([]);
    expect(said).toEqual([
      "this machine's clock is 45.0 s ahead of its peers' clocks; set it, for example with: timedatectl set-ntp true",
      "the clock agrees with the peers' clocks",
    ]);
  });
  test("is a warning when it is off by little", () => {
    const { refused, said, judged } = report(0);
    judged("off", 2_500);
    expect([refused.length, said.length]).toEqual([0, 1]);
  });
});
