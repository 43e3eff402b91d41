// The small application keeps to the boundary's rules, so that an engine test on it means something.

import { expect, test } from "vitest";
import { hex, utf8, utf8Text } from "../../../proto/bytes.ts";
import { KvstoreApplication } from "./kvstore-application.ts";

function block(application: KvstoreApplication, height: bigint, ...txs: readonly string[]) {
  return application.finalizeBlock({
    txs: txs.map((tx) => utf8(tx)),
    decidedLastCommit: { round: 0, votes: [] },
    misbehavior: [],
    hash: new Uint8Array(32),
    height,
    time: { seconds: height, nanos: 0 },
    nextValidatorsHash: new Uint8Array(32),
    proposerAddress: new Uint8Array(20),
  });
}

test("what a block writes is seen after commit, and again after a restart from its records", () => {
  const application = new KvstoreApplication();
  const { appHash, txResults } = block(application, 1n, "name=satoshi", "no pair", "height=1.8");
  expect(txResults.map(({ code }) => code)).toEqual([0, 1, 0]);
  const ask = (of: KvstoreApplication) =>
    utf8Text(of.query({ path: "", data: utf8("name"), height: 0n, prove: false }).value);
  expect(ask(application)).toBe("");
  const records = new Map<string, readonly [Uint8Array, Uint8Array]>();
  for (const { key, value } of application.commit().writes)
    if (value !== undefined) records.set(hex(key), [key, value]);
  expect(ask(application)).toBe("satoshi");
  const again = KvstoreApplication.load(records.values());
  expect(ask(again)).toBe("satoshi");
  expect(again.info().lastBlockHeight).toBe(1n);
  expect(again.info().lastBlockAppHash).toEqual(appHash);
  expect(block(again, 2n, "name=hal").appHash).toEqual(block(application, 2n, "name=hal").appHash);
});

test("a proposal is left without what cannot be read, and refused with it", () => {
  const application = new KvstoreApplication();
  const txs = [utf8("a=1"), utf8("nothing"), Uint8Array.of(0xff)];
  const prepared = application.prepareProposal({
    maxTxBytes: 1000n,
    txs,
    localLastCommit: undefined as never,
    misbehavior: [],
    height: 1n,
    time: undefined as never,
    nextValidatorsHash: new Uint8Array(),
    proposerAddress: new Uint8Array(),
  });
  expect(prepared.txs.map((tx) => utf8Text(tx))).toEqual(["a=1"]);
});
