import { describe, expect, test } from "vitest";
import { CommitGate, closingAtCommit } from "../../node/commit-gate.ts";
import { silentLogger } from "../../node/log.ts";
import { openAdmission } from "../../node/mempool/admission.ts";
import { type CheckResult, MempoolError, TransactionPool } from "../../node/mempool/mempool.ts";
import type { Application } from "../../node/ports.ts";
import { WorkSlices } from "../../node/work-slices.ts";
import { roomyMempool } from "./mempool/roomy-mempool.ts";

const tx = (text: string): Uint8Array => new TextEncoder().encode(text);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the gate between Commit and the durable block", () => {
  test("lets everyone pass while open, and wakes waiters in order when it opens", async () => {
    const gate = new CommitGate();
    await gate.pass();
    gate.close();
    const seen: string[] = [];
    const first = gate.pass().then(() => seen.push("first"));
    gate.onceOpen(() => seen.push("action"));
    const second = gate.pass().then(() => seen.push("second"));
    await turn();
    expect(seen).toEqual([]);
    gate.open();
    await Promise.all([first, second]);
    expect(seen).toEqual(["action", "first", "second"]);
  });

  test("who wakes to a gate that closed again waits again", async () => {
    const gate = new CommitGate();
    gate.close();
    let passed = false;
    const waiting = gate.pass().then(() => {
      passed = true;
    });
    gate.open();
    gate.close();
    await turn();
    expect(passed).toBe(false);
    gate.open();
    await waiting;
  });

  test("an application's Commit closes it, nothing else does", () => {
    const gate = new CommitGate();
    const calls: string[] = [];
    const application = new Proxy({} as Application, {
      get: (_target, name) => () => {
        calls.push(String(name));
        return {};
      },
    });
    const closing = closingAtCommit(application, gate);
    for (const name of ["info", "query", "checkTx", "prepareProposal", "processProposal", "finalizeBlock"] as const) {
      (closing[name] as () => unknown)();
    }
    expect(gate.isOpen).toBe(true);
    closing.commit();
    expect(gate.isOpen).toBe(false);
    expect(calls).toEqual([
      "info",
      "query",
      "checkTx",
      "prepareProposal",
      "processProposal",
      "finalizeBlock",
      "commit",
    ]);
  });
});

describe("transactions that arrive while a block becomes durable", () => {
  function world(refusal: () => string | undefined = () => undefined) {
    const checked: string[] = [];
    const relayed: string[] = [];
    const application = {
      checkTx: (request: { tx: Uint8Array }) => {
        checked.push(new TextDecoder().decode(request.tx));
        return { code: 0, gasWanted: 1n } as CheckResult;
      },
    };
    const mempool = new TransactionPool(roomyMempool, { application, log: silentLogger() });
    const gate = new CommitGate();
    const verifyAhead = { facts: async () => undefined };
    const relay = (bytes: Uint8Array): void => void relayed.push(new TextDecoder().decode(bytes));
    return {
      checked,
      relayed,
      mempool,
      gate,
      admission: openAdmission({
        mempool,
        verifyAhead,
        slices: new WorkSlices(gate),
        log: silentLogger(),
        refusal,
        relay,
      }),
    };
  }

  test("from clients: checked only when it is, and relayed once admitted", async () => {
    const { admission, gate, checked, relayed } = world();
    gate.close();
    const pending = admission.fromClient(tx("a"));
    await turn();
    expect(checked).toEqual([]);
    gate.open();
    expect((await pending).code).toBe(0);
    expect([checked, relayed]).toEqual([["a"], ["a"]]);
    await expect(admission.fromClient(tx("a"))).rejects.toThrow("tx already exists in cache");
  });

  test("from peers: checked in order afterwards, once each, and relayed by the node itself", async () => {
    const { admission, gate, checked, relayed } = world();
    admission.fromPeer(tx("early"));
    await turn();
    gate.close();
    for (const text of ["b", "c", "b"]) admission.fromPeer(tx(text));
    await turn();
    expect(checked).toEqual(["early"]);
    gate.open();
    await turn();
    expect([checked, relayed]).toEqual([
      ["early", "b", "c"],
      ["early", "b", "c"],
    ]);
  });

  test("while the node takes none, clients are told why and peers are not heard", async () => {
    const { admission, checked } = world(() => "the disk is nearly full");
    await expect(admission.fromClient(tx("a"))).rejects.toThrow(MempoolError);
    await expect(admission.fromClient(tx("a"))).rejects.toThrow("the disk is nearly full");
    admission.fromPeer(tx("b"));
    await turn();
    expect(checked).toEqual([]);
  });
});
