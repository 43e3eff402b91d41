// Four validators over real sockets, disks and databases, hosting the key-value application: consensus among several,
// one of them killed and back again. The rest of test/e2e has one validator and followers.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { GenesisDocument } from "../../chain/types/genesis-doc.ts";
import { genesisDocumentToAppJson } from "../../chain/types/genesis-doc.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../chain/types/params.ts";
import { createValidatorKeyFile, type ValidatorKey } from "../../node/engine/validator-key.ts";
import { readHome } from "../../node/home.ts";
import { silentLogger } from "../../node/log.ts";
import { type RunningNode, startNode } from "../../node/main.ts";
import { hex, utf8 } from "../../proto/bytes.ts";
import { kvstore } from "../sim/kvstore.ts";
import { writeConfig } from "./chain-home.ts";
import { peerOf, until } from "./nodes.ts";

interface Validator {
  readonly path: string;
  readonly key: ValidatorKey;
  node: RunningNode | undefined;
}

const validators: Validator[] = [];

afterAll(async () => {
  for (const { node } of validators) await node?.stop();
  for (const { path } of validators) rmSync(path, { recursive: true, force: true });
});

function emptyHome(): Validator {
  const path = mkdtempSync(join(tmpdir(), "tributary-validators-"));
  for (const folder of ["config", "data"]) mkdirSync(join(path, folder));
  writeFileSync(join(path, "data", "priv_validator_state.json"), '{"height":"0","round":0,"step":0}');
  return { path, key: createValidatorKeyFile(join(path, "config", "priv_validator_key.json")), node: undefined };
}

async function start(validator: Validator): Promise<void> {
  const peers = validators.flatMap(({ node }) => (node === undefined ? [] : [peerOf(node)])).join(",");
  const timeouts = { timeoutProposeMs: 1_000, timeoutPrevoteMs: 300, timeoutPrecommitMs: 300, timeoutCommitMs: 50 };
  writeConfig({ path: validator.path, remove: () => {} }, { persistentPeers: peers, ...timeouts });
  const records = new Map<string, Uint8Array>();
  validator.node = await startNode({
    ...readHome(validator.path),
    version: "test",
    log: silentLogger(),
    application: (parts) => {
      // Everything a restarted application needs to know is under two keys.
      for (const key of ["meta", "a"]) {
        const value = parts.records.get(utf8(key));
        if (value !== undefined) records.set(hex(utf8(key)), value);
      }
      return kvstore(records);
    },
  });
}

function heightOf(validator: Validator): bigint {
  return validator.node?.storage.height ?? 0n;
}

async function blockHash(validator: Validator, height: bigint): Promise<string> {
  const stored = await validator.node?.storage.loadBlock(height);
  return hex(stored?.blockId.hash ?? new Uint8Array(0));
}

test("four validators decide together, go on when one dies, and take it back", async () => {
  for (let count = 0; count < 4; count++) validators.push(emptyHome());
  const genesis: GenesisDocument = {
    appName: "kvstore",
    appVersion: "1",
    genesisTime: { seconds: BigInt(Math.floor(Date.now() / 1_000) - 60), nanos: 0 },
    chainId: "four-1",
    initialHeight: 1n,
    consensusParams: DEFAULT_CONSENSUS_PARAMS,
    validators: validators.map(({ key }, number) => ({
      address: key.address,
      pubKey: key.publicKey,
      power: 10n,
      name: `v${number}`,
    })),
    appHash: new Uint8Array(0),
    appState: {},
  };
  const text = JSON.stringify(genesisDocumentToAppJson(genesis));
  for (const { path } of validators) writeFileSync(join(path, "config", "genesis.json"), text);
  for (const validator of validators) await start(validator);

  await until(() => validators.every((each) => heightOf(each) >= 5n), "five blocks on all four");
  const [first, second, third, last] = validators as [Validator, Validator, Validator, Validator];
  await last.node?.stop();
  last.node = undefined;
  const left = heightOf(first);
  await until(() => [first, second, third].every((each) => heightOf(each) >= left + 5n), "three go on");
  await start(last);
  const back = heightOf(first);
  await until(() => validators.every((each) => heightOf(each) >= back + 5n), "the fourth catches up");
  for (let height = 1n; height <= back; height++) {
    const hashes = await Promise.all(validators.map((each) => blockHash(each, height)));
    expect(new Set(hashes).size).toBe(1);
  }
  // Its votes count again.
  await until(async () => {
    const stored = await first.node?.storage.loadBlock(heightOf(first));
    const signers = stored?.seenCommit.signatures.map((signature) => hex(signature.validatorAddress)) ?? [];
    return signers.includes(hex(last.key.address));
  }, "a commit with the fourth validator's vote");
});
