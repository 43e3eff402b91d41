/**
 * What state sync reads from peers and from folders that others may have touched: offers, manifests, questions and answers, chunks, the
 * stream of a snapshot, the files of one. Whatever comes is refused in the expected way or is right; nothing throws, hangs or grows.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { SnapshotError } from "../../../chain/store/snapshot-import.ts";
import { sha256 } from "../../../node/crypto.ts";
import { CrashPoints } from "../../../node/engine/crash-points.ts";
import type { Peer } from "../../../node/p2p/peer.ts";
import { decodeBounded, type RequestHandler, type RequestKind, Requests } from "../../../node/p2p/requests.ts";
import { ChunkFolder } from "../../../node/sync/chunk-folder.ts";
import { MAX_REJECTED_SNAPSHOTS, MAX_SNAPSHOT_CHUNKS, MAX_SNAPSHOTS_TOLD } from "../../../node/sync/limits.ts";
import { chunkKind, SNAPSHOTS_KIND, serveSnapshots } from "../../../node/sync/request-kinds.ts";
import { restoreRecords } from "../../../node/sync/restore.ts";
import { manifestOf, SnapshotOffers } from "../../../node/sync/snapshot-offers.ts";
import { DESCRIPTION_FILE, describedBy, type Snapshot, SnapshotStore } from "../../../node/sync/snapshot-store.ts";
import { concat, hex } from "../../../proto/bytes.ts";
import { DecodeError, encode } from "../../../proto/codec.ts";
import type { MessageName } from "../../../proto/types.gen.ts";
import { testBytes } from "../../hard/reading.ts";
import { applicationOver, CHAIN_ID, SnapshotChain } from "./snapshot-chain.ts";

const factor = process.env.TRIBUTARY_FULL === "1" ? 50 : 1;
const work = mkdtempSync(join(tmpdir(), "tributary-untrusted-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
let made = 0;
const newFolder = () => join(work, String(made++));

const chain = new SnapshotChain().upTo(3n);
const store = new SnapshotStore(newFolder());
const snapshot = await chain.snapshot(store, 1_000);
const { appHash } = chain.upTo(4n).block(4n).block.header;
const chunks = Array.from({ length: snapshot.chunks }, (_, index) => Uint8Array.from(store.chunk(3n, 3, index)!));
const points = new CrashPoints({ at: undefined }, { die: () => undefined });

/** A peer that is there. */
const newPeer = () => ({ open: true, nodeId: "00" }) as Peer;

