import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ChainSession } from "../../attribution/chain-session.ts";
import { DatanetIndex } from "../../attribution/datanet-index.ts";
import { folderTexts, followDatanet, type Record, type TextSource } from "../../attribution/record-texts.ts";
import { textRoot } from "../../chain/types/text-tree.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** What a text source and an index look at. The content hash is another's, as that of a sealed text is. */
function recordOf(number: number, text: string): Record {
  const facts = { datanetId: 1n, number: BigInt(number), contributor: `owner-${number}`, claimHeight: BigInt(number) };
  const commitment = { contentHash: new Uint8Array(32), length: BigInt(bytes(text).length) };
  return { ...facts, ...commitment, textRoot: textRoot(bytes(text)) } as unknown as Record;
}

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tributary-record-texts-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true });
});

describe("a folder of texts", () => {
  test("has a record's text under any name, by its root", async () => {
    mkdirSync(join(root, "deep", "er"), { recursive: true });
    writeFileSync(join(root, "deep", "er", "a.txt"), "one text");
    writeFileSync(join(root, "empty"), "");
    const { textOf } = folderTexts(root);
    expect(await textOf(recordOf(1, "one text"))).toEqual(bytes("one text"));
    expect(await textOf(recordOf(2, "another"))).toBeUndefined();
  });

  test("is looked through again for what is not found, but not at once", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { textOf } = folderTexts(root);
    writeFileSync(join(root, "late.txt"), "a late text");
    expect(await textOf(recordOf(1, "a late text"))).toBeUndefined();
    vi.advanceTimersByTime(6_000);
    expect(await textOf(recordOf(1, "a late text"))).toEqual(bytes("a late text"));
    renameSync(join(root, "late.txt"), join(root, "moved.txt"));
    expect(await textOf(recordOf(1, "a late text"))).toBeUndefined();
    vi.advanceTimersByTime(6_000);
    expect(await textOf(recordOf(1, "a late text"))).toEqual(bytes("a late text"));
  });
});

describe("following a datanet", () => {
  test("adds what is found, counts what is missing, and asks for that by pages, not one by one", async () => {
    const texts = Array.from({ length: 9 }, (_, i) => `text number ${i + 1} of nine`);
    const records = texts.map((text, i) => recordOf(i + 1, text));
    const asked: (readonly [bigint, bigint])[] = [];
    const answers = {
      query: async (_rpc: string, { pagination }: { pagination: { offset: bigint; limit: bigint } }) => {
        asked.push([pagination.offset, pagination.limit]);
        return { records: records.slice(Number(pagination.offset), Number(pagination.offset + pagination.limit)) };
      },
    };
    const session = answers as unknown as ChainSession;
    const index = DatanetIndex.open(root, 1n);
    const sourceOf = (known: readonly number[]): TextSource => ({
      textOf: ({ number }) => (known.includes(Number(number)) ? bytes(texts[Number(number) - 1]!) : undefined),
    });
    expect(await followDatanet(session, index, sourceOf([1, 4, 9]))).toEqual({ added: 3, missing: 6 });
    expect(await followDatanet(session, index, sourceOf([2, 7]))).toEqual({ added: 2, missing: 4 });
    expect([...index.missing()]).toEqual([3n, 5n, 6n, 8n]);
    expect(asked).toEqual([
      [0n, 500n],
      [1n, 7n],
      [9n, 500n],
    ]);
    expect(index.record(7n)).toMatchObject({ number: 7n, contributor: "owner-7", height: 7n });
  });

  test("believes no text that has another length or root than the record's", async () => {
    const answers = { query: async () => ({ records: [recordOf(1, "the text"), recordOf(2, "a text")] }) };
    const index = DatanetIndex.open(root, 1n);
    const source: TextSource = { textOf: ({ number }) => bytes(number === 1n ? "the texT" : "a text and more") };
    expect(await followDatanet(answers as unknown as ChainSession, index, source)).toEqual({ added: 0, missing: 2 });
    expect(index.tokens).toBe(0);
  });
});
