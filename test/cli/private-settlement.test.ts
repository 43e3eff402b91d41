// A private datanet settles by batch without a word of its texts being published: the host's body and the sealed texts
// travel between peers as blocks, and a watcher that was given the content key checks the batch, and refutes a false one.
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BuiltBatch } from "../../attribution/batch-builder.ts";
import { cheats } from "../../attribution/tour/cheats.ts";
import { devAccounts, readDevPreset } from "../../cli/dev/accounts.ts";
import { storeDevKeys } from "../../cli/dev/home.ts";
import { homePaths } from "../../cli/home.ts";
import { newKey } from "../../node/data/content-key.ts";
import { BatchStatus } from "../../proto/enums.gen.ts";
import { ServedChain } from "../support/served-chain.ts";
import { type Outcome, run, type TemporaryHome, temporaryHome } from "./harness.ts";

const FIRST = "one two three four five six";
const SECOND = "red green blue yellow white black";

let chain: ServedChain;
let other: TemporaryHome;
let honest: BuiltBatch;
const key = newKey();

beforeAll(async () => {
  chain = await ServedChain.start({
    texts: [
      { contributor: "dave", text: FIRST },
      { contributor: "erin", text: SECOND },
    ],
    ...{ windowSeconds: 60, answerSeconds: 30, rules: { minTokens: 4, maxOccurrences: 2 }, contentKey: key },
  });
  other = temporaryHome();
  await other.ok(["init", "watcher", "--chain-id", chain.session.chainId]);
  copyFileSync(join(chain.home, "config", "genesis.json"), join(other.path, "config", "genesis.json"));
  for (const home of [chain.home, other.path]) await storeDevKeys(homePaths(home), devAccounts(readDevPreset()));
  const uses = await chain.serve([{ prompt: "?", output: `${FIRST}, then ${SECOND}` }]);
  honest = await chain.host.build(chain.modelId, uses);
}, 120_000);

afterAll(async () => {
  await chain?.stop();
  other?.remove();
});

function command(home: string, ...words: string[]): Promise<Outcome> {
  return run([...words, "--home", home, "--node", chain.node.rpcUrl, "--keyring-backend", "test"]);
}

const watch = () => {
  const peer = `${chain.node.nodeId}@${chain.node.peerAddress!.replace("tcp://", "")}`;
  return command(other.path, "watch", "--once", "--from", "ivan", "--peers", peer);
};

/** Puts a batch's body where the host command puts it, among the blocks of the node's home. */
async function publish(built: BuiltBatch): Promise<void> {
  const file = join(chain.folder, "body");
  writeFileSync(file, built.bodyBytes);
  expect((await run(["data", "add", file, "--home", chain.home])).code).toBe(0);
}

test("a watcher without the key fetches everything from the host's node, and cannot read the texts", async () => {
  const batchId = await chain.host.post(honest);
  await publish(honest);
  const { stdout, code } = await watch();
  expect([code, stdout]).toEqual([
    0,
    `batch ${batchId} of ${chain.party("bob").address} is as it should be, as far as can be told without the texts of 2 records\n`,
  ]);
  const blocks = readdirSync(join(other.path, "blocks"), { recursive: true }).map(String).join(" ");
  expect(blocks).toContain(Buffer.from(honest.bodyHash).toString("hex"));
  // Nothing that lies in its home holds the texts.
  for (const name of readdirSync(other.path, { recursive: true }).map(String)) {
    const path = join(other.path, name);
    if (!existsSync(path) || name.includes(Buffer.from(honest.bodyHash).toString("hex"))) continue;
    try {
      expect(readFileSync(path).includes(FIRST)).toBe(false);
    } catch (error) {
      if ((error as { code?: string }).code !== "EISDIR") throw error;
    }
  }
}, 60_000);

test("one that was given it finds the batch as it should be, and refutes a false one", async () => {
  const keys = JSON.stringify({ [`${chain.session.chainId}/1/1`]: Buffer.from(key).toString("hex") });
  writeFileSync(join(other.path, "config", "content_keys.json"), keys);
  const bob = chain.party("bob").address;
  expect((await watch()).stdout).toBe(`batch 1 of ${bob} is as it should be\n`);
  const more = await chain.serve([{ prompt: "?", output: `${FIRST}, then ${SECOND}` }]);
  const [cheat] = cheats(await chain.host.build(chain.modelId, more));
  const batchId = await chain.host.post(cheat!.batch);
  await publish(cheat!.batch);
  expect((await watch()).stdout).toContain(`batch ${batchId} of ${bob} was challenged by omission: `);
  expect((await chain.batch(batchId)).status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
}, 60_000);