describe("offers", () => {
  testBytes({
    name: "a list of snapshots",
    samples: [encode("tendermint.abci.ResponseListSnapshots", { snapshots: [snapshot, { ...snapshot, height: 9n }] })],
    read: (bytes) => {
      const offers = new SnapshotOffers(1n);
      const { snapshots } = decodeBounded("tendermint.abci.ResponseListSnapshots", bytes);
      const peer = newPeer();
      offers.add(peer, snapshots);
      const best = offers.best();
      if (best !== undefined) {
        expect(best.chunkHashes).toHaveLength(best.snapshot.chunks);
        expect(best.chunkHashes.every(({ length }) => length === 32)).toBe(true);
        expect(best.snapshot.height).toBeGreaterThan(0n);
        expect(offers.providers(best)).toEqual([peer]);
      }
      return best?.snapshot.height;
    },
    errors: [DecodeError],
    runs: 600,
  });

  testBytes({
    name: "the metadata of a snapshot",
    samples: [snapshot.metadata],
    read: (metadata) => manifestOf({ ...snapshot, metadata })?.chunkHashes.map(hex),
    errors: [],
    runs: 600,
  });

  const claims = (chunkCount: number, hashes: number, bytes = 32): Snapshot => {
    const chunkHashes = Array.from({ length: hashes }, () => new Uint8Array(bytes));
    return { ...snapshot, chunks: chunkCount, metadata: encode("cosmos.store.snapshots.v1.Metadata", { chunkHashes }) };
  };

  test.each([
    ["of more chunks than a snapshot may have", claims(MAX_SNAPSHOT_CHUNKS + 1, MAX_SNAPSHOT_CHUNKS + 1)],
    ["of other chunks than it has hashes", claims(3, 2)],
    ["of no chunk", claims(0, 0)],
    ["with a hash of another length", claims(2, 2, 31)],
    ["whose metadata is long and full of nothing", { ...snapshot, metadata: new Uint8Array(139_264).fill(0x0a) }],
    ["of another format", { ...snapshot, format: 2 }],
    ["of height 0", { ...snapshot, height: 0n }],
    ["of a height that no chain reaches", { ...snapshot, height: 1n << 63n }],
  ])("one %s is passed over", (_what, offered) => {
    expect(manifestOf(offered)).toBeUndefined();
    const offers = new SnapshotOffers(1n);
    offers.add(newPeer(), [offered]);
    expect(offers.best()).toBeUndefined();
  });

  test("as many chunks as a snapshot may have are taken, and no more snapshots of one peer than it may tell of", () => {
    expect(manifestOf(claims(MAX_SNAPSHOT_CHUNKS, MAX_SNAPSHOT_CHUNKS))).toBeDefined();
    const offers = new SnapshotOffers(1n);
    const many = Array.from({ length: 50 }, (_, index) => ({ ...snapshot, height: BigInt(index + 1) }));
    offers.add(newPeer(), many);
    expect(offers.best()?.snapshot.height).toBe(BigInt(MAX_SNAPSHOTS_TOLD));
  });

  test("whatever peers offer and take back, the best is one that somebody connected offers in its last list", () => {
    const heights = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 });
    const event = fc.record({
      peer: fc.integer({ min: 0, max: 3 }),
      heights,
      what: fc.constantFrom("offers", "offers", "leaves", "postponed", "withdraws", "rejected"),
    });
    const run = (events: readonly { peer: number; heights: readonly number[]; what: string }[]) => {
      const offers = new SnapshotOffers(3n);
      const peers = Array.from({ length: 4 }, () => ({ open: true, last: new Set<bigint>() }));
      const rejected = new Set<bigint>();
      for (const { peer, heights: told, what } of events) {
        const one = peers[peer]!;
        const best = offers.best();
        if (what === "offers") {
          one.last = new Set(told.map(BigInt));
          offers.add(
            one as never,
            [...one.last].map((height) => ({ ...snapshot, height })),
          );
        } else if (what === "leaves") one.open = false;
        else if (best !== undefined) {
          if (what === "postponed") offers.postpone(best);
          if (what === "rejected") rejected.add(best.snapshot.height);
          if (what === "rejected") offers.reject(best);
          if (what !== "withdraws") continue;
          offers.withdraw(one as never, best);
          one.last.delete(best.snapshot.height);
        }
      }
      const open = peers.filter((one) => one.open).flatMap(({ last }) => [...last]);
      const possible = new Set(open.filter((height) => height >= 3n && !rejected.has(height)));
      const best = offers.best()?.snapshot.height;
      if (best === undefined) expect(possible.size).toBe(0);
      else expect(possible).toContain(best);
    };
    fc.assert(fc.property(fc.array(event, { maxLength: 25 }), run), { numRuns: 300 * factor });
  });

  test("what was found false stays so, for as many as are remembered", () => {
    const offers = new SnapshotOffers(1n);
    const peer = newPeer();
    for (let height = 1n; height <= BigInt(MAX_REJECTED_SNAPSHOTS) + 1n; height++)
      offers.reject(manifestOf({ ...snapshot, height })!);
    offers.add(peer, [{ ...snapshot, height: 2n }]);
    expect(offers.best()).toBeUndefined();
    // The oldest is forgotten: it would be found false again.
    offers.add(peer, [{ ...snapshot, height: 1n }]);
    expect(offers.best()?.snapshot.height).toBe(1n);
  });
});

