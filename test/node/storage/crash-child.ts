// A process that commits blocks as fast as it can and says which are durable, until it is killed.
import { writeSync } from "node:fs";
import { StorageError } from "../../../node/storage/database.ts";
import { NodeStorage } from "../../../node/storage/storage.ts";
import { event, SampleChain, tx } from "../sample-chain.ts";

const path = process.argv[2] ?? "";
const storage = await NodeStorage.open(path, { chainId: "sample-1" });
const chain = new SampleChain();
const start = await storage.loadChainState();
if (start === undefined) await storage.commitGenesis(chain.state);
for (let height = 1n; height <= 100_000n; height += 1n) {
  const name = `tx-${height}`;
  const batch = chain.next({
    txs: [{ tx: tx(name), events: [event("sample", { name })] }],
    appWrites: Array.from({ length: 200 }, (_, index) => ({ key: tx(`record-${index}`), value: tx(`${height}`) })),
  });
  if (height <= storage.height) continue;
  writeSync(1, `start ${height}\n`);
  try {
    await storage.commitBlock(batch);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    writeSync(2, `${error.message}\n`);
    process.exit(error.exitCode);
  }
  writeSync(1, `durable ${height}\n`);
}
