// Whatever requests come together, fail or are repeated, and whenever the host's program is started anew, a use has one answer. The chain is
// a table here; test/cli/ask.test.ts has a real one.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secp256k1Wallet } from "@cosmjs/amino";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AnswerDesk, type AnswerDeskOptions, AskRefusal } from "../../../attribution/asking/answer-desk.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { decode, encode } from "../../../proto/codec.ts";
import { ProofType, UseStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";

type Use = Messages["tributary.attribution.v1.Use"];

const NAME = "tributary.attribution.v1.Use";
const USERS = ["trib1ann", "trib1bob"];
const work = mkdtempSync(join(tmpdir(), "tributary-desk-"));
let party: AnswerDeskOptions["party"];

beforeAll(async () => {
  const amino = await Secp256k1Wallet.fromKey(new Uint8Array(32).fill(7), "trib");
  party = { address: (await amino.getAccounts())[0]!.address, amino };
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

const promptOf = (useId: bigint): Uint8Array => utf8(`prompt ${useId}`);

/** Use `id`, open at this host unless told otherwise. */
function useOf(id: bigint, changes: Partial<Use> = {}): Use {
  const promptHash = new Uint8Array(createHash("sha256").update(promptOf(id)).digest());
  const user = USERS[Number(id) % 2]!;
  const open = { status: UseStatus.USE_STATUS_OPEN, proof: ProofType.PROOF_TYPE_SPAN, expiresAt: 1000n, maxUnits: 1n };
  return decode(NAME, encode(NAME, { id, user, host: party.address, promptHash, ...open, ...changes }));
}

/** A chain of which only these uses are asked. */
function chainOf(uses: ReadonlyMap<bigint, Use>): AnswerDeskOptions["session"] {
  const find = async (_rpc: string, { useId }: { useId: bigint }) => {
    await Promise.resolve();
    const use = uses.get(useId);
    return use && { use };
  };
  return { chainId: "desk-1", find: find as never, blockTime: async () => 100n };
}

function folder(): string {
  return mkdtempSync(join(work, "served-"));
}

const bounds = { parallel: 2, queue: 8, unsigned: 100, report: () => undefined };

test("one use has one answer through failures, requests at once, and new starts beside what still runs", async () => {
  const step = fc.record({ useId: fc.bigInt(1n, 3n), start: fc.boolean(), fails: fc.boolean(), ticks: fc.nat(3) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const served = folder();
      const session = chainOf(new Map([1n, 2n, 3n].map((id) => [id, useOf(id)])));
      let [made, mostAtOnce, atOnce] = [0, 0, 0];
      let plan = { fails: false, ticks: 0 };
      const answerer: AnswerDeskOptions["answerer"] = async () => {
        const [{ fails, ticks }, number] = [plan, made++];
        mostAtOnce = Math.max(mostAtOnce, ++atOnce);
        for (let i = 0; i < ticks; i++) await new Promise((resolve) => setImmediate(resolve));
        atOnce--;
        if (fails) throw new Error("no model");
        return { output: utf8(`answer ${number}`), units: 1n };
      };
      const open = () => AnswerDesk.open({ session, party, served, answerer, ...bounds });
      let desk = await open();
      const asked: Promise<readonly [bigint, string | undefined]>[] = [];
      let starts = 1;
      for (const { useId, start, fails, ticks } of steps) {
        // The old one goes on with what it has: nothing ends at once.
        if (start) [desk, starts] = [await open(), starts + 1];
        plan = { fails, ticks };
        const answer = desk.answer(useOf(useId), promptOf(useId)).then(
          (given) => [useId, given && new TextDecoder().decode(given.output)] as const,
          (error: unknown) => {
            if (!(error instanceof AskRefusal)) throw error;
            return [useId, undefined] as const;
          },
        );
        asked.push(answer);
        if (ticks % 2 === 0) await answer;
      }
      const shown = new Map<bigint, string>();
      for (const [useId, text] of await Promise.all(asked)) {
        if (text === undefined) continue;
        expect(text).toBe(shown.get(useId) ?? text);
        shown.set(useId, text);
        expect(readFileSync(join(served, `${useId}`, "output"), "utf8")).toBe(text);
      }
      expect(mostAtOnce).toBeLessThanOrEqual(bounds.parallel * starts);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test.each([
  ["one that is cancelled by its host", { isRefused: true, status: UseStatus.USE_STATUS_CANCELLED }, "given the fee"],
  ["one whose folder is another chain's", { promptHash: utf8("x".repeat(32)) }, "something else in the place"],
])("no receipt is signed for %s, though an answer is there", async (_what, changes, reason) => {
  const served = folder();
  mkdirSync(join(served, "1"));
  writeFileSync(join(served, "1", "prompt"), promptOf(1n));
  writeFileSync(join(served, "1", "output"), "kept");
  const session = chainOf(new Map([[1n, useOf(1n, changes)]]));
  const answerer = () => Promise.reject(new Error("nothing is to be answered"));
  const desk = await AnswerDesk.open({ session, party, served, answerer, ...bounds, unsigned: 1 });
  await expect(desk.answer(useOf(1n), promptOf(1n))).rejects.toThrow(reason);
});

test("nothing is begun for a use that is closed or about to expire, or when the folder is kept by hand", async () => {
  const served = folder();
  mkdirSync(join(served, "3"));
  writeFileSync(join(served, "3", "prompt"), promptOf(3n));
  const uses = [useOf(1n, { status: UseStatus.USE_STATUS_PAID }), useOf(2n, { expiresAt: 119n }), useOf(3n)];
  const session = chainOf(new Map(uses.map((use) => [use.id, use])));
  const answerer = () => Promise.reject(new Error("nothing is to be answered"));
  const desk = await AnswerDesk.open({ session, party, served, answerer, ...bounds });
  const reasons = ["is not open any more", "has run out of time", "is answered by hand here"];
  for (const [i, use] of uses.entries()) await expect(desk.answer(use, promptOf(use.id))).rejects.toThrow(reasons[i]!);
});

test("many prompts of one user at once do not get past what may be unsigned, and a user is told before paying", async () => {
  const session = chainOf(new Map([2n, 4n, 6n, 8n].map((id) => [id, useOf(id)])));
  const answerer: AnswerDeskOptions["answerer"] = async () => ({ output: utf8("yes"), units: 1n });
  const desk = await AnswerDesk.open({ session, party, served: folder(), answerer, ...bounds, unsigned: 2 });
  await desk.welcome(USERS[0]!);
  const outcomes = await Promise.allSettled([2n, 4n, 6n, 8n].map((id) => desk.answer(useOf(id), promptOf(id))));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  await expect(desk.welcome(USERS[0]!)).rejects.toMatchObject({ kind: "unsigned" });
  await desk.welcome(USERS[1]!);
});