describe("questions", () => {
  const handlers = new Map<string, { kind: RequestKind; handle: RequestHandler<MessageName, MessageName> }>();
  const requests = new Requests({ report: () => undefined });
  requests.serve = (kind, handle) => void handlers.set(kind.name, { kind, handle } as never);
  serveSnapshots(requests, {
    listSnapshots: () => ({ snapshots: [...store.list()] }),
    loadSnapshotChunk: ({ height, format, chunk }) => ({
      chunk: store.chunk(height, format, chunk) ?? new Uint8Array(),
    }),
  });
  const samples = [
    [SNAPSHOTS_KIND, new Uint8Array()],
    [chunkKind(0), encode("tendermint.statesync.ChunkRequest", { height: 3n, format: 3, index: 1 })],
    [
      chunkKind(0),
      encode("tendermint.statesync.ChunkRequest", { height: (1n << 64n) - 1n, format: 3, index: 0xffff_ffff }),
    ],
  ] as const;
  for (const [index, [{ name, question, answer, maxAnswerBytes }, sample]] of samples.entries()) {
    testBytes({
      name: `question ${name} ${index}`,
      samples: [sample],
      read: (bytes) => {
        const asked = decodeBounded(question, bytes);
        const answered = encode(answer, handlers.get(name)!.handle(newPeer(), asked) as never);
        expect(answered.length).toBeLessThanOrEqual(maxAnswerBytes);
        return decodeBounded(answer, answered);
      },
      errors: [DecodeError],
      runs: 300,
    });
  }

  testBytes({
    name: "an answer with a chunk",
    samples: [
      encode("tendermint.statesync.ChunkResponse", {
        height: 3n,
        format: 3,
        index: 1,
        chunk: chunks[1]!,
        missing: false,
      }),
    ],
    read: (bytes) => decodeBounded("tendermint.statesync.ChunkResponse", bytes),
    errors: [DecodeError],
    runs: 300,
  });
});

describe("chunks", () => {
  test("nothing but the very chunk is kept, and after a restart too", async () => {
    const folder = newFolder();
    const manifest = manifestOf(snapshot)!;
    const kept = new ChunkFolder(folder, manifest, points);
    const change = fc.tuple(fc.nat(snapshot.chunks + 1), fc.nat(snapshot.chunks - 1), fc.nat(), fc.nat(255));
    const property = fc.asyncProperty(change, async ([index, which, at, value]) => {
      const chunk = chunks[which]!.slice();
      chunk[at % chunk.length] = value;
      const isRight = index < snapshot.chunks && hex(chunk) === hex(chunks[index]!);
      expect(await kept.put(index, chunk)).toBe(isRight);
      expect(new ChunkFolder(folder, manifest, points).missing()).toEqual(kept.missing());
    });
    await fc.assert(property, { numRuns: 100 * factor });
    expect(await kept.put(0, new Uint8Array())).toBe(false);
  });

  test("what lies in the folder in place of chunks is removed and asked for again", async () => {
    const folder = newFolder();
    const manifest = manifestOf(snapshot)!;
    const all = new ChunkFolder(folder, manifest, points);
    for (const [index, chunk] of chunks.entries()) await all.put(index, chunk);
    const [name] = readdirSync(folder);
    const path = (index: number) => join(folder, name!, String(index));
    writeFileSync(path(0), new Uint8Array(5_000_000));
    rmSync(path(1));
    mkdirSync(join(path(1), "deep"), { recursive: true });
    writeFileSync(path(2), "");
    writeFileSync(join(folder, "stray"), "x");
    const again = new ChunkFolder(folder, manifest, points);
    expect(again.missing()).toEqual([0, 1, 2]);
    expect(readdirSync(folder)).toEqual([name]);
  });
});

describe("the stream", () => {
  async function* pieces(bytes: Uint8Array, size = 700): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const whole = concat(...chunks);
  const restore = async (stream: AsyncGenerator<Uint8Array>): Promise<string> => {
    const path = newFolder();
    const options = { path, chainId: CHAIN_ID, initialHeight: 1n, height: 3n, applicationOver };
    try {
      const storage = await restoreRecords(options, stream, appHash);
      await storage.close();
      return "restored";
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      expect(() => readdirSync(path)).toThrow(/ENOENT/);
      return "refused";
    }
  };

  test("changed anywhere, compressed or before, it is refused or gives the very state", async () => {
    const plain = Uint8Array.from(inflateSync(whole));
    const change = fc.record({
      inside: fc.boolean(),
      at: fc.nat(),
      value: fc.nat(255),
      kind: fc.constantFrom("change", "cut", "double", "insert"),
    });
    const property = fc.asyncProperty(change, async ({ inside, at, value, kind }) => {
      const base = inside ? plain : whole;
      const place = at % base.length;
      let bytes: Uint8Array = base.slice();
      if (kind === "change") bytes[place] = value;
      else if (kind === "cut") bytes = bytes.slice(0, place);
      else if (kind === "double") bytes = concat(bytes, bytes.subarray(place));
      else bytes = concat(bytes.subarray(0, place), Uint8Array.of(value), bytes.subarray(place));
      const verdict = await restore(pieces(inside ? deflateSync(bytes) : bytes));
      // Behind the end of a zlib stream nothing is read; inside, every byte is under the app hash.
      const isSame = hex(bytes) === hex(base) || (!inside && kind === "double");
      if (!isSame) expect(verdict).toBe("refused");
    });
    await fc.assert(property, { numRuns: 40 * factor });
    expect(await restore(pieces(whole))).toBe("restored");
  });

  test.each([
    ["nothing", () => pieces(new Uint8Array())],
    ["megabytes behind its end", () => pieces(concat(whole, new Uint8Array(3_000_000)), 65_536)],
    ["much that unfolds from little", () => pieces(deflateSync(new Uint8Array(60_000_000)))],
    [
      "one item that never ends",
      () => pieces(deflateSync(concat(Uint8Array.of(0xff, 0xff, 0xff, 0x7f), new Uint8Array(60_000_000)))),
    ],
    [
      "a source that fails",
      async function* () {
        yield whole.subarray(0, 100);
        throw new SnapshotError("chunk 1 is missing");
      },
    ],
  ])("of %s comes to an end", async (what, stream) => {
    const verdict = await restore(stream());
    expect(verdict).toBe(what.startsWith("megabytes") ? "restored" : "refused");
  });
});

describe("the folder of snapshots", () => {
  test("however its files were changed, it opens, lists what can be read, and serves no more than there is", () => {
    const change = fc.record({
      file: fc.constantFrom(DESCRIPTION_FILE, "0", "1", "2"),
      kind: fc.constantFrom("change", "cut", "remove", "folder", "empty"),
      at: fc.nat(),
      value: fc.nat(255),
    });
    const names = fc.constantFrom(".partial-9-3", "7", "08", "-1", "3.5", "99999999999999999999", "x", ".hidden");
    const property = fc.property(
      fc.array(change, { maxLength: 4 }),
      fc.array(names),
      fc.boolean(),
      (changes, strays, asFile) => {
        const directory = newFolder();
        const home = join(directory, "3", "3");
        mkdirSync(home, { recursive: true });
        for (const name of readdirSync(store.folderOf(3n, 3)))
          writeFileSync(join(home, name), readFileSync(join(store.folderOf(3n, 3), name)));
        for (const name of new Set(strays)) {
          for (const parent of [directory, join(directory, "3")]) {
            if (asFile) writeFileSync(join(parent, name), "stray");
            else mkdirSync(join(parent, name));
          }
        }
        for (const { file, kind, at, value } of changes) damage(join(home, file), kind, at, value);
        const opened = new SnapshotStore(directory);
        for (const { height, format, chunks: count } of opened.list()) {
          expect([height, format]).toEqual([3n, 3]);
          for (const index of [0, 1, 2, count - 1, count, 0xffff_ffff])
            expect(opened.chunk(height, format, index)?.length ?? 0).toBeLessThanOrEqual(whole(index));
        }
        expect(opened.chunk(8n, 3, 0)).toBeUndefined();
        expect(readdirSync(directory)).not.toContain(".partial-9-3");
      },
    );
    fc.assert(property, { numRuns: 80 * factor });
  });
  const whole = (index: number) => chunks[index]?.length ?? 0;

  function damage(path: string, kind: string, at: number, value: number): void {
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(path);
    } catch {
      return;
    }
    if (kind === "change") bytes[at % Math.max(1, bytes.length)] = value;
    if (kind === "change" || kind === "cut")
      writeFileSync(path, kind === "cut" ? bytes.subarray(0, at % (bytes.length + 1)) : bytes);
    if (kind === "empty") writeFileSync(path, "");
    if (kind === "remove" || kind === "folder") rmSync(path);
    if (kind === "folder") mkdirSync(path);
  }

  testBytes({
    name: "the description of a snapshot",
    samples: [readFileSync(join(store.folderOf(3n, 3), DESCRIPTION_FILE))],
    read: (bytes) => describedBy(bytes),
    errors: [],
    runs: 400,
  });

  test("tells of a snapshot the hash of all its chunks, and of each", () => {
    expect(hex(snapshot.hash)).toBe(hex(sha256(concat(...chunks))));
    expect(manifestOf(snapshot)?.chunkHashes.map(hex)).toEqual(chunks.map((chunk) => hex(sha256(chunk))));
  });
});
